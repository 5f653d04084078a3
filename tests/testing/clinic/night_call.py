"""A small made-up night call: two peers who take turns, a case manager by day, a supervisor, and what is assumed of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from recoverycore.escalation import Protocol, RunFacts
from recoverycore.testing.clinic import Carrier, Habit

ZONE = "Europe/London"
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
NIGHT: Any = {"from": "22:00", "to": "07:00", "zone": ZONE}
PEOPLE = {"ade": "peer", "bo": "peer", "quinn": "case_manager", "noor": "supervisor"}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
HABITS = (
    Habit(role="peer", hours=NIGHT, answers=0.5, declines=0.2),
    Habit(role="peer", answers=0.8, keeps=0.9),
    Habit(channel="sms", answers=0.3),
)
CARRIERS = (Carrier(id="phone", channels=("voice",), fails=0.1, down=0.02), Carrier(id="text", channels=("sms",), fails=0.1))


def protocol(**more: Any) -> Protocol:
    """Three are asked in turn."""
    return Protocol.model_validate({
        "id": "night_call", "level": 3, "zone": ZONE, "triggers": ["code_word"], "channels": ["voice", "sms"],
        "hold_roles": ["peer", "case_manager", "supervisor"], "stand_down_roles": ["supervisor"], "owner_role": "supervisor",
        "contact_within": "PT15M", "exhausted": {"alarm_roles": ["supervisor"], "realarm": "PT10M"},
        "debrief": {"owner_role": "case_manager", "due": {"after": "P1D"}},
        "steps": [
            {"id": "peer", "targets": [{"role": "peer"}], "ack_within": "PT5M", "repeat": {"times": 1, "every": "PT3M"}},
            {"id": "manager", "targets": [{"role": "case_manager"}], "ack_within": "PT10M"},
            {"id": "supervisor", "targets": [{"person": "noor"}], "ack_within": "PT10M"},
            {"id": "lines", "terminal": True, "mode": "show", "always": True, "needs_software": False},
        ],
        **more,
    })  # fmt: skip


def facts() -> RunFacts:
    """The roster of a week."""
    hours = {"ade": ("08:00", "20:00"), "bo": ("20:00", "08:00"), "quinn": ("09:00", "17:00"), "noor": ("00:00", "00:00")}
    persons = {name: {"roles": [role], "channels": ["voice", "sms"]} for name, role in PEOPLE.items()}
    shifts = [
        {"person": name, "role": PEOPLE[name], "from": start, "to": end, "zone": ZONE, **({"days": WEEKDAYS} if name == "quinn" else {})}
        for name, (start, end) in hours.items()
    ]
    return RunFacts.model_validate({"team": {"persons": persons, "shifts": shifts}})
