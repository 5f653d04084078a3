"""Which revision of a plan was in force at an instant. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.plans.documents import History, Revision

__all__ = ["plan_at"]


def plan_at(history: History, kind: str, at: datetime) -> Revision | None:
    """The revision of `kind` that was active at `at`, or None. At the instant of a change it is the new one."""
    instant = require_aware(at)
    begun = [
        (each.activated_at, each.n, each)
        for each in history.revisions
        if each.kind == kind and each.activated_at is not None and each.activated_at <= instant
    ]
    if not begun:
        return None
    latest = max(begun, key=lambda each: each[:2])[2]
    return latest if latest.ended_at is None or instant < latest.ended_at else None
