"""Playing a story on a real engine: what each step feeds in, and the plugins that stand in for the world."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from recoverycore.directory import DirectorySettings
from recoverycore.engine import Engine, Settings
from recoverycore.engine.revisions import extended
from recoverycore.errors import NotFound, RecoveryError, problem
from recoverycore.ground.clock import ManualClock
from recoverycore.hooks import OutgoingMessage, Receipt, RecoveryHooks, hookimpl
from recoverycore.plans import History, LapseReview
from recoverycore.testing.stories.acts import statements_of, use_of
from recoverycore.testing.stories.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from recoverycore.escalation import RunState
    from recoverycore.testing.stories.acts import (
        Act,
        Ask,
        Book,
        Discharge,
        InTouch,
        Observe,
        Owe,
        PutDirective,
        Receive,
        Report,
        Retract,
        ReviewSlip,
        Revise,
        RunEvent,
        SumUp,
        UseEntry,
        Withdraw,
    )
    from recoverycore.testing.stories.documents import LinesPlugin, Start, Story, StoryStep
    from recoverycore.testing.stories.standing import StoryStanding

__all__ = ["Player", "Recorder", "StoryLines"]

HANG = 30.0
"""Seconds that a plugin with the fault ``hangs`` sleeps: far longer than the engine waits for it."""


class Recorder(RecoveryHooks):
    """The deliverer of a story: takes every message over, and remembers what it was given."""

    recoverycore_name = "story.recorder"

    def __init__(self) -> None:
        self.messages: list[OutgoingMessage] = []

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt:  # noqa: ARG002 - the hook's own signature
        """Take it over, whatever the channel."""
        self.messages.append(message)
        return Receipt("handed_over")


class StoryLines(RecoveryHooks):
    """A story's own directory plugin. A fault makes it behave as broken plugins do."""

    def __init__(self, lines: LinesPlugin) -> None:
        self.recoverycore_name = lines.name
        self._lines = lines
        self.fault: str | None = None

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:
        """The lines of the story for their region."""
        if self.fault is not None:
            return _misbehave(self.fault)
        return [dict(each) for each in self._lines.entries] if region == self._lines.region else None


