"""A small made-up world for the step machine: peers, a case manager, somebody on call, an outside service, the terminal step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from recoverycore.escalation import Protocol, RunFacts, RunState, open_run
from recoverycore.ground import utc_text

START = datetime(2026, 3, 10, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUIET = {"dev": 120 * MINUTE}
"""For how long `dev` is quiet in the world with quiet hours."""

STAFF = ("ana", "ben", "cara", "lou", "dev", "sue")
EVERYBODY = (*STAFF, "mobile", "kit", "client", "nobody")
OPEN_ROLES = ("supervisor",)


NIGHT = {"id": "night", "targets": [{"person": "dev"}], "ack_within": "PT8M"}
"""A stage that asks one person only: where that person has quiet hours and the level is low, it waits for their end."""


def protocol(*, rounds: int = 1, late_catch_up: int = 3, quorum: Any = "any", quiet: bool = False) -> Protocol:
    """Level 3, four stages, one of them a group that also informs two people who can hold nothing; `quiet` adds one for the night."""
    return Protocol.model_validate(
        {
            "id": "crisis-path",
            "level": 3,
            "zone": "America/New_York",
            "triggers": ["code_word"],
            "channels": ["app", "sms", "voice"],
            "message_class": "C1",
            "hold_roles": ["peer", "case_manager", "clinician", "supervisor", "service"],
            "stand_down_roles": list(OPEN_ROLES),
            "break_glass_roles": list(OPEN_ROLES),
            "owner_role": "program_lead",
            "contact_within": "PT15M",
            "resolve_within": "PT2H",
            "rounds": rounds,
            "late_catch_up": late_catch_up,
            "exhausted": {"alarm_roles": ["supervisor"], "realarm": "PT10M"},
            "debrief": {"owner_role": "case_manager", "due": {"after": "P1D"}},
            "follow_up": [{"after": "P1D", "owner_role": "peer"}],
            "steps": [
                {
                    "id": "peers",
                    "targets": [{"role": "peer"}],
                    "ack_within": "PT5M",
                    "quorum": quorum,
                    "repeat": {"times": 2, "every": "PT2M"},
                    "jump": [{"on": ["declined"], "min_level": 4, "to": "outside"}],
                },
                {"id": "manager", "targets": [{"role": "case_manager"}], "ack_within": "PT5M"},
                *([NIGHT] if quiet else []),
                {"id": "on_call", "group": "later", "targets": [{"person": "dev"}, {"contact": "kit"}], "ack_within": "PT8M"},
                {
                    "id": "told",
                    "group": "later",
                    "quorum": "none",
                    "message_class": "C2",
                    "targets": [{"client": True}, {"contact": "kit"}],
                },
                {"id": "outside", "targets": [{"service": "mobile"}], "ack_within": "PT10M"},
                {"id": "end", "terminal": True, "mode": "read_out", "resources": ["line"], "always": True, "needs_software": False},
            ],
        }
    )


def team(kind: str = "full", *, quiet: bool = False, origin: datetime = START) -> dict[str, Any]:
    """One of four rosters. In the full one the shift of `ben` ends after three minutes, and `lou` may hold nothing at level 3."""
    roles = {"ana": "peer", "ben": "peer", "cara": "case_manager", "lou": "case_manager", "dev": "clinician", "sue": "supervisor"}
    persons: dict[str, Any] = {name: {"roles": [role], "channels": ["app", "sms"]} for name, role in roles.items()}
    persons["lou"]["max_hold_level"] = 2
    persons["sue"]["channels"] = ["voice", "sms"]
    if quiet:
        persons["dev"]["quiet"] = {"from": "10:00", "to": "12:00", "zone": "America/New_York"}
    ends = {"ben": origin + 3 * MINUTE, "cara": origin + 40 * MINUTE}
    shifts = [
        {"person": name, "role": role, "from": utc_text(origin - 60 * MINUTE), "to": utc_text(ends.get(name, origin + timedelta(days=9)))}
        for name, role in roles.items()
        if name != "dev"
    ]
    if kind == "no peers":
        shifts = [shift for shift in shifts if shift["role"] != "peer"]
    elif kind == "ana gone":
        del persons["ana"]
    elif kind == "empty":
        return {"persons": {}, "shifts": []}
    return {"persons": persons, "shifts": shifts}


ROSTERS = ("full", "no peers", "ana gone", "empty")


def facts(*, quiet: bool = False, origin: datetime = START) -> RunFacts:
    """Everybody on duty, consent for the service only, a contact with one channel each way."""
    return RunFacts.model_validate(
        {
            "team": team(quiet=quiet, origin=origin),
            "contacts": {"kit": {"channels": ["sms", "app"]}},
            "directory": {"mobile": {"channels": ["voice", "sms"]}},
            "client": {"id": "client-1", "channels": ["app", "sms"]},
            "consent": {"mobile": {"contact": "permit", "max_class": "C1", "channel_class": {"voice": "C1"}}},
        }
    )


def fresh(*, quiet: bool = False, origin: datetime = START, **settings: Any) -> RunState:
    """A run of this world that waits for its trigger."""
    return open_run("R", protocol(quiet=quiet, **settings), facts(quiet=quiet, origin=origin))


def changed(state: RunState, **protocol: Any) -> RunState:
    """The same run with another protocol."""
    return open_run(state.run, state.protocol.evolve(**protocol), state.facts)


def with_steps(**changes: dict[str, Any]) -> RunState:
    """A fresh run in which some steps are changed."""
    state = fresh()
    return changed(state, steps=tuple(each.evolve(**changes.get(each.id, {})) for each in state.protocol.steps))
