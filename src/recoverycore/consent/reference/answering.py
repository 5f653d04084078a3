"""The order of answers for one record, one purpose and one profile, and the routes by which a copy may be passed on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.consent.reference.copies import hops_of
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
    *earlier, last = hops_of(copy)
    before = [permit_named(question, hop.get("received_under")) for hop in earlier]
    if not received(question, paper, copy, profile) or not all(came_by(question, each, copy, profile) for each in before):
        return None
    duties = profile.route(question, paper)
    if duties is None or not all(within(question, hop.get("limits")) for hop in (*earlier, last)):
        return None
    return Answer("permit", str(paper["id"]), frozenset(duties.split()))


def permit_named(question: Question, name: str | None) -> Json:
    """The permit of this name; where there is none, a paper that lets nobody have anything."""
    return next((paper for paper in question.papers() if paper["id"] == name and paper["polarity"] == "permit"), {})


def received(question: Question, paper: Json, copy: Json, profile: Profile) -> bool:
    """The paper let the holder have this record for this purpose, and stands."""
    holder = question._replace(recipient=question.request["discloser"], action="disclose")
    return holder.inside(paper) and stands(question, paper, copy, profile)


def came_by(question: Question, paper: Json, copy: Json, profile: Profile) -> bool:
    """The paper of an earlier hop holds this record for this purpose, whoever it went to, and stands."""
    return question.holds(paper) and stands(question, paper, copy, profile)


def within(question: Question, limits: Any) -> bool:
    """What came with a hop as its limits covers this; of several boxes one is enough."""
    asked = question._replace(action="disclose")
    return not limits or any(asked.limited_to(box) for box in ([limits] if isinstance(limits, dict) else limits))


def stands(question: Question, paper: Json, copy: Json, profile: Profile) -> bool:
    """The paper is valid, for the holder and for who would receive."""
    holder = question._replace(recipient=question.request["discloser"], action="disclose")
    # A paper that names no discloser let nobody have anything; nor does a tree, whose boxes name no recipient.
    if not paper.get("discloser") or not accepted(holder, paper, profile):
        return False
    return not any(each.stopped_by(paper, profile) - forgiven(each, copy, paper, profile) for each in (holder, question))


def forgiven(question: Question, copy: Json, paper: Json, profile: Profile) -> set[str]:
    """Where the host says so, what was revoked or paused only after the copy was received still serves, except for contractors."""
    if question.switches["post_revocation_redisclosure"] != "permit" or not copy.get("received_at"):
        return set()
    if question.request["discloser"].get("kind") == "lawful_holder":
        return set()
    # Of a day its last instant: by then the copy was there, and what begins on the next day came later.
    then = max(ends(copy["received_at"], question.zone)) - (timedelta(0) if "T" in copy["received_at"] else timedelta.resolution)
    return {"revoked", "suspended"} - question._replace(request={**question.request, "at": then.isoformat()}).stopped_by(paper, profile)
