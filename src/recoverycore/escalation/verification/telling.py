"""A verification in words: the longest climb, and for each error the shortest way into it, as a timeline with instants and lengths.

What begins at an instant of the horizon is played by the step machine itself; every other way is one through the graph.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from attrs import frozen

from recoverycore.escalation.effects import Audit, Send, Terminal
from recoverycore.escalation.events import event_from
from recoverycore.escalation.soundness import points
from recoverycore.escalation.state import RunState
from recoverycore.escalation.stepping import step as one_step
from recoverycore.escalation.targets import on_duty
from recoverycore.escalation.verification.findings import Finding
from recoverycore.escalation.verification.paths import shortest
from recoverycore.escalation.verification.ways import END, NOTHING
from recoverycore.escalation.words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.escalation.documents import Protocol
    from recoverycore.escalation.effects import Effect
    from recoverycore.escalation.verification.looking import Interval, Looking
    from recoverycore.escalation.verification.paths import Longest
    from recoverycore.escalation.verification.ways import Graph, Stage, Way

__all__ = ["Line", "Story", "stories_of"]

_OF_THE_END = ("no_terminal", "terminal_needs_software", "terminal_not_24_7", "terminal_asks", "no_alarm")
_OF_A_HOLD = ("no_contact_clock", "no_debrief", "outside_holder", "lower_by_peer")
_NOBODY_THERE = ("unfillable_step", "quorum_too_large", "cannot_hold")
_NOT_PLAYABLE = frozenset({"no_terminal", "duplicate_step", "unknown_jump"})
"""With one of these the step machine would not know where to go."""
_MOST_TICKS = 200

Path = tuple[tuple["Stage", "Way"], ...]


@frozen
class Line:
    """One line of a timeline: how long after activation, and what happens."""

    after: timedelta
    text: str


@frozen
class Story:
    """How a climb that begins at `at` comes to what was found. Without a `finding` it is the longest climb there is.

    `asks` is whether in that stretch any step that asks has somebody to send to, and `at_once` whether the terminal step is shown at once.
    """

    at: datetime
    lines: tuple[Line, ...]
    finding: Finding | None = None
    asks: bool = True
    at_once: bool = False


def stories_of(
    looking: Looking, graph: Graph, intervals: list[Interval], climb: Longest, findings: tuple[Finding, ...]
) -> tuple[Story, ...]:
    """The longest climb, where there is one, and then the story of each error, in the order of the findings."""
    teller = _Teller(looking, graph, intervals[0], climb)
    start, told = intervals[0].start, []
    if climb.bound is not None:
        told.append(Story(start, (*teller.longest(), Line(climb.bound, in_words("climb", "shown", step=graph.ending)))))
    playable = _NOT_PLAYABLE.isdisjoint({each.name for each in points(looking.protocol)})  # not every one of them is told
    for each in findings:
        if each.severity != "error":
            continue
        if each.from_ is None:
            told.append(Story(start, tuple(teller.way_into(each)), each))
        else:
            lines, shown = _played(looking, each.from_) if playable else ((), None)
            told.append(Story(each.from_, lines, each, *_in_a_hole(looking, intervals, each, shown)))
    return tuple(told)


def _in_a_hole(looking: Looking, intervals: list[Interval], found: Finding, shown: timedelta | None) -> tuple[bool, bool]:
    """Whether in the stretch of `found` a step that asks has somebody to send to, and whether the last step is always shown at once."""
    inside = [each for each in intervals if found.from_ and found.to and found.from_ <= each.start < found.to]
    asks = any(look.reached and step.asks for each in inside for step, look in zip(looking.steps, each.looks, strict=True))
    tells = any(look.reached for each in inside for look in each.looks)
    waits = looking.protocol.level <= looking.protocol.defer_max_level  # then quiet hours may put it off
    return asks, shown == NOTHING and not (tells or waits)


class _Teller:
    """The ways through a graph, in words."""

    def __init__(self, looking: Looking, graph: Graph, first: Interval, climb: Longest) -> None:
        self._looking = looking
        self._graph = graph
        self._first = first
        self._climb = climb
        self._steps = [stage for stage in looking.protocol.stages if not stage[0].terminal]
        self._homes = {step.id: number for number, stage in reversed(list(enumerate(self._steps))) for step in stage}

    def longest(self) -> Iterator[Line]:
        """The climb that takes longest."""
        before, turn = None, 1
        for visit in self._climb.witness:
            stage = self._graph.stages[self._homes[visit.step]]
            to = stage.number if visit.round == turn else len(self._steps)
            yield self._begins(stage, visit.after, next((way for way in before.ways if way.to == to), None) if before else None)
            if stage.wait:
                yield Line(visit.after, in_words("climb", "waits", step=stage.first))
            before, turn = stage, visit.round

    def way_into(self, finding: Finding) -> Iterator[Line]:
        """The shortest way to where something is wrong, and what follows from it."""
        if finding.code == "bound_exceeded":
            yield from self.longest()
            yield Line(self._climb.bound or NOTHING, _text(finding))
            return
        if finding.code in _OF_A_HOLD:
            yield Line(NOTHING, in_words("climb", "taken"))
            yield Line(NOTHING, _text(finding))
            return
        to = END if finding.step is None or finding.code in _OF_THE_END else self._homes.get(finding.step, END)
        path = () if to == 0 else shortest(self._graph, to)
        after, way = NOTHING, None
        for stage, out in path or ():
            yield self._begins(stage, after, way)
            after, way = _left(stage, out, after), out
        if to != END and path is not None:
            yield self._begins(self._graph.stages[to], after, way)
        if finding.code == "cyclic_jump":
            for stage, out in shortest(self._graph, to, to) or ():
                if stage.number != to:
                    yield self._begins(stage, after, way)
                after, way = _left(stage, out, after), out
        if finding.code in _NOBODY_THERE and finding.step is not None:
            yield from (Line(after, text) for text in self._kept_out(finding.step))
        yield Line(after, _text(finding))

    def _begins(self, stage: Stage, after: timedelta, way: Way | None) -> Line:
        steps = self._steps[stage.number]
        names = " with ".join(f"`{step.id}`" for step in steps)
        asked = ", ".join(dict.fromkeys(target.kind_and_id[1] for step in steps if step.asks for target in step.targets))
        told = ", ".join(dict.fromkeys(target.kind_and_id[1] for step in steps if not step.asks for target in step.targets))
        because = in_words("way", way.reasons[0], step=way.cause) + ", " if way else ""
        what = "; ".join(part for part in (f"asks {asked}" if asked else "", f"tells {told}" if told else "") if part)
        return Line(after, f"{because}{names} begins" + (f" and {what}" if what else ""))

    def _kept_out(self, name: str) -> Iterator[str]:
        """Why, as the horizon begins, a step has too few to ask."""
        place = next(number for number, step in enumerate(self._looking.steps) if step.id == name)
        step, look = self._looking.steps[place], self._first.looks[place]
        if not look.inside:
            yield in_words("decided", "outside_hours", subject=name)
        roles = [identifier for kind, identifier in (target.kind_and_id for target in step.targets) if kind == "role"]
        empty = [role for role in roles if not on_duty(self._looking.run, role, self._first.start)]
        yield from (in_words("decided", "nobody_on_duty", subject=role) for role in empty)
        yield from (in_words("decided", each.barrier or "", subject=each.target) for each in look.barred)


def _left(stage: Stage, way: Way, after: timedelta) -> timedelta:
    """When a stage that was entered then is left by `way`: at its end by silence, at once by anything else."""
    end = stage.lasts_until(after) if way.reasons[0] == "timeout" else after
    return after if end is None else end


def _text(finding: Finding) -> str:
    return in_words("finding", finding.code, step=finding.step, subject=finding.target)


def _played(looking: Looking, at: datetime) -> tuple[tuple[Line, ...], timedelta | None]:
    """What the step machine does with a run that begins at `at` and that nobody answers, and after how long the terminal step is shown."""
    triggers = looking.protocol.triggers
    state = RunState("", cast("Protocol", looking.protocol), looking.run.facts)  # only for these lines: it is kept nowhere
    event, now = event_from({"type": "trigger", "id": "begin", "kind": triggers[0] if triggers else "none"}), at
    lines, shown = [], None
    for _ in range(_MOST_TICKS):
        state, effects = one_step(state, event, now)
        for each in effects:
            text = _done(each) if shown is None else _of_the_alarm(each)
            lines += [Line(now - at, text)] if text else []
            if shown is None and isinstance(each, Terminal) and each.phase == "final":
                shown = now - at
        if state.status != "open" or state.next_due is None:
            break
        event, now = event_from({"type": "tick", "gen": state.generation}), state.next_due
    return tuple(lines), shown


def _of_the_alarm(effect: Effect) -> str:
    """What the machine did when everything was shown: who is told that nobody answered, or that nobody is."""
    if isinstance(effect, Audit) and effect.code == "nobody_on_duty":
        return in_words("climb", "alarm", subject=effect.subject)
    return _done(effect)


def _done(effect: Effect) -> str:
    """What the machine did, in words; nothing for its clocks and for what is owed."""
    match effect:
        case Send(kind=kind, target=target, channel=channel):
            return in_words("message", kind, subject=target, channel=channel)
        case Terminal(step=step, phase=phase):
            return in_words("effect", f"terminal_{phase}", step=step)
        case Audit(code=code, subject=subject) if code.startswith("stage_left:"):
            return in_words("left", code.removeprefix("stage_left:"), subject=subject)
        case Audit(code=code, subject=subject):
            return in_words("decided", code, subject=subject)
        case _:
            return ""
