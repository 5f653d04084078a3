"""Strategies for hypothesis: small made-up protocols, people and what happens, which shrink. They need the extra ``testing``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st

from recoverycore.escalation import Protocol, RunFacts, event_from, open_run, step
from recoverycore.testing.escalation.drawing import EVENTS, Cast, happening, pause

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["event_streams", "protocols", "run_facts"]

FROM = datetime(2026, 3, 6, tzinfo=UTC)
"""The clocks of the zone go forward on the third day."""
ZONE = "America/New_York"
PEOPLE = {"ana": "peer", "ben": "peer", "cara": "case_manager", "dev": "clinician", "sue": "supervisor"}
_END = {"id": "end", "terminal": True, "mode": "show", "always": True, "needs_software": False}
_TARGETS = [
    {"role": "peer"}, {"role": "case_manager"}, {"role": "supervisor"}, {"person": "dev"}, {"person": "ben"}, {"person": "sue"},
    {"contact": "kit"}, {"service": "mobile"}, {"client": True},
]  # fmt: skip
_REASONS = ["timeout", "declined", "unreachable", "no_recipient", "consent_blocked", "quiet_hours", "outside_hours", "raised"]
_QUORUMS = ["any", "any", "any", "all", "none", {"k": 2}, {"roles": {"peer": 1}}]

_hours = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30]))
_windows = st.fixed_dictionaries(
    {"from": _hours, "to": _hours, "zone": st.just(ZONE)}, optional={"days": st.lists(st.sampled_from(["sun", "mon", "fri"]), min_size=1)}
)
_nights = st.sampled_from([None, ("22:00", "07:00"), ("23:00", "06:00"), ("09:00", "10:30"), ("00:00", "00:00")]).map(
    lambda night: night and {"from": night[0], "to": night[1], "zone": ZONE}
)
_jumps = st.fixed_dictionaries({
    "on": st.none() | st.lists(st.sampled_from(_REASONS), min_size=1, max_size=3),
    "min_level": st.sampled_from([0, 0, 4]),
    "to": st.integers(0, 4),
})  # fmt: skip
_steps = st.fixed_dictionaries({
    "targets": st.lists(st.sampled_from(_TARGETS), min_size=1, max_size=2),
    "ack_within": st.integers(1, 30).map("PT{}M".format),
    "from": st.sampled_from(["previous", "previous", "activation"]),
    "quorum": st.sampled_from(_QUORUMS),
    "group": st.sampled_from([None, None, "g"]),
    "when": st.none() | st.none() | _windows,
    "jump": st.lists(_jumps, max_size=2),
})  # fmt: skip


def protocol_of(level: int, rounds: int, defer_max_level: int, written: list[dict[str, Any]]) -> Protocol:
    """A protocol of these steps; a jump to a number leads to the step of that number, or to the end."""
    names = [*(f"s{number}" for number in range(len(written))), *["end"] * 5]
    made = [
        {**each, "id": names[number], "jump": [{**rule, "to": names[rule["to"]]} for rule in each["jump"]]}
        for number, each in enumerate(written)
    ]
    return Protocol.model_validate({
        "id": "p", "level": level, "zone": ZONE, "triggers": ["t"], "channels": ["app", "sms"], "rounds": rounds,
        "hold_roles": ["peer", "case_manager", "clinician", "supervisor", "service"], "stand_down_roles": ["supervisor"],
        "owner_role": "lead", "contact_within": "PT5M", "exhausted": {"alarm_roles": ["supervisor"]},
        "defer_max_level": defer_max_level, "debrief": {"owner_role": "lead", "due": {"after": "P1D"}}, "steps": [*made, _END],
    })  # fmt: skip


def _shift(person: str, absolute: tuple[int, int] | None, weekly: dict[str, Any]) -> dict[str, Any]:
    if absolute is None:
        return {"person": person, "role": PEOPLE[person], **weekly}
    start = FROM + timedelta(hours=absolute[0])
    ends = {"from": start.isoformat(), "to": (start + timedelta(hours=absolute[1])).isoformat()}
    return {"person": person, "role": PEOPLE[person], **ends}


def facts_of(  # noqa: PLR0917 - `st.builds` calls it so
    shifts: list[dict[str, Any]], quiet: list[Any], hold: int, consent: str, hours_of: Any, safety: dict[str, Any]
) -> RunFacts:
    """Five people, a contact, a service and the client; `quiet` are the nights of each of them."""
    persons = {
        name: {"roles": [role], "channels": ["app", "sms"], "max_hold_level": hold if name == "ben" else 4, "quiet": night}
        for (name, role), night in zip(PEOPLE.items(), quiet, strict=False)
    }
    return RunFacts.model_validate({
        "team": {"persons": persons, "shifts": shifts},
        "contacts": {"kit": {"channels": ["sms"], "quiet": quiet[-2]}},
        "directory": {"mobile": {"channels": ["sms"], "hours": hours_of}},
        "client": {"id": "client-1", "channels": ["app", "sms"], "quiet": quiet[-1]},
        "consent": {"mobile": {"contact": consent}, "kit": {"contact": consent}},
        "safety": safety,
    })  # fmt: skip


ALWAYS = [{"person": name, "role": role, "from": "06:00", "to": "06:00", "zone": ZONE} for name, role in PEOPLE.items()]
_protocols = st.builds(
    protocol_of, st.integers(0, 4), st.integers(1, 3), st.sampled_from([1, 1, 4]), st.lists(_steps, min_size=1, max_size=4)
)
_shifts = st.builds(_shift, st.sampled_from(sorted(PEOPLE)), st.none() | st.tuples(st.integers(-48, 200), st.integers(1, 200)), _windows)
_facts = st.builds(
    facts_of, st.lists(_shifts, max_size=6) | st.just(ALWAYS), st.lists(_nights, min_size=7, max_size=7), st.sampled_from([4, 2]),
    st.sampled_from(["permit", "deny"]), st.none() | st.lists(_windows, max_size=2),
    st.sampled_from([{}, {}, {"never_contact": ["ana"]}, {"no_contact": True}, {"dv": True}]),
)  # fmt: skip


def protocols() -> st.SearchStrategy[Protocol]:
    """Protocols of up to four stages, of every level, with groups, quorums, hours, jumps, rounds."""
    return _protocols


def run_facts() -> st.SearchStrategy[RunFacts]:
    """The people around `protocols`: rosters with and without holes, quiet hours, consent, safety facts."""
    return _facts


@st.composite
def event_streams(
    draw: st.DrawFn, protocol: Protocol, facts: RunFacts, start: datetime = FROM, most: int = EVENTS
) -> list[tuple[dict[str, Any], datetime]]:
    """What happens in one run, and when: a trigger, then up to `most` events that may well matter to the run as it is by then."""

    def pick(values: Sequence[Any]) -> Any:
        return draw(st.sampled_from(values))

    run, now = open_run("R", protocol, facts), start
    cast, stream = Cast.of(run), list[tuple[dict[str, Any], datetime]]()
    data: dict[str, Any] = {"type": "trigger", "id": "e0", "kind": protocol.triggers[0]}
    for number in range(1, draw(st.integers(1, most)) + 1):
        stream.append((data, now))
        run, _ = step(run, event_from(data), now)
        now = pause(pick, run, now)
        data = happening(pick, cast, run, now)
        if data["type"] != "tick":
            data = {**data, "id": f"e{number}"}
    return stream
