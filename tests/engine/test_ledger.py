"""Who was told: each release stands in the ledger once, whatever comes twice or breaks, and nothing else does."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Engine, NotFound, Receipt
from recoverycore.consent import Ledger, LedgerEntry
from recoverycore.engine import delivery
from recoverycore.engine.ledger import as_it_leaves
from recoverycore.ground import ManualClock
from recoverycore.testing.stories import Player, load_story
from recoverycore_us.profiles import part2
from tests.engine.clinic import Deliverer
from tests.engine.told import AT, CHOSEN, MINUTE, PERMITTED, RAVI, goal_set, paper, programme, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.engine.stores import OutboxRow
    from recoverycore.engine.work import Work
    from recoverycore.hooks import Report

TOLD = [("cn_mehta", ["contact", "goals", "plan"])]
"""What the ledger has of one notice."""


def raises(_: object) -> Any:
    raise RuntimeError


def answering(*answers: Any) -> Callable[[object], Any]:
    """A deliverer's answers one after the other, the last one for ever; a class of error is raised."""
    left = list(answers)

    def answer(message: object) -> Any:
        said = left.pop(0) if len(left) > 1 else left[0]
        return said(message) if callable(said) else said

    return answer


def ask(engine: Engine, who: str, sees: list[str], why: str, **more: Any) -> list[str]:
    released: list[str] = engine.ask(client=RAVI, who=who, sees=sees, why=why, at=AT, **more).facts["released"]
    return released


# What is a release


def test_a_disclosure_that_is_asked_for_is_one_entry_of_what_was_released() -> None:
    engine = programme()
    assert ask(engine, "intake_desk", ["housing", "sud_treatment"], "housing_help") == ["housing"]
    assert engine.ledger(client=RAVI).to_rows() == [
        {
            "at": "2026-06-15T12:00:00Z",
            "recipient": "intake_desk",
            "via": None,
            "purposes": ["housing_help"],
            "action": "disclose",
            "categories": ["housing"],
            "basis": ["c2"],
            "basis_kind": "consent",
            "obligations": ["log_disclosure"],
        }
    ]
    [entry] = engine.ledger(client=RAVI).entries
    assert (entry.client, entry.discloser) == (RAVI, "harbor")


def test_the_same_question_without_the_wish_to_disclose_is_no_entry_and_neither_is_a_refusal() -> None:
    engine = programme()
    engine.may_see(client=RAVI, who="intake_desk", sees=["housing"], why="housing_help", at=AT)
    assert ask(engine, "intake_desk", ["medical"], "housing_help") == []
    assert written(engine) == []


def test_a_command_that_comes_twice_is_one_entry() -> None:
    engine = programme()
    for _ in range(2):
        ask(engine, "intake_desk", ["housing"], "housing_help", command_id="a-1")
    assert written(engine) == [("intake_desk", ["housing"])]


def test_a_message_that_tells_something_is_an_entry_of_what_it_tells() -> None:
    engine = programme([Deliverer()])
    goal_set(engine)
    assert written(engine) == TOLD


def test_a_message_that_holds_the_name_alone_tells_of_being_in_touch() -> None:
    story = load_story("monique")
    player = Player(story)
    for step in story.steps:
        player.play(step)
    rows = player.engine.ledger(client="monique").to_rows()
    assert [(row["recipient"], row["categories"], row["basis"]) for row in rows] == [("friend_bea", ["contact"], ["c2"])]


def test_a_message_that_holds_nothing_is_no_entry() -> None:
    deliverer = Deliverer()
    engine = programme([deliverer])
    engine.withdraw("c1", client=RAVI, by="client", at=AT)
    goal_set(engine)
    assert [message.content_class for message in deliverer.seen] == ["C0"]
    assert written(engine) == []


def test_what_a_rule_of_the_profile_opens_says_so() -> None:
    engine = Player(load_story("monique")).engine
    run = {"client": "monique", "text": "blue kite", "via": "sms", "message_id": "m-1", "at": load_story("monique").steps[1].at}
    engine.receive(**run)
    engine.withdraw("c1", client="monique", by="client", at=run["at"])
    engine.ask(client="monique", who="oncall", sees=["safety_plan"], why="crisis", at=run["at"])
    [row] = engine.ledger(client="monique").told("oncall").to_rows()
    assert (row["basis"], row["basis_kind"]) == (["rule:emergency"], "exception")


