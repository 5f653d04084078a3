"""What a SQLite store knows of its own tables from one unit to the next, so that nothing is read again that nobody has written since."""

from __future__ import annotations

from collections import OrderedDict

from attrs import define, field

from recoverycore.engine.stores.protocol import AuditLink

__all__ = ["Known", "Row"]

Row = tuple[str, str, int, str]
"""Kind, id, revision and text of a document: what is kept is text, so that no value is ever shared with a caller."""
_MOST, _EACH = 16_000_000, 200
"""So many characters are kept at most, with what goes with each row, and what was asked for longest ago makes room."""


@define(repr=False)
class Known:
    """The newest revisions of documents, and the last link of the audit chain. The unit that is open has it, and nobody else.

    A unit that is rolled back takes it along. `stamp` says what had been written to the file when the last unit ended, by others
    and by this connection.
    """

    stamp: tuple[int, int] = (0, 0)
    last_link: AuditLink | None = None
    _rows: OrderedDict[tuple[str, ...], tuple[Row, ...]] = field(factory=OrderedDict, init=False)
    _size: int = field(default=0, init=False)

    def as_of(self, stamp: tuple[int, int]) -> None:
        """Forget everything, if anybody has written to the file since the last unit ended."""
        if stamp != self.stamp:
            self.last_link, self._size = None, 0
            self._rows.clear()

    def rows(self, asked: tuple[str, ...]) -> tuple[Row, ...] | None:
        """The newest revision of one document (`asked` is its kind and id) or of each of a kind; None where that is not known."""
        found = self._rows.get(asked)
        if found is not None:
            self._rows.move_to_end(asked)
        return found

    def keep(self, asked: tuple[str, ...], rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Keep what was read or written, and give it back."""
        self._forget(asked)
        self._rows[asked] = rows
        self._size += _size(rows)
        while self._size > _MOST:
            self._forget(next(iter(self._rows)))
        return rows

    def forget(self, kind: str, identifier: str) -> None:
        """A document is about to have a new revision: even if an interrupt comes right after that, nothing older is known."""
        self._forget((kind, identifier))
        self._forget((kind,))

    def _forget(self, asked: tuple[str, ...]) -> None:
        if asked in self._rows:
            self._size -= _size(self._rows.pop(asked))


def _size(rows: tuple[Row, ...]) -> int:
    return _EACH + sum(_EACH + len(text) for _, _, _, text in rows)
