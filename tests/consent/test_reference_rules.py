"""The reference decider on the rules of law: to whom, for what and on which facts each of them opens."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.testing.consent.stories import CLIENT, CRISIS, NOTE, TPO, box, permit, permitted
from tests.consent.test_reference_profiles import failed, told, verdict

Json = dict[str, Any]
KINDS: tuple[Any, ...] = (
    "covered_entity",
    "provider",
    "part2_program",
    "medical_personnel",
    "health_plan",
    "third_party_payer",
    "business_associate",
)
KINDS += ("qso", "contractor", "lawful_holder", "law_enforcement", None)
CARERS = {"covered_entity", "provider", "part2_program", "medical_personnel"}
PAYERS = {"covered_entity", "health_plan", "third_party_payer", "business_associate"}
NOBODY: set[str] = set()


def those(story: str, path: str, values: Any, **changes: Any) -> set[Any]:
    """The values at `path` with which the story is permitted."""
    return {each for each in values if verdict(story, **{**changes, path: each}) == "permit"}


@pytest.mark.parametrize(
    ("purpose", "kinds"),
    [
        ("treatment", CARERS),
        ("emergency_treatment", CARERS),
        ("payment", PAYERS),
        ("operations", PAYERS - {"third_party_payer"}),
        ("research", NOBODY),
    ],
)
def test_hipaa_lets_go_what_is_asked_by_those_who_do_it(purpose: str, kinds: set[str]) -> None:
    assert those("hipaa treatment", "request__recipient__kind", KINDS, request__purposes=[purpose]) == kinds


@pytest.mark.parametrize("purpose", TPO)
def test_only_in_treatment_hipaa_asks_who_treats(purpose: str) -> None:
    untreated = verdict("hipaa treatment", request__purposes=[purpose], request__recipient__treating_relationship=False)
    assert untreated == ("deny" if purpose == "treatment" else "permit")


EVERYTHING = {"id": "d1", "polarity": "deny", "status": "active", "boxes": [{}], "signed_on": "2026-03-01", "written": True}
HELD = ("medical emergency", "disaster", "court order", "court order for notes")
OVERRIDING = ("recall", "crime", "child abuse", "minor in danger", "cause of death", "audit", "own record")
LISTS = ("list of an intermediary", "accounting")
OF_OTHER_LAWS = ("serious threat", "shelter under mandate", "danger in Ontario")
YIELDING = ("own defence", "service organisation", "research", "public health")
OF_THE_HOUSE = ("own notes", "trainee's notes", "within the program")
IMPLIED = ("hipaa treatment", "shelter's numbers", "circle of care", "treatment in Europe")


@pytest.mark.parametrize("stories", [HELD, OVERRIDING, LISTS, OF_OTHER_LAWS])
def test_an_overriding_rule_stands_against_a_refusal_of_everything(stories: tuple[str, ...]) -> None:
    assert [story for story in stories if verdict(story, given__directives=[EVERYTHING]) != "permit"] == []


@pytest.mark.parametrize("story", [*YIELDING, *OF_THE_HOUSE, *IMPLIED])
def test_every_other_rule_yields_to_a_refusal(story: str) -> None:
    assert (verdict(story), told(story, given__directives=[EVERYTHING])["basis"]) == ("permit", "d1")


@pytest.mark.parametrize("story", ["hipaa treatment", "shelter"])
def test_what_is_ones_own_is_seen_under_every_law_whatever_was_refused(story: str) -> None:
    own = {"request__recipient": CLIENT, "request__purposes": ["client_request"]}
    assert told(story, **own, given__directives=[EVERYTHING])["basis"] == "rule:client-access"


@pytest.mark.parametrize("story", [*HELD, *OF_OTHER_LAWS, *IMPLIED])
def test_a_rule_that_is_held_also_for_copies_opens_them(story: str) -> None:
    assert verdict(story, request__action="redisclose") == "permit"


@pytest.mark.parametrize("story", [*OVERRIDING, *YIELDING, *OF_THE_HOUSE])
def test_no_other_rule_of_part_2_opens_a_copy(story: str) -> None:
    assert verdict(story, request__action="redisclose") == "deny"


ORDER = "facts__legal__part2_order__"
FINDINGS = ("threat_to_life", "serious_crime", "client_opened", "other", None)
GRAVE = {"threat_to_life", "serious_crime", "client_opened"}
SAID_IN_CONFIDENCE = {"record__category": "confidential_communication"}


@pytest.mark.parametrize(
    ("story", "path", "values", "open_for", "changes"),
    [
        ("court order", f"{ORDER}section", ("2.64", "2.65", "2.66", "2.61", None), {"2.64", "2.65", "2.66"}, {}),
        ("court order", "request__discloser__kind", ("part2_program", "auditor", "researcher", None), {"part2_program"}, {}),
        ("court order", f"{ORDER}confidential_communications_finding", FINDINGS, set(FINDINGS), {}),
        ("court order", f"{ORDER}confidential_communications_finding", FINDINGS, GRAVE, SAID_IN_CONFIDENCE),
        ("court order for notes", f"{ORDER}confidential_communications_finding", FINDINGS, GRAVE, {}),
        ("minor in danger", "request__recipient__relationship", ("parent", "guardian", "friend", None), {"parent", "guardian"}, {}),
        ("minor in danger", "client__minor", (True, False, None), {True}, {}),
        ("minor in danger", "record__category", ("threat_facts", "diagnosis", None), {"threat_facts"}, {}),
        ("own notes", "record__originator", ("per:ava", "per:x", None), {"per:ava"}, {}),
        ("own notes", "record__category", ("counselling_note", "diagnosis"), {"counselling_note"}, {"record__labels": ["SUD"]}),
        ("trainee's notes", "record__category", ("counselling_note", "diagnosis"), {"counselling_note"}, {"record__labels": ["SUD"]}),
        ("own defence", "record__category", ("counselling_note", "diagnosis"), {"counselling_note"}, {"record__labels": ["SUD"]}),
        ("shelter's numbers", "record__category", ("location", "hashed_identifier", None), {"location"}, {}),
        ("treatment in Europe", "facts__lawful_basis", ("9(2)(h)", "consent", None), {"9(2)(h)"}, {}),
        ("circle of care", "request__recipient__treating_relationship", (True, False, None), {True}, {}),
    ],
)
def test_a_rule_opens_for_these_and_for_no_others(story: str, path: str, values: Any, open_for: set[Any], changes: Json) -> None:
    assert those(story, path, values, **changes) == open_for


@pytest.mark.parametrize(
    "story", ["medical emergency", "recall", "audit", "own record", "within the program", "service organisation", "research"]
)
def test_no_exception_but_an_order_and_those_made_for_notes_opens_a_note(story: str) -> None:
    note = {f"record__{name}": value for name, value in {**NOTE, "originator": "per:somebody"}.items()}
    assert (verdict(story), verdict(story, **note)) == ("permit", "deny")


@pytest.mark.parametrize("purpose", ["treatment", "client_request"])
def test_no_rule_of_hipaa_opens_a_psychotherapy_note(purpose: str) -> None:
    asked = {"request__purposes": [purpose], "request__recipient__kind": "client" if purpose == "client_request" else "provider"}
    assert (verdict("hipaa treatment", **asked), verdict("hipaa treatment", **asked, record__labels=["PSYTHPN"])) == ("permit", "deny")


@pytest.mark.parametrize(("records", "expected"), [(["r1"], "permit"), (["r2"], "deny"), ([], "deny"), (None, "deny")])
def test_an_order_reaches_the_records_that_it_names(records: Any, expected: str) -> None:
    assert verdict("court order", facts__legal__part2_order__records=records) == expected


@pytest.mark.parametrize(("subpoena", "compelled"), [(True, True), (False, False), (None, False)])
def test_an_order_without_a_subpoena_says_that_nobody_is_compelled(subpoena: object, compelled: object) -> None:
    answer = told("court order", facts__legal__subpoena=subpoena)
    assert (answer["decision"], "not_compelled" not in answer["obligations"]) == ("permit", compelled)


@pytest.mark.parametrize("deceased", [True, False, None])
def test_the_cause_of_death_is_told_of_the_dead(deceased: object) -> None:
    assert verdict("cause of death", client__deceased=deceased) == ("permit" if deceased else "deny")


@pytest.mark.parametrize("roles", [[], None, [{"role": "supervised-trainee", "org": "org:x"}], [{"role": "supervised-trainee"}]])
def test_a_trainee_is_one_at_the_place_that_discloses(roles: Any) -> None:
    assert (verdict("trainee's notes"), verdict("trainee's notes", request__recipient__roles=roles)) == ("permit", "deny")
    assert verdict("trainee's notes", request__discloser={"kind": "part2_program"}) == "deny"


@pytest.mark.parametrize(("scope", "expected"), [("notes", "deny"), ("all", "permit")])
def test_own_defence_reaches_more_than_notes_where_the_host_says_so(scope: str, expected: str) -> None:
    charts = {"record__labels": ["SUD"], "record__category": "diagnosis"}
    assert verdict("own defence", **charts, given__switches={"own_defence_scope": scope}) == expected


def test_what_the_house_uses_and_the_client_reads_is_logged_as_access() -> None:
    used: Json = {"request__action": "use", "paper__boxes__0__actions": ["use"]}
    changes: list[Json] = [{}, used, {"request__recipient__kind": "client"}]
    assert [told("core alone", **each)["obligations"] for each in changes] == [["log_disclosure"], ["log_access"], ["log_access"]]


@pytest.mark.parametrize(
    ("labels", "category", "separated", "expected"),
    [
        (["PSYTHPN"], "diagnosis", True, "deny"),
        (["MH"], "psychotherapy_note", True, "deny"),
        (["MH"], "psychotherapy_note", None, "deny"),
        (["MH"], "psychotherapy_note", False, "permit"),
        (["MH"], "diagnosis", True, "permit"),
    ],
)
def test_a_psychotherapy_note_is_one_by_label_or_category_unless_it_stands_in_the_chart(
    labels: list[str], category: str, separated: object, expected: str
) -> None:
    record = {"record__labels": labels, "record__category": category, "record__separated": separated}
    assert verdict("hipaa treatment", **record) == expected


@pytest.mark.parametrize(("refused", "expected"), [(False, "permit"), (True, "deny"), ("unknown", "deny"), (None, "deny")])
def test_an_emergency_opens_nothing_against_somebody_who_is_not_known_to_have_let_it(refused: object, expected: str) -> None:
    assert verdict("medical emergency", facts__emergency__patient_refused=refused) == expected


@pytest.mark.parametrize(
    ("story", "fact"),
    [
        *[("crime", "crime"), ("research", "research"), ("shelter under mandate", "legal"), ("recall", "fda_assertion")],
        *[
            ("audit", "audit"),
            ("service organisation", "agreements"),
            ("serious threat", "threat"),
            ("danger in Ontario", "significant_risk_of_serious_bodily_harm"),
        ],
    ],
)
def test_a_rule_of_whose_fact_nobody_tells_stays_closed(story: str, fact: str) -> None:
    assert verdict(story, **{f"facts__{fact}": None}) == "deny"


def test_who_wrote_a_note_is_not_somebody_without_a_name() -> None:
    unnamed = {"request__recipient": {"kind": "part2_program", "org": "prog:harbor"}}
    assert verdict("own notes", record__originator=None, **unnamed) == "deny"


@pytest.mark.parametrize(("programs", "expected"), [(["prog:harbor"], "permit"), (["prog:other"], "deny"), (None, "deny")])
def test_who_directs_the_program_is_of_its_own_people(programs: list[str] | None, expected: str) -> None:
    from_outside = {"request__recipient__org": "org:board", "request__recipient__admin_control_of": programs}
    assert verdict("within the program", **from_outside) == expected


def test_a_refusal_is_not_told_openly_to_somebody_whose_place_nobody_knows() -> None:
    answer = told("specific consent", request__discloser={"kind": "part2_program"}, request__recipient__org=None)
    assert (answer["decision"], answer["obligations"]) == ("deny", ["non_revealing_refusal"])


# A release, and what the place asks of its length.

DAY, EVENT = "date", {"kind": "event", "value": "discharge"}


def too_long(start: str | None, expires: Any, **changes: Any) -> list[str]:
    """Where a shelter's release fails if the host allows thirty days."""
    axes: Json = told("shelter", given__switches={"dv_max_days": 30}, paper__starts=start, paper__expires=expires, **changes)["failed"]
    return list(axes.get("g1", {}).get("r1", []))


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        ({"kind": "instant", "value": "2026-07-01T00:00:00-05:00"}, []),
        ({"kind": "instant", "value": "2026-07-01T00:00:01-05:00"}, ["form"]),
        ({"kind": "date", "value": "2026-06-30"}, []),
        ({"kind": "date", "value": "2026-07-01"}, ["form"]),
    ],
)
def test_a_release_may_last_thirty_days_to_the_second(expires: Json, expected: list[str]) -> None:
    assert too_long("2026-06-01", expires) == expected


