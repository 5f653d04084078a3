"""The copies of a run are written out field by field: each is whole, and shares nothing that may be changed."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from recoverycore.escalation.state import Entry, Message, RunState, Working

CONTAINERS = (dict, list)


def filled(value: type[Any]) -> Any:
    """A value in which each field holds something of its own, so that none can stand for another."""
    said = {dict: lambda name: {name: name}, list: lambda name: [name]}
    made = {
        each.name: said[each.default.factory](each.name) if isinstance(each.default, attrs.Factory) else each.name
        for each in attrs.fields(value)
    }
    return value(**made)


def copied_badly(value: Any, copy: Any) -> list[str]:
    """The fields that a copy has otherwise, or shares though they can be changed."""
    both = [(each.name, getattr(value, each.name), getattr(copy, each.name)) for each in attrs.fields(type(value))]
    return [name for name, one, other in both if one != other or (isinstance(one, CONTAINERS) and one is other)]


def test_a_copy_of_an_entry_is_whole_and_shares_nothing() -> None:
    entry = filled(Entry)
    assert copied_badly(entry, entry.copy()) == []


def test_a_run_that_is_worked_on_is_whole_and_shares_nothing_that_changes() -> None:
    state = filled(RunState)
    assert copied_badly(state, Working.of(state)) == []


def test_a_message_with_another_status_is_the_same_otherwise() -> None:
    message = filled(Message)
    assert message.with_status("answered") == attrs.evolve(message, status="answered")


@pytest.mark.parametrize("wrong", ["round", "recipients", "off_duty"])
def test_a_copy_that_lacks_a_field_or_shares_one_is_noticed(wrong: str) -> None:
    entry = filled(Entry)
    without = attrs.evolve(entry.copy(), **{wrong: attrs.fields_dict(Entry)["repeats"].default})
    assert copied_badly(entry, without) == [wrong]
    shared = attrs.evolve(entry.copy(), **{wrong: getattr(entry, wrong)})
    assert copied_badly(entry, shared) == ([wrong] if isinstance(getattr(entry, wrong), CONTAINERS) else [])
