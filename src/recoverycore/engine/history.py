"""What happened, told from the audit trail: the timeline of a run, and how long the steps to help took."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from recoverycore.ground.instants import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.engine.stores import AuditLink

__all__ = ["CrisisMeasures", "Happening", "Timeline", "crisis_measures", "timeline"]


_KNOWN_ANYWAY = frozenset({"run", "client", "key", "attempt", "level", "on_timeout", "zone"})
"""What stands in every line of a run, or is for programs: left out of the text."""


@frozen
class Happening:
    """One line of what happened: when, what, and the ids and codes that belong to it."""

    at: datetime
    what: str
    facts: dict[str, Any] = field(factory=dict)

    def __str__(self) -> str:
        told = ", ".join(f"{key} {_word(value)}" for key, value in self.facts.items() if key not in _KNOWN_ANYWAY and value not in ([], ""))
        return f"{utc_text(self.at)}  {self.what.replace('_', ' ')}: {told}".rstrip(": ")

    def to_dict(self) -> dict[str, Any]:
        """The line as plain data."""
        return {"at": utc_text(self.at), "what": self.what, **self.facts}


@frozen
class Timeline:
    """What happened, oldest first. As text a table, one line a happening; `to_rows` gives plain data."""

    happenings: tuple[Happening, ...]

    def to_rows(self) -> list[dict[str, Any]]:
        """Every line as plain data."""
        return [each.to_dict() for each in self.happenings]

    def __str__(self) -> str:
        return "\n".join(map(str, self.happenings))


@frozen
class CrisisMeasures:
    """How long the steps to help took, from the first call on; None for a step that has not happened."""

    minutes_to_human: float | None
    minutes_to_booked_care: float | None
    hours_to_care: float | None
    hours_to_debrief: float | None


def _word(value: Any) -> str:
    return " + ".join(map(str, value)) if isinstance(value, list) else str(value)


def timeline(links: Iterable[AuditLink], *, run: str | None = None, client: str | None = None) -> Timeline:
    """The lines that belong to `run` or, of whatever run, to `client`."""
    found = []
    for link in links:
        body = dict(link.body)
        if (run is None or run in (body.get("run"), body.get("about"))) and client in (None, body.get("client")):
            found.append(Happening(link.at, body.pop("what"), body))
    return Timeline(tuple(found))


def crisis_measures(happened: Timeline) -> CrisisMeasures:
    """The measures of the first run in `happened`. Each step counts when it first happened after the run was opened."""
    opened = next((each.at for each in happened.happenings if each.what == "run_opened"), None)

    def after(what: str, seconds: int, **facts: Any) -> float | None:
        for each in happened.happenings:
            if opened is not None and each.at >= opened and each.what == what and facts.items() <= each.facts.items():
                return round((each.at - opened).total_seconds() / seconds, 2)
        return None

    return CrisisMeasures(
        minutes_to_human=after("decided", 60, code="ack"),
        minutes_to_booked_care=after("booked", 60),
        hours_to_care=after("reported", 3600, kind="attended"),
        hours_to_debrief=after("decided", 3600, code="debrief_done"),
    )
