"""The engine: the one place that keeps, reads the clock and calls plugins. Everything it decides, the pure rooms decide."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from recoverycore.coordination import Obligation
from recoverycore.engine.acts import Acts
from recoverycore.engine.delivery import deliver_due
from recoverycore.engine.exchange import export_state, import_state
from recoverycore.engine.keys import KEY_MARK, CodeWordKeys, key_file, key_mark
from recoverycore.engine.law import with_profiles
from recoverycore.engine.offers import offer_help
from recoverycore.engine.owing import note_owed
from recoverycore.engine.proving import note_unproved, prove
from recoverycore.engine.seasons import look_at_windows
from recoverycore.engine.settings import Settings
from recoverycore.engine.shell import Shell, put
from recoverycore.engine.signals import message_mark, report, retract, source_of, take_message
from recoverycore.engine.slips import record_slip
from recoverycore.engine.stores import MemoryStore, SqliteStore
from recoverycore.engine.work import once
from recoverycore.errors import StoreError, problem
from recoverycore.escalation import CodeWord, Protocol
from recoverycore.ground.canonical import digest
from recoverycore.ground.clock import SystemClock
from recoverycore.ground.ids import UuidIds
from recoverycore.ground.instants import utc_text
from recoverycore.ground.sensitive import Sensitive
from recoverycore.hooks import Plugins
from recoverycore.risk import Rule, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from recoverycore.engine.stores import Store
    from recoverycore.engine.work import Done, Work
    from recoverycore.ground.clock import Clock
    from recoverycore.ground.document import Document
    from recoverycore.ground.ids import IdMaker
    from recoverycore.hooks.manager import OnFailure

__all__ = ["Engine"]

_log = logging.getLogger("recoverycore.engine")
_log.addHandler(logging.NullHandler())  # a library is silent until its host listens

D = TypeVar("D", bound="Document")


class Engine(Acts):
    """A programme's records, its runs and its outbox in one store. Every command is one transaction, or nothing.

    A command with an id is carried out once, however often it comes; the same id gives the first answer again. `at` is
    when it happened; left out, the clock is asked. After each command what is due is handed to the deliverers; `tick` does
    what time alone makes due, so a host calls it often (each minute, and at start). Nobody's silence stops a chain as long as
    somebody calls `tick`.
    """

    @classmethod
    def open(
        cls,
        path: str | Path | None,
        plugins: Iterable[object] = (),
        *,
        plugin_folder: str | Path | None = None,
        on_plugin_failure: OnFailure = "raise",
        critical: Iterable[str] = (),
        settings: Settings | None = None,
        plugin_settings: Mapping[str, Mapping[str, Any]] | None = None,
        store_settings: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        ids: IdMaker | None = None,
        trace: Callable[[str], None] | None = None,
    ) -> Self:
        """The engine on the SQLite file at `path`, made if there is none; or, with None, on the store that a plugin provides.

        `plugins` are names of installed ones, objects, or paths of files; nothing is loaded that is not named. Each file of `plugin_folder`
        is one more. With `on_plugin_failure` as ``"report"`` one that cannot be used is left out and told, in `plugins` and in the log,
        unless its name is among `critical`. `trace` is called before each SQL statement. Errors: every problem of the plugins; those of
        the store and of the key file; ``provider_missing``; ``code_word_key_needed``: beside another store there is no file.
        """
        chosen = settings or Settings()
        built = Plugins.build(
            plugins, settings=plugin_settings, plugin_folder=plugin_folder, on_failure=on_plugin_failure, critical=critical
        )
        if path is None:
            if chosen.code_word_key is None:
                raise StoreError(problem("code_word_key_needed"))
            store: Store = built.provide("recovery_provide_store", settings=store_settings or {})
            return cls._on(store, built, chosen, chosen.code_word_key, clock=clock, ids=ids)
        file = Path(path)
        store = SqliteStore(file, trace=trace)
        try:
            return cls._on(store, built, chosen, chosen.code_word_key or key_file(file), clock=clock, ids=ids)
        except BaseException:
            store.close()
            raise

    @classmethod
    def in_memory(
        cls,
        plugins: Iterable[object] = (),
        *,
        plugin_folder: str | Path | None = None,
        on_plugin_failure: OnFailure = "raise",
        critical: Iterable[str] = (),
        settings: Settings | None = None,
        plugin_settings: Mapping[str, Mapping[str, Any]] | None = None,
        clock: Clock | None = None,
        ids: IdMaker | None = None,
    ) -> Self:
        """An engine that forgets everything when it ends: for notebooks and tests. Its code words have a key of their own."""
        chosen = settings or Settings()
        built = Plugins.build(
            plugins, settings=plugin_settings, plugin_folder=plugin_folder, on_failure=on_plugin_failure, critical=critical
        )
        return cls._on(MemoryStore(), built, chosen, chosen.code_word_key or secrets.token_bytes(32), clock=clock, ids=ids)

    @classmethod
    def _on(cls, store: Store, plugins: Plugins, settings: Settings, key: bytes, *, clock: Clock | None, ids: IdMaker | None) -> Self:
        shell = Shell(store, plugins, with_profiles(settings, plugins), CodeWordKeys(key, settings.code_word_keys))
        return cls(shell, clock or SystemClock(), ids or UuidIds())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store. A second time does nothing."""
        self._shell.store.close()

    # -- what is kept -----------------------------------------------------------------------------------------------
    def put(
        self,
        document: Document,
        *,
        client: str | None = None,
        expected_rev: int | None = None,
        at: datetime | None = None,
        command_id: str | None = None,
    ) -> Done:
        """Keep a document, as its next revision where it was kept before. `client` names whose it is, where it is somebody's.

        With `expected_rev`, the revision that was read (0 for none), a change that somebody else made in between is not
        overwritten. A crisis protocol that cannot be relied on with the teams there are is refused, and so is a rule that would call
        it; a team is always kept, and what it leaves open comes back as ``unproved``. Errors: ``revision_conflict``,
        ``client_needed``, ``client_not_expected``, ``not_kept``, ``protocol_unproved``.
        """
        now = self._at(at)
        accepted = prove(self._shell, now, document, command_id) if isinstance(document, Protocol | Rule) else ()
        identifier = getattr(document, "id", None)
        mark = None if isinstance(document, CodeWord) else digest(document.to_data())  # of a code word nothing is repeated
        body = {"put": type(document).__name__, "client": client, "id": identifier, "mark": mark}

        def act(work: Work, _: str) -> dict[str, Any]:
            kind, rev = put(work.unit, document, client, expected_rev=expected_rev)
            work.note("kept", kind=kind, client=client, id=identifier, rev=rev)
            for each in accepted:
                work.note("unproved_accepted", **each)
            if isinstance(document, CodeWord) and client is not None:
                work.keep(KEY_MARK, client, {"mark": key_mark(self._shell.keys.of(client))})
            if isinstance(document, Obligation) and rev == 1:
                note_owed(work, client, document)
            if kind == "window" and client is not None:
                look_at_windows(work, client)
            left_open = note_unproved(work, client) if kind == "team" and client is not None else []
            return {"kind": kind, "id": identifier, "rev": rev, **({"unproved": left_open} if left_open else {})}

        return self._command(now, command_id, body, act)

    def remember(self, command_id: str, *, at: datetime | None = None) -> Done:
        """Keep that something of the host's own was done, under an id that `done` knows from now on. Nothing else happens."""
        return once(self._shell, self._at(at), command_id, {}, lambda _: {})

    # -- what comes in ----------------------------------------------------------------------------------------------
    def receive(self, *, client: str, text: Sensitive | str, via: str, message_id: str, at: datetime | None = None) -> Done:
        """A message from a client. A code word in it sets the runs going that the rules ask for.

        The text is matched and forgotten; plain text is wrapped at once, so that nothing shows it by accident. The same message
        delivered twice is one message; whatever it comes to, the host gives the sender the same visible answer.
        """
        key, text = self._shell.keys.of(client), text if isinstance(text, Sensitive) else Sensitive(text)
        command = f"message:{via}:{message_id}:{message_mark(text, key)}"
        return self._signal(client, command, {"via": via}, at, lambda work: take_message(work, client, text, key, command))

    def report(
        self,
        *,
        client: str,
        kind: str,
        by: str | None = None,
        observed_at: datetime | None = None,
        codes: Iterable[str] = (),
        at: datetime | None = None,
        command_id: str | None = None,
    ) -> Done:
        """Something that somebody noticed, of a kind that rules may speak about. `observed_at` is when it happened, if known.

        `codes` say what in codes: the signs of a plan, the classes of a substance. The command's id is the signal's.
        """
        command = command_id or self._ids.new()
        said = tuple(codes)

        def act(work: Work) -> dict[str, Any]:
            noticed = {"id": command, "kind": kind, "observed_at": observed_at or work.at, "recorded_at": work.at, "codes": said}
            signal = Signal.model_validate({**noticed, "observed_by": by, "source": source_of(work, client, by)})
            answer = report(work, client, signal)
            if kind in self._shell.settings.slip_kinds:
                record_slip(work, client, signal)
            return answer

        body = {"kind": kind, "by": by, "codes": list(said), "observed_at": observed_at and utc_text(observed_at)}
        return self._signal(client, command, body, at, act)

    def retract(self, signal: str, *, client: str, by: str, reason: str, at: datetime | None = None, command_id: str | None = None) -> Done:
        """Take back a signal that was reported by mistake. It stays in the record; what it had caused comes back in ``caused``.

        Nothing is lowered or closed by it: people who may do that are told by what comes back. Error: ``unknown_signal``.
        """
        body = {"client": client, "retract": signal, "by": by}
        return self._command(at, command_id, body, lambda work, _: retract(work, client, signal, by, reason))

    def _signal(self, client: str, command: str, body: dict[str, Any], at: datetime | None, act: Callable[[Work], dict[str, Any]]) -> Done:
        """A command that may open runs. What is offered to the person follows in a unit of its own: no plugin can hold up the run."""
        now = self._at(at)
        done, waits = self._once(now, command, {"client": client, **body}, act)
        if waits:
            deliver_due(self._shell, now)
        for run in done.facts["runs"]:
            if not done.facts["silent"]:
                self._offer(now, client, run)
        self._finish(now, done, client, waits=True)  # what was offered
        return done

    def _offer(self, now: datetime, client: str, run: str) -> None:
        offer_help(self._shell, now, client, run)

    # -- what time makes due ----------------------------------------------------------------------------------------
    def tick(self, at: datetime | None = None) -> int:
        """Do whatever is due: clocks of runs, windows that begin, messages that wait. How many clocks had run out.

        One run that cannot be carried on (its data are damaged, say) keeps no other from going on: it stands in the record
        as ``clock_failed``, is told to the log, and is tried again a minute later.
        """
        now = self._at(at)
        looked: set[tuple[str, int]] = set()
        while True:
            with self._shell.store.unit() as unit:
                due = [each for each in unit.due_timers(now) if each not in looked]
            if not due:
                break
            looked.add(due[0])
            self._on_time(*due[0], now)
        deliver_due(self._shell, now)
        self._tell_audit()
        self._beat(now)
        return len(looked)

    def _beat(self, now: datetime) -> None:
        """Tell whoever watches that somebody calls `tick`."""
        if self._shell.plugins.implementing("recovery_on_tick"):
            within = self._shell.settings.deliver_within
            self._shell.plugins.fan_out("recovery_on_tick", deadline=within, now=now, at=now, next_due=self.next_due())

    def deliver(self, at: datetime | None = None) -> int:
        """Hand what is due to the deliverers. How many messages were handed over."""
        sent = deliver_due(self._shell, self._at(at))
        self._tell_audit()
        return sent

    # -- taking everything along ------------------------------------------------------------------------------------
    def export(self) -> dict[str, Any]:
        """Everything that is kept, as plain JSON data, except code words, which never leave: they are entered again."""
        with self._shell.store.unit() as unit:
            return export_state(unit)

    def backup(self, into: str | Path) -> None:
        """A copy of the database in a new file, while the engine goes on; open it like any other to restore it.

        The key of the code words lies in a file of its own beside the database (or in the host's settings) and has to be
        kept apart from it. Errors: ``backup_exists``, ``backup_elsewhere``.
        """
        store = self._shell.store
        if not isinstance(store, SqliteStore):
            raise StoreError(problem("backup_elsewhere"))
        store.backup(into)

    def import_(self, data: dict[str, Any]) -> tuple[str, ...]:
        """Take over what `export` wrote into an empty store. The clients whose code words have to be entered again come back."""
        with self._shell.store.unit() as unit:
            clients = import_state(unit, data)
            self._told = len(unit.audit())
        return clients
