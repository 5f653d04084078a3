"""Plugins that narrow consent, asked at each decision: what they withhold, and what it means that one of them gives no answer.

They stand between a permit and a release and nowhere else: a message that holds nothing needs no permit, so nobody waits for them
longer than one deadline in a unit of work, and staff on duty are woken whatever they say.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import define, field

from recoverycore.consent import Restriction
from recoverycore.ground.canonical import canonical_json
from recoverycore.hooks import Outcome, Plugins
from recoverycore.hooks.answers import EVERYTHING

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent import Request

__all__ = ["HOOK", "Narrowing"]

HOOK = "recovery_restrict_consent"


@define
class Narrowing:
    """The narrowing plugins as one unit of work asks them. `within` is how long they may take over all of its decisions together."""

    plugins: Plugins
    within: timedelta | None
    _spent: timedelta = field(default=timedelta(), init=False)
    _known: set[tuple[str, str]] = field(factory=set, init=False)
    _answered: dict[tuple[str, str], tuple[Restriction, ...]] = field(factory=dict, init=False)
    _late: tuple[Restriction, ...] = field(default=(), init=False)

    @property
    def any(self) -> bool:
        """Whether there is any such plugin."""
        return bool(self.plugins.implementing(HOOK))

    def of(self, client: str, request: Request, at: datetime) -> tuple[tuple[Restriction, ...], tuple[Outcome, ...]]:
        """What each plugin withholds of `request`, and those that gave no answer for the first time: they withhold everything.

        The same question is put to them once: many decisions of one unit ask it. Once one has been late, nothing is released in this
        unit any more and none is asked again: they hold nobody up twice.
        """
        if self._late or not self.any:
            return self._late, ()
        question = client, canonical_json(request.to_data())
        if question in self._answered:
            return self._answered[question], ()
        left = None if self.within is None else max(self.within - self._spent, timedelta())
        report = self.plugins.joined(HOOK, deadline=left, now=at, client=client, request=request).report
        self._spent += timedelta(seconds=max(each.seconds for each in report.outcomes))
        found = tuple(_said(each) for each in report.outcomes if each.status != "abstained")
        if any(each.status == "timeout" for each in report.bad):
            self._late = tuple(each for each in found if each.broken)
        self._answered[question] = found
        broken = tuple(each for each in report.bad if (each.plugin, each.status) not in self._known)
        self._known |= {(each.plugin, each.status) for each in broken}
        return found, broken


def _said(outcome: Outcome) -> Restriction:
    """What one plugin withholds, under its own name."""
    if outcome.status != "ok":
        return Restriction(outcome.plugin, "error")
    if EVERYTHING in outcome.value:
        return Restriction(outcome.plugin)
    return Restriction(outcome.plugin, "deny" if outcome.value else "none", outcome.value)
