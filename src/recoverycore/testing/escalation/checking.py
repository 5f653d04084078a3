"""`escalation_laws`: whatever happens to runs of a protocol, every law is kept; what breaks one is told as the smallest story in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.escalation import RunFacts, open_run, step, verify
from recoverycore.escalation.documents import LocalDue
from recoverycore.escalation.verification.times import length_text
from recoverycore.ground.instants import require_aware
from recoverycore.testing.escalation.drawing import EVENTS, Cast, happening, pause
from recoverycore.testing.escalation.laws import LAWS
from recoverycore.testing.escalation.watching import SOME_DAYS, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.escalation import Protocol, RunState
    from recoverycore.testing.escalation.moments import Stepping

__all__ = ["BrokenLaw", "World", "escalation_laws"]

Happened = tuple[dict[str, Any], datetime]
_A_MONTH = timedelta(days=30)


class BrokenLaw(NamedTuple):
    """A law that a machine breaks, with the smallest run found in which it does, and the seed and number that give the whole one."""

    law: str
    story: tuple[Happened, ...]
    seed: int
    run: int

    def __str__(self) -> str:
        """The story in words: the law, and what happened when. Ids and codes only."""
        words = next(((law.__doc__ or "").strip().partition("\n")[0] for law in LAWS if law.__name__ == self.law), self.law)
        begun = self.story[0][1]
        lines, known = [], set[str]()
        for data, at in self.story:
            again = " (once more: its id was there before)" if data.get("id") in known else ""
            lines.append(f"  {_when(at - begun)}: {_told(data)}{again}")
            known |= {data["id"]} if "id" in data else set()
        return "\n".join([f"BROKEN: {words}", f"Smallest story (seed {self.seed}, run {self.run}):", *lines])


def _when(after: timedelta) -> str:
    return f"after {length_text(after)}" if after >= timedelta() else f"{length_text(-after)} before"


_SAID = ("by", "kind", "level", "to", "target", "key", "status", "gen", "basis", "until", "silent", "auto")


def _told(data: dict[str, Any]) -> str:
    """An event in words. What somebody wrote is not told."""
    said = [f"{name} {data[name]}" for name in _SAID if data.get(name) not in (None, False)]
    for name in ("consent", "safety"):
        said += [f"{name} {each}" for each in data.get(name, ())]
    return " ".join([data["type"].replace("_", " "), ", ".join(said)]).strip()


class World:
    """A protocol with its facts, in which runs are opened and watched."""

    def __init__(self, protocol: Protocol, facts: RunFacts, start: datetime, machine: Stepping = step) -> None:
        self.start = require_aware(start).astimezone(UTC)
        self.machine = machine
        self.opened = open_run("R", protocol, facts)
        self.cast = Cast.of(self.opened)
        self.later = _some_days_later(self.opened)
        self.bound = None if _waits(facts) else verify(protocol, facts, horizon=(self.start, self.start + _A_MONTH)).bound

    def watcher(self) -> Watcher:
        """A run that waits for its trigger, under watch."""
        return Watcher(self.opened, self.machine, days_later=self.later, bound=self.bound)

    def drawn(self, random: Random) -> tuple[list[Happened], list[str]]:
        """What happened in one drawn run, up to the first broken law, and the laws that were broken there."""
        watcher, now = self.watcher(), self.start + timedelta(seconds=random.randint(0, 7 * 24 * 3600))
        level = random.choice([None, None, 0, 3, 4])
        data = {
            "type": "trigger",
            "kind": self.opened.protocol.triggers[0],
            "silent": random.choice([False, False, False, True]),
            "id": "e0",
        }
        data |= {} if level is None else {"level": level}
        for number in range(1, EVENTS + 1):
            wrong = watcher.feed(data, now)
            if wrong:
                return watcher.fed, wrong
            now = pause(random.choice, watcher.state, now)
            data = happening(random.choice, self.cast, watcher.state, now)
            if data["type"] != "tick":
                data = {**data, "id": f"e{random.choice([number, number, number, number - 1])}"}
        return watcher.fed, []

    def breaks(self, law: str, story: Iterable[Happened]) -> bool:
        """Whether `law` is broken when this happens."""
        watcher = self.watcher()
        return any(law in watcher.feed(data, at) for data, at in story)

    def smallest(self, law: str, story: list[Happened]) -> list[Happened]:
        """The story without whatever is not needed to break `law`: in halves first, then one by one."""
        size = len(story) // 2
        while size:
            place = 0
            while place < len(story):
                shorter = story[:place] + story[place + size :]
                if shorter and self.breaks(law, shorter):
                    story = shorter
                else:
                    place += size
            size //= 2
        return story


def escalation_laws(
    protocol: Protocol, facts: RunFacts, *, start: datetime, seed: int = 1, runs: int = 30, machine: Stepping = step
) -> list[BrokenLaw]:
    """What a step machine breaks of all the laws in `runs` drawn runs of `protocol`; nothing, if it keeps them.

    Each run begins within a week of `start`, and about thirty events come in it, late, twice and unwanted, with a crash before each. The
    laws are those of `INVARIANTS`. That a climb ends by its bound is judged where nobody has quiet hours; that the same run has the same
    effects some days later where no wall time is in play.

    Errors: ``naive_time``.
    """
    world = World(protocol, facts, start, machine)
    found: dict[str, BrokenLaw] = {}
    for number in range(runs):
        story, wrong = world.drawn(Random(f"{seed}/{number}"))  # noqa: S311 - nothing secret is drawn
        for law in wrong:
            if law not in found:
                found[law] = BrokenLaw(law, tuple(world.smallest(law, story)), seed, number)
    return [found[law.__name__] for law in LAWS if law.__name__ in found]


def _waits(facts: RunFacts) -> bool:
    """Whether somebody has quiet hours, which a changed roster or a lowered level may make a stage wait for."""
    outside = (*facts.contacts.values(), facts.client)
    return any(each.quiet for each in facts.team.persons.values()) or any(each.quiet for each in outside)


def _wall_times(run: RunState) -> Iterator[object]:
    facts, protocol = run.facts, run.protocol
    yield from (each.when for each in protocol.steps)
    yield from (each.window for each in facts.team.shifts)
    yield from (each.hours for each in facts.directory.values())
    yield protocol.debrief is not None and isinstance(protocol.debrief.due, LocalDue)
    yield _waits(facts)


def _some_days_later(run: RunState) -> RunState | None:
    """The run with every shift some days later; None where a wall time is in play, which does not move along."""
    if any(_wall_times(run)):
        return None
    shifts = [
        each.evolve(from_=each.from_ + SOME_DAYS, to=each.to + SOME_DAYS)
        for each in run.facts.team.shifts
        if isinstance(each.from_, datetime) and isinstance(each.to, datetime)
    ]
    return open_run(run.run, run.protocol, run.facts.evolve(team=run.facts.team.evolve(shifts=tuple(shifts))))
