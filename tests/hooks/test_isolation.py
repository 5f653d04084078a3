"""Everyone is called, whatever the others do, and what each did is told by name."""

from __future__ import annotations

import gc
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import PluginError
from recoverycore.hooks import Outcome, Plugins, ProblemReport, Receipt, RecoveryHooks, Report, hookimpl
from tests.hooks.samples import CANARY, LONG, NOON, Deliverer, Directory, Watcher, abstains, alert, deliver, raises, takes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import timedelta

ERRORS = (RuntimeError, KeyError, AssertionError, SystemExit, GeneratorExit, RecursionError, BaseException)
ACTS: dict[str, Callable[[], object]] = {
    "takes": takes,
    "abstains": abstains,
    "answers rubbish": lambda: CANARY,
    **{f"raises {error.__name__}": raises(error(CANARY)) for error in ERRORS},
}
EITHER_WAY = pytest.mark.parametrize("deadline", [LONG, None], ids=["deadline", "no deadline"])


async def _coroutine() -> None: ...


def _generator() -> Iterator[int]:
    yield 1


async def _asynchronous_generator() -> AsyncIterator[int]:
    yield 1


class Awaitable:
    def __await__(self) -> Iterator[None]:
        yield


def outcome(report: Report, plugin: str) -> Outcome:
    (found,) = (each for each in report.outcomes if each.plugin == plugin)
    return found


# One among others


@EITHER_WAY
@pytest.mark.parametrize("error", ERRORS)
def test_whoever_raises_is_told_by_class_and_the_others_are_called(error: type[BaseException], deadline: timedelta | None) -> None:
    report = deliver(Plugins.build([Deliverer("a", takes), Deliverer("b", raises(error(CANARY))), Deliverer("c", takes)]), deadline)
    assert [each.status for each in report.outcomes] == ["ok", "failed", "ok"]
    assert outcome(report, "b").error == f"b: {error.__name__}"


class Nameless(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]  # the mischief that is tested
        raise RuntimeError(CANARY)


class NamelessError(Exception, metaclass=Nameless): ...


@EITHER_WAY
def test_an_error_whose_class_will_not_say_its_name_is_told_like_any_other(
    deadline: timedelta | None, capfd: pytest.CaptureFixture[str]
) -> None:
    report = deliver(Plugins.build([Deliverer("a", takes), Deliverer("b", raises(NamelessError(CANARY)))]), deadline)
    assert [(each.status, each.error) for each in report.outcomes] == [("ok", ""), ("failed", "b: NamelessError")]
    assert CANARY not in "".join(capfd.readouterr())


@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=6), st.sampled_from([None, LONG]))
def test_any_mix_of_plugins_is_called_once_each(acts: list[str], deadline: timedelta | None) -> None:
    asked = [Deliverer(f"p{place}", ACTS[act]) for place, act in enumerate(acts)]
    report = deliver(Plugins.build(asked), deadline)
    assert [each.calls for each in asked] == [1] * len(acts)
    assert [each.plugin for each in report.outcomes] == [each.recoverycore_name for each in asked]


@given(
    st.lists(st.sampled_from(sorted(ACTS)), max_size=5).flatmap(lambda acts: st.tuples(st.just(acts), st.permutations(range(len(acts)))))
)
def test_the_order_of_plugins_changes_nothing(drawn: tuple[list[str], list[int]]) -> None:
    acts, order = drawn
    asked = [Deliverer(f"p{place}", ACTS[act]) for place, act in enumerate(acts)]
    assert deliver(Plugins.build(asked)) == deliver(Plugins.build([asked[place] for place in order]))


@EITHER_WAY
@pytest.mark.parametrize("make", [_coroutine, _generator, _asynchronous_generator, Awaitable])
def test_an_answer_that_still_has_to_run_is_invalid_and_leaves_no_warning(make: Callable[[], object], deadline: timedelta | None) -> None:
    report = deliver(Plugins.build([Deliverer("a", make), Deliverer("b", takes)]), deadline)
    gc.collect()  # a coroutine that was left open would warn now, and a warning is an error here
    assert [each.status for each in report.outcomes] == ["invalid", "ok"]


def test_a_coroutine_is_invalid_also_where_any_answer_would_do() -> None:
    class Teller(RecoveryHooks):
        @hookimpl
        def recovery_provide_store(self, settings: Any) -> object:  # noqa: ARG002 - the hook's own signature
            return made

    made = _generator()
    with pytest.raises(PluginError, match="answered generator, expected a finished answer"):
        Plugins.build([Teller()]).provide("recovery_provide_store", settings={})
    assert list(made) == []  # it was closed


def test_a_generator_that_will_not_close_is_invalid() -> None:
    def stubborn() -> Iterator[int]:
        try:
            yield 1
        finally:
            raise ValueError(CANARY)

    def begun() -> Iterator[int]:
        running = stubborn()
        next(running)
        return running

    report = deliver(Plugins.build([Deliverer("a", begun)]))
    assert report.outcomes == (Outcome("a", "invalid", error="a: ValueError while its answer was read"),)


