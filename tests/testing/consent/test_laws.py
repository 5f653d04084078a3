"""The laws of consent: whoever decides rightly keeps them all, and each is broken by some decider with one fault."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recoverycore.consent import ConsentBook, Profile, Rule, Source
from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import ENGINES, LAWS, BrokenLaw, World, broken_laws, check_law, consent_laws, from_books
from recoverycore.testing.consent.stories import STORIES, permit, permitted, story
from tests.suite.judge_consent import PROFILES

Json = dict[str, Any]
SEEDS = [20260615, 20260616, 20260617]
LATE = ENGINES["the end is inside"]
PAUSED = ENGINES["pauses are not seen"]


def plain(case: Json) -> Json:
    """The reference decider, telling a verdict for each record and nothing else."""
    return {"records": reference_decide(case)["records"]}


def test_the_reference_keeps_all_laws() -> None:
    assert consent_laws(reference_decide).worlds == 100


def test_the_books_of_the_library_keep_all_laws() -> None:
    assert consent_laws(ConsentBook, count=60).worlds == 60


def test_books_that_know_every_shipped_law_keep_all_laws() -> None:
    assert consent_laws(from_books(ConsentBook, PROFILES.values())).unread < 10


@pytest.mark.parametrize("profile", PROFILES)
def test_every_shipped_profile_keeps_all_laws(profile: str) -> None:
    assert consent_laws(PROFILES[profile], count=25).laws == len(LAWS)


@pytest.mark.prove
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("policy", [reference_decide, from_books(ConsentBook, PROFILES.values()), *PROFILES.values()])
def test_who_decides_rightly_keeps_all_laws_in_very_many_worlds(policy: Any, seed: int) -> None:
    assert consent_laws(policy, seed=seed, count=1000).laws == len(LAWS)


def test_an_answer_needs_no_more_than_a_verdict_for_each_record() -> None:
    assert consent_laws(plain, count=30).laws == len(LAWS)


def in_verdicts(engine: Any) -> Any:
    """A broken engine that tells a verdict for each record and nothing else."""
    decide = engine.decider()
    return lambda case: {"records": decide(case)["records"]}


TAKEN_BACK = {
    "nothing is taken back": "revoked at the very instant of the question",
    "nothing is ever revoked": "revoked at the very instant of the question",
    "revoked a moment late": "revoked at the very instant of the question",
    "pauses are not seen": "paused from that instant on",
    "an abuser signs": "signed by an abuser",
    "nothing is replaced": "replaced by one that is active",
    "the replaced come back": "replaced by one that is inactive",
}


@pytest.mark.parametrize("engine", TAKEN_BACK)
def test_what_still_works_after_it_was_taken_back_is_found_by_verdicts_alone(engine: str) -> None:
    with pytest.raises(BrokenLaw, match=f"the one permit was {TAKEN_BACK[engine]}, and r1 was released") as broken:
        consent_laws(in_verdicts(ENGINES[engine]), laws=["what_was_taken_back_gives_nothing"])
    assert not broken.value.others


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("profiles", [(), None])
def test_whoever_looks_at_no_revocation_and_at_no_pause_is_found_by_verdicts_alone(profiles: Any, seed: int) -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(in_verdicts(ENGINES["nothing is taken back"]), seed=seed, profiles=profiles)
    assert broken.value.law == "what_was_taken_back_gives_nothing"


UNSEEN_IN_VERDICTS = {
    "silent about why",
    "lists the first",
    "the notice stays behind",
    "no review",
    "faults are reported at random",
    "anybody signs",
}
"""What can be told by no verdict, or only by one together with what it rests on."""


@pytest.mark.prove
@pytest.mark.parametrize("engine", ENGINES)
def test_a_planted_fault_is_found_by_verdicts_alone_where_it_shows_in_them(engine: str) -> None:
    if engine in UNSEEN_IN_VERDICTS:
        assert consent_laws(in_verdicts(ENGINES[engine])).worlds == 100
        return
    with pytest.raises(BrokenLaw):
        consent_laws(in_verdicts(ENGINES[engine]))


def test_every_law_is_broken_by_some_engine() -> None:
    assert {engine.breaks for engine in ENGINES.values()} == set(LAWS)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))
def test_a_planted_fault_is_found_with_the_usual_number_of_worlds(engine: Any) -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(engine.decider(), laws=[engine.breaks])
    assert broken.value.law == engine.breaks


@pytest.mark.prove
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("engine", ENGINES.values(), ids=list(ENGINES))
def test_a_planted_fault_is_found_with_any_seed(engine: Any, seed: int) -> None:
    with pytest.raises(BrokenLaw):
        consent_laws(engine.decider(), seed=seed)


@pytest.mark.parametrize("law", LAWS)
def test_every_law_says_which_it_is(law: str) -> None:
    assert (LAWS[law].__doc__ or "").startswith("L")


def test_what_breaks_a_law_is_told_in_words() -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(PAUSED.decider(), seed=7, laws=[PAUSED.breaks])
    told = str(broken.value)
    assert told.startswith("BROKEN: L14. A pause changes nothing outside its window")
    assert "What came of it: g1 revoked at the question, and paused instead: decision: deny became permit." in told
    assert "consent_laws(..., seed=7)" in told
    assert broken.value.world.story in STORIES


def test_the_same_seed_tells_the_same_story() -> None:
    told = []
    for _ in range(2):
        with pytest.raises(BrokenLaw) as broken:
            consent_laws(PAUSED.decider(), seed=7)
        told.append(str(broken.value))
    assert told[0] == told[1]


def test_of_several_worlds_the_one_is_told_in_which_the_least_was_moved() -> None:
    [told] = broken_laws(ENGINES["silent about why"].decider(), _moved_first(), ["a_release_rests_on_what_covers_it"])
    assert told.world.moves == ()


def _moved_first() -> list[World]:
    case = permitted()["specific consent"]
    return [World(case, "specific consent", ("a_paper",)), World(case, "specific consent")]


def test_one_law_can_be_held_against_one_case() -> None:
    case = permitted()["specific consent"]
    check_law(LATE.breaks, reference_decide, case)
    with pytest.raises(BrokenLaw, match="ending at the very instant of the question"):
        check_law(LATE.breaks, LATE.decider(), case)


ABOUT_A_BASIS = {
    "a_revoked_paper_is_no_basis",
    "a_permit_works_from_start_to_end",
    "replaced_is_replaced_for_good",
    "a_release_rests_on_what_covers_it",
    "general_forms_yield_no_notes",
    "an_abuser_signs_nothing",
}
ABOUT_OBLIGATIONS = {"consent_carries_its_notice", "every_profile_answers"}


def test_laws_about_what_an_answer_does_not_tell_are_not_counted_as_kept() -> None:
    kept = consent_laws(plain)
    assert set(kept.silent) == {*ABOUT_A_BASIS, *ABOUT_OBLIGATIONS, "an_accounting_adds_up"}
    assert kept.untold == ("basis", "obligations")
    assert str(kept).startswith(f"{len(LAWS) - 9} laws kept in 100 worlds, {kept.questions} questions; 9 had nothing to judge")
    assert str(kept).endswith("(no answer told `basis` or `obligations`)")


def test_laws_about_what_is_told_judge_it() -> None:
    kept = consent_laws(lambda case: {**plain(case), "basis": reference_decide(case)["basis"]})
    assert set(kept.silent) == {*ABOUT_OBLIGATIONS, "an_accounting_adds_up"}
    assert str(kept).endswith("; 3 had nothing to judge (no answer told `obligations`)")


def test_who_knows_everything_and_tells_it_leaves_no_law_silent() -> None:
    kept = consent_laws(reference_decide)
    assert kept.silent == kept.untold == ()
    assert str(kept) == f"{len(LAWS)} laws kept in 100 worlds, {kept.questions} questions"


def test_laws_about_profiles_that_a_policy_does_not_know_are_not_counted_as_kept() -> None:
    kept = consent_laws(reference_decide, profiles=())
    assert "consent_carries_its_notice" in kept.silent
    assert str(kept).endswith(f"; {len(kept.silent)} had nothing to judge")


def test_a_policy_that_raises_breaks_a_law() -> None:
    def decide(case: Json) -> Json:
        return {"records": {case["no such thing"]: "permit"}}

    with pytest.raises(BrokenLaw, match="KeyError was raised"):
        consent_laws(decide)


@pytest.mark.parametrize("ends", [SystemExit(0), GeneratorExit(), pytest.skip.Exception("not here")])
def test_whoever_leaves_the_program_does_not_pass_for_one_who_keeps_the_laws(ends: BaseException) -> None:
    def decide(_: Json) -> Json:
        raise ends

    with pytest.raises(BrokenLaw, match=f"{type(ends).__name__} was raised"):
        consent_laws(decide)


def test_whoever_presses_a_key_is_let_through() -> None:
    def decide(_: Json) -> Json:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        consent_laws(decide)


@pytest.mark.parametrize(
    ("how", "error", "told"),
    [
        ({"count": 0}, ValueError, "in 0 worlds nothing is asked"),
        ({"count": -3}, ValueError, "in -3 worlds"),
        ({"count": 2.5}, ValueError, "in 2.5 worlds"),
        ({"laws": ()}, ValueError, "none were named"),
        ({"laws": ("nothing_by_itselv",)}, ValueError, "Did you mean 'nothing_by_itself'"),
        ({"laws": ("L37",)}, ValueError, "these are about it: a_round_trip_changes_nothing"),
        ({"laws": "nothing_by_itself"}, TypeError, "takes several names"),
        ({"profiles": ("us.42cfr3",)}, ValueError, "Did you mean 'us.42cfr2'"),
        ({"profiles": "us.42cfr2"}, TypeError, "takes several names"),
    ],
)
def test_where_less_would_be_asked_than_it_seems_that_is_refused(how: Json, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        consent_laws(reference_decide, **how)


def test_profiles_of_ones_own_can_be_named() -> None:
    assert consent_laws(open_when(on_the_clients_own_weekdays), profiles=["xx.desk"], count=5).worlds == 5


def test_a_law_that_is_not_there_is_not_kept() -> None:
    with pytest.raises(ValueError, match="not there"):
        check_law("nope", reference_decide, permitted()["specific consent"])
    with pytest.raises(ValueError, match="not there"):
        broken_laws(reference_decide, [], ["nope"])


def no_verdict(case: Json) -> Json:
    """A verdict that is none, which repeats what it was asked."""
    return {"records": {each["id"]: str(each) for each in case["when"]["request"]["records"]}}


NO_ANSWERS = {
    "it gave back a value of type bool, and an answer is a dict whose `records` give each record's id": lambda _: True,
    "it gave back None, and an answer is a dict": lambda _: None,
    "its answer has no `records`": lambda _: {"decision": "deny"},
    "its `records` are a value of type list": lambda _: {"records": ["r1"]},
    r"what it gave for r1 \(a value of type str\) is no verdict": no_verdict,
    r"its `decision` \(a value of type bool\) is neither": lambda case: {**plain(case), "decision": True},
    r"its `basis` \(a value of type int\) is neither None nor an id": lambda case: {**plain(case), "basis": 1},
    r"its `basis` \(a value of type list\) is neither None nor an id": lambda case: {**plain(case), "basis": [1]},
    r"its `obligations` \(None\) is no list of words": lambda case: {**plain(case), "obligations": None},
}


@pytest.mark.parametrize("told", NO_ANSWERS)
def test_an_answer_of_another_form_breaks_a_law(told: str) -> None:
    with pytest.raises(BrokenLaw, match=told) as broken:
        consent_laws(NO_ANSWERS[told])
    assert broken.value.law == "every_question_has_an_answer"


def test_a_verdict_that_is_none_is_not_repeated() -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(no_verdict)
    assert "{" not in broken.value.why


def answers_by_papers() -> Any:
    """A decider that remembers its answers by the papers alone, whatever is asked."""
    return ENGINES["knows the papers only"].decider(plain)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_answer_for_other_records_than_were_asked_for_is_told_with_both(seed: int) -> None:
    with pytest.raises(BrokenLaw, match=r"it answered for r\d.*, and was asked for r\d") as broken:
        consent_laws(answers_by_papers(), seed=seed)
    assert "Smallest story:\n  Under" in str(broken.value)


def test_an_answer_for_fewer_records_is_found_by_whoever_pastes_the_code() -> None:
    case = permitted()["specific consent"]
    with pytest.raises(BrokenLaw, match="it answered for r1, and was asked for r1, zz"):
        check_law("every_question_has_an_answer", answers_by_papers(), case)


def no_other(case: Json) -> Json:
    """A decider that stumbles over a kind of record that no story has, but laws ask about."""
    if any(each.get("category") == "other" for each in case["when"]["request"]["records"]):
        raise KeyError("other")
    return plain(case)


def test_whatever_is_raised_by_a_question_that_a_law_made_is_a_broken_law() -> None:
    with pytest.raises(BrokenLaw, match="KeyError was raised") as broken:
        consent_laws(no_other, laws=["a_bundle_is_its_parts"])
    assert broken.value.law == "every_question_has_an_answer"
    assert isinstance(broken.value.__cause__, KeyError)


def test_one_law_is_not_kept_in_a_case_without_an_answer() -> None:
    with pytest.raises(BrokenLaw, match="KeyError was raised"):
        check_law("a_bundle_is_its_parts", no_other, permitted()["specific consent"])


def test_a_policy_that_refuses_to_read_most_worlds_proves_nothing() -> None:
    def decide(case: Json) -> Json:
        raise ValueError(case["when"]["request"]["at"])

    with pytest.raises(ValueError, match="100 of 100 worlds were refused to be read"):
        consent_laws(decide)


def test_a_question_that_was_changed_is_told_as_it_was() -> None:
    with pytest.raises(BrokenLaw, match="the question was changed") as broken:
        consent_laws(ENGINES["mends what it is asked"].decider())
    assert "seen" not in str(broken.value)


def open_when(holds: Any) -> Profile:
    """Somebody's own profile: the front desk may see appointments while `holds` says yes of the clock it looks at."""
    what: dict[str, Any] = {"kinds": frozenset({"front_desk"}), "purposes": ("scheduling",), "categories": ("appointment",)}
    return Profile(
        id="xx.desk", version="1", rules=(Rule(name="desk", source=Source("House rules, 4"), holds=holds, implied=True, **what),)
    )


