"""What a profile of law adds to the patches of a plan: its rules, and marks that keep apart whatever its functions tell apart.

A mark decides nothing. It only sees to it that two cells with the same patches get the same answer, so that one of them stands for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import partial
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from recoverycore.consent.matter import Matter
from recoverycore.consent.plan.patches import Patch
from recoverycore.consent.reading import Reads, reads_of
from recoverycore.consent.requests import Discloser, Recipient, Record, Request
from recoverycore.consent.times import EVER
from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from recoverycore.consent.compiled import CompiledConsents
    from recoverycore.consent.facts import Facts
    from recoverycore.consent.law import Profile, Rule
    from recoverycore.consent.matter import Setting
    from recoverycore.consent.plan.patches import Bond, Standing
    from recoverycore.consent.plan.tables import Held
    from recoverycore.consent.posets import Axis, Vocabulary
    from recoverycore.consent.times import Calendar

__all__ = ["Guards", "guards_of", "names_in", "read_by"]

_OTHER = "(any other)"
_AN_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_TRIED_AT_MOST = 2000


@frozen
class Guards:
    """The patches of the rules that may open something, and the marks."""

    rules: tuple[Patch, ...]
    marks: tuple[Patch, ...]


def guards_of(consents: CompiledConsents, facts: Facts, disclosers: Iterable[str]) -> Guards:
    """The rules and the marks of every profile of the setting. Error: ``profile_untold``."""
    here = _Around(consents.setting, facts, tuple(sorted(disclosers)))
    rules: list[Patch] = []
    marks: list[Patch] = [*_time_marks(facts, consents.setting.calendar), *_turn_marks(consents)]
    for profile in consents.setting.profiles:
        for name, function in (("applies", profile.applies), *((bar.name, bar.holds) for bar in profile.bars)):
            marks += here.marks(Patch(), here.tried(function, _told(profile, name, function))[1])
        for rule in profile.rules:
            answers, looks = here.tried(rule.holds, _told(profile, rule.name, rule.holds))
            if answers != {False} and all(any(facts.holds(path) for path in line) for line in rule.needs):
                patch = _rule(rule, consents.setting)
                rules.append(patch)
                marks += here.marks(patch, looks)
        marks += _of_forms(profile, consents, here)
    return Guards(tuple(rules), tuple(dict.fromkeys(marks)))


def read_by(setting: Setting) -> Reads:
    """Everything that the functions of the profiles look at together. Error: ``profile_untold``."""
    found = Reads()
    for profile in setting.profiles:
        for name, function in _functions(profile):
            found |= _told(profile, name, function)
        for rule in profile.rules:
            found |= Reads(
                categories=setting.words.read("category", rule.categories or ()),
                purposes=setting.words.read("purpose", rule.purposes or ()),
                actions=rule.actions,
                kinds=rule.kinds or frozenset(),
            )
    return found


def names_in(value: Any) -> frozenset[str]:
    """Every text in plain data: whoever it may name."""
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, Mapping):
        return frozenset(name for key, each in value.items() for name in names_in(each) | {str(key)})
    if isinstance(value, list | tuple):
        return frozenset(name for each in value for name in names_in(each))
    return frozenset()


def _functions(profile: Profile) -> Iterator[tuple[str, Callable[..., Any]]]:
    yield "applies", profile.applies
    yield "defects", profile.defects
    yield "reaches", profile.reaches
    yield from ((each.name, each.holds) for each in (*profile.bars, *profile.rules))


def _told(profile: Profile, name: str, function: Callable[..., Any]) -> Reads:
    found = reads_of(function)
    if found is None:
        raise DocumentError(problem("profile_untold", "/profiles", detail=f"{profile.id}: {name}"))
    return found


def _rule(rule: Rule, setting: Setting) -> Patch:
    """Where a rule may open something, as far as its data say."""
    patch = Patch()
    if rule.purposes is not None:
        patch = evolve(patch, purposes=setting.words.read("purpose", rule.purposes))
    if rule.categories is not None:
        patch = evolve(patch, categories=setting.words.read("category", rule.categories))
    if rule.kinds is not None:
        patch = patch.asking("standing", _kind_in, rule.kinds)
    return patch.asking("action", _one_of, rule.actions)


def _of_forms(profile: Profile, consents: CompiledConsents, here: _Around) -> Iterator[Patch]:
    """Marks for what is wrong with a form, or where it does not reach, if that is not the same for everybody and everything."""
    superseding = {name for paper in consents.papers for name in paper.supersedes}
    for paper in consents.papers:
        if paper.permits or paper.supersedes or paper.id in superseding:
            for name, function in (("defects", profile.defects), ("reaches", profile.reaches)):
                looks = _told(profile, name, function)
                yield from here.marks(Patch(), here.tried(partial(function, paper.document), looks)[1])


def _time_marks(facts: Facts, calendar: Calendar) -> Iterator[Patch]:
    """A mark for each time that the facts tell: from then on a function of a profile may say something else."""
    for moment in sorted(_moments_in(facts.model_dump(exclude={"ledger"})), key=str):
        for at in {bound(moment, reading) for bound in (calendar.begins, calendar.ends) for reading in ("narrow", "wide")}:
            yield Patch(live=((EVER, False), (at, True)))


def _turn_marks(consents: CompiledConsents) -> Iterator[Patch]:
    """A mark for each time from which on a paper may stand in place of a deny, if its form is sound."""
    for paper in consents.papers:
        for at in (paper.starts_early, paper.starts_late) if paper.supersedes else ():
            yield Patch(live=((EVER, False), (at, True)) if at > EVER else None)


def _moments_in(value: Any) -> set[date | datetime]:
    if isinstance(value, date):
        return {value}
    if isinstance(value, Mapping):
        value = list(value.values())
    return {found for each in value for found in _moments_in(each)} if isinstance(value, list | tuple) else set()


@frozen
class _Around:
    """What all functions of the profiles are asked under."""

    setting: Setting
    facts: Facts
    disclosers: tuple[str, ...]

    def marks(self, base: Patch, looks: Reads) -> Iterator[Patch]:
        """A mark inside `base` for each value that a function with these looks tells apart."""
        words = self.setting.words
        for label in looks.labels:
            yield evolve(base, loose=True, labels=words.read("label", [label]))
        for axis, codes in (("category", looks.categories), ("purpose", looks.purposes)):
            for code in codes:
                yield base.asking(axis, _is, code)
                for own in words.read(axis, [code]):  # type: ignore[arg-type]  # one of the two
                    yield base.asking(axis, _below, words, axis, own)
        for action in looks.actions:
            yield base.asking("action", _is, action)
        for kind in (*looks.kinds, *((None,) if looks.kinds else ())):
            yield base.asking("standing", _kind_is, kind)
        for kind in (*looks.discloser_kinds, *((None,) if looks.discloser_kinds else ())):
            yield base.asking("discloser", _discloser_kind_is, kind)
        for treating in (True, False) if looks.treating else ():
            yield base.asking("standing", _treating_is, treating)
        for relationship in looks.relationships:
            yield base.asking("bond", _relationship_is, relationship)
        yield from self._who(base, looks)

    def _who(self, base: Patch, looks: Reads) -> Iterator[Patch]:
        names = set(self.disclosers) if looks.own or looks.roles else set()
        if looks.parties:
            names |= names_in(self.facts.to_data())
        for name in sorted(names):
            yield base.asking("discloser", _discloser_is, name)
            if looks.own or looks.parties:
                yield base.asking("who", _id_is, name)
                yield base.asking("who", _org_is, name)
                yield base.asking("bond", _controls, name)
        for role in sorted(looks.roles):
            yield base.asking("roles", _holds, role, None)
            for name in self.disclosers:
                yield base.asking("roles", _holds, role, name)
        if looks.roles:
            yield base.asking("roles", _is, None)

    def tried(self, function: Callable[[Matter], Any], looks: Reads) -> tuple[set[Any], Reads]:
        """The answers of `function` to whatever it looks at, and what of that matters: nothing, where it always says the same.

        Where not everything can be tried, no answer is told, and all of it matters.
        """
        if looks.own or looks.parties or looks.roles:
            return set(), looks
        answers = set()
        for number, matter in enumerate(self._matters(looks)):
            try:
                answers.add(function(matter))
            except Exception:  # noqa: BLE001 - a profile may raise anything, and then the answer is deny
                answers.add("raised")
            if number > _TRIED_AT_MOST:
                return set(), looks
        return answers, looks if len(answers) > 1 else Reads()

    def _matters(self, looks: Reads) -> Iterator[Matter]:
        labels = [frozenset(some) for size in range(len(looks.labels) + 1) for some in combinations(sorted(looks.labels), size)]
        axes = product(
            labels,
            *([_OTHER, *sorted(codes)] for codes in (looks.categories, looks.purposes, looks.actions, looks.relationships)),
            [None, _OTHER, *sorted(looks.kinds)] if looks.kinds else [None],
            [None, _OTHER, *sorted(looks.discloser_kinds)] if looks.discloser_kinds else [None],
            [None, True, False] if looks.treating else [None],
        )
        for held, category, purpose, action, relationship, kind, discloser_kind, treating in axes:
            recipient = Recipient(id=_OTHER, kind=kind, treating_relationship=treating, relationship=relationship)
            record = Record(id="cell", labels=tuple(sorted(held)), category=category)
            request = Request(
                discloser=Discloser(id=f"{_OTHER} discloser", kind=discloser_kind),
                recipient=recipient,
                purposes=(purpose,),
                action=action,
                at=_AN_INSTANT,
                records=(record,),
            )
            words = self.setting.words
            yield Matter(
                request=request,
                record=record,
                labels=words.read("label", held),
                category=category,
                purpose=next(iter(words.read("purpose", [purpose]))),
                action=action,
                recipient=recipient,
                facts=self.facts,
                setting=self.setting,
            )


def _is(wanted: Any, value: Any) -> bool:
    return bool(value == wanted)


def _one_of(wanted: frozenset[str], value: str) -> bool:
    return value in wanted


def _below(words: Vocabulary, axis: Axis, code: str, value: str | None) -> bool:
    return value is not None and code in words.upward(axis, value)


def _kind_in(kinds: frozenset[str], standing: Standing) -> bool:
    return standing[0] in kinds


def _kind_is(kind: str | None, standing: Standing) -> bool:
    return standing[0] == kind


def _treating_is(treating: bool, standing: Standing) -> bool:  # noqa: FBT001 - a value, not a mode
    return standing[1] is treating


def _relationship_is(relationship: str, bond: Bond) -> bool:
    return bond[0] == relationship


def _controls(name: str, bond: Bond) -> bool:
    return name in bond[1]


def _id_is(name: str, who: tuple[str, str | None]) -> bool:
    return who[0] == name


def _org_is(name: str, who: tuple[str, str | None]) -> bool:
    return who[1] == name


def _discloser_is(name: str, discloser: tuple[str | None, str | None]) -> bool:
    return discloser[0] == name


def _discloser_kind_is(kind: str | None, discloser: tuple[str | None, str | None]) -> bool:
    return discloser[1] == kind


def _holds(role: str, org: str | None, held: Held) -> bool:
    return held is not None and any(name == role and org in (None, place) for name, place in held[0])
