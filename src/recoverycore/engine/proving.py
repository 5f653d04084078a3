"""Whether a crisis protocol may be relied on with the teams there are: asked when it is put or a rule begins to call it, and by `check`.

Only what somebody writes is ever refused for it. A call for help is heard under whatever protocol there is, and nothing here is asked
then; a team or a roster is always kept, and what it leaves open is told.
"""

from __future__ import annotations

import logging
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.engine.fitness import CRISIS
from recoverycore.engine.run_facts import facts_for
from recoverycore.engine.shell import one_of, row_of, rows_of
from recoverycore.engine.work import Work
from recoverycore.errors import DocumentError, RecoveryError, problem
from recoverycore.escalation import Protocol, ProtocolDraft, RunFacts, verify
from recoverycore.escalation.verification.findings import OF_PEOPLE
from recoverycore.escalation.verification.wording import finding_text
from recoverycore.people import Client, Team
from recoverycore.risk import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta

    from recoverycore.engine.settings import Settings
    from recoverycore.engine.shell import Shell
    from recoverycore.engine.stores import Unit
    from recoverycore.errors import Problem
    from recoverycore.escalation import Finding, Verification

__all__ = ["Asked", "asked_about", "note_unproved", "prove", "unproved"]

_log = logging.getLogger("recoverycore.engine")


@frozen
class Asked:
    """A protocol at the level at which it is called, and the facts around one client: all that a verification looks at."""

    protocol: ProtocolDraft
    facts: RunFacts

    def verified(self, settings: Settings, at: datetime, lasting: timedelta | None = None) -> Verification:
        """Whether it can be left to itself from `at` on, for so long or for as long as the settings say. Pure, and total."""
        horizon = (at, at + (lasting or settings.proof_horizon))
        found = verify(self.protocol, self.facts, horizon=horizon, providers=settings.providers, limits=settings.bound_limits)
        return found.in_zone(self.protocol.zone)


def asked_about(work: Work, client: str, protocol: ProtocolDraft, level: int = 0) -> Asked:
    """What has to be looked at to prove `protocol` around a client. Errors: ``no_programme``, ``unknown_client``."""
    called = _at_level(protocol, max(level, _called_at(work.unit, protocol.id)))
    return Asked(called, facts_for(work, client, called, called.level))


def unproved(work: Work, client: str, rule: Rule, protocol: Protocol, known: Iterable[str] = ()) -> Iterator[Problem]:
    """What keeps `protocol` from being relied on where `rule` calls it. `known` are names of problems that are told already."""
    level = max(protocol.level, rule.level or 0)
    if level >= CRISIS:
        asked = asked_about(work, client, protocol, level)
        found = asked.verified(work.settings, work.at)
        for each in _not_accepted(work.settings, found):
            if each.code not in known:
                yield problem("protocol_unproved", "/protocol", detail=_told(each, protocol))


def note_unproved(work: Work, client: str) -> list[dict[str, Any]]:
    """After a team has changed: what the crisis protocols that rules call can no longer rely on is noted, logged, and comes back.

    The change is kept whatever is found, and also where nothing can be found out.
    """
    told: list[dict[str, Any]] = []
    try:
        for protocol in _called_in_a_crisis(work.unit):
            asked = asked_about(work, client, protocol)
            wrong = _not_accepted(work.settings, asked.verified(work.settings, work.at))
            told += [_row(protocol.id, each.to_dict()) for each in wrong]
    except Exception as error:  # noqa: BLE001 - a change of a team is never held up
        work.note("proof_failed", client=client, error=type(error).__name__)
    for row in told:
        work.note("protocol_unproved", client=client, **row)
    if told:
        names = sorted({f"{row['protocol']} ({row['code']})" for row in told})
        _log.warning("a team has changed, and these protocols cannot be relied on with it: %s", ", ".join(names))
    return told


