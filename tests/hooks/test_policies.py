"""What is made of the answers: one provider, contributions, a join that no plugin can undo."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent import Recipient, Request
from recoverycore.errors import PluginError
from recoverycore.hooks import Plugins, RecoveryHooks, hookimpl
from recoverycore.hooks.marks import API_VERSION, hookspec
from recoverycore.hooks.policies import Lattice, Unfit, hooks_of
from tests.hooks.samples import CANARY, LONG, NOON, SHORT, SOON, Deliverer, Directory, Gate, Watcher, raises, takes

ALL = frozenset({"labs", "notes", "plans"})


def topics(answer: object) -> frozenset[str]:
    if not isinstance(answer, frozenset):
        message = "answered something else, expected a frozenset"
        raise Unfit(message)
    return answer


class HostHooks(RecoveryHooks):
    """The hooks of a host that lets plugins forbid topics."""

    @hookspec(topics, lattice=Lattice(frozenset(), frozenset.union, ALL))
    def recovery_restrict_topics(self, reader: str, purpose: str = "treatment") -> frozenset[str] | None:  # noqa: ARG002 - as specified
        return None


class Rule(HostHooks):
    """Forbids what it was made to forbid."""

    def __init__(self, name: str, answer: Any) -> None:
        self.recoverycore_name = name
        self.answer = answer

    @hookimpl
    def recovery_restrict_topics(self, reader: str, purpose: str = "") -> Any:
        self.asked = (reader, purpose)
        return self.answer() if callable(self.answer) else self.answer


class Store(RecoveryHooks):
    """Gives whatever it was made with as the store."""

    recoverycore_name = "store"

    def __init__(self, store: Any) -> None:
        self.store = store

    @hookimpl
    def recovery_provide_store(self, settings: Any) -> object:  # noqa: ARG002 - the hook's own signature
        return self.store() if callable(self.store) else self.store


class WholeStore:
    """Has the methods of a store."""

    unit = close = print


def forbidden(*asked: object, **more: Any) -> frozenset[str]:
    value: frozenset[str] = Plugins.build(asked, specs=HostHooks).joined("recovery_restrict_topics", reader="peer:dana", **more).value
    return value


# Provide


def test_the_one_provider_gives_what_it_gives() -> None:
    store = WholeStore()
    assert Plugins.build([Store(store)]).provide("recovery_provide_store", settings={}) is store


def test_without_a_provider_there_is_an_error() -> None:
    with pytest.raises(PluginError) as caught:
        Plugins.build([Deliverer("pager", takes)]).provide("recovery_provide_store", settings={})
    assert (caught.value.name, caught.value.problems[0].detail) == ("provider_missing", "recovery_provide_store")


@pytest.mark.parametrize(
    ("store", "said"),
    [
        (raises(OSError(CANARY)), "store: OSError"),
        (None, "store: answered nothing"),
        (CANARY, "store: answered str, expected a store (without unit, close)"),
    ],
)
def test_a_provider_that_fails_is_told_to_the_host_at_once(store: object, said: str) -> None:
    with pytest.raises(PluginError) as caught:
        Plugins.build([Store(store)]).provide("recovery_provide_store", settings={})
    assert caught.value.name == "hook_failed"
    assert caught.value.problems[0].detail == f"recovery_provide_store: {said}"
    assert CANARY not in str(caught.value)


def test_a_provider_that_fails_is_told_to_who_watches_too() -> None:
    watcher = Watcher()
    with pytest.raises(PluginError):
        Plugins.build([Store(None), watcher]).provide("recovery_provide_store", now=NOON, settings={})
    assert [(each.plugin, each.status, each.at) for each in watcher.told] == [("store", "invalid", NOON)]


# Contribute


def test_everyone_contributes_by_name() -> None:
    plugins = Plugins.build(
        [Directory("b", [{"id": "b"}]), Directory("a", ({"id": "a"},)), Directory("none", None), Directory("empty", [])]
    )
    report = plugins.contribute("recovery_contribute_directories", region="ZZ")
    assert report.values == {"a": ({"id": "a"},), "b": ({"id": "b"},), "empty": ()}
    assert [(each.plugin, each.status) for each in report.outcomes if each.status != "ok"] == [("none", "abstained")]


def test_a_contributor_that_hangs_costs_its_contribution_only() -> None:
    gate = Gate()

    class Slow(RecoveryHooks):
        @hookimpl
        def recovery_contribute_directories(self, region: str) -> Any:  # noqa: ARG002 - the hook's own signature
            gate.wait()

    plugins = Plugins.build([Slow(), Directory("a", [{"id": "a"}])])
    report = plugins.contribute("recovery_contribute_directories", deadline=SOON, region="ZZ")
    gate.open()
    assert report.values == {"a": ({"id": "a"},)}


# Join


def test_without_plugins_nothing_is_forbidden() -> None:
    assert forbidden() == frozenset()


def test_whoever_abstains_forbids_nothing() -> None:
    assert forbidden(Rule("a", None), Rule("b", frozenset({"notes"}))) == {"notes"}


@pytest.mark.parametrize("answer", [raises(ValueError(CANARY)), raises(SystemExit()), "labs", ["labs"]])
def test_in_doubt_everything_is_forbidden(answer: object) -> None:
    assert forbidden(Rule("a", answer), Rule("b", frozenset({"notes"}))) == ALL


def test_a_rule_that_is_late_forbids_everything() -> None:
    gate = Gate()
    assert forbidden(Rule("a", gate.wait), Rule("b", frozenset({"notes"})), deadline=SHORT) == ALL
    gate.open()


ANSWERS = st.lists(st.none() | st.frozensets(st.sampled_from(sorted(ALL))) | st.just("rubbish"), max_size=5)


@given(ANSWERS.flatmap(lambda answers: st.tuples(st.just(answers), st.permutations(range(len(answers))))))
def test_the_order_of_rules_changes_nothing(drawn: tuple[list[Any], list[int]]) -> None:
    answers, order = drawn
    rules = [Rule(f"r{place}", answer) for place, answer in enumerate(answers)]
    plain, turned = (
        Plugins.build(asked, specs=HostHooks).joined("recovery_restrict_topics", reader="peer:dana")
        for asked in (rules, [rules[place] for place in order])
    )
    assert plain == turned


@given(ANSWERS, ANSWERS)
def test_another_rule_never_allows_what_was_forbidden(answers: list[Any], more: list[Any]) -> None:
    rules = [Rule(f"r{place}", answer) for place, answer in enumerate(answers + more)]
    assert forbidden(*rules[: len(answers)]) <= forbidden(*rules)


def test_the_report_behind_a_join_names_who_answered_what() -> None:
    joined = Plugins.build([Rule("a", frozenset({"labs"})), Rule("b", 7)], specs=HostHooks).joined("recovery_restrict_topics", reader="x")
    assert joined.report.values == {"a": {"labs"}}
    assert [each.plugin for each in joined.report.bad] == ["b"]


# How they are called


def test_a_parameter_that_is_not_given_has_the_default_of_its_specification() -> None:
    rule = Rule("a", None)
    forbidden(rule)
    assert rule.asked == ("peer:dana", "treatment")


def test_a_plugin_names_only_the_parameters_that_it_wants() -> None:
    class Brief:
        recoverycore_api = 1

        @hookimpl
        def recovery_deliver_message(self) -> Any:
            return takes()

    report = Plugins.build([Brief()]).fan_out("recovery_deliver_message", now=NOON, deadline=LONG, message=None, key="k")
    assert report.delivery == "delivered"


@pytest.mark.parametrize(
    ("given", "detail", "guess"),
    [
        ({}, "recovery_contribute_directories: missing region", None),
        ({"region": "ZZ", "regions": 1}, "recovery_contribute_directories: unknown regions", "region"),
    ],
)
def test_a_call_that_does_not_fit_its_specification_is_an_error(given: dict[str, Any], detail: str, guess: str | None) -> None:
    with pytest.raises(PluginError) as caught:
        Plugins.build().contribute("recovery_contribute_directories", **given)
    (found,) = caught.value.problems
    assert (found.name, found.detail, found.did_you_mean) == ("hook_call", detail, guess)


def test_a_call_of_an_unknown_hook_is_told_with_a_guess() -> None:
    with pytest.raises(PluginError) as caught:
        Plugins.build().implementing("recovery_on_audits")
    assert (caught.value.name, caught.value.problems[0].did_you_mean) == ("hook_call", "recovery_on_audit")


@pytest.mark.parametrize("policy", ["provide", "contribute", "joined"])
def test_a_call_under_another_policy_is_an_error(policy: str) -> None:
    with pytest.raises(PluginError) as caught:
        getattr(Plugins.build(), policy)("recovery_deliver_message", message=None, key="k")
    assert caught.value.problems[0].detail.startswith("recovery_deliver_message: its policy is fan_out")


# Specifications


def specification(name: str, method: Any) -> type:
    return type("Specs", (RecoveryHooks,), {name: method})


@pytest.mark.parametrize(
    "specs",
    [
        specification("recovery_juggle_balls", hookspec(topics)(lambda self: None)),  # noqa: ARG005 - it stands for a method
        specification("recovery_on_visit", lambda self: None),  # noqa: ARG005 - as above
        specification("recovery_restrict_visits", hookspec(topics)(lambda self: None)),  # noqa: ARG005 - as above
        specification("recovery_on_visit", hookspec(topics, lattice=Lattice(ALL, frozenset.union, ALL))(lambda self: None)),  # noqa: ARG005 - as above
        specification("recovery_on_visit", hookspec(topics)(lambda self, now: None)),  # noqa: ARG005 - as above
    ],
    ids=["no policy", "not marked", "join without lattice", "lattice without join", "reserved parameter"],
)
def test_a_specification_that_does_not_tell_how_it_is_called_is_an_error(specs: type) -> None:
    with pytest.raises(PluginError) as caught:
        hooks_of(specs)
    assert caught.value.name == "hook_spec"


def test_the_hooks_and_their_signatures_are_those_of_the_golden_file() -> None:
    """Whoever changes one decides about `API_VERSION`, writes a line of the changelog, and then the line here."""
    known = [f"version {API_VERSION}"]
    for name, hook in hooks_of(RecoveryHooks).items():
        known.append(f"{hook.policy} {name}{inspect.signature(getattr(RecoveryHooks, name))}".replace("'", ""))
    assert known == Path(__file__).with_name("hooks.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", sorted(hooks_of(RecoveryHooks)))
@pytest.mark.parametrize("section", ["When:", "Receives:", "Returns:", "If it fails:", "Example:"])
def test_each_hook_says_when_it_is_called_and_what_a_failure_means(name: str, section: str) -> None:
    assert section in [line.strip() for line in getattr(RecoveryHooks, name).__doc__.splitlines()]


def test_a_specification_that_is_called_itself_has_nothing_to_say() -> None:
    hooks = RecoveryHooks()
    assert hooks.recovery_provide_store({}) is None
    assert hooks.recovery_contribute_directories("ZZ") is None
    assert hooks.recovery_restrict_consent("c-17", Request(recipient=Recipient(id="a"), at=NOON)) is None
