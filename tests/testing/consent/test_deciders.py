"""What can be held against the laws: books, profiles, plugins and restrictors of one's own, right and wrong ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import ConsentBook, Profile, ProfileDocument, Restriction, Rule, Source
from recoverycore.consent.reference import reference_decide
from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore.testing.consent import BrokenLaw, consent_laws, differences, from_books, from_profile, from_restrictor
from recoverycore.testing.consent.asking import changed
from recoverycore.testing.consent.deciders import policy_of
from recoverycore.testing.consent.stories import permitted
from recoverycore.testing.consent.stories_of_profiles import stories_of
from tests.suite.judge_consent import PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.consent import Decision, Matter, Request

Json = dict[str, Any]
ACT = Source("Invented Health Act")


def profile(holds: Callable[[Matter], bool], **more: Any) -> Profile:
    return Profile(id="xx.own", version="1", rules=(Rule(name="own", source=ACT, holds=holds, **more),))


class Forgetful(ConsentBook):
    """Books that forget what was revoked."""

    def decide(self, request: Any = None, /, **asked: Any) -> Decision:
        papers = [each.evolve(revocations=()) for each in self.directives]
        return ConsentBook(papers, client=self.client, profiles=self.profiles, policy=self.policy).decide(request, **asked)


@pytest.mark.parametrize("story", ["specific consent, two records", "medical emergency", "accounting", "hipaa treatment", "shelter"])
def test_books_answer_as_the_reference_does(story: str) -> None:
    case = permitted()[story]
    found, expected = from_books(ConsentBook, PROFILES.values()).decide(case), reference_decide(case)
    assert differences(found, expected) == ()


def test_books_of_ones_own_that_forget_are_found_out() -> None:
    with pytest.raises(BrokenLaw, match=r"L1[04]\."):
        consent_laws(Forgetful)


def test_a_rule_that_opens_on_a_claim_is_found_out() -> None:
    with pytest.raises(BrokenLaw, match="was released on a claim"):
        consent_laws(profile(lambda matter: matter.purpose == "break_glass"))


def test_a_rule_that_needs_its_facts_is_not_accused() -> None:
    right = profile(lambda _: True, purposes=("inquest",), kinds=frozenset({"coroner"}), needs=(("legal.court_mandate",),), overriding=True)
    assert consent_laws(right, count=62).unread < 10


def test_a_rule_that_remembers_is_found_out() -> None:
    asked: list[str] = []

    def every_second(matter: Matter) -> bool:
        asked.append(matter.purpose)
        return len(asked) % 2 == 0

    with pytest.raises(BrokenLaw):
        consent_laws(profile(every_second, implied=True))


def test_a_rule_that_raises_is_found_out() -> None:
    def stumbling(matter: Matter) -> bool:
        return bool(matter.facts.extensions["x-own"])

    with pytest.raises(BrokenLaw, match="a profile raised"):
        consent_laws(profile(stumbling))


def test_a_profile_is_asked_for_what_its_rules_are_made_for() -> None:
    own = profile(
        lambda _: True, purposes=("inquest",), kinds=frozenset({"coroner"}), categories=("lab",), needs=(("legal.court_mandate",),)
    )
    [case] = stories_of(own).values()
    assert from_profile(own).decide(case)["basis"] == "rule:own"


def test_a_profile_in_data_is_held_against_the_laws_too() -> None:
    emergency = {
        "name": "open",
        "purpose": "treatment",
        "categories": "*",
        "to_roles": ["care-team"],
        "needs": {"open_run_level_at_least": 3},
    }
    small = ProfileDocument.model_validate({"id": "xx.small", "emergencies": [emergency]})
    assert stories_of(small).keys() == {"xx.small: open"}
    assert consent_laws(small, count=70, laws=["nothing_by_itself"]).worlds == 70


def test_a_plugin_is_held_against_the_laws_by_the_profiles_that_it_brings() -> None:
    class Hasty(RecoveryHooks):
        @hookimpl
        def recovery_contribute_consent_profiles(self) -> list[Profile]:
            return [profile(lambda matter: matter.purpose == "break_glass")]

    policy = policy_of(Hasty())
    assert policy.profiles == {"xx.own"}


def test_a_plugin_that_withholds_by_the_number_of_records_is_found_out() -> None:
    class NotMany(RecoveryHooks):
        @hookimpl
        def recovery_restrict_consent(self, request: Request) -> Restriction | None:
            return Restriction("not many") if len(request.records) > 1 else None

    with pytest.raises(BrokenLaw):
        consent_laws(NotMany())


def test_a_restrictor_that_looks_at_one_record_at_a_time_is_not_accused() -> None:
    def no_labs(request: Request) -> Restriction:
        return Restriction("no labs", "deny", frozenset(each.id for each in request.records if each.category == "lab"))

    assert consent_laws(from_restrictor(no_labs), count=60, laws=["a_bundle_is_its_parts", "order_changes_nothing"]).worlds == 60


def test_a_restrictor_that_counts_records_is_found_out() -> None:
    def not_many(request: Request) -> Restriction | None:
        return Restriction("not many") if len(request.records) > 1 else None

    with pytest.raises(BrokenLaw):
        consent_laws(from_restrictor(not_many))


def test_a_restrictor_that_raises_denies() -> None:
    def stumbling(request: Request) -> Restriction:
        raise LookupError(request.action)

    answer = from_restrictor(stumbling).decide(permitted()["core alone"])
    assert answer["decision"] == "deny"
    assert "report_plugin_error" in answer["obligations"]


def each_record(held: Callable[[Any], bool]) -> Callable[[Request], Restriction | None]:
    """A right plugin that withholds the records of which it is so."""

    def restrict(request: Request) -> Restriction | None:
        return Restriction("own", records=ids) if (ids := frozenset(each.id for each in request.records if held(each))) else None

    return restrict


def each_request(held: Callable[[Request], bool]) -> Callable[[Request], Restriction | None]:
    """A right plugin that withholds everything from a request of which it is so."""
    return lambda request: Restriction("own") if held(request) else None


NARROWING = {
    **{f"category {name}": each_record(lambda one, name=name: one.category == name) for name in ("diagnosis", "nothing-else", "r1")},
    **{f"label {name}": each_record(lambda one, name=name: name in one.labels) for name in ("SUD", "HIV", "PSY")},
    "no label": each_record(lambda one: not one.labels),
    "no date": each_record(lambda one: one.date is None),
    "treatment": each_request(lambda request: "treatment" in request.purposes),
    "who is not known to treat": each_request(lambda request: request.recipient.treating_relationship is not True),
    "everything": each_request(lambda _: True),
}


@pytest.mark.parametrize("withheld", NARROWING)
def test_a_plugin_that_only_narrows_is_not_accused_whatever_it_withholds(withheld: str) -> None:
    assert consent_laws(from_restrictor(NARROWING[withheld])).worlds == 100


def test_books_that_a_plugin_narrows_are_asked_without_it_what_they_must_release() -> None:
    with pytest.raises(BrokenLaw, match="the one permit was revoked at the very instant of the question, and r1 was released"):
        consent_laws(from_restrictor(NARROWING["everything"], Forgetful))


def moody() -> Callable[[Request], Restriction | None]:
    asked: list[Request] = []

    def restrict(request: Request) -> Restriction | None:
        asked.append(request)
        return Restriction("own") if len(asked) % 2 else None

    return restrict


WRONG_PLUGINS: dict[str, Callable[..., Any]] = {
    "by the hour of whoever asks": each_request(lambda request: request.at.hour < 9),
    "the first record": lambda request: Restriction("own", records=frozenset(each.id for each in request.records[:1])),
    "moody": moody(),
}


@pytest.mark.parametrize("wrong", WRONG_PLUGINS)
def test_a_plugin_that_withholds_by_what_should_not_matter_is_found_out(wrong: str) -> None:
    with pytest.raises(BrokenLaw):
        consent_laws(from_restrictor(WRONG_PLUGINS[wrong]))


NO_RESTRICTIONS: dict[str, Callable[..., Any]] = {
    "the restrictor raised IndexError, so nothing was released": lambda request: Restriction(request.purposes[99]),
    "the restrictor raised TypeError, so nothing was released": divmod,
    "the restrictor gave back a value of type str, and it gives a Restriction or None": lambda _: "deny",
    "the restrictor's answer is neither 'deny' nor 'none', so nothing was released": lambda _: Restriction("own", "maybe"),
}


@pytest.mark.parametrize("told", NO_RESTRICTIONS)
def test_a_plugin_that_gives_nothing_that_can_be_used_breaks_a_law_and_is_told_of(told: str) -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(from_restrictor(NO_RESTRICTIONS[told]))
    assert (broken.value.law, broken.value.why) == ("every_question_has_an_answer", told)


class Silent(ConsentBook):
    """Books that forget to say anything."""

    def decide(self, request: Any = None, /, **asked: Any) -> Any:
        super().decide(request, **asked)


def test_a_book_that_gives_back_no_decision_is_told_so() -> None:
    with pytest.raises(BrokenLaw, match="its `decide` gave back None, and a book gives back a Decision"):
        consent_laws(Silent)


@pytest.mark.parametrize(
    ("handed_in", "told"),
    [
        (RecoveryHooks, r"RecoveryHooks is a class, .* hand in what it makes, such as RecoveryHooks\(\)"),
        (Profile, "Profile is a class"),
        (ConsentBook([]), "hand in ConsentBook itself"),
    ],
)
def test_a_class_for_what_it_makes_and_a_book_for_its_class_are_refused(handed_in: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        consent_laws(handed_in)


def test_what_decides_nothing_is_refused() -> None:
    with pytest.raises(TypeError, match="a policy is"):
        consent_laws(3)


def test_a_case_that_is_changed_between_two_questions_is_read_anew() -> None:
    decide = from_books().decide
    case = {**permitted()["core alone"]}
    before = decide(case)["decision"]
    case["when"] = {"request": {**case["when"]["request"], "at": "2027-06-15T10:00:00-05:00"}}
    assert (before, decide(case)["decision"]) == ("permit", "deny")


def test_what_is_no_plain_json_is_an_error_of_who_asks_and_no_case_that_cannot_be_read() -> None:
    with pytest.raises(TypeError, match="plain JSON"):
        from_books().decide(changed(permitted()["core alone"], at=datetime(2026, 6, 15, 15, tzinfo=UTC)))


def test_a_profile_in_data_that_is_not_loaded_is_missed() -> None:
    case = permitted()["an emergency in data"]
    missing = {**case, "given": {**case["given"], "loaded": []}}
    assert from_books().decide(case)["decision"] == "permit"
    assert from_books().decide(missing)["decision"] == "deny"
