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
