"""`simulate`: a protocol played very many times, with people who answer as they are said to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from recoverycore.errors import NotFound, problem
from recoverycore.escalation import RunFacts, open_run, step
from recoverycore.ground.instants import require_aware
from recoverycore.ground.text import nearest
from recoverycore.testing.clinic.results import Simulation
from recoverycore.testing.clinic.running import Clinic, play
from recoverycore.testing.clinic.tallies import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverycore.escalation import Protocol
    from recoverycore.testing.clinic.habits import Carrier, Habit
    from recoverycore.testing.escalation.moments import Stepping

__all__ = ["simulate"]

_WEEK = timedelta(days=7)
_A_DAY = timedelta(days=1)
_TOLD_EVERY = 1000


def simulate(
    protocol: Protocol,
    facts: RunFacts,
    *,
    start: datetime,
    lasting: timedelta = _WEEK,
    answers: Iterable[Habit] = (),
    carriers: Iterable[Carrier] = (),
    without: Iterable[str] = (),
    runs: int = 1000,
    seed: int = 1,
    first: int = 0,
    follow: timedelta = _A_DAY,
    progress: Callable[[int, int], object] | None = None,
    machine: Stepping = step,
) -> Simulation:
    """How long somebody would wait for a human, in `runs` runs of `protocol` with these people.

    Each run begins at some second of the stretch of `lasting` from `start`, and is followed for as long as `follow` once a human has it or
    the terminal step was shown. `answers` are habits, the first that fits counts; `carriers` say how messages fail. `without` are ids of
    persons, services and roles that are not there: who is ill, or what a cut would take away.

    Nothing is sent, no clock is read, and the answer depends on the arguments alone. A run depends on `seed` and its number only, which
    counts from `first`: so parts that were simulated in several processes are added up, and are the whole. `progress` is called with how
    many runs are done and how many there will be. An interruption from the keyboard gives what there is so far.

    `machine` may be a step machine of a host's own; whatever it does that must never happen is counted in `breaches`.

    Errors: ``naive_time``; ``unknown_target`` for a name that nobody has.
    """
    begin, away = require_aware(start).astimezone(UTC), frozenset(without)
    habits, carried = tuple(answers), tuple(carriers)
    there = _without(facts, protocol, away, [each.who for each in habits if each.who is not None])
    enders = (name for name, person in there.team.persons.items() if set(person.roles) & set(protocol.stand_down_roles))
    clinic = Clinic(
        opened=open_run("S", protocol, there),
        machine=machine,
        habits=habits,
        carriers=carried,
        seed=seed,
        begin=begin,
        seconds=max(0, lasting // timedelta(seconds=1) - 1),
        follow=follow,
        ends=next(enders, None),
    )
    tally = Tally()
    try:
        for number in range(first, first + runs):
            tally.add(number, play(clinic, number))
            if progress is not None and (tally.runs % _TOLD_EVERY == 0 or tally.runs == runs):
                progress(tally.runs, runs)
    except KeyboardInterrupt:
        pass  # what was counted so far is an answer too, and says of how many runs
    return Simulation(
        protocol=protocol.id,
        version=protocol.version,
        from_=begin,
        to=begin + lasting,
        zone=protocol.zone,
        seed=seed,
        first=first,
        asked=runs,
        without=tuple(sorted(away)),
        tally=tally,
    )


def _without(facts: RunFacts, protocol: Protocol, away: frozenset[str], named: list[str]) -> RunFacts:
    """The facts without whoever is not there. Error: ``unknown_target``."""
    people = {*facts.team.persons, *facts.directory}
    roles = {each.role for each in facts.team.shifts} | {each.role for step in protocol.steps for each in step.targets if each.role}
    for name in sorted(away - people - roles) + [each for each in named if each not in people]:
        raise NotFound(problem("unknown_target", did_you_mean=nearest(name, people | roles)))
    if not away:
        return facts
    team = facts.team.evolve(
        persons={name: each for name, each in facts.team.persons.items() if name not in away},
        shifts=tuple(each for each in facts.team.shifts if each.person not in away and each.role not in away),
    )
    return facts.evolve(team=team, directory={name: each for name, each in facts.directory.items() if name not in away})
