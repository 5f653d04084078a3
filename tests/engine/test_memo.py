"""What an engine remembers is never older than its store: it says what an engine says that forgets everything."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Directive
from recoverycore.engine.memo import Memo
from recoverycore.engine.runs import feed
from recoverycore.engine.work import Work
from recoverycore.people import Team
from recoverycore.testing.stories import Player, load_story, shipped_stories
from tests.engine.clinic import ME, MINUTE, NIGHT, STORY, call, clinic

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore import Engine, RunState

FRIEND = "friend_bea"
C2 = next(each for each in STORY.start.directives if each.id == "c2")


class Interrupt(Exception):
    """What ends a unit before it is kept."""


def run_of(engine: Engine) -> RunState:
    (state,) = engine.runs(client=ME)
    return state


def contact_with_the_friend(engine: Engine, at: datetime) -> str:
    """What a run holds about contact with the friend, after something that changes nothing."""
    engine.event(run_of(engine).run, "note", at=at)
    return run_of(engine).facts.consent[FRIEND].contact


def test_the_same_data_give_the_same_value_and_other_data_none() -> None:
    memo, value = Memo(), object()
    memo.keep(("a",), {"n": [1]}, value)
    assert memo.get(("a",), {"n": [1]}) is value
    assert memo.get(("a",), {"n": [2]}) is None
    assert memo.get(("b",), {"n": [1]}) is None


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    memo = Memo()
    for number in range(1024):
        memo.keep((str(number),), number, number)
    assert memo.get(("0",), 0) == 0
    memo.keep(("more",), 0, 0)
    assert [memo.get((str(number),), number) for number in range(3)] == [0, None, 2]


def test_a_memo_shows_nothing_of_what_it_holds() -> None:
    memo = Memo()
    memo.keep(("a",), "Bluebird", "Bluebird")
    assert "Bluebird" not in repr(memo)


def test_consent_that_ends_by_the_clock_alone_has_ended_at_the_next_event() -> None:
    engine = clinic()
    engine.put(C2.evolve(expires={"kind": "instant", "value": NIGHT + 5 * MINUTE}), client=ME, at=NIGHT)
    call(engine)
    told = [contact_with_the_friend(engine, NIGHT + minute * MINUTE) for minute in (1, 4, 5, 6)]
    assert told == ["permit", "permit", "unknown", "unknown"]


def test_consent_that_begins_by_the_clock_alone_has_begun_at_the_next_event() -> None:
    engine = clinic()
    engine.put(C2.evolve(starts=NIGHT + 5 * MINUTE), client=ME, at=NIGHT)
    call(engine)
    assert [contact_with_the_friend(engine, NIGHT + minute * MINUTE) for minute in (1, 4, 5)] == ["unknown", "unknown", "permit"]


def test_an_event_dated_before_the_last_one_is_judged_by_its_own_instant() -> None:
    engine = clinic()
    engine.put(C2.evolve(expires={"kind": "instant", "value": NIGHT + 5 * MINUTE}), client=ME, at=NIGHT)
    call(engine)
    assert [contact_with_the_friend(engine, NIGHT + minute * MINUTE) for minute in (6, 4)] == ["unknown", "permit"]


@pytest.mark.parametrize(
    ("changes", "contact"),
    [
        ({"revocations": [{"at": NIGHT}]}, "unknown"),
        ({"polarity": "deny", "boxes": [{"labels": "*", "categories": "*", "purposes": "*", "recipients": "*"}]}, "deny"),
        ({}, "permit"),
    ],
)
def test_a_directive_that_changed_counts_at_the_next_event(changes: dict[str, Any], contact: str) -> None:
    engine = clinic()
    call(engine)
    assert contact_with_the_friend(engine, NIGHT + MINUTE) == "permit"
    engine.put(Directive.model_validate({**C2.to_data(), **changes}), client=ME, at=NIGHT + MINUTE)
    assert contact_with_the_friend(engine, NIGHT + 2 * MINUTE) == contact


def test_a_team_that_changed_counts_at_the_next_event() -> None:
    engine = clinic()
    call(engine)
    team = STORY.start.team
    assert team is not None
    roster = tuple(each for each in team.roster if each.person != "peer_ade")
    members = tuple(each for each in team.members if each.id != "peer_ade")
    engine.put(Team.model_validate({**team.to_data(), "members": members, "roster": roster}), client=ME, at=NIGHT + MINUTE)
    contact_with_the_friend(engine, NIGHT + 2 * MINUTE)
    assert "peer_ade" not in run_of(engine).facts.team.persons


def test_a_unit_that_came_to_nothing_leaves_nothing_behind() -> None:
    engine = clinic()
    run = call(engine)
    before = run_of(engine)
    with contextlib.suppress(Interrupt), engine._shell.store.unit() as unit:
        lost = feed(Work.on(engine._shell, unit, NIGHT + MINUTE), run, {"type": "ack", "id": "lost", "by": "peer_ade"})
        assert lost.status == "held"
        raise Interrupt
    assert run_of(engine) == before
    engine.event(run, "note", at=NIGHT + 2 * MINUTE, command_id="kept")
    assert run_of(engine).status == "open"
    assert "lost" not in run_of(engine).applied


@pytest.mark.parametrize("name", shipped_stories())
def test_a_story_comes_to_the_same_for_an_engine_that_forgets_everything(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def played() -> dict[str, Any]:
        player = Player(load_story(name))
        for step in player.story.steps:
            player.play(step)
        player.engine.tick(player.story.steps[-1].at + timedelta(days=2))
        return player.engine.export()

    remembering = played()
    monkeypatch.setattr(Memo, "get", lambda *_: None)
    assert played() == remembering
