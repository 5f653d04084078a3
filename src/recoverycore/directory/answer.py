"""What a lookup answers: entries in the order in which they are shown, each with what is known against it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from recoverycore.directory.documents import DirectoryEntry
from recoverycore.directory.opening import Open
from recoverycore.ground.instants import utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "Listed"]

_OPEN: Final[Mapping[str, str]] = {"yes": "open now", "no": "closed now", "unknown": "hours not known"}
_WARNINGS: Final[Mapping[str, str]] = {
    "expired": "its time has run out",
    "language": "nobody there is known to speak the language",
    "not_yet_valid": "it has not begun yet",
    "stale": "it was checked long ago",
    "unverified": "nobody noted when it was checked",
    "verified_in_future": "the day of its check lies ahead",
}
"""In words, what `_OPEN` does not say yet."""


@frozen
class Listed:
    """An entry as of an instant. `opens_at` is there only when it is closed and the next opening is known."""

    entry: DirectoryEntry
    open: Open
    opens_at: datetime | None
    warnings: tuple[str, ...]

    def to_row(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "id": self.entry.id,
            "open": self.open,
            "opens_at": utc_text(self.opens_at) if self.opens_at else None,
            "warnings": list(self.warnings),
        }


@frozen
class Answer:
    """Whom to show: first `primary`, then `also`. It always holds somebody; `fallback` says that nobody fresh and not closed was found."""

    primary: tuple[Listed, ...]
    also: tuple[Listed, ...]
    fallback: bool

    @property
    def lines_open_now(self) -> tuple[Listed, ...]:
        """The primary entries that are open for certain, without the floor."""
        return tuple(each for each in self.primary if each.open == "yes" and not each.entry.floor)

    @property
    def not_offered(self) -> tuple[Listed, ...]:
        """The rest of the kind: closed, out of date or in doubt; without the floor."""
        return tuple(each for each in self.also if not each.entry.floor)

    @property
    def floor(self) -> tuple[Listed, ...]:
        """What holds for everybody and needs no software, wherever in the answer it stands."""
        return tuple(each for each in (*self.primary, *self.also) if each.entry.floor)

    def to_rows(self) -> list[dict[str, Any]]:
        """Everybody in order, as plain rows that say in which part they stand."""
        parts = {"primary": self.primary, "also": self.also}
        return [{"part": part, **each.to_row()} for part, listed in parts.items() for each in listed]

    def explain(self) -> str:
        """One line an entry: where it stands, whether somebody answers there, and what is known against it."""
        return "\n".join(
            f"{part} {each.entry.id}: " + ", ".join([_OPEN[each.open], *(_WARNINGS[code] for code in each.warnings if code in _WARNINGS)])
            for part, listed in (("primary", self.primary), ("also", self.also))
            for each in listed
        )
