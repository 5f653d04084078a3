"""Whose answer counts: quorums of the steps, who may still answer, and whether a stage is satisfied.

Only acks of the current climb count, and only of somebody who may hold; all of nobody is never met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from recoverycore.escalation.steps import QuorumCount, QuorumRoles
from recoverycore.escalation.targets import may_hold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from recoverycore.escalation.state import RunFields
    from recoverycore.escalation.steps import Step

__all__ = ["can_be_met", "enough", "met", "reason_at_entry", "satisfied_anywhere", "stage_due"]

_REASONS = {
    "consent_blocked": {"consent_blocked"},
    "quiet_hours": {"quiet_hours"},
    "unreachable": {"unsafe_channel", "no_channel"},
}
"""Why a stage is left when nobody could be asked, in the order of telling, by the barriers that say so."""


def met(run: RunFields, step: Step) -> bool:
    """Whether the acks that count meet the quorum of `step`. All of nobody is not met."""
    if run.climb not in run.acks.values():  # it is asked most often before anybody acked in this climb
        return False
    return enough(run, step, _counted(run, step)) and (step.quorum != "all" or not _awaited(run, step))


def can_be_met(run: RunFields, step: Step) -> bool:
    """Whether the quorum of `step` is still within reach of the acks there are and the people who may yet answer."""
    candidates = _candidates(run, step)
    if step.quorum == "all" and len(_awaited(run, step)) > len(candidates):
        return False
    return enough(run, step, candidates) or enough(run, step, [*_counted(run, step), *candidates])


def satisfied_anywhere(run: RunFields) -> bool:
    """Whether any stage that was entered, an earlier one too, has what it asked for."""
    if run.climb not in run.acks.values():
        return False
    entries = run.entries
    return any(
        _satisfied(run, [step for step in stage if step.asks and step.id in entries and entries[step.id].present])
        for stage in run.protocol.stages
    )


def stage_due(run: RunFields) -> datetime | None:
    """The earliest deadline of an unmet ask step of the current stage; of an inform-only stage the end of its pause."""
    present = [run.protocol.by_id[name] for name in run.current if run.entries[name].present]
    asks = [step for step in present if step.asks]
    if not asks:
        return max((run.entries[step.id].deadline or run.entries[step.id].entered for step in present), default=None)
    entries = run.entries
    unmet = [deadline for step in asks if (deadline := entries[step.id].deadline) and not entries[step.id].covered and not met(run, step)]
    return min(unmet, default=None)


def reason_at_entry(run: RunFields, step: Step) -> str:
    """Why a stage is left at once because of `step`: what kept its targets from being asked, in a fixed order."""
    entry = run.entries[step.id]
    if any(key is not None and may_hold(run, target) for target, key in entry.recipients.items()):
        return "no_recipient"
    found = set(entry.barriers.values())
    return next((reason for reason, barriers in _REASONS.items() if barriers & found), "no_recipient")


def _acked(run: RunFields, target: str) -> bool:
    return run.acks.get(target) == run.climb and may_hold(run, target)


def _counted(run: RunFields, step: Step) -> list[str]:
    """Recipients whose ack counts; for ``any`` in the current stage also volunteers, whom no step ever asked."""
    recipients, anybody = run.entries[step.id].recipients, step.quorum == "any" and step.id in run.current
    return [
        target
        for target, climb in run.acks.items()
        if climb == run.climb and (target in recipients or (anybody and not _was_asked(run, target))) and may_hold(run, target)
    ]


def _was_asked(run: RunFields, target: str) -> bool:
    """Whether `target` is a recipient of any ask step."""
    return any(target in entry.recipients for name, entry in run.entries.items() if run.protocol.by_id[name].asks)


def _candidates(run: RunFields, step: Step) -> list[str]:
    """Recipients who may still answer."""
    entry = run.entries[step.id]
    out = {*run.declined, *entry.unreachable, *entry.off_duty, *entry.excluded}
    return [target for target in entry.recipients if target not in out and run.acks.get(target) != run.climb and may_hold(run, target)]


def _awaited(run: RunFields, step: Step) -> list[str]:
    """For quorum ``all``: everybody reached who may hold and has not acked, the off duty and excluded left out."""
    entry = run.entries[step.id]
    out = {*entry.off_duty, *entry.excluded}
    return [target for target in entry.recipients if may_hold(run, target) and target not in out and not _acked(run, target)]


def enough(run: RunFields, step: Step, people: Sequence[str]) -> bool:
    """Whether `people` are as many, or hold the roles, that the quorum of `step` asks for."""
    match step.quorum:
        case "any" | "all":
            return bool(people)
        case "none":
            return False  # it asks for nothing, so nothing meets it: its repeats go on for as long as it lasts
        case QuorumCount(k=k):
            return len(people) >= k
        case QuorumRoles(roles=roles):
            persons = run.facts.team.persons
            return all(sum(1 for each in people if each in persons and role in persons[each].roles) >= n for role, n in roles.items())
        case _:
            assert_never(step.quorum)


def _satisfied(run: RunFields, asks: list[Step]) -> bool:
    unmet = [step for step in asks if not met(run, step)]
    return len(unmet) < len(asks) and all(run.entries[step.id].covered for step in unmet)
