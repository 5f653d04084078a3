"""The whole answer: how the answers for each record meet, what narrows them, where each permit failed, and what is owed."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from recoverycore.consent.reference.answering import Answer, answer_of
from recoverycore.consent.reference.ledger import entries
from recoverycore.consent.reference.profiles import Profile, Small
from recoverycore.consent.reference.question import Question
from recoverycore.consent.reference.shipped import SHIPPED
from recoverycore.consent.reference.trees import misfits, says
from recoverycore.consent.reference.words import Json, values_of
from recoverycore.ground.instants import calendar_add, parse_instant, utc_text

# Choices that a host may make, and what holds where it makes none.
SWITCHES: Json = {
    "label_order": "literal",
    "combined_severable": True,
    "minor_rule_default": "both",
    "post_revocation_redisclosure": "deny",
    "unwritten_revocation_stops_permit": True,
    "dv_max_days": None,
    "event_day": "cautious",
    "tpo_accounting_tolled": False,
    "hipaa_nonrevealing": True,
    "emergency_by_disaster": True,
    "break_glass_subsumed": False,
    "own_defence_scope": "notes",
}
CORE = Profile()


class Asked(NamedTuple):
    """One record: its question for each purpose and profile, with the answer."""

    record: Json
    answers: list[tuple[Question, Profile, Answer]]

    @property
    def permitted(self) -> bool:
        """Every purpose asked for is permitted in every profile that applies."""
        return all(answer.verdict == "permit" for _, _, answer in self.answers)


def reference_decide(case: Json) -> Json:
    """The answer to a case: `given` profiles, restrictors, client, directives and facts, `when` a request is made.

    The verdict, on each record by id too; the ids withheld where it is partial; the basis; the codes of what is owed, and by when;
    the axes on which each permit failed, by record. For an accounting also the instants listed.

    >>> request = {"discloser": {"id": "a"}, "recipient": {"id": "b"}, "purposes": ["payment"], "action": "disclose",
    ...            "at": "2026-06-15T10:00:00Z", "records": [{"id": "r1", "category": "bill"}]}
    >>> reference_decide({"given": {"profiles": ["eu.gdpr"], "directives": []}, "when": {"request": request}})["decision"]
    'deny'
    """
    given, request = case["given"], {"discloser": {}, **case["when"]["request"]}
    parse_instant(request["at"])  # a time without offset is refused, whatever else would have been said
    asked = [_asked(given, request, record) for record in request.get("records") or [{}]]
    denied, duties = _restricted(given, asked)
    decision = "permit" if not denied else "deny" if len(denied) == len(asked) else "partial"
    names = {each.record["id"]: "deny" if place in denied else "permit" for place, each in enumerate(asked) if each.record}
    withheld = sorted(name for name, verdict in names.items() if verdict == "deny") if decision == "partial" else []
    reasons = {
        answer.basis
        for place, each in enumerate(asked)
        for _, _, answer in each.answers
        if answer.basis and (answer.verdict == "deny" if decision == "deny" else place not in denied)
    }
    basis = sorted(reasons, key=lambda text: (text.startswith("rule:"), text))
    for place, each in enumerate(asked):
        duties |= _refusal(each) if place in denied else _release(each)
        duties |= _unwritten(each)
    result = {
        "decision": decision,
        "records": dict(sorted(names.items())),
        "withheld": withheld,
        "basis": basis[0] if len(basis) == 1 else basis or None,
        "obligations": sorted(duties | ({"redact"} if decision == "partial" else set())),
        "failed": _failed(asked),
    }
    question = asked[0].answers[0][0]
    if "respond_within_30_days" in duties:
        result["deadlines"] = {"respond_within_30_days": utc_text(calendar_add(question.at, 30, timedelta(), question.zone or "UTC"))}
    if decision == "permit" and question.action == "accounting":
        result["entries"] = entries(question)
    return result


def _asked(given: Json, request: Json, record: Json) -> Asked:
    """One record before every profile that applies to it; the core decides where none does."""
    [action] = values_of("actions", [request.get("action") or "disclose"])
    purposes = values_of("purposes", request.get("purposes") or ())
    named = given.get("profiles") or []
    there = named if given.get("loaded") is None else given["loaded"]
    profiles = [Small(each) if isinstance(each, dict) else SHIPPED.get(each) for each in named if each in there]
    loaded = [each for each in profiles if each is not None]  # of one that is not there nobody knows what it would ask for
    unavailable = len(loaded) < len(named)
    # No purpose is never every purpose; and what is used or passed on is a record.
    nothing = not request.get("records") and action in ("use", "disclose", "redisclose")
    refused = unavailable or not purposes or nothing
    classes = tuple(each for profile in loaded for each in profile.classes.items())
    switches = {**SWITCHES, **(given.get("switches") or {})}
    answers = []
    for purpose in purposes or [""]:
        question = Question(given, request, record, purpose, request.get("recipient") or {}, action, switches, (), classes)
        applying = tuple(profile for profile in loaded if nothing or profile.applies(question)) or (CORE,)
        question = question._replace(profiles=applying)
        answers += [(question, profile, Answer("deny") if refused else answer_of(question, profile)) for profile in applying]
    return Asked(record, answers)


def _restricted(given: Json, asked: list[Asked]) -> tuple[set[int], set[str]]:
    """The places of the records denied once every restrictor has spoken, and what its answers give to report. None ever widens."""
    before = {place for place, each in enumerate(asked) if not each.permitted}
    denied, reports = set(before), set()
    for restrictor in given.get("restrictors") or ():
        answer, names = restrictor["answer"], restrictor.get("records")
        touched = {place for place, each in enumerate(asked) if names is None or each.record.get("id") in names}
        if answer == "permit":
            reports |= {"report_plugin_conflict"} if len(before) == len(asked) else set()
        elif answer == "deny":
            denied |= touched
        elif answer != "none":
            reports.add("report_plugin_error")
            denied |= set(range(len(asked)))
    return denied, reports


def _refusal(asked: Asked) -> set[str]:
    """What a record withheld owes: every purpose asked for is refused, also one that would have been permitted by itself."""
    found: set[str] = set()
    for question, profile, _ in asked.answers:
        found |= {*profile.refusal_duties(question).split()}
        found |= {"offer_alternatives"} if question.purpose in profile.alternatives else set()
        found |= {"alert_privacy_officer"} if question.purpose == "break_glass" else set()
    return found


def _release(asked: Asked) -> set[str]:
    """What a record released owes: the duties of each answer, a review of each claim, and a word where another grant was withdrawn."""
    found: set[str] = set()
    for question, profile, answer in asked.answers:
        found |= answer.duties
        found |= {"post_review"} if question.purpose == "break_glass" else set()
        if not str(answer.basis).startswith("rule:") and _only_revoked(question, profile):
            found.add("warn_overlapping_grant")
    return found


def _unwritten(asked: Asked) -> set[str]:
    """A permit that covers, or would, was revoked by word of mouth alone, where writing is wanted. A rule owes only what it says."""
    for question, profile, answer in asked.answers:
        wanted = asked.record and profile.wants_writing and not str(answer.basis).startswith("rule:")
        for paper in _but_for_revocation(question, profile) if wanted else ():
            taken_back = question.withdrawals(paper, profile)
            if taken_back and not any(each.get("written") is True for each in taken_back):
                return {"obtain_written_revocation"}
    return set()


def _only_revoked(question: Question, profile: Profile) -> list[Json]:
    """Permits that would cover if they were not revoked."""
    return [paper for paper in _but_for_revocation(question, profile) if failing(question, profile, paper)]


def _but_for_revocation(question: Question, profile: Profile) -> list[Json]:
    """Permits that cover, or would if they were not revoked."""
    return [paper for paper in _permits(question) if failing(question, profile, paper) <= {"revoked"}]


def _permits(question: Question) -> list[Json]:
    return [paper for paper in question.papers() if paper["polarity"] == "permit"]


def _failed(asked: list[Asked]) -> dict[str, dict[str, list[str]]]:
    """By permit and record, the axes on which the permit fails for some purpose in some profile. What rests on it fails on none."""
    found: dict[str, dict[str, list[str]]] = {}
    for each in asked:
        for question, profile, answer in each.answers if each.record else ():
            for paper in _permits(question) if question.purpose else ():
                axes = failing(question, profile, paper) if answer.basis != paper["id"] else set()
                if axes:
                    records = found.setdefault(paper["id"], {})
                    records[each.record["id"]] = sorted(axes.union(records.get(each.record["id"], ())))
    return found


def failing(question: Question, profile: Profile, paper: Json) -> set[str]:
    """The axes on which a permit fails, each axis judged by itself; of several boxes the first that fails on fewest."""
    found = question.stopped_by(paper, profile) | profile.kept_from(question, paper)
    found |= {"form"} if profile.flaws(question, paper) else set()
    found |= set() if question.discloser_covered(paper) else {"discloser"}
    found |= {"except"} if question.excepted(paper) else set()
    if "format" in paper:
        return found | (misfits(question, paper) if says(question, paper) is None else set())
    return found | min((_missed(question, box, paper) for box in paper.get("boxes") or [{}]), key=len)


def _missed(question: Question, box: Json, paper: Json) -> set[str]:
    """As for covering; but where the purpose fails already, a class is judged by who belongs to it for any purpose."""
    found = set(question.missed(box, paper))
    if "purpose" in found:
        others = [question._replace(purpose=purpose) for _, kinds in question.classes for purpose in kinds]
        if any("recipient" not in other.missed(box, paper) for other in others):
            found.discard("recipient")
    return found
