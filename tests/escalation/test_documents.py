from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from recoverycore.errors import DocumentError
from recoverycore.escalation import Protocol, RunFacts, RunState, event_from, open_run, reference_problems
from recoverycore.escalation.documents import Team

Change = Callable[[dict[str, Any]], Any]


def found(model: Any, data: Any) -> list[tuple[str, str]]:
    """Name and place of every problem that `model` finds in `data`."""
    with pytest.raises(DocumentError) as caught:
        model.model_validate(data)
    return [(each.name, each.path) for each in caught.value.problems]


def test_a_sound_protocol_is_taken_and_written_as_it_was_read(crisis: dict[str, Any]) -> None:
    assert Protocol.model_validate(crisis).to_data() == crisis


def test_one_document_with_five_problems_tells_all_five_at_once(crisis: dict[str, Any]) -> None:
    del crisis["contact_within"]
    crisis["steps"][1]["id"] = "first"
    crisis["steps"][0]["jump"] = [{"to": "nowhere"}]
    crisis["steps"][0]["when"] = {"from": "24:00", "to": "17:00", "zone": "America/New_York"}
    crisis["steps"][2]["needs_software"] = True
    assert found(Protocol, crisis) == [
        ("no_contact_clock", "/contact_within"),
        ("unknown_jump", "/steps/0/jump/0/to"),
        ("bad_time", "/steps/0/when/from"),
        ("duplicate_step", "/steps/1/id"),
        ("terminal_needs_software", "/steps/2/needs_software"),
    ]


def test_each_of_several_problems_has_a_code_and_a_next_step(crisis: dict[str, Any]) -> None:
    crisis["steps"].pop()
    del crisis["debrief"], crisis["contact_within"]
    with pytest.raises(DocumentError) as caught:
        Protocol.model_validate(crisis)
    assert [each.code for each in caught.value.problems] == ["RC6006", "RC6007", "RC6003"]
    assert all(each.hint for each in caught.value.problems)


def test_a_slip_in_one_field_hides_no_problem_of_the_whole(crisis: dict[str, Any]) -> None:
    crisis["rounds"] = 10
    crisis["hold_roles"].append("client")
    assert found(Protocol, crisis) == [("outside_holder", "/hold_roles"), ("bad_value", "/rounds")]


BROKEN: list[tuple[str, str, Change]] = [
    ("no_terminal", "/steps", lambda p: p["steps"].pop()),
    ("no_terminal", "/steps", lambda p: p["steps"].clear()),
    ("no_terminal", "/steps/2/terminal", lambda p: p["steps"].append({**p["steps"][2], "id": "again"})),
    ("duplicate_step", "/steps/1/id", lambda p: p["steps"][1].update(id="first")),
    ("unknown_jump", "/steps/1/jump/1/to", lambda p: p["steps"][1].update(jump=[{"to": "end"}, {"to": "ende"}])),
    ("not_listed", "/steps/0/jump/0/on/0", lambda p: p["steps"][0].update(jump=[{"on": ["time_out"], "to": "end"}])),
    ("blank", "/steps/0/targets", lambda p: p["steps"][0].update(targets=[])),
    ("terminal_asks", "/steps/2", lambda p: p["steps"][2].update(targets=[{"role": "peer"}])),
    ("terminal_asks", "/steps/2", lambda p: p["steps"][2].update(ack_within="PT5M")),
    ("terminal_needs_software", "/steps/2/needs_software", lambda p: p["steps"][2].pop("needs_software")),
    ("terminal_not_24_7", "/steps/2/always", lambda p: p["steps"][2].update(always=False)),
    ("no_deadline", "/steps/1/ack_within", lambda p: p["steps"][1].pop("ack_within")),
    ("no_contact_clock", "/contact_within", lambda p: p.pop("contact_within")),
    ("no_debrief", "/debrief", lambda p: p.pop("debrief")),
    ("no_alarm", "/exhausted/alarm_roles", lambda p: p.pop("exhausted")),
    ("no_alarm", "/exhausted/alarm_roles", lambda p: p.update(exhausted={"alarm_roles": []})),
    ("outside_holder", "/hold_roles", lambda p: p.update(hold_roles=["peer", "contact"])),
    ("lower_by_peer", "/stand_down_roles", lambda p: p.update(stand_down_roles=["supervisor", "service"])),
    ("one_target_kind", "/steps/0/targets/0", lambda p: p["steps"][0].update(targets=[{"role": "peer", "person": "dev"}])),
    ("one_target_kind", "/steps/0/targets/0", lambda p: p["steps"][0].update(targets=[{}])),
    ("one_target_kind", "/steps/0/targets/0", lambda p: p["steps"][0].update(targets=[{"client": False}])),
    ("bad_value", "/steps/0/quorum/k", lambda p: p["steps"][0].update(quorum={"k": 0})),
    ("blank", "/steps/0/quorum/roles", lambda p: p["steps"][0].update(quorum={"roles": {}})),
    ("not_listed", "/steps/0/quorum", lambda p: p["steps"][0].update(quorum="most")),
    ("bad_zone", "/steps/0/when/zone", lambda p: p["steps"][0].update(when={"from": "09:00", "to": "17:00", "zone": "EST"})),
    ("bad_duration", "/contact_within", lambda p: p.update(contact_within="PT0S")),
    ("bad_duration", "/exhausted/realarm", lambda p: p["exhausted"].update(realarm="PT0S")),
    ("bad_duration", "/steps/0/repeat/every", lambda p: p["steps"][0].update(repeat={"times": 2, "every": "PT0S"})),
    ("unknown_field", "/steps/0/quorum/?", lambda p: p["steps"][0].update(quorum={"k": 1, "minutes": 3})),
    ("bad_time", "/debrief/due/at", lambda p: p["debrief"]["due"].update(at="noon")),
]


