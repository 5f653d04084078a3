"""Whatever is well formed is applied or refused, and whatever is not is refused when it is read: the step itself never fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from recoverycore.errors import DocumentError, InstantError
from recoverycore.escalation import Protocol, RunFacts, RunState, Terminal, event_from, open_run, step
from recoverycore.ground import utc_text
from recoverycore.testing.escalation.laws import RANKS
from tests.escalation.conftest import TERMINAL
from tests.escalation.world import START, fresh

IDS = ("ana", "ben", "sue", "mobile", "kit", "client", "client-1", "ghost", "system", "auto")
ROLES = ("peer", "supervisor", "nobody_has_this_role")
STEPS = ("s0", "s1", "s2", "s3", "end")
LENGTHS = ("PT0S", "PT1S", "PT5M", "P31D", "P366000D")
TYPES = (
    "trigger", "ack", "decline", "un_ack", "hand_over", "hand_over_confirm", "receipt", "tick", "consent_change", "roster_change",
    "contact_made", "accompany_start", "accompany_end", "escalate", "set_level", "break_glass", "stand_down", "debrief_done", "close",
    "note",
)  # fmt: skip
WINDOW = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["00:00", "02:30", "22:00"]),
        "to": st.sampled_from(["00:00", "02:30", "07:00"]),
        "zone": st.just("Europe/London"),
    }
)
INSTANTS = st.sampled_from(["0001-01-01T00:00:00Z", "2026-03-10T15:03:00Z", "2026-03-29T01:30:00+01:00", "9999-12-31T23:59:59Z"])


def team() -> st.SearchStrategy[dict[str, Any]]:
    person = st.fixed_dictionaries(
        {"roles": st.lists(st.sampled_from(ROLES), max_size=2), "channels": st.lists(st.sampled_from(["app", "sms"]), max_size=2)},
        optional={"quiet": WINDOW, "max_hold_level": st.integers(0, 4)},
    )
    who = {"person": st.sampled_from(IDS), "role": st.sampled_from(ROLES)}
    shift = st.fixed_dictionaries({**who, "from": st.just("2026-03-01T00:00:00Z"), "to": INSTANTS.filter(lambda at: at > "2026-03-02")})
    weekly = st.fixed_dictionaries({**who, "from": st.just("17:00"), "to": st.just("01:30"), "zone": st.just("America/New_York")})
    return st.fixed_dictionaries(
        {"persons": st.dictionaries(st.sampled_from(IDS[:3]), person), "shifts": st.lists(shift | weekly, max_size=4)}
    )


TARGETS = st.one_of(
    st.builds(lambda role: {"role": role}, st.sampled_from(ROLES)),
    st.builds(lambda kind, whom: {kind: whom}, st.sampled_from(["person", "contact", "service"]), st.sampled_from(IDS)),
    st.just({"client": True}),
)


def a_step(number: int) -> st.SearchStrategy[dict[str, Any]]:
    reasons = st.sampled_from([None, ["timeout"], ["declined", "raised"], ["no_recipient", "manual", "ack_timeout"]])
    jump = st.builds(
        lambda on, to, level: {"to": to, "min_level": level} | ({"on": on} if on else {}),
        reasons,
        st.sampled_from(STEPS),
        st.integers(0, 4),
    )
    quorums = st.sampled_from(["any", "all", "none", {"k": 1}, {"k": 9}, {"roles": {"peer": 1}}, {"roles": {"ghost": 2}}])
    return st.fixed_dictionaries(
        {"id": st.just(f"s{number}"), "targets": st.lists(TARGETS, min_size=1, max_size=3), "ack_within": st.sampled_from(LENGTHS)},
        optional={
            "group": st.just("g"), "from": st.sampled_from(["previous", "activation"]), "quorum": quorums, "when": WINDOW,
            "repeat": st.just({"times": 3, "every": "PT2M"}), "jump": st.lists(jump, max_size=2),
            "channels": st.lists(st.sampled_from(["app", "sms", "pigeon"]), max_size=2),
        },
    )  # fmt: skip


PROTOCOLS = st.fixed_dictionaries(
    {
        "id": st.just("p"), "level": st.integers(0, 4), "zone": st.just("America/New_York"), "triggers": st.just(["code_word"]),
        "channels": st.just(["app", "sms"]), "owner_role": st.just("lead"),
        "hold_roles": st.just(["peer", "supervisor", "service"]),
        "stand_down_roles": st.just(["supervisor"]), "break_glass_roles": st.just(["supervisor", "peer"]), "rounds": st.integers(1, 9),
        "contact_within": st.sampled_from(["PT1S", "PT5M"]), "late_catch_up": st.integers(0, 5), "defer_max_level": st.integers(0, 4),
        "exhausted": st.just({"alarm_roles": ["supervisor"], "realarm": "PT10M"}),
        "debrief": st.just({"owner_role": "peer", "due": {"day": 366, "at": "02:30"}}),
        "steps": st.tuples(*(a_step(number) for number in range(4)), st.just(TERMINAL)),
    }
)  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES), "id": st.sampled_from([f"e{number}" for number in range(40)])},
    optional={
        "by": st.sampled_from(IDS), "to": st.sampled_from([*IDS, *STEPS, "nowhere"]), "kind": st.sampled_from(["code_word", "other"]),
        "level": st.integers(0, 4), "client": st.sampled_from(["client-1", "client-2"]), "silent": st.booleans(), "auto": st.booleans(),
        "named_human": st.booleans(), "key": st.sampled_from(["R/1/s0/ana/app/1", "R/1/s1/ben/sms/1", "no such key"]),
        "status": st.sampled_from(RANKS), "human": st.booleans(), "gen": st.integers(0, 9), "team": team(),
        "consent": st.dictionaries(st.sampled_from(IDS), st.just({"contact": "deny"}) | st.just({"contact": "permit"}), max_size=2),
        "safety": st.fixed_dictionaries({}, optional={"dv": st.booleans(), "never_contact": st.lists(st.sampled_from(IDS), max_size=2)}),
        "outcome": st.sampled_from(["reached", "done", "declined_by_client", "odd"]), "basis": st.sampled_from(["in_care", "tired"]),
        "target": st.sampled_from(IDS), "reason": st.sampled_from(["", " ", "so"]), "until": INSTANTS,
        "actions": st.lists(st.fixed_dictionaries({"owner": st.just("peer"), "due": INSTANTS}), max_size=2),
    },
)  # fmt: skip
LATER = st.sampled_from([0, 0, 1, 59, 300, 301, -600, 86_400, 40 * 86_400, 366_000 * 86_400])


@given(PROTOCOLS, team(), st.lists(st.tuples(EVENTS, LATER), max_size=25))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_well_formed_event_is_applied_or_refused_in_every_world(
    protocol: dict[str, Any], people: dict[str, Any], events: list[tuple[dict[str, Any], int]]
) -> None:
    outside = {"channels": ["sms"], "quiet": {"from": "22:00", "to": "07:00", "zone": "Europe/London"}}
    known = {"contacts": {"kit": outside}, "directory": {"mobile": {"channels": ["sms"]}}, "client": {"id": "client-1", **outside}}
    state = open_run("R", Protocol.model_validate(protocol), RunFacts.model_validate({"team": people, **known}))
    now = START
    for data, later in [({"type": "trigger", "id": "start", "kind": "code_word"}, 0), *events, *events]:
        try:
            event = event_from(data)
        except DocumentError:
            continue
        now = max(START, min(now + timedelta(seconds=later), START + timedelta(days=800_000)))
        found = step(state, event, now)
        assert found == step(state, event, now)
        state = found[0]
        assert RunState.from_dict(json.loads(json.dumps(state.to_dict()))) == state


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(JUNK)
def test_what_is_no_event_is_refused_when_it_is_read(junk: Any) -> None:
    for data in (junk, {"type": junk}, {"type": "ack", "id": [junk]}, {"type": "receipt", "id": "e", "key": "k", "status": junk}):
        with pytest.raises(DocumentError):
            event_from(data)


def test_a_field_that_no_event_has_is_refused_when_it_is_read() -> None:
    with pytest.raises(DocumentError, match="unknown_field"):
        event_from({"type": "ack", "id": "e1", "by": "ana", "certain": True})


def long_protocol(steps: int) -> Protocol:
    document = {
        "id": "p", "level": 1, "zone": "America/New_York", "triggers": ["code_word"], "channels": ["app"], "owner_role": "program_lead",
        "steps": [*({"id": f"s{number}", "targets": [{"role": "peer"}], "ack_within": "PT5M"} for number in range(steps)), TERMINAL],
    }  # fmt: skip
    return Protocol.model_validate(document)


def test_a_protocol_may_be_longer_than_the_stack_is_deep() -> None:
    state, effects = step(
        open_run("R", long_protocol(220), RunFacts()), event_from({"type": "trigger", "id": "e", "kind": "code_word"}), START
    )
    assert state.status == "exhausted"
    assert Terminal("end", "final") in effects


@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)], ids=utc_text)
def test_an_instant_at_an_end_of_the_calendar_is_refused_before_anything_is_done(at: datetime) -> None:
    with pytest.raises(InstantError, match="bad_time"):
        step(fresh(), event_from({"type": "trigger", "id": "e", "kind": "code_word"}), at)


def test_repeats_that_lead_out_of_the_calendar_are_refused_with_the_protocol(crisis: dict[str, Any]) -> None:
    crisis["steps"][0]["repeat"] = {"times": 100, "every": "P36600D"}
    with pytest.raises(DocumentError, match=r"/steps/0/repeat/every: .*bad_duration"):
        Protocol.model_validate(crisis)
