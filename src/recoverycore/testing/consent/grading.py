"""How good tests are: they are run against the right decider and then against each broken one, and what they do not notice is told."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from inspect import isasyncgen, isawaitable, iscoroutine, isgenerator, signature
from io import StringIO
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent.engines import ENGINES, BrokenEngine
from recoverycore.testing.contract import ended_by

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
    `decide` as it stands first, and twice: tests that accuse it, or are of two minds about it, say nothing about the others.

    Errors: ValueError for these, and where pytest comes to no verdict; TypeError for what takes no decider, and for tests that only make
    a coroutine or a generator, in which nothing has run.

    >>> def releases_nothing_without_a_paper(decide):
    ...     request = {"discloser": {"id": "a"}, "recipient": {"id": "b"}, "purposes": ["treatment"], "action": "disclose",
    ...                "at": "2026-06-15T10:00:00Z", "records": [{"id": "r1", "category": "diagnosis"}]}
    ...     given = {"profiles": [], "client": {}, "directives": [], "facts": {}}
    ...     return decide({"given": given, "when": {"request": request}})["decision"] == "deny"
    >>> print(str(grade(releases_nothing_without_a_paper)).splitlines()[0])
    Your tests notice 1 of 105 broken engines.
    """
    _take_a_decider(my_tests)
    accused = [_accuses(my_tests, decide) for _ in range(2)]
    if how := next(filter(None, accused), None):
        twice = "" if all(accused) else " one time of two"
        message = f"the tests accuse a decider in which nothing is broken{twice} ({how}), so what they say of others means nothing"
        raise ValueError(message)
    return Grade(tuple(Noticed(engine, _accuses(my_tests, engine.decider(decide)) is not None) for engine in engines))


def _take_a_decider(my_tests: Callable[[Decide], object]) -> None:
    """Error: TypeError for what cannot be called with a decider and nothing else."""
    if callable(my_tests):
        try:
            signature(my_tests).bind(reference_decide)
        except ValueError:
            return  # some callables in C do not tell
        except TypeError:
            pass
        else:
            return
    message = "my_tests is called as my_tests(decide): a function that takes a decider, or what `by_pytest` makes"
    raise TypeError(message)


class _Given:
    """A plugin of pytest that puts a decider where the fixture `consent_decider` finds it, and sees which test fails first."""

    def __init__(self, decide: Decide) -> None:
        self.decide = decide
        self.failed: str | None = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        """After each test, and after what is made for it."""
        if report.failed and self.failed is None:
            self.failed = str(report.nodeid)

    def pytest_configure(self, config: Any) -> None:
        """Before any test is collected."""
        from recoverycore.testing.pytest_plugin import DECIDER

        config.stash[DECIDER] = self.decide


class _Pytest:
    """Tests for pytest, to be graded: whether they pass with a decider; `failed` names the first that did not, when it ran last."""

    failed: str | None = None

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self.arguments = arguments

    def __call__(self, decide: Decide) -> bool:
        import pytest

        given = _Given(decide)
        with redirect_stdout(StringIO()) as told, redirect_stderr(told):
            code = pytest.main([*self.arguments, "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"], plugins=[given])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            lines = told.getvalue().splitlines()
            errors = [each for each in lines if each.startswith(("ERROR", "E  "))] or [each for each in lines[-5:] if each]
            message = f"pytest ended with {int(code)} and no verdict: {'; '.join(errors)[:500] or 'no test was found'}"
            raise _NoVerdict(message)
        self.failed = given.failed
        return code == pytest.ExitCode.OK


def by_pytest(*arguments: str) -> Callable[[Decide], bool]:
    """Tests for pytest, as something to grade: those that take the fixture ``consent_decider``, which is another decider each time.

    ``grade(by_pytest("tests/test_consent.py"))``; whatever pytest takes on its command line may stand there. Raises ValueError where
    pytest finds no test, or cannot run.
    """
    return _Pytest(arguments)


class _NoVerdict(ValueError):
    """Tests that did not run say nothing of a decider."""


def _accuses(my_tests: Callable[[Decide], object], decide: Decide) -> str | None:
    """How the tests say that a decider is wrong; None if they do not."""
    try:
        said = my_tests(decide)
    except _NoVerdict as none:
        raise ValueError(str(none)) from None
    except KeyboardInterrupt:
        raise
    except AssertionError:
        return "AssertionError"
    except BaseException as error:  # noqa: BLE001 - tests raise whatever they raise, and SystemExit(0) would pass for tests that ran
        return ended_by(error)
    if isawaitable(said) or isgenerator(said) or isasyncgen(said):
        if iscoroutine(said):
            said.close()  # nobody will wait for it
        message = f"my_tests gave back a {type(said).__name__}, so nothing in it has run; grade a function that runs it to its end"
        raise TypeError(message)
    if said is not False:
        return None
    return f"{my_tests.failed or 'a test'} failed" if isinstance(my_tests, _Pytest) else "they returned False"
