"""What a verification may find: stable codes, how serious each is at which level, and where and when it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from attrs import asdict, frozen

from recoverycore.ground.instants import utc_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BOUND_LIMITS", "CODES", "OF_PEOPLE", "Finding", "Severity", "severity"]

Severity = Literal["error", "warning"]

_ALWAYS = 0
_NEVER = 5
_OF_DOCUMENT = {
    "no_terminal": _ALWAYS, "terminal_needs_software": _ALWAYS, "terminal_asks": _ALWAYS, "terminal_not_24_7": 3,
    "no_deadline": _ALWAYS, "no_contact_clock": _ALWAYS, "no_debrief": _ALWAYS, "outside_holder": _ALWAYS, "lower_by_peer": _ALWAYS,
    "no_alarm": _ALWAYS, "duplicate_step": _ALWAYS, "unknown_jump": _ALWAYS, "no_targets": _ALWAYS,
}  # fmt: skip
_OF_WAYS = {
    "cyclic_jump": _ALWAYS, "dead_end": _ALWAYS, "unreachable_step": _NEVER, "repeat_unreachable": _NEVER,
    "deadline_already_passed": _NEVER, "bound_exceeded": _ALWAYS,
}  # fmt: skip
_OF_PEOPLE = {
    "cannot_hold": _ALWAYS, "quorum_too_large": _ALWAYS, "unfillable_step": _ALWAYS, "inform_unfillable": _NEVER,
    "coverage_gap": _NEVER, "dead_zone": 2, "no_human_interval": 2, "never_contact_target": _NEVER, "consent_blocked_target": _NEVER,
    "no_safe_channel": _NEVER, "class_above_consent": _NEVER, "single_provider": 3,
}  # fmt: skip
CODES = MappingProxyType({**_OF_DOCUMENT, **_OF_WAYS, **_OF_PEOPLE})
"""Every code, with the level from which on it is an error; below that it is a warning."""
OF_PEOPLE = frozenset(_OF_PEOPLE)
"""The codes that are about the people and their hours; every other one is about the protocol alone."""

BOUND_LIMITS: Mapping[int, timedelta | None] = MappingProxyType(
    {4: timedelta(minutes=15), 3: timedelta(minutes=45), 2: timedelta(hours=8), 1: timedelta(days=3), 0: None}
)
"""Policy: by when, at each level, a human has it or the terminal step is shown. Starting values for sign-off; a host sets its own."""


@frozen(kw_only=True)
class Finding:
    """One thing that a verification found: ids, codes and instants only.

    `from_` and `to` are the first stretch of time in which it is so, half open, in UTC; only what is so at times has them.
    """

    code: str
    severity: Severity
    step: str | None = None
    target: str | None = None
    from_: datetime | None = None
    to: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data; what it does not have is left out."""
        found = {name.rstrip("_"): value for name, value in asdict(self, recurse=False).items() if value is not None}
        return {name: utc_text(value) if isinstance(value, datetime) else value for name, value in found.items()}


def severity(code: str, level: int) -> Severity:
    """How serious `code` is for a protocol of `level`."""
    return "error" if level >= CODES[code] else "warning"
