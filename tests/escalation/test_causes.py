"""What brought an effect about, read off a record; and why the class of a message is no higher."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from attrs import evolve
from hypothesis import given

from recoverycore.escalation import Cause, Explanation, Send, causes_of, class_limits
from recoverycore.escalation.targets import class_bounds
from recoverycore.ground.timeline import Happening, Timeline
from tests.escalation.play import Play
from tests.escalation.world import START, fresh

OPENED = ("run_opened", {"run": "R", "protocol": "p", "version": 2, "rule": "r"})
MESSAGE = {
    "run": "R", "key": "k", "to": "ana", "channel": "sms", "kind": "ask", "class": "C0", "step": "peers", "protocol": "p", "version": 2,
    "why": "r", "categories": ["contact"], "basis": "c1", "bounded_by": ["channel"], "caused_by": "trigger",
    "until": "2026-03-10T15:05:00Z",
}  # fmt: skip


def record(*lines: tuple[str, dict[str, Any]]) -> Timeline:
    """A record of one line a minute."""
    return Timeline(tuple(Happening(START + timedelta(minutes=number), what, facts) for number, (what, facts) in enumerate(lines)))


def decided(code: str, subject: str | None = None, cause: str = "trigger", run: str = "R") -> tuple[str, dict[str, Any]]:
    return "decided", {"run": run, "code": code, "subject": subject, "caused_by": cause}


def event(kind: str, by: str | None = None, run: str = "R") -> tuple[str, dict[str, Any]]:
    return "event", {"run": run, "type": kind, "by": by}


def last(*lines: tuple[str, dict[str, Any]]) -> Cause:
    return causes_of(record(*lines))[-1]


def test_a_message_names_its_step_its_protocol_and_why_the_step_began() -> None:
    found = last(OPENED, event("trigger"), decided("activated"), decided("stage_entered", "peers"), ("message", MESSAGE))
    assert (found.protocol, found.version, found.step, found.entered_for) == ("p", 2, "peers", "activated")
    assert found.reasons() == [
        "by step peers of protocol p version 2 (the run begins with it)",
        "because what rule r answers had happened at 2026-03-10T15:01:00Z",
        "class C0 and no higher: sms carries no more",
        "may see contact under c1",
        "an answer is awaited until 2026-03-10T15:05:00Z",
    ]


def test_a_step_that_began_later_says_why_the_one_before_was_left() -> None:
    left = (OPENED, decided("activated"), decided("stage_entered", "peers"), decided("stage_left:timeout", "peers", "tick"))
    assert last(*left, decided("stage_entered", "manager", "tick"), ("message", MESSAGE)).entered_for == "timeout"


def test_an_effect_names_the_last_event_of_its_kind_and_no_other() -> None:
    found = last(
        OPENED, event("ack", "ana"), event("receipt"), event("ack", "ben"), event("decline", "eve"), decided("held", "cara", "ack")
    )
    assert (found.because, found.by, found.since) == ("ack", "ben", START + timedelta(minutes=3))


def test_what_somebody_did_does_not_say_twice_who_it_was() -> None:
    assert last(OPENED, event("ack", "ana"), decided("ack", "ana", "ack")).reasons() == []


def test_two_runs_are_not_taken_for_one() -> None:
    other = ("run_opened", {"run": "S", "protocol": "q", "version": 7, "rule": "s"})
    found = last(OPENED, other, event("ack", "ana", "S"), decided("activated", run="R"), decided("held", "ana", "ack", "R"))
    assert (found.run, found.protocol, found.by) == ("R", "p", None)


def test_what_is_owed_for_telling_somebody_belongs_to_the_run() -> None:
    owed = ("obligation", {"about": "R mobile", "kind": "review", "owner": "supervisor", "caused_by": "tick"})
    found = last(OPENED, owed)
    assert (found.run, found.effect, found.reasons()) == ("R", "supervisor owes review", ["because its time had come"])


def test_a_message_that_was_taken_back_is_told_by_whom_it_was_for() -> None:
    assert last(OPENED, ("message", MESSAGE), ("cancelled", {"run": "R", "key": "k"})).subject == "ana"


def test_a_special_message_stands_beside_the_steps() -> None:
    found = last(OPENED, decided("activated"), decided("stage_entered", "a"), ("message", {**MESSAGE, "kind": "alarm", "step": "alarm"}))
    assert found.entered_for is None
    assert found.reasons()[0] == "by protocol p version 2"


def test_what_is_no_effect_of_a_run_is_left_out() -> None:
    notice = (
        "message",
        {**{key: value for key, value in MESSAGE.items() if key != "run"}, "kind": "notice", "about": "x", "step": "notice"},
    )
    assert causes_of(record(("kept", {"kind": "rule"}), notice, ("obligation", {"kind": "care", "owner": "cm"}))) == ()


def test_a_line_of_an_older_record_is_explained_as_far_as_it_says() -> None:
    bare = {key: MESSAGE[key] for key in ("run", "key", "to", "channel", "kind", "class", "step")}
    found = last(("message", bare))
    assert (found.because, found.bounded_by, found.basis) == (None, (), ())
    assert "class C0" in found.reasons()


def test_an_explanation_as_data_leaves_out_what_is_not_known() -> None:
    (row,) = Explanation(causes=(last(OPENED, decided("activated")),)).to_rows()
    assert row == {
        "at": "2026-03-10T15:01:00Z", "run": "R", "what": "decided", "code": "activated", "protocol": "p", "version": 2, "rule": "r",
        "because": "trigger", "why": ["because what rule r answers had happened"],
    }  # fmt: skip


def test_an_explanation_is_read_in_the_zone_of_its_reader() -> None:
    found = Explanation(causes=(last(OPENED, decided("activated")),)).in_zone("America/New_York")
    assert str(found).startswith("2026-03-10T11:01:00-04:00  the run began")


# -- the class of a message ----------------------------------------------------------------------------------------------
CLASSES = st.sampled_from(["C0", "C1", "C2"])


@given(
    asked=CLASSES, contact=st.sampled_from(["permit", "deny", "unknown"]), most=CLASSES, carried=st.dictionaries(st.just("app"), CLASSES),
    channel=st.sampled_from(["app", "sms"]),
)  # fmt: skip
def test_each_bound_that_is_named_is_one_and_none_is_missing(asked: str, contact: str, most: str, carried: Any, channel: str) -> None:
    fact = {"contact": contact, "max_class": most, "channel_class": carried}
    peers = fresh().protocol.steps[0].evolve(message_class=asked, channels=(channel,))
    state = fresh()
    state = evolve(state, protocol=state.protocol.evolve(steps=(peers, *state.protocol.steps[1:])))
    play = Play(state).at(0, "consent_change", consent={"ana": fact}).trigger()
    sent = next(each for each in play.effects if isinstance(each, Send) and each.target == "ana")
    bounds = class_bounds(play.state, peers.message_class or "C2", "ana", channel)
    lowest = {name for name, bound in bounds.items() if bound == min(bounds.values())}
    assert set(class_limits(play.state, sent)) == (lowest if sent.content_class != "C2" else set())
    assert sent.content_class == min(bounds.values())


def test_a_special_message_is_bound_by_its_kind() -> None:
    play = Play().trigger()
    for minute in (5, 10, 18, 28):
        play.at(minute, "tick")
    alarm = next(each for each in play.effects if isinstance(each, Send))
    assert class_limits(play.state, alarm) == ("kind",)
