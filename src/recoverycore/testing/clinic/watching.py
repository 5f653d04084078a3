"""What must never happen in a simulated run, looked for at each call of the machine. The checks ask nothing of the code they judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation import Audit, Cancel, Send, Terminal, Timer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from recoverycore.escalation import Event, RunState
    from recoverycore.escalation.effects import Effect

__all__ = ["CHECKS"]

_OVER = ("stood_down", "closed")
_TIMEOUT = "stage_left:timeout"
_ACTS = (Send, Timer, Terminal, Cancel)


def lost(before: RunState, event: Event, after: RunState, effects: tuple[Effect, ...]) -> bool:
    """A run waits with nothing to wake it, is held by nobody, or ends without its terminal step; or somebody's answer came to nothing."""
    if event.type == "ack" and before.status != "new" and not any(isinstance(each, Audit) and each.subject == event.by for each in effects):
        return True
    match after.status:
        case "open":
            return after.next_due is None or after.last is None or after.next_due <= after.last
        case "held":
            return not after.holders
        case "exhausted":
            return not after.terminal_shown
        case _:
            return False


def two_owners(before: RunState, event: Event, after: RunState, effects: tuple[Effect, ...]) -> bool:
    """Somebody holds twice, or takes what another has already."""
    if len(set(after.holders)) != len(after.holders):
        return True
    taken = before.status == "held" == after.status and event.type == "ack"
    return (
        taken
        and set(after.holders) > set(before.holders)
        and not any(isinstance(each, Audit) and each.code == "reopened" for each in effects)
    )


def early_step(before: RunState, event: Event, after: RunState, effects: tuple[Effect, ...]) -> bool:
    """A stage is given up before the time of the step that it was left for, or another one begins while it stands."""
    if not effects or before.status != "open" or before.deferred_until is not None or event.type not in ("tick", "receipt", "note"):
        return False
    codes = [(each.code, each.subject) for each in effects if isinstance(each, Audit)]
    if any(code == "stage_entered" for code, _ in codes) and not any(code.startswith("stage_left:") for code, _ in codes):
        return True
    given_up = [subject or "" for code, subject in codes if code == _TIMEOUT and subject in before.current]
    return any(after.last is None or after.last < _over_at(before, step) for step in given_up)


def _over_at(run: RunState, name: str) -> datetime:
    """When the time of a step of the current stage is over, worked out from the protocol."""
    step, entered = run.protocol.by_id[name], run.entries[name].entered
    if not step.asks:
        lengths = [each.ack_within for each in run.protocol.steps if each.id in run.current and run.entries[each.id].present]
        return entered + max(each for each in lengths if each is not None) if any(lengths) else entered
    length: timedelta | None = step.ack_within
    if length is None:
        return entered
    from_start = step.from_ == "activation" and run.activated is not None
    return max(entered, run.activated + length) if from_start and run.activated is not None else entered + length


def act_after_the_end(before: RunState, event: Event, after: RunState, effects: tuple[Effect, ...]) -> bool:
    """A run that a human has ended sends, waits, shows something or begins again."""
    del event
    if before.status not in _OVER:
        return after.status in _OVER and after.next_due is not None
    return after.status not in _OVER or after.next_due is not None or any(isinstance(each, _ACTS) for each in effects)


CHECKS: dict[str, Callable[[RunState, Event, RunState, tuple[Effect, ...]], bool]] = {
    each.__name__: each for each in (lost, two_owners, early_step, act_after_the_end)
}
"""What must never happen, by name; each says whether it has happened in one call of the machine."""
