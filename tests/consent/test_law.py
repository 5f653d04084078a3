"""How a law meets the papers: the order of a decision, profiles that meet, one that breaks, switches, and what is not there.

Longer than 300 lines, since the order of a decision is one rule, told step by step.
"""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from recoverycore.consent import (
    ClassRow,
    ClientFacts,
    ConsentBook,
    Directive,
    Duty,
    Facts,
    Profile,
    RecipientClass,
    Request,
    Restriction,
    Rule,
    decide,
    read_directive,
)
from recoverycore.errors import DocumentError
from recoverycore.ground.instants import parse_instant
from tests.consent.law_papers import LAW, SOURCE, boom, broken
from tests.consent.papers import asking, box, later, paper

GOOD: dict[str, Any] = {"signed_by": ["client", "witness"], "expires": {"kind": "date", "value": "2026-12-31"}}


def under(
    *papers: dict[str, Any], profiles: Any = (LAW,), policy: Any = None, facts: Any = None, restrictions: Any = (), **fields: Any
) -> Any:
    return decide(
        Request.model_validate(asking(**fields)),
        [read_directive(each) for each in papers],
        client=ClientFacts(zone="UTC"),
        facts=Facts.model_validate(facts or {}),
        profiles=profiles,
        policy=policy,
        restrictions=restrictions,
    )


DENY = {"id": "d1", "polarity": "deny"} | {"boxes": [dict.fromkeys(("labels", "categories", "purposes", "recipients"), "*")]}
SEALED = [{"id": "r1", "category": "sealed"}]


def test_a_sound_permit_owes_what_the_law_says_of_consent() -> None:
    assert under(paper(**GOOD)).codes == {"receipt", "log_disclosure"}


def test_a_defective_permit_is_void_and_tells_its_defects() -> None:
    decision = under(paper(missing_elements=["date"], signed_by=["client"]))
    assert decision.codes == {"say_nothing"}
    assert decision.failed["r1"]["g1"] == ("form",)
    assert decision.defects["r1"]["g1"] == ("element:date", "no_expiration", "signer")


def test_a_form_that_is_sound_for_one_record_may_be_void_for_another_in_the_same_request() -> None:
    law = broken(defects=lambda _, matter: ("no_word_of_hiv",) if matter.labelled("HIV") else ())
    records = [{"id": name, "category": "plan", "labels": labels} for name, labels in (("r1", []), ("r2", ["HIV"]), ("r3", []))]
    for asked in (records, list(reversed(records)), records[1:]):
        decision = under(paper(), profiles=[law], records=asked)
        assert {name: each == "permit" for name, each in decision.records.items()} == {each["id"]: not each["labels"] for each in asked}
    refused = paper("d1", polarity="deny", boxes=[box(labels=["HIV", "SUD"])])
    replacing = [refused, paper("g2", supersedes=["d1"])]
    assert under(*replacing, profiles=[law], records=[{**records[0], "labels": ["SUD"]}, records[1]]).withheld == ("r2",)


def test_what_overrides_beats_a_deny_which_beats_a_permit_which_beats_what_is_implied() -> None:
    wide = paper(**GOOD, boxes=[box(purposes=["care", "rescue"])])
    assert under(DENY, wide, purposes=["rescue"]).basis == "rule:fire"
    assert under(DENY, wide, purposes=["care"]).basis == "d1"
    assert under(wide, purposes=["care"]).basis == "g1"
    assert under(purposes=["care"]).basis == "rule:care"
    assert under(purposes=["care"]).also == ("rule:late-care",)
    assert under(purposes=["other"]).basis is None


def test_an_override_names_each_deny_and_its_duty_has_a_deadline_in_the_clients_calendar() -> None:
    decision = under(DENY, {**DENY, "id": "d2"}, purposes=["rescue"])
    assert decision.codes == {"override_of:d1", "override_of:d2", "call_back"}
    [duty] = [each.to_data() for each in decision.obligations if each.code == "call_back"]
    assert duty == {"code": "call_back", "timing": "after", "deadline": "2026-06-17T12:00:00Z"}


