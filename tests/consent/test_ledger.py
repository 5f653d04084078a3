"""The ledger: an entry for what was released, and lists that are read from it."""

from __future__ import annotations

from datetime import UTC, datetime

from recoverycore.consent import LedgerEntry
from recoverycore.consent.ledger import entries_since, entry_for, intermediary_list, made_with_consent
from recoverycore.consent.times import Calendar
from tests.consent.papers import paper
from tests.consent.test_law import DENY, GOOD, under

HERE = Calendar("UTC")
AT = datetime(2026, 6, 15, 12, tzinfo=UTC)


def test_an_entry_holds_what_was_released_and_what_it_rests_on() -> None:
    records = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "other"}]
    decision = under(paper(**GOOD), records=records, recipient={"id": "dana", "via": "hie"})
    entry = entry_for(decision, client="c1", ehr=True)
    assert entry is not None
    assert entry.to_data() == {
        "at": "2026-06-15T12:00:00Z",
        "client": "c1",
        "discloser": "harbor",
        "recipient": "dana",
        "via": "hie",
        "purposes": ["treatment"],
        "action": "disclose",
        "records": [{"id": "r1", "category": "plan"}],
        "basis": ["g1"],
        "basis_kind": "consent",
        "profiles": ["law"],
        "ehr": True,
        "held_copy": None,
        "digest": decision.inputs_digest,
        "obligations": ["log_disclosure"],
    }


def test_a_refusal_makes_no_entry_and_a_rule_says_what_kind_it_is() -> None:
    assert entry_for(under(DENY), client="c1") is None
    kinds = {purpose: entry_for(under(purposes=[purpose]), client="c1") for purpose in ("rescue", "care")}
    assert {purpose: each and each.basis_kind for purpose, each in kinds.items()} == {"rescue": "exception", "care": "implied"}


def test_an_entry_without_a_kind_was_made_with_consent() -> None:
    told = [
        LedgerEntry.model_validate({"at": "2026-01-01", **kind}) for kind in ({}, {"basis_kind": "consent"}, {"basis_kind": "exception"})
    ]
    assert [made_with_consent(each) for each in told] == [True, True, False]


def test_a_list_goes_from_one_instant_to_another_both_included_in_time_order() -> None:
    moments = [
        "2026-06-15T12:00:01Z",
        "2026-06-15T12:00:00Z",
        "2025-01-01",
        "2023-06-15T12:00:00Z",
        "2023-06-15T11:59:59Z",
        "2023-06-14",
        "2023-06-15",
    ]
    ledger = [LedgerEntry.model_validate({"at": each}) for each in moments]
    since = HERE.years_before(AT, 3)
    found = [each.to_data()["at"] for each in entries_since(ledger, since, AT, HERE)]
    assert found == ["2023-06-15", "2023-06-15T12:00:00Z", "2025-01-01", "2026-06-15T12:00:00Z"]


def test_three_years_before_a_day_that_is_not_there_is_the_one_before() -> None:
    assert HERE.years_before(datetime(2028, 2, 29, 9, tzinfo=UTC), 3) == datetime(2025, 2, 28, 9, tzinfo=UTC)
    assert HERE.years_before(datetime(2028, 2, 29, 9, tzinfo=UTC), 4) == datetime(2024, 2, 29, 9, tzinfo=UTC)
    assert Calendar("America/Chicago").years_before(datetime(2026, 3, 20, 15, tzinfo=UTC), 3) == datetime(2023, 3, 20, 15, tzinfo=UTC)


def test_an_intermediary_lists_what_went_through_it_with_consent() -> None:
    ledger = [
        LedgerEntry.model_validate({"at": "2026-01-02", "via": "hie", "recipient": "b"}),
        LedgerEntry.model_validate({"at": "2026-01-01", "discloser": "hie", "recipient": "a"}),
        LedgerEntry.model_validate({"at": "2026-01-03", "via": "other", "recipient": "x"}),
        LedgerEntry.model_validate({"at": "2026-01-04", "via": "hie", "basis_kind": "exception", "recipient": "x"}),
        LedgerEntry.model_validate({"at": "2022-01-04", "via": "hie", "recipient": "x"}),
    ]
    found = intermediary_list(ledger, "hie", since=HERE.years_before(AT, 3), until=AT, calendar=HERE)
    assert [each.recipient for each in found] == ["a", "b"]