def test_no_word_of_the_person_is_in_it() -> None:
    engine = programme([Deliverer()])
    goal_set(engine)
    [kept] = [each for each in engine.export()["documents"] if each["kind"] == f"ledger of {RAVI}"]
    assert CHOSEN not in str(kept)


def test_of_a_client_whom_nobody_knows_there_is_no_ledger() -> None:
    with pytest.raises(NotFound) as caught:
        programme().ledger(client="nobody")
    assert caught.value.name == "unknown_client"


# Once, whatever breaks


LATER = AT + 30 * MINUTE


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((Receipt("failed_transient"), Receipt("handed_over")), TOLD),
        ((raises, Receipt("handed_over")), TOLD),
        ((Receipt("queued"), Receipt("handed_over")), TOLD),
        ((raises, Receipt("failed_permanent")), TOLD),  # the first attempt may have told it
        ((raises,), TOLD),
        ((Receipt("failed_transient"), Receipt("failed_permanent")), []),
        ((Receipt("failed_transient"),), []),
        ((Receipt("expired"),), []),
        ((None,), []),
        ((Receipt("handed_over"),), TOLD),
    ],
)
def test_a_message_that_may_have_gone_out_is_one_entry_and_one_that_surely_did_not_is_none(answers: Any, expected: object) -> None:
    engine = programme([Deliverer(lambda message: heard(message) if message.channel == "app" else None)], tries=3)
    heard = answering(*answers)
    goal_set(engine)
    for minute in range(1, 30):
        engine.tick(AT + minute * MINUTE)
    assert written(engine) == expected


def test_the_entry_of_a_message_that_went_at_last_has_the_instant_at_which_it_went() -> None:
    engine = programme([Deliverer(answering(Receipt("failed_transient"), Receipt("handed_over")))])
    goal_set(engine)
    assert written(engine) == []
    engine.tick(AT + MINUTE)
    assert [each.at for each in engine.ledger(client=RAVI).entries] == [AT + MINUTE]


def test_what_may_have_been_told_before_stays_when_less_is_told_the_second_time() -> None:
    deliverer = Deliverer(answering(raises, Receipt("handed_over")))
    engine = programme([deliverer])
    goal_set(engine)
    engine.put(paper("c1", categories=["contact", "goals"]), client=RAVI, at=AT)
    engine.tick(AT + MINUTE)
    assert [message.content_class for message in deliverer.seen] == ["C2", "C0"]
    assert written(engine) == TOLD


def test_a_message_that_is_taken_back_before_it_goes_is_no_entry() -> None:
    engine = programme([Deliverer()])
    engine.rehearse(goal_set)
    assert written(engine) == []


def test_a_bounce_after_it_was_handed_over_takes_nothing_back() -> None:
    deliverer = Deliverer()
    engine = programme([deliverer])
    goal_set(engine)
    engine.receipt(deliverer.keys[0], "failed_permanent", at=AT)
    assert written(engine) == TOLD


def test_a_message_that_came_though_its_deliverer_said_it_had_failed_is_an_entry_again() -> None:
    deliverer = Deliverer(lambda _: Receipt("failed_transient"))
    engine = programme([deliverer])
    goal_set(engine)
    assert written(engine) == []
    for status in ("delivered", "seen"):
        engine.receipt(deliverer.keys[0], status, at=AT)
    assert written(engine) == TOLD


def meanwhile(act: Callable[[Engine, str], object], *answers: Receipt) -> Engine:
    """The engine after `act` has happened to it while the first attempt was still under way."""
    left = list(answers)

    def answer(message: Any) -> Receipt:
        said = left.pop(0)
        if len(left) == len(answers) - 1:
            act(engine, message.key)
        return said

    engine = programme([Deliverer(answer)], deliver_within=None)
    goal_set(engine)
    return engine


def test_a_receipt_that_comes_before_the_deliverer_says_that_it_failed_keeps_the_entry() -> None:
    engine = meanwhile(lambda engine, key: engine.receipt(key, "delivered", at=AT), Receipt("failed_transient"))
    assert written(engine) == TOLD


