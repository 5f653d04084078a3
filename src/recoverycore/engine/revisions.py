"""Plans in the engine: a revision drafted and activated in one command, and the log of what was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.coordination import Obligation
from recoverycore.engine.shell import all_of, client_of, one_of, put
from recoverycore.engine.slips import answer_hypotheses
from recoverycore.errors import NotAllowed, problem
from recoverycore.plans import Content, History, Section, Use, activate, draft, means_open

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.engine.work import Work
    from recoverycore.plans import Answer, Entry, SectionName

__all__ = ["extended", "open_means", "revise", "used"]


def revise(work: Work, client: str, kind: str, content: Content, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The next revision of a plan, active from now on; the one before it stays as it was.

    `provenance` are the fields of a revision that say by whom and why. Error: ``plan_refused`` with every code; nothing is
    changed then.
    """
    person = client_of(work.unit, client)
    history = one_of(work.unit, History, client) or History()
    before = history.active(kind)
    drafted = draft(history, work.at, kind, content=content, based_on=before.n if before else None, **provenance)
    n = drafted.history.revisions[-1].n
    answer = activate(
        drafted.history,
        work.at,
        kind,
        n,
        never_contact=person.safety.never_contact,
        open_hypotheses=_open_hypotheses(work, client),
    )
    activated = _accepted(answer)
    put(work.unit, activated, client)
    answer_hypotheses(work, client, (*provenance.get("cites", ()), *provenance.get("dismisses", {})), "plan")
    work.note("plan_revised", client=client, kind=kind, n=n, because_of=list(provenance.get("because_of", ())))
    return {"kind": kind, "n": n}


def extended(content: Content, sections: Mapping[SectionName, tuple[Entry, ...]], **more: Any) -> Content:
    """`content` with further entries at the end of its sections, and further activities or check-ins."""
    grown = dict(content.sections)
    for name, entries in sections.items():
        here = grown.get(name, Section())
        grown[name] = here.evolve(entries=(*here.entries, *entries))
    added = {name: (*getattr(content, name), *items) for name, items in more.items()}
    return content.evolve(sections=grown, **added)


def used(work: Work, client: str, use: Use) -> dict[str, Any]:
    """A line in the log beside the plans. The plans stay as they are."""
    client_of(work.unit, client)
    put(work.unit, use, client)
    work.note("plan_used", client=client, entry=use.entry, status=use.status, by=use.by)
    return {"entry": use.entry}


def open_means(work: Work, client: str) -> tuple[str, ...]:
    """The steps of means safety in the active safety plan that are not done."""
    history = one_of(work.unit, History, client) or History()
    active = history.active("safety")
    return means_open(active.content, all_of(work.unit, Use, client), work.at) if active else ()


def _open_hypotheses(work: Work, client: str) -> tuple[str, ...]:
    """The hypotheses of reviews that no revision has answered yet."""
    owed = all_of(work.unit, Obligation, client)
    return tuple(each.about for each in owed if each.kind == "decision" and each.about and each.discharged_at is None)


def _accepted(answer: Answer) -> History:
    if not answer.ok:
        raise NotAllowed(*(problem("plan_refused", detail=code) for code in answer.codes))
    return answer.history
