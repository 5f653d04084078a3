"""Signals: what somebody noticed, kept as it was noticed. A mistaken one is retracted, never erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Id, Instant
from recoverycore.ground.sensitive import Sensitive

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Signal", "last_contact", "standing_signals"]

_WITH_THE_PERSON = frozenset({"attended", "check_in", "message", "record", "review"})
"""Kinds that are a contact with the person, whoever wrote them down."""


class Signal(Document):
    """One thing that was noticed: its kind, when it happened and when it was written down, by whom.

    `codes` say what in codes: the signs of the person's own plan, the classes of a substance. `evidence` is a reference to a
    record, never content; `note` is kept as it was said and is never evaluated. Windows look at `observed_at`; None means that
    nobody knows when.
    """

    schema_name: ClassVar[str] = "recoverycore/signal"

    id: Id
    kind: Id
    observed_at: Instant | None = None
    recorded_at: Instant
    source: Literal["self", "peer", "clinician", "staff", "supporter", "third_party", "screen", "code_word", "system"] = "staff"
    observed_by: Id | None = None
    codes: tuple[Id, ...] = ()
    evidence: Id | None = None
    note: Sensitive | None = None
    retracted_at: Instant | None = None
    retracted_by: Id | None = None
    retraction_reason: Sensitive | None = None


def standing_signals(signals: Iterable[Signal], now: datetime) -> tuple[Signal, ...]:
    """The signals that are known and not retracted as of `now`, each id once, in the order in which they were recorded."""
    known = {each.id: each for each in signals if each.recorded_at <= now and (each.retracted_at is None or each.retracted_at > now)}
    return tuple(sorted(known.values(), key=lambda each: (each.recorded_at, each.id)))


def last_contact(signals: Iterable[Signal], now: datetime) -> datetime | None:
    """When the person was last in touch: reported something, recorded something, attended, or went through a review."""
    touches = (each for each in standing_signals(signals, now) if each.source == "self" or each.kind in _WITH_THE_PERSON)
    return max((each.recorded_at for each in touches), default=None)
