"""A dry run: commands carried out on an engine whose one transaction is taken back. Only plugins that narrow consent are asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from recoverycore.engine.engine import Engine
from recoverycore.engine.history import timeline
from recoverycore.engine.shell import Shell
from recoverycore.errors import StoreError, problem
from recoverycore.escalation import Explanation, causes_of
from recoverycore.ground.ids import UuidIds
from recoverycore.ground.timeline import Timeline
from recoverycore.hooks import OutgoingMessage, Plugins, Receipt, RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from recoverycore.engine.stores import Unit
    from recoverycore.ground.clock import Clock

__all__ = ["Rehearsal", "Rehearsed", "rehearsed"]


@frozen
class Rehearsed:
    """What commands would have done: the lines that would stand in the record, and why each effect would be. Nothing of it was kept."""

    happened: Timeline
    reasons: Explanation

    def to_rows(self) -> list[dict[str, Any]]:
        """Each effect as plain data, with its reasons in words under ``why``."""
        return self.reasons.to_rows()

    def explain(self) -> str:
        """Every effect with its reasons, in plain words."""
        return self.reasons.explain()

    def in_zone(self, zone: str) -> Rehearsed:
        """The same for a reader in `zone`. Error: ``bad_zone``."""
        return evolve(self, happened=self.happened.in_zone(zone), reasons=self.reasons.in_zone(zone))

    def __str__(self) -> str:
        return self.explain()


class Rehearsal(Engine):
    """The engine that a trial is handed. It takes every command, on one transaction that is never kept.

    Messages count as handed over at once; nothing is offered to the person, since that asks the directory plugins.
    """

    def close(self) -> None:
        """Nothing: the store is the engine's own."""

    def _warn_if_stalled(self, unit: Unit, now: datetime) -> None:
        """A clock that has run out in a trial is no clock that somebody forgot."""

    def _offer(self, now: datetime, client: str, run: str) -> None:
        """What is offered comes from plugins."""


class _EverythingGoes(RecoveryHooks):
    """Stands where deliverers would: every message counts as handed over."""

    recoverycore_name = "rehearsal"

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt:  # noqa: ARG002 - the hook's own signature
        """As if it went."""
        return Receipt("handed_over")


class _OneUnit:
    """A store of one transaction that is open already. A unit of it that fails ends it, for half of that would be left."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._whole = True

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """The transaction."""
        if not self._whole:
            raise StoreError(problem("unit_ended"))
        self._whole = False
        yield self._unit
        self._whole = True

    def close(self) -> None:
        """Nothing: whoever opened the transaction ends it."""


class _TakenBack(Exception):
    """The trial is over."""


def rehearsed(shell: Shell, clock: Clock, act: Callable[[Engine], object]) -> Rehearsed:
    """What `act` would do on the engine that `shell` belongs to."""
    found = []
    try:
        with shell.store.unit() as unit:
            before = len(unit.audit())
            trial = Shell(_OneUnit(unit), Plugins.build([_EverythingGoes()]), shell.settings, shell.keys, narrowing=shell.narrowing)
            act(Rehearsal(trial, clock, UuidIds()))
            found.append(_told(timeline(unit.audit()), before))
            raise _TakenBack  # noqa: TRY301 - it has to leave the transaction as an exception
    except _TakenBack:
        return found[0]


def _told(everything: Timeline, before: int) -> Rehearsed:
    """The lines after the first `before`, and why each effect among them is: that rests on the earlier ones too."""
    old = len(causes_of(Timeline(everything.happenings[:before])))
    return Rehearsed(Timeline(everything.happenings[before:]), Explanation(causes=causes_of(everything)[old:]))
