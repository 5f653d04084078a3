"""What a directive, a request and the facts may say, and how they are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent import Directive, Facts, Request, Selector
from recoverycore.errors import DocumentError
from tests.consent.papers import POLARITIES, asking, box, directives, paper

if TYPE_CHECKING:
    from recoverycore.ground import Document


def _refused(kind: type[Document], data: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as caught:
        kind.model_validate(data)
    return [(each.name, each.path) for each in caught.value.problems]


def test_a_small_directive_needs_an_id_a_polarity_a_discloser_and_a_box() -> None:
    small = Directive.model_validate(paper())
    assert (small.status, small.form, small.starts, small.permits) == ("active", "specific", None, True)


def test_a_paper_whose_polarity_nobody_knows_does_not_permit() -> None:
    assert not Directive.model_validate({"id": "g1"}).permits
    assert not Directive.model_validate(paper(polarity="both")).permits


@given(directives(st.just("g1"), POLARITIES))
def test_a_directive_survives_being_written_and_read(data: dict[str, Any]) -> None:
    read = Directive.model_validate(data)
    assert Directive.model_validate(read.to_data()) == read
    assert read.to_data() == data


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-06-15", {"kind": "date", "value": "2026-06-14"}),
        ("2026-06-15T10:00:00Z", {"kind": "instant", "value": "2026-06-15T11:59:59+02:00"}),
        ("2026-06-15T12:00:00Z", {"kind": "date", "value": "2026-06-14"}),
        ("2026-06-15", {"kind": "instant", "value": "2026-06-14T10:00:00Z"}),
    ],
)
def test_a_directive_may_not_end_before_it_starts(starts: str, ends: dict[str, str]) -> None:
    assert _refused(Directive, paper(starts=starts, expires=ends)) == [("consent_ends_before_start", "/expires/value")]


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2026-06-15", {"kind": "date", "value": "2026-06-15"}),
        # Somewhere on earth the day is not over yet at this instant, and has not begun at that one.
        ("2026-06-15T11:59:59Z", {"kind": "date", "value": "2026-06-14"}),
        ("2026-06-15", {"kind": "instant", "value": "2026-06-14T10:00:01Z"}),
    ],
)
def test_a_directive_that_may_last_a_moment_is_taken(starts: str, ends: dict[str, str]) -> None:
    assert Directive.model_validate(paper(starts=starts, expires=ends)).id == "g1"


def test_a_suspension_and_a_data_period_may_not_end_before_they_start_either() -> None:
    suspended = paper(suspensions=[{"from": "2026-06-15", "to": "2026-06-14"}])
    assert _refused(Directive, suspended) == [("consent_ends_before_start", "/suspensions/0/to")]
    backwards = paper(boxes=[box(data_period={"start": "2026-06-15", "end": "2026-06-14"})])
    assert _refused(Directive, backwards) == [("consent_ends_before_start", "/boxes/0/data_period/end")]


@pytest.mark.parametrize("field", ["starts", "signed_on"])
def test_a_naive_time_is_refused_in_a_directive(field: str) -> None:
    assert _refused(Directive, paper(**{field: "2026-06-15T10:00:00"})) == [("naive_time", f"/{field}")]


def test_a_naive_time_is_refused_in_a_request() -> None:
    assert _refused(Request, asking(at="2026-06-15T10:00:00")) == [("naive_time", "/at")]


@pytest.mark.parametrize(
    "selector",
    [{}, {"via": "hub"}, {"person": "a", "role": "b"}, {"class": "tpo", "org": "x"}, {"org": "x", "via": "y"}, {"designation": "treating"}],
)
def test_a_selector_that_is_none_or_several_kinds_is_refused(selector: dict[str, str]) -> None:
    assert [name for name, _ in _refused(Selector, selector)] == ["one_selector_kind"]


@pytest.mark.parametrize(
    "selector",
    [
        {"org": "x"},
        {"person": "a", "org": "x"},
        {"role": "b"},
        {"role": "b", "org": "x"},
        {"class": "c"},
        {"designation": "treating", "via": "h"},
    ],
)
def test_every_kind_of_selector_is_taken(selector: dict[str, str]) -> None:
    assert Selector.model_validate(selector).to_data() == selector


def test_one_word_where_a_list_is_meant_is_one_problem() -> None:
    assert _refused(Directive, paper(boxes=[box(labels="SUD")])) == [("not_listed", "/boxes/0/labels")]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"purposes": ["*"]}, "/purposes/0"),
        ({"action": "*"}, "/action"),
        ({"records": [{"id": "r1", "labels": ["*"]}]}, "/records/0/labels/0"),
        ({"records": [{"id": "r1", "category": "*"}]}, "/records/0/category"),
    ],
)
def test_a_request_names_single_values(fields: dict[str, Any], path: str) -> None:
    assert _refused(Request, asking(**fields)) == [("star_is_no_value", path)]


def test_two_records_of_one_id_are_refused() -> None:
    assert _refused(Request, asking(records=[{"id": "r1"}, {"id": "r1"}])) == [("duplicate_id", "/records/1/id")]


def test_an_event_is_dated_or_still_ahead_or_unknown() -> None:
    events = {"a": "2026-06-15", "b": "2026-06-15T10:00:00Z", "c": None, "d": "unknown"}
    assert Facts.model_validate({"events": events}).to_data() == {"events": events}
    assert [name for name, _ in _refused(Facts, {"events": {"a": "soon"}})] == ["bad_time"]


def test_a_revocation_for_nobody_is_refused() -> None:
    nobody = paper(revocations=[{"at": "2026-06-15", "recipients": []}])
    assert _refused(Directive, nobody) == [("blank", "/revocations/0/recipients")]


def test_a_directive_shows_nothing_but_its_id() -> None:
    assert repr(Directive.model_validate(paper("c1"))) == "Directive(id='c1')"
