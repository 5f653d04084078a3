"""Every value there may be, axis by axis, as few that stand for all: values that no paper and no profile tells apart are one.

Beside what is named on an axis there is always one value that nobody named, so that an answer holds in an open world.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from recoverycore.consent.plan.guards import names_in, read_by
from recoverycore.consent.plan.tables import Tables
from recoverycore.consent.plan.where import Where
from recoverycore.consent.posets import STAR
from recoverycore.consent.reading import Reads
from recoverycore.consent.requests import Recipient, RoleHeld
from recoverycore.consent.times import EVER
from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from recoverycore.consent.plan.patches import Place
    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.tables import Nature
    from recoverycore.consent.posets import Axis

__all__ = ["AxisValues", "HeldAt", "Releasing", "Space", "open_space", "releasing_in", "starts_in", "unnamed"]

AxisValues = list[tuple[int, Any]]
"""The values of an axis that stand for all of them, each with its mask."""
_SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_DAYS_ARE_OVER = timedelta(hours=10)
"""So long after its midnight in UTC a day is over at UTC+14; at UTC-12 it is over a day and two hours later."""
_ACTIONS = ("disclose", "use", "redisclose", "list_disclosures", "accounting")


class HeldAt(NamedTuple):
    """A role and where it is held; `ending`, until a day that may be over."""

    role: str
    org: str | None
    ending: bool = False


@frozen
class Roles:
    """The masks of who holds none of the roles that are named, of whom nobody asked, and of who holds one of them."""

    none: int
    unknown: int
    each: AxisValues


@frozen
class Releasing:
    """Whoever may release, by name; and a name for one whom nobody named, if it may be anybody.

    Who the recipient is to a discloser may matter, whether somebody has named that one or not: they may be of it, or hold a role there.
    """

    named: tuple[str, ...]
    other: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, the one whom nobody named behind the others."""
        return self.named if self.other is None else (*self.named, self.other)


@frozen
class Space:
    """The values of each axis by its name, in the order in which they are tried; and the roles and labels that sets are made of."""

    axes: dict[str, AxisValues]
    roles: Roles
    labels: AxisValues


def releasing_in(plans: Sequence[Plan], where: Where) -> Releasing:
    """Whoever may release inside `where`. Error: ``profile_untold``."""
    if where.releasing is not None:
        return Releasing((where.releasing.id,), None)
    if where.only_disclosers:
        return Releasing(tuple(sorted(where.disclosers)), None)
    named = {paper.discloser for plan in plans for paper in plan.consents.papers if paper.discloser is not None} - {STAR}
    return Releasing(tuple(sorted(named)), unnamed("discloser", named | _looks(plans)[1]))


def _looks(plans: Sequence[Plan]) -> tuple[Reads, frozenset[str]]:
    """What the profiles of `plans` look at, and whom the facts name, if they look at that."""
    looks = Reads()
    facts: frozenset[str] = frozenset()
    for plan in plans:
        looks |= read_by(plan.setting)
    if looks.parties:
        facts = facts.union(*(names_in(plan.facts.to_data()) for plan in plans))
    return looks, facts


def open_space(tables: Tables, plans: Sequence[Plan], where: Where, releasing: Releasing) -> Space:
    """The space of everything inside `where`. Error: ``plans_unlike``."""
    looks, facts = _looks(plans)
    made = _Space(tables, where, looks, facts, releasing)
    axes = {
        "purpose": made.codes("purpose", tables.purpose, looks.purposes),
        "action": made.codes("action", tables.action, looks.actions | set(_ACTIONS)),
        "who": made.who(),
        "standing": made.standing(),
        "category": [*made.codes("category", tables.category, looks.categories), *made.no_category()],
        "discloser": made.disclosers(),
        "when": made.when(),
        "date": made.dates(),
        "class": made.natures("class"),
        "code": made.natures("code"),
        "bond": made.bond(),
    }
    if (tables.roles_anywhere or looks.roles) and len({plan.setting.client.zone for plan in plans}) > 1:
        raise DocumentError(problem("plans_unlike", "/client/zone"))  # a role held until some day would end at two instants
    labels = made.codes("label", tables.label, looks.labels, free=True)
    return Space({name: _apart(values) for name, values in axes.items()}, made.roles(), _apart(labels))


