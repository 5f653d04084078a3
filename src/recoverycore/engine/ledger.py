"""The ledger of an engine: each release is written down in the unit of work that makes it, once, and lists are read from what is kept.

Entries are kept under what caused them: a command, or the key of a message with an entry for each attempt, of which those that
tell nothing new are not read. So a command that comes twice and a message that is sent again after a crash are one entry. A message
is written down as it is taken for sending, before anybody outside can have it; only where it is certain that it went nowhere, the
entry of that attempt is taken back, and put back where it comes out later that it came after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.consent import Decision, Ledger, LedgerEntry
from recoverycore.consent.ledger import entry_for, intermediary_list
from recoverycore.consent.times import EVER
from recoverycore.engine.access import CONTACT, Access
from recoverycore.errors import RecoveryError
from recoverycore.ground.instants import parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.engine.stores import OutboxRow, Unit
    from recoverycore.engine.work import Work

__all__ = ["Accounting", "accounting", "as_it_leaves", "asked", "it_came", "ledger_of", "take_back", "write_down"]

LEDGER = "ledger of "
"""The beginning of the kind under which the releases about a client are kept."""


@frozen
class Accounting:
    """What a person is answered who asks whom their records went to: the decision, and the releases that are on the list."""

    decision: Decision
    listed: Ledger

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each release on the list."""
        return self.listed.to_rows()


def write_down(work: Work, client: str, cause: str, found: Decision, *, attempt: int = 1, ehr: bool | None = None) -> None:
    """Keep the entry for what `found` releases because of `cause`, beside those of earlier attempts."""
    entry = entry_for(found, client=client, ehr=ehr)
    if entry is None:
        return
    kept = work.unit.get(LEDGER + client, cause)
    before: list[dict[str, Any]] = kept.body["releases"] if kept else []
    work.keep(LEDGER + client, cause, {"releases": [*before, {"attempt": attempt, "entry": entry.to_data()}]})


def as_it_leaves(work: Work, row: OutboxRow, body: dict[str, Any]) -> dict[str, Any]:
    """A message as it goes out now, with its entry in the ledger where it tells anything: a name, or what it is about.

    What it tells is decided once more, as a whole; where that is not permitted, or cannot be read, it goes without telling anything.
    """
    if body["class"] == "C0":
        return body
    told = body["categories"] if body["class"] == "C2" else []
    try:
        found = Access(work, body["client"]).decide(body["to"], (CONTACT, *told), body["purpose"])
    except RecoveryError:  # what cannot be read releases nothing
        return {**body, "class": "C0", "categories": []}
    if not found.permitted:
        return {**body, "class": "C0", "categories": []}
    write_down(work, body["client"], _message(row.key), found, attempt=row.attempts)
    return body


def take_back(work: Work, row: OutboxRow) -> None:
    """Take the entry of an attempt back that reached nobody, for certain. What an earlier attempt may have told stays."""
    kept = work.unit.get(LEDGER + row.body["client"], _message(row.key))
    if kept is not None:
        rest = [each for each in kept.body["releases"] if each["attempt"] != row.attempts]
        work.keep(kept.kind, kept.id, {"releases": rest})


def it_came(work: Work, row: OutboxRow) -> None:
    """Put the entry of the last attempt back where it was taken back: somebody says now that the message came after all."""
    where = (LEDGER + row.body["client"], _message(row.key))
    ever = {each["attempt"]: each for kept in work.unit.revisions(*where) for each in kept.body["releases"]}
    if row.attempts in ever:
        rest = [each for each in work.body(*where)["releases"] if each["attempt"] != row.attempts]
        work.keep(*where, {"releases": [*rest, ever[row.attempts]]})


def ledger_of(unit: Unit, client: str) -> Ledger:
    """Every release about a client that was written down."""
    return Ledger(LedgerEntry.model_validate(each) for row in unit.all(LEDGER + client) for each in _once(row.body["releases"]))


def _once(releases: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The entries of one cause without those that tell nothing which an earlier one has not told already."""
    told: set[str] = set()
    for entry in (each["entry"] for each in releases):
        records = {record["id"] for record in entry["records"]}
        if not records <= told:
            yield entry
        told |= records


def accounting(work: Work, client: str, action: str, *, in_writing: bool | None = None) -> Accounting:
    """What the person is answered who asks for `action`: ``accounting`` or ``list_disclosures``. Without a law that knows it, no list.

    An accounting is a fold: an entry is on it exactly where it is on the accounting of itself alone.
    """
    access, ledger = Access(work, client), ledger_of(work.unit, client)
    decide = access.of_the_person(action, in_writing=in_writing)
    found = decide(ledger.entries)
    if not found.permitted:
        return Accounting(found, Ledger())
    if action == "accounting":
        return Accounting(found, Ledger(each for each in ledger.entries if decide((each,)).entries))
    window = {name: value for each in found.obligations if each.code == "three_year_window" for name, value in each.params}
    since = parse_instant(window["since"]) if "since" in window else EVER
    calendar = found.case.consents.setting.calendar
    return Accounting(found, Ledger(intermediary_list(ledger.entries, access.programme.id, since=since, until=work.at, calendar=calendar)))


def asked(command: str) -> str:
    """The cause of what was released by a command."""
    return f"command {command}"


def _message(key: str) -> str:
    """The cause of what was released by a message."""
    return f"message {key}"
