"""How good tests are: they are run against the right decider and then against each broken one, and what they do not notice is told."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent.engines import ENGINES, BrokenEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverycore.testing.consent.asking import Decide

__all__ = ["Grade", "Noticed", "grade", "by_pytest"]


@frozen
class Noticed:
    """One broken engine, and whether the tests noticed it."""

    engine: BrokenEngine
    noticed: bool


@frozen
class Grade:
    """Which broken engines some tests notice and which they do not."""

    found: tuple[Noticed, ...]

    @property
    def missed(self) -> tuple[BrokenEngine, ...]:
        """The engines that the tests take for right."""
        return tuple(each.engine for each in self.found if not each.noticed)

    @property
    def ok(self) -> bool:
        """Whether every broken engine was noticed."""
        return not self.missed

    def __iter__(self) -> Iterator[Noticed]:
        return iter(self.found)

    def __str__(self) -> str:
        told = [f"Your tests notice {len(self.found) - len(self.missed)} of {len(self.found)} broken engines."]
        told += [f"  not noticed: {each.name}. {each.wrong} See the law {each.breaks}." for each in self.missed]
        return "\n".join(told)

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each broken engine: its name, what is wrong with it, the law that it breaks, and whether the tests noticed."""
        return [
            {"engine": each.engine.name, "wrong": each.engine.wrong, "law": each.engine.breaks, "noticed": each.noticed} for each in self
        ]


def grade(
    my_tests: Callable[[Decide], object], *, decide: Decide = reference_decide, engines: Iterable[BrokenEngine] = tuple(ENGINES.values())
) -> Grade:
    """How many of the broken engines `my_tests` notice.

    `my_tests` take a decider, ``decide(case) -> answer``, and raise or return False where they find it wrong. They are run against
    `decide` as it stands first: tests that accuse it say nothing about the others. Raises ValueError for these.

    >>> def releases_nothing_without_a_paper(decide):
    ...     request = {"discloser": {"id": "a"}, "recipient": {"id": "b"}, "purposes": ["treatment"], "action": "disclose",
    ...                "at": "2026-06-15T10:00:00Z", "records": [{"id": "r1", "category": "diagnosis"}]}
    ...     given = {"profiles": [], "client": {}, "directives": [], "facts": {}}
    ...     return decide({"given": given, "when": {"request": request}})["decision"] == "deny"
    >>> print(str(grade(releases_nothing_without_a_paper)).splitlines()[0])
    Your tests notice 1 of 92 broken engines.
    """
    accused = _accuses(my_tests, decide)
    if accused is not None:
        message = f"the tests accuse a decider in which nothing is broken ({accused}), so what they say of others means nothing"
        raise ValueError(message)
    return Grade(tuple(Noticed(engine, _accuses(my_tests, engine.decider(decide)) is not None) for engine in engines))


class _Given:
    """A plugin of pytest that puts a decider where the fixture `consent_decider` finds it."""

    def __init__(self, decide: Decide) -> None:
        self.decide = decide

    def pytest_configure(self, config: Any) -> None:
        """Before any test is collected."""
        from recoverycore.testing.pytest_plugin import DECIDER

        config.stash[DECIDER] = self.decide


def by_pytest(*arguments: str) -> Callable[[Decide], bool]:
    """Tests for pytest, as something to grade: those that take the fixture ``consent_decider``, which is another decider each time.

    ``grade(by_pytest("tests/test_consent.py"))``; whatever pytest takes on its command line may stand there. Raises ValueError where
    pytest finds no test, or cannot run.
    """

    def run(decide: Decide) -> bool:
        import pytest

        with redirect_stdout(StringIO()) as told, redirect_stderr(told):
            code = pytest.main([*arguments, "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"], plugins=[_Given(decide)])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            message = f"pytest ended with {int(code)} and no verdict: {told.getvalue().strip()[-500:]}"
            raise _NoVerdict(message)
        return code == pytest.ExitCode.OK

    return run


class _NoVerdict(ValueError):
    """Tests that did not run say nothing of a decider."""


def _accuses(my_tests: Callable[[Decide], object], decide: Decide) -> str | None:
    """How the tests say that a decider is wrong; None if they do not."""
    try:
        return "they returned False" if my_tests(decide) is False else None
    except _NoVerdict:
        raise
    except Exception as error:  # noqa: BLE001 - tests raise whatever they raise
        return type(error).__name__