@pytest.mark.parametrize("expires", [None, {"kind": "none"}, EVENT])
def test_a_release_of_which_nobody_can_say_how_long_it_lasts_is_too_long(expires: Any) -> None:
    assert too_long("2026-06-01", expires, facts__events={"discharge": "2026-06-20"}) == ["form"]


def test_a_release_that_began_nobody_knows_when_is_too_long() -> None:
    assert too_long(None, {"kind": "date", "value": "2026-06-30"}, paper__signed_on=None) == ["form"]


@pytest.mark.parametrize(("day", "expected"), [("2026-06-28", []), ("2026-06-29", ["form"])])
def test_without_a_zone_a_release_is_as_long_as_it_may_be_anywhere(day: str, expected: list[str]) -> None:
    assert too_long("2026-06-01", {"kind": "date", "value": day}, client__zone=None) == expected


def test_the_days_of_a_release_are_the_clients_also_where_the_clocks_change() -> None:
    autumn = {"request__at": "2026-10-20T10:00:00Z"}
    assert too_long("2026-10-15", {"kind": "date", "value": "2026-11-13"}, **autumn) == []
    assert too_long("2026-10-15", {"kind": "date", "value": "2026-11-14"}, **autumn) == ["form"]


# An emergency in data.


def small(**rule: Any) -> Json:
    """A profile of one emergency, changed by `rule`."""
    return {"given__profiles": [{"id": "small", "version": 1, "emergencies": [{**CRISIS, **rule}]}]}


