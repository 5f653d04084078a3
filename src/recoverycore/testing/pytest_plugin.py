"""Fixtures for testing rules of consent with pytest. Installing the library brings them; whoever uses none of them pays nothing.

Nothing of the library is imported before a fixture is asked for. ``-p no:recoverycore`` leaves them out altogether.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recoverycore.testing.consent import TableReport, World

__all__ = ["DECIDER"]

DECIDER = pytest.StashKey[Any]()
"""Where whoever runs pytest from inside Python puts the decider that `consent_decider` gives."""
BUDGET = 100


def _worlds(told: str) -> int:
    """A number of worlds. Error: one of usage for what is none, and for less than one world, in which nothing would be checked."""
    if not told.isdecimal() or int(told) < 1:
        message = f"in {told!r} worlds no law can be checked; it is a whole number, one or more"
        raise pytest.UsageError(message)
    return int(told)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options that the fixtures read."""
    group = parser.getgroup("recoverycore", "rules of consent")
    group.addoption("--consent-law-budget", type=_worlds, metavar="WORLDS", help="worlds in which laws of consent are checked")
    group.addoption("--consent-engine", metavar="NAME", help="the broken engine that the fixture consent_decider gives")
    parser.addini("consent_law_budget", "worlds in which laws of consent are checked", default=str(BUDGET))


@pytest.fixture(scope="session")
def consent_law_budget(pytestconfig: pytest.Config) -> int:
    """In how many worlds to check laws: of ``--consent-law-budget``, else of the ini file, else 100."""
    told = pytestconfig.getoption("--consent-law-budget")
    return int(told) if told is not None else _worlds(str(pytestconfig.getini("consent_law_budget")))


@pytest.fixture(scope="session")
def consent_worlds(consent_law_budget: int) -> Callable[[int], list[World]]:
    """``consent_worlds(seed)``: near-miss worlds to ask about, as many as the budget says."""
    from recoverycore.testing.consent import dealt

    def drawn(seed: int = 1) -> list[World]:
        return list(islice(dealt(seed), consent_law_budget))

    return drawn


@pytest.fixture(scope="session")
def consent_decider(pytestconfig: pytest.Config) -> Any:
    """The decider under test: the right one, or the broken engine of ``--consent-engine``, or what `grade` gives."""
    if (given := pytestconfig.stash.get(DECIDER, None)) is not None:
        return given
    from recoverycore.consent.reference import reference_decide
    from recoverycore.testing.consent import ENGINES

    name = pytestconfig.getoption("--consent-engine")
    if name is None:
        return reference_decide
    if name not in ENGINES:
        message = f"no broken engine is called {name!r}; there are: {', '.join(ENGINES)}"
        raise pytest.UsageError(message)
    return ENGINES[name].decider()


@pytest.fixture(scope="session")
def decision_tables() -> Callable[..., TableReport]:
    """``decision_tables(path)``: every case of a decision table, failing with what differs; the report comes back."""
    from recoverycore.testing.consent import check_cases

    def check(path: str | Path, **how: Any) -> TableReport:
        report = check_cases(path, **how)
        if not report.ok:
            pytest.fail(str(report), pytrace=False)
        return report

    return check
