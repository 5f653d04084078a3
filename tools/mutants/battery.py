"""Running tests against mutants: pytest collects once, and each mutant gets a process of its own that was forked from there.

A mutant inside a function is put in after the fork. One in the body of a module or class needs a process that has not imported it yet.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from tools.mutants.planting import find_all_living, serve
from tools.mutants.processes import WORKERS, in_processes
from tools.mutants.running import Battery, collected, fails, first_to_fail, limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    import pytest

    from tools.mutants.changes import Mutant
    from tools.mutants.planting import Source

    Budget: TypeAlias = Callable[[Mutant], float]

__all__ = ["Covered", "Fate", "covered_by", "fates"]


@dataclass
class Covered:
    """What the tests do where nothing is changed: the CPU seconds of each, and which of them reach a line of a module."""

    seconds: dict[str, float] = field(default_factory=dict)
    reached: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that reach `mutant`; of what is run before any test begins, those that reach its module, or else all."""
        lines, early = self.reached.get(mutant.module, {}), self.at_import(mutant)
        found = {test for line in (lines if early else mutant.lines) for test in lines.get(line, ())} & set(self.seconds)
        return sorted(found or (self.seconds if early else ()))

    def at_import(self, mutant: Mutant) -> bool:
        """Whether `mutant` is run before any test begins, so that what it does may be kept."""
        return any("" in self.reached.get(mutant.module, {}).get(line, ()) for line in mutant.lines)


@dataclass(frozen=True)
class Fate:
    """What became of a mutant. `by` is the test that noticed it, and nothing where it lives; `ran` is how many tests were run."""

    by: str
    how: str
    ran: int
    seconds: float


# -- without a mutant --------------------------------------------------------------------------------------------------------
def covered_by(battery: Battery, sources: Sequence[Source]) -> Covered:
    """What the tests of `battery` reach of `sources`."""
    files = {str(source.file): source.name for source in sources}

    def measure() -> Any:
        from coverage import Coverage

        coverage = Coverage(data_file=None, include=list(files), config_file=False)
        coverage.start()
        return collected(battery, lambda items: list(in_processes([partial(one, coverage, items[p::WORKERS]) for p in range(WORKERS)])))

    def one(coverage: Any, items: Sequence[pytest.Item]) -> Any:
        seconds, failed = {}, []
        for place, item in enumerate(items):
            coverage.switch_context(item.nodeid)
            before = time.process_time()
            if fails(item, items[place + 1] if place + 1 < len(items) else None):
                failed.append(item.nodeid)
            seconds[item.nodeid] = time.process_time() - before
        coverage.stop()
        data = coverage.get_data()
        number = {"": -1} | {name: place for place, name in enumerate(seconds)}  # a name said a million times would be a long answer
        reached = {
            name: {line: sorted(number[each] for each in told) for line, told in data.contexts_by_lineno(file).items()}
            for file, name in files.items()
        }
        return seconds, failed, reached

    covered = Covered()
    [(_, halves)] = in_processes([measure])
    for _, (seconds, failed, reached) in halves:
        covered.seconds |= seconds
        covered.failed += failed
        names = [*seconds, ""]
        for module, lines in reached.items():
            known = covered.reached.setdefault(module, {})
            for line, numbers in lines.items():
                known.setdefault(int(line), []).extend(names[each] for each in numbers)
    return covered


# -- with one ----------------------------------------------------------------------------------------------------------------
class _Order:
    """Which tests are run first: those that are quick and have noticed much."""

    def __init__(self, covered: Covered) -> None:
        self.covered = covered
        self.noticed: dict[str, float] = {}

    def of(self, mutant: Mutant, budget: float) -> list[str]:
        """The tests for `mutant`, as many as fit in `budget` CPU seconds."""
        seconds = self.covered.seconds
        found: list[str] = []
        total = 0.0
        for test in sorted(self.covered.of(mutant), key=lambda each: (seconds[each] + 0.002) / (0.02 + self.noticed.get(each, 0))):
            total += seconds[test]
            if total > budget and found:
                break
            found.append(test)
        return found

    def learn(self, fate: Fate) -> None:
        """Remember who noticed."""
        for each in self.noticed:
            self.noticed[each] *= 0.98
        if fate.by:
            self.noticed[fate.by] = self.noticed.get(fate.by, 0) + 1


