"""Rules about what a store keeps for later: timers, messages that wait, runs that nobody moves. Each tells what breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.testing.plugins.store_rules import AT, MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.engine.stores import Store
    from recoverycore.testing.plugins.store import StoreGiven

__all__ = ["RULES"]


def _with(store: Store, *messages: tuple[str, int, int]) -> Store:
    """The store with messages: key, level, minutes from now until due."""
    with store.unit() as unit:
        for key, level, minutes in messages:
            unit.enqueue(key, level, AT + minutes * MINUTE, {"key": key})
    return store


def _status(store: Store, key: str = "m") -> str:
    with store.unit() as unit:
        found = unit.message(key)
    return found.status if found else "gone"


def has_one_timer_for_a_run(given: StoreGiven) -> Iterator[str]:
    """The newest timer of a run takes the place of the one before; one that is taken away is gone."""
    with given.make().unit() as unit:
        unit.set_timer("r-1", AT, 1, 3)
        unit.set_timer("r-1", AT + MINUTE, 2, 1)
        if [(each.run, each.gen, each.due) for each in unit.timers()] != [("r-1", 2, AT + MINUTE)]:
            yield "a run that was given a second timer does not have this one alone"
        unit.clear_timer("r-1")
        if unit.timers() or unit.next_timer() is not None:
            yield "a timer that was taken away is still there"


def gives_due_timers_by_urgency(given: StoreGiven) -> Iterator[str]:
    """A timer is due at its instant, not after it; the most urgent comes first, then the earliest."""
    with given.make().unit() as unit:
        for run, minutes, level in (("late", 0, 1), ("early", -2, 1), ("urgent", 0, 4), ("later", 1, 4)):
            unit.set_timer(run, AT + minutes * MINUTE, 1, level)
        found = [run for run, _ in unit.due_timers(AT)]
        if found != ["urgent", "early", "late"]:
            yield f"due timers came as {', '.join(found) or 'none'}; expected the most urgent, then the earliest, up to the instant itself"
        if unit.next_timer() != AT - 2 * MINUTE:
            yield "the next timer is not the earliest"


def gives_the_most_urgent_message_first(given: StoreGiven) -> Iterator[str]:
    """Messages go out by urgency, then by the instant they are due, and none before it."""
    store = _with(given.make(), ("late", 1, 0), ("early", 1, -2), ("urgent", 4, 0), ("not yet", 4, 1))
    found = []
    with store.unit() as unit:
        while row := unit.claim(AT, MINUTE):
            found.append(row.key)
            if len(found) > 9:  # noqa: PLR2004 - more than there are: it gives the same one for ever
                break
    if found != ["urgent", "early", "late"]:
        yield f"messages came as {', '.join(found) or 'none'}; the most urgent first, then the earliest, and none before it is due"


def takes_a_key_once(given: StoreGiven) -> Iterator[str]:
    """The same key again does nothing: the first message stands."""
    store = _with(given.make(), ("m", 1, 0))
    with store.unit() as unit:
        unit.enqueue("m", 4, AT, {"other": True})
        rows = unit.outbox()
    if len(rows) != 1 or rows[0].level != 1 or rows[0].body != {"key": "m"}:
        yield "the same key again made another message, or changed the first"


def leases_a_message_to_one_sender(given: StoreGiven) -> Iterator[str]:
    """Whoever claimed a message has it alone until the lease ends, and at that instant it is anybody's again."""
    store = _with(given.make(), ("m", 1, 0))
    with store.unit() as unit:
        first = unit.claim(AT, MINUTE)
    with store.unit() as unit:
        meanwhile, waits = unit.claim(AT, MINUTE), unit.waits(AT)
        again = unit.claim(AT + MINUTE, MINUTE)
    if first is None or first.status != "leased" or first.attempts != 1:
        yield "a message that was claimed does not say that it is leased, for the first time"
    if meanwhile is not None or waits:
        yield "a message that is leased was given to a second sender"
    if again is None:
        yield "a message whose lease has ended is never sent: its sender may have died"
    elif again.attempts != 2:  # noqa: PLR2004 - the second of two
        yield "a message that was claimed twice does not count two attempts"


def keeps_what_became_of_a_message(given: StoreGiven) -> Iterator[str]:
    """What was handed over is never claimed or taken back; what failed for now comes again when it is due."""
    store = _with(given.make(), ("m", 1, 0))
    with store.unit() as unit:
        unit.claim(AT, MINUTE)
        unit.settle("m", "failed_transient", AT + 2 * MINUTE)
    with store.unit() as unit:
        if unit.waits(AT + MINUTE) or unit.claim(AT + 2 * MINUTE, MINUTE) is None:
            yield "a message that failed for now does not come again at the instant of its next try"
        unit.settle("m", "handed_over")
        unit.cancel("m")
        unit.settle("m", "failed_permanent")
        if unit.waits(AT + 99 * MINUTE):
            yield "a message that was handed over is claimed again"
    if (status := _status(store)) != "handed_over":
        yield f"a message that was handed over became {status}"


def believes_a_late_word_that_it_went_out(given: StoreGiven) -> Iterator[str]:
    """What went out went out: a final status counts after the lease was lost, or the message was taken back; a waiting one does not."""
    for lost in ("lease", "taken back"):
        for said, wanted in (("handed_over", {"handed_over"}), ("queued", {"failed_transient", "cancelled"})):
            store = _with(given.make(), ("m", 1, 0))
            with store.unit() as unit:
                unit.claim(AT, MINUTE)
                unit.settle("m", "failed_transient") if lost == "lease" else unit.cancel("m")
            with store.unit() as unit:
                unit.settle("m", said)
            if (status := _status(store)) not in wanted:
                yield f"after the {'lease was lost' if lost == 'lease' else 'message was taken back'}, {said} made it {status}"


def takes_a_message_back(given: StoreGiven) -> Iterator[str]:
    """A message that was taken back is never sent, and one that was never claimed has nothing to settle."""
    store = _with(given.make(), ("m", 1, 0), ("n", 1, 0))
    with store.unit() as unit:
        unit.cancel("m")
        unit.settle("n", "handed_over")
        found = unit.claim(AT, MINUTE)
    if found is None or found.key != "n":
        yield "a message that was taken back is sent, or one that was never claimed was settled"
    if _status(store) != "cancelled":
        yield "a message that was taken back does not say so"


def names_the_runs_that_nothing_moves(given: StoreGiven) -> Iterator[str]:
    """Of the runs that are not over, those without a holder, a timer to come and a message that waits are named."""
    with given.make().unit() as unit:
        for run in ("alone", "held", "timed", "waiting", "over"):
            unit.list_going(run, held=run == "held")
        unit.set_timer("timed", AT + MINUTE, 1, 1)
        unit.enqueue("m", 1, AT + MINUTE, {"run": "waiting"})
        unit.drop_going("over")
        found = unit.unattended(AT)
        at_its_time = unit.unattended(AT + MINUTE)
    if found != ("alone",):
        yield f"runs that nothing moves: expected alone, got {', '.join(found) or 'none'}"
    if at_its_time != ("alone", "timed"):
        yield "a timer that is due and was not done still counts as moving its run"


RULES: tuple[Callable[[StoreGiven], Iterator[str]], ...] = (
    has_one_timer_for_a_run,
    gives_due_timers_by_urgency,
    gives_the_most_urgent_message_first,
    takes_a_key_once,
    leases_a_message_to_one_sender,
    keeps_what_became_of_a_message,
    believes_a_late_word_that_it_went_out,
    takes_a_message_back,
    names_the_runs_that_nothing_moves,
)