def test_a_bar_lets_only_the_forms_and_rules_it_names_through() -> None:
    wide = paper(**GOOD, boxes=[box(categories="*", purposes="*")])
    assert under(wide, records=SEALED).failed["r1"]["g1"] == ("bar",)
    assert under(wide, records=SEALED).rules["r1"] == ("bar:sealed",)
    assert under({**wide, "form": "unsealing"}, records=SEALED).basis == "g1"
    assert under(records=SEALED, purposes=["rescue"]).basis == "rule:fire"
    assert under(records=SEALED, purposes=["care"]).verdict == "deny"


def test_profiles_meet_and_one_that_does_not_apply_abstains() -> None:
    strict = Profile(id="strict", version="1")
    elsewhere = evolve(strict, id="elsewhere", applies=lambda _: False)
    assert under(purposes=["care"], profiles=(LAW, strict)).verdict == "deny"
    assert under(purposes=["care"], profiles=(LAW, elsewhere)).profiles == ("law",)
    assert under(paper(), profiles=(elsewhere,)).basis == "g1"


@pytest.mark.parametrize(
    "law",
    [
        broken(applies=boom),
        broken(defects=boom),
        broken(bars=(evolve(LAW.bars[0], holds=boom),)),
        broken(rules=(evolve(LAW.rules[1], purposes=None, holds=boom),)),
        broken(consent_duties=(Duty("receipt", when=boom),)),
        broken(reaches=boom),
    ],
)
def test_a_law_that_raises_denies_and_is_reported_and_its_words_go_nowhere(law: Profile) -> None:
    decision = under(paper(**GOOD), profiles=(law,))
    assert (decision.verdict, decision.basis) == ("deny", None)
    assert "report_plugin_error" in decision.codes
    assert "name" not in str(dict(decision.staff_view))
    assert decision.explanation.needed == ()


def test_a_law_that_cannot_say_what_a_refusal_owes_still_refuses() -> None:
    assert under(profiles=(broken(refusal_duties=(Duty("x", when=boom),)),)).codes == {"report_plugin_error"}


def test_where_a_law_cannot_say_whether_it_applies_the_default_decides() -> None:
    decision = under(paper(), profiles=[broken(applies=boom)])
    assert (decision.verdict, decision.basis, decision.rules["r1"]) == ("deny", None, ("default",))


def test_a_law_that_raises_keeps_no_other_law_from_denying() -> None:
    assert under(DENY, profiles=(broken(defects=boom), evolve(LAW, id="other"))).basis == "d1"


def test_a_profile_that_is_not_there_denies_everything_by_its_name() -> None:
    decision = under(paper(**GOOD), profiles=(LAW, "gone"))
    assert (decision.verdict, decision.basis, decision.refused) == ("deny", None, "profile_unavailable")
    assert decision.explanation.needed == (("profile:gone",),)
    assert decision.codes == {"say_nothing"}


