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
FOR_NOTES = {"rule:notes-training", "rule:notes-own-defence", "rule:court-order"}  # and the one who wrote it
NOWHERE = "nobody's"
WIDENING = ("fda_assertion", "need_to_know", "request_in_writing", "significant_risk_of_serious_bodily_harm")
GENERAL = ("specific", "tpo", "combined", "general_designation", "research")
REFUSING = ("deny", "error", "rubbish")


def consent_carries_its_notice(decide: Decide, case: Json) -> str | None:
    """L20. Under Part 2 consent goes along with notice, copy and log; an exception never with the notice."""
    answer = decide(case)
    owed = set(answer.get("obligations", ()))
    covered = all("SUD" in labels_of(case, record) for record in records_of(case))
    if (
        "obligations" not in answer
        or not released(answer)
        or case["given"]["profiles"] != ["us.42cfr2"]
        or not covered
        or request_of(case)["action"] == "redisclose"
    ):
        return None
    by_rule = [each.startswith("rule:") for each in basis_of(answer)]
    if not any(by_rule) and not ({"part2_notice", "consent_copy_or_scope"} <= owed and owed & {"log_disclosure", "log_access"}):
        return "the notice, the copy or the log is missing"
    return "an exception carries the notice" if by_rule and all(by_rule) and "part2_notice" in owed else ""


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
    answer = decide(changed(case, facts=facts, directives=papers, purposes=["treatment", "break_glass"]))
    if found := released(answer):
        return f"{', '.join(sorted(found))} was released on a claim"
    return "a claim was refused, and nobody was alerted" if _untold(answer, "alert_privacy_officer") else None


def general_forms_yield_no_notes(decide: Decide, case: Json) -> str | None:
    """L23. Under Part 2 only a form or a rule made for them yields notes or proceedings."""
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
    ways: dict[str, Json] = {"notes": {"records": [note]}}
    if "SUD" in labels_of(case, records_of(case)[0]):
        ways["proceedings"] = {"purposes": ["civil_proceedings"], "records": records_of(case)[:1]}
    for what, asked in ways.items():
        answer = decide(changed(plain, **asked))
        yielding = [forms[name] for name in basis_of(answer) if name in forms]
        if answer["decision"] != "deny" and yielding:
            return f"one permit of form {yielding[0]}, for everything, yielded {what}"
    rules = {each for each in basis_of(decide(case)) if each.startswith("rule:")}
    if not rules or case["given"]["profiles"] != ["us.42cfr2"]:
        return None
    answer = decide(changed(case, records=[{name: value for name, value in note.items() if name != "originator"}]))
    opening = rules.intersection(basis_of(answer)) - FOR_NOTES if answer["decision"] != "deny" else set()
    return f"{', '.join(sorted(opening))} opened a note of which nobody knows who wrote it" if opening else None


def _abstaining(decide: Decide, case: Json) -> str | None:
    """That Part 2 is asked about records that it is not about, and they do not hang on the papers alone."""
    request = request_of(case)
    if case["given"]["profiles"] != ["us.42cfr2"] or request["action"] not in ("use", "disclose"):
        return None
    since = {"discloser": "*", "signed_on": later(case, -60), "starts": later(case, -60), "expires": {"kind": "none"}}
    given = permit("zz", boxes=[box(labels="*", categories=["given"], purposes="*", recipients="*", actions="*")], **since)
    records = [{"id": category, "category": category, "labels": ["HIV"]} for category in ("given", "kept")]
    asked = changed(case, directives=[given], records=records, facts={}, restrictors=[])
    verdicts = decide(asked)["records"]
    if verdicts == {"given": "permit", "kept": "deny"} or verdicts == decide(changed(asked, profiles=[]))["records"]:
        return None
    told = f"what a paper gives was at {verdicts['given']}, and what none gives at {verdicts['kept']}"
    return f"a law was asked for that is not about either record, and {told}"


