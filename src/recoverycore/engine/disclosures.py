"""Asking who may see what: the answer, its duties, and the line in the record that it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent import Revocation
from recoverycore.consent.documents import SignedPaper
from recoverycore.engine.access import Access, because
from recoverycore.engine.ledger import asked, write_down
from recoverycore.engine.owing import owe
from recoverycore.engine.shell import one_of, programme_of, put
from recoverycore.errors import NotFound, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.consent import Decision
    from recoverycore.engine.work import Work

__all__ = ["ask", "decided", "seen", "withdraw"]


def ask(
    work: Work, client: str, *, who: str, categories: Iterable[str], purpose: str, command: str, via: str | None, ehr: bool | None
) -> dict[str, Any]:
    """Whether `who` may see these categories for `purpose` now, written down: a disclosure, in the ledger too, or a refusal.

    The duties of an emergency rule become obligations.
    """
    access = Access(work, client)
    found = access.decide(who, sorted(set(categories)), purpose, via=via)
    answer = _answer(access, found, who, purpose)
    write_down(work, client, asked(command), found, ehr=ehr)
    facts = {"client": client, "who": who, "purpose": purpose}
    if not answer["released"]:
        work.note("disclosure_refused", **facts)
        return answer
    work.note("disclosure", **facts, released=answer["released"], because=answer["because"])
    role = programme_of(work.unit).review_role
    for duty in answer["duties"]:
        owe(work, client, duty, role, work.at + work.settings.review_within, about=command)
    return answer


def withdraw(work: Work, client: str, directive: str, by: str) -> dict[str, Any]:
    """Take a directive back from now on. A second time changes nothing. Error: ``unknown_directive``."""
    kept = one_of(work.unit, SignedPaper, client, directive)
    if kept is None:
        raise NotFound(problem("unknown_directive"))
    if not any(each.recipients is None for each in kept.revocations):
        put(work.unit, kept.evolve(revocations=(*kept.revocations, Revocation(at=work.at))), client)
        work.note("withdrawn", client=client, directive=directive, by=by)
    return {"directive": directive}


def seen(work: Work, client: str, who: str, categories: Iterable[str], purpose: str, *, via: str | None) -> dict[str, Any]:
    """What is released, what is withheld and why. `because` names what decided it, or where nothing is released what came nearest."""
    access = Access(work, client)
    return _answer(access, access.decide(who, sorted(set(categories)), purpose, via=via), who, purpose)


def decided(work: Work, client: str, who: str, categories: Iterable[str], purpose: str, *, via: str | None) -> Decision:
    """The whole decision behind `seen`."""
    return Access(work, client).decide(who, sorted(set(categories)), purpose, via=via)


def _answer(access: Access, found: Decision, who: str, purpose: str) -> dict[str, Any]:
    return {
        "who": who,
        "purpose": purpose,
        "released": list(found.released),
        "withheld": [name for name, verdict in found.records.items() if verdict != "permit"],
        "because": list(because(found)),
        "duties": list(access.duties(found)),
    }
