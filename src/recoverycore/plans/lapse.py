"""What a slip asks of the people around somebody: it is data, and never a reason to take anything away. Pure.

Recording one changes no goal, no milestone, no plan and no level of care; these functions are given none of them to change.
The words *lapse* and *slip* are used with a person only if they do; the neutral name is a return to use.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Day, Id, Instant
from recoverycore.ground.instants import calendar_add, require_aware
from recoverycore.ground.sensitive import Sensitive
from recoverycore.plans.settings import required
from recoverycore.plans.tolerance import tolerance_at
from recoverycore.plans.windows import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.plans.documents import Revision
    from recoverycore.plans.settings import ClientSettings
    from recoverycore.plans.tolerance import ToleranceEvent

__all__ = ["ClientRisks", "Hypothesis", "Lapse", "LapseObligation", "LapseReview", "LapseStanding", "OverdoseCheck", "lapse_obligations"]

_CALLS_FOR_A_CHECK = frozenset({"opioid", "sedative", "unknown"})
_PLAN = "relapse_prevention"


class Lapse(Document):
    """A return to use: when it was, when it was recorded, and the classes of what was used. No classes: nobody said."""

    id: Id
    at: Instant | None = None
    date: Day | None = None
    recorded_at: Instant
    classes: tuple[Id, ...] | None = None
    words: Sensitive | None = None


class ClientRisks(Document):
    """What is known about a client's risk of an overdose. Left out means not known, and not known is not no."""

    opioid_risk: Literal["yes", "no", "unknown"] | None = None
    sedative_risk: Literal["yes", "no", "unknown"] | None = None


class Hypothesis(Document):
    """What may have led to it, in the person's own words: a cue, a gap, or support that was not there."""

    id: Id
    kind: Literal["cue", "gap", "support"]
    words: Sensitive | None = None


class LapseReview(Document):
    """A look back at it together, which the person may decline."""

    id: Id
    declined_at: Instant | None = None
    completed_at: Instant | None = None
    hypotheses: tuple[Hypothesis, ...] = ()


class OverdoseCheck(Document):
    """Whether somebody looked at the danger of an overdose with the person, or the person said no."""

    done_at: Instant | None = None
    declined_at: Instant | None = None


@frozen
class LapseObligation:
    """One thing to be done: the seed of an obligation, whose owner and reminders are coordination's."""

    code: Literal["overdose_check", "lapse_review", "answer_hypothesis"]
    state: Literal["done", "declined", "overdue", "open", "cited", "dismissed", "unanswered"]
    due: datetime | None = None
    ref: str | None = None
    tolerance: Standing | None = None


@frozen
class LapseStanding:
    """What is to be done, in order, and the codes of what was refused."""

    obligations: tuple[LapseObligation, ...]
    refused: tuple[str, ...] = ()


def lapse_obligations(
    lapse: Lapse,
    *,
    client_risks: ClientRisks,
    settings: ClientSettings,
    as_of: datetime,
    review: LapseReview | None = None,
    revisions: Iterable[Revision] = (),
    overdose_check: OverdoseCheck | None = None,
    tolerance_events: Iterable[ToleranceEvent] = (),
    overdose_check_hours: int = 24,
    lapse_review_days: int = 7,
    tolerance_days: int = 28,
) -> LapseStanding:
    """What a slip asks for, as it stands at `as_of`: the overdose check at once, the review, then an answer to each hypothesis.

    Before the slip was recorded there is nothing. Policies: ``overdose_check_hours``, ``lapse_review_days``, ``tolerance_days``.
    Error: ``settings_missing`` without a zone. Refused: ``lapse_review_needs_hypothesis``, which leaves the review as it was.
    """
    at, zone = require_aware(as_of), required(settings.zone, "zone")
    if at < lapse.recorded_at:
        return LapseStanding(())
    found = []
    if not _plainly_no_danger(lapse, client_risks):
        due = calendar_add(lapse.recorded_at, 0, timedelta(hours=overdose_check_hours), zone)
        tolerance = tolerance_at(tolerance_events, at, zone, days=tolerance_days)
        found.append(LapseObligation("overdose_check", _check_state(overdose_check or OverdoseCheck(), due, at), due, tolerance=tolerance))
    looked = review or LapseReview(id=lapse.id)
    completed = looked.completed_at is not None and looked.completed_at <= at
    refused = completed and not looked.hypotheses
    due = calendar_add(lapse.recorded_at, lapse_review_days, timedelta(), zone)
    if looked.declined_at is not None and looked.declined_at <= at:
        found.append(LapseObligation("lapse_review", "declined", due))
    elif completed and not refused:
        found.append(LapseObligation("lapse_review", "done", due))
        found += _answers(looked, revisions, at)
    else:
        found.append(LapseObligation("lapse_review", _waiting(due, at), due))
    return LapseStanding(tuple(found), ("lapse_review_needs_hypothesis",) if refused else ())


def _plainly_no_danger(lapse: Lapse, risks: ClientRisks) -> bool:
    """Whether everything that would call for an overdose check is explicitly no."""
    stated = lapse.classes is not None and not _CALLS_FOR_A_CHECK & set(lapse.classes)
    return stated and risks.opioid_risk == risks.sedative_risk == "no"


def _check_state(check: OverdoseCheck, due: datetime, at: datetime) -> Literal["done", "declined", "overdue", "open"]:
    if check.done_at is not None and check.done_at <= at:
        return "done"
    if check.declined_at is not None and check.declined_at <= at:
        return "declined"
    return _waiting(due, at)


def _waiting(due: datetime, at: datetime) -> Literal["overdue", "open"]:
    return "overdue" if at >= due else "open"


def _answers(review: LapseReview, revisions: Iterable[Revision], at: datetime) -> list[LapseObligation]:
    """How each hypothesis stands in the next revision, and only in that one: a later one is about something else."""
    begun = [
        (each.activated_at, each.n, each)
        for each in revisions
        if each.kind == _PLAN and each.activated_at is not None and review.completed_at is not None
        if review.completed_at < each.activated_at <= at
    ]
    following = min(begun, key=lambda each: each[:2])[2] if begun else None
    named = sorted({each.id for each in review.hypotheses})
    return [LapseObligation("answer_hypothesis", _answer(following, each), ref=each) for each in named]


def _answer(following: Revision | None, hypothesis: str) -> Literal["open", "cited", "dismissed", "unanswered"]:
    if following is None:
        return "open"
    if hypothesis in following.cites:
        return "cited"
    return "dismissed" if following.dismisses.get(hypothesis) else "unanswered"
