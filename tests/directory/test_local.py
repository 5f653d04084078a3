"""Protocols and rules of a place: merged like lines, looked up by region, kind, language and instant, and never nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.directory import DirectorySettings, LocalAnswer, LocalDocument, built_in_local, local_lookup, local_merge
from recoverycore.errors import DocumentError, problem

AT = datetime(2026, 6, 2, 17, tzinfo=UTC)
RULE = {"id": "r", "when": {"event": "code_word"}}


def document(identifier: str, **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "kind": "rule", "region": "US", "verified_on": "2026-05-20", "data": RULE, **fields}


def read(*documents: dict[str, Any]) -> list[LocalDocument]:
    return [LocalDocument.model_validate(each) for each in documents]


def look(*documents: dict[str, Any], region: str = "US-MN-053", **asked: Any) -> LocalAnswer:
    return local_lookup(read(*documents), **{"region": region, "kind": "rule", "at": AT, **asked})


def ids(listed: Any) -> list[str]:
    return [each.document.id for each in listed]


regions = st.sampled_from(["001", "US", "US-MN", "US-WI", "CA"])
days = st.sampled_from([None, "2024-01-01", "2026-05-20", "2026-07-01"])
drawn = st.builds(
    document,
    st.sampled_from("abcd"),
    region=regions,
    verified_on=days,
    valid_until=days,
    valid_from=days,
    kind=st.sampled_from(["rule", "protocol"]),
    languages=st.sampled_from([None, ["en"], ["es"]]),
    floor=st.booleans(),
)


@given(st.lists(drawn, max_size=5, unique_by=lambda each: each["id"]), regions, st.sampled_from(["rule", "protocol"]), st.randoms())
def test_the_answer_is_never_empty_and_no_order_matters(given_: list[Any], region: str, kind: Any, random: Any) -> None:
    asked: dict[str, Any] = {"region": region, "kind": kind, "at": AT, "language": "en"}
    found = local_lookup(read(*given_), **asked)
    assert found.primary
    assert found == local_lookup(read(*random.sample(given_, len(given_))), **asked)
    assert not set(ids(found.primary)) & set(ids(found.also))


def test_the_nearest_stands_first_then_by_priority_and_id() -> None:
    found = look(document("a"), document("b", priority=50), document("c", region="US-MN"), document("d", region="US-WI"))
    assert ids(found.primary) == ["c", "b", "a"]
    assert ids(found.also) == ["floor.rule"]
    assert not found.fallback


def test_another_kind_is_not_found() -> None:
    assert ids(look(document("a", kind="protocol")).primary) == ["floor.rule"]


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"valid_until": "2026-06-01"}, "expired"),
        ({"valid_from": "2026-06-03"}, "not_yet_valid"),
        ({"verified_on": "2026-07-01"}, "verified_in_future"),
        ({"languages": ["es"]}, "language"),
    ],
)
def test_what_does_not_hold_stands_behind_the_floor_with_a_warning(fields: dict[str, Any], warning: str) -> None:
    found = look(document("a", **fields), language="en")
    assert (ids(found.primary), ids(found.also), found.fallback) == (["floor.rule"], ["a"], True)
    assert found.also[0].warnings == (warning,)


def test_what_nobody_has_looked_at_for_long_stands_before_the_floor_where_nothing_is_fresh() -> None:
    found = look(document("a", verified_on="2025-06-01"), document("b", verified_on=None))
    assert ids(found.primary) == ["a", "b", "floor.rule"]
    assert [each.warnings for each in found.primary] == [("stale",), ("unverified",), ("unverified",)]
    assert ids(look(document("a", verified_on="2025-06-02")).primary) == ["a"]


def test_a_floor_of_the_hosts_own_takes_the_place_of_the_librarys() -> None:
    assert ids(look(document("own", region="001", floor=True, verified_on=None)).primary) == ["own"]


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(DocumentError.__mro__[1], match="naive_time"):
        look(at=datetime(2026, 6, 2))  # noqa: DTZ001 - that is the mistake


def merged(plugins: dict[str, list[Any]], host: list[Any] | None = None, **more: Any) -> Any:
    return local_merge(plugins, host or [], **{"check": lambda _: (), **more})


def test_the_host_goes_before_plugins_and_they_before_nobody() -> None:
    found = merged({"us": [document("a"), document("b")]}, [document("a", title="ours")])
    assert found.given_by == {"a": ("host",), "b": ("us",), "floor.protocol": ("floor",), "floor.rule": ("floor",)}


def test_two_plugins_that_contradict_each_other_are_both_left_out() -> None:
    found = merged({"us": [document("a")], "x": [document("a", title="b")]})
    assert [(each.code, each.id, each.given_by) for each in found.reports] == [("conflict", "a", "us,x")]
    assert "a" not in found.given_by


def test_the_steps_of_a_protocol_have_an_order() -> None:
    one, other = ({**RULE, "categories": each} for each in (["a", "b"], ["b", "a"]))
    assert [each.code for each in merged({"us": [document("a", data=one)], "x": [document("a", data=other)]}).reports] == ["conflict"]


def test_a_plugin_replaces_the_floor_only_where_the_host_says_so() -> None:
    taken = [document("floor.rule", title="ours")]
    assert [each.code for each in merged({"us": taken}).reports] == ["floor_protected"]
    allowed = merged({"us": taken}, settings=DirectorySettings(allow_floor_override=("floor.rule",)))
    assert allowed.given_by["floor.rule"] == ("us",)


def test_what_holds_something_wrong_is_left_out_and_told() -> None:
    found = merged({"us": [document("a"), document("b")]}, check=lambda each: (problem("blank", "/data"),) if each.id == "a" else ())
    assert [(each.code, each.id, [one.path for one in each.problems]) for each in found.reports] == [("invalid", "a", ["/data"])]
    assert "b" in found.given_by


def test_the_floor_has_one_of_each_kind() -> None:
    assert {each.kind for each in built_in_local()} == {"protocol", "rule"}
    assert all(each.floor and each.region == "001" for each in built_in_local())
