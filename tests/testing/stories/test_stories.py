"""Stories: the ones that come along hold, in every way; and whatever is wrong in one is noticed and told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.errors import Conflict, DocumentError, NotFound, RecoveryError
from recoverycore.plans import AnniversaryWindow, DateWindow
from recoverycore.testing.stories import WAYS, Story, load_story, run_story, shipped_stories, story_from, ways_of
from tests.suite.judge_stories import run

if TYPE_CHECKING:
    from pathlib import Path

JAMAL = load_story("jamal")
STORY = load_story("monique")
MOVED = load_story("monique", moved_by=371)
VARIANTS = [None, *(each.id for each in STORY.variants)]
CALL = 1
"""The step in which the code word comes."""


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("way", ways_of(STORY))
def test_monique_and_her_variants_come_out_the_same_in_every_way(variant: str | None, way: Any) -> None:
    result = run_story(MOVED if way == "a_year_on" else STORY, variant=variant, way=way)
    assert result.broken == ()
    assert result.steps > 1


@pytest.mark.parametrize("way", WAYS)
def test_jamal_comes_out_the_same_in_every_way(way: Any) -> None:
    result = run_story(load_story("jamal", moved_by=371) if way == "a_year_on" else JAMAL, way=way)
    assert result.broken == ()
    assert result.steps >= 8


def test_the_judge_counts_every_way_of_every_variant(tmp_path: Path) -> None:
    file = tmp_path / "story.json"
    file.write_text(
        Story.model_validate(changed(("steps",), STORY.to_data()["steps"][:1]) | {"variants": []}).model_dump_json(
            by_alias=True, exclude_unset=True
        )
    )
    assert run(file) == (len(ways_of(STORY)), [])


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The story's data with `value` at `path`."""
    data = STORY.to_data()
    here: Any = data
    for part in path[:-1]:
        here = here.setdefault(part, {}) if isinstance(here, dict) else here[part]
    here[path[-1]] = value
    return data


