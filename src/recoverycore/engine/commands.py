"""How every command of an engine goes: the instant, one unit of work, then what is due leaves and listeners are told."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from recoverycore.engine.delivery import deliver_due
from recoverycore.engine.keys import with_another_key
from recoverycore.engine.runs import feed
from recoverycore.engine.seasons import ALARM, look_at_windows
from recoverycore.engine.shell import all_of
from recoverycore.engine.watching import WATCH, has_to_watch, look_at_rules
from recoverycore.engine.work import Done, Work, once
from recoverycore.ground.instants import require_aware
from recoverycore.hooks import AuditEntry
from recoverycore.people import Client

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from recoverycore.engine.shell import Shell
    from recoverycore.engine.stores import AuditLink, Unit
    from recoverycore.ground.clock import Clock
    from recoverycore.ground.ids import IdMaker

__all__ = ["Commands"]

T = TypeVar("T")
_log = logging.getLogger("recoverycore.engine")
_HIGHEST = 4


class Commands:
    """The inside that the engine's commands share."""

    def __init__(self, shell: Shell, clock: Clock, ids: IdMaker) -> None:
        self._shell = shell
        self._clock = clock
        self._ids = ids
        self._telling = threading.Lock()
        with shell.store.unit() as unit:
            for row in unit.outbox():
                if row.status == "leased":  # by a process that is gone: the store is ours alone
                    unit.settle(row.key, "unconfirmed")
            self._told = _last(unit.audit())
            lost = with_another_key(unit, shell.keys)
        if lost:
            _log.error("the code words of %d clients were kept under another key and cannot match: restore the key", len(lost))

    def _at(self, at: datetime | None) -> datetime:
        return require_aware(at) if at is not None else self._clock.now()

    def _command(
        self, at: datetime | None, command_id: str | None, body: dict[str, Any], act: Callable[[Work, str], dict[str, Any]]
    ) -> Done:
        """Carry out a command once; its id is made here where the caller gives none."""
        now = self._at(at)
        command = command_id or self._ids.new()
        done, waits = self._once(now, command, body, lambda work: act(work, command))
        self._finish(now, done, body.get("client"), waits=waits)
        if body.get("put") in ("Rule", "Programme", "Client") and not done.repeated:
            self._look_at_all(now)
        return done

    def _look_at_all(self, now: datetime) -> None:
        """After the programme's own rules were changed: everybody's look, each in a unit of its own."""
        with self._shell.store.unit() as unit:
            due = [each for each in unit.due_timers(now) if each[0].startswith(WATCH)]
        for name, generation in due:
            self._on_time(name, generation, now)
        deliver_due(self._shell, now)
        self._tell_audit()

    def _once(self, now: datetime, command: str, body: dict[str, Any], act: Callable[[Work], dict[str, Any]]) -> tuple[Done, bool]:
        """Carry out a command once, and say whether a message waits to leave.

        The rules look at it when it is done and its messages have left: at what time had made true before, as of then, and at
        what the command changed. Its unit times that look, so that not even a crash in between keeps it from coming. A look has a
        unit of its own; one that fails holds nothing up.
        """
        waits = True  # of a command that was carried out before it is not known

        def watched(work: Work) -> dict[str, Any]:
            nonlocal waits
            self._warn_if_stalled(work.unit, now)
            facts = act(work)
            for each in _touched(work, body):
                if has_to_watch(work, each):
                    work.unit.set_timer(WATCH + each, work.at, 0, 0)
            waits = work.unit.waits(now)
            return facts

        return once(self._shell, now, command, body, watched), waits

    def _look_at_rules(self, client: str, now: datetime) -> bool:
        """Look at the rules of a client whose time has come. Whether there were any."""
        with self._shell.store.unit() as unit:
            due = [each for each in unit.due_timers(now) if each[0] == WATCH + client]
        for name, generation in due:
            self._on_time(name, generation, now)
        return bool(due)

    def _on_time(self, name: str, generation: int, now: datetime) -> None:
        """What a timer was set for. What cannot be carried on keeps nothing else from it, and is tried again later."""
        try:
            with self._shell.store.unit() as unit:
                work = Work.on(self._shell, unit, now)
                if name.startswith(ALARM):
                    look_at_windows(work, name.removeprefix(ALARM))
                elif name.startswith(WATCH):
                    look_at_rules(work, name.removeprefix(WATCH))
                else:
                    feed(work, name, {"type": "tick", "gen": generation})
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must go on
            self._postpone(name, generation, now, type(error).__name__)

    def _postpone(self, name: str, generation: int, now: datetime, error: str) -> None:
        _log.error("the clock of %s failed: %s", name.split(" ", maxsplit=1)[0], error)
        with self._shell.store.unit() as unit:
            Work.on(self._shell, unit, now).note("clock_failed", run=name, error=error)
            if any((each.run, each.gen) == (name, generation) for each in unit.timers()):  # nobody has set another since
                unit.set_timer(name, now + self._shell.settings.try_clock_again, generation, _HIGHEST)

    def _look(self, at: datetime | None, look: Callable[[Work], T]) -> T:
        """Read something; a look changes nothing."""
        now = self._at(at)
        with self._shell.store.unit() as unit:
            work = Work.on(self._shell, unit, now)
            work.looks = True
            return look(work)

    def _warn_if_stalled(self, unit: Unit, now: datetime) -> None:
        first = unit.next_timer()
        late = now - first if first is not None else timedelta()
        if late > self._shell.settings.tick_expected:
            _log.error("a clock ran out %d minutes ago and nobody has called tick since", late // timedelta(minutes=1))

    def _finish(self, now: datetime, done: Done, client: str | None, *, waits: bool) -> None:
        """After a command: what is due leaves, the rules look at what was changed, and whoever listens to the record is told."""
        if waits:
            deliver_due(self._shell, now)
        if client is not None and not done.repeated and self._look_at_rules(client, now):
            deliver_due(self._shell, now)
        self._tell_audit()

    def _tell_audit(self) -> None:
        """Tell every link once. One thread at a time does it, for the others too; nobody waits for it."""
        if not self._shell.plugins.implementing("recovery_on_audit") or not self._telling.acquire(blocking=False):
            return
        try:
            # Twice, for what other threads added meanwhile; a listener whose own commands add more hears of them later.
            for _ in range(2):
                for link in self._untold():
                    facts = {key: value for key, value in link.body.items() if isinstance(value, str | int | bool)}
                    entry = AuditEntry(link.seq, link.at, str(facts.pop("what", "")), facts)
                    self._shell.plugins.fan_out("recovery_on_audit", deadline=self._shell.settings.deliver_within, now=link.at, entry=entry)
                    self._told = link.seq
        finally:
            self._telling.release()

    def _untold(self) -> tuple[AuditLink, ...]:
        with self._shell.store.unit() as unit:
            return unit.audit(self._told)


def _touched(work: Work, body: dict[str, Any]) -> tuple[str, ...]:
    """Whose rules have to look after a command: those of its client, or of everybody where it is about the programme's rules."""
    if body.get("client"):
        return (body["client"],)
    if body.get("put") == "Client":
        return (body["id"],)
    return tuple(each.id for each in all_of(work.unit, Client)) if body.get("put") in ("Rule", "Programme") else ()


def _last(links: tuple[Any, ...]) -> int:
    return links[-1].seq if links else 0
