"""The people in somebody's plans, put beside their consents: whom the plan counts on and nobody may be in touch with.

It warns and removes nothing: whether a step stays is the person's to say. The codes are those of a plan's completeness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import asdict, frozen

from recoverycore.consent import turning_points
from recoverycore.engine.access import CONTACT, Access, because
from recoverycore.engine.shell import client_of, one_of, papers_of, programme_of, team_of
from recoverycore.plans import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from recoverycore.engine.work import Work
    from recoverycore.plans import Entry, Revision

__all__ = ["PlanWarning", "named_in_plans", "note_plan_warnings", "plan_warnings"]

ANY_PURPOSE = "care"
"""The purpose that is asked for where every directive names all purposes."""


@frozen
class PlanWarning:
    """An entry of an active plan that names somebody outside the staff whom nobody may be in touch with now.

    ``consent_missing``: a directive speaks about them and does not permit it now; ``consent_unknown``: none speaks about them.
    """

    code: Literal["consent_missing", "consent_unknown"]
    plan: str
    n: int
    entry: str
    person: str


def named_in_plans(work: Work, client: str) -> tuple[tuple[Revision, Entry, str], ...]:
    """Whoever the active plans of a client name, line by line, public lines left out: the revision, the entry, the person."""
    history = one_of(work.unit, History, client) or History()
    active = sorted((each for each in history.revisions if each.state == "active"), key=lambda each: each.kind)
    return tuple(
        (revision, entry, entry.contact.person)
        for revision in active
        for entry in revision.content.entries()
        if entry.contact is not None and entry.contact.person is not None and not entry.contact.public
    )


def plan_warnings(work: Work, client: str) -> tuple[PlanWarning, ...]:
    """What stands in the active plans of a client and has no consent behind it, by plan and entry."""
    named = named_in_plans(work, client)
    if not named:
        return ()
    team, access, purposes = team_of(work.unit, client), Access(work, client), _purposes(work, client)
    found = []
    for revision, entry, person in named:
        member = team.member(person)
        if member is None or not member.supporter:
            continue
        decided = [access.decide(person, (CONTACT,), purpose) for purpose in purposes]
        if not any(each.permitted for each in decided):
            spoken = any(because(each) for each in decided)
            found.append(PlanWarning("consent_missing" if spoken else "consent_unknown", revision.kind, revision.n, entry.id, person))
    return tuple(found)


def note_plan_warnings(work: Work, client: str) -> datetime | None:
    """Write down each warning once, when it begins to hold. When consents may next change it comes back, None for never."""
    now = plan_warnings(work, client)
    kept = work.unit.get("plan_warnings", client)
    before = [tuple(each) for each in kept.body["now"]] if kept else []
    for each in now:
        if _mark(each) not in before:
            work.note("plan_warning", client=client, **asdict(each))
    if now or before:
        work.keep("plan_warnings", client, {"now": [list(_mark(each)) for each in now]})
    zone = client_of(work.unit, client).zone or programme_of(work.unit).zone
    return next((each for each in turning_points(papers_of(work.unit, client), zone) if each > work.at), None)


def _purposes(work: Work, client: str) -> tuple[str, ...]:
    """Every purpose that a directive of the client names: being in touch for any of them is enough."""
    return tuple(sorted(set(_named_purposes(work, client)))) or (ANY_PURPOSE,)


def _named_purposes(work: Work, client: str) -> Iterator[str]:
    for directive in papers_of(work.unit, client):
        for box in directive.boxes:
            yield from () if box.purposes is None or isinstance(box.purposes, str) else box.purposes


def _mark(warning: PlanWarning) -> tuple[str, str, str, str]:
    return warning.code, warning.plan, warning.entry, warning.person
