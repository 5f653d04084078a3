"""The climb: entering, assessing and leaving stages, a late wake-up, holding and exhaustion.

What the single events do is in `acts`, `changes` and `authority`, whose answer counts in `quorums`, messages and receipts
in `messages`, who can be asked in `targets`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation import messages
from recoverycore.escalation.draft import REVIEW, Draft
from recoverycore.escalation.effects import Terminal
from recoverycore.escalation.quorums import can_be_met, met, reason_at_entry, satisfied_anywhere
from recoverycore.escalation.state import Entry
from recoverycore.escalation.targets import quiet_window, resolve
from recoverycore.escalation.windows import covers, occurrences

if TYPE_CHECKING:
    from recoverycore.escalation.steps import Step
    from recoverycore.escalation.targets import Resolved

__all__ = ["Machine"]

_MINUTE = timedelta(minutes=1)


class Machine(Draft):
    """The climb of a run, while one call is computed."""

    missed: datetime | None = None
    """The deadline that had passed before the call."""
    _ahead: tuple[int, datetime] | None = None
    _climbing = False

    # -- entering ---------------------------------------------------------------------------------------------------
    def enter(self, index: int, planned: datetime) -> None:
        """Enter stage `index` now, and go on as far as stages are left at once; `planned` is the instant it would have had on time.

        A loop and not a call within a call: a protocol may be longer than the stack is deep.
        """
        self._ahead = index, planned
        if self._climbing:
            return
        self._climbing = True
        while self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            self._enter(*ahead)
        self._climbing = False

    def _enter(self, index: int, planned: datetime) -> None:
        run = self.run
        if index >= len(self.stages) - 1 or index in run.visited:
            if index in run.visited:
                self.audit("cycle_broken", self.stages[index][0].id)
                self.owe("protocol_defect", run.protocol.owner_role, self.now + REVIEW)
            self.exhaust(planned)
            return
        if run.round_planned is None:
            run.round_planned = planned
        run.stage = index
        run.visited.append(index)
        run.deferred_until = None
        first = self.stages[index][0].id
        self.audit("stage_entered", first)
        self._tell_late(first, planned)
        late = planned < self.now and run.level >= run.protocol.late_catch_up
        for step in self.stages[index]:
            self._enter_step(step, index, planned, late=late)
        if self._defers():
            return
        self._assess_at(planned if late else self.now, late=late)

    def _tell_late(self, subject: str, planned: datetime) -> None:
        if self.now - planned >= _MINUTE:
            self.audit("late_step", subject, (self.now - planned) // _MINUTE)

    def _enter_step(self, step: Step, index: int, planned: datetime, *, late: bool) -> None:
        run = self.run
        entry = Entry(round=run.round, stage=index, entered=self.now)
        self.begin(step.id, entry)
        if step.when is not None and not covers(step.when, self.now, "coverage"):
            entry.present = False
            self.audit("outside_hours", step.id)
            return
        entry.deadline = self._deadline(step, planned if late else self.now)
        found, empty = resolve(run, step, self.now)
        for role in empty:
            self.nobody_on_duty(role)
        earlier_holders = False
        for each in found:
            if each.barrier is not None:
                entry.barriers[each.target] = each.barrier
                self.audit(each.barrier, each.target)
            elif run.acks.get(each.target) == run.climb:
                entry.recipients[each.target] = None
            elif step.asks and each.target in run.holders:
                earlier_holders = True
            else:
                self.ask(step, entry, each, late=late)
        entry.covered = step.asks and earlier_holders and not entry.recipients

    def ask(self, step: Step, entry: Entry, each: Resolved, *, late: bool = False) -> None:
        """Send to one target, unless an earlier late stage of this very call has asked the same person already."""
        kind = "ask" if step.asks else "inform"
        before = self._asked_late.get(each.target)
        if before is not None and (before[1] == "ask" or kind == "inform"):
            entry.recipients[each.target] = before[0]
            return
        key = messages.send(self, step.id, each.target, each.channels[0], kind, asked=self.asked_class(step))
        entry.recipients[each.target] = key
        if late:
            self._asked_late[each.target] = (key, kind)

    def _deadline(self, step: Step, planned: datetime) -> datetime | None:
        if not step.asks:
            return planned + (step.ack_within or timedelta())
        if step.ack_within is None:
            return None
        if step.from_ == "activation" and self.run.activated is not None:
            return max(planned, self.run.activated + step.ack_within)
        return planned + step.ack_within

    def _defers(self) -> bool:
        """Whether the stage waits for the end of quiet hours, which are all that keeps anybody from being asked."""
        run = self.run
        if run.level > run.protocol.defer_max_level:
            return False
        present = [self.step(step) for step in run.current if run.entries[step].present]
        entries = [run.entries[step.id] for step in present]
        if not present or any(each.recipients or each.covered for each in entries):
            return False
        barriers = [barrier for each in entries for barrier in each.barriers.values()]
        if not barriers or any(barrier != "quiet_hours" for barrier in barriers) or satisfied_anywhere(run):
            return False
        ends = [end for step in present for each in resolve(run, step, self.now)[0] for end in self._quiet_ends(each)]
        if not ends:
            return False
        run.deferred_until = min(ends)
        self.audit("deferred", present[0].id)
        return True

    def _quiet_ends(self, each: Resolved) -> list[datetime]:
        window = quiet_window(self.run, each.target, each.kind)
        return [end for start, end in occurrences(window, self.now, "restraint") if start <= self.now < end] if window else []

    # -- assessing --------------------------------------------------------------------------------------------------
    def assess(self, cause: str | None = None) -> None:
        """Hold, or leave the stage, or go on waiting. `cause` is what just happened, for the reason of leaving."""
        if self.run.status == "open" and self.run.deferred_until is None:
            if satisfied_anywhere(self.run):
                self.hold()
            elif self.run.stage is not None:
                self._judge(cause, entering=False, planned=None)

    def _assess_at(self, planned: datetime, *, late: bool) -> None:
        if satisfied_anywhere(self.run):
            self.hold()
        else:
            self._judge(None, entering=True, planned=planned)
            if late and self._ahead is None and self.run.status == "open":
                self._full_clock(planned)

    def _full_clock(self, planned: datetime) -> None:
        """The last stage that a catch-up enters has its whole time from now."""
        for step_id in self.run.current:
            entry = self.entry(step_id)
            if entry.entered == self.now and entry.present and entry.deadline == self._deadline(self.step(step_id), planned):
                entry.deadline = self._deadline(self.step(step_id), self.now)

    def _judge(self, cause: str | None, *, entering: bool, planned: datetime | None) -> None:
        run, entries = self.run, self.run.entries
        stage = self.stages[run.stage or 0]
        present = [step for step in stage if entries[step.id].present]
        asks = [step for step in present if step.asks]
        if not present:
            self.leave("outside_hours", stage[0], planned)
        elif not asks:
            if entering and not any(entries[step.id].recipients for step in present):
                self.leave(reason_at_entry(run, present[0]), present[0], planned)
            elif (end := max(entries[step.id].deadline or self.now for step in present)) <= self.now:
                self.leave("timeout", present[0], end if entering else planned)
        elif all(entries[step.id].covered for step in asks):
            self.leave("already_held", asks[0], planned)
        else:
            unmet = [step for step in asks if not entries[step.id].covered and not met(run, step)]
            for step in unmet:
                if not can_be_met(run, step):
                    self.leave(cause or (reason_at_entry(run, step) if entering else "no_recipient"), step, planned)
                    return
            due = [(deadline, step) for step in unmet if (deadline := entries[step.id].deadline) and deadline <= self.now]
            if due:
                deadline, step = min(due, key=lambda pair: pair[0])
                self.leave("timeout", step, deadline if entering else planned)

    # -- leaving ----------------------------------------------------------------------------------------------------
    def leave(self, reason: str, cause: Step, planned: datetime | None = None, *, jumps: bool = True) -> None:
        """Leave the current stage for `reason`; `cause` is the step whose jump rules apply."""
        run = self.run
        left = planned if planned is not None else self.now
        if self.missed is not None and planned is None and reason != "manual":
            left = self.missed
        self.missed = None
        run.deferred_until = run.boundary = None
        self.audit(f"stage_left:{reason}", cause.id)
        to = _jump(cause, reason, run.level) if jumps else None
        if to is not None:
            index = next(number for number, stage in enumerate(self.stages) if any(step.id == to for step in stage))
            self.enter(index, left)
            return
        following = (run.stage if run.stage is not None else len(self.stages)) + 1
        self.go(following, left)

    def go(self, index: int, left: datetime) -> None:
        """Go to stage `index`, to the next round, or to the end."""
        run = self.run
        if index < len(self.stages) - 1:
            self.enter(index, left)
        elif run.round < run.protocol.rounds and run.round_planned is not None and left > run.round_planned:
            run.round += 1
            run.visited = []
            run.round_planned = left
            self.enter(0, left)
        else:
            self.exhaust(left)

    def exhaust(self, planned: datetime) -> None:
        """Nobody has it: show the terminal step, which needs nobody, and give the alarm."""
        run = self.run
        run.status = "exhausted"
        run.stage = None
        terminal = self.stages[-1][0].id
        self._tell_late(terminal, planned)
        run.terminal_shown = True
        self.emit(Terminal(terminal, "final"))
        self.alarm()
        self.owe("exhausted_review", self.alarm_owner(), self.now + REVIEW)

    def alarm(self) -> None:
        """One message on every channel to everybody on duty in an alarm role."""
        run = self.run
        messages.alarm(self)
        realarm = run.protocol.exhausted.realarm
        run.realarm_due = self.now + realarm if realarm else None

    # -- holding ----------------------------------------------------------------------------------------------------
    def hold(self) -> None:
        """A human has it: the climb stops, everybody who waits is told, the clocks of a hold start."""
        run = self.run
        run.status = "held"
        self.audit("held", run.owner)
        run.deferred_until = run.realarm_due = None
        messages.cancel_pending(self, ("ask", "repeat", "alarm"))
        messages.tell_taken(self)
        within, resolve_within = run.protocol.contact_within, run.protocol.resolve_within
        run.contact_made = run.contact_made or run.accompanied_by is not None
        run.contact_due = self.now + within if within and not run.contact_made else None
        run.resolve_due = self.now + resolve_within if resolve_within else None

    def reopen(self, reason: str, *, jumps: bool = True) -> None:
        """Climb again after a hold: the other holders stay, their old acks no longer count."""
        run = self.run
        run.climb += 1
        run.status = "open"
        run.contact_due = run.resolve_due = None
        run.contact_made = run.accompanied_by is not None
        self.audit("reopened")
        if run.stage is None:
            self.exhaust(self.missed if self.missed is not None and reason != "manual" else self.now)
        else:
            self.leave(reason, self.stages[run.stage][0], jumps=jumps)

    def drop_holder(self, person: str) -> None:
        """Take `person` out of the holders, with the offer they made unless they are still on the line."""
        run = self.run
        if person in run.holders:
            run.holders.remove(person)
        run.acks.pop(person, None)
        if run.offer is not None and run.offer.by == person and run.accompanied_by != person:
            run.offer = None


def _jump(step: Step, reason: str, level: int) -> str | None:
    """Where the first matching rule of `step` leads."""
    return next((rule.to for rule in step.jump if (rule.on is None or reason in rule.on) and level >= rule.min_level), None)
