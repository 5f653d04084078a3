"""How everything stands at an instant of a story: what is open, what is owed, what is agreed, and what is due next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from recoverycore.coordination import standing
from recoverycore.ground.instants import utc_text
from recoverycore.plans import History

if TYPE_CHECKING:
    from recoverycore.engine import Engine

__all__ = ["StoryStanding", "standing_of"]

_OVER = ("stood_down", "closed")


@frozen
class StoryStanding:
    """How everything around one person stands at an instant. Ids, codes and instants only.

    `next_due` is when time alone makes something due next: until then only somebody's doing changes anything. None: never.
    """

    at: datetime
    runs: tuple[dict[str, Any], ...]
    clocks: tuple[dict[str, Any], ...]
    owed: tuple[dict[str, Any], ...]
    goals: dict[str, dict[str, Any]]
    plans: dict[str, int]
    windows_active: tuple[str, ...]
    rules_holding: tuple[str, ...]
    plan_warnings: tuple[dict[str, Any], ...]
    slips: tuple[str, ...]
    next_due: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), "at": utc_text(self.at), "next_due": self.next_due and utc_text(self.next_due)}


def standing_of(engine: Engine, client: str, at: datetime) -> StoryStanding:
    """How everything around `client` stands at `at`, an instant that the engine has been brought to."""
    history = engine.get(History, client=client) or History()
    rules = {row["run"]: row["rule"] for row in engine.timeline(client=client).to_rows() if row["what"] == "run_opened"}
    owed = [{**each.to_data(), "standing": standing(each, at)} for each in engine.obligations(client=client)]
    told = ("id", "kind", "about", "owner", "due_by", "due_on", "standing")
    return StoryStanding(
        at=at,
        runs=tuple(
            {"run": each.run, "rule": rules.get(each.run), "status": each.status, "level": each.level, "holder": each.owner}
            for each in engine.runs(client=client)
            if each.status not in _OVER
        ),
        clocks=tuple(engine.clocks(client=client)),
        owed=tuple({name: each.get(name) for name in told} for each in owed if each["standing"] not in ("discharged", "cancelled")),
        goals=engine.goals(client=client, at=at),
        plans={each.kind: each.n for each in history.revisions if each.state == "active"},
        windows_active=engine.windows_active(client=client, at=at),
        rules_holding=engine.rules_holding(client=client),
        plan_warnings=tuple(asdict(each) for each in engine.plan_warnings(client=client, at=at)),
        slips=tuple(each["id"] for each in engine.slips(client=client, at=at)),
        next_due=engine.next_due(),
    )
