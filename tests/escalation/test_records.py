"""A run as it is kept: every field of the values in `state`, by its own name, and nothing besides."""

from __future__ import annotations

import json
from itertools import zip_longest
from random import Random
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from attrs import NOTHING, Factory, fields
from pydantic import BaseModel, create_model

from recoverycore.escalation import RunState, event_from, step
from recoverycore.escalation.records import EntryRecord, MessageRecord, OfferRecord, RunRecord, written
from recoverycore.escalation.state import Entry, Message, Offer
from recoverycore.testing.escalation.drawing import EVENTS, Cast, happening, pause
from tests.escalation.play import Play
from tests.escalation.watcher import saved_and_read
from tests.escalation.world import START, changed, fresh, with_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIRS = [(RunState, RunRecord), (Entry, EntryRecord), (Message, MessageRecord), (Offer, OfferRecord)]
VALUE_OF = {record: value for value, record in PAIRS}


def defaults(value: type[Any]) -> dict[str, Any]:
    """What each field of a value is where nobody says it; the empty container where each has one of its own."""
    own = {each.name: each.default for each in fields(value)}
    return {name: each.factory() if isinstance(each, Factory) else each for name, each in own.items()}


def kept_defaults(record: type[BaseModel]) -> dict[str, Any]:
    return {
        name: NOTHING if each.is_required() else each.get_default(call_default_factory=True) for name, each in record.model_fields.items()
    }


def meant(hint: Any) -> Any:
    """A type with each record in it, at any depth, as the value that it keeps; however an alternative is spelled, it is one."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return frozenset(map(meant, get_args(hint)))
    if origin is None or origin is Literal:
        return VALUE_OF.get(hint, hint)
    return origin, tuple(map(meant, get_args(hint)))


def differing(value: type[Any], record: type[BaseModel]) -> list[str]:
    """The fields that value and record do not both have, in the same place, with the same type and default."""
    types, kept_types = get_type_hints(value), get_type_hints(record)
    own = [(name, meant(types[name]), default) for name, default in defaults(value).items()]
    kept = [(name, meant(kept_types[name]), default) for name, default in kept_defaults(record).items()]
    return sorted({one[0] for pair in zip_longest(own, kept) if pair[0] != pair[1] for one in pair if one is not None})


@pytest.mark.parametrize(("value", "record"), PAIRS)
def test_what_is_kept_has_the_fields_of_the_value_with_their_types_and_defaults(value: type[Any], record: type[BaseModel]) -> None:
    assert differing(value, record) == []


class _Unordered(BaseModel):
    to: str
    by: str


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (create_model("_", by=str), ["to"]),
        (create_model("_", by=str, to=str, at=str), ["at"]),
        (create_model("_", by=str, to=str | None), ["to"]),
        (create_model("_", by=str, to=(str, "ana")), ["to"]),
        (_Unordered, ["by", "to"]),
    ],
    ids=["one is missing", "one more", "another type", "another default", "another order"],
)
def test_a_record_that_differs_from_its_value_is_noticed(record: type[BaseModel], found: list[str]) -> None:
    assert differing(Offer, record) == found


def states() -> Iterator[RunState]:
    """Runs that together use every field: two in which something rare came to pass, and every state of drawn ones."""
    bounced = Play().trigger()
    for number, channel in enumerate(("app", "sms"), 1):
        bounced.at(1, "receipt", key=f"R/1/peers/ana/{channel}/{number}", status="failed_permanent")
    yield bounced.state
    yield Play(with_steps(manager={"targets": [{"person": "ana"}]})).trigger().at(1, "ack", by="ana").at(2, "escalate").state
    random = Random(7)  # noqa: S311 - nothing secret is drawn
    at_night = with_steps(manager={"when": {"from": "22:00", "to": "23:00", "zone": "America/New_York"}})
    waiting = changed(fresh(quiet=True), quiet_override_level=4, defer_max_level=3)
    for state in (fresh(rounds=2), waiting, at_night) * 10:
        cast = Cast.of(state)
        now, event = START, {"type": "trigger", "kind": "code_word", "silent": random.random() < 0.5}
        for number in range(EVENTS):
            yield state
            state, _ = step(state, event_from(event if event["type"] == "tick" else {**event, "id": f"e{number}"}), now)  # noqa: PLW2901
            now = pause(random.choice, state, now)
            event = happening(random.choice, cast, state, now)


def parts(state: RunState) -> Iterator[Any]:
    """The state and every value in it that has a record of its own."""
    yield state
    yield from state.entries.values()
    yield from state.messages.values()
    if state.offer is not None:
        yield state.offer


def test_every_drawn_state_is_read_as_it_was_written_and_each_field_says_something_in_one_of_them() -> None:
    usual = {value: defaults(value) for value, _ in PAIRS}
    silent = {(value, name) for value, own in usual.items() for name in own}
    for state in states():
        assert saved_and_read(state) == state
        for part in parts(state):
            silent -= {(type(part), name) for name, default in usual[type(part)].items() if getattr(part, name) != default}
    assert silent == set()


def test_what_a_state_has_in_common_with_the_one_before_is_written_as_it_would_be_anew() -> None:
    before = None
    for state in states():
        data = written(state, before)
        assert data == written(state)
        before = state, data


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
