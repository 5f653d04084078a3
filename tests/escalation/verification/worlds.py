"""Small made-up protocols, rosters and runs, drawn at random, for the proofs of the verifier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from attrs import frozen

from recoverycore.escalation import Protocol, RunFacts, RunState, event_from, open_run, step

if TYPE_CHECKING:
    from recoverycore.escalation.verification import Verification

MINUTE = timedelta(minutes=1)
FROM = datetime(2026, 3, 6, tzinfo=UTC)
"""The clocks of the zone go forward on the third day."""
HORIZON = (FROM, FROM + timedelta(days=12))
ZONE = "America/New_York"
PEOPLE = {"ana": "peer", "ben": "peer", "cara": "case_manager", "dev": "clinician", "sue": "supervisor"}
END = {"id": "end", "terminal": True, "mode": "show", "always": True, "needs_software": False}
PROVIDERS = {"app": ["push"], "sms": ["tel-a", "tel-b"]}
_TARGETS = [
    {"role": "peer"}, {"role": "case_manager"}, {"role": "supervisor"}, {"person": "dev"}, {"person": "ben"}, {"person": "sue"},
    {"contact": "kit"}, {"service": "mobile"}, {"client": True},
]  # fmt: skip
_REASONS = ["timeout", "declined", "unreachable", "no_recipient", "consent_blocked", "quiet_hours", "outside_hours", "raised"]
_QUORUMS = ["any", "any", "any", "all", "none", {"k": 2}, {"roles": {"peer": 1}}]

hours = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30]))
windows = st.fixed_dictionaries(
    {"from": hours, "to": hours, "zone": st.just(ZONE)}, optional={"days": st.lists(st.sampled_from(["sun", "mon", "fri"]), min_size=1)}
)
nights = st.sampled_from([None, ("22:00", "07:00"), ("23:00", "06:00"), ("09:00", "10:30"), ("00:00", "00:00")]).map(
    lambda night: night and {"from": night[0], "to": night[1], "zone": ZONE}
)
jumps = st.fixed_dictionaries({
    "on": st.none() | st.lists(st.sampled_from(_REASONS), min_size=1, max_size=3),
    "min_level": st.sampled_from([0, 0, 4]),
    "to": st.integers(0, 4),
})  # fmt: skip
steps = st.fixed_dictionaries({
    "targets": st.lists(st.sampled_from(_TARGETS), min_size=1, max_size=2),
    "ack_within": st.integers(1, 30).map("PT{}M".format),
    "from": st.sampled_from(["previous", "previous", "activation"]),
    "quorum": st.sampled_from(_QUORUMS),
    "group": st.sampled_from([None, None, "g"]),
    "when": st.none() | st.none() | windows,
    "jump": st.lists(jumps, max_size=2),
})  # fmt: skip


def _protocol(level: int, rounds: int, defer_max_level: int, written: list[dict[str, Any]]) -> Protocol:
    names = [*(f"s{number}" for number in range(len(written))), *["end"] * 5]
    made = [
        {**each, "id": names[number], "jump": [{**rule, "to": names[rule["to"]]} for rule in each["jump"]]}
        for number, each in enumerate(written)
    ]
    return Protocol.model_validate({
        "id": "p", "level": level, "zone": ZONE, "triggers": ["t"], "channels": ["app", "sms"], "rounds": rounds,
        "hold_roles": ["peer", "case_manager", "clinician", "supervisor", "service"], "stand_down_roles": ["supervisor"],
        "owner_role": "lead", "contact_within": "PT5M", "exhausted": {"alarm_roles": ["supervisor"]},
        "defer_max_level": defer_max_level, "debrief": {"owner_role": "lead", "due": {"after": "P1D"}}, "steps": [*made, END],
    })  # fmt: skip


def _shift(person: str, absolute: tuple[int, int] | None, weekly: dict[str, Any]) -> dict[str, Any]:
    if absolute is None:
        return {"person": person, "role": PEOPLE[person], **weekly}
    start = FROM + timedelta(hours=absolute[0])
    ends = {"from": start.isoformat(), "to": (start + timedelta(hours=absolute[1])).isoformat()}
    return {"person": person, "role": PEOPLE[person], **ends}


def _facts(  # noqa: PLR0917 - `st.builds` calls it so
    shifts: list[dict[str, Any]], quiet: list[Any], hold: int, consent: str, hours_of: Any, safety: dict[str, Any]
) -> RunFacts:
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
protocols = st.builds(_protocol, st.integers(0, 4), st.integers(1, 3), st.sampled_from([1, 1, 4]), st.lists(steps, min_size=1, max_size=4))
shifts = st.builds(_shift, st.sampled_from(sorted(PEOPLE)), st.none() | st.tuples(st.integers(-48, 200), st.integers(1, 200)), windows)
facts = st.builds(
    _facts, st.lists(shifts, max_size=6) | st.just(ALWAYS), st.lists(nights, min_size=7, max_size=7), st.sampled_from([4, 2]),
    st.sampled_from(["permit", "deny"]), st.none() | st.lists(windows, max_size=2),
    st.sampled_from([{}, {}, {"never_contact": ["ana"]}, {"no_contact": True}, {"dv": True}]),
)  # fmt: skip
happenings = st.lists(
    st.tuples(
        st.sampled_from(["ack", "decline", "un_ack", "decline", "failed", "note"]),
        st.sampled_from([*PEOPLE, "mobile"]),
        st.integers(0, 90 * 60),
    ),
    max_size=6,
)


@frozen
class World:
    """A protocol, its facts, the instant at which a run begins, and what people do in it, each so many seconds later."""

    protocol: Protocol
    facts: RunFacts
    at: datetime
    happens: list[tuple[str, str, int]]


def world(
    *asked: dict[str, Any],
    level: int = 3,
    rounds: int = 1,
    shifts: list[dict[str, Any]] = ALWAYS,
    quiet: Any = None,
    at: datetime = FROM,
    happens: tuple[tuple[str, str, int], ...] = (),
) -> World:
    """A world of one's own: by default everybody is always on duty, and nobody but `dev` ever has quiet hours."""
    written = [{"ack_within": "PT5M", "quorum": "any", "jump": [], **each} for each in asked]
    nights = [None, None, None, quiet, None, None, None]
    return World(_protocol(level, rounds, 1, written), _facts(shifts, nights, 4, "permit", None, {}), at, list(happens))