@pytest.mark.parametrize("answer", [True, "accepted", 7, [], {"status": "accepted"}, Receipt])
def test_an_answer_that_is_no_receipt_is_invalid(answer: object) -> None:
    (found,) = deliver(Plugins.build([Deliverer("a", lambda: answer)])).outcomes
    assert found.status == "invalid"
    assert found.value is None


@pytest.mark.parametrize("answer", ["text", 7, {"id": "a"}, [7], [{"id": object()}], [{"id": float("nan")}]])
def test_a_contribution_that_is_no_list_of_documents_is_dropped_and_the_others_stay(answer: object) -> None:
    plugins = Plugins.build([Directory("bad", answer), Directory("good", [{"id": "zz.help"}])])
    report = plugins.contribute("recovery_contribute_directories", region="ZZ")
    assert [each.plugin for each in report.bad] == ["bad"]
    assert report.values == {"good": ({"id": "zz.help"},)}


def test_whoever_is_told_and_answers_is_invalid() -> None:
    plugins = Plugins.build([Watcher("w", lambda: "thanks")])
    told = ProblemReport("recovery_on_audit", "x", "failed", "x: ValueError", NOON)
    assert plugins.fan_out("recovery_on_problem", now=NOON, problem=told).outcomes[0].status == "invalid"


# Interrupts


def test_an_interrupt_in_the_main_thread_passes() -> None:
    plugins = Plugins.build([Deliverer("a", raises(KeyboardInterrupt()))])
    with pytest.raises(KeyboardInterrupt):
        deliver(plugins, None)


def test_an_interrupt_that_a_plugin_raises_in_its_own_thread_is_an_outcome() -> None:
    report = deliver(Plugins.build([Deliverer("a", raises(KeyboardInterrupt())), Deliverer("b", takes)]), LONG)
    assert [(each.status, each.error) for each in report.outcomes] == [("failed", "a: KeyboardInterrupt"), ("ok", "")]


def test_an_interrupt_that_a_plugin_raises_in_a_thread_of_the_host_is_an_outcome() -> None:
    plugins = Plugins.build([Deliverer("a", raises(KeyboardInterrupt()))])
    reports: list[Report] = []
    thread = threading.Thread(target=lambda: reports.append(deliver(plugins, None)))
    thread.start()
    thread.join(60)
    assert reports[0].outcomes[0].error == "a: KeyboardInterrupt"


# What a delivery comes to


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], "undelivered"),
        ([abstains, abstains], "undelivered"),
        ([raises(ValueError())], "undelivered"),
        ([lambda: Receipt("queued")], "undelivered"),
        ([lambda: Receipt("failed_transient"), abstains], "undelivered"),
        ([raises(ValueError()), takes], "delivered"),
        ([abstains, takes], "delivered"),
    ],
)
def test_a_message_is_delivered_only_when_a_receipt_says_that_it_was_taken(answers: list[Callable[[], object]], expected: str) -> None:
    asked = [Deliverer(f"p{place}", act) for place, act in enumerate(answers)]
    assert deliver(Plugins.build(asked)).delivery == expected


# Nothing shared, nothing changed


def test_two_sets_of_plugins_share_nothing() -> None:
    first, second = Deliverer("pager", raises(ValueError())), Deliverer("pager", takes)
    one, other = Plugins.build([first], late_calls=1), Plugins.build([second], late_calls=1)
    deliver(one)
    assert (first.calls, second.calls) == (1, 0)
    assert (one.last_problem("pager"), other.last_problem("pager")) == ("recovery_deliver_message: failed", None)
    assert deliver(other).delivery == "delivered"


def test_no_plugin_changes_what_the_next_one_sees() -> None:
    class Meddler(RecoveryHooks):
        def __init__(self, name: str) -> None:
            self.recoverycore_name = name
            self.saw: list[Any] = []

        @hookimpl
        def recovery_deliver_message(self, message: Any, key: str) -> None:  # noqa: ARG002 - the hook's own signature
            self.saw.append((message.to, message.categories))
            message.to = "somebody else"

    asked = [Meddler("a"), Meddler("b")]
    report = deliver(Plugins.build(asked))
    assert [each.error for each in report.outcomes] == ["a: FrozenInstanceError", "b: FrozenInstanceError"]
    assert asked[0].saw == asked[1].saw == [("peer:dana", ())]


@pytest.mark.parametrize("meddle", ["x['list'].append(1)", "x['map']['a'] = 1", "x['new'] = 1", "x['set'].add(1)", "x['bytes'].append(1)"])
def test_plain_containers_are_handed_over_read_only(meddle: str) -> None:
    class Meddler(RecoveryHooks):
        @hookimpl
        def recovery_provide_store(self, settings: Any) -> object:
            exec(meddle, {"x": settings})  # noqa: S102 - one statement a case
            return None

    given: dict[str, Any] = {"list": [{}], "map": {}, "set": set(), "bytes": bytearray()}
    with pytest.raises(PluginError, match=r"(Attribute|Type)Error"):
        Plugins.build([Meddler()]).provide("recovery_provide_store", settings=given)
    assert given == {"list": [{}], "map": {}, "set": set(), "bytes": bytearray()}


