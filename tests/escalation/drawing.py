"""Events of a plain seeded generator: the same ones each time, and such that a run comes far."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.ground import utc_text
from recoverycore.testing.escalation.laws import RANKS
from tests.escalation.world import EVERYBODY, MINUTE, ROSTERS, STAFF, team

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from recoverycore.escalation import RunState

EVENTS = 32
"""So many events a run has; nobody ends it before the second half."""
PAUSES = [timedelta(), timedelta(seconds=1), MINUTE, 3 * MINUTE, 7 * MINUTE, 20 * MINUTE]


def drawn(random: Random, run: RunState, now: datetime) -> dict[str, Any]:
    """One event that may well matter to this run as it is now."""
    asked = [each.target for each in run.messages.values()] or ["ana"]
    soon, holder, keys = utc_text(now + 5 * MINUTE), random.choice(run.holders or ["ana"]), list(run.messages) or ["none"]
    return random.choice([
        {"type": "tick", "gen": run.generation + random.choice([-1, 0, 0])},
        {"type": "ack", "by": random.choice(asked), "named_human": True},
        {"type": "ack", "by": random.choice(EVERYBODY), "auto": random.random() < 0.3},
        {"type": "decline", "by": random.choice(asked)},
        {"type": "un_ack", "by": holder},
        {"type": "hand_over", "by": holder, "to": random.choice(STAFF)},
        {"type": "hand_over_confirm", "by": run.offer.to if run.offer else "ana"},
        {"type": "contact_made", "by": holder},
        {"type": "accompany_start", "by": holder},
        {"type": "accompany_end", "by": run.accompanied_by or "ana", "basis": random.choice(["in_care", "client_said_so", "tired"])},
        {"type": "escalate"},
        {"type": "set_level", "level": random.randint(0, 4), "by": "sue", "reason": "r"},
        {"type": "break_glass", "by": "sue", "target": random.choice(["kit", "mobile"]), "reason": "r", "until": soon},
        {"type": "trigger", "kind": "code_word", "silent": random.random() < 0.5},
        {"type": "receipt", "key": random.choice(keys), "status": random.choice(RANKS)},
        {"type": "receipt", "key": keys[-1], "status": "failed_permanent"},
        {"type": "consent_change", "consent": {"kit": {"contact": random.choice(["permit", "deny"]), "max_class": "C1"}}},
        {"type": "consent_change", "safety": {"never_contact": random.sample(asked, 1)}},
        {"type": "roster_change", "team": team(random.choice(ROSTERS))},
        *([{"type": "stand_down", "by": "sue", "reason": "r"}] * 3 if len(run.applied) > EVENTS // 2 else []),
        *[{"type": kind, "by": "sue", "outcome": "done"} for kind in ("debrief_done", "close") * 5 if run.status == "stood_down"],
    ])  # fmt: skip
