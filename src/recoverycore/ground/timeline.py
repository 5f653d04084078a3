"""What happened, as lines with an instant, ids and codes: the value that a record is told in, whoever keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from recoverycore.ground.instants import utc_text, zone_info
from recoverycore.ground.rendering import bundle, render

__all__ = ["Happening", "Timeline", "clock_text"]


_KNOWN_ANYWAY = frozenset({"run", "client", "key", "attempt", "level", "on_timeout", "zone", "caused_by", "bounded_by"})
"""What stands in every line of a run, or is for programs: left out of the text."""


@frozen
class Happening:
    """One line of what happened: when, what, and the ids and codes that belong to it."""

    at: datetime
    what: str
    facts: dict[str, Any] = field(factory=dict)

    def __str__(self) -> str:
        return self.text_in("UTC")

    def text_in(self, zone: str) -> str:
        """The line with its instant as wall time in `zone`."""
        told = ", ".join(f"{key} {_word(value)}" for key, value in self.shown().items())
        return f"{clock_text(self.at, zone)}  {self.what.replace('_', ' ')}: {told}".rstrip(": ")

    def shown(self) -> dict[str, Any]:
        """The ids and codes that a reader wants to see."""
        return {key: value for key, value in self.facts.items() if key not in _KNOWN_ANYWAY and value not in ([], "")}

    def to_dict(self) -> dict[str, Any]:
        """The line as plain data."""
        return {"at": utc_text(self.at), "what": self.what, **self.facts}


@frozen
class Timeline:
    """What happened, oldest first. As text a table, one line a happening; `to_rows` gives plain data; a notebook draws it.

    `zone` is where its reader is: every instant is shown as wall time there. Nothing in it is a name, a number or somebody's words.
    """

    happenings: tuple[Happening, ...]
    zone: str = "UTC"

    def in_zone(self, zone: str) -> Timeline:
        """The same for a reader in `zone`. Error: ``bad_zone``."""
        zone_info(zone)
        return evolve(self, zone=zone)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every line as plain data."""
        return [each.to_dict() for each in self.happenings]

    def to_html(self) -> str:
        """A page of its own: the picture, and a table of every line. No script, and nothing from elsewhere."""
        return render(self, "text/html;page") or ""

    def to_svg(self) -> str:
        """A picture of its own: a lane for the climb and for each person, over time."""
        return render(self, "image/svg+xml") or ""

    def __str__(self) -> str:
        return "\n".join(each.text_in(self.zone) for each in self.happenings)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - notebooks call it so
        return bundle(self)


def clock_text(at: datetime, zone: str) -> str:
    """`at` as text: in UTC as everywhere, elsewhere as wall time with its offset, so that it stays one instant."""
    return utc_text(at) if zone == "UTC" else at.astimezone(zone_info(zone)).isoformat(timespec="seconds")


def _word(value: Any) -> str:
    return " + ".join(map(str, value)) if isinstance(value, list) else str(value)
