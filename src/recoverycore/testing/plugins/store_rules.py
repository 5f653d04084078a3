"""Rules about a store as a whole: units, documents, commands, the audit; each yields a sentence for whatever breaks it."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.engine.stores import verify_audit
from recoverycore.errors import RecoveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.engine.stores import Store, Unit
    from recoverycore.testing.plugins.store import StoreGiven

__all__ = ["AT", "MINUTE", "RULES", "filled", "refusal"]

AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_TURNS = 5
_MEETING = 1.0  # seconds that a thread waits inside its unit for one that should not come in


class _PlannedError(Exception):
    """What ends a unit that is not to be kept."""


def filled(store: Store) -> Store:
    """One of everything."""
    with store.unit() as unit:
        unit.put("client", "c-1", {"n": 1}, None)
        unit.record_command("cmd-1", AT, {"do": "it"}, {"done": True})
        unit.set_timer("r-1", AT, 1, 3)
        unit.enqueue("m-1", 3, AT, {"to": "p-1"})
        unit.append_audit(AT, {"what": "began"})
    return store


def _everything(store: Store) -> tuple[Any, ...]:
    with store.unit() as unit:
        return unit.documents(), unit.commands(), unit.timers(), unit.outbox(), unit.audit(), unit.next_timer()


def refusal(act: Callable[[], object]) -> str:
    """The name of the error of this library that `act` ends with; what else it ends with, in words."""
    try:
        act()
    except RecoveryError as error:
        return error.name
    except Exception as error:  # noqa: BLE001 - whatever it raises is what the rule tells
        return f"{type(error).__name__}, which is no error of this library"
    return "nothing"


def _asked(act: Callable[[], object], wanted: str, doing: str) -> Iterator[str]:
    found = refusal(act)
    if found != wanted:
        yield f"{doing}: expected the error {wanted}, got {found}"


def keeps_a_unit_that_ends_well(given: StoreGiven) -> Iterator[str]:
    """What a unit wrote is there in the next one, each part of it once."""
    store = filled(given.make())
    for name, each in zip(("documents", "commands", "timers", "messages", "audit links"), _everything(store)[:5], strict=True):
        if len(each) != 1:
            yield f"after a unit that wrote one of each there are {len(each)} {name}"


def leaves_nothing_of_a_unit_that_fails(given: StoreGiven) -> Iterator[str]:
    """All of a unit is kept, or nothing: whatever ended it, also an interrupt from the keyboard."""
    for error in (_PlannedError, KeyboardInterrupt, SystemExit, GeneratorExit):
        store = filled(given.make())
        before = _everything(store)
        with contextlib.suppress(error), store.unit() as unit:
            unit.put("client", "c-1", {"n": 2}, 1)
            unit.put("plan", "p-1", {}, None)
            unit.record_command("cmd-2", AT, {}, {})
            unit.set_timer("r-1", AT + MINUTE, 2, 1)
            unit.set_timer("r-2", AT, 1, 1)
            unit.clear_timer("r-1")
            unit.enqueue("m-2", 1, AT, {})
            unit.claim(AT, MINUTE)
            unit.cancel("m-2")
            unit.append_audit(AT, {"what": "ended"})
            raise error
        names = ("documents", "commands", "timers", "messages", "the audit", "the next timer")
        for name, was, now in zip(names, before, _everything(store), strict=True):
            if was != now:
                yield f"after a unit that ended with {error.__name__}, {name} are not as before"


def counts_revisions(given: StoreGiven) -> Iterator[str]:
    """A document has each of its revisions, and only whoever saw the newest writes the next."""
    store = filled(given.make())
    with store.unit() as unit:
        for expected in (None, 0, 2):
            yield from _asked(
                lambda expected=expected: unit.put("client", "c-1", {}, expected),  # type: ignore[misc]
                "revision_conflict",
                f"writing over revision 1 as over {expected or 'nothing'}",
            )
        yield from _asked(lambda: unit.put("client", "new", {}, 1), "revision_conflict", "writing revision 2 of what is not there")
        unit.put("client", "c-1", {"n": 2}, 1)
    with store.unit() as unit:
        found = [(each.rev, each.body) for each in unit.revisions("client", "c-1")]
        newest = unit.get("client", "c-1")
    if found != [(1, {"n": 1}), (2, {"n": 2})]:
        yield f"of two revisions {len(found)} are kept, or not as they were written"
    if newest is None or newest.rev != 2:  # noqa: PLR2004 - the second of two
        yield "the newest revision is not the one that get gives"


def goes_on_after_a_conflict(given: StoreGiven) -> Iterator[str]:
    """A conflict that is caught keeps the rest of the unit."""
    store = filled(given.make())
    with store.unit() as unit:
        refusal(lambda: unit.put("client", "c-1", {}, None))
        unit.put("client", "c-2", {}, None)
    with store.unit() as unit:
        if [each.id for each in unit.all("client")] != ["c-1", "c-2"]:
            yield "a conflict inside a unit took the rest of the unit with it"


def shares_no_body(given: StoreGiven) -> Iterator[str]:
    """Whoever changes a body, before or after, changes nothing that is kept."""
    store = given.make()
    body = {"list": [1]}
    with store.unit() as unit:
        unit.put("client", "c-1", body, None)
        unit.record_command("cmd-1", AT, {}, body)
        unit.enqueue("m-1", 1, AT, body)
        body["list"].append(2)
    for _ in range(2):
        with store.unit() as unit:
            stored, message = unit.get("client", "c-1"), unit.message("m-1")
            kept = [stored.body if stored else None, unit.command("cmd-1"), message.body if message else None]
        for name, found in zip(("document", "result of a command", "message"), kept, strict=True):
            if found != {"list": [1]}:
                yield f"the body of a {name} changed with the one that was given, or with the one that was read"
            if found:
                found["list"].append(3)


def knows_a_command_again(given: StoreGiven) -> Iterator[str]:
    """The id of a command is used once for ever, and its result comes back; commands are told in their order."""
    store = filled(given.make())
    with store.unit() as unit:
        yield from _asked(lambda: unit.record_command("cmd-1", AT, {}, {}), "command_id_reused", "recording a command twice")
        if unit.command("cmd-1") != {"done": True} or unit.command("none") is not None:
            yield "the result of a command does not come back, or one comes that was never recorded"
        for name in ("cmd-9", "cmd-2"):
            unit.record_command(name, AT, {}, {})
    with store.unit() as unit:
        found = [each.id for each in unit.commands()], [each.id for each in unit.commands(2)]
    if found != (["cmd-1", "cmd-9", "cmd-2"], ["cmd-2"]):
        yield "commands are not told in the order in which they were recorded"


def chains_its_audit(given: StoreGiven) -> Iterator[str]:
    """Links are numbered from one and hold on to each other, also after a unit that failed."""
    store = filled(given.make())
    with contextlib.suppress(_PlannedError), store.unit() as unit:
        unit.append_audit(AT, {"what": "lost"})
        raise _PlannedError
    with store.unit() as unit:
        unit.append_audit(AT + MINUTE, {"what": "went on"})
    with store.unit() as unit:
        links, later = unit.audit(), unit.audit(1)
    if [each.seq for each in links] != [1, 2] or [each.seq for each in later] != [2]:
        yield "audit links are not numbered from one without a hole"
    broken = refusal(lambda: verify_audit(links))
    if broken != "nothing":
        yield f"the chain of the audit does not hold ({broken})"


def is_over_at_its_end(given: StoreGiven) -> Iterator[str]:
    """A unit answers nothing after its block, is never inside another, and a closed store says that it is closed."""
    store = given.make()
    with store.unit() as unit:

        def nested() -> None:
            with store.unit():
                pass

        yield from _asked(nested, "unit_nested", "a unit inside a unit")
        unit.put("client", "c-1", {}, None)
    with store.unit() as after:
        if after.get("client", "c-1") is None:
            yield "a unit that was refused inside another took the outer one with it"
    yield from _asked(lambda: unit.get("client", "c-1"), "unit_ended", "reading through a unit after its end")
    yield from _asked(lambda: unit.put("client", "c-2", {}, None), "unit_ended", "writing through a unit after its end")
    store.close()
    yield from _asked(store.close, "nothing", "closing a store twice")
    yield from _asked(nested, "store_closed", "a unit of a closed store")


def takes_turns(given: StoreGiven) -> Iterator[str]:
    """Units of two threads come one after the other: nobody reads between another's read and write."""
    store = given.make()
    with store.unit() as unit:
        unit.put("count", "one", {"n": 0}, None)
    failed: list[str] = []
    both_have_read = threading.Barrier(2)

    def add() -> None:
        for _ in range(_TURNS):
            with store.unit() as unit:
                found = unit.get("count", "one")
                # Where the other can come in between, it does; where it can not, the wait is in vain, once and for all.
                with contextlib.suppress(threading.BrokenBarrierError):
                    both_have_read.wait(_MEETING)
                if found:
                    unit.put("count", "one", {"n": found.body["n"] + 1}, found.rev)

    threads = [threading.Thread(target=lambda: failed.append(refusal(add))) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with store.unit() as unit:
        found = unit.get("count", "one")
    if {*failed} != {"nothing"} or found is None or found.body != {"n": 2 * _TURNS}:
        yield "two threads that write in turn get in each other's way, or one's write is lost"


def refuses_an_instant_without_an_offset(given: StoreGiven) -> Iterator[str]:
    """Every instant is aware: which second a naive one means, nobody knows."""
    naive = AT.replace(tzinfo=None)
    with given.make().unit() as unit:
        acts: dict[str, Callable[[], object]] = {
            "a timer": lambda: unit.set_timer("r-1", naive, 1, 1),
            "a look at timers": lambda: unit.due_timers(naive),
            "a message": lambda: unit.enqueue("m-1", 1, naive, {}),
            "a claim": lambda: unit.claim(naive, MINUTE),
            "a command": lambda: unit.record_command("cmd-1", naive, {}, {}),
            "an audit link": lambda: unit.append_audit(naive, {}),
        }
        for name, act in acts.items():
            yield from _asked(act, "naive_time", f"{name} at an instant without an offset")


def shows_nothing_that_is_kept(given: StoreGiven) -> Iterator[str]:
    """No repr tells an id or a body."""
    store, canary = given.make(), "canary-7731"
    with store.unit() as unit:
        unit.put("client", canary, {"text": canary}, None)
        unit.record_command(canary, AT, {"text": canary}, {"text": canary})
        unit.set_timer(canary, AT, 1, 1)
        unit.enqueue(canary, 1, AT, {"text": canary})
        unit.append_audit(AT, {"text": canary})
        shown = _shown(unit, store)
    yield from (f"the repr of {name} shows what is kept" for name, text in shown.items() if canary in text)


def _shown(unit: Unit, store: Store) -> dict[str, str]:
    rows = {"documents": unit.documents(), "commands": unit.commands(), "timers": unit.timers(), "messages": unit.outbox()}
    return {name: repr(each) for name, each in {**rows, "audit links": unit.audit(), "a unit": unit, "a store": store}.items()}


def lasts_as_it_claims(given: StoreGiven) -> Iterator[str]:
    """What a lasting store kept is there when it is opened again; of any other nothing is left."""
    store = filled(given.make())
    before = _everything(store)
    store.close()
    again = given.reopen(store)
    after = _everything(again)
    if given.lasting and after != before:
        yield "it claims to be lasting, and after it was closed and opened again not everything is there as it was"
    if not given.lasting and any(after[:5]):
        yield "it does not claim to be lasting, and after it was closed something is left"


RULES: tuple[Callable[[StoreGiven], Iterator[str]], ...] = (
    keeps_a_unit_that_ends_well,
    leaves_nothing_of_a_unit_that_fails,
    counts_revisions,
    goes_on_after_a_conflict,
    shares_no_body,
    knows_a_command_again,
    chains_its_audit,
    is_over_at_its_end,
    takes_turns,
    refuses_an_instant_without_an_offset,
    shows_nothing_that_is_kept,
    lasts_as_it_claims,
)
