"""Laws about answers: order, bundles, time, what an answer rests on and owes, labels, profiles, plugins, facts, copies, trees."""

from __future__ import annotations

import copy
import json
import re
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.ground.instants import parse_instant
from recoverycore.testing.consent.asking import Json, basis_of, changed, labels_of, later, released, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

WEEK = timedelta(days=7)
DATED = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
NEUTRAL = ("HIV", "STD", "MH", "N", "R", "V")  # labels that no profile applies by, and no bar holds by
PROCEEDINGS = ("proceedings", "HLEGAL")
CLAIMS = ("break_glass", "BTG")
FOR_ALL = ("us.hipaa", "ca.on.phipa", "eu.gdpr")  # that apply to every record
WIDENING = ("fda_assertion", "need_to_know", "request_in_writing", "significant_risk_of_serious_bodily_harm")
NARROWING = ("none", "deny", "error", "permit", "rubbish")


def _request(case: Json) -> Json:
    found: Json = case["when"]["request"]
    return found


def _records(case: Json) -> list[Json]:
    found: list[Json] = _request(case)["records"]
    return found


def _switched(case: Json, *names: str) -> bool:
    return any(name in (case["given"].get("switches") or {}) for name in names)


def _relabelled(case: Json, place: int, labels: list[str]) -> Json:
    return changed(case, records=[{**each, "labels": labels} if at == place else each for at, each in enumerate(_records(case))])


def order_changes_nothing(decide: Decide, case: Json) -> str | None:
    """L2. The order of papers, records, purposes, profiles and restrictors changes nothing."""
    given, request = case["given"], _request(case)
    turned = changed(case, **{name: given[name][::-1] for name in ("directives", "profiles", "restrictors") if given.get(name)})
    turned = changed(turned, records=request["records"][::-1], purposes=request["purposes"][::-1])
    return same(decide(case), decide(turned))


def asking_for_more_gives_no_more(decide: Decide, case: Json) -> str | None:
    """L7. Asking for more purposes or records never releases a record that was withheld."""
    before, request = released(decide(case)), _request(case)
    more = [changed(case, purposes=[*request["purposes"], purpose]) for purpose in ("treatment", "break_glass") if request["purposes"]]
    if request["records"]:
        more.append(changed(case, records=[*request["records"], {**request["records"][0], "id": "zz", "labels": []}]))
    gained = {name for other in more for name in released(decide(other)) - before - {"zz"}}
    return f"{', '.join(sorted(gained))} was released" if gained else None


def a_bundle_is_its_parts(decide: Decide, case: Json) -> str | None:
    """L8, L9. A bundle split, decided one by one and merged is the bundle; size and place in it never matter."""
    whole = decide(case)["records"]
    for record in _records(case):
        for bundle in ([record], [{**record, "id": "zz", "category": "other"}, record]):
            alone = decide(changed(case, records=bundle))["records"][record["id"]]
            if alone != whole[record["id"]]:
                return f"{record['id']} is {whole[record['id']]} in the bundle, {alone} beside fewer"
    return None


def _shifted(value: Any) -> Any:
    """Every instant and date a week later."""
    if isinstance(value, dict):
        return {name: _shifted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shifted(each) for each in value]
    if isinstance(value, str) and DATED.fullmatch(value):
        return (parse_instant(value) + WEEK).isoformat() if "T" in value else (date.fromisoformat(value) + WEEK).isoformat()
    return value


def only_the_distance_in_time_matters(decide: Decide, case: Json) -> str | None:
    """L16. Another offset for the same instant, or all of it a week later, changes nothing; a time without offset is refused."""
    before, at = decide(case), _request(case)["at"]
    if why := same(before, decide(changed(case, at=parse_instant(at).astimezone(UTC).isoformat()))):
        return f"written in UTC, {why}"
    fixed = changed(case, client={**case["given"]["client"], "zone": "UTC"})
    if why := same(decide(fixed), decide(_shifted(fixed))):
        return f"a week later, {why}"
    try:
        decide(changed(case, at=at[:19]))
    except ValueError:
        return None
    return "a time without offset was taken"


