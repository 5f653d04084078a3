"""The edges that one story has and another has not: what is written there instead, by path. Whatever lies on a path goes together.

A path starts at ``request``, ``record`` (the first), ``paper`` (the first), ``facts``, ``client`` or ``given``; ``papers`` adds some.
"""

from __future__ import annotations

from typing import Any

from recoverycore.testing.consent.stories import ORDER, TREE, box, permit, record
from recoverycore.testing.consent.values import LEFT_OUT

__all__ = ["EDGES", "ROOTS"]

Json = dict[str, Any]
ROOTS: dict[str, tuple[str | int, ...]] = {
    "request": ("when", "request"),
    "record": ("when", "request", "records", 0),
    "paper": ("given", "directives", 0),
    "facts": ("given", "facts"),
    "client": ("given", "client"),
    "given": ("given",),
}
NOTE = {"record.labels": ["SUD", "SUD_NOTES"], "record.category": "counselling_note"}
YES, NO = True, False  # as a switch is written
NOW = "2026-06-15T10:00:00-05:00"
REVOKED = [{"at": "2026-06-01", "written": True}]
SPOKEN = [{"at": "2026-06-01", "written": False}]
RECEIVED = "facts.held_copy.received_at"


def _each(path: str, *values: Any) -> list[Json]:
    return [{path: value} for value in values]


def _switched(name: str, value: Any, *others: Json) -> list[Json]:
    """The same edges with a switch as it is and as it could be."""
    return [{**other, **switch} for other in others for switch in ({}, {f"given.switches.{name}": value})]


def _deny(**fields: Any) -> Json:
    """A refusal to everybody, of every action."""
    kept = {axis: values for axis, values in box(recipients="*").items() if axis != "actions"}
    return permit("d1", **{"polarity": "deny", "boxes": [kept], **fields})


def _replaced(start: str, **old: Any) -> list[Json]:
    return [_deny(**old), permit("g9", supersedes=["d1"], boxes=[box(purposes=["research"])], starts=start)]