def fates(mutants: Sequence[tuple[Source, Mutant]], battery: Battery, covered: Covered, budget: Budget) -> Iterator[tuple[Mutant, Fate]]:
    """What becomes of each of `mutants`, as it becomes known. Each is held against as many CPU seconds of tests as `budget` gives it."""
    order = _Order(covered)
    late: list[tuple[Source, Mutant]] = [each for each in mutants if not each[1].hot]
    warm = [each for each in mutants if each[1].hot]
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with os.fdopen(writing, "w", encoding="utf-8", buffering=1) as pipe:
            _quiet(lambda: collected(battery, lambda items: _warm(items, warm, order, budget, pipe)))
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        for line in pipe:
            place, by, how, ran, seconds = json.loads(line)
            source, mutant = warm[place]
            if how == "not swapped" or (not by and covered.at_import(mutant)):
                late.append((source, mutant))
                continue
            fate = Fate(by, how, ran, seconds)
            order.learn(fate)
            yield mutant, fate
    _, status = os.waitpid(child, 0)
    if status:
        message = "the process that runs the tests ended before its time"
        raise RuntimeError(message)
    yield from _cold(late, battery, order, budget)


def _quiet(job: Callable[[], Any]) -> None:
    code = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        job()
        code = 0
    finally:
        os._exit(code)


def _warm(items: list[pytest.Item], mutants: Sequence[tuple[Source, Mutant]], order: _Order, budget: Budget, pipe: Any) -> bool:
    """Runs the tests against mutants inside functions, in processes forked from one that has collected all tests."""
    known = {item.nodeid: item for item in items}
    find_all_living(list({source.name: source for source, _ in mutants}.values()))
    gc.collect()
    gc.freeze()  # or the first collection in each child would copy all memory
    chosen: dict[int, list[str]] = {}

    def against(source: Source, mutant: Mutant, names: list[str]) -> Any:
        before = time.process_time()
        if not source.swap(mutant):
            return "", "not swapped", 0, 0
        by, how, ran = first_to_fail([known[name] for name in names], {name: limit(order.covered.seconds[name]) for name in names})
        return by, how, ran, time.process_time() - before

    def jobs() -> Iterator[Callable[[], Any]]:
        for place, (source, mutant) in enumerate(mutants):
            chosen[place] = order.of(mutant, budget(mutant))
            yield partial(against, source, mutant, chosen[place])

    for place, answer in in_processes(jobs()):
        by, how, ran, seconds = _read(answer)
        order.learn(Fate(by, how, ran, seconds))
        pipe.write(json.dumps([place, by, how, ran, seconds]) + "\n")
    return True


def _cold(mutants: Sequence[tuple[Source, Mutant]], battery: Battery, order: _Order, budget: Budget) -> Iterator[tuple[Mutant, Fate]]:
    """The same for mutants that have to be there when their module is imported."""
    chosen: dict[int, list[str]] = {}

    def against(source: Source, mutant: Mutant | None, names: list[str]) -> Any:
        before = time.process_time()
        serve(source, mutant)
        part = Battery(tuple(sorted({name.split("::")[0] for name in names})), battery.options)
        limits = {name: limit(order.covered.seconds[name]) for name in names}

        def run(items: list[pytest.Item]) -> tuple[str, str, int]:
            known = {item.nodeid: item for item in items}
            lost = [name for name in names if name not in known]
            if lost:  # the file that it stands in could not be imported
                return lost[0], "not collected", 0
            return first_to_fail([known[name] for name in names], limits)

        try:
            by, how, ran = collected(part, run)
        except ImportError as error:  # what cannot even be imported is noticed by whoever imports it
            return "import", type(error).__name__, 0, time.process_time() - before
        return by, how, ran, time.process_time() - before

    def jobs() -> Iterator[Callable[[], Any]]:
        for place, (source, mutant) in enumerate(mutants):
            chosen[place] = order.of(mutant, budget(mutant))
            yield partial(against, source, mutant, chosen[place])

    for source, mutant in mutants[:1]:
        [(_, answer)] = in_processes([partial(against, source, None, order.of(mutant, budget(mutant)))])
        if answer is None or answer[0]:
            message = f"{source.name} is said to be wrong where nothing is changed: {answer}"
            raise RuntimeError(message)
    for place, answer in in_processes(jobs()):
        by, how, ran, seconds = _read(answer)
        fate = Fate(by, how, ran, seconds)
        order.learn(fate)
        yield mutants[place][1], fate


def _read(answer: Any) -> tuple[str, str, int, float]:
    if isinstance(answer, signal.Signals):
        return "time-out", answer.name, 0, 0.0
    if answer is None:
        return "", "the tool failed", 0, 0.0
    by, how, ran, seconds = answer
    return by, how, ran, seconds