def test_an_emergency_in_data_owes_what_it_says() -> None:
    assert told("an emergency in data", **small(duties=["tell_the_client", "log_it"]))["obligations"] == ["log_it", "tell_the_client"]


def test_of_the_roles_that_an_emergency_names_one_is_enough() -> None:
    assert verdict("an emergency in data", **small(to_roles=["on-call", "care-team"])) == "permit"


def test_a_profile_in_data_without_emergencies_opens_nothing() -> None:
    assert verdict("an emergency in data", given__profiles=[{"id": "small", "version": 1}]) == "deny"


# Classes.


def test_a_class_has_nobody_in_it_for_a_purpose_that_it_does_not_list_whatever_their_kind() -> None:
    deny = permit("d1", polarity="deny", boxes=[box(purposes="*", recipients=[{"class": "tpo"}])])
    tpo = permitted()["specific consent"]["given"]["directives"][0] | {"boxes": [box(purposes="*")]}
    unknown = {"given__directives": [tpo, deny], "request__recipient__kind": None}
    assert told("specific consent", **unknown, request__purposes=["research"])["basis"] == "g1"
    assert told("specific consent", **unknown, request__purposes=["payment"])["basis"] == "d1"


def test_what_a_class_is_for_one_purpose_is_no_failure_of_the_recipient_for_another() -> None:
    asked = {"request__purposes": ["research"]}
    kinds = ("covered_entity", "provider", "lawful_holder")
    axes = [failed("consent for everything", **asked, request__recipient__kind=kind) for kind in kinds]
    assert axes == [["purpose"], ["purpose"], ["purpose", "recipient"]]