SENDERS = {
    "not at week-ends": lambda matter: matter.at.strftime("%a") not in ("Sat", "Sun"),
    "Mondays only": lambda matter: matter.at.strftime("%a") == "Mon",
    "in office hours": lambda matter: 9 <= matter.at.hour < 17,
    "on one day of the month": lambda matter: matter.at.day == 15,
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("when", SENDERS)
def test_a_rule_that_reads_the_clock_or_the_calendar_of_whoever_asks_is_found(when: str, seed: int) -> None:
    with pytest.raises(BrokenLaw, match="the same instant written as") as broken:
        consent_laws(open_when(SENDERS[when]), seed=seed)
    assert broken.value.law == "only_the_distance_in_time_matters"


def on_the_clients_own_weekdays(matter: Any) -> bool:
    """A rule that is right: it asks the client's calendar, and where nobody knows that, no."""
    zone = matter.client.zone
    return zone is not None and matter.at.astimezone(ZoneInfo(zone)).weekday() < 5


def test_a_rule_about_the_clients_own_weekdays_keeps_all_laws() -> None:
    assert consent_laws(open_when(on_the_clients_own_weekdays)).worlds == 100


WHENS = ["2026-06-15T10:00:00-05:00", "2026-06-15T00:00:00Z", "2026-06-15T11:59:59Z", "2026-06-20T12:00:00Z", "2026-06-17T23:59:59+14:00"]


@pytest.mark.parametrize("at", WHENS)
def test_each_question_is_also_asked_at_the_edge_of_a_week_end_written_from_both_sides(at: str) -> None:
    asked: list[str] = []

    def decide(case: Json) -> Json:
        asked.append(case["when"]["request"]["at"])
        return plain(case)

    check_law("only_the_distance_in_time_matters", decide, story(permit(), at=at))
    days = {datetime.fromisoformat(each).weekday() for each in asked[-3:-1]}
    assert len(days & {5, 6}) == len(days - {5, 6}) == 1


def test_always_no_breaks_a_law() -> None:
    with pytest.raises(BrokenLaw, match="was all there was, and r1 was withheld"):
        consent_laws(lambda case: {"records": {each["id"]: "deny" for each in case["when"]["request"]["records"]}})


def test_profiles_that_a_policy_does_not_know_are_left_out() -> None:
    asked: list[Any] = []

    def decide(case: Json) -> Json:
        asked.extend(case["given"]["profiles"])
        return plain(case)

    consent_laws(decide, count=60, profiles=["us.42cfr2"], laws=["nothing_by_itself"])
    assert {each for each in asked if isinstance(each, str)} == {"us.42cfr2"}
