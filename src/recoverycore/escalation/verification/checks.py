"""Every rule of the verification, in the order in which a reader mends things: the document, the ways through it, the people.

Which points of the document are wrong the refusal of documents says (`soundness`), who can be asked the step machine itself: a rule is
written down once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation.soundness import CRISIS, points
from recoverycore.escalation.steps import QuorumCount, QuorumRoles
from recoverycore.escalation.targets import class_for, may_hold, permitted
from recoverycore.escalation.verification.findings import Finding, severity
from recoverycore.escalation.verification.looking import first_stretch
from recoverycore.escalation.verification.paths import silent_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from recoverycore.escalation.documents import ProtocolDraft
    from recoverycore.escalation.steps import Step
    from recoverycore.escalation.verification.looking import Interval, Look, Looking
    from recoverycore.escalation.verification.ways import Graph

__all__ = ["Checks"]

_ONLY_IN_A_CRISIS = ("no_contact_clock", "no_debrief", "outside_holder", "lower_by_peer")
_TWO = 2
"""So many providers a step runs over, so that one of them may fail."""


class Checks:
    """The rules, each a method that gives what it found."""

    def __init__(
        self, looking: Looking, graph: Graph, intervals: list[Interval], providers: Mapping[str, Sequence[str]], limit: timedelta | None
    ) -> None:
        self._looking = looking
        self._protocol: ProtocolDraft = looking.protocol
        self._graph = graph
        self._intervals = intervals
        self._providers = providers
        self._limit = limit

    def all(self, bound: timedelta | None) -> tuple[Finding, ...]:
        """Everything there is to find, each once. A step that nobody may hold is told that alone."""
        found = dict.fromkeys((*self._document(), *self._ways(), *self._bound(bound), *self._people(), *self._horizon()))
        nobody = {each.step for each in found if each.code == "cannot_hold"}
        return tuple(each for each in found if each.code == "cannot_hold" or each.step is None or each.step not in nobody)

    def _found(
        self, code: str, step: str | None = None, target: str | None = None, when: tuple[datetime, datetime] | None = None
    ) -> Finding:
        start, end = when or (None, None)
        return Finding(code=code, severity=severity(code, self._protocol.level), step=step, target=target, from_=start, to=end)

    # -- the document -----------------------------------------------------------------------------------------------
    def _document(self) -> Iterator[Finding]:
        for name, at in points(self._protocol):
            step = self._protocol.steps[at[1]] if len(at) > 1 and isinstance(at[1], int) else None
            if name in _ONLY_IN_A_CRISIS and self._protocol.level < CRISIS:
                continue
            if name != "blank":
                yield self._found(name, step.id if step else None)
            elif step is not None and not step.asks:  # an ask step without targets is one that nobody ever fills
                yield self._found("no_targets", step.id)

    # -- the ways through it ----------------------------------------------------------------------------------------
    def _ways(self) -> Iterator[Finding]:
        graph = self._graph
        for stage in graph.stages:
            number = stage.number
            if number not in graph.reachable:
                yield from (self._found("unreachable_step", each.step) for each in stage.members)
                continue
            if number in graph.beyond[number]:
                yield self._found("cyclic_jump", stage.first)
            onward = [graph.stages[each] for each in {number, *graph.beyond[number]}]
            if graph.ending is not None and (stage.wait is None or not any(graph.ends_after(each) for each in onward)):
                yield self._found("dead_end", stage.first)
        for step in self._looking.steps:
            if step.repeat is not None and step.ack_within is not None and step.repeat.every >= step.ack_within:
                yield self._found("repeat_unreachable", step.id)
        for stage, entered in silent_entries(graph):
            ends = {each.step: each.ends(entered) for each in stage.members if each.asks}
            yield from (self._found("deadline_already_passed", step) for step, end in ends.items() if end == entered)

    def _bound(self, bound: timedelta | None) -> Iterator[Finding]:
        if bound is not None and self._limit is not None and bound > self._limit:
            yield self._found("bound_exceeded")

    # -- the people -------------------------------------------------------------------------------------------------
    def _people(self) -> Iterator[Finding]:
        for place, step in enumerate(self._looking.steps):
            looks = [each.looks[place] for each in self._intervals]
            yield from self._asked(step, looks, place) if step.asks else self._told(step, looks)
            for target, kind in self._looking.possible(step):
                code = self._kept(step, target, kind)
                if code is not None:
                    yield self._found(code, step.id, target)

    def _asked(self, step: Step, looks: list[Look], place: int) -> Iterator[Finding]:
        known = [target for target, kind in self._looking.possible(step) if kind != "unknown"]
        if known and not any(may_hold(self._looking.run, target) for target in known):
            yield self._found("cannot_hold", step.id)
            return
        if not any(look.filled for look in looks):
            counts = isinstance(step.quorum, QuorumCount | QuorumRoles) and any(look.inside and look.people for look in looks)
            yield self._found("quorum_too_large" if counts else "unfillable_step", step.id)
        else:
            gap = first_stretch(self._intervals, lambda each: each.looks[place].inside and not each.looks[place].filled)
            if gap is not None:
                yield self._found("coverage_gap", step.id, when=gap)
        if len(self._run_over(step)) < _TWO:
            yield self._found("single_provider", step.id)

    def _told(self, step: Step, looks: list[Look]) -> Iterator[Finding]:
        if not any(look.filled for look in looks):
            yield self._found("inform_unfillable", step.id)

    def _run_over(self, step: Step) -> set[str]:
        """The providers of every channel on which a step can ask staff and services."""
        return {provider for channel in self._looking.staff_channels(step) for provider in self._providers.get(channel, ())}

    def _kept(self, step: Step, target: str, kind: str) -> str | None:
        """What, at every hour, keeps `target` from being told what `step` wants to tell."""
        run = self._looking.run
        if target in run.facts.safety.never_contact:
            return "never_contact_target"
        if kind == "unknown":
            return None
        if kind in ("contact", "service") and not permitted(run, target, self._intervals[0].start):
            return "consent_blocked_target"
        usable = self._looking.usable(step, target, kind)
        if not usable:
            return "no_safe_channel"
        asked = step.message_class or self._protocol.message_class
        return None if any(class_for(run, asked, target, channel) >= asked for channel in usable) else "class_above_consent"

    def _horizon(self) -> Iterator[Finding]:
        """The first stretch in which nobody can be asked by any step; whether quiet hours alone do that for one of them, or not."""
        for code, quiet in (("dead_zone", True), ("no_human_interval", False)):
            when = next(self._looking.holes(self._intervals, quiet=quiet), None)
            if when is not None:
                yield self._found(code, when=when)
