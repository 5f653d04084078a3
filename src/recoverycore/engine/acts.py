"""What people do in a run and around it, as commands of the engine: each kept once, each in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.engine.delivery import take_receipt
from recoverycore.engine.disclosures import ask, withdraw
from recoverycore.engine.looks import Looks
from recoverycore.engine.owing import book, discharge
from recoverycore.engine.progress import observe
from recoverycore.engine.revisions import revise, used
from recoverycore.engine.runs import feed, work_done
from recoverycore.engine.seasons import answer_check_ins, look_at_windows
from recoverycore.engine.slips import review_slip
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.instants import utc_text
from recoverycore.hooks import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from recoverycore.engine.work import Done, Work
    from recoverycore.hooks.values import ReceiptStatus
    from recoverycore.plans import Content, LapseReview, Observation, Use

__all__ = ["Acts"]


class Acts(Looks):
    """The commands of an engine that people give. `at` left out is now; `command_id` left out is a fresh one."""

    def event(self, run: str, kind: str, *, at: datetime | None = None, command_id: str | None = None, **fields: Any) -> Done:
        """Something that happened to a run: ``ack``, ``decline``, ``un_ack``, ``contact_made``, ``set_level`` and so on.

        `fields` are those of the event. An event that may not be is refused in the run's record, with its code, and changes
        nothing; see `timeline`. Errors: ``unknown_run``, ``missing_field``, ``unknown_field``.
        """
        own = sorted({"id", "type"} & set(fields))
        if own:
            raise DocumentError(*(problem("unknown_field", f"/{name}") for name in own))
        body = {
            "run": run,
            "type": kind,
            **{name: utc_text(value) if hasattr(value, "tzinfo") else value for name, value in fields.items()},
        }

        def act(work: Work, command: str) -> dict[str, Any]:
            state = feed(work, run, {"type": kind, "id": command, **fields})
            return {"status": state.status, "owner": state.owner}

        return self._command(at, command_id, body, act)

    def acknowledge(
        self, run: str, *, by: str, named_human: bool = False, at: datetime | None = None, command_id: str | None = None
    ) -> Done:
        """Somebody takes it. For an outside service a human with a name answers (`named_human`); an auto-reply is none."""
        return self.event(run, "ack", by=by, named_human=named_human, at=at, command_id=command_id)

    def receipt(
        self, key: str, status: ReceiptStatus, *, human: bool = False, at: datetime | None = None, command_id: str | None = None
    ) -> Done:
        """What a provider says later about a message: delivered, seen, answered, or that it failed after all.

        A receipt never takes back a better one, in whatever order they come. `human` says that a person answered, not a machine.
        Errors: ``unknown_message``, ``not_listed``.
        """
        body = {"key": key, "status": status, "human": human}
        return self._command(at, command_id, body, lambda work, command: take_receipt(work, Receipt(status, human=human), key, command))

    def ask(
        self,
        *,
        client: str,
        who: str,
        sees: Iterable[str],
        why: str,
        via: str | None = None,
        ehr: bool | None = None,
        at: datetime | None = None,
        command_id: str | None = None,
    ) -> Done:
        """May `who` see records of these categories, for this purpose, now? What is released is a disclosure, and one entry of the ledger.

        So ask it when you are about to show or send them; `may_see` answers the mere question. `via` is the intermediary that they go
        through, `ehr` whether they go by an electronic health record. The same command again is no second disclosure.
        """
        wanted = sorted(set(sees))
        more = {name: value for name, value in (("via", via), ("ehr", ehr)) if value is not None}
        body = {"client": client, "who": who, "sees": wanted, "why": why, **more}

        def act(work: Work, command: str) -> dict[str, Any]:
            return ask(work, client, who=who, categories=wanted, purpose=why, command=command, via=via, ehr=ehr)

        return self._command(at, command_id, body, act)

    def revise(
        self,
        kind: str,
        content: Content,
        *,
        client: str,
        provenance: Mapping[str, Any],
        at: datetime | None = None,
        command_id: str | None = None,
    ) -> Done:
        """The next revision of a plan, active at once. `provenance`: authors, reason, because_of, agreed_by_client.

        Error: ``plan_refused``, with every code that keeps it back.
        """
        body = {"client": client, "kind": kind, "content": content.to_data()}

        def act(work: Work, _: str) -> dict[str, Any]:
            made = revise(work, client, kind, content, provenance)
            look_at_windows(work, client)
            return made

        return self._command(at, command_id, body, act)

    def use(self, use: Use, *, client: str, command_id: str | None = None) -> Done:
        """What became of an entry of a plan in a hard hour: a line beside the plan, which stays as it is."""
        body = {"client": client, "use": use.to_data()}
        return self._command(use.at, command_id, body, lambda work, _: used(work, client, use))

    def observe(self, observation: Observation, *, client: str, command_id: str | None = None) -> Done:
        """Something said about a goal: an evening, a number, a whole week. Nothing that was said before is overwritten."""
        body = {"client": client, "observation": observation.to_data()}
        return self._command(observation.recorded_at, command_id, body, lambda work, _: observe(work, client, observation))

    def review_slip(
        self, slip: str, review: LapseReview, *, client: str, by: str, at: datetime | None = None, command_id: str | None = None
    ) -> Done:
        """What came of looking back at a slip together: questions to the next plan, or that the person declined it.

        `slip` is the id under which it was reported. Errors: ``unknown_lapse``, ``lapse_review_needs_hypothesis``.
        """
        body = {"client": client, "slip": slip, "review": review.to_data(), "by": by}
        return self._command(at, command_id, body, lambda work, _: review_slip(work, client, slip, review, by))

    def discharge(self, obligation: str, *, client: str, by: str, at: datetime | None = None, command_id: str | None = None) -> Done:
        """What was owed is done, and with it every alarm about it, as far as `by` may end one. Error: ``unknown_obligation``."""
        body = {"client": client, "obligation": obligation, "by": by}

        def act(work: Work, _: str) -> dict[str, Any]:
            done = discharge(work, client, obligation, by)
            work_done(work, client, obligation, by)
            return done

        return self._command(at, command_id, body, act)

    def withdraw(self, directive: str, *, client: str, by: str, at: datetime | None = None, command_id: str | None = None) -> Done:
        """A consent or a refusal is taken back, for everybody and from now on. What was told before stays in the record.

        Error: ``unknown_directive``.
        """
        body = {"client": client, "withdraw": directive, "by": by}
        return self._command(at, command_id, body, lambda work, _: withdraw(work, client, directive, by))

    def book(
        self,
        obligation: str,
        *,
        client: str,
        slot: datetime,
        with_: str,
        by: str,
        at: datetime | None = None,
        command_id: str | None = None,
    ) -> Done:
        """A slot was found for what was owed. Errors: ``unknown_obligation``, ``slot_too_late``."""
        body = {"client": client, "obligation": obligation, "slot": utc_text(slot), "with": with_}

        def act(work: Work, _: str) -> dict[str, Any]:
            booked = book(work, client, obligation, slot, with_=with_, by=by)
            work_done(work, client, obligation, by)
            return booked

        return self._command(at, command_id, body, act)

    def in_touch(self, instants: Iterable[datetime], *, client: str, at: datetime | None = None, command_id: str | None = None) -> Done:
        """The instants at which a client answered a check-in."""
        texts = tuple(utc_text(each) for each in instants)
        body = {"client": client, "instants": list(texts)}
        return self._command(at, command_id, body, lambda work, _: answer_check_ins(work, client, texts))
