"""What a verification came to: whether a protocol is fit for these people in this time, the bound on a climb, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from recoverycore.escalation.verification.findings import Finding
from recoverycore.escalation.verification.mending import Advice, Mending, Slip
from recoverycore.escalation.verification.paths import Visit
from recoverycore.escalation.verification.telling import Story
from recoverycore.ground.durations import elapsed_text
from recoverycore.ground.instants import utc_text, zone_info
from recoverycore.ground.rendering import bundle, render

__all__ = ["Cover", "Verification"]


@frozen(kw_only=True)
class Cover:
    """Who covers a step in a stretch of the horizon: `people` may take it, or be told; `barred` are the others, each with what bars them.

    `kind` is ``covered``, ``hole`` (nobody, or too few), ``quiet`` (a hole that only quiet hours make) or ``outside`` its hours.
    """

    step: str
    kind: str
    from_: datetime
    to: datetime
    people: tuple[str, ...] = ()
    barred: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The stretch as plain data."""
        return {
            "step": self.step, "kind": self.kind, "from": utc_text(self.from_), "to": utc_text(self.to),
            "people": list(self.people), "barred": dict(self.barred),
        }  # fmt: skip


@frozen(kw_only=True)
class Verification:
    """Whether a protocol can be left to itself: ids, codes, instants and lengths only, for staff.

    `bound` is the longest time from activation until a human has it or the terminal step is shown, when nobody ever acks; None where
    there is none, and then `held_or_terminal` is false. `witness` is a climb that takes that long. `states` says how many states were
    looked at, and `zone` where the reader is.

    For its words it has the terminal step as `ending`, the stretches in which one person `alone` can take it, and `mending`, which knows
    what to do.
    """

    protocol: str
    version: int
    level: int
    from_: datetime
    to: datetime
    held_or_terminal: bool
    bound: timedelta | None
    findings: tuple[Finding, ...]
    witness: tuple[Visit, ...]
    cover: tuple[Cover, ...]
    stories: tuple[Story, ...] = field(repr=False)
    states: int
    ending: str | None = None
    alone: tuple[Cover, ...] = ()
    mending: Mending = field(repr=False, eq=False)
    zone: str = "UTC"

    @property
    def ok(self) -> bool:
        """Whether nothing was found that is an error."""
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What has to be mended before anybody relies on the protocol."""
        return tuple(each for each in self.findings if each.severity == "error")

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """What to do about each error, and about whatever rests on one provider."""
        return tuple(self.mending.advice(self.findings))

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """The roles of the roster that look like slips of the pen."""
        return tuple(self.mending.slips())

    def in_zone(self, zone: str) -> Verification:
        """The same for a reader in `zone`. Error: ``bad_zone``."""
        zone_info(zone)
        return evolve(self, zone=zone)

    def explain(self) -> str:
        """In words: the longest climb, and each error with the shortest way into it, as a timeline; then the warnings."""
        from recoverycore.escalation.verification.wording import told

        return told(self)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data: durations and instants as text."""
        return {
            "protocol": self.protocol,
            "version": self.version,
            "horizon": {"from": utc_text(self.from_), "to": utc_text(self.to)},
            "ok": self.ok,
            "held_or_terminal": self.held_or_terminal,
            "bound": None if self.bound is None else elapsed_text(self.bound),
            "findings": self.to_rows(),
            "witness": [{"after": elapsed_text(each.after), "step": each.step, "round": each.round} for each in self.witness],
            "states": self.states,
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """Every finding as plain data."""
        return [each.to_dict() for each in self.findings]

    def to_html(self) -> str:
        """A page of its own: the answer, the horizon as a picture, and every finding. No script, and nothing from elsewhere."""
        return render(self, "text/html;page") or ""

    def to_svg(self) -> str:
        """Who covers what over the horizon, as a picture of its own."""
        return render(self, "image/svg+xml") or ""

    def __str__(self) -> str:
        return self.explain()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - notebooks call it so
        return bundle(self)
