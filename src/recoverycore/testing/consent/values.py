"""The values that a move chooses among: each one step away from what fits, or on an edge of it."""

from __future__ import annotations

from typing import Any

from recoverycore.testing.consent.stories import AT

Json = dict[str, Any]
LEFT_OUT = "(left out)"

# The instant of the question, a second on either side, and the midnights around it in Chicago, at UTC+14 and at UTC-12.
EDGES = [AT, "2026-06-15T09:59:59-05:00", "2026-06-15T10:00:01-05:00", "2026-06-15T15:00:00Z"]
MIDNIGHTS = [f"2026-06-{edge}:00:00Z" for edge in ("14T10", "15T05", "15T10", "15T12", "16T05", "16T10", "16T12")]
DAYS = ["2026-06-13", "2026-06-14", "2026-06-15", "2026-06-16"]
ASKED = [
    *MIDNIGHTS,
    "2026-06-15T04:59:59Z",
    "2026-06-15T23:59:59-05:00",
    "2026-06-16T11:59:59Z",
    "2026-03-01T05:59:59Z",
    "2026-12-31T12:00:00Z",
]
ENDS = [{"kind": "date", "value": day} for day in DAYS] + [{"kind": "instant", "value": edge} for edge in EDGES]
EVENTS = [{"kind": "event", "value": name} for name in ("discharge", "release ends")]
HAPPENED = [None, "unknown", *DAYS[1:], *EDGES[:3]]
LABELS = [
    ["SUD"],
    ["ETHUD"],
    ["BH"],
    ["ETH"],
    ["HIV"],
    ["HIV", "SUD"],
    ["SUD_NOTES"],
    ["MH"],
    ["PSYTHPN"],
    ["SDV"],
    ["SUD", "SDV"],
    ["R"],
    ["N"],
]
PURPOSES = [
    "treatment",
    "TREAT",
    "emergency_treatment",
    "payment",
    "billing_support",
    "operations",
    "research",
    "marketing",
    "break_glass",
    "BTG",
]
PURPOSES += [
    "proceedings",
    "civil_proceedings",
    "duty_to_warn",
    "adult_protection",
    "tpo",
    "care_coordination",
    "client_request",
    "fundraising",
]
SELECTORS: list[Any] = [
    "*",
    [{"org": "org:lakeside"}],
    [{"org": "org:westend"}],
    [{"person": "per:lee"}],
    [{"person": "per:lee", "org": "org:lakeside"}],
    [{"person": "per:lee", "org": "org:westend"}],
    [{"person": "per:kim"}, {"class": "tpo"}],
    [{"role": "care-team"}],
    [{"role": "care-team", "org": "org:lakeside"}],
    [{"role": "care-team", "org": "org:westend"}],
    [{"designation": "treating", "via": "org:hie"}],
    [{"class": "tpo"}],
    [{"class": "nobody's"}],
]
KINDS = [
    "covered_entity",
    "provider",
    "part2_program",
    "medical_personnel",
    "health_plan",
    "qso",
    "lawful_holder",
    "client",
    "auditor",
    LEFT_OUT,
]
PERIODS = [
    {"start": "2026-05-01"},
    {"start": "2026-05-02"},
    {"end": "2026-05-01"},
    {"end": "2026-04-30"},
    {"start": "2026-05-01", "end": "2026-05-01"},
]
AXES: dict[str, list[Any]] = {
    "labels": ["*", *LABELS, LEFT_OUT],
    "categories": ["*", ["diagnosis"], ["lab"], ["diagnosis", "lab"], LEFT_OUT],
    "purposes": ["*", *([each] for each in PURPOSES), ["treatment", "payment"], ["payment", "operations"], LEFT_OUT],
    "recipients": [*SELECTORS, LEFT_OUT],
    "actions": ["*", ["use"], ["access"], ["use", "disclose"], ["redisclose"], LEFT_OUT],
    "data_period": [*PERIODS, LEFT_OUT],
}
REVOCATIONS = [
    {"at": at, "written": written, **named}
    for at in [*DAYS, *EDGES[:3]]
    for written in (True, False)
    for named in ({}, {"recipients": ["org:lakeside"]}, {"recipients": ["per:lee"]}, {"recipients": ["org:westend"]})
]
PAUSES = [{"from": "2026-06-01", "to": to} for to in [None, *DAYS, *EDGES]] + [{"from": start, "to": None} for start in [*DAYS, *EDGES]]
DATED: list[tuple[str, Any]] = [
    *(("starts", day) for day in DAYS[1:]),
    *(("signed_on", day) for day in DAYS[1:]),
    *(("expires", {"kind": "date", "value": day}) for day in DAYS[1:]),
    *(("suspensions", [{"from": day, "to": to}]) for day in DAYS[:3] for to in (day, "2026-06-15", None)),
    *(("revocations", [{"at": day, "written": True, **named}]) for day in DAYS[1:] for named in ({}, {"recipients": ["org:lakeside"]})),
]
ELEMENTS = [
    "signature",
    "purpose",
    "expiration",
    "consequences_of_refusal",
    "hipaa_redisclosure_statement",
    "fundraising_opt_out",
    "unheard-of",
]
SIGNERS = [
    [],
    ["client"],
    ["parent"],
    ["client", "parent"],
    ["client", "guardian"],
    ["guardian"],
    ["program_director"],
    ["personal_representative"],
]
PAPER: dict[str, list[Any]] = {
    "polarity": ["deny", "unheard-of", LEFT_OUT],
    "status": ["draft", "rejected", "inactive", "unprocessable", "entered-in-error"],
    "form": ["specific", "tpo", "notes", "proceedings", "combined", "general_designation", "cj_referral", "research", "lockbox"],
    "discloser": ["*", "org:other", LEFT_OUT],
    "signed_on": ["2026-03-02", "2026-06-15", "2026-06-16", *EDGES],
    "starts": [*DAYS, *EDGES, *MIDNIGHTS, LEFT_OUT],
    "expires": [*ENDS, *EVENTS, {"kind": "none"}],
    "revocable_from": [*ENDS, *EVENTS, {"kind": "none"}, LEFT_OUT],
    "suspensions": [[pause] for pause in PAUSES],
    "revocations": [[]] + [[one] for one in REVOCATIONS] + [[REVOCATIONS[0], REVOCATIONS[-1]], [REVOCATIONS[5], REVOCATIONS[16]]],
    "written": [False],
    "signed_by": [*SIGNERS, ["spouse"], ["family_member"]],
    "missing_elements": [[each] for each in ELEMENTS],
    "conditioned_on_service": [True],
    "abuser_signed": [True],
    "supersedes": [["g1"], ["g2"], ["d1"], ["t1"]],
    "except": [[{axis: value}] for axis, values in AXES.items() for value in values if value not in ("*", LEFT_OUT)],
}
RECORD: dict[str, list[Any]] = {
    "labels": [*LABELS, [], LEFT_OUT],
    "category": [
        "lab",
        "diagnosis",
        "counselling_note",
        "counselling_note",
        "psychotherapy_note",
        "confidential_communication",
        "hashed_identifier",
        LEFT_OUT,
    ],
    "source": ["org:other", "org:clinic", "org:shelter", LEFT_OUT],
    "date": ["2026-04-30", "2026-05-02", LEFT_OUT],
    "separated": [True, False, LEFT_OUT],
    "originator": ["per:ava", "per:x", "per:lee", LEFT_OUT],
    "deidentified": [True, False, LEFT_OUT],
    "class": ["Claim", "Note", LEFT_OUT],
}
REQUEST: dict[tuple[str, ...], list[Any]] = {
    ("at",): ASKED,
    ("action",): ["use", "disclose", "access", "redisclose", "list_disclosures", "accounting", "export"],
    ("purposes",): [[each] for each in PURPOSES] + [[], ["treatment", "marketing"], ["treatment", "break_glass"]],
    ("records",): [[]],
    ("discloser", "id"): ["org:other", "org:lakeside", "prog:harbor", "org:clinic"],
    ("discloser", "kind"): ["covered_entity", "part2_program", "victim_service_provider", "qso", "auditor", "intermediary", LEFT_OUT],
    ("discloser", "covered_entity"): [True, False, LEFT_OUT],
    ("recipient", "id"): ["per:kim", "per:lee", "org:lakeside"],
    ("recipient", "org"): ["org:westend", "org:lakeside", "prog:harbor", LEFT_OUT],
    ("recipient", "kind"): KINDS,
    ("recipient", "treating_relationship"): [True, False, LEFT_OUT],
    ("recipient", "via"): ["org:hie", "org:other", None],
    ("recipient", "relationship"): ["parent", "guardian", "friend"],
    ("recipient", "admin_control_of"): [["prog:harbor"], ["org:other"]],
    ("recipient", "roles"): [[], LEFT_OUT]
    + [[{"role": "care-team", "until": until}] for until in [*DAYS, *EDGES]]
    + [[{"role": role, "org": "prog:harbor"}] for role in ("care-team", "supervised-trainee")],
}
CLIENT: dict[str, list[Any]] = {
    "zone": [LEFT_OUT, LEFT_OUT, "Pacific/Kiritimati", "UTC"],
    "minor": [True, False],
    "capacity": [False, True],
    "adjudicated": [True, False, LEFT_OUT],
    "deceased": [True],
}
FACTS: dict[tuple[str, ...], list[Any]] = {
    ("events", "discharge"): [*HAPPENED, LEFT_OUT],
    ("events", "release ends"): [*HAPPENED, LEFT_OUT],
    ("sources", "prog:harbor"): [["SUD", "HIV"], ["SDV"], LEFT_OUT],
    ("sources", "org:other"): [["SUD"], ["HIV"]],
    ("flags", "g1"): ["materially_false", "other"],
    ("acted_in_reliance", "g1"): [["r1"], ["r2"]],
    ("state_rule",): ["minor_may_consent_alone", "parental_consent_required", "other", LEFT_OUT],
    ("representative",): [None, "per:x", LEFT_OUT],
    ("spouse",): [None, LEFT_OUT],
    ("necessary",): [["r1"], ["r2"], [], LEFT_OUT],
    ("emergency", "ended_at"): [None, "unknown", *DAYS[1:], *EDGES],
    ("emergency", "patient_refused"): [True, False],
    ("emergency", "consent_obtainable"): [True, False, LEFT_OUT],
    ("legal", "subpoena"): [True, False, LEFT_OUT],
    ("legal", "part2_order"): [None, LEFT_OUT],
    ("legal", "part2_order", "records"): [["r2"], ["r1", "r2"], LEFT_OUT],
    ("legal", "part2_order", "section"): ["2.66", "2.61", LEFT_OUT],
    ("legal", "part2_order", "confidential_communications_finding"): [None, "threat_to_life"],
    ("report_already_made",): [True, False],
    ("open_run_level",): [2, 4, LEFT_OUT],
    ("lawful_basis",): ["9(2)(h)", "consent"],
    ("held_copy", "holder"): ["org:other"],
    ("held_copy", "received_under"): ["g2", "rule:medical-emergency"],
    ("held_copy", "received_at"): ["2026-06-14T00:00:00Z", LEFT_OUT],
    ("groups",): [{"org:lakeside": ["per:kim"]}],
    ("contracts",): [[], [{"between": ["org:tpa", "org:mail"], "part2_clause": False}], LEFT_OUT],
    ("agreements",): [
        [],
        [{"kind": "QSOA", "with": "org:asks", "signed": False}],
        [{"kind": "BAA", "with": "org:asks", "signed": True}],
        LEFT_OUT,
    ],
}
TRUTHS = [False, None, "unknown", LEFT_OUT]
SWITCHES: dict[str, Any] = {
    "label_order": "clearance",
    "combined_severable": False,
    "minor_rule_default": "parent",
    "post_revocation_redisclosure": "permit",
    "unwritten_revocation_stops_permit": False,
    "dv_max_days": 30,
    "event_day": "end_of_day",
    "tpo_accounting_tolled": True,
    "hipaa_nonrevealing": False,
    "emergency_by_disaster": False,
    "break_glass_subsumed": True,
    "own_defence_scope": "all",
}
PROFILES = ["us.42cfr2", "us.hipaa", "us.dv", "ca.on.phipa", "eu.gdpr"]
RESTRICTORS: list[Json] = [{"name": "state", "answer": answer} for answer in ("none", "deny", "permit", "error", "rubbish")]
RESTRICTORS += [{"name": "state", "answer": answer, "records": [name]} for answer in ("deny", "permit", "error") for name in ("r1", "r2")]
