"""When what a paper permits or denies changes by time alone: it starts, is suspended, ends. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.matter import Setting
from recoverycore.consent.requests import ClientFacts
from recoverycore.consent.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.consent.trees import AnyDirective

__all__ = ["ends_by_itself", "turning_points"]


def ends_by_itself(directive: AnyDirective, zone: str | None, at: datetime) -> datetime | None:
    """When a paper that holds ends without anybody's doing; None where it has no such end, or was taken back before.

    A date-only end counts its whole local day; the instant that comes back is already outside.
    """
    for paper in compile_consents((directive,), _days(zone)).papers:
        end = paper.end if paper.branch is None else min(paper.end, paper.branch.end)
        taken_back = any(each.recipients is None and each.at <= min(at, end) for each in paper.revocations)
        return None if end == NEVER or taken_back else end
    return None


def turning_points(directives: Iterable[AnyDirective], zone: str | None) -> tuple[datetime, ...]:
    """Every instant at which one of `directives` may begin or cease to hold, in order."""
    return tuple(sorted(compile_consents(directives, _days(zone)).instants))


def _days(zone: str | None) -> Setting:
    """A setting in which only the days matter."""
    return Setting.of(ClientFacts(zone=zone))
