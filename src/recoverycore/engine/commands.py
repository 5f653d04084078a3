"""How every command of an engine goes: the instant, one unit of work, then what is due leaves and listeners are told."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from recoverycore.engine.delivery import deliver_due
from recoverycore.engine.work import Done, Work, once
from recoverycore.ground.instants import require_aware
from recoverycore.hooks import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from recoverycore.engine.shell import Shell
    from recoverycore.engine.stores import AuditLink
    from recoverycore.ground.clock import Clock
    from recoverycore.ground.ids import IdMaker

__all__ = ["Commands"]

T = TypeVar("T")
_log = logging.getLogger("recoverycore.engine")


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

    def _at(self, at: datetime | None) -> datetime:
        return require_aware(at) if at is not None else self._clock.now()

    def _command(
        self, at: datetime | None, command_id: str | None, body: dict[str, Any], act: Callable[[Work, str], dict[str, Any]]
    ) -> Done:
        """Carry out a command once; its id is made here where the caller gives none."""
        now = self._at(at)
        command = command_id or self._ids.new()
        self._warn_if_stalled(now)
        done = once(self._shell, now, command, body, lambda work: act(work, command))
        self._finish(now)
        return done

    def _look(self, at: datetime | None, look: Callable[[Work], T]) -> T:
        """Read something; a look changes nothing."""
        now = self._at(at)
        with self._shell.store.unit() as unit:
            return look(Work.on(self._shell, unit, now))

    def _warn_if_stalled(self, now: datetime) -> None:
        with self._shell.store.unit() as unit:
            first = unit.next_timer()
        late = now - first if first is not None else timedelta()
        if late > self._shell.settings.tick_expected:
            _log.error("a clock ran out %d minutes ago and nobody has called tick since", late // timedelta(minutes=1))

    def _finish(self, now: datetime) -> None:
        """After a command: what is due leaves, and whoever listens to the audit trail is told."""
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


def _last(links: tuple[Any, ...]) -> int:
    return links[-1].seq if links else 0
