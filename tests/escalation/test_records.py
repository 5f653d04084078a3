"""A run as it is kept: every field of the values in `state`, by its own name, and nothing besides."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from attrs import NOTHING, Factory, fields

from recoverycore.escalation import RunState
from recoverycore.escalation.records import EntryRecord, MessageRecord, OfferRecord, RunRecord
from recoverycore.escalation.state import Entry, Message, Offer
from tests.escalation.play import Play

if TYPE_CHECKING:
    from pydantic import BaseModel

PAIRS = [(RunState, RunRecord), (Entry, EntryRecord), (Message, MessageRecord), (Offer, OfferRecord)]


def defaults(value: type[Any]) -> dict[str, Any]:
    """What each field of a value is where nobody says it; the empty container where each has one of its own."""
    own = {each.name: each.default for each in fields(value)}
    return {name: each.factory() if isinstance(each, Factory) else each for name, each in own.items()}


def kept_defaults(record: type[BaseModel]) -> dict[str, Any]:
    return {
        name: NOTHING if each.is_required() else each.get_default(call_default_factory=True) for name, each in record.model_fields.items()
    }


@pytest.mark.parametrize(("value", "record"), PAIRS)
def test_what_is_kept_has_the_fields_of_the_value_and_their_defaults(value: type[Any], record: type[BaseModel]) -> None:
    assert kept_defaults(record) == defaults(value)


def test_a_run_with_everything_in_it_is_read_as_it_was_written() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "accompany_start", by="ana").at(3, "hand_over", by="ana", to="cara")
    play.at(4, "break_glass", by="sue", target="kit", reason="r", until="2026-03-11T00:00:00Z")
    written = play.state.to_dict()
    assert all(written[name] for name in ("offer", "entries", "messages", "break_glass", "acks", "opened"))
    assert RunState.from_dict(written) == play.state
    assert RunState.from_dict(written).to_dict() == written


def test_which_message_is_the_latest_does_not_hang_on_the_order_in_which_a_store_keeps_keys() -> None:
    """Cara is asked by sms, then again by voice; a store that sorts its keys must not make the sms the later one."""
    play = Play().trigger().at(1, "ack", by="ana").at(2, "hand_over", by="ana", to="cara")
    shuffled = json.loads(json.dumps(play.state.to_dict(), sort_keys=True))
    assert list(shuffled["messages"]) == sorted(play.state.messages)
    assert list(RunState.from_dict(shuffled).messages) == list(play.state.messages)
    assert [each.number for each in play.state.messages.values()] == list(range(1, len(play.state.messages) + 1))


def test_messages_of_a_run_that_was_kept_before_they_were_numbered_are_read() -> None:
    written = Play().trigger().state.to_dict()
    for each in written["messages"].values():
        del each["number"]
    assert {each.number for each in RunState.from_dict(written).messages.values()} == {0}


def test_what_is_done_to_the_written_form_changes_no_run() -> None:
    state = Play().trigger().state
    before = state.to_dict()
    written = state.to_dict()
    written["applied"].append("e9")
    written["entries"]["peers"]["recipients"].clear()
    written["facts"]["team"]["persons"].clear()
    assert state.to_dict() == before