def test_a_class_is_what_the_law_says_and_unknown_where_two_laws_differ() -> None:
    helpers = paper(**GOOD, boxes=[box(recipients=[{"class": "helpers"}])])
    helper = {"id": "dana", "kind": "helper"}
    assert under(helpers, recipient=helper).permitted
    assert not under(helpers, recipient={"id": "dana", "kind": "other"}).permitted
    narrow = Profile(
        id="narrow",
        version="1",
        classes=(RecipientClass("helpers", (ClassRow(("treatment",), frozenset({"x"})),)),),
        applies=lambda _: False,
    )
    assert not under(helpers, recipient=helper, profiles=(LAW, narrow)).permitted
    assert (
        under(paper(**GOOD), {**DENY, "boxes": [box(recipients=[{"class": "helpers"}])]}, recipient=helper, profiles=(LAW, narrow)).basis
        == "d1"
    )


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"most_dayz": 3}, "unknown_switch"),
        ({"most_days": "3"}, "bad_switch"),
        ({"most_days": 0}, "bad_switch"),
        ({"label_order": "x"}, "bad_switch"),
    ],
)
def test_a_switch_that_nobody_knows_or_a_value_it_does_not_take_is_an_error(policy: Any, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        under(policy=policy)
    assert caught.value.name == code


def test_a_switch_is_known_only_with_its_profile() -> None:
    assert under(policy={"most_days": 3}).verdict == "deny"
    with pytest.raises(DocumentError):
        under(policy={"most_days": 3}, profiles=())


def test_two_profiles_of_one_id_are_an_error() -> None:
    with pytest.raises(DocumentError) as caught:
        ConsentBook(profiles=(LAW, LAW))
    assert caught.value.name == "duplicate_profile"


def test_labels_may_be_read_as_clearances() -> None:
    restricted = paper(boxes=[box(labels=["R"])])
    record = [{"id": "r1", "category": "plan", "labels": ["N"]}]
    assert not under(restricted, records=record, profiles=()).permitted
    assert under(restricted, records=record, profiles=(), policy={"label_order": "clearance"}).permitted


def test_treatment_may_cover_a_break_glass_claim_and_then_it_is_reviewed() -> None:
    assert not under(paper(), purposes=["BTG"], profiles=()).permitted
    assert "post_review" in under(paper(), purposes=["BTG"], profiles=(), policy={"break_glass_subsumed": True}).codes


def test_an_event_may_end_a_permit_with_its_day() -> None:
    ends = paper(expires={"kind": "event", "value": "e"})
    facts = {"events": {"e": "2026-06-15"}}
    assert not under(ends, facts=facts, profiles=()).permitted
    assert under(ends, facts=facts, profiles=(), policy={"event_day": "end_of_day"}).permitted


def test_a_restriction_denies_without_a_basis_and_a_permit_of_it_changes_nothing() -> None:
    good = paper(**GOOD)
    denied = under(good, restrictions=(Restriction("state"),))
    assert (denied.basis, denied.rules["r1"], denied.codes) == (None, ("restrictor:state",), {"say_nothing"})
    assert denied.explanation.needed == ()
    assert under(good, restrictions=(Restriction("state", "permit"),)).codes == under(good).codes
    assert "report_plugin_conflict" in under(restrictions=(Restriction("state", "permit"),)).codes
    assert under(good, restrictions=(Restriction("state", "error"),)).codes == {"say_nothing", "report_plugin_error"}


def test_a_list_without_records_that_another_plugin_denied_is_no_conflict_with_one_that_permits() -> None:
    may = paper(boxes=[box(categories="*", actions=["accounting"])])
    both = (Restriction("state", "permit"), Restriction("other", "deny"))
    asked: dict[str, Any] = {"action": "accounting", "records": [], "profiles": ()}
    assert under(may, **asked).permitted
    assert under(may, **asked, restrictions=both).codes == set()
    assert under(**asked, restrictions=both).codes == {"report_plugin_conflict"}


def test_another_permit_that_would_cover_but_is_revoked_is_told_of() -> None:
    taken = {**paper(**GOOD), "id": "g2", "revocations": [{"at": later(hours=-1), "written": True}]}
    assert "warn_overlapping_grant" in under(paper(**GOOD), taken).codes
    assert "warn_overlapping_grant" not in under(taken).codes


def test_a_law_shows_each_rule_with_its_source() -> None:
    assert LAW.to_rows()[0] == {"kind": "bar", "name": "sealed", "citation": SOURCE.citation, "mark": "read", "reviewed": "2026-01-01"}
    assert [row["name"] for row in LAW.to_rows()] == ["sealed", "fire", "care", "late-care"]


def test_ten_thousand_papers_are_decided_on() -> None:
    many = [Directive.model_validate(paper(f"p{number}", boxes=[box(categories=["other"])])) for number in range(10_000)]
    book = ConsentBook(many, client=ClientFacts(zone="UTC"))
    assert book.decide(Request.model_validate(asking())).verdict == "deny"


@pytest.mark.parametrize("profiles", [(), (LAW,)], ids=["no law", "a law"])
def test_what_an_abuser_signed_releases_nothing_and_lifts_no_refusal(profiles: Any) -> None:
    signed = paper(**GOOD)
    assert under(signed, profiles=profiles).permitted
    void = under({**signed, "abuser_signed": True}, profiles=profiles)
    assert (void.verdict, void.defects["r1"]["g1"]) == ("deny", ("abuser_signed",))
    over_a_refusal = {**signed, "id": "g2", "supersedes": ["d1"]}
    assert under(signed, DENY, over_a_refusal, profiles=profiles).permitted
    assert under(signed, DENY, {**over_a_refusal, "abuser_signed": True}, profiles=profiles).basis == "d1"


@pytest.mark.parametrize(
    ("zone", "due"), [("America/Chicago", "2026-03-11T17:00:00Z"), ("UTC", "2026-03-11T18:00:00Z"), (None, "2026-03-11T18:00:00Z")]
)
def test_a_deadline_of_days_keeps_the_hour_where_the_client_lives(zone: str | None, due: str) -> None:
    law = evolve(LAW, id="slow", refusal_duties=(Duty("answer_within", days=10),))
    asked = Request.model_validate(asking(at="2026-03-01T18:00:00Z"))
    [owed] = decide(asked, [], client=ClientFacts(zone=zone), profiles=[law]).obligations
    assert (owed.code, owed.deadline) == ("answer_within", parse_instant(due))


@pytest.mark.parametrize(
    ("kind", "others", "axes"),
    [
        ("helper", [], ("purpose",)),
        ("stranger", [], ("recipient", "purpose")),
        ("helper", [{"person": "kim"}], ("purpose",)),
        ("stranger", [{"person": "kim"}], ("recipient", "purpose")),
    ],
)
def test_somebody_of_a_class_for_another_purpose_fails_on_the_purpose_alone(kind: str, others: list[Any], axes: tuple[str, ...]) -> None:
    helpers = paper(**GOOD, boxes=[box(recipients=[*others, {"class": "helpers"}])])
    assert under(helpers, recipient={"id": "dana", "kind": kind}, purposes=["payment"]).failed["r1"]["g1"] == axes


def test_who_is_no_member_for_the_right_purpose_fails_as_recipient() -> None:
    helpers = paper(**GOOD, boxes=[box(recipients=[{"class": "helpers"}])])
    assert under(helpers, recipient={"id": "dana", "kind": "stranger"}).failed["r1"]["g1"] == ("recipient",)


def test_where_nothing_is_asked_for_no_law_is_told_to_have_spoken() -> None:
    assert under(paper(), records=[]).profiles == ()
    assert under(paper(), records=[], action="accounting").profiles == ("law",)
    assert under(paper(), records=[], action="accounting", profiles=(LAW, "us.nowhere")).profiles == ("law",)


def test_what_is_refused_without_a_purpose_owes_what_a_refusal_owes() -> None:
    assert under(paper(), purposes=[]).codes == {"say_nothing"}
    assert under(paper(), purposes=[], records=[]).codes == {"say_nothing"}


def test_a_refusal_owes_what_its_purpose_asks_for_also_before_any_record() -> None:
    law = evolve(LAW, refusal_duties=(Duty("say_why", when=lambda matter: matter.purpose == "payment"),))
    assert under(paper(), records=[], purposes=["payment"], profiles=[law]).codes == {"say_why"}
    assert under(paper(), purposes=["payment"], profiles=[law]).codes == {"say_why"}


def listing(*entries: tuple[str, tuple[str, ...]]) -> Profile:
    """The law with rules that list entries, each for one purpose."""
    rules = [Rule(name=f"list-{each}", source=SOURCE, purposes=(each,), entries=lambda _, found=found: found) for each, found in entries]
    return evolve(LAW, rules=tuple(rules))


def test_entries_are_listed_only_to_whom_all_of_it_is_permitted() -> None:
    law = listing(("care", ("2026-01-01",)))
    assert under(profiles=[law], purposes=["care"]).entries == ("2026-01-01",)
    assert under(profiles=[law], purposes=["care", "payment"]).entries == ()


def test_entries_are_those_of_the_first_rule_that_lists_any() -> None:
    assert under(profiles=[listing(("care", ()), ("research", ("2026-01-01",)))], purposes=["care", "research"]).entries == ("2026-01-01",)


def test_where_no_record_is_asked_for_the_laws_that_answer_such_requests_speak() -> None:
    answers = evolve(LAW, id="answers", rules=(Rule(name="list", source=SOURCE, actions=frozenset({"accounting"}), with_records=False),))
    other = evolve(LAW, id="other", rules=())
    assert under(records=[], action="accounting", profiles=[answers, other]).profiles == ("answers",)
    assert under(records=[], action="accounting", profiles=[other]).profiles == ("other",)
