"""What a verification promises of itself: total, pure, in words, and never kinder than the refusal of documents."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from recoverycore.errors import DocumentError, InstantError
from recoverycore.escalation import Finding, Protocol, ProtocolDraft, RunFacts, Verification, verify
from recoverycore.escalation.verification.findings import BOUND_LIMITS, CODES, severity
from recoverycore.escalation.verification.times import day_text, length_text
from recoverycore.escalation.verification.ways import REASONS
from recoverycore.escalation.words import words
from tests.escalation.verification.worlds import FROM, HORIZON, MINUTE, PROVIDERS, World, world, worlds

STEP_CHANGES: list[dict[str, Any]] = [
    {"ack_within": None}, {"targets": ()}, {"targets": (), "quorum": "none"}, {"id": "s0"}, {"jump": [{"to": "nowhere"}]},
    {"terminal": True},
]  # fmt: skip
PROTOCOL_CHANGES: list[dict[str, Any]] = [
    {}, {"contact_within": None}, {"debrief": None}, {"exhausted": {}}, {"hold_roles": ["client"]}, {"stand_down_roles": ["peer"]},
    {"rounds": 9}, {"steps": []}, {"triggers": []},
]  # fmt: skip
ENDS: list[dict[str, Any]] = [
    {}, {"always": False}, {"needs_software": True}, {"terminal": False}, {"ack_within": "PT5M"}, {"targets": [{"role": "peer"}]}
]  # fmt: skip


@st.composite
def drafts(draw: st.DrawFn) -> tuple[ProtocolDraft, RunFacts]:
    """A protocol in which something may be wrong, and its facts."""
    made = draw(worlds)
    data = made.protocol.to_data()
    for number, changes in draw(st.dictionaries(st.integers(0, 4), st.sampled_from(STEP_CHANGES), max_size=2)).items():
        if number < len(data["steps"]) - 1:
            data["steps"][number].update(changes)
    data["steps"][-1].update(draw(st.sampled_from(ENDS)))
    data.update(draw(st.sampled_from(PROTOCOL_CHANGES)))
    return ProtocolDraft.model_validate(data), made.facts


@given(drafts())
@settings(max_examples=80, deadline=None)
def test_whatever_somebody_is_writing_gets_an_answer_and_is_never_fit_where_it_would_be_refused(
    drawn: tuple[ProtocolDraft, RunFacts],
) -> None:
    draft, facts = drawn
    found = verify(draft, facts, horizon=HORIZON, providers=PROVIDERS)
    assert found.held_or_terminal == (found.bound is not None)
    assert found.explain()
    assert json.loads(json.dumps(found.to_dict()))["ok"] == found.ok
    try:
        Protocol.model_validate(draft.to_data())
    except DocumentError:
        assert not found.ok


@given(worlds, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_roster_does_not_matter_and_asking_twice_changes_nothing(drawn: World, chance: Any) -> None:
    shifts = list(drawn.facts.team.shifts)
    chance.shuffle(shifts)
    others = drawn.facts.evolve(team=drawn.facts.team.evolve(shifts=tuple(shifts)))
    once, again, shuffled = (
        verify(drawn.protocol, facts, horizon=HORIZON, providers=PROVIDERS) for facts in (drawn.facts, drawn.facts, others)
    )
    assert once == again
    assert (once.bound, set(once.findings)) == (shuffled.bound, set(shuffled.findings))


@given(worlds)
@settings(max_examples=25, deadline=None)
def test_what_covers_a_step_fills_the_horizon_without_a_hole_or_an_overlap(drawn: World) -> None:
    found = verify(drawn.protocol, drawn.facts, horizon=HORIZON)
    for step in drawn.protocol.steps[:-1]:
        rows = [each for each in found.cover if each.step == step.id]
        assert [each.from_ for each in rows] == [HORIZON[0], *(each.to for each in rows[:-1])]
        assert rows[-1].to == HORIZON[1]
        for when in (each for each in found.findings if each.code == "coverage_gap" and each.step == step.id):
            inside = [each for each in rows if each.from_ < when.to and when.from_ < each.to]  # type: ignore[operator]
            assert all(each.kind in ("hole", "quiet") for each in inside)


def one(*steps: dict[str, Any], **settings: Any) -> Verification:
    made = world(*steps, **settings)
    return verify(made.protocol, made.facts, horizon=HORIZON, providers=PROVIDERS)


PEER: dict[str, Any] = {"targets": [{"role": "peer"}]}


def test_an_error_is_told_as_the_shortest_way_into_it_with_days_and_lengths() -> None:
    lines = one(PEER, {"targets": [{"role": "chaplain"}]}).explain().splitlines()
    start = lines.index("Error unfillable_step: `s1` never has anybody to ask")
    assert lines[start + 1 : start + 6] == [
        "  To mend it: put somebody on the roster as chaplain: nobody is ever on duty as that.",
        "  Fri 2026-03-06 00:00  at once: `s0` begins and asks peer",
        "  Fri 2026-03-06 00:05  after 5 min: nobody having answered, `s1` begins and asks chaplain",
        "  Fri 2026-03-06 00:05  after 5 min: nobody was on duty as chaplain",
        "  Fri 2026-03-06 00:05  after 5 min: `s1` never has anybody to ask",
    ]


def test_a_night_without_anybody_is_told_as_the_step_machine_would_live_through_it() -> None:
    shift = {"person": "ana", "role": "peer", "from": "08:00", "to": "20:00", "zone": "America/New_York"}
    lines = one(PEER, shifts=[shift]).in_zone("America/New_York").explain().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("Error no_human_interval"))
    assert lines[start].endswith("first from Thu 2026-03-05 20:00 to Fri 2026-03-06 08:00")
    assert lines[start + 4] == "  Thu 2026-03-05 20:00  at once: nobody was on duty as peer"
    assert "step end, which needs nobody and no software, was shown" in lines[start + 6]
    assert "the alarm found nobody on duty as" in lines[start + 7]


def test_a_protocol_that_waits_for_ever_has_no_bound_and_says_so() -> None:
    made = world(PEER)
    draft = ProtocolDraft.model_validate({**made.protocol.to_data(), "steps": [{"id": "s0", **PEER}, made.protocol.steps[-1].to_data()]})
    found = verify(draft, made.facts, horizon=HORIZON, providers=PROVIDERS)
    assert found.bound is None
    assert found.witness == ()
    assert "it may wait for ever" in found.explain()


def test_a_jump_to_nowhere_is_never_played_also_where_the_step_is_told_only_that_nobody_may_hold() -> None:
    made = world(PEER)
    data = {**made.protocol.to_data(), "hold_roles": ["supervisor"]}
    data["steps"][0]["jump"] = [{"to": "nowhere"}]
    found = verify(ProtocolDraft.model_validate(data), made.facts, horizon=HORIZON, providers=PROVIDERS)
    assert {"cannot_hold", "no_human_interval"} <= {each.code for each in found.errors}
    assert found.explain()


def test_a_jump_to_nowhere_from_a_terminal_step_is_told_too() -> None:
    data = world(PEER, PEER).protocol.to_data()
    data["steps"][0].update(terminal=True, jump=[{"to": "s11"}])
    data["steps"][-1]["jump"] = [{"to": "nowhere"}]
    found = verify(ProtocolDraft.model_validate(data), world(PEER).facts, horizon=HORIZON, providers=PROVIDERS)
    assert [each.step for each in found.errors if each.code == "unknown_jump"] == ["s0", "end"]
    assert "To mend it: let the `jump` of `s0` lead to a step that is there: `s0`, `s1` and `end`. Did you mean `s1`?" in found.explain()


def test_whoever_has_no_channel_of_the_step_is_told_also_where_others_cover_it() -> None:
    made = world({"targets": [{"role": "peer"}, {"person": "dev"}]})
    people = {name: each.evolve(channels=("pager",)) if name == "dev" else each for name, each in made.facts.team.persons.items()}
    facts = made.facts.evolve(team=made.facts.team.evolve(persons=people))
    found = verify(made.protocol, facts, horizon=HORIZON, providers=PROVIDERS)
    assert found.ok
    assert [(each.code, each.step, each.target) for each in found.findings] == [("no_safe_channel", "s0", "dev")]


def test_a_step_that_leaves_no_time_at_all_is_told() -> None:
    found = one(PEER, {**PEER, "ack_within": "PT0S"}, {"targets": [{"client": True}], "quorum": "none", "ack_within": "PT0S"})
    assert [(each.code, each.severity, each.step) for each in found.findings] == [("deadline_already_passed", "warning", "s1")]


def codes_with(jump: list[dict[str, Any]]) -> set[tuple[str, str | None]]:
    """What is found where the first of two steps has these jump rules; the roster is sound."""
    made = world(PEER, {"targets": [{"role": "case_manager"}]})
    data = made.protocol.to_data()
    data["steps"][0]["jump"] = jump
    found = verify(ProtocolDraft.model_validate(data), made.facts, horizon=HORIZON, providers=PROVIDERS)
    return {(each.code, each.step) for each in found.findings}


def test_a_rule_after_one_that_takes_everything_is_no_way() -> None:
    assert codes_with([{"to": "s1"}, {"on": ["manual"], "to": "s0"}]) == set()
    assert codes_with([{"to": "end"}, {"on": ["raised"], "to": "s1"}]) == {("unreachable_step", "s1")}
    assert ("dead_end", "s0") in codes_with([{"to": "s0"}, {"on": ["manual"], "to": "end"}])


def test_a_reason_that_an_earlier_rule_names_is_taken_also_where_nothing_brings_it_by_itself() -> None:
    assert codes_with([{"on": ["manual"], "to": "s1"}, {"on": ["manual"], "to": "s0"}]) == set()
    assert ("cyclic_jump", "s0") in codes_with([{"on": ["manual"], "min_level": 4, "to": "s1"}, {"on": ["manual"], "to": "s0"}])


def test_quiet_hours_that_never_end_are_a_dead_end() -> None:
    always = {"from": "00:00", "to": "00:00", "zone": "America/New_York"}
    told = {"targets": [{"person": "dev"}], "quorum": "none"}
    found = one(told, PEER, level=1, quiet=always, shifts=[])
    assert not found.held_or_terminal
    assert Finding(code="dead_end", severity="error", step="s0") in found.findings
    assert one(told, PEER, level=1, quiet=always).ok  # on duty, `dev` has no quiet hours


def test_a_protocol_full_of_cycles_gets_an_answer_all_the_same() -> None:
    numbers = range(24)
    steps = [
        {"id": f"s{number}", **PEER, "ack_within": "PT1M", "jump": [{"on": ["declined"], "to": f"s{to}"} for to in numbers if to != number]}
        for number in numbers
    ]
    made = world(PEER)
    draft = ProtocolDraft.model_validate({**made.protocol.to_data(), "steps": [*steps, made.protocol.steps[-1].to_data()]})
    found = verify(draft, made.facts, horizon=HORIZON, providers=PROVIDERS)
    assert not found.ok


def test_every_code_has_words_and_a_severity_at_every_level() -> None:
    assert words()["finding"].keys() == CODES.keys()
    assert set(REASONS) <= words()["way"].keys()
    assert {severity(code, level) for code in CODES for level in range(5)} == {"error", "warning"}
    assert set(BOUND_LIMITS) == set(range(5))


@pytest.mark.parametrize(
    ("horizon", "name"),
    [
        ((FROM, FROM), "end_before_start"),
        ((FROM, FROM - MINUTE), "end_before_start"),
        ((FROM.replace(tzinfo=None), FROM), "naive_time"),
        ((FROM, FROM + timedelta(days=401)), "bad_time"),
        ((datetime(1, 1, 1, tzinfo=UTC), datetime(1, 1, 8, tzinfo=UTC)), "bad_time"),
    ],
)
def test_a_horizon_that_is_none_is_refused(horizon: tuple[datetime, datetime], name: str) -> None:
    made = world(PEER)
    with pytest.raises(InstantError) as error:
        verify(made.protocol, made.facts, horizon=horizon)
    assert error.value.name == name


def test_a_draft_tells_nothing_of_what_it_holds() -> None:
    assert repr(ProtocolDraft.model_validate(world(PEER).protocol.to_data())) == "ProtocolDraft(id='p')"


def test_lengths_and_days_are_said_as_people_say_them() -> None:
    assert length_text(timedelta(days=1, hours=2, seconds=5)) == "1 d 2 h 5 s"
    assert length_text(timedelta()) == "0 min"
    assert day_text(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "America/New_York") == "Sun 2026-11-01 01:30-0400"
    assert day_text(datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "America/New_York") == "Sun 2026-11-01 01:30-0500"
