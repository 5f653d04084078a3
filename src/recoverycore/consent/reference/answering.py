"""The order of answers for one record, one purpose and one profile, and the routes by which a copy may be passed on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from recoverycore.consent.reference.words import OPENS, begins, ends

if TYPE_CHECKING:
    from recoverycore.consent.reference.profiles import Profile
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json


class Answer(NamedTuple):
    """What one profile says of one record for one purpose, on what basis, and what that owes."""

    verdict: str
    basis: str | None = None
    duties: frozenset[str] = frozenset()


def answer_of(question: Question, profile: Profile) -> Answer:
    """In this order: an overriding rule, a deny, a permit, another rule; and else deny. While a bar holds, only what it accepts."""
    bars = profile.bars(question)
    rules = [rule for rule in profile.rules if rule.opens(question, profile) and all(f"rule:{rule.name}" in bar for bar in bars)]
    covering = [paper for paper in question.papers() if question.covers(paper) and not question.stopped_by(paper, profile)]
    denies = [paper for paper in covering if paper["polarity"] == "deny"]
    for rule in rules:
        if rule.overrides:
            overridden = {f"override_of:{paper['id']}" for paper in denies}
            return Answer("permit", f"rule:{rule.name}", frozenset({*rule.duties.split(), *overridden}))
    if denies:
        return Answer("deny", first(question, denies))
    permits = [paper for paper in covering if accepted(question, paper, profile)]
    if permits:
        return Answer("permit", first(question, permits), frozenset(profile.consent_duties(question).split()))
    passed = passed_on(question, profile)
    if passed is not None:
        return passed
    for rule in rules:
        return Answer("permit", f"rule:{rule.name}", frozenset(rule.duties.split()))
    return Answer("deny")


def accepted(question: Question, paper: Json, profile: Profile) -> bool:
    """A permit whose form has no defect, and which its form does not keep from this record and purpose."""
    return not profile.flaws(question, paper) and not profile.kept_from(question, paper)


def first(question: Question, papers: list[Json]) -> str:
    """Of several that would do, the one that is first by (signed_on, id); what nobody signed comes last."""
    order = [(OPENS[each["polarity"]](begins(each.get("signed_on") or "9999-12-31", question.zone)), each["id"]) for each in papers]
    return str(min(order)[1])


def passed_on(question: Question, profile: Profile) -> Answer | None:
    """A copy passed on by a route of the profile: what it was received under still holds and covers the holder, and every hop before."""
    copy = question.held_copy() if question.action == "redisclose" else None
    if copy is None:
        return None
    paper = permit_named(question, copy.get("received_under"))
    hops = [(paper, question.request["discloser"])]
    hops += [(permit_named(question, hop.get("received_under")), {"id": hop.get("holder")}) for hop in copy.get("chain") or ()]
    if not all(received_by(question, *hop, copy, profile) for hop in hops):
        return None
    duties, limits, here = profile.route(question, paper), copy.get("limits"), question._replace(action="disclose")
    kept = not question.stopped_by(paper, profile) - forgiven(question, copy, paper, profile)
    limited = not limits or any(here.limited_to(box) for box in ([limits] if isinstance(limits, dict) else limits))
    if duties is None or not kept or not limited:
        return None
    return Answer("permit", str(paper["id"]), frozenset(duties.split()))


def permit_named(question: Question, name: str | None) -> Json:
    """The permit of this name; where there is none, a paper that lets nobody have anything."""
    return next((paper for paper in question.papers() if paper["id"] == name and paper["polarity"] == "permit"), {})


def received_by(question: Question, paper: Json, holder: Json, copy: Json, profile: Profile) -> bool:
    """The paper is valid, and let this holder have this record for this purpose."""
    asked = question._replace(recipient=holder, action="disclose")
    # A paper that names no discloser let nobody have anything; nor does a tree, whose boxes name no recipient.
    if not paper.get("discloser") or not asked.inside(paper) or not accepted(asked, paper, profile):
        return False
    return not asked.stopped_by(paper, profile) - forgiven(asked, copy, paper, profile)


def forgiven(question: Question, copy: Json, paper: Json, profile: Profile) -> set[str]:
    """Where the host says so, what was revoked or paused only after the copy was received still serves, except for contractors."""
    if question.switches["post_revocation_redisclosure"] != "permit" or not copy.get("received_at"):
        return set()
    if question.request["discloser"].get("kind") == "lawful_holder":
        return set()
    # Of a day its last instant: by then the copy was there, and what begins on the next day came later.
    then = max(ends(copy["received_at"], question.zone)) - (timedelta(0) if "T" in copy["received_at"] else timedelta.resolution)
    return {"revoked", "suspended"} - question._replace(request={**question.request, "at": then.isoformat()}).stopped_by(paper, profile)
