"""Looking at what an engine keeps: every one of these reads, and none changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from attrs import asdict

from recoverycore.coordination import Obligation
from recoverycore.engine.commands import Commands
from recoverycore.engine.disclosures import decided, seen
from recoverycore.engine.handle import Run
from recoverycore.engine.history import crisis_measures, timeline
from recoverycore.engine.kept_runs import run_state, runs_of
from recoverycore.engine.keys import with_another_key
from recoverycore.engine.ledger import accounting, ledger_of
from recoverycore.engine.local import local_for
from recoverycore.engine.offers import left_out, lines_for
from recoverycore.engine.owing import board_of, clocks_of, stalled
from recoverycore.engine.plan_contacts import plan_warnings
from recoverycore.engine.progress import goals_standing
from recoverycore.engine.proving import asked_about
from recoverycore.engine.reasons import explained
from recoverycore.engine.revisions import open_means
from recoverycore.engine.runs import unknown_references
from recoverycore.engine.seasons import check_in_standing, windows_active
from recoverycore.engine.shell import all_of, client_of, one_of
from recoverycore.engine.slips import slips_of
from recoverycore.engine.watching import rules_holding
from recoverycore.engine.work import Done
from recoverycore.errors import NotFound, problem
from recoverycore.escalation import Protocol
from recoverycore.plans import History, plan_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, timedelta

    from recoverycore.consent import Decision, Ledger
    from recoverycore.coordination import Board, CheckIns
    from recoverycore.directory.local_documents import LocalKind
    from recoverycore.engine.engine import Engine
    from recoverycore.engine.ledger import Accounting
    from recoverycore.engine.local import Local
    from recoverycore.engine.offers import Lines
    from recoverycore.engine.plan_contacts import PlanWarning
    from recoverycore.engine.rehearsal import Rehearsed
    from recoverycore.engine.work import Work
    from recoverycore.errors import Problem
    from recoverycore.escalation import Explanation, ProtocolDraft, RunState, Verification
    from recoverycore.ground.document import Document
    from recoverycore.ground.timeline import Timeline
    from recoverycore.hooks import Plugins
    from recoverycore.plans import Revision

__all__ = ["Looks"]

D = TypeVar("D", bound="Document")


class Looks(Commands):
    """What an engine can be asked. `at` left out is now."""

    @property
    def plugins(self) -> Plugins:
        """The plugins of this engine: which are called, which were left out, and why."""
        return self._shell.plugins

    def get(self, expect: type[D], identifier: str | None = None, *, client: str | None = None) -> D | None:
        """A kept document, or None: the one with this id, or the only one of its kind."""
        with self._shell.store.unit() as unit:
            return one_of(unit, expect, client, identifier)

    def kept(self, expect: type[D], *, client: str | None = None) -> tuple[D, ...]:
        """Every kept document of a kind, by id."""
        with self._shell.store.unit() as unit:
            return all_of(unit, expect, client)

    def check(self, *, client: str) -> tuple[Problem, ...]:
        """What the rules for a client refer to and nobody knows, what keeps a crisis protocol from being relied on, and what plugins give
        for the client's region and nobody would be offered.

        Ask it when a protocol, a rule, a team or a plugin changes, and after a backup was restored: it is found now, and not in the first
        crisis. A pointer begins with the rule's id. ``protocol_unproved``: what the settings do not accept, from now on for as long as
        they say; `verify` tells it whole. ``code_word_key_changed``: no code word of the client can match. ``line_left_out``: a crisis
        line of a plugin with a slip in it, or a plugin that cannot answer; its pointer is ``/lines/LINE`` and the place in it.
        """
        with self._shell.store.unit() as unit:
            lost = client in with_another_key(unit, self._shell.keys)
        key = (problem("code_word_key_changed"),) if lost else ()
        found = self._look(None, lambda work: unknown_references(work, client))
        return (*key, *found, *left_out(self._shell, self._at(None), client))

    def verify(
        self, protocol: ProtocolDraft | str, *, client: str, at: datetime | None = None, lasting: timedelta | None = None
    ) -> Verification:
        """Whether a protocol can be left to itself with the team, the consents and the services of a client, from `at` on.

        `protocol` is one that is kept, by its id, or one that is only written, a draft too. It is looked at at the highest level at
        which a rule calls it, for as long as `lasting` or the settings' `proof_horizon`. Errors: ``unknown_document``,
        ``unknown_client``, ``bad_time`` for longer than 400 days.
        """
        now = self._at(at)
        asked = self._look(now, lambda work: asked_about(work, client, _written(work, protocol)))
        return asked.verified(self._shell.settings, now, lasting)

    def done(self, command_id: str) -> Done | None:
        """What a command came to when it was carried out, or None when it never was."""
        with self._shell.store.unit() as unit:
            found = unit.command(command_id)
        return Done(**found["result"], repeated=True) if found else None

    def next_due(self) -> datetime | None:
        """The earliest instant at which a clock runs out: until then only events have anything to do."""
        with self._shell.store.unit() as unit:
            return unit.next_timer()

    def stalled(self, *, at: datetime | None = None) -> tuple[tuple[str, datetime], ...]:
        """The clocks that had run out before `at` by more than the settings' `tick_expected`: nobody called `tick` for them.

        Ask it from outside the loop that calls `tick`. By name (a run's id) and due instant, the longest overdue first.
        """
        return self._look(at, lambda work: stalled(work.unit, work.at - work.settings.tick_expected))

    def unattended(self, *, at: datetime | None = None) -> tuple[str, ...]:
        """The runs that nothing will move: not over, held by nobody, without a clock that is still to run out or a message that waits.

        In a healthy engine there is none, but for runs that were exhausted and give no further alarm: those wait for a human.
        One look at indexes; ask it from outside of the loop that calls `tick`, and let somebody be told.
        """
        return self._look(at, lambda work: work.unit.unattended(work.at))

    def goals(self, *, client: str, at: datetime | None = None) -> dict[str, dict[str, Any]]:
        """How each goal of a client stands: met, not met, or nobody can tell. Silence is never a no, and nothing is a streak."""
        return self._look(at, lambda work: goals_standing(work, client))

    def slips(self, *, client: str, at: datetime | None = None) -> list[dict[str, Any]]:
        """Every slip that was reported and not taken back, oldest first, each with its day and week. Nothing counts days since."""
        return self._look(at, lambda work: slips_of(work, client))

    def plan_at(self, kind: str, *, client: str, at: datetime) -> Revision | None:
        """The revision of a plan that was in force at an instant."""
        return plan_at(self.get(History, client=client) or History(), kind, at)

    def lines(self, *, client: str, at: datetime | None = None) -> Lines:
        """The crisis lines for a client now, from every directory plugin; never empty, whatever fails.

        They are those of the client's jurisdiction, else of the programme's region, else of the world (``001``). What comes back is a
        `Lines`; `lines_to_show` makes of it what a person sees. Errors: ``unknown_client``, ``no_programme``.
        """
        now = self._at(at)
        with self._shell.store.unit() as unit:
            client_of(unit, client)
        return lines_for(self._shell, now, client)

    def local_documents(
        self,
        kind: LocalKind,
        *,
        region: str,
        language: str | None = None,
        host: Iterable[Mapping[str, Any]] = (),
        at: datetime | None = None,
    ) -> Local:
        """The protocols or rules (``protocol``, ``rule``) that there are for a region, from every plugin; never empty.

        None of them is in force. Whoever takes one over keeps it with `put`, and may change it first. `host` are local documents of the
        host's own, which go before those of plugins. Error: ``duplicate_id`` where the host contradicts itself.
        """
        return local_for(self._shell, self._at(at), region, kind, language=language, host=host)

    def measures(self, *, client: str) -> dict[str, float | None]:
        """How long the steps to help took in the client's first run, from its opening on; None for what has not happened."""
        return asdict(crisis_measures(self.timeline(client=client)))

    def timeline(self, run: str | None = None, *, client: str | None = None) -> Timeline:
        """What happened in a run, or around a client, oldest first."""
        with self._shell.store.unit() as unit:
            return timeline(unit.audit(), run=run, client=client)

    def run(self, run: str) -> Run:
        """One run to look at: its status, its owner, its timeline, and why. Error: ``unknown_run``."""
        return Run(self, self.state_of(run).run)

    def state_of(self, run: str) -> RunState:
        """One run as data, as it is now. Error: ``unknown_run``."""
        return self._look(None, lambda work: run_state(work, run))

    def why(self, run: str, to: str | None = None, *, at: datetime | None = None) -> Explanation:
        """Why a run did what it did or, of one person, why they were told and why not; as it stood at `at`. Error: ``unknown_run``.

        Without `to` every effect is explained: the step, the protocol and its version, the event, the consent. With `to`, a
        person's or service's id (``client`` for the client), what they were told is, and what stood before each step that names them.
        """
        return self._look(at, lambda work: explained(work, run, to, everything=at is None))

    def rehearse(self, act: Callable[[Engine], object]) -> Rehearsed:
        """What `act` would do, each line with its reasons: nothing is kept or sent, and no plugin asked but those that narrow consent.

        `act` is handed a trial that takes every command as this engine does, one after the other where there are several: a
        message, then a tick at a later instant. The store is the trial's until `act` ends; other threads wait, and a command
        to this engine itself is refused (``unit_nested``). An error in `act` comes through.
        """
        from recoverycore.engine.rehearsal import rehearsed

        return rehearsed(self._shell, self._clock, act)

    def runs(self, *, client: str) -> tuple[RunState, ...]:
        """Every run of a client as it is now, by id."""
        return self._look(None, lambda work: runs_of(work.unit, client))

    def clocks(self, *, client: str) -> list[dict[str, Any]]:
        """What the runs of a client wait for: who, what, until when. Error: ``unknown_client``."""
        return self._look(None, lambda work: clocks_of(work.unit, client_of(work.unit, client).id))

    def may_see(
        self, *, client: str, who: str, sees: Iterable[str], why: str, via: str | None = None, at: datetime | None = None
    ) -> dict[str, Any]:
        """What `ask` would answer, without asking: nothing is disclosed and nothing recorded."""
        return self._look(at, lambda work: seen(work, client, who, sees, why, via=via))

    def decision(
        self, *, client: str, who: str, sees: Iterable[str], why: str, via: str | None = None, at: datetime | None = None
    ) -> Decision:
        """The whole decision behind `may_see`: for staff with its reasons, for whoever asked as `requester_view`. Nothing is disclosed.

        Of an unknown client there is none: whoever asked is told `REFUSAL` then. Errors: ``unknown_client``, ``no_programme``.
        """
        return self._look(at, lambda work: decided(work, client, who, sees, why, via=via))

    def ledger(self, *, client: str) -> Ledger:
        """Who was told what about a client: every release, in time order, with its basis. Error: ``unknown_client``.

        What `ask` released is in it, and each message that held more than an opaque reference. What was only asked with `may_see` is not.
        """
        return self._look(None, lambda work: ledger_of(work.unit, client_of(work.unit, client).id))

    def accounting(self, *, client: str, at: datetime | None = None) -> Accounting:
        """The releases that the law tells a client of who asks for an accounting; none where no law that was named knows one.

        Errors: ``unknown_client``, ``no_programme``.
        """
        return self._look(at, lambda work: accounting(work, client, "accounting"))

    def list_disclosures(self, *, client: str, in_writing: bool | None = None, at: datetime | None = None) -> Accounting:
        """Whom an intermediary passed a client's records on to, for the client who asks; `in_writing` whether they asked so.

        Errors: ``unknown_client``, ``no_programme``.
        """
        return self._look(at, lambda work: accounting(work, client, "list_disclosures", in_writing=in_writing))

    def obligations(self, *, client: str) -> tuple[Obligation, ...]:
        """Every obligation of a client, met or not, by id."""
        return self._look(None, lambda work: all_of(work.unit, Obligation, client))

    def owed(self, *, client: str, at: datetime | None = None) -> Board:
        """Everything owed to a client, as it stands."""
        return self._look(at, lambda work: board_of(work.unit, client, work.at))

    def open_means(self, *, client: str, at: datetime | None = None) -> tuple[str, ...]:
        """The steps of means safety in the active safety plan that are not done."""
        return self._look(at, lambda work: open_means(work, client))

    def windows_active(self, *, client: str, at: datetime | None = None) -> tuple[str, ...]:
        """The client's risk windows that are active."""
        return self._look(at, lambda work: windows_active(work, client))

    def rules_holding(self, *, client: str) -> tuple[str, ...]:
        """The rules with a condition that held when they were last looked at, by id, each with what it is about."""
        return self._look(None, lambda work: rules_holding(work, client))

    def plan_warnings(self, *, client: str, at: datetime | None = None) -> tuple[PlanWarning, ...]:
        """The entries of active plans that count on somebody whom no consent lets anybody be in touch with. Nothing is removed."""
        return self._look(at, lambda work: plan_warnings(work, client))

    def check_ins(self, *, client: str, at: datetime | None = None) -> CheckIns | None:
        """How the client's check-ins stand, or None when none were ever agreed."""
        return self._look(at, lambda work: check_in_standing(work, client))


def _written(work: Work, protocol: ProtocolDraft | str) -> ProtocolDraft:
    """A protocol as it was handed in, or the kept one of this id. Error: ``unknown_document``."""
    if not isinstance(protocol, str):
        return protocol
    kept = one_of(work.unit, Protocol, identifier=protocol)
    if kept is None:
        raise NotFound(problem("unknown_document", detail="protocol"))
    return kept