def the_same_question_has_the_same_answer(decide: Decide, case: Json) -> str | None:
    """L17. Asked twice, the same; and asking changes nothing."""
    asked = copy.deepcopy(case)
    why = None if decide(asked) == decide(asked) else "asked again, another answer"
    return why or (None if asked == case else "the question was changed")


def a_release_rests_on_what_covers_it(decide: Decide, case: Json) -> str | None:
    """L19. What is released has a basis, and is released on that basis alone."""
    answer = decide(case)
    if answer["decision"] == "deny":
        return None
    basis = basis_of(answer)
    if not basis:
        return "released on no basis"
    alone = changed(case, directives=[each for each in case["given"]["directives"] if each["id"] in basis])
    lost = released(answer) - released(decide(alone))
    return f"{', '.join(sorted(lost))} does not follow from {', '.join(basis)}" if lost else None


def consent_carries_its_notice(decide: Decide, case: Json) -> str | None:
    """L20. Under Part 2 consent goes along with notice, copy and log; an exception never with the notice."""
    answer, owed = decide(case), set(decide(case)["obligations"])
    covered = all("SUD" in labels_of(case, record) for record in _records(case))
    if (
        answer["decision"] != "permit"
        or case["given"]["profiles"] != ["us.42cfr2"]
        or not covered
        or _request(case)["action"] == "redisclose"
    ):
        return None
    by_rule = [each.startswith("rule:") for each in basis_of(answer)]
    if not any(by_rule) and not ({"part2_notice", "consent_copy_or_scope"} <= owed and owed & {"log_disclosure", "log_access"}):
        return "the notice, the copy or the log is missing"
    return "an exception carries the notice" if all(by_rule) and "part2_notice" in owed else None


def an_emergency_is_for_medics_and_ends(decide: Decide, case: Json) -> str | None:
    """L21. An emergency owes a record and a review, opens to medical personnel only, and ends when it ends."""
    answer, facts = decide(case), case["given"]["facts"]
    if "rule:medical-emergency" not in basis_of(answer):
        return None
    if not {"emergency_record", "post_review"} <= set(answer["obligations"]):
        return "no record or no review is owed"
    if _request(case)["recipient"].get("kind") != "medical_personnel":
        return "somebody else got it"
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
    if _switched(case, "break_glass_subsumed"):
        return None
    found = released(decide(changed(case, facts=facts, directives=papers, purposes=["break_glass"])))
    return f"{', '.join(sorted(found))} was released on a claim" if found else None


def general_forms_yield_no_notes(decide: Decide, case: Json) -> str | None:
    """L23. Under Part 2 only a form made for them yields notes or proceedings."""
    answer, request = decide(case), _request(case)
    guarded = [each for each in _records(case) if "SUD" in labels_of(case, each) and each["id"] in released(answer)]
    notes = [each for each in guarded if "SUD_NOTES" in labels_of(case, each) and each.get("separated") is not False]
    asked = any(each in PROCEEDINGS or each.endswith("_proceedings") for each in request["purposes"])
    if "us.42cfr2" not in case["given"]["profiles"] or len(guarded) < len(_records(case)):
        return None
    forms = {each.get("form") for each in case["given"]["directives"] if each["id"] in basis_of(answer)}
    wanted = (
        "notes" if notes and len(notes) == len(guarded) else "proceedings" if asked and guarded and len(request["purposes"]) == 1 else None
    )
    others = [each for each in case["given"]["profiles"] if each != "us.42cfr2"]
    return f"a form {min(map(str, forms - {wanted}))} yields {wanted}" if wanted and not others and forms - {wanted} else None


def fewer_labels_are_no_harder(decide: Decide, case: Json) -> str | None:
    """L24, L25. Taking away a label never withholds a record, and adding one never releases it, where the same rules apply."""
    before = decide(case)["records"]
    for place, record in enumerate(_records(case)):
        own = record.get("labels") or []
        for label in NEUTRAL:
            fewer = decide(_relabelled(case, place, [each for each in own if each != label]))["records"][record["id"]]
            more = decide(_relabelled(case, place, [*own, label]))["records"][record["id"]]
            if before[record["id"]] == "permit" and fewer == "deny":
                return f"without {label} it is withheld"
            if before[record["id"]] == "deny" and more == "permit":
                return f"with {label} it is released"
    return None


