"""A book of consents: asked in full or in short, and changed only by making a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent import (
    ClientFacts,
    ConsentBook,
    Directive,
    Discloser,
    Facts,
    ProfileDocument,
    Recipient,
    Record,
    Request,
    RoleHeld,
)
from recoverycore.errors import DocumentError, NotFound
from tests.consent.papers import NOON, PROFILE, REQUESTS, ZONES, asking, box, decided, later, paper, shelves


def _read(*papers: dict[str, Any]) -> list[Directive]:
    return [Directive.model_validate(each) for each in papers]


BOOK = ConsentBook(_read(paper()))
SHORT: dict[str, Any] = {"who": "dana", "sees": "plan", "why": "treatment", "at": NOON}


@given(shelves(), REQUESTS)
def test_a_book_decides_as_its_papers_do(papers: list[dict[str, Any]], request: dict[str, Any]) -> None:
    book = ConsentBook(_read(*papers), client=ClientFacts(zone="UTC"))
    assert book.decide(Request.model_validate(request)) == decided(papers, request)


@given(shelves(), st.randoms(use_true_random=False))
def test_books_of_the_same_papers_are_equal_in_any_order(papers: list[dict[str, Any]], random: Any) -> None:
    mixed = list(papers)
    random.shuffle(mixed)
    assert ConsentBook(_read(*papers)) == ConsentBook(_read(*mixed))


@given(shelves(), REQUESTS, ZONES, st.integers(0, 4), st.floats(0, 1))
def test_until_the_next_change_time_alone_changes_no_answer(
    papers: list[dict[str, Any]], request: dict[str, Any], zone: str | None, level: int, part: float
) -> None:
    book = ConsentBook(_read(*papers), ProfileDocument.model_validate(PROFILE), ClientFacts(zone=zone))
    asked = Request.model_validate(request)
    roles = tuple(each.evolve(until=None) for each in asked.recipient.roles or ())
    asked = asked.evolve(recipient=asked.recipient.evolve(roles=roles))
    change = book.next_change(asked.at)
    last = NOON + timedelta(days=40_000) if change is None else change - timedelta(microseconds=1)
    assert last >= asked.at
    then = asked.evolve(at=asked.at + part * (last - asked.at))
    assert book.decide(then, facts=Facts(open_run_level=level)) == book.decide(asked, facts=Facts(open_run_level=level))


@pytest.mark.parametrize(
    ("fields", "hours"),
    [
        ({"expires": {"kind": "instant", "value": later(hours=3)}}, 3),
        ({"revocations": [{"at": later(hours=2)}]}, 2),
        ({"suspensions": [{"from": later(hours=-1), "to": later(hours=4)}]}, 4),
        ({"suspensions": [{"from": later(hours=1), "to": later(hours=4)}]}, 1),
        ({"starts": later(hours=5)}, 5),
    ],
)
def test_the_next_change_is_when_a_paper_begins_ends_rests_or_is_revoked(fields: dict[str, Any], hours: int) -> None:
    book = ConsentBook(_read(paper(**fields)))
    change = NOON + timedelta(hours=hours)
    assert book.next_change(NOON) == change
    assert book.decide(**{**SHORT, "at": change}).permitted != book.decide(**SHORT).permitted


def test_papers_without_a_date_never_change_by_time_alone() -> None:
    assert BOOK.next_change(NOON) is None


def test_the_short_form_asks_who_sees_what_why_and_when() -> None:
    decision = BOOK.decide(**SHORT)
    assert (decision.permitted, decision.basis, dict(decision.records)) == (True, "g1", {"plan": "permit"})
    assert not BOOK.decide(**{**SHORT, "who": "kim"}).permitted
    assert not BOOK.decide(**{**SHORT, "why": "payment"}).permitted
    assert BOOK.decide(**{**SHORT, "sees": ["plan", "lab"]}).withheld == ("lab",)
    assert not BOOK.decide(**{**SHORT, "why": ["treatment", "payment"]}).permitted


def test_the_short_form_takes_records_and_recipients_as_they_are() -> None:
    assert BOOK.decide(**{**SHORT, "sees": Record(id="r7", category="plan")}).released == ("r7",)
    assert BOOK.decide(**{**SHORT, "who": Recipient(id="dana", org="harbor")}).permitted


def test_the_short_form_says_where_somebody_works_and_which_roles_they_hold() -> None:
    book = ConsentBook(_read(paper(boxes=[box(recipients=[{"org": "harbor"}, {"role": "peer"}])])))
    assert not book.decide(**SHORT).permitted
    assert book.decide(**SHORT, org="harbor").permitted
    assert book.decide(**SHORT, roles=["peer"]).permitted
    assert book.decide(**SHORT, roles=[RoleHeld(role="peer", until=NOON)]).verdict == "deny"


def test_the_short_form_says_which_labels_are_asked_for_and_who_would_release() -> None:
    book = ConsentBook(_read(paper(discloser="harbor", boxes=[box(labels=["SUD"])])))
    assert not book.decide(**SHORT).permitted
    assert book.decide(**SHORT, discloser="harbor").permitted
    assert book.decide(**SHORT, discloser="harbor", labels=["OPIOIDUD"]).permitted
    assert not book.decide(**SHORT, discloser="harbor", labels=["HIV"]).permitted


def test_a_refusal_for_a_role_holds_in_short_unless_it_is_said_which_roles_are_held() -> None:
    wall = {"id": "d1", "polarity": "deny", "boxes": [box(recipients=[{"role": "peer"}])]}
    book = ConsentBook(_read(paper(), wall))
    assert book.decide(**SHORT).basis == "d1"
    assert book.decide(**SHORT, roles=["peer"]).basis == "d1"
    assert book.decide(**SHORT, roles=["counsellor"]).permitted
    assert book.decide(**SHORT, roles=[]).permitted


@pytest.mark.parametrize("left_out", ["who", "sees", "why", "at"])
def test_half_a_question_is_refused(left_out: str) -> None:
    with pytest.raises(DocumentError) as caught:
        BOOK.decide(**{name: value for name, value in SHORT.items() if name != left_out})
    assert caught.value.name == "ask_one_way"


def test_a_question_asked_in_both_ways_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        BOOK.decide(Request.model_validate(asking()), who="dana")
    assert caught.value.name == "ask_one_way"


def test_a_book_shows_which_papers_and_profiles_it_holds_and_nothing_of_what_they_say() -> None:
    book = ConsentBook(
        [Directive.model_validate(paper(each)) for each in ("g2", "g1")], profiles=["xx.law"], client=ClientFacts(zone="UTC")
    )
    assert repr(book) == "ConsentBook(directives=[g1, g2], profiles=[xx.law])"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        BOOK.decide(**{**SHORT, "at": NOON.replace(tzinfo=None)})
    assert caught.value.name == "naive_time"


def test_a_request_with_a_naive_time_that_nobody_looked_at_is_no_question() -> None:
    """A machine's own zone must never be where a permit ends."""
    unread = Request.model_validate(asking()).model_copy(update={"at": NOON.replace(tzinfo=None)})
    for book in (BOOK, ConsentBook()):
        with pytest.raises(TypeError, match="naive"):
            book.decide(unread)


