"""Plugins that narrow consent: what one withholds nobody gets, none can open anything, and none keeps staff from being woken."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore import Receipt, RecoveryHooks, hookimpl
from recoverycore.consent import Recipient, Request, Restriction
from recoverycore.engine.narrowing import Narrowing
from recoverycore.hooks import Plugins
from tests.engine.clinic import ME, NIGHT, Deliverer, call, clinic, rows
from tests.engine.told import AT, CHOSEN, RAVI, goal_set, programme, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore import Engine
    from recoverycore.hooks import ProblemReport

SHORT = timedelta(milliseconds=50)
ASKED = ["contact", "goals", "plan"]
STAFF = {"peer_ade", "cm_quinn", "oncall", "lead_noor"}
CANARY = "bluebird-7731"


class Restrictor(RecoveryHooks):
    """Answers what it was made to answer; an error is raised."""

    def __init__(self, answer: Any, name: str = "house") -> None:
        self.recoverycore_name = name
        self.answer = answer
        self.asked: list[tuple[str, Request]] = []

    @hookimpl
    def recovery_restrict_consent(self, client: str, request: Request) -> Any:
        self.asked.append((client, request))
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer() if callable(self.answer) else self.answer


class Watch(RecoveryHooks):
    """Remembers what is told of plugins."""

    def __init__(self) -> None:
        self.heard: list[ProblemReport] = []

    @hookimpl
    def recovery_on_problem(self, problem: ProblemReport) -> None:
        self.heard.append(problem)


def withholding(*records: str) -> Restriction:
    return Restriction(records=frozenset(records))


def seen(engine: Engine, who: str = "cn_mehta") -> list[str]:
    released: list[str] = engine.may_see(client=RAVI, who=who, sees=ASKED, why="care", at=AT)["released"]
    return released


def narrowed(*answers: Any, **more: Any) -> Engine:
    plugins = [Restrictor(answer, f"house{number}") for number, answer in enumerate(answers)]
    return programme([Deliverer(), *plugins], **{"restrict_within": None, **more})


# What they may say


@pytest.mark.parametrize(
    ("answers", "released"),
    [
        ((), ASKED),
        ((None,), ASKED),
        ((Restriction(answer="none"),), ASKED),
        ((withholding(),), ASKED),
        ((withholding("elsewhere"),), ASKED),
        ((withholding("goals"),), ["contact", "plan"]),
        ((Restriction("somebody else's name", records=frozenset({"goals"})), None, withholding("plan")), ["contact"]),
        ((Restriction(),), []),
    ],
)
def test_what_any_of_them_withholds_is_withheld(answers: Any, released: list[str]) -> None:
    assert seen(narrowed(*answers)) == released


NO_RESTRICTION: list[Any] = [True, "permit", Restriction(answer="permit")]
NO_RESTRICTION += [Restriction(records=wrong) for wrong in ("goals", frozenset({7}), 7)]


@pytest.mark.parametrize("answer", NO_RESTRICTION)
def test_what_is_no_restriction_withholds_everything_and_opens_nothing(answer: Any) -> None:
    assert seen(narrowed(answer)) == []
    assert seen(narrowed(answer), who="intake_desk") == []


def test_it_is_asked_with_ids_and_codes_only() -> None:
    house = Restrictor(None)
    engine = programme([house], restrict_within=None)
    seen(engine)
    [(client, request)] = house.asked
    assert (client, request.recipient.id, request.purposes, request.at) == (RAVI, "cn_mehta", ("care",), AT)
    assert [each.category for each in request.records] == ASKED
    assert CHOSEN not in request.model_dump_json()


def test_the_refusal_names_the_plugin_and_not_what_it_called_itself() -> None:
    engine = narrowed(Restriction("the law itself"))
    found = engine.accounting(client=RAVI, at=AT).decision
    assert found.verdict == "deny"
    done = engine.ask(client=RAVI, who="cn_mehta", sees=ASKED, why="care", at=AT)
    assert (done.facts["released"], written(engine)) == ([], [])


def test_what_a_message_tells_is_narrowed_as_it_goes() -> None:
    deliverer = Deliverer()
    engine = programme([deliverer, Restrictor(withholding("plan"))], restrict_within=None)
    goal_set(engine)
    assert [(each.content_class, each.categories) for each in deliverer.seen] == [("C0", ())]
    assert written(engine) == []


def test_a_plugin_that_changes_its_mind_is_asked_again_for_each_decision() -> None:
    answers = iter([None, Restriction(), None])
    engine = narrowed(lambda: next(answers))
    assert [seen(engine), seen(engine), seen(engine)] == [ASKED, [], ASKED]


# What a failure means


@pytest.mark.parametrize("answer", [ValueError(CANARY), SystemExit(CANARY), 7])
def test_one_that_fails_withholds_everything_and_is_told_by_name(answer: Any) -> None:
    watch = Watch()
    engine = programme([Restrictor(answer), Restrictor(None, "other"), watch], restrict_within=None)
    done = engine.ask(client=RAVI, who="cn_mehta", sees=ASKED, why="care", at=AT)
    assert done.facts["released"] == []
    status = "invalid" if answer == 7 else "failed"
    noted = [(row["hook"], row["plugin"], row["status"]) for row in rows(engine, "plugin_error")]
    assert noted == [("recovery_restrict_consent", "house", status)]
    assert {(each.plugin, each.status, each.at) for each in watch.heard} == {("house", status, AT)}
    assert CANARY not in str(engine.export()) + str(watch.heard)


def test_one_that_is_late_withholds_everything_and_nobody_waits_for_it_twice_in_a_command() -> None:
    gate = threading.Event()
    house = Restrictor(lambda: gate.wait(60))
    engine = programme([Deliverer(), house], restrict_within=SHORT)
    engine.rehearse(lambda trial: trial.ask(client=RAVI, who="cn_mehta", sees=ASKED, why="care", at=AT))
    asked = len(house.asked)
    goal_set(engine)
    gate.set()
    assert (asked, len(house.asked)) == (1, 3)  # once as the notice is asked for, once as it goes
    assert [row["class"] for row in rows(engine, "message")] == ["C0"]
    assert {row["status"] for row in rows(engine, "plugin_error")} == {"timeout"}


def test_one_that_takes_its_time_has_it_once_for_all_decisions_of_a_command() -> None:
    pause = threading.Event()
    house = Restrictor(lambda: pause.wait(0.03) or None)
    engine = programme([house], restrict_within=SHORT)
    found = Narrowing(engine.plugins, SHORT)
    answers = [found.of(RAVI, Request(recipient=Recipient(id=f"cn_{number}"), at=AT), AT)[0] for number in range(20)]
    assert len(house.asked) < 5
    assert [each.broken for each in answers[-1]] == [True]


def test_the_same_question_is_put_to_them_once_in_a_command() -> None:
    house = Restrictor(withholding("goals"))
    engine = programme([house])
    found = Narrowing(engine.plugins, None)
    asked = [Request(recipient=Recipient(id=who), at=AT) for who in ("cn_mehta", "cm_ortiz", "cn_mehta")]
    answers = [found.of(RAVI, request, AT)[0] for request in asked]
    assert [request for _, request in house.asked] == asked[:2]
    assert answers == [(Restriction("house", "deny", frozenset({"goals"})),)] * 3


def test_a_look_that_a_plugin_fails_in_writes_nothing_down() -> None:
    engine = narrowed(ValueError())
    before = engine.export()
    assert seen(engine) == []
    assert engine.export() == before


def test_a_dry_run_asks_them_as_the_night_itself_would() -> None:
    engine = narrowed(withholding("goals"))
    would = engine.rehearse(lambda trial: trial.ask(client=RAVI, who="cn_mehta", sees=ASKED, why="care", at=AT))
    [row] = [row for row in would.happened.to_rows() if row["what"] == "disclosure"]
    assert row["released"] == ["contact", "plan"]


# Waking staff does not depend on them


@pytest.mark.parametrize("answer", [Restriction(), ValueError(), 7, lambda: threading.Event().wait(1)])
def test_staff_on_duty_are_woken_whatever_they_say(answer: Any) -> None:
    plain, house = Deliverer(), Deliverer()
    call(clinic([plain]))
    call(clinic([house, Restrictor(answer)], restrict_within=SHORT))
    assert [message.to for message in house.seen] == [message.to for message in plain.seen] == ["peer_ade"]
    assert {message.content_class for message in house.seen} == {"C0"}


class Carrier(Restrictor):
    """One plugin that both withholds and carries messages."""

    def __init__(self, answer: Any) -> None:
        super().__init__(answer)
        self.carried: list[str] = []

    @hookimpl
    def recovery_deliver_message(self, key: str) -> Receipt:
        self.carried.append(key)
        return Receipt("handed_over")


def test_a_plugin_that_hangs_when_it_is_asked_still_carries_every_message() -> None:
    gate = threading.Event()
    both = Carrier(lambda: gate.wait(60))
    engine = clinic([both], restrict_within=timedelta(milliseconds=1))
    call(engine)
    for minute in range(1, 16):
        engine.tick(NIGHT + timedelta(minutes=minute))
    gate.set()
    asked = rows(engine, "message")
    assert sorted(both.carried) == sorted(row["key"] for row in asked)
    assert {row["to"] for row in asked} == STAFF


def test_a_chain_climbs_to_its_end_though_they_withhold_everything() -> None:
    ends = []
    for plugins in ([Deliverer()], [Deliverer(), Restrictor(Restriction())]):
        engine = clinic(plugins, restrict_within=None)
        call(engine)
        for minute in range(1, 31):
            engine.tick(NIGHT + timedelta(minutes=minute))
        ends.append(({row["to"] for row in rows(engine, "message")}, engine.runs(client=ME)[0].status))
    assert ends == [({*STAFF, "mobile_team"}, "exhausted"), (STAFF, "exhausted")]  # the team from outside is asked as consent permits


# For all of them


RECORDS = st.none() | st.frozensets(st.sampled_from([*ASKED, "elsewhere"]))
ANSWERS = st.lists(st.none() | RECORDS.map(lambda records: Restriction(records=records)) | st.sampled_from([7, ValueError()]), max_size=4)
"""What plugins answer: nothing, a restriction, rubbish, an error."""
ENGINE = programme(restrict_within=None)


def released_under(answers: Iterable[tuple[int, Any]]) -> set[str]:
    ENGINE._shell.narrowing = Plugins.build([Restrictor(answer, f"house{number}") for number, answer in answers])
    return set(seen(ENGINE))


@given(ANSWERS, ANSWERS)
def test_another_one_never_releases_more(answers: list[Any], more: list[Any]) -> None:
    every = list(enumerate([*answers, *more]))
    assert released_under(every) <= released_under(every[: len(answers)]) <= set(ASKED)


@given(ANSWERS.flatmap(lambda answers: st.tuples(st.just(answers), st.permutations(range(len(answers))))))
def test_their_order_and_their_names_change_nothing(drawn: tuple[list[Any], list[int]]) -> None:
    answers, order = drawn
    assert released_under(enumerate(answers)) == released_under((place, answers[number]) for place, number in enumerate(order))


@given(ANSWERS, st.sampled_from([7, ValueError(), SystemExit()]))
def test_one_that_fails_among_any_others_withholds_everything(answers: list[Any], failing: Any) -> None:
    assert released_under(enumerate([*answers, failing])) == set()