def no_label_means_that_of_the_source(decide: Decide, case: Json) -> str | None:
    """L26. A record without a label is decided as if it carried the labels of its source."""
    for place, record in enumerate(_records(case)):
        source = (case["given"]["facts"].get("sources") or {}).get(record.get("source"), [])
        if why := same(decide(_relabelled(case, place, [])), decide(_relabelled(case, place, source))):
            return why
    return None


def a_hop_is_no_wider_than_the_one_before(decide: Decide, case: Json) -> str | None:
    """L27. A copy goes on only as far as it could come; never into proceedings."""
    request, answer = _request(case), decide(case)
    copied = (case["given"]["facts"].get("held_copy") or {}).get("received_under")
    papers = [each for each in case["given"]["directives"] if each["id"] == copied and copied in basis_of(answer)]
    own = [each for each in papers if each.get("discloser") in (request["discloser"].get("id"), "*")]
    if request["action"] != "redisclose" or answer["decision"] == "deny" or not papers or own or "format" in papers[0]:
        return None
    if _switched(case, "post_revocation_redisclosure") or case["given"]["profiles"] != ["us.42cfr2"]:
        return None
    if any(each in PROCEEDINGS or each.endswith("_proceedings") for each in request["purposes"]):
        return "a copy went into proceedings"
    came = changed(
        case, discloser={"id": papers[0].get("discloser"), "kind": "part2_program"}, recipient=request["discloser"], action="disclose"
    )
    lost = released(answer) - released(decide(changed(came, directives=papers)))
    return f"{', '.join(sorted(lost))} could not have come to the holder" if lost else None


def profiles_only_narrow_each_other(decide: Decide, case: Json) -> str | None:
    """L28. All profiles together release no more than each that applies."""
    by_class = '"class": "' in json.dumps([each.get("boxes") for each in case["given"]["directives"]])
    for profile in case["given"]["profiles"]:
        if profile in FOR_ALL and not by_class and (gained := released(decide(case)) - released(decide(changed(case, profiles=[profile])))):
            return f"{', '.join(sorted(gained))} is not released by {profile}"
    return None


def plugins_only_narrow(decide: Decide, case: Json) -> str | None:
    """L29. A restrictor more never releases anything, whatever it answers."""
    before, already = released(decide(case)), case["given"].get("restrictors") or []
    for answer in NARROWING:
        if gained := released(decide(changed(case, restrictors=[*already, {"name": "zz", "answer": answer}]))) - before:
            return f"{', '.join(sorted(gained))} was released by {answer}"
    return None


def _known(case: Json) -> Iterator[Json]:
    """The case with one fact told that was not."""
    facts, recipient = case["given"]["facts"], _request(case)["recipient"]
    events = facts.get("events") or {}
    for name in WIDENING:
        if name not in facts:
            yield from (changed(case, facts={**facts, name: value}) for value in (True, False))
    for name in ("discharge", "release ends"):
        if events.get(name, "unknown") == "unknown":
            yield from (
                changed(case, facts={**facts, "events": {**events, name: value}}) for value in (None, later(case, 0), later(case, 1))
            )
    if recipient.get("treating_relationship") is None:
        yield changed(case, recipient={**recipient, "treating_relationship": True})


def knowing_more_takes_nothing(decide: Decide, case: Json) -> str | None:
    """L30. Telling a fact that was unknown never withholds what was released without it."""
    before = released(decide(case))
    if case["given"].get("directives") and any("revocable_from" in each for each in case["given"]["directives"]):
        return None  # an event that is unknown lets a revocation work, and one that has come lets it work too
    lost = {name for other in _known(case) for name in before - released(decide(other))}
    return f"{', '.join(sorted(lost))} was lost" if lost else None


