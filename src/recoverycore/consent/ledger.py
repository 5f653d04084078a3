"""The ledger of releases: one entry for each, made from a decision, and lists that are read from it. Pure.

A host keeps the entries; an accounting or the list of an intermediary is a fold over them, so it can be made again at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.facts import LedgerEntry, ReleasedRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from recoverycore.consent.outcome import Decision
    from recoverycore.consent.times import Calendar

__all__ = ["entries_since", "entry_for", "intermediary_list", "made_with_consent"]


def entry_for(decision: Decision, *, client: str, ehr: bool | None = None) -> LedgerEntry | None:
    """The entry for the release that `decision` permits: only what is released stands in it. None where nothing is.

    `client` is the host's own id; `ehr` whether it goes through an electronic health record.
    """
    if decision.verdict == "deny":
        return None
    case = decision.case
    request = case.request
    basis = (decision.basis,) if isinstance(decision.basis, str) else decision.basis or ()
    released = set(decision.released)
    return LedgerEntry(
        at=request.at,
        client=client,
        discloser=None if request.discloser is None else request.discloser.id,
        recipient=request.recipient.id,
        via=request.recipient.via,
        purposes=tuple(sorted(case.consents.setting.words.read("purpose", request.purposes))),
        action=request.action,
        records=tuple(ReleasedRecord(id=each.id, category=each.category) for each in request.records if each.id in released),
        basis=basis,
        basis_kind=decision.basis_kind,
        profiles=decision.profiles,
        ehr=ehr,
        held_copy=case.facts.held_copy if request.action == "redisclose" else None,
        digest=decision.inputs_digest,
    )


def made_with_consent(entry: LedgerEntry) -> bool:
    """Whether the release rests on consent; one that does not say what it rests on does."""
    return entry.basis_kind in (None, "consent")


def entries_since(ledger: Iterable[LedgerEntry], since: datetime, until: datetime, calendar: Calendar) -> tuple[LedgerEntry, ...]:
    """The entries from `since` up to `until`, in time order. One known by its date alone counts where any of that day does."""
    found = [each for each in ledger if calendar.ends(_moment(each), "wide") > since or _moment(each) == since]
    found = [each for each in found if calendar.begins(_moment(each), "wide") <= until]
    return tuple(sorted(found, key=lambda each: calendar.begins(_moment(each), "wide")))


def intermediary_list(
    ledger: Iterable[LedgerEntry], intermediary: str, *, at: datetime, years: int, calendar: Calendar
) -> tuple[LedgerEntry, ...]:
    """Who received anything through `intermediary` with consent in the last `years`, in time order."""
    found = entries_since(ledger, calendar.years_before(at, years), at, calendar)
    return tuple(each for each in found if made_with_consent(each) and intermediary in (each.via, each.discloser))


def _moment(entry: LedgerEntry) -> date | datetime:
    return entry.at
