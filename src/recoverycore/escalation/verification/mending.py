"""What somebody can do about what a verification found: the sentence, and the roles, people, channels and times that stand in it.

It finds nothing: it looks at the same facts as `checks`, and its words are in `words.toml`. Beside it are the roles of a roster that look
like slips of the pen, which are no findings either.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.escalation.steps import QuorumCount, QuorumRoles
from recoverycore.escalation.verification.findings import Finding
from recoverycore.escalation.verification.times import length_text
from recoverycore.ground.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import timedelta

    from recoverycore.escalation.steps import Step
    from recoverycore.escalation.verification.looking import Interval, Looking

__all__ = ["HOLES", "Advice", "Mending", "Slip"]

HOLES = ("no_human_interval", "dead_zone")
"""The findings that are about hours in which nobody can take it."""


@frozen
class Advice:
    """What to do about a finding: the code of the sentence, what stands in it, and in which stretches. `guess` is what may be meant."""

    finding: Finding
    code: str
    ids: tuple[tuple[str, str], ...] = ()
    when: tuple[tuple[datetime, datetime], ...] = ()
    guess: str | None = None


@frozen
class Slip:
    """A role of the roster that looks like a slip: nobody on the team has it (``not_held``), no step asks it (``not_asked``), or both."""

    code: str
    role: str
    people: tuple[str, ...]
    guess: str | None = None


class Mending:
    """What to do, by the code of what was found."""

    def __init__(
        self, looking: Looking, intervals: list[Interval], providers: Mapping[str, Sequence[str]], spare: tuple[timedelta, timedelta] | None
    ) -> None:
        """`spare` is the bound and its limit, where both are there."""
        self._looking = looking
        self._protocol = looking.protocol
        self._intervals = intervals
        self._providers = providers
        self._spare = spare
        self._places = {step.id: place for place, step in reversed(list(enumerate(looking.steps)))}

    def advice(self, findings: Iterable[Finding]) -> Iterator[Advice]:
        """What to do about each error, and about whatever rests on one provider."""
        for each in findings:
            if each.severity == "error" or each.code == "single_provider":
                yield self._for(each)

    def slips(self) -> Iterator[Slip]:
        """The roles of the roster that look like slips."""
        team = self._looking.run.facts.team
        held = {role for person in team.persons.values() for role in person.roles}
        asked = self._asked_roles()
        for role in dict.fromkeys(shift.role for shift in team.shifts):
            if role in held and role in asked:
                continue
            guess = nearest(role, held if role in asked else asked)
            people = tuple(dict.fromkeys(shift.person for shift in team.shifts_in[role]))
            if role not in held:
                yield Slip("not_held" if role in asked else "neither", role, people, guess)
            elif role not in asked and guess is not None:  # a roster may serve other protocols, too
                yield Slip("not_asked", role, people, guess)

    def _asked_roles(self) -> set[str]:
        """Every role that the protocol asks anything of."""
        asks = self._protocol
        beside = [asks.owner_role, *asks.exhausted.alarm_roles, *(each.owner_role for each in asks.follow_up)]
        beside += [asks.debrief.owner_role] if asks.debrief else []
        return {*beside, *asks.hold_roles, *asks.stand_down_roles, *(role for step in asks.steps for role in step.roles)}

    def _for(self, found: Finding) -> Advice:
        if found.code in HOLES:
            return self._somebody(found)
        if found.code == "bound_exceeded" and self._spare:
            bound, limit = self._spare
            return _advice(found, "bound_exceeded", limit=length_text(limit), over=length_text(bound - limit))
        if found.code == "unknown_jump":
            ids = self._protocol.by_id
            jumps = [jump.to for step in self._protocol.steps if step.id == found.step for jump in step.jump]
            astray = next((to for to in jumps if to not in ids), "")
            return _advice(found, "unknown_jump", guess=nearest(astray, ids), names=_names([f"`{name}`" for name in ids]))
        place = self._places.get(found.step or "")
        if place is None:
            return _advice(found, found.code)
        step = self._looking.steps[place]
        match found.code:
            case "single_provider":
                return self._carried(found, step)
            case "cannot_hold":
                return self._holding(found, step)
            case "unfillable_step":
                return self._fillable(found, step, place)
            case "quorum_too_large":
                return _advice(found, "quorum_too_large", number=max(len(each.looks[place].people) for each in self._intervals))
            case code:
                return _advice(found, code)

    def _somebody(self, found: Finding) -> Advice:
        """Whom to put on duty so that a step has somebody to ask: in every such stretch or, where that differs, in the first."""
        every = tuple(self._looking.holes(self._intervals, quiet=found.code == "dead_zone"))
        inside, there = self._there(every)
        if not (roles := self._would_do(there)):
            every = every[:1]
            inside, there = self._there(every)
            roles = self._would_do(there)
        barred = {one.target: one.barrier for each in inside for place in there for one in each.looks[place].barred}
        if roles and barred:
            return _advice(found, "somebody_else_too", when=every, names=_names(roles, "or"), others=_barred(barred))
        if roles:
            return _advice(found, "somebody", when=every, names=_names(roles, "or"))
        if barred:
            return _advice(found, "somebody_kept_out", when=every, names=_barred(barred))
        return _advice(found, "more_people" if there else "a_step", when=every)

    def _there(self, when: tuple[tuple[datetime, datetime], ...]) -> tuple[list[Interval], list[int]]:
        """The intervals in these stretches, and the places of the steps that ask in all of them."""
        inside = [each for each in self._intervals if any(start <= each.start < end for start, end in when)]
        steps = enumerate(self._looking.steps)
        return inside, [place for place, step in steps if step.asks and all(each.looks[place].inside for each in inside)]

    def _would_do(self, places: list[int]) -> list[str]:
        """The roles in which one more person on duty is enough for a step at one of `places`."""
        steps = [self._looking.steps[place] for place in places]
        alone = [step for step in steps if not isinstance(step.quorum, QuorumCount | QuorumRoles)]
        return list(dict.fromkeys(role for step in alone for role in step.roles if role in self._protocol.holding))

    def _carried(self, found: Finding, step: Step) -> Advice:
        """How whomever a step asks is reached over two providers."""
        channels = self._looking.staff_channels(step)
        people = _names([target for target, kind in self._looking.possible(step) if kind in ("person", "service")])
        listed = step.channels or self._protocol.channels
        if not people:
            return _advice(found, "nobody_asked_yet")
        if not channels:
            return _advice(found, "no_channels", names=people, channels=_names(listed, "or"))
        carried = {provider for channel in channels for provider in self._providers.get(channel, ())}
        uncarried = [channel for channel in listed if channel in channels and not self._providers.get(channel)]
        if uncarried:
            return _advice(found, "no_providers", channels=_names(uncarried))
        others = [channel for channel in listed if channel not in channels and set(self._providers.get(channel, ())) - carried]
        channel, provider = _names(sorted(channels)), _names(sorted(carried))
        if others:
            return _advice(found, "another_channel", names=people, others=_names(others, "or"), channels=channel, provider=provider)
        return _advice(found, "second_provider", names=people, channels=channel, provider=provider)

    def _holding(self, found: Finding, step: Step) -> Advice:
        """How somebody whom a step asks may hold what it asks them to take."""
        run, known = self._looking.run, [each for each in self._looking.possible(step) if each[1] != "unknown"]
        staff = [target for target, _ in known if target in run.facts.team.persons]
        too_low = [each for each in staff if not self._protocol.holding.isdisjoint(run.facts.team.persons[each].roles)]
        if too_low:
            return _advice(found, "hold_level", names=_names(too_low, "or"), level=self._protocol.level)
        if staff:
            return _advice(found, "hold_role", names=_names(staff, "or"), roles=_names(self._protocol.hold_roles, "or") or "none is named")
        if any(kind == "service" for _, kind in known):
            return _advice(found, "hold_service")
        return _advice(found, "hold_outside")

    def _fillable(self, found: Finding, step: Step, place: int) -> Advice:
        """How a step gets somebody to ask."""
        looks = [each.looks[place] for each in self._intervals]
        if not any(look.inside for look in looks):
            return _advice(found, "never_inside")
        barred = {one.target: one.barrier for look in looks for one in look.barred}
        empty = [role for role in step.roles if not self._looking.run.facts.team.shifts_in.get(role)]
        if empty and not barred:
            other = _guess(empty, set(self._looking.run.facts.team.shifts_in) - self._asked_roles())
            if other is not None:
                return _advice(found, "another_spelling", names=_names(empty, "or"), other=other)
            return _advice(found, "nobody_on_roster", guess=_guess(empty, self._roles_held() - set(empty)), names=_names(empty, "or"))
        if barred:
            return _advice(found, "kept_out", names=_barred(barred))
        return _advice(found, "nobody_there", names=_names(step.roles, "or") or "somebody who may hold it")

    def _roles_held(self) -> set[str]:
        return {role for person in self._looking.run.facts.team.persons.values() for role in person.roles}


def _advice(
    found: Finding, code: str, *, when: tuple[tuple[datetime, datetime], ...] = (), guess: str | None = None, **ids: object
) -> Advice:
    return Advice(found, code, tuple((name, str(value)) for name, value in ids.items()), when, guess)


def _guess(roles: Iterable[str], known: set[str]) -> str | None:
    return next((guess for guess in (nearest(role, known) for role in roles) if guess is not None), None)


def _names(names: Iterable[str], last: str = "and") -> str:
    """Several as people name them: ``a, b or c``."""
    *first, end = list(dict.fromkeys(names)) or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def _barred(barred: Mapping[str, str | None]) -> str:
    return ", ".join(f"{target} ({(why or '').replace('_', ' ')})" for target, why in barred.items())
