"""Ways to break a step machine on purpose, to see whether those who judge one notice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.escalation import Audit, Event, Obligation, RunState, Send, Timer, step
from recoverycore.escalation.effects import Effect
from recoverycore.ground.instants import utc_text
from recoverycore.testing.escalation.laws_of_messages import LEFT_OUT
from recoverycore.testing.escalation.moments import OWN_WORDS

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.testing.escalation.moments import Stepping

__all__ = [
    "FAULTS", "Grade", "add", "after", "any_tick", "by_day_only", "change", "deaf", "drop", "drop_audit", "grade", "hasty", "is_debrief",
    "louder", "offer_kept", "only_once_told", "overwritten", "seeing", "shorter", "spoilt", "takes", "with_a_memory_of_its_own",
    "without_safety_facts",
]  # fmt: skip

Effects = tuple[Effect, ...]
Result = tuple[RunState, Effects]
Spoil = Callable[[RunState, Event, RunState, Effects], Result]
_MINUTE = timedelta(minutes=1)
_EVENING = 18


def spoilt(state: RunState, **wrong: Any) -> RunState:
    """The state with other fields, as JSON data."""
    return RunState.from_dict({**state.to_dict(), **wrong})


def after(spoil: Spoil) -> Stepping:
    """The machine with a fault in what comes out of it."""

    def faulty(state: RunState, event: Event, now: datetime) -> Result:
        return spoil(state, event, *step(state, event, now))

    return faulty


def seeing(**wrong: Any) -> Stepping:
    """The machine with a fault in what it looks at: it takes these fields of the run to be other than they are."""

    def faulty(state: RunState, event: Event, now: datetime) -> Result:
        seen = spoilt(state, **wrong)
        made, effects = step(seen, event, now)
        told, taken_for, true = made.to_dict(), seen.to_dict(), state.to_dict()
        return spoilt(made, **{name: true[name] for name in wrong if told[name] == taken_for[name]}), effects

    return faulty


def without_safety_facts(state: RunState, event: Event, now: datetime) -> Result:
    """The never list and the unsafe channels are overlooked while the run climbs."""
    if event.type not in ("tick", "trigger"):
        return step(state, event, now)
    facts = state.to_dict()["facts"]
    made, effects = step(spoilt(state, facts={**facts, "safety": {}}), event, now)
    return spoilt(made, facts=facts), effects


def moved_deadlines(state: RunState, names: set[str], minutes: int) -> RunState:
    """The state with the deadlines of some steps earlier or later."""
    entries = state.to_dict()["entries"]
    for name in names:
        due = state.entries[name].deadline
        entries[name]["deadline"] = due and utc_text(due + minutes * _MINUTE)
    return spoilt(state, entries=entries)


def hasty(state: RunState, event: Event, now: datetime) -> Result:
    """A stage is left two minutes before its deadline."""
    return step(moved_deadlines(state, set(state.entries), -2), event, now)


def shorter(state: RunState, _: Event, made: RunState, effects: Effects) -> Result:
    """Whoever is asked has a minute less than the protocol says."""
    return moved_deadlines(made, set(made.entries) - set(state.entries), -1), effects


def deaf(state: RunState, event: Event, now: datetime) -> Result:
    """Acks are not heard once the stage moved on."""
    return (state, ()) if event.type == "ack" and state.stage else step(state, event, now)


def any_tick(state: RunState, event: Event, now: datetime) -> Result:
    """The generation of a tick is not looked at."""
    return step(state, event.evolve(gen=None) if event.type == "tick" else event, now)


def takes(one: str, other: str) -> Stepping:
    """An event of one type is taken for another."""
    return lambda state, event, now: step(state, event.evolve(type=other) if event.type == one else event, now)


def with_a_memory_of_its_own() -> Stepping:
    """The machine remembers something that is not in the state."""
    seen: set[str] = set()

    def faulty(state: RunState, event: Event, now: datetime) -> Result:
        made, effects = step(state, event, now)
        known, key = event.id in seen, event.id or ""
        seen.add(key)
        return made, () if known and event.id is not None else effects

    return faulty


def by_day_only(state: RunState, event: Event, now: datetime) -> Result:
    """Nothing is sent in the evening, whoever waits."""
    made, effects = step(state, event, now)
    return made, tuple(each for each in effects if not isinstance(each, Send) or now.hour < _EVENING)


def change(kind: str, **wrong: Any) -> Stepping:
    """At events of one type, the state that comes out has these fields."""
    return after(lambda _, event, made, effects: (spoilt(made, **wrong) if event.type == kind else made, effects))


def add(kind: str, *more: Effect) -> Stepping:
    """At events of one type there are effects too many."""
    return after(lambda _, event, made, effects: (made, (*effects, *more) if event.type == kind else effects))


def drop(unwanted: Callable[[Effect], bool]) -> Stepping:
    """Some effects are lost."""
    return after(lambda _, __, made, effects: (made, tuple(each for each in effects if not unwanted(each))))


def drop_audit(*codes: str, subject: str | None = None) -> Stepping:
    """Some of what was decided is not written down."""
    return drop(lambda each: isinstance(each, Audit) and each.code in codes and subject in (None, each.subject))


def with_status(made: RunState, key: str | None, status: str | None) -> RunState:
    """The state with another status of one message."""
    messages = made.to_dict()["messages"]
    return spoilt(made, messages={**messages, key: {**messages[key], "status": status}}) if key in messages else made


def overwritten(_: RunState, event: Event, made: RunState, effects: Effects) -> Result:
    """The last receipt is kept, not the highest."""
    return with_status(made, event.key, event.status) if event.type == "receipt" else made, effects


def only_once_told(state: RunState, event: Event, made: RunState, effects: Effects) -> Result:
    """Only the first receipt is kept."""
    known = event.type == "receipt" and event.key in state.messages
    return with_status(made, event.key, state.messages[event.key or ""].status) if known else made, effects


def offer_kept(state: RunState, _: Event, made: RunState, effects: Effects) -> Result:
    """An offer outlives the hold of the one who made it."""
    return spoilt(made, offer=state.to_dict()["offer"] or made.to_dict()["offer"]), effects


def louder(_: RunState, __: Event, made: RunState, effects: Effects) -> Result:
    """Each message says the first name."""
    return made, tuple(
        Send(e.key, e.kind, "C1", e.step, e.round, e.target, e.channel, e.attempt) if isinstance(e, Send) else e for e in effects
    )


def is_debrief(effect: Effect) -> bool:
    """Whether a debrief is owed by this effect."""
    return isinstance(effect, Obligation) and effect.kind == "debrief"


def _careless(state: RunState, event: Event, now: datetime) -> Result:
    """Whoever answers second takes it from whoever holds it."""
    made, effects = step(state, event, now)
    second = event.type == "ack" and state.status == made.status == "held" and event.by not in made.holders
    return (spoilt(made, holders=[event.by, *made.holders]) if second else made), effects


FAULTS: dict[str, Callable[[], Stepping]] = {
    "leaves a stage two minutes early": lambda: hasty,
    "gives a minute less than the protocol says": lambda: after(shorter),
    "does not hear a late answer": lambda: deaf,
    "takes any tick": lambda: any_tick,
    "forgets its timer": lambda: after(_timer_lost),
    "forgets what it applied": lambda: seeing(applied=[]),
    "forgets what it sent": lambda: seeing(messages={}),
    "has a memory of its own": with_a_memory_of_its_own,
    "sends by day only": lambda: by_day_only,
    "keeps the last receipt": lambda: after(overwritten),
    "says the name without consent": lambda: after(louder),
    "overlooks the never list": lambda: without_safety_facts,
    "leaves people out in silence": lambda: drop_audit(*LEFT_OUT),
    "calms down by itself": lambda: change("tick", level=0),
    "takes a receipt for an answer": lambda: takes("receipt", "ack"),
    "takes it from whoever holds it": lambda: _careless,
    "hangs up when contact is made": lambda: change("contact_made", accompanied_by=None),
    "ends a run while somebody is on the line": lambda: seeing(accompanied_by=None),
    "forgets the debrief": lambda: drop(is_debrief),
    "closes before the debrief": lambda: seeing(debrief_open=False),
    "never shows the terminal step": lambda: change("tick", terminal_shown=False),
    "repeats what somebody wrote": lambda: add("stand_down", Audit("stood_down", OWN_WORDS)),
}
"""Broken machines by what is wrong with them, for `grade`: each is made anew, since some remember."""


def _timer_lost(_: RunState, event: Event, made: RunState, effects: Effects) -> Result:
    lost = event.type == "tick" and made.status == "open"
    return (spoilt(made, next_due=None), tuple(each for each in effects if not isinstance(each, Timer))) if lost else (made, effects)


class Grade(NamedTuple):
    """Which broken machines some tests notice and which they do not, by what is wrong with them."""

    noticed: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every broken machine was noticed."""
        return not self.missed

    def __str__(self) -> str:
        head = f"Your tests notice {len(self.noticed)} of {len(self.noticed) + len(self.missed)} broken machines."
        return "\n".join([head, *(f"  not noticed: a machine that {each}" for each in self.missed)])


def grade(my_tests: Callable[[Stepping], object]) -> Grade:
    """How many of the broken machines `my_tests` notice.

    `my_tests` take a step machine, and raise or return False where they find it wrong. They are run against the real one first: tests
    that accuse it say nothing about the others. Raises ValueError for these.

    >>> print(str(grade(lambda machine: True)).splitlines()[0])
    Your tests notice 0 of 22 broken machines.
    """
    if _accuse(my_tests, step):
        message = "the tests accuse a machine in which nothing is broken, so what they say of others means nothing"
        raise ValueError(message)
    verdicts = {name: _accuse(my_tests, made()) for name, made in FAULTS.items()}
    return Grade(tuple(name for name, each in verdicts.items() if each), tuple(name for name, each in verdicts.items() if not each))


def _accuse(my_tests: Callable[[Stepping], object], machine: Stepping) -> bool:
    try:
        return my_tests(machine) is False
    except Exception:  # noqa: BLE001 - tests raise whatever they raise
        return True