@pytest.mark.parametrize(("name", "place", "change"), BROKEN, ids=[f"{name} at {place}" for name, place, _ in BROKEN])
def test_a_protocol_with_one_slip_tells_that_slip_and_no_other(name: str, place: str, change: Change, crisis: dict[str, Any]) -> None:
    change(crisis)
    assert found(Protocol, crisis) == [(name, place)]


def test_below_a_crisis_a_protocol_needs_neither_deadlines_nor_a_debrief(crisis: dict[str, Any]) -> None:
    for name in ("contact_within", "debrief", "exhausted"):
        del crisis[name]
    del crisis["steps"][0]["ack_within"], crisis["steps"][2]["always"], crisis["steps"][2]["needs_software"]
    assert Protocol.model_validate({**crisis, "level": 2}).level == 2


def test_a_protocol_that_is_changed_is_looked_at_as_a_whole_again(crisis: dict[str, Any]) -> None:
    sound = Protocol.model_validate(crisis)
    with pytest.raises(DocumentError) as caught:
        sound.evolve(steps=sound.steps[:-1], contact_within=None)
    assert [each.name for each in caught.value.problems] == ["no_contact_clock", "no_terminal"]


@pytest.mark.parametrize("junk", [None, 3, "steps", [], {"steps": 3, "level": "high"}, {"steps": [None, 3, []], "level": 3}])
def test_what_is_no_protocol_at_all_is_refused_and_breaks_nothing(junk: Any) -> None:
    assert found(Protocol, junk)


def test_the_terminal_step_is_a_stage_of_its_own_whatever_group_it_names(crisis: dict[str, Any]) -> None:
    crisis["steps"][1]["group"] = crisis["steps"][2]["group"] = "last"
    assert [[step.id for step in stage] for stage in Protocol.model_validate(crisis).stages] == [["first"], ["second"], ["end"]]


SHIFT = {"person": "dev", "role": "peer"}
NINE, FIVE = "2026-03-10T09:00:00Z", "2026-03-10T17:00:00Z"