def profiles_only_narrow_each_other(decide: Decide, case: Json) -> str | None:
    """L28. All profiles together release no more than each that applies, and with one that is not there they release nothing."""
    # A question about no record is nobody's but the profile's that has the list.
    if not records_of(case) or not released(decide(case)):
        return None
    if found := released(decide(changed(case, profiles=[*case["given"]["profiles"], NOWHERE]))):
        return f"a profile was asked for that is not there, and {', '.join(sorted(found))} was released"
    if why := _abstaining(decide, case):
        return why
    if '"class": "' in json.dumps([each.get("boxes") for each in case["given"]["directives"]]):
        return None
    for profile in case["given"]["profiles"]:
        if profile in FOR_ALL and (gained := released(decide(case)) - released(decide(changed(case, profiles=[profile])))):
            return f"{', '.join(sorted(gained))} is not released by {profile}"
    if "us.hipaa" in case["given"]["profiles"]:
        return None
    both = released(decide(changed(case, profiles=[*case["given"]["profiles"], "us.hipaa"])))
    gained = both - released(decide(changed(case, profiles=["us.hipaa"]))) if both else set()
    return f"under us.hipaa too, {', '.join(sorted(gained))} was released, and under us.hipaa alone it is not" if gained else None


def plugins_only_narrow(decide: Decide, case: Json) -> str | None:
    """L29. A plugin that narrows never releases anything; what it refuses is withheld and nothing else, and where it fails, everything."""
    alone, already = decide(case), case["given"].get("restrictors") or []
    before, ids = released(alone), [each["id"] for each in records_of(case)]
    quiet: list[Json] = [{"name": "xx", "answer": "permit"}, {"name": "yy", "answer": "none"}]
    nothing: list[Json] = [{"name": "zz", "answer": "deny", "records": []}] if ids else []
    beside = decide(changed(case, restrictors=[*already, *nothing, *quiet]))
    if why := same({"records": alone["records"]}, {"records": beside["records"]}):
        return f"with plugins more, of which none refused anything, {why}"
    if not before and not already and _untold(beside, "report_plugin_conflict"):
        # It may have been withheld by whoever narrows it always: where there is nothing at all, nobody needs to.
        bare = changed(case, directives=[], facts={}, profiles=[], restrictors=quiet)
        if _untold(decide(bare), "report_plugin_conflict"):
            return "a plugin permitted what was withheld, and that was not reported"
    for answer in REFUSING if before else ():
        # Not the first that is asked, and of each record by its id.
        told = {"name": "zz", "answer": answer, **({"records": ids} if answer == "deny" and ids else {})}
        after = decide(changed(case, restrictors=[*already, *quiet, told]))
        if released(after):
            return f"a plugin answered {answer}, and {', '.join(sorted(released(after)))} was released"
        if answer != "deny" and _untold(after, "report_plugin_error"):
            return f"a plugin answered {answer}, and that was not reported"
    return None


def _untold(answer: Json, duty: str) -> bool:
    """Whether an answer tells what is owed, and this is not there."""
    return "obligations" in answer and duty not in answer["obligations"]


def _ends(case: Json) -> list[Json]:
    """What ends the papers, or lets them be revoked."""
    given = case["given"]["directives"]
    return [each[name] for each in given for name in ("expires", "revocable_from") if each.get(name)]


def _known(case: Json) -> Iterator[Json]:
    """The case with something told that was not: all that may open something, then who treats."""
    facts, recipient = case["given"]["facts"], request_of(case)["recipient"]
    treating = {"recipient": {**recipient, "treating_relationship": True}} if recipient.get("treating_relationship") is None else {}
    for value, more in ((True, treating), (False, {})):
        if untold := {name: value for name in WIDENING if name not in facts}:
            yield changed(case, facts={**facts, **untold}, **more)


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
    if "basis" not in decide(case) or not released(decide(case)):
        return None
    answer = decide(changed(case, directives=[{**each, "abuser_signed": True} for each in case["given"]["directives"]]))
    if answer["decision"] != "deny" and any(not each.startswith("rule:") for each in basis_of(answer)):
        return "a release that the abuser signed was the basis"
    return None


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (
    consent_carries_its_notice,
    a_claim_opens_nothing,
    general_forms_yield_no_notes,
    profiles_only_narrow_each_other,
    plugins_only_narrow,
    every_profile_answers,
    knowing_more_takes_nothing,
    minors_and_parents,
    an_abuser_signs_nothing,
)
