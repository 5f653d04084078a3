"""How a law takes a revocation: whether it wants writing, and until when a form puts it off."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from recoverycore.consent import ClientFacts, Directive, Facts, Recipient
from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.counting import Withdrawing, not_live, unwritten
from recoverycore.consent.matter import Setting
from tests.consent.law_papers import LAW
from tests.consent.papers import AT, NOON, later, paper
from tests.consent.test_law import GOOD, under

PUT_OFF = Withdrawing(delayed=frozenset({"criminal_justice"}))
WRITTEN = Withdrawing(wants_writing=True)
LONG_AGO = "2026-06-01"


def grounds(by: Withdrawing, *, facts: dict[str, Any] | None = None, policy: dict[str, Any] | None = None, **fields: Any) -> frozenset[str]:
    """Why a paper does not count at noon under a law that takes revocations like this."""
    read = Directive.model_validate(paper(form="criminal_justice", **fields))
    consents = compile_consents([read], Setting.of(ClientFacts(zone="UTC"), (), policy))
    known = Facts.model_validate(facts or {})
    return not_live(consents.papers[0], consents, Recipient(id="dana"), NOON, facts=known, by=by)


@pytest.mark.parametrize(("from_", "rests"), [(AT, True), (later(microseconds=1), False), (LONG_AGO, True)])
def test_a_suspension_is_put_off_like_a_revocation_until_the_paper_may_be_revoked(from_: str, rests: bool) -> None:  # noqa: FBT001 - what is expected
    kind = "date" if from_ == LONG_AGO else "instant"
    put_off: dict[str, Any] = {"revocable_from": {"kind": kind, "value": from_}}
    assert ("suspended" in grounds(PUT_OFF, suspensions=[{"from": LONG_AGO}], **put_off)) is rests
    assert ("revoked" in grounds(PUT_OFF, revocations=[{"at": LONG_AGO}], **put_off)) is rests


@pytest.mark.parametrize(
    ("state", "permit", "deny"),
    [({}, True, False), ({"e": "unknown"}, True, False), ({"e": None}, False, False), ({"e": LONG_AGO}, True, True)],
)
def test_until_an_event_that_nobody_knows_a_permit_is_revoked_at_once_and_a_deny_never(
    state: dict[str, Any],
    permit: bool,  # noqa: FBT001 - what is expected
    deny: bool,  # noqa: FBT001 - what is expected
) -> None:
    fields: dict[str, Any] = {"revocable_from": {"kind": "event", "value": "e"}, "revocations": [{"at": LONG_AGO}]}
    found = [grounds(PUT_OFF, facts={"events": state}, polarity=each, **fields) for each in ("permit", "deny")]
    assert ["revoked" in each for each in found] == [permit, deny]


@pytest.mark.parametrize(
    ("written", "stops", "permit", "deny"),
    [
        (True, False, True, True),
        (False, False, False, False),
        (None, False, True, False),
        (False, True, True, False),
        (None, True, True, False),
    ],
)
def test_where_a_law_wants_writing_words_stop_a_permit_as_the_host_says_and_lift_no_deny(
    written: bool | None,  # noqa: FBT001 - what is given
    stops: bool,  # noqa: FBT001 - what is chosen
    permit: bool,  # noqa: FBT001 - what is expected
    deny: bool,  # noqa: FBT001 - what is expected
) -> None:
    fields: dict[str, Any] = {"revocations": [{"at": LONG_AGO, "written": written}]}
    policy = {"unwritten_revocation_stops_permit": stops}
    found = [grounds(WRITTEN, policy=policy, polarity=each, **fields) for each in ("permit", "deny")]
    assert ["revoked" in each for each in found] == [permit, deny]


def test_where_a_law_wants_writing_one_written_revocation_of_several_lifts_a_deny() -> None:
    revoked = [{"at": LONG_AGO, "written": False}, {"at": AT, "written": True}]
    assert "revoked" in grounds(WRITTEN, polarity="deny", revocations=revoked)
    assert "revoked" in grounds(WRITTEN, polarity="deny", revocations=revoked[::-1])


@pytest.mark.parametrize(("written", "only_words"), [([False], True), ([True], False), ([False, True], False), ([], False), ([None], True)])
def test_a_paper_is_taken_back_in_words_alone_where_no_revocation_of_it_is_written(
    written: list[bool | None],
    only_words: bool,  # noqa: FBT001 - what is expected
) -> None:
    read = Directive.model_validate(paper(revocations=[{"at": LONG_AGO, "written": each} for each in written]))
    consents = compile_consents([read], Setting.of(ClientFacts(zone="UTC"), (), None))
    assert unwritten(consents.papers[0], consents, Recipient(id="dana"), NOON, facts=Facts(), by=WRITTEN) is only_words


def test_of_an_event_on_some_day_a_deny_has_the_most_time_also_where_events_end_with_their_day() -> None:
    read = Directive.model_validate(paper(polarity="deny", expires={"kind": "event", "value": "e"}))
    consents = compile_consents([read], Setting.of(ClientFacts(), (), {"event_day": "end_of_day"}))
    facts = Facts.model_validate({"events": {"e": "2026-06-14"}})
    assert not_live(consents.papers[0], consents, Recipient(id="dana"), NOON.replace(hour=11), facts=facts, by=Withdrawing()) == frozenset()
    assert not_live(consents.papers[0], consents, Recipient(id="dana"), NOON, facts=facts, by=Withdrawing()) == {"ended"}


def test_without_a_law_words_revoke_permits_and_denies_alike() -> None:
    fields: dict[str, Any] = {"revocations": [{"at": LONG_AGO, "written": False}]}
    assert [grounds(Withdrawing(), polarity=each, **fields) for each in ("permit", "deny")] == [{"revoked"}, {"revoked"}]


def test_what_was_taken_back_in_words_is_wanted_in_writing_where_the_paper_would_reach_and_nowhere_else() -> None:
    spoken = paper(**GOOD, revocations=[{"at": LONG_AGO, "written": False}])
    wanting = (evolve(LAW, wants_writing=True),)
    assert "obtain_written_revocation" in under(spoken, profiles=wanting).codes
    assert "obtain_written_revocation" not in under(spoken, profiles=wanting, purposes=["payment"]).codes
