"""Lists of disclosures, read from the ledger: an accounting under 42 CFR 2.25."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent import reads
from recoverycore.consent.ledger import entries_since, made_with_consent

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent import LedgerEntry, Matter

__all__ = ["accounting", "years_before"]

_YEARS = 3
_TPO = ("treatment", "payment", "operations")


def years_before(matter: Matter, years: int) -> datetime:
    """The same calendar time so many years before, where the client lives."""
    return matter.setting.calendar.years_before(matter.at, years)


@reads()
def accounting(matter: Matter) -> tuple[str, ...]:
    """When each disclosure was made that an accounting lists: with consent, within three years, not for treatment, payment or operations.

    Those for treatment, payment or operations are listed too where they were made through an electronic record. Empty while the duty is
    tolled (switch ``tpo_accounting_tolled``).
    """
    if matter.policy["tpo_accounting_tolled"]:
        return ()
    found = entries_since(matter.facts.ledger, years_before(matter, _YEARS), matter.at, matter.setting.calendar)
    listed = [each for each in found if made_with_consent(each) and (each.ehr is True or not _only_tpo(each, matter))]
    return tuple(each.to_data()["at"] for each in listed)


def _only_tpo(entry: LedgerEntry, matter: Matter) -> bool:
    words = matter.setting.words
    purposes = words.read("purpose", (*entry.purposes, *(() if entry.purpose is None else (entry.purpose,))))
    return bool(purposes) and all(words.covers("purpose", frozenset(_TPO), each) for each in purposes)