def test_the_profile_and_the_facts_reach_the_decision() -> None:
    book = ConsentBook(profile=ProfileDocument.model_validate(PROFILE))
    asked = {**SHORT, "who": "sam", "roles": ["peer"]}
    assert not book.decide(**asked).permitted
    assert book.decide(**asked, facts=Facts(open_run_level=3)).basis == "rule:emergency"


def test_one_more_paper_is_in_a_new_book_only() -> None:
    wall = Directive.model_validate({"id": "d1", "polarity": "deny", "boxes": [box()]})
    changed = BOOK.with_directive(wall)
    assert (BOOK.decide(**SHORT).permitted, changed.decide(**SHORT).basis) == (True, "d1")


def test_a_paper_of_a_known_id_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        BOOK.with_directive(BOOK.directives[0])
    assert caught.value.name == "duplicate_directive"


def test_a_revocation_is_in_a_new_book_only_and_for_whom_it_names() -> None:
    both = ConsentBook(_read(paper(boxes=[box(recipients=[{"person": "dana"}, {"person": "kim"}])])))
    for_kim = both.with_revocation("g1", NOON, recipients=["kim"])
    for_all = both.with_revocation("g1", NOON, written=True)
    assert [each.decide(**SHORT).permitted for each in (both, for_kim, for_all)] == [True, True, False]
    assert not for_kim.decide(**{**SHORT, "who": "kim"}).permitted
    assert for_kim.with_revocation("g1", NOON).decide(**SHORT).failed["plan"]["g1"] == ("revoked",)


