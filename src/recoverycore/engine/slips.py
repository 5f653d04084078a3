"""A slip in the engine: it is data. It opens what is owed because of it, and changes no plan, no goal and no level."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.coordination import Obligation, standing
from recoverycore.engine.owing import discharge, owe
from recoverycore.engine.progress import calendar_of
from recoverycore.engine.shell import all_of, client_of, one_of, programme_of, put, readable_of
from recoverycore.engine.signals import keep_signal
from recoverycore.errors import NotAllowed, NotFound, problem
from recoverycore.ground.instants import local_date
from recoverycore.plans import ClientRisks, ClientSettings, Lapse, LapseReview, lapse_obligations, period
from recoverycore.risk import Signal, standing_signals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.engine.work import Work
    from recoverycore.plans import LapseStanding

__all__ = ["answer_hypotheses", "record_slip", "review_slip", "slips_of"]

OWED_AS = {"overdose_check": "safety_check", "lapse_review": "review", "answer_hypothesis": "decision"}
"""The kind of obligation that each seed of a slip becomes."""


def record_slip(work: Work, client: str, signal: Signal) -> None:
    """Keep the slip that a signal tells of, and open what is owed because of it, each once."""
    lapse = Lapse.model_validate(
        {
            "id": signal.id,
            "at": signal.observed_at,
            "recorded_at": signal.recorded_at,
            **({"classes": signal.codes} if signal.codes else {}),
        }
    )
    put(work.unit, lapse, client)
    for each in _standing(work, client, lapse, None).obligations:
        _owe_once(work, client, OWED_AS[each.code], lapse.id, each.due)


def review_slip(work: Work, client: str, lapse: str, review: LapseReview, by: str) -> dict[str, Any]:
    """Keep what came of looking back together. Done, it ends the review and opens a decision for each hypothesis.

    Errors: ``unknown_lapse``; ``lapse_review_needs_hypothesis``, and nothing is changed then.
    """
    kept = one_of(work.unit, Lapse, client, lapse)
    if kept is None:
        raise NotFound(problem("unknown_lapse"))
    found = _standing(work, client, kept, review)
    if found.refused:
        raise NotAllowed(*(problem(code) for code in found.refused))
    put(work.unit, review, client)
    work.note("reviewed", client=client, lapse=lapse, by=by, hypotheses=[each.id for each in review.hypotheses])
    keep_signal(work, client, kind="review", identifier=f"review:{review.id}", by=by)
    for each in found.obligations:
        if each.code == "lapse_review" and each.state in ("done", "declined"):
            _end(work, client, OWED_AS[each.code], lapse, by)
        if each.code == "answer_hypothesis" and each.state == "open":
            _owe_once(work, client, OWED_AS[each.code], each.ref or "", next(seed.due for seed in found.obligations if seed.due))
    return {"lapse": lapse, "hypotheses": [each.id for each in review.hypotheses]}


def slips_of(work: Work, client: str) -> list[dict[str, Any]]:
    """Every slip that was reported and not taken back, oldest first: its local day, its week, how long until it was told.

    It is data about a week. Nothing counts the days since.
    """
    settings = calendar_of(work, client)
    standing_ids = {each.id for each in standing_signals(all_of(work.unit, Signal, client), work.at)}
    found = []
    for each in sorted(all_of(work.unit, Lapse, client), key=lambda lapse: (lapse.at or lapse.recorded_at, lapse.id)):
        if each.id in standing_ids:
            on = each.date or (local_date(each.at, settings.zone or "UTC") if each.at else None)
            week = period("week", on, settings=settings).start if on and settings.week_start else None
            told_after = None if each.at is None else (each.recorded_at - each.at) // timedelta(minutes=1)
            row = {"id": each.id, "on": on and on.isoformat(), "week_of": week and week.isoformat()}
            found.append({**row, "reported_after_minutes": told_after, "classes": list(each.classes or ())})
    return found


def answer_hypotheses(work: Work, client: str, answered: Iterable[str], by: str) -> None:
    """A revision has answered these hypotheses: the decisions about them are made."""
    for identifier in answered:
        _end(work, client, OWED_AS["answer_hypothesis"], identifier, by)


def _standing(work: Work, client: str, lapse: Lapse, review: LapseReview | None) -> LapseStanding:
    person = client_of(work.unit, client)
    return lapse_obligations(
        lapse,
        client_risks=ClientRisks(opioid_risk=person.opioid_risk, sedative_risk=person.sedative_risk),
        settings=ClientSettings(zone=person.zone or programme_of(work.unit).zone),
        as_of=work.at,
        review=review,
    )


def _owe_once(work: Work, client: str, kind: str, about: str, due: datetime | None) -> None:
    known, _ = readable_of(work.unit, Obligation, client)  # one too many is better than a slip that is not kept
    if not any((each.kind, each.about) == (kind, about) for each in known):
        owe(work, client, kind, programme_of(work.unit).care_owner_role, due, about=about)


def _end(work: Work, client: str, kind: str, about: str, by: str) -> None:
    for each in readable_of(work.unit, Obligation, client)[0]:
        if (each.kind, each.about) == (kind, about) and standing(each, work.at) != "discharged":
            discharge(work, client, each.id, by)
