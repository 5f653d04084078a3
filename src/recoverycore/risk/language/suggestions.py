"""Which known name was probably meant by one that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["edits", "suggest"]


def edits(here: str, there: str) -> int:
    """How many single changes lead from one word to the other: insert, delete, substitute, or swap two neighbours (Damerau 1964).

    >>> edits("witin", "within"), edits("hihg", "high"), edits("ca", "abc")
    (1, 1, 2)
    """
    far = len(here) + len(there)
    seen: dict[str, int] = {}
    rows: list[list[int]] = [[far] * (len(there) + 2), [far, *range(len(there) + 1)]]
    for i, letter in enumerate(here, 1):
        row = [far, i]
        swap_column = 0
        for j, other in enumerate(there, 1):
            swap_row, before = seen.get(other, 0), swap_column
            if letter == other:
                swap_column = j
            changed = rows[i][j] + (letter != other)
            swapped = rows[swap_row][before] + (i - swap_row - 1) + 1 + (j - before - 1)
            row.append(min(changed, row[j] + 1, rows[i][j + 1] + 1, swapped))
        rows.append(row)
        seen[letter] = i
    return rows[-1][-1]


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """The nearest of `candidates`, the first in the alphabet among equals; None if even that takes too many changes.

    >>> suggest("phq9_totl", ["phq9_total", "housed"])
    'phq9_total'
    """
    most = max(1, len(name) // 4)
    near = sorted((edits(name, each), each) for each in candidates if abs(len(each) - len(name)) <= most)
    return near[0][1] if near and near[0][0] <= most else None
