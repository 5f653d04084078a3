"""Verifications for the tests of what is shown: the golden one, and one with a text wherever an id may stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from recoverycore.escalation import ProtocolDraft, RunFacts, Verification, verify
from tools.pictures import FOLDER, verification

GOLDEN = verification(FOLDER / "a_sunday_night.toml")
FROM = datetime(2026, 11, 2, tzinfo=UTC)


def hostile(text: str) -> Verification:
    """A protocol that goes wrong in every way, with `text` as each id in it and around it."""
    draft = ProtocolDraft.model_validate(
        {
            "id": text, "level": 3, "zone": "Europe/London", "triggers": [text], "channels": [text], "owner_role": text,
            "hold_roles": [text],
            "steps": [
                {"id": text, "targets": [{"role": text}, {"person": f"{text}2"}], "quorum": {"k": 2}},
                {"id": f"{text}3", "targets": [{"service": text}], "ack_within": "PT5M", "jump": [{"to": text}]},
            ],
        }
    )  # fmt: skip
    person = {"roles": [text], "channels": [text]}
    shift = {"person": text, "role": text, "from": "08:00", "to": "20:00", "zone": "Europe/London"}
    facts = RunFacts.model_validate({"team": {"persons": {text: person}, "shifts": [shift]}})
    return verify(draft, facts, horizon=(FROM, FROM + timedelta(days=8)))
