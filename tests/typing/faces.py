"""What a type checker must see through the lazy face of the library. Never run; `dev.py check` reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_type

import recoverycore
from recoverycore import escalation, ground
from recoverycore.errors import DocumentError, Problem

assert_type(recoverycore.Sensitive("bluebird").reveal(), str)
assert_type(ground.parse_elapsed("PT15M"), timedelta)
assert_type(ground.parse_instant("2026-03-10T15:00:00Z"), datetime)
assert_type(ground.local_day_start(ground.local_date(datetime.now(UTC), "Europe/London"), "Europe/London"), datetime)


def a_step_gives_the_next_state_and_its_effects(state: escalation.RunState, event: escalation.Event, at: datetime) -> None:
    """The machine's state goes round: what `step` gives can be stepped again."""
    after, _effects = escalation.step(state, event, at)
    assert_type(after, escalation.RunState)


def an_error_gives_its_problems_as_values() -> tuple[Problem, ...]:
    """A host reads problems by field, never by parsing text."""
    try:
        escalation.Protocol.model_validate({})
    except DocumentError as error:
        assert_type(error.code, str)
        return error.problems
    return ()


def loading_keeps_the_kind_of_document(text: str) -> escalation.Protocol:
    """`loads` gives the class it was asked for."""
    return assert_type(recoverycore.loads(text, format="json", expect=escalation.Protocol), escalation.Protocol)