class Player:
    """One story on one engine. Each act is a command with an id of its own, so a step that was played before changes nothing."""

    def __init__(
        self, story: Story, path: Path | None = None, *, plugins: Iterable[object] = (), trace: Callable[[str], None] | None = None
    ) -> None:
        self.story = story
        self.recorder = Recorder()
        self._lines = [StoryLines(each) for each in story.start.lines]
        self._extra = tuple(plugins)
        self._trace = trace
        self._clock = ManualClock(story.steps[0].at)
        self.before: dict[str, list[dict[str, Any]]] = {}
        """The documents of the kinds that the step played last was expected to leave unchanged, as they were before it."""
        self.engine = self._open(path, self.recorder, self._clock)
        self._set_up(story.start, story.steps[0].at)

    @property
    def client(self) -> str:
        """The id of the person whose story it is."""
        return self.story.start.client.id

    def expects(self, line: str) -> bool:
        """Whether the story can know of a line: plugins from outside may offer more, and nothing that it expects speaks of those."""
        own = {entry.get("id") for lines in self.story.start.lines for entry in lines.entries}
        return not self._extra or line in own or line in {entry.id for entry in self.story.start.floor or ()}

    def play(self, step: StoryStep, *, twice: bool = False) -> None:
        """Feed in what a step says, then let the engine do what is due. `twice`: as a gateway that delivers everything twice."""
        self._clock.set(step.at)
        self.before = self.documents(step.expect.unchanged or ())
        for lines in self._lines:
            lines.fault = step.faults.get(lines.recoverycore_name)
        for _ in range(2 if twice else 1):
            for number, act in enumerate(step.do):
                command = act.id or f"{self.story.id}:{step.at.isoformat()}:{number}"
                try:
                    self._perform(act, step.at, command)
                except RecoveryError as error:
                    found = tuple(each.under(f"{self._place_of(step)}/do/{number}") for each in error.problems)
                    raise type(error)(*found) from None
        self.engine.tick(step.at)

    def _place_of(self, step: StoryStep) -> str:
        """Where a step stands in the story's file."""
        told = [("/data/steps", self.story.steps), *((f"/data/variants/{each.id}/steps", each.steps) for each in self.story.variants)]
        return next((f"{place}/{number}" for place, steps in told for number, each in enumerate(steps) if each is step), "/data/steps")

    def standing(self, at: datetime | None = None) -> StoryStanding:
        """How everything stands now, or at a later instant if nothing else is fed in. Nothing of this story is changed by it."""
        if at is None or at <= self._clock.now():
            return standing_of(self.engine, self.client, self._clock.now())
        ahead = self._open(None, Recorder(), ManualClock(at))
        try:
            ahead.import_(self.engine.export())
            ahead.tick(at)
            return standing_of(ahead, self.client, at)
        finally:
            ahead.close()

    def documents(self, kinds: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """The documents of these kinds as they are kept now, of the programme and of the client."""
        wanted = set(kinds)
        found: dict[str, list[dict[str, Any]]] = {}
        for each in self.engine.export()["documents"] if wanted else ():
            kind = each["kind"].partition(" of ")[0]
            if kind in wanted:
                found.setdefault(kind, []).append(each)
        return found

    def reload(self, path: Path | None = None) -> None:
        """Go on with a new engine that holds what the old one exported. Code words never travel: they are entered again."""
        data = self.engine.export()
        self.engine.close()
        self.engine = self._open(path, self.recorder, self._clock)
        if self.client in self.engine.import_(data):
            for word in self.story.start.code_words:
                self.engine.put(word, client=self.client, at=self._clock.now())

    def run_of(self, rule: str | None) -> RunState:
        """The run that `rule` opened last; without a rule the only one there is. Error: ``no_such_run``."""
        mine = {
            run: row["rule"]
            for row in self.engine.timeline(client=self.client).to_rows()
            if row["what"] == "run_opened"
            for run in [row["run"]]
        }
        wanted = [run for run, opened_by in mine.items() if rule in (None, opened_by)]
        if not wanted or (rule is None and len(wanted) > 1):
            raise NotFound(problem("no_such_run", detail=rule or ""))
        return next(state for state in self.engine.runs(client=self.client) if state.run == wanted[-1])

    def _open(self, path: Path | None, recorder: Recorder, clock: ManualClock) -> Engine:
        start = self.story.start
        key = start.code_word_key
        settings = Settings(
            code_word_keys={self.client: bytes.fromhex(key.reveal())} if key else {},
            directory=DirectorySettings(floor=start.floor),
            providers=start.providers,
            accepted_findings=start.lived_with,
        )
        plugins = [recorder, *self._lines, *self._extra]
        made: dict[str, Any] = {"settings": settings, "clock": clock}
        return Engine.open(path, plugins, trace=self._trace, **made) if path is not None else Engine.in_memory(plugins, **made)

    def _set_up(self, start: Start, at: datetime) -> None:
        programme = (start.programme, start.client, *start.services, *start.protocols, *start.rules)
        asked = [start.settings] if start.settings else []
        own = (start.team, *asked, *start.goals, *start.directives, start.plans, *start.code_words, *start.windows)
        shared = (*programme, *([start.profile] if start.profile else []))
        for number, document in enumerate(shared):
            self.engine.put(document, at=at, command_id=f"{self.story.id}:start:{number}")
        for number, document in enumerate(own):
            self.engine.put(document, client=self.client, at=at, command_id=f"{self.story.id}:own:{number}")

    def _perform(self, act: Act, at: datetime, command: str) -> None:
        getattr(self, f"_{act.act}")(act, at, command)

    def _receive(self, act: Receive, at: datetime, _: str) -> None:
        self.engine.receive(client=self.client, text=act.text, via=act.via, message_id=act.message_id, at=at)

    def _report(self, act: Report, at: datetime, command: str) -> None:
        self.engine.report(
            client=self.client, kind=act.kind, by=act.by, observed_at=act.observed_at, codes=act.codes, at=at, command_id=command
        )

    def _retract(self, act: Retract, at: datetime, command: str) -> None:
        reason = act.reason.reveal()
        self.engine.retract(act.signal, client=self.client, by=act.by, reason=reason, at=at, command_id=command)

    def _event(self, act: RunEvent, at: datetime, command: str) -> None:
        given = {name: getattr(act, name) for name in act.model_fields_set - {"act", "id", "type", "rule"}}
        self.engine.event(self.run_of(act.rule).run, act.type, at=at, command_id=command, **given)

    def _ask(self, act: Ask, at: datetime, command: str) -> None:
        self.engine.ask(client=self.client, who=act.who, sees=act.what, why=act.purpose, at=at, command_id=command)

    def _directive(self, act: PutDirective, at: datetime, command: str) -> None:
        self.engine.put(act.directive, client=self.client, at=at, command_id=command)

    def _withdraw(self, act: Withdraw, at: datetime, command: str) -> None:
        self.engine.withdraw(act.directive, client=self.client, by=act.by, at=at, command_id=command)

    def _observe(self, act: Observe | SumUp, at: datetime, command: str) -> None:
        for each in statements_of(act, at, command):
            self.engine.observe(each, client=self.client, command_id=each.id)

    _sum_up = _observe

    def _review(self, act: ReviewSlip, at: datetime, command: str) -> None:
        fields = {"id": act.slip, "completed_at": act.completed_at, "declined_at": act.declined_at, "hypotheses": act.hypotheses}
        review = LapseReview.model_validate({name: value for name, value in fields.items() if value})
        self.engine.review_slip(act.slip, review, client=self.client, by=act.by, at=at, command_id=command)

    def _owe(self, act: Owe, at: datetime, command: str) -> None:
        owed = act.obligation if act.obligation.opened_at else act.obligation.evolve(opened_at=at)
        self.engine.put(owed, client=self.client, at=at, command_id=command)

    def _use(self, act: UseEntry, at: datetime, command: str) -> None:
        self.engine.use(use_of(act, at), client=self.client, command_id=command)

    def _book(self, act: Book, at: datetime, command: str) -> None:
        owed = self._open_obligation(act.kind, command)
        self.engine.book(owed, client=self.client, slot=act.slot, with_=act.with_, by=act.by, at=at, command_id=command)

    def _discharge(self, act: Discharge, at: datetime, command: str) -> None:
        owed = self._open_obligation(act.kind, command)
        self.engine.discharge(owed, client=self.client, by=act.by, at=at, command_id=command)

    def _in_touch(self, act: InTouch, at: datetime, command: str) -> None:
        self.engine.in_touch(act.instants, client=self.client, at=at, command_id=command)

    def _revise(self, act: Revise, at: datetime, command: str) -> None:
        if self.engine.done(command) is not None:
            return  # by now the active revision is its own result
        history = self.engine.get(History, client=self.client) or History()
        active = history.active(act.kind)
        if active is None:
            raise NotFound(problem("unknown_document", detail=act.kind))
        content = extended(active.content, act.add, activities=act.activities, check_ins=act.check_ins, cues=act.cues)
        provenance = {name: getattr(act, name) for name in ("authors", "reason", "because_of", "agreed_by_client", "cites", "dismisses")}
        self.engine.revise(act.kind, content, client=self.client, provenance=provenance, at=at, command_id=command)

    def _open_obligation(self, kind: str, command: str) -> str:
        """The obligation of this kind that is open, or, where the command was carried out before, the one it met."""
        before = self.engine.done(command)
        if before is not None:
            return str(before.facts["obligation"])
        found = next(
            (owed for owed in self.engine.obligations(client=self.client) if owed.kind == kind and owed.discharged_at is None), None
        )
        if found is None:
            raise NotFound(problem("nothing_owed", detail=kind))
        return found.id


def _misbehave(fault: str) -> Any:
    """What broken plugins do."""
    if fault == "raises":
        raise RuntimeError(fault)
    if fault == "exits":
        sys.exit(fault)
    if fault == "hangs":
        time.sleep(HANG)
    if fault == "coroutine":
        return _never_awaited()
    return None if fault in ("nothing", "hangs") else object()


async def _never_awaited() -> None:
    """A coroutine where an answer should be."""
