"""A decision in plain words: each code that the core knows has some, and a code that nobody knows is shown as it is."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, get_args

import pytest

from recoverycore.consent.coverage import AXES
from recoverycore.consent.outcome import Timing, Verdict
from recoverycore.consent.telling import telling
from recoverycore.ground.sentences import sentences
from tests.consent.law_papers import LAW
from tests.consent.papers import box, decided, paper
from tests.consent.test_law import DENY, GOOD, SEALED, under

if TYPE_CHECKING:
    from recoverycore.consent.telling import Telling

WORDS = sentences("recoverycore.consent")
CORE_DUTIES = (
    "minimum_necessary", "redact", "non_revealing_refusal", "log_disclosure", "log_access", "override_of", "report_plugin_error",
    "report_plugin_conflict", "warn_overlapping_grant", "alert_privacy_officer",
)  # fmt: skip


def told(*papers: Any, **world: Any) -> Telling:
    return telling(under(*papers, **world))


@pytest.mark.parametrize(
    ("section", "codes"),
    [("axis", AXES), ("verdict", get_args(Verdict)), ("timing", get_args(Timing)), ("duty", CORE_DUTIES)],
)
def test_each_code_of_the_core_has_words(section: str, codes: tuple[str, ...]) -> None:
    assert set(codes) <= WORDS[section].keys()


def test_a_sentence_asks_for_nothing_but_a_name() -> None:
    fields = {field for section in WORDS.values() for text in section.values() for _, field, _, _ in string.Formatter().parse(text)}
    assert fields <= {None, "name"}


@pytest.mark.parametrize(
    ("papers", "world", "words"),
    [
        ([], {}, "nothing permits it"),
        ([paper(**GOOD)], {}, "directive g1 permits it"),
        ([paper(**GOOD), DENY], {}, "directive d1 denies it"),
        ([paper(**GOOD)], {"records": SEALED}, "bar sealed holds it back"),
        ([paper(**GOOD)], {"purposes": []}, "no purpose was named"),
        ([paper(**GOOD)], {"profiles": (LAW, "gone")}, "a profile that was named is not there"),
    ],
)
def test_what_decided_is_told_with_its_name(papers: list[Any], world: dict[str, Any], words: str) -> None:
    [record] = told(*papers, **world).records
    assert [each.words for each in record.because] == [words]


def test_a_request_for_no_record_tells_why_as_a_whole() -> None:
    assert [each.words for each in told(records=[]).because] == ["no record was asked for"]


def test_near_misses_come_nearest_first_and_only_of_what_is_withheld() -> None:
    far = paper("c9", **GOOD, boxes=[box(purposes=["payment"], recipients=[{"org": "org:else"}])])
    near = paper("c8", **GOOD, boxes=[box(purposes=["payment"])])
    found = told(far, near).near_misses
    assert [(each.directive, [axis.code for axis in each.axes]) for each in found] == [
        ("c8", ["purpose"]),
        ("c9", ["recipient", "purpose"]),
    ]
    assert told(far, near, paper(**GOOD)).near_misses == ()


def test_a_form_that_does_not_hold_says_what_is_wrong_with_it() -> None:
    [miss] = told(paper(**GOOD, missing_elements=["date"])).near_misses
    assert "date" in next(axis.words for axis in miss.axes if axis.code == "form")


def test_a_code_that_nobody_knows_is_shown_without_its_underlines() -> None:
    duties = {each.what.code: each.what.words for each in told(paper(**GOOD)).duties}
    unknown = duties.keys() - WORDS["duty"].keys()
    assert unknown
    assert {code: duties[code] for code in unknown} == {code: code.replace("_", " ") for code in unknown}


def test_a_time_is_told_on_the_clock_of_the_client() -> None:
    assert dict(telling(decided([], zone="America/New_York")).question)["at"] == "2026-06-15T08:00:00-04:00"
    assert dict(telling(decided([], zone=None)).question)["at"] == "2026-06-15T12:00:00Z"


def test_a_deadline_is_told_on_the_clock_of_the_client() -> None:
    [call_back] = [each for each in told(purposes=["rescue"]).duties if each.what.code == "call_back"]
    assert (call_back.timing, call_back.until) == ("afterwards", "2026-06-17T12:00:00Z")
