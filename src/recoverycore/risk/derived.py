"""Facts that are derived from what is kept about a person, so that a rule can speak about them. Pure.

The condition language counts events and compares values; what it does not count (silence, distinct signs, missed appointments,
what is due) is worked out here and handed to it as an ordinary fact. Windows reach back over ``(at - P, at]``, a due instant is
already overdue, and the days of a length are calendar days of the person's zone. Nothing here is a score.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from attrs import frozen
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.durations import parse_duration
from recoverycore.ground.fields import Id, Length
from recoverycore.ground.instants import calendar_add
from recoverycore.risk.signals import Signal, last_contact, standing_signals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["AboutEach", "DerivedFact", "Known", "changes_at", "derive"]

AboutEach = Literal["obligation", "directive"]
"""What a rule may be asked about one by one."""
Counted = Literal["distinct_signs", "missed_appointments", "missed_check_ins", "signals"]
Told = Literal["silence", "due", "overdue", "ending"]
_ABOUT: dict[str, AboutEach] = {"due": "obligation", "overdue": "obligation", "ending": "directive"}
_WITHOUT_LENGTH = ("missed_check_ins", "overdue")
_KINDS = {"distinct_signs": "early_warning_sign", "missed_appointments": "appointment_missed"}


class DerivedFact(Document):
    """One fact that the engine works out for a rule.

    - ``silence`` (boolean): nobody has been in touch with the person for `within`.
    - ``distinct_signs``, ``missed_appointments`` (integer): how many within `within`; the same sign twice counts once.
    - ``signals`` (integer): how many signals of `kind` were noticed within `within`.
    - ``missed_check_ins`` (integer): how many agreed check-ins in a row had no answer.
    - ``due`` (boolean): the obligation is due within `within` and not met; ``overdue``: it has been due for `within` (left out:
      from the due instant on) and is not met. For a rule that is asked about ``each: obligation``.
    - ``ending`` (boolean): the directive ends by itself within `within`. For a rule that is asked about ``each: directive``.

    Errors: ``length_needed``, ``kind_needed``.
    """

    of: Counted | Told
    within: Length | None = None
    kind: Id | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.within is None) != (self.of in _WITHOUT_LENGTH) and self.of != "overdue":
            raise PydanticCustomError("recovery", "{name}", {"name": "length_needed", "at": ("within",)})
        if (self.kind is None) == (self.of == "signals"):
            raise PydanticCustomError("recovery", "{name}", {"name": "kind_needed", "at": ("kind",)})
        return self

    @property
    def about(self) -> AboutEach | None:
        """What the fact is about besides the person, if anything."""
        return _ABOUT.get(self.of)

    @property
    def declaration(self) -> dict[str, Any]:
        """How the condition language knows the fact."""
        return {"type": "integer", "min": 0} if self.of in get_args(Counted) else {"type": "boolean"}


@frozen
class Known:
    """What is known about a person, and about the one obligation or directive in question, when a rule is looked at.

    `since` is when rules began to watch: what was noticed before is history that no rule speaks about. `due` is when the
    obligation is due, or the directive ends; None where it has no such instant, or is met or over.
    """

    signals: tuple[Signal, ...]
    zone: str
    since: datetime | None = None
    contact: datetime | None = None
    missed_check_ins: int = 0
    due: datetime | None = None


def derive(fact: DerivedFact, known: Known, at: datetime) -> dict[str, Any]:
    """The record of `fact` as of `at`, as the condition language reads it. What nobody can tell stays unknown.

    >>> from datetime import UTC, datetime, timedelta
    >>> from recoverycore.risk import DerivedFact, Known, derive
    >>> spoke = datetime(2026, 3, 3, 22, tzinfo=UTC)
    >>> known = Known(signals=(), zone="America/Chicago", contact=spoke)
    >>> derive(DerivedFact(of="silence", within="P7D"), known, spoke + timedelta(days=10))
    {'value': True}
    """
    match fact.of:
        case "silence":
            begin = _quiet_since(known, at)
            return {"value": None if begin is None else _after(begin, fact, known) <= at}
        case "missed_check_ins":
            return {"value": known.missed_check_ins}
        case "due" | "ending":
            due = known.due
            return {"value": due is not None and _before(due, fact, known) <= at < due}
        case "overdue":
            return {"value": known.due is not None and _after(known.due, fact, known) <= at}
        case "distinct_signs":
            sure, perhaps = _within(fact, known, at)
            signs = {code for each in sure for code in each.codes}
            return {"bounds": [len(signs), len(signs | {code for each in perhaps for code in each.codes})]}
        case "missed_appointments" | "signals":
            sure, perhaps = _within(fact, known, at)
            return {"bounds": [len(sure), len(sure) + len(perhaps)]}


def changes_at(fact: DerivedFact, known: Known, after: datetime) -> Iterator[datetime]:
    """The instants later than `after` at which time alone may change `fact`, in no order."""
    found: Iterable[datetime]
    match fact.of:
        case "silence":
            begin = _quiet_since(known, after)
            found = [] if begin is None else [_after(begin, fact, known)]
        case "missed_check_ins":
            found = []
        case "due" | "ending":
            found = [] if known.due is None else [_before(known.due, fact, known), known.due]
        case "overdue":
            found = [] if known.due is None else [_after(known.due, fact, known)]
        case "distinct_signs" | "missed_appointments" | "signals":
            seen = [each.observed_at for each in _counted(fact, known, after) if each.observed_at is not None]
            found = [instant for each in seen for instant in (each, _after(each, fact, known))]
    return (instant for instant in found if instant > after)


def _quiet_since(known: Known, at: datetime) -> datetime | None:
    """The last contact, or when rules began to watch: before that nobody can tell who was in touch."""
    told = (last_contact(known.signals, at), known.contact, known.since)
    return max((each for each in told if each is not None), default=None)


def _counted(fact: DerivedFact, known: Known, at: datetime) -> list[Signal]:
    kind = fact.kind or _KINDS[fact.of]
    standing = (each for each in standing_signals(known.signals, at) if each.kind == kind)
    return [each for each in standing if known.since is None or (each.observed_at or each.recorded_at) >= known.since]


def _within(fact: DerivedFact, known: Known, at: datetime) -> tuple[list[Signal], list[Signal]]:
    """The signals that are surely inside the window, and those of which nobody knows when it was."""
    counted = _counted(fact, known, at)
    inside = [each for each in counted if each.observed_at is not None and each.observed_at <= at < _after(each.observed_at, fact, known)]
    return inside, [each for each in counted if each.observed_at is None]


def _after(instant: datetime, fact: DerivedFact, known: Known) -> datetime:
    days, elapsed = parse_duration(fact.within or "PT0S")
    return calendar_add(instant, days, elapsed, known.zone)


def _before(instant: datetime, fact: DerivedFact, known: Known) -> datetime:
    days, elapsed = parse_duration(fact.within or "PT0S")
    return calendar_add(instant, -days, -elapsed, known.zone)