worlds = st.builds(World, protocols, facts, st.integers(0, 4 * 24 * 60).map(lambda minutes: FROM + minutes * MINUTE), happenings)


def climb(world: World, most: int = 400) -> tuple[str, timedelta]:
    """How a run ends first, and after how long: ``held``, ``exhausted``, or ``waits`` with nothing to wake it or without an end."""
    run, _ = step(open_run("R", world.protocol, world.facts), event_from({"type": "trigger", "id": "t", "kind": "t"}), world.at)
    waiting = sorted((world.at + timedelta(seconds=after), number, what, who) for number, (what, who, after) in enumerate(world.happens))
    for _ in range(most):
        if run.status != "open" or run.next_due is None or run.last is None:
            break
        if waiting and waiting[0][0] <= run.next_due:
            at, number, what, who = waiting.pop(0)
            run, _ = step(run, event_from(_event(what, who, number, run)), at)
        else:
            run, _ = step(run, event_from({"type": "tick", "gen": run.generation}), run.next_due)
    took = (run.last or world.at) - world.at
    return (run.status if run.status in ("held", "exhausted") else "waits"), took


def _event(what: str, who: str, number: int, run: RunState) -> dict[str, Any]:
    if what == "failed":
        keys = [key for key, each in run.messages.items() if each.target == who] or ["none"]
        return {"type": "receipt", "id": f"e{number}", "key": keys[-1], "status": "failed_permanent"}
    return {"type": what, "id": f"e{number}", "by": who, **({"named_human": True} if what == "ack" else {})}


def breaks(found: Verification, world: World) -> bool:
    """Whether a run does what the verification says it cannot."""
    how, took = climb(world)
    if found.bound is None:
        return found.ok
    return how == "waits" or took > found.bound