def test_what_a_plugin_does_to_its_answer_later_changes_nothing() -> None:
    entries: list[dict[str, Any]] = [{"id": "zz.help", "names": ["Help"]}]
    report = Plugins.build([Directory("lines", entries)]).contribute("recovery_contribute_directories", region="ZZ")
    entries[0]["names"].append("changed")
    assert report.values == {"lines": ({"id": "zz.help", "names": ["Help"]},)}


# Problems are told


def test_what_went_wrong_is_told_by_name_class_and_instant() -> None:
    watcher = Watcher()
    deliver(Plugins.build([watcher, Deliverer("a", raises(ValueError(CANARY))), Deliverer("b", lambda: 7), Deliverer("c", takes)]))
    assert watcher.told == [
        ProblemReport("recovery_deliver_message", "a", "failed", "a: ValueError", NOON),
        ProblemReport("recovery_deliver_message", "b", "invalid", "b: answered int, expected a Receipt or None", NOON),
    ]


def test_a_call_without_an_instant_tells_its_problems_too() -> None:
    watcher = Watcher()
    Plugins.build([watcher, Directory("bad", 7)]).contribute("recovery_contribute_directories", region="ZZ")
    assert [(each.plugin, each.at) for each in watcher.told] == [("bad", None)]


@EITHER_WAY
def test_about_a_failed_report_there_is_no_report_but_a_line_in_the_log(
    deadline: timedelta | None, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = Watcher("broken", raises(ValueError(CANARY))), Watcher("fine")
    with caplog.at_level(logging.WARNING, "recoverycore.hooks"):
        deliver(Plugins.build([broken, fine, Deliverer("a", raises(KeyError(CANARY))), Deliverer("b", raises(OSError(CANARY)))]), deadline)
    assert [each.plugin for each in broken.told] == [each.plugin for each in fine.told] == ["a", "b"]
    assert [each.getMessage() for each in caplog.records].count("recovery_on_problem: failed, broken: ValueError") == 2
    assert CANARY not in caplog.text


def test_a_watcher_called_by_the_host_itself_is_not_told_of_its_own_failure() -> None:
    watcher = Watcher("w", raises(ValueError()))
    told = ProblemReport("recovery_on_audit", "x", "failed", "x: ValueError", NOON)
    report = Plugins.build([watcher]).fan_out("recovery_on_problem", now=NOON, problem=told)
    assert [each.status for each in report.outcomes] == ["failed"]
    assert watcher.told == [told]


def test_an_observer_sees_every_report() -> None:
    seen: list[Report] = []
    plugins = Plugins.build([Deliverer("a", takes)], observe=seen.append)
    assert [deliver(plugins), deliver(plugins)] == seen


def test_an_observer_that_raises_costs_a_line_in_the_log_only(caplog: pytest.LogCaptureFixture) -> None:
    def observe(_: Report) -> None:
        raise ValueError(CANARY)

    assert deliver(Plugins.build([Deliverer("a", takes)], observe=observe)).delivery == "delivered"
    assert [each.getMessage() for each in caplog.records] == ["recovery_deliver_message: the observer raised ValueError"]


# Nobody's words


@given(st.lists(st.sampled_from(sorted(ACTS)), min_size=1, max_size=6))
def test_no_text_of_an_exception_or_answer_is_ever_in_a_report(acts: list[str]) -> None:
    asked = [Deliverer(f"p{place}", ACTS[act]) for place, act in enumerate(acts)]
    watcher = Watcher()
    plugins = Plugins.build([watcher, *asked])
    report = deliver(plugins)
    told = [repr(report), str(report), repr(watcher.told), repr(plugins.to_rows())]
    if report.bad:
        with pytest.raises(PluginError) as caught:
            report.raise_problems()
        told += [str(caught.value), repr(caught.value)]
        assert caught.value.__context__ is None
    assert not [each for each in told if CANARY in each]


def test_what_a_plugin_answered_is_not_in_the_repr_of_its_report() -> None:
    report = Plugins.build([Directory("lines", [{"id": CANARY}])]).contribute("recovery_contribute_directories", region="ZZ")
    assert report.values == {"lines": ({"id": CANARY},)}
    assert CANARY not in repr(report)


def test_neither_the_text_of_a_message_nor_a_provider_reference_is_in_a_repr() -> None:
    report = deliver(Plugins.build([Deliverer("a", lambda: Receipt("accepted", provider=CANARY))]))
    assert CANARY not in repr(report) + repr(report.values)
    assert CANARY not in repr(alert(text=CANARY, address=CANARY))