def test_an_attempt_that_outlives_its_lease_and_fails_takes_nothing_back_of_the_one_that_went() -> None:
    engine = meanwhile(lambda engine, _: engine.tick(AT + 5 * MINUTE), Receipt("failed_transient"), Receipt("handed_over"))
    assert written(engine) == TOLD
    assert [each.at for each in engine.ledger(client=RAVI).entries] == [AT + 5 * MINUTE]


# Kept


def everything_told(engine: Engine) -> Ledger:
    goal_set(engine)
    ask(engine, "intake_desk", ["contact", "housing"], "housing_help", command_id="a-1")
    ask(engine, "pain_front", ["medical"], "care", command_id="a-2")
    return engine.ledger(client=RAVI)


def test_it_is_the_same_in_a_file_in_memory_and_after_a_move(tmp_path: Path) -> None:
    with programme([Deliverer()], path=tmp_path / "clinic.db") as engine:
        told = everything_told(engine)
        data = engine.export()
    with programme([Deliverer()], path=tmp_path / "clinic.db") as engine:
        assert engine.ledger(client=RAVI) == told
    moved = Engine.in_memory([Deliverer()], clock=ManualClock(AT))
    moved.import_(data)
    assert moved.ledger(client=RAVI) == told == everything_told(programme([Deliverer()]))
    assert told.recipients == ("cn_mehta", "intake_desk", "pain_front")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where the system has one."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


LEAST = 50
"""So many statements the three releases have at least."""


class Died(BaseException):
    """The process is gone: nobody catches this."""


def count_down(left: list[int]) -> None:
    """Die at the statement at which nothing is left; 0 to begin with never dies."""
    left[0] -= 1
    if left[0] == 0:
        raise Died


def crashed_everywhere(folder: Path) -> tuple[int, list[int]]:
    """Tell three people, with a crash at each second statement, and do it again: how many statements, and where the ledger is wrong."""
    programme(path=folder / "before.db").close()
    deliverer, wrong = Deliverer(), []
    for statement in range(1, 1000, 2):
        here = folder / f"{statement}.db"
        shutil.copy(folder / "before.db", here)
        deliverer.seen.clear()
        left = [0]
        engine = programme([deliverer], path=here, trace=lambda _, left=left: count_down(left))
        left[0] = statement
        with contextlib.closing(engine), contextlib.suppress(Died):
            everything_told(engine)
        with programme([deliverer], path=here) as again:
            secret = len(deliverer.seen) > len(again.ledger(client=RAVI).told("cn_mehta").entries)
            told = everything_told(again)
        if secret or [each.recipient for each in told.entries] != ["cn_mehta", "intake_desk", "pain_front"]:
            wrong.append(statement)
        if left[0] > 0:  # it lived
            return statement, wrong
    raise AssertionError


def test_a_crash_at_any_statement_loses_no_entry_and_doubles_none(folder: Path) -> None:
    statements, wrong = crashed_everywhere(folder)
    assert statements > LEAST
    assert wrong == []


def test_an_entry_that_is_written_only_when_the_answer_is_known_would_be_missed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = delivery._settle

    def settled(work: Work, row: OutboxRow, report: Report) -> None:
        as_it_leaves(work, row, row.body)
        settle(work, row, report)

    monkeypatch.setattr(delivery, "as_it_leaves", lambda _, __, body: body)
    monkeypatch.setattr(delivery, "_settle", settled)
    assert crashed_everywhere(folder)[1] != []


# Lists for the person


def form(identifier: str) -> Any:
    return paper(identifier).evolve(written=True, signed_by=("client",), expires={"kind": "date", "value": "2027-12-31"})


def under_part_2(**more: Any) -> Engine:
    engine = programme([Deliverer(), part2({})], **more)
    for each in PERMITTED:
        engine.put(form(each), client=RAVI, at=AT)
    return engine