def _apart(values: Iterable[tuple[int, Any]]) -> AxisValues:
    """One value for each mask, the first of them."""
    found: dict[int, Any] = {}
    for mask, value in values:
        found.setdefault(mask, value)
    return list(found.items())


@frozen
class _Space:
    tables: Tables
    where: Where
    looks: Reads
    facts: frozenset[str]
    releasing: Releasing

    def codes(self, axis: Axis, look_up: Callable[[str], int], read: Iterable[str], *, free: bool = False) -> AxisValues:
        """The codes of an axis by their own names: what papers name, profiles look at and the vocabulary orders, and one more."""
        words = self.tables.words
        named = sorted(self.tables.written[axis])
        read_too = sorted(words.read(axis, read) - {STAR})
        ordered = sorted(words.codes(axis))
        asked = sorted(self.where.codes(axis))
        every = list(dict.fromkeys((*named, *asked, *read_too, *ordered)))
        meant = list(dict.fromkeys((*named, *asked)))
        every.insert(len(meant), unnamed(axis, meant))  # before what nobody has written: a witness should not seem to be meant
        return [(look_up(each), each) for each in every if free or self.where.takes(axis, each)]

    def no_category(self) -> AxisValues:
        """A record whose category nobody knows."""
        return [(self.tables.category(None), None)] if self.where.takes("category", None) else []

    def natures(self, axis: Nature) -> AxisValues:
        """The classes or codes of records that trees name, one more, and nobody knows which."""
        named = {value for _, (_, (values, _)) in self.tables.tests.get(axis, ()) for value in values}
        known: list[str | None] = [None, *sorted(named), unnamed(axis, named)]
        return [(self.tables.nature(axis, each), each) for each in known]

    def who(self) -> AxisValues:
        """Who they are and of which organisation: every pair of names there may be, somebody of none of them, and nobody knows of which."""
        tables = self.tables
        ids = {name for _, name, _ in tables.people} | self.where.recipients | self.facts
        ids |= self.where.named.get("person", frozenset())
        ids |= set() if self.where.exactly is None else {self.where.exactly}
        orgs = {name for kind, name, _ in tables.people if kind == "org"} | {org for _, _, org in tables.people if org}
        orgs |= self.where.recipients | self.facts
        behind = self.releasing.names if self.looks.own else ()
        names = [*sorted(ids), unnamed("recipient", ids), *behind]
        places = [None, unnamed("organisation", orgs), *sorted(orgs), *behind]
        return [(tables.who(name, org), (name, org)) for org in places for name in names if self.where.takes_recipient(name, org)]

    def standing(self) -> AxisValues:
        """Kind, treating relationship, and through whom they came."""
        kinds, ways = set(self.looks.kinds), set()
        for _, (_, given) in self.tables.tests.get("standing", ()):
            for each in given:
                kinds |= getattr(each, "kinds", frozenset())
                ways |= {each} if isinstance(each, str) else set()
        known: list[str | None] = [None, *sorted(kinds), unnamed("kind", kinds)]
        vias: list[str | None] = [None, *sorted(ways)]
        return [
            (self.tables.standing((kind, treating, via)), (kind, treating, via))
            for via in vias
            if self.where.takes_way(via)
            for kind in known
            for treating in (None, True, False)
        ]

    def roles(self) -> Roles:
        """The roles that the papers or the profiles name, each by itself; none of them; and roles that nobody asked for.

        Each is held where somebody names it, elsewhere, and nobody knows where. Without a zone each may also be held until a day of which
        nobody knows whether it is over: then it is held against a permit and not for one.
        """
        tables = self.tables
        elsewhere = unnamed("organisation", {org for _, org in tables.roles_named if org})
        anywhere = sorted(role for role, org in tables.roles_named if org is None)
        places: list[Place] = [(role, org) for role in anywhere for org in (None, elsewhere)]
        places += sorted(tables.roles_named, key=str)
        places += [(role, org) for role in sorted(tables.roles_anywhere) for org in (None, elsewhere)]
        places += [(role, org) for role in sorted(self.looks.roles) for org in (None, *self.releasing.names)]
        named = tuple(each for each in dict.fromkeys(places) if self.where.takes_role(*each))
        each = [(tables.roles((frozenset({place}), frozenset({place}))), HeldAt(*place)) for place in named]
        if self.where.zone is None:  # then there is a day that may be over and may not, whatever the instant
            each += [(tables.roles((frozenset(), frozenset({place}))), HeldAt(*place, ending=True)) for place in named]
        none = tables.roles((frozenset(), frozenset()))
        return Roles(none, tables.roles(None) if self.where.takes_unasked else none, _apart(each))

    def bond(self) -> AxisValues:
        """What the recipient is to the client, and which disclosers they control."""
        controlled, named = self.releasing.names if self.looks.own else (), self.looks.relationships
        return [
            (self.tables.bond((relationship, frozenset(whom))), (relationship, frozenset(whom)))
            for whom in ((), *((each,) for each in controlled))
            for relationship in (None, *sorted(named), *([unnamed("relationship", named)] if named else []))
        ]

    def disclosers(self) -> AxisValues:
        """Who would release, and of which kind."""
        tables = self.tables
        if self.where.releasing is not None:
            only = self.where.releasing
            return [(tables.discloser(only.id, only.kind), (only.id, only.kind))] if self.where.takes_discloser(only.id) else []
        kinds = self.looks.discloser_kinds
        known: list[str | None] = [None, *sorted(kinds), unnamed("kind", kinds)]
        names = dict.fromkeys((*sorted({*self.releasing.named, *self.facts}), *self.releasing.names))
        return [(tables.discloser(name, kind), (name, kind)) for name in names for kind in known if self.where.takes_discloser(name)]

    def when(self) -> AxisValues:
        """An instant in each stretch of time in which the same papers are in force; the first one is that at which it begins."""
        starts, meant = starts_in(self.tables, self.where.since), self.where.instants
        return [(self.tables.when(each), each) for each in starts if meant is None or each in meant]

    def dates(self) -> AxisValues:
        """A civil date in each stretch that no paper tells apart, and a record without one."""
        bounds: set[date] = {date(2000, 1, 1)}
        for _, first, last in self.tables.dated:
            bounds |= {first, last}
            bounds |= {last + timedelta(days=1)} if last < date.max else set()
            bounds |= {first - timedelta(days=1)} if first > date.min else set()
        return [(self.tables.date(each), each) for each in (None, *sorted(bounds))]


