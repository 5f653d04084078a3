"""Patches as bits, looked up axis by axis: the mask of a value holds the bit of each patch that holds this value.

The masks of all axes, taken together, are the patches that hold a whole cell. What was looked up once is kept; a value that nobody named
has the mask of those patches that hold everything.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from recoverycore.consent.posets import STAR
from recoverycore.consent.times import EVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverycore.consent.plan.patches import Bond, Patch, Place, Standing, Test
    from recoverycore.consent.posets import Axis, Vocabulary

__all__ = ["Held", "Nature", "Tables", "kept", "turns"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_AT_MOST = 10_000
"""So many values are remembered; then it begins anew, so that strange requests fill no memory."""

Held = tuple[frozenset["Place"], frozenset["Place"]] | None
"""The roles held, as a permit reads them and as a deny does; None where nobody asked."""
Nature: TypeAlias = Literal["class", "code"]
"""What a record is beside its category."""
_CODES: tuple[tuple[Axis, str], ...] = (
    ("label", "labels"),
    ("category", "categories"),
    ("purpose", "purposes"),
    ("action", "actions"),
)


class Tables:
    """The masks of some patches, by axis. The bit of a patch is its place among them."""

    def __init__(self, patches: Sequence[Patch], words: Vocabulary) -> None:
        self.patches = patches
        self.words = words
        self.everything = (1 << len(patches)) - 1
        self.loose = self.released = 0
        self.star: dict[Axis, int] = dict.fromkeys(("label", "category", "purpose", "action"), 0)
        self.written: dict[Axis, dict[str, int]] = {axis: {} for axis in self.star}
        self.anybody = self.no_role_needed = self.any_date = 0
        self.people: dict[tuple[str, str, str | None], int] = {}
        self.anywhere: dict[str, int] = {}
        self.roles_named: dict[Place, int] = {}
        self.roles_anywhere: dict[str, int] = {}
        self.disclosers: dict[str | None, int] = {}
        """Under None those of everybody."""
        self.dated: list[tuple[int, date, date]] = []
        self.tests: dict[str, list[tuple[int, Test]]] = {}
        self._known: dict[Any, int] = {}
        for place, patch in enumerate(patches):
            self._add(patch, 1 << place)
        self.times, self.in_force = turns(patches)

    def _add(self, patch: Patch, bit: int) -> None:
        if patch.loose:
            self.loose |= bit
        if patch.acts == "as_released":
            self.released |= bit
        for axis, name in _CODES:
            codes = getattr(patch, name)
            if STAR in codes:
                self.star[axis] |= bit
            else:
                _noted(self.written[axis], codes, bit)
        self.anybody |= bit if patch.people is None else 0
        _noted(self.people, patch.people or (), bit)
        _noted(self.anywhere, {name for _, name, _ in patch.people or ()}, bit)
        self.no_role_needed |= bit if patch.roles is None else 0
        _noted(self.roles_named, patch.roles or (), bit)
        _noted(self.roles_anywhere, {role for role, _ in patch.roles or ()}, bit)
        _noted(self.disclosers, (patch.discloser,), bit)
        if patch.first is None and patch.last is None:
            self.any_date |= bit
        else:
            self.dated.append((bit, patch.first or date.min, patch.last or date.max))
        for name, asked in patch.tests.items():
            self.tests.setdefault(name, []).extend((bit, test) for test in asked)

    # -- one value -------------------------------------------------------------------------------------------------------
    def when(self, at: datetime) -> int:
        """The patches in force at `at`."""
        return self.in_force[bisect_right(self.times, at) - 1]

    def purpose(self, purpose: str) -> int:
        """The patches that hold `purpose`, by its own name."""
        return self._kept("purpose", purpose)

    def category(self, category: str | None) -> int:
        """The patches that hold `category`; of one that is not known, those that hold everything, and the loose ones."""
        return self._kept("category", category)

    def action(self, action: str) -> int:
        """The patches that hold `action`."""
        return self._kept("action", action)

    def label(self, label: str) -> int:
        """The patches that hold `label`."""
        return self._kept("label", label)

    def labels(self, labels: Iterable[str]) -> int:
        """The patches that hold a record of exactly these labels: every one of them, or if loose one of them."""
        every, some = self.everything, self.star["label"]
        for label in labels:
            mask = self.label(label)
            every &= mask
            some |= mask
        return (every & ~self.loose) | (some & self.loose)

    def discloser(self, name: str | None, kind: str | None) -> int:
        """The patches of this discloser; where nobody knows who it is, those of everybody, and the loose ones."""
        key = ("discloser", name, kind)
        known = self._known.get(key)
        if known is None:
            named = self.loose if name is None else self.disclosers.get(name, 0)
            known = kept(self._known, key, self._tested("discloser", self.disclosers.get(None, 0) | named, (name, kind)))
        return known

    def who(self, name: str, org: str | None) -> int:
        """The patches that reach somebody of this id at this organisation, as far as those say.

        Where nobody knows the organisation, a loose one reaches the person whom it means at any.
        """
        key = ("who", name, org)
        known = self._known.get(key)
        if known is None:
            named = self.people.get
            found = self.anybody | named(("person", name, None), 0) | named(("org", name, None), 0)
            if org is None:
                found |= self.anywhere.get(name, 0) & self.loose
            else:
                found |= named(("person", name, org), 0) | named(("org", org, None), 0)
            known = kept(self._known, key, self._tested("who", found, (name, org)))
        return known

    def standing(self, standing: Standing) -> int:
        """The patches that reach a recipient of this standing, as far as that says."""
        return self._asked("standing", standing)

    def bond(self, bond: Bond) -> int:
        """The patches that reach a recipient of this bond, as far as that says."""
        return self._asked("bond", bond)

    def nature(self, axis: Nature, value: str | None) -> int:
        """The patches that hold a record of this class or code, which trees alone name."""
        return self._asked(axis, value)

    def roles(self, held: Held) -> int:
        """The patches that reach who holds these roles, as far as those say; of a role held nobody knows where, the loose ones too."""
        key = ("roles", held)
        known = self._known.get(key)
        if known is None:
            if held is None:
                found = self.no_role_needed | self.loose
            else:
                strict, loose = (self._named(each) for each in held)
                found = self.no_role_needed | (strict & ~self.loose) | (loose & self.loose)
            known = kept(self._known, key, self._tested("roles", found, held))
        return known

    def date(self, made_on: date | None) -> int:
        """The patches that hold a record made on this day; of one that is not known, those of any day, and the loose ones."""
        if made_on is None:
            return self.any_date | self.loose
        found = self.any_date
        for bit, first, last in self.dated:
            if first <= made_on <= last:
                found |= bit
        return found

    # -- how ---------------------------------------------------------------------------------------------------------------
    def _named(self, held: frozenset[Place]) -> int:
        found = 0
        for role, org in held:
            found |= self.roles_named.get((role, None), 0)
            if org is None:
                found |= self.roles_anywhere.get(role, 0) & self.loose
            else:
                found |= self.roles_named.get((role, org), 0)
        return found

    def _kept(self, axis: Axis, value: str | None) -> int:
        key = (axis, value)
        known = self._known.get(key)
        if known is None:
            if value is None:
                found = self.star[axis] | self.loose
            else:
                found = self._covering(axis, value)
                if value == "redisclose" and axis == "action":
                    found |= self._covering(axis, "disclose") & self.released
            known = kept(self._known, key, self._tested(axis, found, value))
        return known

    def _covering(self, axis: Axis, value: str) -> int:
        found, written = self.star[axis], self.written[axis]
        for code in self.words.upward(axis, value):
            found |= written.get(code, 0)
        return found

    def _asked(self, axis: str, value: Any) -> int:
        key = (axis, value)
        known = self._known.get(key)
        return kept(self._known, key, self._tested(axis, self.everything, value)) if known is None else known

    def _tested(self, axis: str, found: int, value: Any) -> int:
        for bit, (test, given) in self.tests.get(axis, ()):
            if not test(*given, value):
                found &= ~bit
        return found


def kept(known: dict[Any, V], key: Any, value: V) -> V:
    """`value`, remembered under `key`."""
    if len(known) >= _AT_MOST:
        known.clear()
    known[key] = value
    return value


def _noted(known: dict[K, int], values: Iterable[K], bit: int) -> None:
    for each in values:
        known[each] = known.get(each, 0) | bit


def turns(patches: Sequence[Patch]) -> tuple[list[datetime], list[int]]:
    """The instants from which on other patches are in force than before, the first of all times among them, and those patches."""
    always = 0
    changes: dict[datetime, tuple[int, int]] = {EVER: (0, 0)}
    for place, patch in enumerate(patches):
        bit = 1 << place
        if patch.live is None:
            always |= bit
            continue
        for at, live in patch.live:
            on, off = changes.get(at, (0, 0))
            changes[at] = (on | bit, off) if live else (on, off | bit)
    times: list[datetime] = []
    masks: list[int] = []
    now = always
    for at in sorted(changes):
        on, off = changes[at]
        now = (now | on) & ~off
        if not masks or now != masks[-1]:
            times.append(at)
            masks.append(now)
    return times, masks
