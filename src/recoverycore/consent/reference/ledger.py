"""The accounting of disclosures: which entries of the ledger are listed to the client."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from recoverycore.consent.reference.words import begins, ends, values_of
from recoverycore.ground.instants import calendar_add, local_date

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json

YEARS = 3


def entries(question: Question) -> list[str]:
    """When each disclosure listed was made, in time order: made with consent, not more than three calendar years ago."""
    if question.switches["tpo_accounting_tolled"]:
        return []
    made = [entry for entry in question.fact("ledger") or () if _listed(question, entry)]
    return [entry["at"] for entry in sorted(made, key=lambda entry: (min(begins(entry["at"], question.zone)), entry["at"]))]


def _listed(question: Question, entry: Json) -> bool:
    """For a purpose beyond treatment, payment and operations, or through an electronic health record. A day counts if any of it does."""
    purposes = values_of("purposes", entry.get("purposes") or [entry.get("purpose") or ""])
    beyond = not all(question.reaches("purposes", ["treatment", "payment", "operations"], purpose) for purpose in purposes)
    last = max(ends(entry["at"], question.zone))
    recent = last >= _since(question) if "T" in entry["at"] else last > _since(question)
    made = min(begins(entry["at"], question.zone)) <= question.at
    return entry.get("basis_kind", "consent") == "consent" and recent and made and (beyond or entry.get("ehr") is True)


def _since(question: Question) -> datetime:
    """The same calendar time three years before; of a leap day, the day before it."""
    zone = question.zone or "UTC"
    today = local_date(question.at, zone)
    leap = (today.month, today.day) == (2, 29)
    then = date(today.year - YEARS, today.month, 28 if leap else today.day)
    return calendar_add(question.at, (then - today).days, timedelta(), zone)