WRONG: dict[str, tuple[int, Any]] = {
    "told": (CALL, [{"to": "cm_quinn", "why": "r_code"}]),
    "runs": (CALL, {"r_code": {"status": "held"}}),
    "open_runs": (CALL, 2),
    "clocks": (CALL, [{"kind": "acknowledge", "owner": "cm_quinn"}]),
    "no_clocks": (CALL, ["acknowledge"]),
    "owed": (CALL, [{"kind": "same_day_slot", "owner": "peer_ade"}]),
    "may_see": (CALL, [{"who": "friend_bea", "what": ["goals"], "purpose": "crisis", "released": ["goals"]}]),
    "lines": (CALL, {"open": ["line_day"]}),
    "offers": (CALL, [{"why": "r_code", "lines": ["line_day"]}]),
    "windows_active": (CALL, []),
    "plans": (CALL, {"safety": {"n": 4}}),
    "used": (CALL, [{"entry": "mm1", "status": "done"}]),
    "open_means": (CALL, []),
    "check_ins": (CALL, {"state": "answered"}),
    "still_owed": (CALL, []),
    "goals": (CALL, {"g_sober": {"met": 1}}),
    "slips": (CALL, [{"id": "e_slip"}]),
    "unchanged": (CALL, ["client", "obligation"]),
    "plan_at": (CALL, [{"kind": "safety", "at": "2026-10-01T09:00:00Z", "n": 4}]),
    "plan_warnings": (CALL, [{"entry": "pa2"}]),
    "audit": (CALL, [{"what": "never_happened"}]),
    "terminal": (CALL, [{"phase": "final"}]),
    "measures": (CALL, {"minutes_to_human": 3}),
    "never_in_messages": (CALL, ["please open the app"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_expectation_of_any_kind_is_noticed_with_its_step(name: str) -> None:
    step, value = WRONG[name]
    story = Story.model_validate(changed(("steps", step, "expect", name), value))
    broken = run_story(story, until=story.steps[step].at).broken
    assert [(each.at, each.where.split("/")[0]) for each in broken] == [(story.steps[step].at, name)]
    assert broken[0].to_dict()["where"] == broken[0].where in str(broken[0])


def test_every_kind_of_expectation_has_a_wrong_one_above() -> None:
    from recoverycore.testing.stories.expectations import Expect

    assert set(WRONG) == set(Expect.model_fields)


def test_a_message_too_many_is_noticed_too() -> None:
    story = Story.model_validate(changed(("steps", CALL, "expect", "told"), []))
    assert [each.where for each in run_story(story, until=story.steps[CALL].at).broken] == ["told"]


def test_civil_times_are_those_of_the_storys_zone() -> None:
    assert STORY.steps[0].at == datetime(2026, 11, 2, 9, tzinfo=UTC)
    summer = changed(("zone",), "America/Chicago") | {"variants": []}
    summer["steps"] = [{"at": "2026-07-01T09:00"}]
    assert story_from(summer, text_only=False).steps[0].at == datetime(2026, 7, 1, 14, tzinfo=UTC)


def test_a_story_moved_by_weeks_moves_its_yearly_dates_along() -> None:
    assert MOVED.steps[0].at - STORY.steps[0].at == timedelta(days=371)
    window = MOVED.start.windows[0]
    assert isinstance(window, AnniversaryWindow)
    assert (window.month, window.day) == (11, 11)
    assert len(MOVED.steps) == len(STORY.steps) - 1


def test_the_wall_times_of_a_window_stay_civil_and_move_with_the_rest() -> None:
    window = {"id": "w", "kind": "date", "start": "2026-11-06T18:00", "end": "2026-11-06T24:00", "zone": "Asia/Kolkata"}
    moved = story_from(changed(("start", "windows"), [window]), text_only=False, moved_by=7).start.windows[0]
    assert isinstance(moved, DateWindow)
    assert (moved.start, moved.end) == ("2026-11-13T18:00", "2026-11-13T24:00")


def test_a_run_that_goes_on_judges_only_what_is_new(tmp_path: Path) -> None:
    first = run_story(STORY, path=tmp_path / "s.db", until=STORY.steps[3].at)
    rest = run_story(STORY, path=tmp_path / "s.db")
    again = run_story(STORY, path=tmp_path / "s.db")
    assert (first.steps, rest.steps, again.steps) == (4, len(STORY.steps) - 4, 0)
    assert first.broken == rest.broken == again.broken == ()


def test_a_file_that_holds_another_story_is_refused(tmp_path: Path) -> None:
    run_story(STORY, path=tmp_path / "s.db", until=STORY.steps[0].at)
    with pytest.raises(Conflict) as caught:
        run_story(Story.model_validate(changed(("start", "client", "pronouns"), "she")), path=tmp_path / "s.db")
    assert caught.value.name == "command_id_reused"


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a field nobody knows": (changed(("stepps",), []), "unknown_field"),
    "a time without meaning": (changed(("steps", 0, "at"), "soon"), "bad_time"),
    "an unknown zone": (changed(("zone",), "Europe/Atlantis"), "bad_zone"),
    "steps out of order": (changed(("steps",), STORY.to_data()["steps"][::-1]), "steps_out_of_order"),
    "no steps": (changed(("steps",), []), "blank"),
    "an act nobody knows": (changed(("steps", 0, "do"), [{"act": "dance"}]), "not_listed"),
    "no terminal step": (changed(("start", "protocols", 0, "steps", 4, "terminal"), False), "no_terminal"),  # noqa: FBT003 - a value
    "consent that ends before it starts": (
        changed(("start", "directives", 0, "expires"), {"kind": "date", "value": "2020-01-01"}),
        "consent_ends_before_start",
    ),
    "two members alike": (changed(("start", "team", "members", 1, "id"), "peer_ade"), "duplicate_member"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_in_a_story_is_told_with_its_place_and_the_next_step(case: str) -> None:
    data, name = BAD[case]
    with pytest.raises(RecoveryError) as caught:
        story_from(data, text_only=False)
    problem = next(each for each in caught.value.problems if each.name == name)
    assert problem.hint


def test_an_unknown_person_in_a_target_is_told_before_the_story_begins() -> None:
    story = Story.model_validate(changed(("start", "protocols", 0, "steps", 0, "targets"), [{"person": "peer_aed"}]))
    with pytest.raises(DocumentError) as caught:
        run_story(story)
    found = [(each.name, each.did_you_mean) for each in caught.value.problems]
    assert found[0] == ("unknown_target", "peer_ade")
    assert {name for name, _ in found[1:]} == {"protocol_unproved"}
    assert caught.value.problems[0].path.startswith("/data/start/rules/r_code/steps/0")


@pytest.mark.parametrize("name", ["services", "directives", "windows", "code_words", "protocols", "rules"])
def test_two_documents_with_one_id_are_told(name: str) -> None:
    first = STORY.to_data()["start"][name][0]
    with pytest.raises(DocumentError) as caught:
        Story.model_validate(changed(("start", name), [first, first]))
    assert [(each.name, each.path) for each in caught.value.problems] == [("duplicate_id", f"/start/{name}/1/id")]


@pytest.mark.parametrize(
    ("act", "name"),
    [
        ({"act": "event", "type": "ack", "by": "peer_ade"}, "no_such_run"),
        ({"act": "book", "kind": "same_day_slot", "slot": "2026-11-03T10:00:00Z", "with": "x", "by": "y"}, "nothing_owed"),
        ({"act": "revise", "kind": "wellness", "authors": ["client"], "reason": "new"}, "unknown_document"),
    ],
)
def test_an_act_without_what_it_needs_is_told(act: dict[str, Any], name: str) -> None:
    with pytest.raises(NotFound) as caught:
        run_story(Story.model_validate(changed(("steps", 0, "do"), [act])), until=STORY.steps[0].at)
    assert caught.value.name == name


def test_a_variant_or_story_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFound) as caught:
        run_story(STORY, variant="another")
    assert caught.value.name == "unknown_variant"
    with pytest.raises(NotFound) as caught:
        load_story("nobody")
    assert caught.value.name == "no_story"
    assert "monique" in shipped_stories()


@pytest.mark.parametrize("fault", ["raises", "exits", "rubbish", "coroutine", "nothing"])
def test_a_plugin_of_the_story_that_breaks_never_stops_it(fault: str) -> None:
    story = Story.model_validate(changed(("steps", CALL, "faults"), {"local_lines": fault}))
    broken = run_story(story, until=story.steps[CALL].at).broken
    assert {each.where.split("/")[0] for each in broken} <= {"lines", "offers"}


def written(zone: str | None = "Europe/London", **step: Any) -> dict[str, Any]:
    start = {"programme": {"id": "p", "zone": "Europe/London"}, "client": {"id": "c"}}
    steps = [{"at": "2026-05-04T18:00"}, {"at": "2026-05-05T18:00", **step}]
    return {"schema": "recoverycore/story", "version": 1, "data": {"id": "s", "title": "t", "zone": zone, "start": start, "steps": steps}}


@pytest.mark.parametrize("time", ["2026-09-31T09:00", "2026-02-30T10:00", "2026-05-05T25:00", "2026-13-01T10:00"])
def test_a_time_no_calendar_has_is_told_with_its_place(time: str) -> None:
    with pytest.raises(RecoveryError) as caught:
        story_from(written(at=time))
    assert [(each.name, each.path) for each in caught.value.problems] == [("bad_time", "/data/steps/1/at")]


@pytest.mark.parametrize(("zone", "name"), [(None, "missing_field"), ("Europe/Atlantis", "bad_zone")])
def test_a_story_without_a_zone_is_told_so_and_nothing_else(zone: str | None, name: str) -> None:
    with pytest.raises(RecoveryError) as caught:
        story_from(written(zone))
    assert [(each.name, each.path) for each in caught.value.problems] == [(name, "/data/zone")]


def test_what_goes_wrong_in_a_step_is_told_with_the_place_of_its_act() -> None:
    do = [{"act": "report", "kind": "check_in"}, {"act": "discharge", "kind": "review", "by": "x"}]
    with pytest.raises(NotFound) as caught:
        run_story(story_from(written(do=do)))
    assert [(each.name, each.path) for each in caught.value.problems] == [("nothing_owed", "/data/steps/1/do/1")]


def test_a_list_is_not_called_empty_because_something_in_it_is_wrong() -> None:
    with pytest.raises(RecoveryError) as caught:
        story_from(written(expects={}))
    assert [each.name for each in caught.value.problems] == ["unknown_field"]


def test_a_goal_that_nobody_has_is_named_and_numbers_are_shown_as_numbers() -> None:
    steps = JAMAL.to_data()["steps"][:1]
    steps[0]["expect"] = {"goals": {"g_sobr": {"met": 1}, "g_sober": {"met": 2}}}
    data = {**JAMAL.to_data(), "steps": steps}
    broken = {each.where: (each.expected, each.got) for each in run_story(Story.model_validate(data)).broken}
    assert broken == {"goals/g_sobr": ("a goal g_sobr", ["g_calm", "g_sober"]), "goals/g_sober": ({"met": 2}, {"met": 1})}