MISSING = [*_each("paper.missing_elements", ["purpose"], ["hipaa_redisclosure_statement"], ["consequences_of_refusal"], ["unheard-of"])]
FUNDRAISING = [
    {"paper.missing_elements": ["fundraising_opt_out"], "paper.boxes.0.purposes": purposes}
    for purposes in ("*", ["treatment"], ["treatment", "fundraising"])
]
ENDLESS: Json = {"paper.expires": {"kind": "none"}}
LONG = _switched("dv_max_days", 30, {"paper.expires": {"kind": "date", "value": "2026-06-15"}, "paper.starts": "2026-05-16"})
LONG += _switched("dv_max_days", 30, {"paper.expires": {"kind": "date", "value": "2026-06-15"}, "paper.starts": "2026-05-17"})
SPOKEN_EDGES = _switched("unwritten_revocation_stops_permit", NO, {"paper.revocations": SPOKEN})
DENIES: list[Json] = [
    {"papers": [_deny()]},
    {"papers": [_deny()], "request.action": "use", "paper.boxes.0.actions": ["use"]},
    {"papers": [_deny(revocations=SPOKEN)]},
    {"papers": [_deny(revocations=REVOKED)]},
    {"papers": [_deny(status="unprocessable", boxes=[])]},
    {"papers": [_deny(boxes=[box(labels="*", recipients="*")])], "record.labels": [], "facts.sources": {}, "record.source": "org:other"},
    {"papers": _replaced("2026-06-01")},
    {"papers": _replaced("2026-06-01", supersedes=["g9"])},
    *(
        {"papers": _replaced("2026-06-15"), "client.zone": LEFT_OUT, "request.at": at}
        for at in (NOW, "2026-06-15T12:00:00Z", "2026-06-15T11:59:59Z")
    ),
    {"papers": _replaced("2026-06-15"), "client.zone": LEFT_OUT, "request.at": "2026-06-14T12:00:00Z"},
]
BOXES = [box(purposes=["marketing"], labels=["HIV"]), box(purposes=["payment"])]
SPECIFIC: list[Json] = [
    *(MISSING + FUNDRAISING + SPOKEN_EDGES + DENIES),
    ENDLESS,
    {"paper.form": "research", **ENDLESS},
    {"facts.flags": {"g1": "materially_false"}},
    *_each("paper.boxes.0.data_period", {"start": "2026-05-02"}, {"end": "2026-04-30"}, {"start": "2026-05-01", "end": "2026-05-01"}),
    *_each("paper.status", "inactive", "unprocessable", "draft"),
    *_each("paper.boxes.0.actions", ["use"], ["access"], "*"),
    {"facts.sources": {}, "record.labels": []},
    {"paper.boxes.0.purposes": "*", "request.purposes": []},
    {"paper.boxes.0.purposes": "*", "paper.form": "tpo", "request.purposes": ["research"]},
    {"paper.boxes.0.purposes": ["treatment", "payment"], "paper.boxes.0.recipients": [{"class": "tpo"}], "request.purposes": ["marketing"]},
    {"paper.boxes": BOXES},
    {"paper.boxes": [*reversed(BOXES)]},
    {"papers": [permit("g2", signed_on="2026-02-01")]},
    {"papers": [permit("g2", revocations=REVOKED)]},
    {"papers": [permit("a", signed_on="2026-05-01")]},
    *_switched("label_order", "clearance", {"record.labels": ["N"], "record.source": "x", "paper.boxes.0.labels": ["R"]}),
    *_switched("label_order", "clearance", {"record.labels": ["SUD", "V"], "paper.boxes.0.labels": ["SUD", "R"]}),
]
SPECIFIC += _switched("break_glass_subsumed", YES, {"request.purposes": ["break_glass"]})
SPECIFIC += _switched("combined_severable", NO, {"paper.form": "combined"})
UNTIL = [{"facts.events.discharge": when} for when in (None, "unknown", "2026-06-14", "2026-06-15", "2026-06-16", NOW)]
UNTIL += _switched("event_day", "end_of_day", {"facts.events.discharge": "2026-06-15"})
EMERGENCY = [
    *_each("facts.emergency.ended_at", NOW, "2026-06-15", "2026-06-16", "2026-06-15T10:00:01-05:00", "unknown", None),
    *_each("facts.emergency.patient_refused", YES, NO, "unknown"),
    *_each("facts.emergency.bona_fide", NO, LEFT_OUT),
    *_each("facts.necessary", ["r2"], ["r1"], [], LEFT_OUT),
    {**NOTE},
    {"papers": [_deny(boxes=[box(labels="*", purposes="*", recipients="*")])]},
    {"request.purposes": ["BTG"]},
    {"request.purposes": ["treatment"]},
]
DISASTER = _switched("emergency_by_disaster", NO, {}, {"facts.emergency.program_closed": False})
COPIES: list[Json] = [
    {"paper.revocations": REVOKED},
    {"paper.revocations": [{**REVOKED[0], "recipients": ["org:rehab", "org:mail"]}]},
    *_switched(
        "post_revocation_redisclosure", "permit", {"paper.revocations": REVOKED}, {"paper.revocations": REVOKED, RECEIVED: LEFT_OUT}
    ),
    *_switched("post_revocation_redisclosure", "permit", {"paper.revocations": REVOKED, RECEIVED: "2026-06-02T00:00:00Z"}),
    {"paper.discloser": "prog:other", "papers": [_deny(discloser="prog:harbor", boxes=[box(recipients="*", purposes="*")])]},
    {"papers": [_deny(boxes=[box(recipients="*", purposes="*")])]},
    {"papers": [_deny(boxes=[box(recipients="*", purposes="*", actions=["redisclose"])])]},
    {"papers": [_deny(discloser="org:x", boxes=[box(recipients="*", purposes="*")])], "facts.held_copy.received_under": "rule:audit"},
    {"facts.held_copy.limits": {"purposes": ["payment"]}},
    {"facts.held_copy.limits": [{"categories": ["diagnosis"]}]},
    {"facts.held_copy.chain": [{"holder": "org:first", "received_under": "g0"}]},
    {"facts.held_copy": LEFT_OUT},
    {"paper.discloser": "*"},
    {"paper.form": "specific", "paper.expires": {"kind": "date", "value": "2026-12-31"}},
    {"request.purposes": ["proceedings"]},
    {"request.discloser.kind": "qso"},
    {"request.action": "disclose"},
    NOTE,
]
ORDERS = [
    *_each("facts.legal.part2_order.section", "2.61", "2.65", "2.66"),
    *_each("facts.legal.part2_order.records", ["r2"], []),
    *_each("request.discloser.kind", "auditor", "researcher", "covered_entity", LEFT_OUT),
    *_each("facts.legal.subpoena", YES, NO, LEFT_OUT),
    {"facts.legal.part2_order": {**ORDER, "confidential_communications_finding": None}, "record.category": "confidential_communication"},
    {"facts.legal.part2_order": {**ORDER, "confidential_communications_finding": None}},
    {"record.category": "confidential_communication"},
]
ROLES = [{"request.recipient.roles": [{"role": "care-team", "until": until}]} for until in ("2026-06-14", "2026-06-15", NOW)]
PLACES: list[Json] = [
    {"papers": [_deny(boxes=[box(recipients=[{"role": "care-team", "org": "org:lakeside"}])])], "request.recipient.roles": [held]}
    for held in ({"role": "care-team"}, {"role": "care-team", "org": "org:x"})
]
PLACES += [
    {"papers": [_deny(boxes=[box(recipients=[{"person": "per:lee", "org": "org:lakeside"}])])], "request.recipient.org": place}
    for place in (LEFT_OUT, "org:westend")
]
MINOR = _each("paper.signed_by", ["parent"], ["client"], ["client", "guardian"], ["guardian"], [])
MINOR += [{**signers, "facts.state_rule": "parental_consent_required"} for signers in MINOR[:3]]
MINOR += _switched("minor_rule_default", "parent", *MINOR[:3]) + _switched("minor_rule_default", "minor_alone", *MINOR[:3])
TREATS = _each("request.recipient.treating_relationship", NO, LEFT_OUT)
EDGES: dict[str, list[Json]] = {
    "specific consent": SPECIFIC,
    "core alone": [each for each in SPECIFIC if "given.switches" not in " ".join(each)] + ROLES,
    "core alone, by role": ROLES + PLACES + _each("request.recipient.roles", [], LEFT_OUT, [{"role": "care-team", "org": "org:x"}]),
    "consent for everything": [
        *MISSING,
        *FUNDRAISING,
        *TREATS,
        {"request.purposes": ["marketing"]},
        {"request.purposes": ["research"], "paper.boxes.0.purposes": "*"},
        NOTE,
    ],
    "consent for everything, payment": [*MISSING, *_each("request.recipient.kind", "qso", "business_associate", LEFT_OUT)],
    "consent until an event": UNTIL,
    "notes consent": [
        {"paper.conditioned_on_service": True},
        *_switched("combined_severable", NO, {"paper.boxes.0.labels": ["SUD", "SUD_NOTES", "HIV"]}, {"paper.form": "combined"}),
        *_each("record.separated", NO, LEFT_OUT),
        {"record.labels": ["SUD"], "record.category": "diagnosis"},
        {"record.labels": ["SUD"], "record.category": "diagnosis", "paper.boxes.0.labels": ["BH"]},
        {"paper.form": "specific"},
    ],
    "proceedings consent": [
        *_each("paper.boxes.0.purposes", "*", ["proceedings", "treatment"], ["civil_proceedings"]),
        {"paper.boxes.0.purposes": "*", "request.purposes": ["treatment"]},
        {"paper.form": "combined"},
        NOTE,
    ],
    "general designation": TREATS,
    "referral that cannot be revoked yet": [
        *_each("facts.events.release ends", "unknown", "2026-06-14", "2026-06-16", NOW),
        *(
            {"paper.form": "specific", "paper.expires": {"kind": "none"}, "paper.revocable_from": each}
            for each in ({"kind": "date", "value": "2026-06-16"},)
        ),
        *(
            {"paper.expires": {"kind": "date", "value": "2026-12-31"}, "paper.revocable_from": {"kind": "date", "value": day}}
            for day in ("2026-06-15", "2026-06-16")
        ),
        {"paper.suspensions": [{"from": "2026-06-01", "to": None}]},
        {"given.profiles": ["us.42cfr2", "us.hipaa"]},
    ],
    "paid in reliance": [*_each("request.purposes", ["treatment"], ["operations"]), {"facts.acted_in_reliance.g1": ["r2"]}, *SPOKEN_EDGES],
    "minor and parent": MINOR,
    "minor alone": _each("paper.signed_by", ["parent"], ["client", "parent"], []),
    "director for payment": [
        {"paper.boxes.0.purposes": ["treatment", "payment"], "request.purposes": ["treatment"]},
        *_each("client.adjudicated", LEFT_OUT, YES),
        {"paper.signed_by": ["guardian"]},
    ],
    "guardian": [*_each("client.adjudicated", LEFT_OUT, NO), {"paper.signed_by": ["client"]}],
    "spouse": [
        *_each("facts.representative", "per:x", LEFT_OUT),
        {"paper.signed_by": ["family_member"]},
        {"paper.signed_by": ["family_member"], "facts.spouse": None},
    ],
    "medical emergency": EMERGENCY,
    "disaster": [*EMERGENCY, *DISASTER],
    "passed on in an emergency": [*EMERGENCY, *[each for each in COPIES if "paper" not in "".join(each)]],
    "court order": ORDERS,
    "court order for notes": ORDERS,
    "crime": [{"record.category": "diagnosis"}, {"facts.crime": {"against_staff": True}}],
    "child abuse": _each("facts.report_already_made", YES, NO, "unknown"),
    "minor in danger": _each("facts.director_finding.lacks_capacity", NO)
    + _each("client.minor", NO)
    + _each("request.recipient.relationship", "friend"),
    "list of an intermediary": [
        *_each("facts.request_in_writing", NO, LEFT_OUT),
        {"request.records": [record()]},
        {"request.discloser.kind": "covered_entity"},
    ],
    "accounting": [*_switched("tpo_accounting_tolled", YES, {}), {"request.at": "2026-06-15T15:00:01Z"}, {"client.zone": LEFT_OUT}],
    "trainee's notes": _each("request.recipient.roles", [{"role": "supervised-trainee"}], [{"role": "supervised-trainee", "org": "org:x"}]),
    "own defence": _switched("own_defence_scope", "all", {}, {"record.labels": ["SUD"], "record.category": "diagnosis"}),
    "own notes": [{"record.originator": "per:x"}, {"request.action": "disclose"}, {"record.separated": False}],
    "within the program": [
        {"request.action": "disclose"},
        {"request.purposes": ["research"]},
        {"request.recipient.org": "org:x"},
        *_each("facts.need_to_know", NO, LEFT_OUT),
        DENIES[1],
    ],
    "service organisation": [
        {"facts.agreements": [{"kind": "QSOA", "with": "org:asks", "signed": False}]},
        {"facts.agreements": [{"kind": "QSOA", "with": "org:x", "signed": True}]},
    ],
    "passed on by HIPAA": [*COPIES, *TREATS],
    "passed on by a program": [*COPIES, {"request.recipient.id": "org:x"}],
    "passed on by own consent": [*COPIES, {"paper.boxes.0.actions": ["redisclose"]}, {"paper.boxes.0.actions": ["use"]}],
    "passed on to a contractor": [
        *COPIES,
        *_each(
            "facts.contracts",
            [],
            [{"between": ["org:tpa", "org:mail"], "part2_clause": NO}],
            [{"between": ["org:x", "org:mail"], "part2_clause": YES}],
        ),
        {"request.recipient.kind": "vendor"},
    ],
    "an emergency in data": _each("facts.open_run_level", 2, 4, LEFT_OUT),
    "a tree": [
        {"paper.provisions": [*TREE["provisions"], {"labels": ["SUD"]}]},
        {"paper.provisions": [{"labels": ["SUD"], "provisions": [{"class": ["Claim"]}]}, {"labels": ["HIV"]}]},
        {"paper.provisions": [{"labels": ["SUD"]}, {"labels": ["SUD"], "provisions": [{"class": ["Claim"]}]}]},
        {
            "paper.provisions": [
                {"type": "deny", "labels": ["SUD"], "provisions": [{"type": "permit"}, {"type": "deny", "class": ["Claim"]}]}
            ]
        },
        {"paper.root.expression": "x"},
        {"request.purposes": ["payment"]},
        {"request.purposes": ["payment"], "record.class": "Note"},
        {"paper.root.actor": ["team"], "facts.groups": {"team": ["per:lee"]}},
    ],
    "a tree as a form": [{"paper.written": LEFT_OUT}, {"paper.signed_by": LEFT_OUT}, {"paper.expires": LEFT_OUT}],
    "hipaa treatment": [*TREATS, *_switched("hipaa_nonrevealing", NO, {"request.purposes": ["research"]}), {"record.labels": ["PSYTHPN"]}],
    "hipaa consent": [ENDLESS, {**ENDLESS, "paper.form": "research"}, {"paper.form": "notes"}, *SPOKEN_EDGES],
    "psychotherapy notes": [
        {"record.separated": False},
        {"paper.boxes.0.labels": ["MH"]},
        {"record.labels": ["PSY"], "record.category": "diagnosis"},
    ],
    "shelter": [ENDLESS, *LONG, {"paper.abuser_signed": True}, {"paper.conditioned_on_service": True}, *MISSING, *SPOKEN_EDGES],
    "shelter's numbers": [{"record.category": "hashed_identifier"}, {"record.deidentified": False}],
    "circle of care": TREATS,
}
