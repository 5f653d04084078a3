"""Events for a run of any protocol, from a plain seeded generator: the same ones each time, and such that a run comes far."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.escalation.documents import Team
from recoverycore.ground.instants import utc_text
from recoverycore.testing.escalation.laws_of_messages import RANKS
from recoverycore.testing.escalation.moments import OWN_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from recoverycore.escalation import RunState

__all__ = ["EVENTS", "Cast", "happening", "pause"]

EVENTS = 32
"""So many events a run has; nobody ends it before the second half."""
_SOON = timedelta(minutes=5)
_PAUSES = tuple(timedelta(seconds=each) for each in (0, 1, 60, 180, 420, 1200))
_LATE = (0, 0, 0, 0, 1, 60, 600, 3600)


@frozen
class Cast:
    """Whoever may turn up in a run, and the rosters that there may be: as opened, without a role, without a person, empty."""

    staff: tuple[str, ...]
    everybody: tuple[str, ...]
    outsiders: tuple[str, ...]
    enders: tuple[str, ...]
    teams: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, run: RunState) -> Cast:
        """The cast of a run as it was opened."""
        facts, protocol = run.facts, run.protocol
        staff = tuple(facts.team.persons) or ("nobody",)
        outsiders = (*facts.directory, *facts.contacts)
        may_end = {*protocol.stand_down_roles, *protocol.break_glass_roles}
        enders = tuple(name for name, each in facts.team.persons.items() if may_end & set(each.roles))
        roles = sorted(facts.team.shifts_in)[:3]
        smaller = [*(_without(facts.team, role=each) for each in roles), *(_without(facts.team, person=each) for each in staff[:3])]
        written = tuple(each.model_dump(mode="json", by_alias=True, exclude_none=True) for each in (facts.team, *smaller, Team()))
        return cls(staff, (*staff, *outsiders, "client", "nobody"), outsiders or ("nobody",), enders or ("nobody",), written)


def _without(team: Team, *, role: str | None = None, person: str | None = None) -> Team:
    """The roster without a role, or without a person."""
    persons = {name: each for name, each in team.persons.items() if name != person}
    return Team(persons=persons, shifts=tuple(each for each in team.shifts if each.role != role and each.person != person))


def pause(pick: Callable[[Sequence[Any]], Any], run: RunState, now: datetime) -> datetime:
    """When the next event comes: at the clock of the run, after it, or after some pause."""
    if run.next_due is not None and pick([True, False]):
        return max(now, run.next_due + timedelta(seconds=pick(_LATE)))
    return now + pick(_PAUSES)  # type: ignore[no-any-return]  # one of the pauses


def happening(pick: Callable[[Sequence[Any]], Any], cast: Cast, run: RunState, now: datetime) -> dict[str, Any]:
    """One event that may well matter to this run as it is now. `pick` chooses among a few values, the dullest first."""
    asked = list(dict.fromkeys(each.target for each in run.messages.values())) or [cast.staff[0]]
    soon, holder, keys = utc_text(now + _SOON), pick(run.holders or [cast.staff[0]]), list(run.messages) or ["none"]
    ender = pick(cast.enders)
    over = [{"type": kind, "by": ender, "outcome": "done"} for kind in ("debrief_done", "close") if run.status == "stood_down"]
    on_the_line = [{"type": kind, "by": run.accompanied_by, "basis": "client_said_so"} for kind in ("contact_made", "accompany_end")]
    made: dict[str, Any] = pick([
        *over * 5,
        *(on_the_line if run.accompanied_by else []),
        {"type": "tick", "gen": run.generation + pick([0, 0, -1])},
        {"type": "note", "by": ender},
        {"type": "ack", "by": pick(asked), "named_human": True},
        {"type": "ack", "by": pick(cast.everybody), "auto": pick([False, False, True])},
        {"type": "decline", "by": pick(asked)},
        {"type": "un_ack", "by": holder},
        {"type": "hand_over", "by": holder, "to": pick(cast.staff)},
        {"type": "hand_over_confirm", "by": run.offer.to if run.offer else cast.staff[0]},
        {"type": "contact_made", "by": holder},
        {"type": "accompany_start", "by": holder},
        {"type": "accompany_end", "by": run.accompanied_by or holder, "basis": pick(["in_care", "client_said_so", "tired"])},
        {"type": "escalate"},
        {"type": "set_level", "level": pick([0, 1, 2, 3, 4]), "by": ender, "reason": OWN_WORDS},
        {"type": "break_glass", "by": ender, "target": pick(cast.outsiders), "reason": OWN_WORDS, "until": soon},
        {"type": "trigger", "kind": run.protocol.triggers[0], "silent": pick([False, True])},
        {"type": "receipt", "key": pick(keys), "status": pick(RANKS)},
        {"type": "receipt", "key": keys[-1], "status": "failed_permanent"},
        {"type": "consent_change", "consent": {pick(cast.outsiders): {"contact": pick(["permit", "deny"]), "max_class": "C1"}}},
        {"type": "consent_change", "safety": {"never_contact": [pick(asked)]}},
        {"type": "roster_change", "team": pick(cast.teams)},
        *([{"type": "stand_down", "by": ender, "reason": OWN_WORDS}] * 3 if len(run.applied) > EVENTS // 2 else []),
    ])  # fmt: skip
    return made
