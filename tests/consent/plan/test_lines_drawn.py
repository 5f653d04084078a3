"""Who is told what a signature changes, held against a plain count: somebody drawn at some place, in some roles, through some way."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from recoverycore.consent import Directive, Discloser, Recipient, RoleHeld
from recoverycore.consent.plan import Cell, signing
from recoverycore.ground import parse_instant
from tests.consent.papers import box, paper
from tests.consent.plan.test_comparing import plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from recoverycore.consent.plan import Plan

Json = dict[str, Any]
SOL, PEER, DOCTOR = {"person": "sol"}, {"role": "peer"}, {"role": "doctor"}
CLINIC, AWAY = {"org": "clinic"}, {"org": "away"}
WAYS = [{"designation": "treating", "via": each} for each in ("hie", "exchange")]
SELECTORS: list[Json] = [
    *(SOL, SOL | CLINIC, SOL | AWAY, {"person": "dana"}, CLINIC, AWAY, PEER, PEER | CLINIC, PEER | AWAY, DOCTOR, DOCTOR | CLINIC),
    *WAYS,
]
KINDS, DISCLOSERS, DAY = ("goals", "notes"), ("harbor", "lakeview"), {"from": "2026-05-01", "to": "2026-05-01"}
DAYS = ("2026-02-01T00:00:00Z", "2026-05-01T12:00:00Z", "2026-06-15T12:00:00Z")
ANYBODY, ELSEWHERE = {"(anybody)", "(anybody else)"}, {"(any organisation)", "(any other organisation)"}
ANY_DISCLOSER, ANY_KIND = {"(any discloser)", "(any other discloser)"}, {"(any category)", "(any other category)"}


def drawn_paper(random: Random, name: str) -> Json:
    whom: Any = "*" if random.random() < 0.15 else random.sample(SELECTORS, random.choice([1, 1, 1, 2, 2, 3]))
    kinds: Any = "*" if random.random() < 0.15 else random.sample(KINDS, random.choice([1, 1, 1, 2]))
    made = paper(
        name,
        polarity=random.choice(["permit", "permit", "deny"]),
        boxes=[box(categories=kinds, purposes=["care"], recipients=whom)],
        discloser=random.choice(["*"] * 10 + list(DISCLOSERS)),
    )
    if random.random() < 0.25:
        made["except"] = [{"categories": kinds, "recipients": random.sample(SELECTORS, 1)}]
    if random.random() < 0.1:
        made["starts"] = "2026-03-01"
    return made | ({"suspensions": [DAY]} if random.random() < 0.08 else {})


def drawn_books(random: Random, number: int) -> Iterator[tuple[Plan, Plan]]:
    """Two small books of which the second keeps most papers of the first."""
    for _ in range(number):
        old = [drawn_paper(random, f"p{place}") for place in range(random.choice([1, 2, 2, 3, 3, 4]))]
        new = [drawn_paper(random, f"q{place}") for place in range(random.choice([0, 0, 1, 1, 2]))]
        yield plan(*old), plan(*(each for each in old if random.random() < 0.7), *new)


def drawn_cells(random: Random, number: int) -> Iterator[Cell]:
    """Somebody whom papers may name, or nobody does, at such a place, in such roles held at such places, in such a way."""
    held = [RoleHeld(role=role, org=org) for role in ("peer", "doctor") for org in ("clinic", "home")] + [RoleHeld(role="peer", org="away")]
    for _ in range(number):
        via = random.choice([None, None, None, "hie", "exchange"])
        yield Cell(
            discloser=Discloser(id=random.choice(DISCLOSERS)),
            recipient=Recipient(
                id=random.choice(["sol", "dana", "lee", "clinic", "away"]),
                org=random.choice([None, "clinic", "away", "home"]),
                roles=tuple(random.sample(held, random.choice([0, 0, 1, 1, 2]))),
                via=via,
                treating_relationship=True if via else None,
            ),
            purpose="care",
            action="disclose",
            labels=(),
            category=random.choice(KINDS),
            at=parse_instant(random.choice(DAYS)),
        )


def holds(line: Cell, at: datetime) -> bool:
    """Whether an instant is in one of the stretches of a line."""
    return any((since is None or since <= at) and (until is None or at < until) for since, until in line.times)


class Told:
    """What lines tell, where whoever, wherever and whatever nobody names is anybody, elsewhere and any other category."""

    def __init__(self, plans: Iterable[Plan], every: Iterable[Cell]) -> None:
        papers = [each for one in plans for each in one.directives if isinstance(each, Directive)]
        boxes = [each for given in papers for each in (*given.boxes, *given.except_)]
        selectors = [each for given in boxes for each in given.recipients or () if not isinstance(each, str)]
        self.names = {each.person or each.org for each in selectors if each.role is None}
        self.kinds = {str(each) for given in boxes for each in given.categories or ()} - {"*"}
        self.every = list(every)
        self.held = {(each.role, each.org) for line in self.every for each in line.recipient.roles or ()}

    def by(self, line: Cell, cell: Cell) -> bool:
        """Whether `line` tells of whom `cell` is about: of their organisation, or of them at this place, in a role of theirs, this way."""
        kinds = {cell.category} if cell.category in self.kinds else ANY_KIND
        if line.category not in kinds or line.discloser.id not in {cell.discloser.id, *ANY_DISCLOSER} or not holds(line, cell.at):
            return False
        who, meant = cell.recipient, line.recipient
        if meant.id == who.org and meant.org is None and not meant.roles:
            return True
        by_itself = meant.org is None and bool(meant.roles) != (meant.via is not None)
        anybody = meant.id in ANYBODY and (by_itself or who.id not in self.names)
        in_role = not meant.roles or any(self.role(one, each) for one in meant.roles for each in who.roles or ())
        return (meant.id == who.id or anybody) and in_role and meant.via in {None, who.via} and self.place(line, cell)

    def role(self, meant: RoleHeld, held: RoleHeld) -> bool:
        """Whether a line about `meant` tells of `held`: at any organisation, at this one, or at one that no line names with the role."""
        elsewhere = meant.org in ELSEWHERE and (held.role, held.org) not in self.held
        return meant.role == held.role and (meant.org in {None, held.org} or elsewhere)

    def place(self, line: Cell, cell: Cell) -> bool:
        """Whether `line` tells of this place; whoever may be at any, as nobody knows where, finds it in what is told of one."""
        here = cell.recipient.org
        elsewhere = here not in {each.recipient.org for each in self.every if each.category == cell.category}
        return here is None or line.recipient.org in {None, here} or (line.recipient.org in ELSEWHERE and elsewhere)


def _what(line: Cell) -> tuple[str | None, str, str]:
    return line.category, line.discloser.id, line.action


def needless(line: Cell, other: Cell) -> bool:
    """Whether whatever `line` tells stands in `other`: this id or place or role there, or the same without a place, a role or a way."""
    later = any(holds(line, parse_instant(day)) and not holds(other, parse_instant(day)) for day in DAYS)
    if later or _what(line) != _what(other):
        return False
    who, wider = line.recipient, other.recipient
    roles, more = ({(held.role, held.org) for held in each.roles or ()} for each in (who, wider))
    less_told = wider.org in {None, who.org} and wider.via in {None, who.via} and more in (roles, set())
    return not other.unasked and (
        (wider.id == who.id and less_told) or (wider.id == who.org and (wider.org, more, wider.via) == (None, set(), None))
    )


def everything_is_told(random: Random, books: int, cells: int) -> None:
    for old, new in drawn_books(random, books):
        found = signing(old, new)
        told_apart = {(False, True): found.gained, (True, False): found.lost, (True, True): found.stays}
        for answers, lines in told_apart.items():
            assert all((old.permits(line), new.permits(line)) == answers for line in lines)
            assert not any(needless(line, other) for line in lines for other in lines if other is not line)
        told = Told((old, new), found.gained + found.lost + found.stays)
        for cell in drawn_cells(random, cells):
            answers = (old.permits(cell), new.permits(cell))
            assert answers == (False, False) or any(told.by(line, cell) for line in told_apart[answers])


def test_every_change_for_whoever_is_drawn_is_told_in_some_line_and_no_line_is_needless() -> None:
    everything_is_told(Random(20260901), books=40, cells=60)  # noqa: S311 - nothing secret is drawn


@pytest.mark.prove
def test_every_change_for_whoever_is_drawn_is_told_in_some_line_in_very_many_books() -> None:
    everything_is_told(Random(20260902), books=1_500, cells=150)  # noqa: S311


def test_a_line_that_is_missing_wrong_or_told_twice_is_noticed() -> None:
    old, new = plan(), plan(paper("p", boxes=[box(categories=["goals"], purposes=["care"], recipients=[SOL])]))
    (line,) = signing(old, new).gained
    told, cell = Told((old, new), [line]), evolve(line, at=parse_instant(DAYS[0]), recipient=Recipient(id="sol", org="home", roles=()))
    assert told.by(line, cell)
    sol = line.recipient
    elsewhere = [sol.evolve(id="dana"), sol.evolve(org="clinic"), sol.evolve(roles=(RoleHeld(role="peer"),)), sol.evolve(via="hie")]
    wrong = [evolve(line, category="notes"), evolve(line, times=()), *(evolve(line, recipient=each) for each in elsewhere)]
    assert not any(told.by(each, cell) for each in wrong)
    assert needless(line, line)
    assert needless(evolve(line, recipient=sol.evolve(org="clinic")), line)
    assert not any(needless(line, each) for each in wrong)