def test_an_accounting_is_read_from_the_ledger_under_a_law_that_knows_one() -> None:
    engine = under_part_2(kind="part2_program")
    ask(engine, "intake_desk", ["housing"], "housing_help")
    ask(engine, "pain_front", ["sud_treatment"], "care", ehr=True)
    found = engine.accounting(client=RAVI, at=LATER)
    assert found.decision.basis == "rule:accounting"
    assert [row["recipient"] for row in found.to_rows()] == ["intake_desk", "pain_front"]
    assert list(found.decision.entries) == [row["at"] for row in found.to_rows()]


def test_treatment_stands_in_an_accounting_only_where_it_went_by_an_electronic_record() -> None:
    engine = under_part_2(kind="part2_program")
    engine.put(form("c3").evolve(boxes=({"labels": "*", **BOX_OF_TREATMENT},)), client=RAVI, at=AT)
    for ehr in (None, True, False):
        ask(engine, "pain_front", ["sud_treatment"], "treatment", ehr=ehr)
    assert [each.ehr for each in engine.accounting(client=RAVI, at=LATER).listed.entries] == [True]


BOX_OF_TREATMENT = {"categories": "*", "purposes": ["treatment"], "recipients": [{"org": "hillside_pain"}]}


def test_an_accounting_goes_back_three_years() -> None:
    engine = under_part_2(kind="part2_program")
    ask(engine, "intake_desk", ["housing"], "housing_help")
    on_time, late = AT.replace(year=2029), AT.replace(year=2029) + timedelta(seconds=1)
    assert [len(engine.accounting(client=RAVI, at=each).listed.entries) for each in (AT, on_time, late)] == [1, 1, 0]


def test_without_a_law_that_knows_it_there_is_no_accounting_and_the_ledger_is_there_all_the_same() -> None:
    engine = programme()
    ask(engine, "intake_desk", ["housing"], "housing_help")
    found = engine.accounting(client=RAVI, at=LATER)
    assert (found.decision.verdict, found.to_rows()) == ("deny", [])
    assert written(engine) == [("intake_desk", ["housing"])]


def test_an_intermediary_lists_what_went_through_it_for_whoever_asks_in_writing() -> None:
    engine = under_part_2(kind="intermediary")
    ask(engine, "pain_front", ["sud_treatment"], "care", via="harbor")
    [entry] = engine.ledger(client=RAVI).entries
    assert (entry.via, entry.obligations) == ("harbor", ("intermediary_list_entry", "log_disclosure"))
    asked = {said: engine.list_disclosures(client=RAVI, in_writing=said, at=LATER) for said in (True, None, False)}
    assert {said: found.decision.permitted for said, found in asked.items()} == {True: True, None: False, False: False}
    assert [row["recipient"] for row in asked[True].to_rows()] == ["pain_front"]
    assert asked[False].to_rows() == []
    assert engine.list_disclosures(client=RAVI, in_writing=True, at=AT.replace(year=2030)).to_rows() == []


def test_a_list_is_a_look_and_changes_nothing() -> None:
    engine = under_part_2(kind="part2_program")
    before = engine.export()
    engine.accounting(client=RAVI, at=AT)
    engine.list_disclosures(client=RAVI, in_writing=True, at=AT)
    engine.ledger(client=RAVI)
    assert engine.export() == before


# The value


def test_a_ledger_is_in_time_order_whatever_order_its_entries_come_in() -> None:
    moments = ["2026-06-15T12:00:00Z", "2026-06-15", "2026-06-14T23:00:00Z"]
    entries = [LedgerEntry.model_validate({"at": each, "recipient": "a", "records": [{"id": "r1"}]}) for each in moments]
    assert Ledger(entries) == Ledger(reversed(entries))
    assert [row["at"] for row in Ledger(entries).to_rows()] == ["2026-06-14T23:00:00Z", "2026-06-15", "2026-06-15T12:00:00Z"]
    assert Ledger(entries).to_rows()[0]["categories"] == ["r1"]


def test_a_ledger_tells_of_one_recipient_or_of_whom_things_went_through() -> None:
    given = [{"at": "2026-06-15", "recipient": "a", "via": "hie"}, {"at": "2026-06-15", "purpose": "payment"}]
    ledger = Ledger(LedgerEntry.model_validate(each) for each in given)
    assert [len(ledger.told(who).entries) for who in ("a", "hie", "b")] == [1, 1, 0]
    assert ledger.recipients == ("a",)
