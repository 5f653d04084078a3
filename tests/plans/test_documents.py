"""Plans as documents: what never stands in one, and what a plan always is."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.errors import DocumentError
from recoverycore.plans import AnniversaryWindow, Content, Entry, History


def refused(kind: type[Any], data: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as caught:
        kind.model_validate(data)
    assert "canary" not in str(caught.value)
    return [(each.name, each.path) for each in caught.value.problems]


@pytest.mark.parametrize("name", ["location", "combination", "serial", "key_holder", "make", "model", "quantity", "storage"])
def test_how_means_are_kept_is_never_written_down(name: str) -> None:
    assert refused(Entry, {"id": "m", "means": {name: "canary"}})[0][0] == "means_detail_forbidden"


@pytest.mark.parametrize("where", [{"code_word": "canary"}, {"contact": {"code_word": "canary"}}])
def test_a_code_word_never_stands_in_a_plan(where: dict[str, Any]) -> None:
    assert refused(Entry, {"id": "e", **where})[0][0] == "code_word_text_present"


def test_an_entry_is_one_thing() -> None:
    assert refused(Entry, {"id": "e", "contact": {}, "place": {}}) == [("entry_is_one_thing", "")]


def test_going_straight_to_emergency_help_is_always_possible() -> None:
    assert refused(Content, {"skip_to_emergency": False}) == [("skip_to_emergency_fixed", "/skip_to_emergency")]


def test_two_entries_with_one_id_are_refused_across_sections() -> None:
    entry = {"entries": [{"id": "same"}]}
    assert refused(Content, {"sections": {"own_coping": entry, "warning_signs": entry}}) == [("duplicate_entry", "/sections")]


def test_the_words_of_a_plan_show_in_no_repr() -> None:
    entry = Entry.model_validate({"id": "e", "words": "canary"})
    assert "canary" not in f"{entry!r} {entry} {Content(activities=(entry,))!r}"


def test_one_revision_of_a_kind_is_active() -> None:
    active = {"kind": "safety", "state": "active", "drafted_at": "2026-01-01T00:00:00Z"}
    assert refused(History, {"revisions": [{**active, "n": 1}, {**active, "n": 2}]}) == [("two_active", "/revisions")]
    assert refused(History, {"revisions": [{**active, "n": 1}, {**active, "n": 1, "state": "draft"}]}) == [
        ("duplicate_revision", "/revisions")
    ]


def test_a_window_is_on_a_day_that_some_year_has() -> None:
    assert refused(AnniversaryWindow, {"id": "w", "month": 2, "day": 30}) == [("no_such_date", "/day")]
    assert AnniversaryWindow(id="w", month=2, day=29).leap == "both"