def prove(shell: Shell, at: datetime, document: Protocol | Rule, command: str | None) -> list[dict[str, Any]]:
    """Refuse a crisis protocol that cannot be relied on, or the rule that would call it, before either is kept.

    It is proved around every client who has a team, each in a unit of its own, so that a call for help waits for none of it; where
    there is no team yet, as far as it goes without people. What is kept already as it is, is not asked again. What the settings accept
    comes back, with the reason, for the record. Error: ``protocol_unproved``, with everything that was found.
    """
    with shell.store.unit() as unit:
        called = None if command is not None and unit.command(command) is not None else _begins(unit, document)
        clients = [each.id for each in rows_of(unit, Client) if row_of(unit, Team, each.id) is not None] if called else []
    if called is None:
        return []
    proofs = []
    for client in clients:
        with shell.store.unit() as unit:
            try:
                asked = Asked(called, facts_for(Work.on(shell, unit, at), client, called, called.level))
            except RecoveryError:  # a call would go out with fewer facts, and `check` says what is wrong
                continue
        proofs.append(asked.verified(shell.settings, at).errors)
    if not proofs:
        alone = Asked(called, RunFacts()).verified(shell.settings, at).errors
        proofs.append(tuple(each for each in alone if each.code not in OF_PEOPLE))
    together: dict[tuple[str, str | None], list[Finding]] = {}
    for each in chain.from_iterable(proofs):
        together.setdefault((each.code, each.step), []).append(each)
    accepted = shell.settings.accepted_findings.get(called.id, {})
    wrong = [_problem(rows, called, document, len(clients)) for (code, _), rows in together.items() if code not in accepted]
    if wrong:
        raise DocumentError(*wrong)
    return [
        {"protocol": called.id, "code": code, "step": step, "reason": accepted[code], "clients": len(rows)}
        for (code, step), rows in together.items()
    ]


def _problem(rows: list[Finding], protocol: ProtocolDraft, document: Protocol | Rule, clients: int) -> Problem:
    """What was found around some of the `clients`, told once, with its place in the `document` that was to be put."""
    number = next((number for number, step in enumerate(protocol.steps) if step.id == rows[0].step), None)
    place = "/protocol" if isinstance(document, Rule) else "" if number is None else f"/steps/{number}"
    around = f"; around {len(rows)} of {clients} clients" if clients else ""
    return problem("protocol_unproved", place, detail=_told(rows[0], protocol) + around)


def _begins(unit: Unit, document: Protocol | Rule) -> ProtocolDraft | None:
    """The protocol that would be relied on in a crisis from now on and was not before; None where nothing changes."""
    if isinstance(document, Rule):
        kept = row_of(unit, Rule, identifier=document.id)
        protocol = one_of(unit, Protocol, identifier=document.protocol) if document.protocol is not None else None
        level = document.level or 0
    else:
        kept = row_of(unit, Protocol, identifier=document.id)
        protocol, level = document, _called_at(unit, document.id)
    if kept is not None and kept.body == document.to_data():
        return None
    called = None if protocol is None else _at_level(protocol, level)
    return called if called is not None and called.level >= CRISIS else None


def _at_level(protocol: ProtocolDraft, level: int) -> ProtocolDraft:
    """`protocol` as a call of `level` finds it: nothing lowers it."""
    return protocol if level <= protocol.level else ProtocolDraft.model_validate({**protocol.to_data(), "level": level})


def _called_at(unit: Unit, protocol: str) -> int:
    """The highest level at which a rule calls a protocol. Read loosely: a rule that cannot be read keeps no other from counting."""
    levels = [each.body.get("level") for each in rows_of(unit, Rule) if each.body.get("protocol") == protocol]
    return max((each for each in levels if isinstance(each, int)), default=0)


def _called_in_a_crisis(unit: Unit) -> Iterator[Protocol]:
    named = {each.body.get("protocol") for each in rows_of(unit, Rule)}
    for row in rows_of(unit, Protocol):
        if row.id in named:
            protocol = Protocol.model_validate(row.body)
            if max(protocol.level, _called_at(unit, protocol.id)) >= CRISIS:
                yield protocol


def _not_accepted(settings: Settings, found: Verification) -> Iterator[Finding]:
    accepted = settings.accepted_findings.get(found.protocol, {})
    return (each for each in found.errors if each.code not in accepted)


def _row(protocol: str, finding: dict[str, Any]) -> dict[str, Any]:
    """A finding as a line of the record, where ``to`` is a person."""
    told = {"code": "code", "step": "step", "from": "since", "to": "until"}
    return {"protocol": protocol, **{name: finding[key] for key, name in told.items() if key in finding}}


def _told(finding: Finding, protocol: ProtocolDraft) -> str:
    return f"{finding.code}: {finding_text(finding, protocol.zone)}"