@pytest.mark.parametrize(
    ("shift", "name", "place"),
    [
        ({"from": "09:00", "to": FIVE}, "mixed_shift", "/shifts/0/to"),
        ({"from": NINE, "to": "17:00", "zone": "UTC"}, "mixed_shift", "/shifts/0/to"),
        ({"from": NINE, "to": FIVE, "days": ["mon"]}, "mixed_shift", "/shifts/0/days"),
        ({"from": NINE, "to": FIVE, "zone": "UTC"}, "mixed_shift", "/shifts/0/zone"),
        ({"from": FIVE, "to": NINE}, "end_before_start", "/shifts/0/to"),
        ({"from": "09:00", "to": "17:00"}, "missing_field", "/shifts/0/zone"),
        ({"from": "24:00", "to": "17:00", "zone": "UTC"}, "bad_time", "/shifts/0/from"),
        ({"from": "2026-03-10T09:00:00", "to": FIVE}, "naive_time", "/shifts/0/from"),
        ({"from": "9", "to": "17:00", "zone": "UTC"}, "bad_time", "/shifts/0/from"),
    ],
)
def test_a_shift_is_two_instants_or_two_wall_times_in_a_zone(shift: dict[str, Any], name: str, place: str) -> None:
    assert found(Team, {"shifts": [{**SHIFT, **shift}]}) == [(name, place)]


@pytest.mark.parametrize("shift", [{"from": NINE, "to": FIVE}, {"from": "22:00", "to": "06:00", "zone": "Europe/London", "days": ["fri"]}])
def test_a_shift_of_either_kind_is_taken(shift: dict[str, Any]) -> None:
    team = {"shifts": [{**SHIFT, **shift}]}
    assert Team.model_validate(team).to_data() == team


def test_all_that_is_wrong_with_one_shift_is_told() -> None:
    shift = {**SHIFT, "from": FIVE, "to": NINE, "days": ["mon"], "zone": "UTC"}
    assert found(Team, {"shifts": [shift]}) == [
        ("mixed_shift", "/shifts/0/days"),
        ("end_before_start", "/shifts/0/to"),
        ("mixed_shift", "/shifts/0/zone"),
    ]


def facts(**more: Any) -> RunFacts:
    shift = {"role": "peer", "from": NINE, "to": FIVE}
    team = {
        "persons": {"ana": {"roles": ["peer"]}, "dev": {}},
        "shifts": [{**shift, "person": "ana"}, {**shift, "person": "sue", "role": "supervisor"}],
    }
    return RunFacts.model_validate({"team": team, **more})


def test_a_person_whom_nobody_knows_is_told_with_the_likely_one(crisis: dict[str, Any]) -> None:
    crisis["steps"][1]["targets"] = [{"person": "devv"}, {"service": "mobile"}, {"contact": "kit"}, {"role": "nurse"}, {"client": True}]
    problems = reference_problems(Protocol.model_validate(crisis), facts(directory={"mobile": {}}))
    assert [(each.name, each.path, each.did_you_mean) for each in problems] == [
        ("unknown_target", "/steps/1/targets/0/person", "dev"),
        ("unknown_target", "/steps/1/targets/2/contact", None),
        ("unknown_role", "/steps/1/targets/3/role", None),
        ("unknown_target", "/team/shifts/1/person", None),
    ]


def test_an_alarm_role_in_which_nobody_ever_is_is_told(crisis: dict[str, Any]) -> None:
    crisis["exhausted"] = {"alarm_roles": ["supervisor", "director"]}
    paths = [each.path for each in reference_problems(Protocol.model_validate(crisis), facts())]
    assert paths == ["/exhausted/alarm_roles/1", "/team/shifts/1/person"]


def test_an_event_without_what_it_needs_is_told_with_every_gap() -> None:
    with pytest.raises(DocumentError) as caught:
        event_from({"type": "hand_over"})
    assert [each.path for each in caught.value.problems] == ["/by", "/to", "/id"]


def test_a_broken_stored_run_is_refused_without_what_it_holds(crisis: dict[str, Any]) -> None:
    data = open_run("R", Protocol.model_validate(crisis), RunFacts()).to_dict()
    broken = copy.deepcopy(data)
    broken["facts"]["team"] = {"persons": {"Bluebird Example": {"roles": 3}}}
    with pytest.raises(DocumentError) as caught:
        RunState.from_dict(broken)
    assert "Bluebird" not in str(caught.value)
    assert RunState.from_dict(data).to_dict() == data
