"""Tests as pytest collects them, run one by one until the first that fails."""

from __future__ import annotations

import contextlib
import resource
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Battery", "collected", "fails", "first_to_fail", "limit"]

MEMORY = 2_000_000_000
"""Bytes that a mutant may take beside what was there when it began."""
PYTEST = ("-q", "-p", "no:cacheprovider", "--assert=plain", "--capture=no")


@dataclass(frozen=True)
class Battery:
    """The tests that are run: where they are, and what pytest is told beside."""

    paths: tuple[str, ...]
    options: tuple[str, ...] = ()


def fails(item: pytest.Item, after: pytest.Item | None) -> str:
    """What `item` raises, in one word, or nothing where it passes."""
    found, hook = "", item.ihook
    try:
        hook.pytest_runtest_setup(item=item)
        hook.pytest_runtest_call(item=item)
    except pytest.skip.Exception:
        pass
    except BaseException as error:  # noqa: BLE001 - whatever it is, it was noticed
        found = type(error).__name__
    with contextlib.suppress(Exception):
        hook.pytest_runtest_teardown(item=item, nextitem=after)
    return found


def first_to_fail(items: Sequence[pytest.Item], limits: Mapping[str, float]) -> tuple[str, str, int]:
    """The first of `items` that fails, how, and how many were run. Whatever takes longer than its limit ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (_size() + MEMORY, resource.RLIM_INFINITY))
    for place, item in enumerate(items):
        signal.setitimer(signal.ITIMER_PROF, limits[item.nodeid])
        how = fails(item, items[place + 1] if place + 1 < len(items) else None)
        if how:
            return item.nodeid, how, place + 1
    return "", "", len(items)


def _size() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def limit(seconds: float) -> float:
    """The CPU seconds that a test may take which took `seconds` where nothing was changed."""
    return 2 + 4 * seconds


NOT_IMPORTED = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR)
"""What pytest ends with where a test, or what all tests share, could not be imported."""


class _Runs:
    """A plugin that has pytest collect, and then does something else with what was collected."""

    def __init__(self, does: Callable[[list[pytest.Item]], Any]) -> None:
        self.does = does
        self.answer: Any = None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.answer = self.does(session.items)
        return True


def collected(battery: Battery, does: Callable[[list[pytest.Item]], Any]) -> Any:
    """What `does` gives back for the tests that pytest collects. Error: ``ImportError`` where one of them cannot be imported."""
    runs = _Runs(does)
    code = pytest.main([*PYTEST, *battery.options, *battery.paths], plugins=[runs])
    if runs.answer is None:
        message = f"pytest ended with {code} before any test was run"
        raise (ImportError if code in NOT_IMPORTED else RuntimeError)(message)
    return runs.answer
