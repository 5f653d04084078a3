"""The orders in which codes cover each other, one for each axis of a decision, and the other names of codes.

A value that a directive writes means itself and everything below it; a value in a request is a point. A permit for a parent
reaches its children, one for a child never reaches the parent, and denies do the same. A code nobody listed stands alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias

from attrs import field, frozen

from recoverycore.errors import DocumentError, problem

__all__ = ["STAR", "Axis", "Vocabulary", "standard_vocabulary"]

Axis: TypeAlias = Literal["label", "purpose", "action", "category"]
STAR = "*"
"""Every value, also the values that nobody listed."""

_Table: TypeAlias = Mapping[Axis, Mapping[str, Iterable[str]]]
_ITSELF: Mapping[str, frozenset[str]] = {}
_ALONE: Mapping[str, tuple[str, ...]] = {}


@frozen
class Vocabulary:
    """What covers what, and what is another name of what. Made by `extended`, so an edge is never taken away.

    >>> words = standard_vocabulary()
    >>> words.covers("label", frozenset({"BH"}), "OPIOIDUD"), words.covers("label", frozenset({"OPIOIDUD"}), "BH")
    (True, False)
    >>> sorted(words.read("purpose", ["TREAT", "tpo"]))
    ['operations', 'payment', 'treatment']
    """

    below: Mapping[Axis, Mapping[str, frozenset[str]]] = field(factory=dict)
    """The edges as written: a code and what stands right below it."""
    above: Mapping[Axis, Mapping[str, frozenset[str]]] = field(factory=dict)
    """Each code that stands below another: itself and everything that covers it."""
    aliases: Mapping[Axis, Mapping[str, tuple[str, ...]]] = field(factory=dict)

    def read(self, axis: Axis, codes: Iterable[str]) -> frozenset[str]:
        """`codes` by their own names: an alias is replaced on the way in and never kept."""
        known, written = self.aliases.get(axis, _ALONE), frozenset(codes)
        if written.isdisjoint(known):
            return written
        return frozenset([each for code in written for each in known.get(code, (code,))])

    def one(self, axis: Literal["action", "category"], code: str) -> str:
        """`code` by its own name, on an axis on which another name never means several."""
        meant = self.aliases.get(axis, _ALONE).get(code)
        return code if meant is None else meant[0]

    def upward(self, axis: Axis, point: str) -> frozenset[str]:
        """Every code that covers `point`, itself included."""
        return self.above.get(axis, _ITSELF).get(point) or frozenset((point,))

    def covers(self, axis: Axis, values: frozenset[str], point: str) -> bool:
        """Whether `point` is one of `values` or stands below one of them. Both by their own names."""
        if point in values or STAR in values:
            return True
        above = self.above.get(axis, _ITSELF).get(point)
        return above is not None and not values.isdisjoint(above)

    def extended(self, order: _Table, aliases: _Table) -> Vocabulary:
        """The same vocabulary with more edges and names.

        Errors: ``vocabulary_cycle``, ``vocabulary_alias_taken``, ``vocabulary_alias_wide``.
        """
        names = {axis: dict(known) for axis, known in self.aliases.items()}
        for axis, added in aliases.items():
            here = names.setdefault(axis, {})
            codes = self.codes(axis) | {code for above, below in order.get(axis, {}).items() for code in (above, *below)}
            for alias, written in added.items():
                meant = tuple(sorted(self.read(axis, written)))
                if alias in codes or alias == STAR or not meant or here.get(alias, meant) != meant or not added.keys().isdisjoint(meant):
                    raise DocumentError(problem("vocabulary_alias_taken", f"/vocabulary/aliases/{axis}"))
                if len(meant) > 1 and axis in ("action", "category"):
                    raise DocumentError(problem("vocabulary_alias_wide", f"/vocabulary/aliases/{axis}"))
                here[alias] = meant
        spoken = Vocabulary(aliases=names)
        edges = {axis: dict(known) for axis, known in self.below.items()}
        for axis, wanted in order.items():
            known = edges.setdefault(axis, {})
            for parent, children in wanted.items():
                for code in spoken.read(axis, [parent]):
                    known[code] = known.get(code, frozenset()) | spoken.read(axis, children)
        return Vocabulary(edges, {axis: _upward(axis, known) for axis, known in edges.items()}, names)

    def codes(self, axis: Axis) -> set[str]:
        """Every code that stands in an order or that an alias means. Any other code stands alone."""
        meant = {code for codes in self.aliases.get(axis, {}).values() for code in codes}
        return meant | {code for above, below in self.below.get(axis, {}).items() for code in (above, *below)}


def _upward(axis: Axis, below: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """For each code that stands below another: itself and all that cover it."""
    parents: dict[str, set[str]] = {}
    for parent, children in below.items():
        for child in children:
            parents.setdefault(child, set()).add(parent)
    found: dict[str, frozenset[str]] = {}
    for code, right_above in parents.items():
        reached: set[str] = set()
        waiting = list(right_above)
        while waiting:
            each = waiting.pop()
            if each not in reached:
                reached.add(each)
                waiting += parents.get(each, ())
        if code in reached:
            raise DocumentError(problem("vocabulary_cycle", f"/vocabulary/order/{axis}"))
        found[code] = frozenset(reached | {code})
    return found


@cache
def standard_vocabulary() -> Vocabulary:
    """The order and the names that every decision starts from (security labels and purposes of use as in HL7, in plain words)."""
    written = tomllib.loads(resources.files("recoverycore.consent").joinpath("vocabulary.toml").read_text("utf-8"))
    return Vocabulary().extended(written["order"], written["aliases"])
