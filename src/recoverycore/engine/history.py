"""What happened, told from the audit trail: the timeline of a run, and how long the steps to help took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.ground.timeline import Happening, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.engine.stores import AuditLink

__all__ = ["CrisisMeasures", "crisis_measures", "timeline"]


@frozen
class CrisisMeasures:
    """How long the steps to help took, from the first call on; None for a step that has not happened."""

    minutes_to_human: float | None
    minutes_to_booked_care: float | None
    hours_to_care: float | None
    hours_to_debrief: float | None


def timeline(links: Iterable[AuditLink], *, run: str | None = None, client: str | None = None) -> Timeline:
    """The lines that belong to `run` or, of whatever run, to `client`."""
    found = []
    for link in links:
        body = dict(link.body)
        if (run is None or _belongs(body, run)) and client in (None, body.get("client")):
            found.append(Happening(link.at, body.pop("what"), body))
    return Timeline(tuple(found))


def _belongs(body: dict[str, Any], run: str) -> bool:
    """Whether a line is about `run`: its own, or something owed for it, or for telling somebody in it."""
    return body.get("run") == run or str(body.get("about") or "").split(" ", maxsplit=1)[0] == run


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
