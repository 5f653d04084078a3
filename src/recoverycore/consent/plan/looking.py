"""Looking requests up: from what they say, as it is written, to the patches that hold it. What was looked up before is not read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent.judging import effective_labels
from recoverycore.consent.plan.tables import kept

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from datetime import datetime

    from recoverycore.consent.facts import Facts
    from recoverycore.consent.matter import Setting
    from recoverycore.consent.plan.tables import Held, Tables
    from recoverycore.consent.requests import Discloser, Recipient, Record, Request, RoleHeld
    from recoverycore.consent.times import Reading

__all__ = ["Looking"]


class Looking:
    """The tables of a plan, asked in the words of a request. `tables` belong to one sheet, `setting` and `facts` to the plan."""

    def __init__(self, tables: Tables, setting: Setting, facts: Facts) -> None:
        self.tables, self.setting, self.facts = tables, setting, facts
        self._people: dict[Hashable, int] = {}
        self._acts: dict[Hashable, int] = {}
        self._records: dict[Hashable, int] = {}
        self._purposes: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._masks: dict[int, int] = {}
        self._claims: dict[tuple[str, ...], bool] = {}

    def masks(self, request: Request, record: Record) -> tuple[int, ...]:
        """The patches that hold the matter apart from time, for each purpose by its own name, in their order."""
        whole = self.asking(request) & self.record(record, request.discloser)
        return tuple([self._same(whole & each) for each in self.purposes(request.purposes)])

    def _same(self, mask: int) -> int:
        """`mask`, of many that are equal always the same one: they are fewer by far than requests."""
        found = self._masks.get(mask)
        return kept(self._masks, mask, mask) if found is None else found

    def asking(self, request: Request) -> int:
        """The patches that hold who asks, what would be done, and who would release."""
        discloser = request.discloser
        key = (request.action, None if discloser is None else discloser.id)
        found = self._acts.get(key)
        if found is None:
            action = self.setting.words.one("action", request.action)
            found = kept(self._acts, key, self.tables.action(action) & self.tables.discloser(key[1], None))
        return found & self.recipient(request)

    def purposes(self, written: tuple[str, ...]) -> tuple[int, ...]:
        """The patches that hold each purpose."""
        found = self._purposes.get(written)
        if found is None:
            named = sorted(self.setting.words.read("purpose", written))
            found = kept(self._purposes, written, tuple(self.tables.purpose(each) for each in named))
        return found

    def claimed(self, written: tuple[str, ...]) -> bool:
        """Whether an emergency is claimed: break-glass is among the purposes."""
        found = self._claims.get(written)
        if found is None:
            found = kept(self._claims, written, "break_glass" in self.setting.words.read("purpose", written))
        return found

    def record(self, record: Record, discloser: Discloser | None) -> int:
        """The patches that hold a record: all its effective labels, its category, its day."""
        source = record.source
        own = discloser is not None and source == discloser.id and discloser.kind == "part2_program"
        key = (record.labels, source, own, record.category)
        found = self._records.get(key)
        if found is None:
            words, tables = self.setting.words, self.tables
            category = None if record.category is None else words.one("category", record.category)
            labels = effective_labels(record, discloser, self.facts, words)
            found = kept(self._records, key, tables.labels(labels) & tables.category(category))
        return found & self.tables.date(record.date) if self.tables.dated else found

    def axes(self, request: Request, record: Record) -> tuple[int, int, int, int, int]:
        """The patches that hold the discloser, action, labels, category and day, each by itself."""
        tables, discloser, words = self.tables, request.discloser, self.setting.words
        action = words.one("action", request.action)
        category = None if record.category is None else words.one("category", record.category)
        return (
            tables.discloser(None if discloser is None else discloser.id, None),
            tables.action(action),
            tables.labels(effective_labels(record, discloser, self.facts, words)),
            tables.category(category),
            tables.date(record.date),
        )

    def recipient(self, request: Request) -> int:
        """The patches that reach who asks, with the roles they hold at the instant of the request."""
        who = request.recipient
        held: Any = who.roles
        if held:
            lasting = tuple([(each.role, each.org) for each in held if each.until is None])
            if len(lasting) < len(held):
                return self._found(who, self._held_at(held, request.at))
            held = lasting
        key = (who.id, who.org, who.kind, who.treating_relationship, who.via, held)
        found = self._people.get(key)
        if found is None:
            places = None if held is None else frozenset(held)
            found = kept(self._people, key, self._found(who, None if places is None else (places, places)))
        return found

    def _found(self, who: Recipient, held: Held) -> int:
        treating = who.treating_relationship if isinstance(who.treating_relationship, bool) else None
        tables = self.tables
        return tables.who(who.id, who.org) & tables.standing((who.kind, treating, who.via)) & tables.roles(held)

    def _held_at(self, roles: Iterable[RoleHeld], at: datetime) -> Held:
        """Those of `roles` that are held at `at`, as a permit reads them and as a deny does."""
        calendar = self.setting.calendar

        def held(reading: Reading) -> frozenset[tuple[str, str | None]]:
            return frozenset((each.role, each.org) for each in roles if each.until is None or at < calendar.ends(each.until, reading))

        return held("narrow"), held("wide")
