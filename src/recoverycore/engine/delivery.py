"""The way out: a message is leased, looked at once more, handed to the deliverers, and what they say goes back to its run.

At least once, with the same key each time. A message whose fate nobody knows is sent again under its key only; a
deliverer that fails is another attempt later, and when all attempts are used up the run takes the next channel.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import evolve

from recoverycore.engine.access import Access
from recoverycore.engine.kept_runs import run_state
from recoverycore.engine.ledger import as_it_leaves, it_came, take_back
from recoverycore.engine.notices import as_permitted, may_go, next_channel
from recoverycore.engine.runs import feed, refresh
from recoverycore.engine.shell import all_of, client_of
from recoverycore.engine.work import Work
from recoverycore.errors import NotFound, RecoveryError, StoreError, problem
from recoverycore.escalation import CodeWord, ContentFacts, check_message
from recoverycore.ground.canonical import digest
from recoverycore.ground.levels import Level
from recoverycore.ground.sensitive import Sensitive
from recoverycore.hooks import OutgoingMessage, Receipt
from recoverycore.hooks.values import TAKEN

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.engine.shell import Shell
    from recoverycore.engine.stores import OutboxRow
    from recoverycore.hooks import Outcome, Report
    from recoverycore.hooks.values import ContentClass

__all__ = ["deliver_due", "take_receipt"]

_log = logging.getLogger("recoverycore.engine")
_FINAL = ("failed_permanent", "expired")
_WENT_NOWHERE = ("failed_transient", *_FINAL)
"""What a deliverer says of a message that it has not let go."""
_ARRIVED = ("delivered", "seen", "answered")
_NOTICE = "notice_receipt"
"""The kind under which it is kept what was said of a notice after it was handed over."""
_WORST_FIRST = (
    "queued", "leased", "failed_transient", "expired", "failed_permanent", "handed_over", "accepted", "superseded", "delivered",
    "seen", "answered",
)  # fmt: skip
MOST_AT_ONCE = 10_000
"""So many messages leave in one call at most: a receipt may ask for another message, and no plugin keeps the engine here for ever."""


def deliver_due(shell: Shell, at: datetime) -> int:
    """Send everything that is due, the most urgent first. How many messages were handed to the deliverers.

    A message that cannot be put together (its run is damaged, say) keeps no other back: it stands in the record as
    ``message_failed``, is told to the log, and is tried again a little later.
    """
    for sent in range(MOST_AT_ONCE):
        row = None
        try:
            row, message = _take(shell, at)
            if row is None:
                return sent
            if message is not None:
                _hand_over(shell, row, message, at)
        except StoreError as error:
            if error.name != "store_unreadable":  # the store as a whole; one thing in it that cannot be read is one message
                raise
            _set_aside(shell, row, at, error.name)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must go on
            _set_aside(shell, row, at, type(error).__name__)
    return MOST_AT_ONCE


def _set_aside(shell: Shell, row: OutboxRow | None, at: datetime, error: str) -> None:
    """Let a message that failed wait: the one that was leased, or the one whose lease was undone with its unit."""
    with shell.store.unit() as unit:
        found = row or unit.claim(at, shell.settings.lease)
        if found is not None:
            _log.error("message of %s failed: %s", found.body["run"] or "a notice", error)
            spent = found.attempts >= shell.settings.tries
            unit.settle(found.key, "failed_permanent" if spent else "failed_transient", at + shell.settings.try_clock_again)
            whose = {"run": found.body["run"], "client": found.body["client"], "key": found.key}
            Work.on(shell, unit, at).note("message_failed", **whose, error=error)


def take_receipt(work: Work, receipt: Receipt, key: str, command: str) -> dict[str, Any]:
    """What became of a message, told after it was handed over. Error: ``unknown_message``."""
    row = work.unit.message(key)
    if row is None:
        raise NotFound(problem("unknown_message"))
    run = row.body["run"]
    work.note("receipt", run=run, client=row.body["client"], key=key, status=receipt.status)
    better = _WORST_FIRST.index(receipt.status) > _WORST_FIRST.index(row.status) if row.status in _WORST_FIRST else True
    if better and (receipt.taken or receipt.status in _FINAL):
        work.unit.settle(key, receipt.status)
    if receipt.taken:
        it_came(work, row)
    if run is not None:
        feed(work, run, {"type": "receipt", "id": command, "key": key, "status": receipt.status, "human": receipt.human})
    elif receipt.status in _FINAL and not _known_to_have_come(work, key) and row.status not in _FINAL:
        work.keep(_NOTICE, key, {"status": receipt.status})
        next_channel(work, row)  # it bounced, also after it was handed over
    elif receipt.status in _ARRIVED:
        work.keep(_NOTICE, key, {"status": receipt.status})
    return {"key": key, "status": receipt.status}


def _known_to_have_come(work: Work, key: str) -> bool:
    """Whether a better receipt has told already that a notice came, or it has bounced before: a run keeps that itself."""
    return work.unit.get(_NOTICE, key) is not None


def _take(shell: Shell, at: datetime) -> tuple[OutboxRow | None, OutgoingMessage | None]:
    """Lease the next message and put it together, unless its run does not want it any more: all around the run is looked at again.

    What it tells stands in the ledger from here on: in one unit with the lease, so nobody is ever told what is not written down.
    """
    with shell.store.unit() as unit:
        row = unit.claim(at, shell.settings.lease)
        if row is None:
            return None, None
        work = Work.on(shell, unit, at)
        run = row.body["run"]
        wanted = may_go(work, row.body) if run is None else refresh(work, run).messages[row.key].status not in ("superseded", *_FINAL)
        if not wanted:
            unit.cancel(row.key)
            work.note("not_sent", run=run, client=row.body["client"], key=row.key)
            return row, None
        permitted = as_permitted(work, row.body) if run is None else _as_permitted_now(work, row)
        row = evolve(row, body=as_it_leaves(work, row, permitted))
        return row, _message(work, row, shell.keys.of(row.body["client"]))


def _as_permitted_now(work: Work, row: OutboxRow) -> dict[str, Any]:
    """A message of a run, cut once more to what its target may be told now, at the level that its run has now."""
    body = row.body
    if not body.get("asked") or body["kind"] not in ("ask", "inform", "repeat"):
        return body
    try:
        access = Access(work, body["client"])
        told, most = access.what_may_be_told(body["to"], body["asked"], body["purpose"])
    except RecoveryError:
        told, most = (), "C0"
    return {**body, "categories": list(told), "class": min(body["class"], most)}


def _hand_over(shell: Shell, row: OutboxRow, message: OutgoingMessage, at: datetime) -> None:
    late = partial(_came_late, shell, row, at)
    within = shell.settings.deliver_within
    report = shell.plugins.fan_out("recovery_deliver_message", deadline=within, now=at, on_late=late, message=message, key=row.key)
    with shell.store.unit() as unit:
        _settle(Work.on(shell, unit, at), row, report)


def _came_late(shell: Shell, row: OutboxRow, at: datetime, outcome: Outcome) -> None:
    """What a deliverer says after its deadline, in whatever thread it comes: written down, then taken like a receipt that comes later.

    Each is one unit of the store, so it waits for its turn like any command. That somebody has the message counts always, of an earlier
    attempt too, since the key is the same. That it failed for good counts only while nobody knows more: of the last attempt, and where
    no other deliverer has it; then the next channel is taken at once. Whatever else is said stands in the record only, and the next
    try asks again under the same key.
    """
    now = at + timedelta(seconds=outcome.seconds)
    said = outcome.value if isinstance(outcome.value, Receipt) else None
    with shell.store.unit() as unit:
        whose = {"run": row.body["run"], "client": row.body["client"], "key": row.key}
        status = said.status if said is not None else outcome.status
        Work.on(shell, unit, now).note("late_answer", **whose, plugin=outcome.plugin, status=status, attempt=row.attempts)
    if said is None:
        return
    with shell.store.unit() as unit:
        kept = unit.message(row.key)
        failed = said.status in _FINAL and kept is not None and (kept.status, kept.attempts) == ("unconfirmed", row.attempts)
        if kept is None or not (said.taken or failed):
            return
        work = Work.on(shell, unit, now)
        if row.body["run"] is not None:  # what was begun before and ends after something else is no clock that went back
            work.at = max(now, run_state(work, row.body["run"]).last or now)
        take_receipt(work, said, row.key, f"late:{row.key}:{row.attempts}:{outcome.plugin}")
    if failed:
        deliver_due(shell, work.at)


def _settle(work: Work, row: OutboxRow, report: Report) -> None:
    """Write down what came of an attempt, and tell whom it concerns. Plugins are named, their words are not."""
    run = row.body["run"]
    whose = {"run": run, "client": row.body["client"], "key": row.key}
    for each in report.bad:
        work.note("plugin_error", run=run, client=whose["client"], hook=report.hook, plugin=each.plugin, status=each.status)
    receipts = [value for value in report.values.values() if isinstance(value, Receipt)]
    best = max(receipts, key=lambda each: (_WORST_FIRST.index(each.status), each.human), default=None)
    status = best.status if best is not None and (best.taken or best.status in _FINAL) else None
    if row.body["class"] != "C0" and not report.bad and all(each.status in _WENT_NOWHERE for each in receipts) and not _came(work, row):
        take_back(work, row)
    if not report.bad and not receipts:
        work.note("nobody_delivers", **whose, channel=row.body["channel"])
        status = "failed_permanent"
    if status is None and _came(work, row):
        return  # a receipt, or a late answer, was faster than this
    if status is None and row.attempts < work.settings.tries:
        _wait(work, row, "unconfirmed" if report.delivery == "unconfirmed" else "failed_transient")
        return
    status = status or "failed_permanent"
    work.unit.settle(row.key, status)
    work.note("handed_out" if status not in _FINAL else "not_delivered", **whose, status=status, attempt=row.attempts)
    if run is not None:
        receipt = {"key": row.key, "status": status, "human": bool(best and best.human)}
        feed(work, run, {"type": "receipt", "id": f"sent:{row.key}:{row.attempts}", **receipt})
    elif status in _FINAL:
        next_channel(work, row)


def _came(work: Work, row: OutboxRow) -> bool:
    """Whether a receipt has told meanwhile that this attempt came, whatever its deliverer says."""
    now = work.unit.message(row.key)
    return now is not None and now.attempts == row.attempts and now.status in TAKEN


def _wait(work: Work, row: OutboxRow, status: str) -> None:
    """Try again after a pause that doubles each time."""
    pause = min(work.settings.retry * 2 ** (row.attempts - 1), work.settings.retry_at_most)
    work.unit.settle(row.key, status, work.at + pause)
    work.note("not_yet_sent", run=row.body["run"], client=row.body["client"], key=row.key, status=status, attempt=row.attempts)


def _message(work: Work, row: OutboxRow, key: bytes) -> OutgoingMessage:
    body: dict[str, Any] = row.body
    content_class = body["class"]
    return OutgoingMessage(
        key=row.key,
        run=body["run"] or "",
        to=body["to"],
        channel=body["channel"],
        kind=body["kind"],
        content_class=content_class,
        level=Level(row.level),
        text=_words(work, body, key),
        protocol=body["protocol"],
        step=body["step"],
        attempt=body["attempt"],
        why=body["why"],
        categories=tuple(body["categories"]) if content_class == "C2" else (),
        client_ref=None if content_class == "C0" else body["client"],
        subject_ref=_reference(row.key),
    )


def _reference(key: str) -> str:
    """An opaque word for one message: it means something only to whoever may open it in the app."""
    return digest(["reference", key])[:8].upper()


def _words(work: Work, body: dict[str, Any], key: bytes) -> Sensitive:
    """The text of a message: the host's words for its class, unless they say more than the class may hold."""
    client = client_of(work.unit, body["client"])
    name = client.chosen_name.reveal() if client.chosen_name else ""
    texts, facts = (
        work.settings.texts,
        ContentFacts(
            first_name=client.chosen_name or None,
            **_limits(work, body["run"]),
            code_words=all_of(work.unit, CodeWord, client.id),
            key=key,
        ),
    )
    content_class: ContentClass = body["class"] if name else "C0"
    reference = _reference(f"{body['run'] or body['about']}/{body['to']}")
    words = {"reference": reference, "name": name, "categories": ", ".join(body["categories"])}
    text = Sensitive({"C0": texts.c0, "C1": texts.c1, "C2": texts.c2}[content_class].format(**words))
    found = check_message(content_class, text, facts)
    if not found:
        return text
    work.note("text_replaced", run=body["run"], client=client.id, findings=list(found))
    plain = Sensitive(texts.c0.format(reference=reference))
    return plain if not check_message("C0", plain, facts) else Sensitive(f"Reference {reference}.")


def _limits(work: Work, run: str | None) -> dict[str, Any]:
    """What a protocol says about its messages; a notice has none, and the library's own limits."""
    if run is None:
        return {}
    protocol = run_state(work, run).protocol
    return {"forbidden_names": protocol.forbidden_names, "max_chars": protocol.max_chars}
