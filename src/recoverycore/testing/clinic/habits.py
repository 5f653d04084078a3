"""How the people of a simulated clinic answer, and how carriers fail: what whoever simulates has to assume."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from math import log
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from recoverycore.escalation.soundness import refuse
from recoverycore.escalation.steps import Positive
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Elapsed, Id, Number
from recoverycore.ground.windows import WeeklyWindow

if TYPE_CHECKING:
    from random import Random

__all__ = ["Carrier", "Chance", "Habit"]

Chance = Annotated[Number, Field(ge=0, le=1)]
"""How likely something is, from 0, never, to 1, always."""
_NINE_TO_ONE = log(9)
_LONGEST = timedelta(days=30).total_seconds()


class Habit(Document):
    """How somebody answers one message. The first habit that fits is the one that counts, so the narrow ones stand first.

    It fits whom it names: `who` (a person or a service), everybody with a `role` (``service`` for services), a `channel`, the `hours` in
    which the message goes out. What is not named fits all. Half of those who answer have answered by `half_within`, nine in ten by
    `most_within`. `keeps` is how likely somebody who has taken it also reaches the person; else the contact clock runs out.

    The delay is log-logistic, which two lengths that people can tell from their own log are enough for. The default values are made
    up, and no evidence about anybody.
    """

    who: Id | None = None
    role: Id | None = None
    channel: Id | None = None
    hours: WeeklyWindow | None = None
    answers: Chance = 0.6
    declines: Chance = 0.0
    half_within: Positive = timedelta(minutes=2)
    most_within: Positive = timedelta(minutes=10)
    keeps: Chance = 1.0

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.answers + self.declines > 1:
            raise refuse("bad_value", "declines")
        if self.most_within <= self.half_within:
            raise refuse("bad_duration", "most_within")
        return self

    def delay(self, random: Random) -> timedelta:
        """How long it takes this time, in whole seconds; thirty days at the most."""
        drawn = random.random() or 0.5
        half, spread = self._shape
        return timedelta(seconds=round(min(half * (drawn / (1 - drawn)) ** spread, _LONGEST)))

    @cached_property
    def _shape(self) -> tuple[float, float]:
        """The median of the delay in seconds, and how far it spreads."""
        return self.half_within.total_seconds(), log(self.most_within / self.half_within) / _NINE_TO_ONE


class Carrier(Document):
    """Who carries messages of some channels. Each message `fails` now and then; a run finds the carrier `down` altogether now and then.

    A message goes with the first carrier of its channel that is not down; a channel that no carrier is named for never fails. That a
    message has failed is known `noticed_after`.
    """

    id: Id
    channels: Annotated[tuple[Id, ...], Field(min_length=1)]
    fails: Chance = 0.0
    down: Chance = 0.0
    noticed_after: Elapsed = timedelta(seconds=30)
