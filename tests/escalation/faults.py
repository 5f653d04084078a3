"""Ways to break the step machine on purpose, and the stories in which that shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from recoverycore.escalation import Audit, Event, Obligation, RunState, Send, step
from recoverycore.escalation.effects import Effect
from recoverycore.ground import utc_text
from tests.escalation.laws import OWN_WORDS
from tests.escalation.world import START, team

if TYPE_CHECKING:
    from datetime import datetime

    from tests.escalation.watcher import Stepping

Effects = tuple[Effect, ...]
Result = tuple[RunState, Effects]
Story = list[tuple[float, dict[str, Any]]]
Spoil = Callable[[RunState, Event, RunState, Effects], Result]

TRIGGER = (0, {"type": "trigger", "id": "e0", "kind": "code_word"})
ASK_OF_ANA = "R/1/peers/ana/app/1"
NOBODY_ANSWERS: Story = [TRIGGER, *((minute, {"type": "tick"}) for minute in (2, 3, 4, 5, 10, 18, 28, 29))]
ANSWERED_BY_NOBODY_FOR_LONG: Story = [TRIGGER, *((minute, {"type": "tick"}) for minute in (2, 3, 4, 6, 12, 21, 28))]
WOKEN_LATE: Story = [TRIGGER, (12, {"type": "tick"}), (30, {"type": "tick"})]
THE_ROSTER_CHANGES: Story = [
    TRIGGER,
    (1, {"type": "roster_change", "id": "e1", "team": team("ana gone")}),
    (6, {"type": "tick"}),
    (7, {"type": "note", "id": "e2", "by": "cara"}),
]
TO_THE_END: Story = [
    TRIGGER,
    (1, {"type": "receipt", "id": "e1", "key": ASK_OF_ANA, "status": "seen"}),
    (1.5, {"type": "receipt", "id": "e2", "key": ASK_OF_ANA, "status": "delivered"}),
    (5, {"type": "tick"}),
    (5.5, {"type": "tick", "gen": 99}),
    (6, {"type": "ack", "id": "e3", "by": "ana"}),
    (6.5, {"type": "ack", "id": "e3", "by": "ana"}),
    (7, {"type": "accompany_start", "id": "e4", "by": "ana"}),
    (8, {"type": "stand_down", "id": "e5", "by": "sue", "reason": OWN_WORDS}),
    (9, {"type": "contact_made", "id": "e6", "by": "ana"}),
    (9, {"type": "accompany_end", "id": "e7", "by": "ana", "basis": "client_said_so"}),
    (10, {"type": "stand_down", "id": "e8", "by": "sue", "reason": OWN_WORDS}),
    (11, {"type": "note", "id": "e9", "by": "sue"}),
    (11, {"type": "close", "id": "e10", "by": "sue"}),
    (12, {"type": "debrief_done", "id": "e11", "by": "sue", "outcome": "done"}),
    (13, {"type": "close", "id": "e12", "by": "sue"}),
    (14, {"type": "receipt", "id": "e13", "key": ASK_OF_ANA, "status": "answered"}),
]
OFFERED_AND_GIVEN_BACK: Story = [
    TRIGGER,
    (1, {"type": "ack", "id": "e1", "by": "ana"}),
    (2, {"type": "hand_over", "id": "e2", "by": "ana", "to": "cara"}),
    (3, {"type": "un_ack", "id": "e3", "by": "ana"}),
]
EVERYBODY_BARRED: Story = [
    (0, {"type": "consent_change", "id": "e0", "safety": {"never_contact": ["ana", "sue"], "unsafe_channels": {"kit": ["sms"]}},
         "consent": {"mobile": {"contact": "deny"}, "kit": {"contact": "permit"}}}),
    (0, {"type": "trigger", "id": "e1", "kind": "code_word", "silent": True}),
    *((minute, {"type": "tick"}) for minute in (5, 10, 18, 28)),
]  # fmt: skip
STORIES = {
    "nobody answers": NOBODY_ANSWERS,
    "to the end": TO_THE_END,
    "everybody barred": EVERYBODY_BARRED,
    "woken late": WOKEN_LATE,
    "the roster changes": THE_ROSTER_CHANGES,
    "offered and given back": OFFERED_AND_GIVEN_BACK,
}


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
        entries[name]["deadline"] = due and utc_text(due + minutes * (START.resolution * 60_000_000))
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
    return made, tuple(each for each in effects if not isinstance(each, Send) or now.hour < 18)


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


def sent(target: str, channel: str = "app") -> Send:
    return Send(f"R/1/x/{target}/{channel}/1", "inform", "C0", "x", 1, target, channel, 1)


def is_debrief(effect: Effect) -> bool:
    return isinstance(effect, Obligation) and effect.kind == "debrief"
