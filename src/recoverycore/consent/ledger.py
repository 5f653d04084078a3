"""The ledger of releases: one entry for each, made from a decision, and lists that are read from it. Pure.

A host keeps the entries; an accounting or the list of an intermediary is a fold over them, so it can be made again at any time.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from recoverycore.consent.facts import LedgerEntry, ReleasedRecord
from recoverycore.consent.outcome import listed
from recoverycore.ground.instants import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from recoverycore.consent.outcome import Decision
    from recoverycore.consent.times import Calendar

__all__ = ["LOGGING", "Ledger", "entries_since", "entry_for", "intermediary_list", "made_with_consent"]

LOGGING = frozenset({"log_disclosure", "log_access", "intermediary_list_entry"})
"""The duties of a release that its entry in the ledger meets."""


def _in_time_order(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    return tuple(sorted(entries, key=_place))


def _place(entry: LedgerEntry) -> tuple[str, str]:
    """Where an entry stands in time; a day by itself comes before the instants of it."""
    return (utc_text(entry.at) if isinstance(entry.at, datetime) else entry.at.isoformat(), entry.recipient or "")


@frozen
class Ledger:
    """Every release about one client that was written down, in time order: who was told, what kinds of thing, for what, on which basis.

    Ids and codes only; nothing of what a record says is here.
    """

    entries: tuple[LedgerEntry, ...] = field(default=(), converter=_in_time_order, repr=False)

    def told(self, who: str) -> Ledger:
        """What went to `who`, or through them."""
        return evolve(self, entries=[each for each in self.entries if who in (each.recipient, each.via)])

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody who was told anything, by id."""
        return tuple(sorted({each.recipient for each in self.entries if each.recipient is not None}))

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each release: when, to whom, which kinds of record, for what, and on which basis."""
        return [
            {
                "at": each.to_data()["at"],
                "recipient": each.recipient,
                "via": each.via,
                "purposes": [*each.purposes, *([each.purpose] if each.purpose else [])],
                "action": each.action,
                "categories": [record.category or record.id for record in each.records],
                "basis": list(each.basis),
                "basis_kind": each.basis_kind,
                "obligations": list(each.obligations),
            }
            for each in self.entries
        ]


def entry_for(decision: Decision, *, client: str, ehr: bool | None = None) -> LedgerEntry | None:
    """The entry for the release that `decision` permits: only what is released stands in it. None where nothing is.

    `client` is the host's own id; `ehr` whether it goes through an electronic health record.
    """
    if decision.verdict == "deny":
        return None
    case = decision.case
    request = case.request
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
        basis=listed(decision.basis),
        basis_kind=decision.basis_kind,
        profiles=decision.profiles,
        ehr=ehr,
        held_copy=case.facts.held_copy if request.action == "redisclose" else None,
        digest=decision.inputs_digest,
        obligations=tuple(sorted(decision.codes & LOGGING)),
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
    ledger: Iterable[LedgerEntry], intermediary: str, *, since: datetime, until: datetime, calendar: Calendar
) -> tuple[LedgerEntry, ...]:
    """Who received anything through `intermediary` with consent from `since` up to `until`, in time order."""
    found = entries_since(ledger, since, until, calendar)
    return tuple(each for each in found if made_with_consent(each) and intermediary in (each.via, each.discloser))


def _moment(entry: LedgerEntry) -> date | datetime:
    return entry.at