def minors_and_parents(decide: Decide, case: Json) -> str | None:
    """L31. Where a minor may consent alone a parent's signature changes nothing; where a parent must, both must."""
    given = case["given"]
    rule, client = given["facts"].get("state_rule"), given["client"]
    shipped = "us.42cfr2" in given["profiles"] and all("SUD" in labels_of(case, record) for record in _records(case)) and _records(case)
    if not client.get("minor") or client.get("deceased") or not shipped or _switched(case, "minor_rule_default"):
        return None

    def signed(*who: str) -> Json:
        return decide(changed(case, directives=[{**each, "signed_by": [*who]} for each in given["directives"]]))

    if rule == "minor_may_consent_alone":
        return same(signed("client"), signed("client", "parent"))
    halves = [each for answer in (signed("client"), signed("parent")) for each in basis_of(answer) if answer["decision"] != "deny"]
    return "one signature of two was enough" if any(not each.startswith("rule:") for each in halves) else None


def an_abuser_signs_nothing(decide: Decide, case: Json) -> str | None:
    """L32. Under the rules of victim services a release that an abuser signed is never effective."""
    if "us.dv" not in case["given"]["profiles"] or _request(case)["discloser"].get("kind") != "victim_service_provider":
        return None
    answer = decide(changed(case, profiles=["us.dv"], directives=[{**each, "abuser_signed": True} for each in case["given"]["directives"]]))
    return "it was" if answer["decision"] != "deny" and any(not each.startswith("rule:") for each in basis_of(answer)) else None


def a_level_more_turns_a_tree_over(decide: Decide, case: Json) -> str | None:
    """L36. A tree below a root of the same polarity and criteria says the opposite where it applied; twice, the same again."""
    trees = [each for each in case["given"]["directives"] if "format" in each]
    text = json.dumps(trees)
    known = all(len(set(labels_of(case, each))) == 1 and {"category", "date", "class"} <= set(each) for each in _records(case))
    single = len(_request(case)["purposes"]) == 1 and _request(case)["purposes"] != ["tpo"]
    if not single or len(trees) != 1 or "expression" in text or '"type"' in text or not known or trees[0]["status"] != "active":
        return None
    alone = changed(
        case, directives=[{name: trees[0][name] for name in ("id", "format", "status", "decision", "root", "provisions")}], profiles=[]
    )

    def below(tree: Json) -> Json:
        return {**tree, "provisions": [{**tree["root"], "provisions": tree["provisions"]}]}

    first = alone["given"]["directives"][0]
    answers = [decide(changed(alone, directives=[tree])) for tree in (first, below(first), below(below(first)))]
    before, once, twice = (answer["records"] for answer in answers)
    said = [name for name in before if basis_of(answers[0]) == [first["id"]] and len(before) == 1]
    if any(once[name] == before[name] for name in said):
        return "it says the same one level lower"
    return None if before == twice else "it does not say the same two levels lower"


def a_round_trip_changes_nothing(decide: Decide, case: Json) -> str | None:
    """L37. Written as JSON and read again, a case is decided the same."""
    return same(decide(case), decide(json.loads(json.dumps(case))))


def an_accounting_adds_up(decide: Decide, case: Json) -> str | None:
    """L39. The accounting of a ledger is those of its entries together, in time order."""
    ledger, whole = case["given"]["facts"].get("ledger") or [], decide(case).get("entries")
    if whole is None:
        return None
    parts = [decide(changed(case, facts={**case["given"]["facts"], "ledger": [entry]}))["entries"] for entry in ledger]
    return None if sorted(whole) == sorted(at for part in parts for at in part) else "it does not"


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (
    order_changes_nothing,
    asking_for_more_gives_no_more,
    a_bundle_is_its_parts,
    only_the_distance_in_time_matters,
    the_same_question_has_the_same_answer,
    a_release_rests_on_what_covers_it,
    consent_carries_its_notice,
    an_emergency_is_for_medics_and_ends,
    a_claim_opens_nothing,
    general_forms_yield_no_notes,
    fewer_labels_are_no_harder,
    no_label_means_that_of_the_source,
    a_hop_is_no_wider_than_the_one_before,
    profiles_only_narrow_each_other,
    plugins_only_narrow,
    knowing_more_takes_nothing,
    minors_and_parents,
    an_abuser_signs_nothing,
    a_level_more_turns_a_tree_over,
    a_round_trip_changes_nothing,
    an_accounting_adds_up,
)
