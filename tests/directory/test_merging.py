"""The merge: host over plugins over the floor, and a floor that stands whatever anybody contributes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.directory import DirectoryEntry, DirectorySettings, Merged, directory_merge
from recoverycore.errors import DocumentError
from tests.directory.strategies import IDS, documents

FLOOR = DirectoryEntry.model_validate(
    {
        "id": "a",
        "name": "the floor",
        "region": "001",
        "service_kinds": ["emergency"],
        "floor": True,
        "channels": [{"id": "call", "hours": "always"}],
    }
)


def line(identifier: str, **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "name": identifier, "region": "US", "service_kinds": ["crisis_line"], "channels": [{"id": "voice"}], **fields}


def removal(identifier: str) -> dict[str, Any]:
    return {"id": identifier, "remove": True}


def reports(merged: Merged) -> list[tuple[str, str | None, str]]:
    return [(each.code, each.id, each.given_by) for each in merged.reports]


def test_an_id_that_no_store_can_keep_is_in_no_report() -> None:
    half_a_pair = "\ud800"
    merged = directory_merge({"us": [line(half_a_pair), removal(half_a_pair)]}, [removal(half_a_pair)], floor=[FLOOR])
    assert reports(merged) == [("invalid", None, "us"), ("nothing_to_remove", None, "host"), ("plugin_cannot_remove", None, "us")]


rubbish = st.one_of(
    st.none(), st.text(max_size=3), st.integers(), st.builds(dict, id=st.sampled_from(IDS)), st.builds(removal, st.sampled_from(IDS))
)
contributions = st.dictionaries(st.sampled_from(["us", "gb", "x"]), st.lists(documents(IDS[:3]) | rubbish, max_size=3), max_size=3)


@given(contributions, st.randoms())
def test_the_order_of_plugins_and_of_their_entries_never_matters(given_by: dict[str, list[Any]], random: Any) -> None:
    names = random.sample(sorted(given_by), len(given_by))
    shuffled = {name: random.sample(given_by[name], len(given_by[name])) for name in names}
    assert directory_merge(shuffled, floor=[FLOOR]) == directory_merge(given_by, floor=[FLOOR])


@given(contributions)
def test_no_plugin_can_take_away_or_change_the_floor(given_by: dict[str, list[Any]]) -> None:
    merged = directory_merge(given_by, floor=[FLOOR])
    assert [each.entry for each in merged.listed if each.entry.floor] == [FLOOR]


@given(contributions, st.lists(rubbish, max_size=3).filter(lambda given: len({str(each) for each in given}) == len(given)))
def test_after_any_merge_the_floor_is_there_and_marked(given_by: dict[str, list[Any]], host: list[Any]) -> None:
    merged = directory_merge(given_by, host, floor=[FLOOR], settings=DirectorySettings(allow_floor_override=("a",)))
    assert next(each.entry.floor for each in merged.listed if each.entry.id == "a")


@given(contributions)
def test_the_directory_has_one_entry_an_id_in_their_order(given_by: dict[str, list[Any]]) -> None:
    ids = [entry.id for entry in directory_merge(given_by, floor=[FLOOR]).entries]
    assert ids == sorted(set(ids))


def test_without_any_hand_there_is_the_librarys_floor() -> None:
    assert [entry.id for entry in directory_merge({}).entries] == ["floor.emergency"]


def test_the_hosts_floor_takes_the_place_of_the_librarys() -> None:
    own = FLOOR.evolve(text="Call 999.")
    assert [entry.id for entry in directory_merge({}, settings=DirectorySettings(floor=(own,))).entries] == ["a"]


def test_two_plugins_may_write_the_same_thing_down_in_another_order() -> None:
    one = line("b", service_kinds=["warm_line", "crisis_line"], channels=[{"id": "voice", "languages": ["en", "es"]}, {"id": "chat"}])
    other = line("b", service_kinds=["crisis_line", "warm_line"], channels=[{"id": "chat"}, {"id": "voice", "languages": ["es", "en"]}])
    merged = directory_merge({"us": [one], "x": [other]})
    assert reports(merged) == []
    assert merged == directory_merge({"x": [one], "us": [other]})


@pytest.mark.parametrize("fields", [{"show_together": ["c", "d"]}, {"x-steps": ["c", "d"]}])
def test_where_an_order_says_something_another_order_is_another_content(fields: dict[str, Any]) -> None:
    turned = {key: value[::-1] for key, value in fields.items()}
    assert reports(directory_merge({"us": [line("b", **fields)], "x": [line("b", **turned)]})) == [("conflict", "b", "us,x")]


def test_two_plugins_that_agree_give_one_entry() -> None:
    merged = directory_merge({"us": [line("b", source="one")], "x": [line("b", source="another", priority=100)]})
    assert [each.given_by for each in merged.listed if each.entry.id == "b"] == [("us", "x")]
    assert merged.reports == ()


def test_a_plugin_that_contradicts_itself_is_not_used() -> None:
    merged = directory_merge({"us": [line("b"), line("b", priority=1)]})
    assert "b" not in {entry.id for entry in merged.entries}
    assert reports(merged) == [("conflict", "b", "us")]


def test_a_host_settles_a_conflict_and_still_learns_of_it() -> None:
    merged = directory_merge({"us": [line("b")], "x": [line("b", priority=1)]}, [line("b", name="ours")])
    assert [each.layer for each in merged.listed if each.entry.id == "b"] == ["host"]
    assert reports(merged) == [("conflict", "b", "us,x")]


def test_a_host_may_let_a_plugin_replace_the_floor_which_stays_a_floor() -> None:
    merged = directory_merge({"us": [line("a")]}, floor=[FLOOR], settings=DirectorySettings(allow_floor_override=("a",)))
    assert [(each.layer, each.entry.name, each.entry.floor) for each in merged.listed] == [("plugin", "a", True)]


def test_a_plugin_cannot_make_a_floor_entry() -> None:
    assert [entry.floor for entry in directory_merge({"us": [line("b", floor=True)]}, floor=[FLOOR]).entries] == [True, False]


def test_a_host_can_make_a_floor_entry() -> None:
    assert [entry.floor for entry in directory_merge({}, [line("b", floor=True)], floor=[FLOOR]).entries] == [True, True]


def test_a_host_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        directory_merge({}, [line("b"), line("b", priority=1)])
    assert [(each.name, each.path) for each in caught.value.problems] == [("duplicate_id", "/host/1/id")]


def test_a_host_that_gives_and_removes_one_id_is_refused() -> None:
    with pytest.raises(DocumentError):
        directory_merge({"us": [line("b")]}, [line("b"), removal("b")])


def test_a_removed_conflict_is_gone_without_a_second_report() -> None:
    merged = directory_merge({"us": [line("b")], "x": [line("b", priority=1)]}, [removal("b")])
    assert reports(merged) == [("conflict", "b", "us,x")]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"region": ""}, "/region"),
        ({"service_kinds": []}, "/service_kinds"),
        ({"channels": []}, "/channels"),
        ({"zone": "+02:00"}, "/zone"),
        ({"channels": [{"id": "voice", "zone": "BST"}]}, "/channels/0/zone"),
    ],
)
def test_a_wrong_entry_is_dropped_and_the_others_stand(change: dict[str, Any], path: str) -> None:
    merged = directory_merge({"us": [line("b", **change), line("c")]}, floor=[FLOOR])
    assert [entry.id for entry in merged.entries] == ["a", "c"]
    assert reports(merged) == [("invalid", "b", "us")]
    assert path in [each.path for each in merged.reports[0].problems]


def test_a_wrong_entry_of_the_host_leaves_what_lies_under_it() -> None:
    merged = directory_merge({"us": [line("b")]}, [line("b", channels=[])])
    assert [each.layer for each in merged.listed if each.entry.id == "b"] == ["plugin"]
    assert reports(merged) == [("invalid", "b", "host")]


def test_an_entry_without_an_id_is_reported_without_one() -> None:
    document = line("b")
    del document["id"]
    assert reports(directory_merge({"us": [document]})) == [("invalid", None, "us")]
