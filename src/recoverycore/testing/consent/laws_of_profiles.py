"""Laws about profiles and plugins: what law and facts open, what a copy may do, who signs; none ever widens another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recoverycore.testing.consent.asking import Json, basis_of, changed, labels_of, later, records_of, released, request_of, same, switched
from recoverycore.testing.consent.stories import box, permit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

CLAIMS = ("break_glass", "BTG")
FOR_ALL = ("us.hipaa", "ca.on.phipa", "eu.gdpr")  # that apply to every record
WIDENING = ("fda_assertion", "need_to_know", "request_in_writing", "significant_risk_of_serious_bodily_harm")
GENERAL = ("specific", "tpo", "combined", "general_designation", "research")
REFUSING = ("deny", "error", "rubbish")
NARROWING = ("none", "permit", *REFUSING)


def consent_carries_its_notice(decide: Decide, case: Json) -> str | None:
    """L20. Under Part 2 consent goes along with notice, copy and log; an exception never with the notice."""
    answer = decide(case)
    owed = set(answer.get("obligations", ()))
    covered = all("SUD" in labels_of(case, record) for record in records_of(case))
    if (
        "obligations" not in answer
        or answer["decision"] != "permit"
        or case["given"]["profiles"] != ["us.42cfr2"]
        or not covered
        or request_of(case)["action"] == "redisclose"
    ):
        return None
    by_rule = [each.startswith("rule:") for each in basis_of(answer)]
    if not any(by_rule) and not ({"part2_notice", "consent_copy_or_scope"} <= owed and owed & {"log_disclosure", "log_access"}):
        return "the notice, the copy or the log is missing"
    return "an exception carries the notice" if by_rule and all(by_rule) and "part2_notice" in owed else ""


def an_emergency_is_for_medics_and_ends(decide: Decide, case: Json) -> str | None:
    """L21. An emergency owes a record and a review, opens to medical personnel only, and ends when it ends."""
    answer, facts = decide(case), case["given"]["facts"]
    if "rule:medical-emergency" not in basis_of(answer):
        return None
    if "obligations" in answer and not {"emergency_record", "post_review"} <= set(answer["obligations"]):
        return "no record or no review is owed"
    other = decide(changed(case, recipient={**request_of(case)["recipient"], "kind": "law_enforcement"}))
    if "rule:medical-emergency" in basis_of(other):
        return "somebody who is no medical personnel got it"
    over = decide(changed(case, facts={**facts, "emergency": {**facts["emergency"], "ended_at": later(case, 0)}}))
    return "it goes on after its end" if "rule:medical-emergency" in basis_of(over) else None


def a_claim_opens_nothing(decide: Decide, case: Json) -> str | None:
    """L22. Claiming an emergency releases nothing where no paper names the claim and no fact bears it out."""
    facts = {
        name: value
        for name, value in case["given"]["facts"].items()
        if name not in ("emergency", "significant_risk_of_serious_bodily_harm")
    }
    papers = [each for each in case["given"]["directives"] if "format" not in each]
    papers = [each for each in papers if not any({"*", *CLAIMS} & {*(axes.get("purposes") or ())} for axes in each.get("boxes") or ())]
    if switched(case, "break_glass_subsumed"):
        return None
    found = released(decide(changed(case, facts=facts, directives=papers, purposes=["treatment", "break_glass"])))
    return f"{', '.join(sorted(found))} was released on a claim" if found else None


def general_forms_yield_no_notes(decide: Decide, case: Json) -> str | None:
    """L23. Under Part 2 only a form made for them yields notes or proceedings."""
    request = request_of(case)
    if "us.42cfr2" not in case["given"]["profiles"] or not records_of(case) or request["action"] not in ("use", "disclose"):
        return None
    if "basis" not in decide(case):
        return None
    everything = box(labels="*", purposes="*", recipients="*", actions="*")
    since = {"discloser": request["discloser"].get("id"), "starts": later(case, 0), "signed_on": later(case, 0)}
    forms = {f"g{number}": form for number, form in enumerate(GENERAL, 1)}
    papers = [permit(name, form=form, boxes=[everything], **since) for name, form in forms.items()]
    sources = {"sources": case["given"]["facts"].get("sources") or {}}
    # Alone: another law may let the paper do where this one rests on a rule.
    plain = changed(case, directives=papers, facts=sources, restrictors=[], profiles=["us.42cfr2"])
    first = {name: value for name, value in records_of(case)[0].items() if name != "separated"}  # unknown: then it is a note
    note = {**first, "labels": ["SUD", "SUD_NOTES"], "category": "counselling_note"}
    for what, asked in (
        ("notes", {"records": [note]}),
        ("proceedings", {"purposes": ["civil_proceedings"], "records": records_of(case)[:1]}),
    ):
        answer = decide(changed(plain, **asked))
        covered = what == "notes" or "SUD" in labels_of(case, records_of(case)[0])
        yielding = [forms[name] for name in basis_of(answer) if name in forms]
        if covered and answer["decision"] != "deny" and yielding:
            return f"one permit of form {yielding[0]}, for everything, yielded {what}"
    return None


def a_hop_is_no_wider_than_the_one_before(decide: Decide, case: Json) -> str | None:
    """L27. A copy goes on only as far as it could come; never into proceedings."""
    request, answer = request_of(case), decide(case)
    copied = (case["given"]["facts"].get("held_copy") or {}).get("received_under")
    papers = [each for each in case["given"]["directives"] if each["id"] == copied and copied in basis_of(answer)]
    own = [each for each in papers if each.get("discloser") in (request["discloser"].get("id"), "*")]
    if request["action"] != "redisclose" or answer["decision"] == "deny" or not papers or own or "format" in papers[0]:
        return None
    if switched(case, "post_revocation_redisclosure") or case["given"]["profiles"] != ["us.42cfr2"]:
        return None
    if copied in basis_of(into := decide(changed(case, purposes=["civil_proceedings"]))) and into["decision"] != "deny":
        return "the copy went into proceedings"
    narrow = {**papers[0], "boxes": [{**each, "categories": ["nothing-else"]} for each in papers[0]["boxes"]]}
    answers = decide(changed(case, directives=[narrow if each is papers[0] else each for each in case["given"]["directives"]]))
    if copied in basis_of(answers) and answers["decision"] != "deny":
        return f"what {copied} does not cover was passed on under it"
    came = changed(
        case, discloser={"id": papers[0].get("discloser"), "kind": "part2_program"}, recipient=request["discloser"], action="disclose"
    )
    lost = released(answer) - released(decide(changed(came, directives=papers)))
    return f"{', '.join(sorted(lost))} could not have come to the holder" if lost else None


def profiles_only_narrow_each_other(decide: Decide, case: Json) -> str | None:
    """L28. All profiles together release no more than each that applies."""
    by_class = '"class": "' in json.dumps([each.get("boxes") for each in case["given"]["directives"]])
    # A question about no record is nobody's but the profile's that has the list.
    for profile in case["given"]["profiles"] if records_of(case) and not by_class else ():
        if profile in FOR_ALL and (gained := released(decide(case)) - released(decide(changed(case, profiles=[profile])))):
            return f"{', '.join(sorted(gained))} is not released by {profile}"
    if by_class or not records_of(case) or "us.hipaa" in case["given"]["profiles"]:
        return None
    both = released(decide(changed(case, profiles=[*case["given"]["profiles"], "us.hipaa"])))
    gained = both - released(decide(changed(case, profiles=["us.hipaa"]))) if both else set()
    return f"under us.hipaa too, {', '.join(sorted(gained))} was released, and under us.hipaa alone it is not" if gained else None


def plugins_only_narrow(decide: Decide, case: Json) -> str | None:
    """L29. A plugin that narrows never releases anything, whatever it answers; where it refuses, or fails, nothing is released."""
    alone, already = decide(case), case["given"].get("restrictors") or []
    before = released(alone)
    quiet = [{"name": "yy", "answer": "none"}]
    for answer in NARROWING if alone["decision"] != "permit" else REFUSING:  # where all is released, no more can be
        told: Json = {"name": "zz", "answer": answer}
        if answer == "deny" and records_of(case):  # not the first that is asked, and of each record by its id
            told |= {"records": [each["id"] for each in records_of(case)]}
        after = released(decide(changed(case, restrictors=[*already, *quiet, told])))
        if after and answer not in ("none", "permit"):
            return f"a plugin answered {answer}, and {', '.join(sorted(after))} was released"
        if gained := after - before:
            return f"with one plugin more, that answered {answer}, {', '.join(sorted(gained))} was released"
    return None


def _ends(case: Json) -> list[Json]:
    """What ends the papers, or lets them be revoked."""
    given = case["given"]["directives"]
    return [each[name] for each in given for name in ("expires", "revocable_from") if each.get(name)]


def _known(case: Json) -> Iterator[Json]:
    """The case with something told that was not: all that may open something, then who treats."""
    facts, recipient = case["given"]["facts"], request_of(case)["recipient"]
    for value in (True, False):
        if untold := {name: value for name in WIDENING if name not in facts}:
            yield changed(case, facts={**facts, **untold})
    if recipient.get("treating_relationship") is None:
        yield changed(case, recipient={**recipient, "treating_relationship": True})


def every_profile_answers(decide: Decide, case: Json) -> str | None:
    """L29. A fault is reported where a plugin has one, and nowhere else: no profile raises over a question that can be read."""
    broken = any(each["answer"] not in ("none", "deny", "permit") for each in case["given"].get("restrictors") or ())
    if broken or "obligations" not in (answer := decide(case)):
        return None
    return "a profile raised" if "report_plugin_error" in answer["obligations"] else ""


def knowing_more_takes_nothing(decide: Decide, case: Json) -> str | None:
    """L30. Telling a fact that was unknown never withholds what was released without it."""
    before = released(decide(case))
    if case["given"].get("directives") and any("revocable_from" in each for each in case["given"]["directives"]):
        return None  # an event that is unknown lets a revocation work, and one that has come lets it work too
    lost = {name for other in (_known(case) if before else ()) for name in before - released(decide(other))}
    facts = case["given"]["facts"]
    for event in sorted({end["value"] for end in _ends(case) if end.get("kind") == "event"}):
        others = {name: when for name, when in (facts.get("events") or {}).items() if name != event}
        unknown = released(decide(changed(case, facts={**facts, "events": others})))
        for when in (None, later(case, 0), later(case, 1)) if unknown else ():
            lost |= unknown - released(decide(changed(case, facts={**facts, "events": {**others, event: when}})))
    return f"something was told that nobody knew, and {', '.join(sorted(lost))} was withheld" if lost else None


def minors_and_parents(decide: Decide, case: Json) -> str | None:
    """L31. Where a minor may consent alone a parent's signature changes nothing; where a parent must, both must."""
    given = case["given"]
    rule, client = given["facts"].get("state_rule"), given["client"]
    shipped = "us.42cfr2" in given["profiles"] and all("SUD" in labels_of(case, record) for record in records_of(case)) and records_of(case)
    if not client.get("minor") or client.get("deceased") or not shipped or switched(case, "minor_rule_default"):
        return None

    def signed(*who: str) -> Json:
        return decide(changed(case, directives=[{**each, "signed_by": [*who]} for each in given["directives"]]))

    if rule == "minor_may_consent_alone":
        return same(signed("client"), signed("client", "parent"))
    if "basis" not in decide(case):
        return None
    halves = [each for answer in (signed("client"), signed("parent")) for each in basis_of(answer) if answer["decision"] != "deny"]
    return "one signature of two was enough" if any(not each.startswith("rule:") for each in halves) else None


def an_abuser_signs_nothing(decide: Decide, case: Json) -> str | None:
    """L32. A release that an abuser signed is never effective, whatever rules apply."""
    if "basis" not in decide(case):
        return None
    answer = decide(changed(case, directives=[{**each, "abuser_signed": True} for each in case["given"]["directives"]]))
    if answer["decision"] != "deny" and any(not each.startswith("rule:") for each in basis_of(answer)):
        return "a release that the abuser signed was the basis"
    return None


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (
    consent_carries_its_notice,
    an_emergency_is_for_medics_and_ends,
    a_claim_opens_nothing,
    general_forms_yield_no_notes,
    a_hop_is_no_wider_than_the_one_before,
    profiles_only_narrow_each_other,
    plugins_only_narrow,
    every_profile_answers,
    knowing_more_takes_nothing,
    minors_and_parents,
    an_abuser_signs_nothing,
)