def starts_in(tables: Tables, since: datetime | None) -> list[datetime]:
    """The instant at which each stretch of time begins in which the same papers are in force; of one without a beginning, any."""
    if since is not None:
        return [since, *(each for each in tables.times if each > since)]
    if len(tables.times) == 1:
        return [_SOME_TIME]
    return [tables.times[1] - min(timedelta(days=1), (tables.times[1] - EVER) / 2), *tables.times[1:]]


def unnamed(axis: str, taken: Iterable[str]) -> str:
    """A value of `axis` that stands for all that nobody named."""
    known = set(taken)
    nobody = "(anybody else)" if known else "(anybody)"
    name = nobody if axis == "recipient" else f"(any other {axis})" if known else f"(any {axis})"
    while name in known:
        name += "'"
    return name


def _held(place: HeldAt, at: datetime) -> RoleHeld:
    """The role held there; one that is ending, until the day that is over at `at` where days begin first, and not where they end last."""
    return RoleHeld(role=place.role, org=place.org, until=(at - _DAYS_ARE_OVER).astimezone(UTC).date() if place.ending else None)


def recipient_of(values: dict[str, Any]) -> Recipient:
    """The recipient with these values."""
    name, org = values["who"]
    kind, treating, via = values["standing"]
    relationship, controlled = values["bond"]
    held = values["roles"]
    roles = None if held is None else tuple(_held(each, values["when"]) for each in sorted(held, key=str))
    return Recipient(
        id=name,
        org=org,
        kind=kind,
        treating_relationship=treating,
        via=via,
        roles=roles,
        relationship=relationship,
        admin_control_of=tuple(sorted(controlled)),
    )
