"""Asking who may see what: the answer, its duties, and the line in the record that it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent import Directive, Revocation
from recoverycore.engine.access import Access, because
from recoverycore.engine.owing import owe
from recoverycore.engine.shell import one_of, programme_of, put
from recoverycore.errors import NotFound, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.engine.work import Work

__all__ = ["ask", "seen", "withdraw"]


def ask(work: Work, client: str, *, who: str, categories: Iterable[str], purpose: str, command: str) -> dict[str, Any]:
    """Whether `who` may see these categories for `purpose` now, written down: a disclosure, or a refusal.

    The duties of an emergency rule become obligations.
    """
    answer = seen(work, client, who, categories, purpose)
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
    kept = one_of(work.unit, Directive, client, directive)
    if kept is None:
        raise NotFound(problem("unknown_directive"))
    if not any(each.recipients is None for each in kept.revocations):
        put(work.unit, kept.evolve(revocations=(*kept.revocations, Revocation(at=work.at))), client)
        work.note("withdrawn", client=client, directive=directive, by=by)
    return {"directive": directive}


def seen(work: Work, client: str, who: str, categories: Iterable[str], purpose: str) -> dict[str, Any]:
    """What is released, what is withheld and why. `because` names what decided it, or where nothing is released what came nearest."""
    wanted = sorted(set(categories))
    access = Access(work, client)
    found = access.decide(who, wanted, purpose)
    released = [each for each in wanted if found.records[each] == "permit"]
    return {
        "who": who,
        "purpose": purpose,
        "released": released,
        "withheld": [each for each in wanted if each not in released],
        "because": list(because(found)),
        "duties": list(access.duties(found)),
    }
