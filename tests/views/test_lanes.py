"""A record as lanes: who was asked, who had it, and whose answer did not come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from recoverycore.ground import Happening, Timeline
from recoverycore.views.lanes import Lane, groups_of
from tests.views.samples import NIGHT, RECORDS, decided, line, message, told


def lane(happened: Timeline, name: str = "") -> Lane:
    """The lane of `name` in the first run; without a name that of the climb."""
    return groups_of(happened)[0].lanes[name]


def words(happened: Timeline, name: str = "") -> list[tuple[float, str]]:
    """What a lane says, by minute."""
    return [((at - NIGHT).total_seconds() / 60, text) for at, text in lane(happened, name).told()]


def bars(happened: Timeline, name: str = "") -> list[tuple[float, float | None, str]]:
    """From when until when each bar of a lane lasts, and what it is."""
    return [
        ((each.start - NIGHT).total_seconds() / 60, None if each.end is None else (each.end - NIGHT).total_seconds() / 60, each.tone)
        for each in lane(happened, name).bars
    ]


def test_an_answer_ends_the_wait_and_begins_the_hold() -> None:
    happened = told(message(0, "ana", until=5), decided(3, "ack", "ana"), decided(3, "held", "ana"), line(9, "note"))
    assert bars(happened, "ana") == [(0, 3, "asked"), (3, None, "took")]
    assert words(happened, "ana") == [(0, "asked by sms"), (3, "has it")]


def test_an_answer_that_does_not_come_is_missed_at_its_deadline() -> None:
    happened = told(message(0, "ana", until=5), line(9, "note"))
    assert bars(happened, "ana") == [(0, 5, "asked")]
    assert words(happened, "ana")[-1] == (5, "no answer")


def test_an_answer_at_the_deadline_counts() -> None:
    happened = told(message(0, "ana", until=5), decided(5, "ack", "ana"), decided(5, "held", "ana"), line(9, "note"))
    assert [text for _, text in words(happened, "ana")] == ["asked by sms", "has it"]


def test_a_stage_that_is_left_at_the_deadline_has_no_answer() -> None:
    happened = told(decided(0, "stage_entered", "s"), message(0, "ana", until=5), decided(5, "stage_left:timeout", "s"))
    assert words(happened, "ana")[-1] == (5, "no answer")
    assert bars(happened) == [(0, 5, "climb")]


def test_a_wait_that_is_not_over_yet_is_shown_until_it_will_be() -> None:
    assert words(told(message(0, "ana", until=5)), "ana")[-1] == (5, "answer awaited until here")


def test_when_somebody_has_it_nobody_is_awaited_any_more() -> None:
    asked = (message(0, "ana", until=5), message(0, "ben", until=5))
    happened = told(*asked, decided(2, "ack", "ana"), decided(2, "held", "ana"), line(9, "note"))
    assert bars(happened, "ben") == [(0, 2, "asked")]


def test_a_reminder_is_no_new_wait() -> None:
    happened = told(message(0, "ana", until=5), message(2, "ana", "repeat", until=5), line(9, "note"))
    assert bars(happened, "ana") == [(0, 5, "asked")]
    assert words(happened, "ana")[1] == (2, "reminded by sms")


@pytest.mark.parametrize(
    ("code", "said"),
    [("declined", "said no"), ("un_ack", "gave it back"), ("hold_void", "may not hold this level"), ("holder_left", "left the team")],
)
def test_who_no_longer_has_it_has_a_bar_that_ends(code: str, said: str) -> None:
    happened = told(decided(0, "ack", "ana"), decided(4, code, "ana"), line(9, "note"))
    assert bars(happened, "ana") == [(0, 4, "took")]
    assert words(happened, "ana")[-1] == (4, said)


def test_when_the_person_was_not_reached_nobody_has_it_any_more() -> None:
    had = (decided(0, "ack", "ana"), decided(0, "ack", "ben"), decided(0, "held", "ana"))
    happened = told(*had, decided(15, "ack_timeout", "ana"), decided(15, "reopened"), line(20, "note"))
    assert bars(happened, "ana") == bars(happened, "ben") == [(0, 15, "took")]
    assert bars(happened) == [(0, 15, "took")]


def test_a_hand_over_ends_one_bar_and_begins_the_other() -> None:
    offer = line(4, "event", type="hand_over", by="ana", to="ben")
    had = (decided(0, "ack", "ana"), decided(0, "held", "ana"))
    happened = told(*had, offer, message(4, "ben", "hand_over"), decided(6, "handed_over", "ben"), line(9, "note"))
    assert bars(happened, "ana") == [(0, 6, "took")]
    assert bars(happened, "ben") == [(6, None, "took")]
    assert words(happened)[-1] == (6, "held by ben")


def test_nobody_having_it_is_a_bar_of_its_own() -> None:
    happened = told(line(5, "terminal", step="end", phase="final"), decided(9, "ack", "ana"), decided(9, "held", "ana"), line(10, "note"))
    assert bars(happened) == [(5, 9, "missed"), (9, None, "took")]


def test_standing_down_ends_everything() -> None:
    happened = told(message(0, "ben", until=30), decided(0, "ack", "ana"), decided(0, "held", "ana"), decided(9, "stood_down", "cn"))
    assert bars(happened, "ana") == bars(happened) == [(0, 9, "took")]
    assert bars(happened, "ben") == [(0, 0, "asked")]


def test_what_kept_somebody_from_being_told_stands_in_their_lane() -> None:
    assert words(told(decided(0, "consent_blocked", "kit")), "kit") == [(0, "not told: consent blocked")]


def test_what_is_said_twice_at_an_instant_is_said_once_of_both() -> None:
    twice = (message(0, "ana", "alarm"), message(0, "ana", "alarm", channel="voice"), line(0, "obligation", owner="ana", kind="a_review"))
    assert words(told(*twice), "ana") == [(0, "alarm by sms, voice; owes a review")]


def test_a_message_that_could_not_be_delivered_says_so() -> None:
    assert words(told(message(0, "ana"), line(1, "not_delivered", key="ana/0")), "ana")[-1] == (1, "not delivered")


def test_a_refusal_stands_beside_whoever_was_refused() -> None:
    happened = told(message(0, "ana"), decided(1, "refused:not_holder", "ana"), decided(2, "refused:human_only"))
    assert words(happened, "ana")[-1] == (1, "refused: not holder")
    assert words(happened)[-1] == (2, "refused: human only")


def test_each_run_has_lanes_of_its_own() -> None:
    groups = groups_of(RECORDS["two_runs"])
    assert [group.title.split(": ")[1] for group in groups] == [
        "protocol p_code version 1, rule r_code",
        "protocol p_go_now version 1, rule r_go_now",
    ]
    assert "peer_ade" not in groups[1].lanes


def test_a_record_that_begins_in_the_middle_of_a_run_is_drawn_from_there() -> None:
    (group,) = groups_of(Timeline((message(0, "ana"), decided(1, "ack", "ana"))))
    assert (group.title, list(group.lanes)) == ("R", ["", "ana"])


def test_what_belongs_to_no_run_is_not_drawn() -> None:
    assert groups_of(Timeline((Happening(NIGHT, "kept", {"kind": "rule"}), Happening(NIGHT, "message", {"about": "x"})))) == ()


def test_no_wait_ends_before_it_begins() -> None:
    for happened in RECORDS.values():
        for group in groups_of(happened):
            for each in group.lanes.values():
                assert all(bar.end is None or bar.end - bar.start >= timedelta() for bar in each.bars)
