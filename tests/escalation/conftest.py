"""Small documents that the escalation tests share. Everybody in them is made up."""

from __future__ import annotations

from typing import Any

import pytest

TERMINAL = {"id": "end", "terminal": True, "mode": "read_out", "resources": ["local_line"], "always": True, "needs_software": False}


@pytest.fixture
def crisis() -> dict[str, Any]:
    """A crisis protocol in which nothing is wrong, as JSON data of its own."""
    return {
        "id": "crisis-path",
        "level": 3,
        "zone": "America/New_York",
        "triggers": ["code_word"],
        "channels": ["app", "sms"],
        "hold_roles": ["peer", "case_manager", "service"],
        "stand_down_roles": ["supervisor"],
        "owner_role": "program_lead",
        "contact_within": "PT15M",
        "exhausted": {"alarm_roles": ["supervisor"]},
        "debrief": {"owner_role": "case_manager", "due": {"day": 1, "at": "12:00"}},
        "steps": [
            {"id": "first", "targets": [{"role": "peer"}], "ack_within": "PT5M"},
            {"id": "second", "targets": [{"person": "dev"}], "ack_within": "PT5M"},
            dict(TERMINAL),
        ],
    }
