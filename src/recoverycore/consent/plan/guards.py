"""What a profile of law adds to the patches of a plan: its rules, and marks that keep apart whatever its functions tell apart.

A mark decides nothing. It only sees to it that two cells with the same patches get the same answer, so that one of them stands for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from recoverycore.consent.owing import owed
from recoverycore.consent.plan.marks import marks_of, named_kind, one_of
from recoverycore.consent.plan.patches import Patch
from recoverycore.consent.plan.trying import RAISED, Trying
from recoverycore.consent.reading import Reads, reads_of
from recoverycore.consent.times import EVER, NEVER
from recoverycore.errors import DocumentError, RecoveryError, problem
from recoverycore.ground.instants import parse_day, parse_instant

if TYPE_CHECKING:
    from recoverycore.consent.compiled import CompiledConsents
    from recoverycore.consent.facts import Facts
    from recoverycore.consent.law import Duty, Profile, Rule
    from recoverycore.consent.matter import Matter, Setting
    from recoverycore.consent.times import Calendar, Reading

__all__ = ["Guards", "guards_of", "moments_in", "names_in", "read_by"]

_READINGS: tuple[Reading, ...] = ("narrow", "wide")
_WorkedOut: TypeAlias = "tuple[str, tuple[Callable[..., Any], ...], Callable[[Matter], None]]"
"""What a release brings with it: its name, the functions that work it out, and whether they can. What they answer is no part of a
verdict; that one of them raises is, for then nothing is released."""


@frozen
class Guards:
    """The patches of the rules that may open something, and the marks.

    `breaking`: what is asked of the form of some paper may raise. Then nothing is released, also where that paper covers nothing.
    """

    rules: tuple[Patch, ...]
    marks: tuple[Patch, ...]
    breaking: bool


def guards_of(consents: CompiledConsents, facts: Facts, disclosers: Iterable[str]) -> Guards:
    """The rules and the marks of every profile of the setting. Error: ``profile_untold``."""
    setting, told = consents.setting, _told_by(facts, consents.setting.calendar)
    trying = Trying(setting, facts, tuple(sorted(told)))
    named = sorted(disclosers)
    parties = names_in(facts.to_data())
    rules: list[Patch] = []
    breaking = False
    marks = [Patch(live=((EVER, False), (at, True))) for at in sorted(told | _replacing(consents))]

    def mark(base: Patch, looks: Reads) -> None:
        marks.extend(marks_of(base, looks, setting.words, named, parties))

    for profile in setting.profiles:
        mark(Patch(), trying.tried(profile.applies, _told(profile, "applies", profile.applies))[1])
        for bar in profile.bars:
            mark(Patch(), trying.tried(bar.holds, _told(profile, bar.name, bar.holds))[1])
        for rule in profile.rules:
            answers, looks = trying.tried(rule.holds, _told(profile, rule.name, rule.holds))
            if answers != {False} and all(any(facts.holds(path) for path in line) for line in rule.needs):
                rules.append(_rule(rule, setting))
                mark(rules[-1], looks)
                for name, functions, working in (*_of_duties(rule.duties), _of_listing(rule)):
                    mark(rules[-1], trying.tried(working, _all_told(profile, name, functions))[1])
        for name, functions, working in _of_duties(profile.consent_duties):
            mark(Patch(), trying.tried(working, _all_told(profile, name, functions))[1])
        for answers, looks in _of_forms(profile, consents, trying):
            mark(Patch(), looks)
            breaking = breaking or not answers or RAISED in answers  # no answers: not all of it could be tried
    return Guards(tuple(rules), tuple(dict.fromkeys(marks)), breaking)


def read_by(setting: Setting) -> Reads:
    """Everything that the functions of the profiles look at together, and what rules and classes name that no patch does.

    Error: ``profile_untold``.
    """
    found = Reads()
    for profile in setting.profiles:
        for name, function in _functions(profile):
            found |= _told(profile, name, function)
        for rule in profile.rules:
            found |= Reads(
                actions=rule.actions,
                kinds=rule.kinds or frozenset(),
            )
        for row in (row for each in profile.classes for row in each.rows):
            found |= Reads(purposes=frozenset(row.purposes))
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
    yield from ((bar.name, bar.holds) for bar in profile.bars)
    yield from ((rule.name, rule.holds) for rule in profile.rules)
    worked_out = [*_of_duties(profile.consent_duties)]
    for rule in profile.rules:
        worked_out += (*_of_duties(rule.duties), _of_listing(rule))
    yield from ((name, function) for name, functions, _ in worked_out for function in functions)


def _of_duties(duties: Iterable[Duty] | None) -> Iterator[_WorkedOut]:
    for duty in duties or ():
        yield duty.code, (duty.when, duty.params), partial(_works, partial(owed, (duty,)))


def _of_listing(rule: Rule) -> _WorkedOut:
    return rule.name, (rule.entries,), partial(_works, rule.entries)


def _works(function: Callable[[Matter], Any], matter: Matter) -> None:
    function(matter)


def _all_told(profile: Profile, name: str, functions: Iterable[Callable[..., Any]]) -> Reads:
    found = Reads()
    for function in functions:
        found |= _told(profile, name, function)
    return found


def _told(profile: Profile, name: str, function: Callable[..., Any]) -> Reads:
    found = reads_of(function)
    if found is None:
        raise DocumentError(problem("profile_untold", "/profiles", detail=f"{profile.id}: {name}"))
    return found


def _rule(rule: Rule, setting: Setting) -> Patch:
    """Where a rule may open something, as far as its data say."""
    patch = Patch().asking("action", one_of, rule.actions)
    if rule.purposes is not None:
        patch = patch.but(purposes=setting.words.read("purpose", rule.purposes))
    if rule.categories is not None:
        patch = patch.but(categories=setting.words.read("category", rule.categories))
    return patch if rule.kinds is None else patch.asking("standing", named_kind, rule.kinds)


def _of_forms(profile: Profile, consents: CompiledConsents, trying: Trying) -> Iterator[tuple[set[Any], Reads]]:
    """What matters for whether a form is sound or where it reaches, if that is not the same for everybody and everything.

    The form of a paper that only refuses, and takes the place of none, is asked about by nobody.
    """
    for paper in consents.papers:
        if paper.document.permits or paper.supersedes:
            for name, function in (("defects", profile.defects), ("reaches", profile.reaches)):
                yield trying.tried(partial(function, paper.document), _told(profile, name, function))


def _told_by(facts: Facts, calendar: Calendar) -> frozenset[datetime]:
    """Each time that the facts tell: from then on a function of a profile may say something else, or right behind it."""
    moments = moments_in(facts.model_dump(exclude={"ledger"}))
    bounds = {bound(each, reading) for each in moments for bound in (calendar.begins, calendar.ends) for reading in _READINGS}
    behind = {each.astimezone(UTC) + timedelta.resolution for each in moments if isinstance(each, datetime) and each < NEVER}
    return frozenset(bounds | behind) - {EVER, NEVER}


def _replacing(consents: CompiledConsents) -> frozenset[datetime]:
    """Each time from which on a paper may stand in place of a deny, if its form is sound."""
    faces = [face for paper in consents.papers if paper.supersedes for face in paper.faces]
    return frozenset(at for face in faces for at in (face.starts_early, face.starts_late)) - {EVER}


def moments_in(value: Any) -> set[date | datetime]:
    """Every day and every instant in plain data, also where it is written as a text, as in a field of your own."""
    if isinstance(value, date):
        return {value}
    if isinstance(value, str):
        return _written(value)
    inside = (*value, *value.values()) if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return {found for each in inside for found in moments_in(each)}


def _written(text: str) -> set[date | datetime]:
    """The day or the instant that a text is; none where it is another one."""
    for read in (parse_day, parse_instant):
        try:
            return {read(text)}
        except RecoveryError:
            pass
    return set()
