"""Goals in the engine: what is said about them is kept entry by entry, and how they stand is worked out anew each time.

Nothing is ever reset, and no counter exists that a slip could set to zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.engine.shell import all_of, client_of, one_of, programme_of, put
from recoverycore.engine.signals import keep_signal
from recoverycore.plans import ClientSettings, Goal, Observation, progress, rate, suggest

if TYPE_CHECKING:
    from recoverycore.engine.work import Work

__all__ = ["goals_standing", "observe"]

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
    person = client_of(work.unit, client)
    asked = one_of(work.unit, ClientSettings, client) or ClientSettings()
    settings = asked if asked.zone else asked.evolve(zone=person.zone or programme_of(work.unit).zone)
    entries = all_of(work.unit, Observation, client)
    found = {}
    for goal in all_of(work.unit, Goal, client):
        periods = progress(goal, entries, as_of=work.at, settings=settings)
        latest = periods[-1].to_row() if periods else {}
        found[goal.id] = {**latest, "rate": rate(periods).to_row(), "suggestion": suggest(periods).suggestion}
    return found
