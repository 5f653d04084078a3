"""Goals in the engine: what is said about them is kept entry by entry, and how they stand is worked out anew each time.

Nothing is ever reset, and no counter exists that a slip could set to zero.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recoverycore.engine.shell import all_of, client_of, one_of, programme_of, put
from recoverycore.engine.signals import keep_signal
from recoverycore.plans import ClientSettings, Goal, Observation, progress, rate, suggest
from recoverycore.plans.period_progress import PeriodProgress, share_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.engine.work import Work

__all__ = ["calendar_of", "goals_standing", "observe"]

CLIENT = "client"
"""How an entry says that the client made it, beside the client's own id."""


def observe(work: Work, client: str, observation: Observation) -> dict[str, Any]:
    """Keep an entry about a goal. Made by the client it is also a contact with them."""
    client_of(work.unit, client)
    put(work.unit, observation, client)
    work.note("observed", client=client, id=observation.id, counts=observation.counts, by=observation.by)
    if observation.by in (CLIENT, client):
        keep_signal(work, client, kind="record", identifier=observation.id, by=client)
    return {"observation": observation.id}


def goals_standing(work: Work, client: str) -> dict[str, dict[str, Any]]:
    """How each goal of a client stands: its newest period, how many closed ones were met, and the word that suggests itself.

    Error: ``settings_missing`` where the client's calendar was not asked yet.
    """
    settings = calendar_of(work, client)
    entries = all_of(work.unit, Observation, client)
    found = {}
    for goal in all_of(work.unit, Goal, client):
        periods = progress(goal, entries, as_of=work.at, settings=settings)
        latest = periods[-1].to_row() if periods else {}
        found[goal.id] = {
            **latest,
            "value": _number(periods[-1].value) if periods else None,
            "rate": rate(periods).to_row(),
            "suggestion": suggest(periods).suggestion,
            "best": _best(periods),
        }
    return found


def calendar_of(work: Work, client: str) -> ClientSettings:
    """What a client said about their calendar; the zone is that of their record, or of the programme, where they said none."""
    person = client_of(work.unit, client)
    asked = one_of(work.unit, ClientSettings, client) or ClientSettings()
    return asked if asked.zone else asked.evolve(zone=person.zone or programme_of(work.unit).zone)


def _number(value: int | Fraction | None) -> int | str | None:
    return share_text(value) if isinstance(value, Fraction) else value


def _best(periods: Iterable[PeriodProgress]) -> str | None:
    """The first date of the closed period with the greatest number that is certain, the latest of several. Nothing resets it."""
    known = [(each.value, each.start) for each in periods if each.closed and each.value is not None and each.start is not None]
    return max(known)[1].isoformat() if known else None
