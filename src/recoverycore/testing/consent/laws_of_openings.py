"""Laws about what opens beside a consent, and how far: an emergency, and a copy that is passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.ground.instants import local_date, parse_instant
from recoverycore.testing.consent.asking import Json, basis_of, changed, labels_of, later, records_of, released, request_of, switched
from recoverycore.testing.consent.stories import box, permit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

PART2 = ["us.42cfr2"]
EMERGENCY = "rule:medical-emergency"
EMERGENCIES = {"emergency_treatment", "ETREAT", "break_glass", "BTG"}
NO_MEDICS = ("law_enforcement", "provider", "covered_entity")
OTHER: Json = {"categories": ["nothing-else"]}
EVERYTHING = box(labels="*", purposes="*", recipients="*", actions=["use", "disclose", "redisclose"])

DEFECTS: dict[str, Json] = {
    "was not written": {"written": False},
    "lacked a signature": {"missing_elements": ["signature"]},
    "lacked something that nobody knows": {"missing_elements": ["unheard-of"]},
    "was signed by nobody": {"signed_by": []},
    "had no end": {"expires": {"kind": "none"}},
    "was known to be false": {},
}
# Whose client it is, what else is known, for what, and who cannot sign then.
NO_SIGNERS: dict[str, tuple[Json, Json, str, list[str]]] = {
    "the client was dead, and had a representative": (
        {"deceased": True},
        {"representative": "per:x"},
        "treatment",
        ["client", "spouse", "family_member", "guardian"],
    ),
    "nobody knew whether a court had appointed somebody": (
        {"capacity": False, "adjudicated": "unknown", "deceased": False},
        {},
        "payment",
        ["client", "program_director", "parent"],
    ),
    "no court had appointed anybody": (
        {"capacity": False, "adjudicated": False, "deceased": False},
        {},
        "treatment",
        ["client", "program_director", "parent"],
    ),
}


def _rests(answer: Json, basis: str) -> bool:
    """Whether a release rests on this; of an answer that does not tell on what, whether there is one."""
    return bool(released(answer)) and ("basis" not in answer or basis in basis_of(answer))


def _opened(decide: Decide, case: Json, basis: str, ways: Mapping[str, Json]) -> str | None:
    """The first way of changing the case in which something is released on this basis."""
    return next((what for what, values in ways.items() if _rests(decide(changed(case, **values)), basis)), None)


def _wide(case: Json) -> Json:
    """What a paper says that is for everything, since before the question and until long after it."""
    return {
        "discloser": "*",
        "signed_on": later(case, -60),
        "starts": later(case, -60),
        "expires": {"kind": "date", "value": "2099-12-31"},
        "boxes": [EVERYTHING],
    }


def _refusal(case: Json, **fields: Any) -> Json:
    """A refusal of everything."""
    return permit("zz", polarity="deny", **{**_wide(case), **fields})


def _note(case: Json) -> list[Json]:
    """The first record as a counselling note that is kept apart, as far as anybody knows."""
    first = {name: value for name, value in records_of(case)[0].items() if name != "separated"}
    return [{**first, "labels": ["SUD", "SUD_NOTES"], "category": "counselling_note"}]


def an_emergency_is_for_medics_and_ends(decide: Decide, case: Json) -> str | None:
    """L21. An emergency owes a record and a review, opens to medical personnel only and what is necessary only, and ends when it ends."""
    answer, request, facts = decide(case), request_of(case), case["given"]["facts"]
    if not facts.get("emergency") or not records_of(case) or not _rests(answer, EMERGENCY):
        return None
    # Where it is not told on what it rests, it has to be plain that it can rest on nothing else.
    alone = case["given"]["profiles"] == PART2 and not case["given"]["directives"] and "need_to_know" not in facts
    if "basis" not in answer and not (alone and EMERGENCIES.issuperset(request["purposes"])):
        return None
    if "obligations" in answer and not {"emergency_record", "post_review"} <= set(answer["obligations"]):
        return "no record or no review is owed"
    if what := _opened(decide, case, EMERGENCY, _no_emergency(case)):
        return f"{what}, and it opened all the same"
    if case["given"]["profiles"] != PART2:
        return None  # what another law permits beside it, a refusal may beat
    ids = [each["id"] for each in records_of(case)]
    going_on = {**facts, "emergency": {**facts["emergency"], "ended_at": later(case, 1)}, "necessary": ids}
    after = decide(changed(case, directives=[*case["given"]["directives"], _refusal(case)], facts=going_on))
    if not _rests(after, EMERGENCY):
        return "it did not open beside a refusal what is necessary, or ended one second early"
    told = "override_of:zz" in after.get("obligations", ("override_of:zz",))
    return None if told else "it went before a refusal, and this was not told"


def _no_emergency(case: Json) -> dict[str, Json]:
    """What keeps this emergency shut, each by itself."""
    request, facts = request_of(case), case["given"]["facts"]
    known = facts["emergency"]

    def told(**values: Any) -> Json:
        return {"facts": {**facts, "emergency": {**known, **values}}}

    ways: dict[str, Json] = {f"who asked was {kind}": {"recipient": {**request["recipient"], "kind": kind}} for kind in NO_MEDICS}
    ways |= {"it was over at the very instant of the question": told(ended_at=later(case, 0))}
    if zone := case["given"]["client"].get("zone"):
        ways |= {"it was over on that day": told(ended_at=local_date(parse_instant(later(case, 0)), zone).isoformat())}
    ways |= {
        "it was not bona fide": told(bona_fide=False),
        "nobody knew whether it was bona fide": told(bona_fide="unknown"),
        "it was about treatment of any kind": {"purposes": ["treatment"]},
        "nothing was necessary": {"facts": {**facts, "necessary": []}},
        "something else was necessary": {"facts": {**facts, "necessary": ["nothing-else"]}},
        "it was about a counselling note": {"records": _note(case)},
    }
    if known.get("declared_disaster") is True:
        return {**ways, "the programme was open in the disaster": told(program_closed=False, consent_obtainable=True)}
    return ways | {
        "consent could be had": told(consent_obtainable=True),
        "nobody knew whether consent could be had": told(consent_obtainable="unknown"),
        "the client had refused": told(patient_refused=True),
        "nobody knew whether the client had refused": told(patient_refused="unknown"),
    }


def a_hop_is_no_wider_than_the_one_before(decide: Decide, case: Json) -> str | None:
    """L27. A copy goes on only as far as it could come, by papers that stand at every hop; never into proceedings."""
    request, given, answer = request_of(case), case["given"], decide(case)
    held = given["facts"].get("held_copy") or {}
    copied = str(held.get("received_under"))
    papers = [each for each in given["directives"] if each["id"] == copied]
    own = [each for each in papers if each.get("discloser") in (request["discloser"].get("id"), "*")]
    if request["action"] != "redisclose" or not papers or own or "format" in papers[0] or not _rests(answer, copied):
        return None
    if switched(case, "post_revocation_redisclosure") or given["profiles"] != PART2 or not records_of(case):
        return None
    # Where it is not told on what it rests, it has to be plain that it can rest on nothing else.
    if "basis" not in answer and (papers != given["directives"] or {"emergency", "legal"} & given["facts"].keys()):
        return None
    if what := _opened(decide, case, copied, _no_route(case, papers[0])):
        return f"{what}, and it was passed on all the same"
    if not _rests(decide(changed(case, **_through(case, papers[0]))), copied):
        return "there was another hop before, under a paper that covered it, and it was not passed on"
    came = {"discloser": {"id": papers[0].get("discloser"), "kind": "part2_program"}, "recipient": request["discloser"]}
    lost = released(answer) - released(decide(changed(case, **came, action="disclose", directives=papers)))
    return f"{', '.join(sorted(lost))} could not have come to the holder" if lost else None


def _through(case: Json, paper: Json, **fields: Any) -> Json:
    """An earlier hop, under a paper like this one but for some fields, that is for whoever it was and takes nothing away again."""
    given, facts = case["given"], case["given"]["facts"]
    held = {**facts["held_copy"], "chain": [{"received_under": "zz", "holder": "org:first"}]}
    before = {**paper, "id": "zz", "boxes": [{**each, "recipients": "*"} for each in paper["boxes"]], "except": [], **fields}
    return {"facts": {**facts, "held_copy": held}, "directives": [*given["directives"], before]}


def _no_route(case: Json, paper: Json) -> dict[str, Json]:
    """What closes the route of this copy, each by itself."""
    request, facts, papers = request_of(case), case["given"]["facts"], case["given"]["directives"]
    narrow = [{**each, **OTHER} for each in paper["boxes"]]

    def held(**values: Any) -> Json:
        return {"facts": {**facts, "held_copy": {**facts["held_copy"], **values}}}

    def so(**fields: Any) -> Json:
        return {"directives": [{**each, **fields} if each is paper else each for each in papers]}

    def revoked(*recipients: str) -> list[Json]:
        return [{"at": later(case, 0), "written": True, **({"recipients": [*recipients]} if recipients else {})}]

    refusal = _refusal(case, discloser=paper.get("discloser"), boxes=[{**EVERYTHING, "actions": ["disclose"]}])
    return {
        "it was asked for proceedings": {"purposes": ["civil_proceedings"]},
        "its paper did not cover it": so(boxes=narrow),
        "its paper was revoked": so(revocations=revoked()),
        "its paper was revoked for the holder": so(revocations=revoked(request["discloser"]["id"])),
        "its paper was revoked for who asks": so(revocations=revoked(request["recipient"]["id"])),
        "somebody else held it": held(holder="org:nobody-else"),
        "it came with a limit to other records": held(limits=OTHER),
        "it came with a limit to other purposes": held(limits={"purposes": ["nothing-else"]}),
        "nobody knew under what it came before": held(chain=[{"received_under": "nothing-known"}]),
        "it came before under a paper that did not cover it": _through(case, paper, boxes=[{**each, "recipients": "*"} for each in narrow]),
        "it came before under a paper that was revoked": _through(case, paper, revocations=revoked()),
        "whoever released it first had a refusal": {"directives": [*papers, refusal]},
        "it was a counselling note": {"records": _note(case)},
    }


def the_law_says_what_lifts_a_refusal(decide: Decide, case: Json) -> str | None:
    """L5, L38. Under Part 2 a refusal stands until it is taken back in writing, or replaced by a paper without any defect."""
    answer, given = decide(case), case["given"]
    by_law = any(each.startswith("rule:") for each in basis_of(answer))
    if given["profiles"] != PART2 or not given["directives"] or not records_of(case) or not released(answer) or by_law:
        return None
    if not all("SUD" in labels_of(case, each) for each in records_of(case)):
        return None
    if "basis" not in answer and released(decide(changed(case, directives=[]))):
        return None  # by the law alone, which may override a refusal
    refusal = _refusal(case)
    spoken = {**refusal, "revocations": [{"at": later(case, -60), "written": False}]}
    defective = permit("zz-new", supersedes=["zz"], boxes=[], missing_elements=["signature"])
    ways = {
        "taken back in words": [spoken],
        "replaced by a paper that nobody signed": [refusal, defective],
        "neither written nor signed": [{**refusal, "written": False, "missing_elements": ["signature"]}],
    }
    for what, papers in ways.items():
        if found := released(decide(changed(case, directives=[*given["directives"], *papers]))):
            return f"a refusal of everything was {what}, and {', '.join(sorted(found))} was released"
    return None


def a_form_with_a_defect_is_no_basis(decide: Decide, case: Json) -> str | None:
    """L19. Under Part 2 a form is no basis that is not written, lacks an element, a signer or an end, or is known to be false."""
    given = case["given"]
    if given["profiles"] != PART2 or not given["directives"] or not released(decide(case)):
        return None
    papers = {what: permit(f"g{number}", **{**_wide(case), **fields}) for number, (what, fields) in enumerate(DEFECTS.items())}
    records = [{"id": name, "labels": [label], "category": "diagnosis"} for name, label in (("r1", "SUD"), ("r2", "ETHUD"))]
    facts = {"flags": {papers["was known to be false"]["id"]: "materially_false"}}
    plain = changed(case, facts=facts, restrictors=[], purposes=["treatment"], action="disclose", records=records)
    # All at once, since a permit more takes nothing away (L4); then one by one, to see which it was.
    if found := released(decide(changed(plain, directives=[*papers.values()]))):
        alone = (what for what, paper in papers.items() if released(decide(changed(plain, directives=[paper]))))
        return f"the one permit {next(alone, 'had one defect or another')}, and {' and '.join(sorted(found))} was released"
    for what, (client, known, purpose, signers) in NO_SIGNERS.items():
        signed = [permit(f"g{number}", **_wide(case), signed_by=[who]) for number, who in enumerate(signers, 1)]
        whose = {"client": {**given["client"], "minor": False, **client}, "facts": known, "purposes": [purpose]}
        if found := released(decide(changed(plain, **whose, directives=signed))):
            return f"{what}, and for {purpose} {' and '.join(sorted(found))} was released on what {' or '.join(signers)} signed"
    return None


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (
    an_emergency_is_for_medics_and_ends,
    a_hop_is_no_wider_than_the_one_before,
    the_law_says_what_lifts_a_refusal,
    a_form_with_a_defect_is_no_basis,
)