def test_revoking_twice_is_revoking_once() -> None:
    once = BOOK.with_revocation("g1", NOON)
    assert once.with_revocation("g1", NOON).decide(**SHORT) == once.decide(**SHORT)


def test_a_paper_that_is_not_in_the_book_cannot_be_revoked() -> None:
    with pytest.raises(NotFound) as caught:
        BOOK.with_revocation("g9", NOON)
    assert caught.value.name == "unknown_directive"


# -- asked as a plan -------------------------------------------------------------------------------------------------------------
def test_a_draft_that_gives_more_is_wider_and_says_who_would_see_what() -> None:
    found = BOOK.compare(_read(paper("g2", boxes=[box(recipients=[{"person": "eli"}])]))[0])
    assert found.verdict == "wider"
    assert found.explain() == "The new version lets eli see plan (any label) for treatment; the old one did not."


def test_a_draft_of_the_same_id_takes_the_place_of_the_paper() -> None:
    assert BOOK.compare(_read(paper(boxes=[box(purposes=["payment"])]))[0]).verdict == "both"


def test_a_whole_book_is_a_draft_too_and_an_instant_may_be_the_first_that_counts() -> None:
    ended = ConsentBook(_read(paper(expires={"kind": "date", "value": "2026-06-15"})), client=ClientFacts(zone="UTC"))
    whole = ConsentBook(_read(paper()), client=ClientFacts(zone="UTC"))
    assert whole.compare(ended).verdict == "narrower"
    assert ConsentBook(client=ClientFacts(zone="UTC")).compare(ended, NOON + timedelta(days=1)).verdict == "equal"


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ({"label": "HIV", "why": "payment"}, True),
        ({"label": "HIV", "why": "treatment"}, False),
        ({"sees": ["lab", "note"]}, True),
        ({"who": "dana", "sees": "plan", "discloser": "harbor"}, False),
        ({"action": "use"}, True),
        ({"discloser": Discloser(id="harbor", kind="part2_program"), "label": "SUD"}, False),
    ],
)
def test_a_book_says_whether_something_never_happens(asked: dict[str, Any], holds: bool) -> None:  # noqa: FBT001 - expected
    assert BOOK.never(**asked).holds is holds


def test_facts_are_told_to_the_plan_of_a_book() -> None:
    until = ConsentBook(_read(paper(expires={"kind": "event", "value": "discharge"})))
    assert until.never().holds
    assert not until.never(facts=Facts.model_validate({"events": {"discharge": None}})).holds


def test_one_label_role_or_recipient_alone_is_one() -> None:
    nurses = _read(paper(boxes=[box(labels=["SUD"], recipients=[{"role": "nurse"}])]))
    short = {"who": "dana", "sees": "plan", "why": "treatment", "at": NOON}
    assert ConsentBook(nurses).decide(**short, labels="SUD", roles="nurse").permitted
    assert ConsentBook(nurses).decide(**short, labels=["SUD"], roles=["nurse"]).permitted
    revoked = BOOK.with_revocation(BOOK.directives[0].id, NOON, recipients="dana").directives[0].revocations[-1]
    assert revoked.recipients == ("dana",)


def test_a_person_can_be_asked_about_who_is_no_organisation() -> None:
    assert BOOK.never(person="nobody here").holds
    assert not BOOK.never(who="nobody here").holds
