"""A small synthetic programme whose messages tell something: a notice that names categories, and three agencies with a part each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore import Client, Directive, Engine, Programme, Rule, Sensitive, Settings, Team
from recoverycore.ground import ManualClock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RAVI = "ravi"
PERMITTED = {"c1": "harbor", "c2": "city_housing", "c3": "hillside_pain"}
"""Whom each paper reaches: the own programme, and two agencies outside it."""
BOXES = {
    "c1": {"categories": ["contact", "goals", "plan"], "purposes": ["care"], "recipients": [{"org": "harbor"}]},
    "c2": {"categories": ["contact", "housing"], "purposes": ["housing_help"], "recipients": [{"org": "city_housing"}]},
    "c3": {"categories": ["contact", "medical", "sud_treatment"], "purposes": ["care"], "recipients": [{"org": "hillside_pain"}]},
}
TEAM = {
    "zone": "UTC",
    "members": [
        {"id": "cn_mehta", "roles": ["counsellor"], "org": "harbor", "channels": ["app", "sms"]},
        {"id": "intake_desk", "roles": ["intake"], "org": "city_housing", "channels": ["app"]},
        {"id": "pain_front", "roles": ["intake"], "org": "hillside_pain", "channels": ["app"]},
    ],
    "roster": [{"person": "cn_mehta", "role": "counsellor", "from": "00:00", "to": "00:00"}],
}
NOTICE = {"id": "r_goal", "when": {"event": "goal_set"}, "categories": ["goals", "plan"], "tell": [{"person": "cn_mehta"}]}
CHOSEN = "Ravindra-of-the-canary"


def paper(identifier: str, **changes: Any) -> Directive:
    box = {"labels": "*", **BOXES[identifier], **changes}
    return Directive.model_validate({"id": identifier, "polarity": "permit", "discloser": "harbor", "boxes": [box]})


def programme(
    plugins: Iterable[object] = (), *, path: Path | None = None, kind: str | None = None, trace: Any = None, **changes: Any
) -> Engine:
    """An engine with the programme in it; what is there already stays as it is."""
    made: dict[str, Any] = {"settings": Settings(**changes), "clock": ManualClock(AT)}
    engine = Engine.open(path, plugins, trace=trace, **made) if path else Engine.in_memory(plugins, **made)
    if engine.get(Programme) is None:
        engine.put(Programme.model_validate({"id": "harbor", "zone": "UTC", "kind": kind, "labels": {"sud_treatment": ["SUD"]}}), at=AT)
        engine.put(Client(id=RAVI, zone="UTC", chosen_name=Sensitive(CHOSEN)), at=AT)
        engine.put(Team.model_validate(TEAM), client=RAVI, at=AT)
        engine.put(Rule.model_validate(NOTICE), at=AT)
        for each in PERMITTED:
            engine.put(paper(each), client=RAVI, at=AT)
    return engine


def goal_set(engine: Engine, at: datetime = AT, command: str = "g-1") -> None:
    """What the rule speaks about happens."""
    engine.report(client=RAVI, kind="goal_set", at=at, command_id=command)


def written(engine: Engine) -> list[tuple[str, list[str]]]:
    """Who was told which kinds of record, as the ledger has it."""
    return [(row["recipient"], row["categories"]) for row in engine.ledger(client=RAVI).to_rows()]
