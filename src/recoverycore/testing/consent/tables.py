"""Decision tables as tests: each row asks one question and says what has to come of it, and what differs is told in words.

A table lies beside the papers it is about. Somebody who reads no Python can write it, and pytest or a terminal runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.errors import DocumentError, NotFound, problem
from recoverycore.testing.consent.decisive import Decisive, decisive
from recoverycore.testing.consent.table_cases import DecisionCase, asked_in, made
from recoverycore.testing.consent.table_profiles import named_profiles
from recoverycore.testing.consent.table_reading import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from recoverycore.consent import Profile
    from recoverycore.errors import Problem
    from recoverycore.testing.consent.table_cases import Asked

__all__ = ["TableReport", "cases", "check_cases", "chosen", "chosen_case", "ready"]


@frozen
class TableReport:
    """How a table came out: its cases, and the ids of those that ask about whole sets of papers, which are no decisions."""

    cases: tuple[DecisionCase, ...]
    left_out: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[DecisionCase, ...]:
        """The cases in which something differs."""
        return tuple(each for each in self.cases if each.differences())

    @property
    def ok(self) -> bool:
        """Whether everything came out as expected."""
        return not self.failed

    @property
    def coverage(self) -> Decisive:
        """Which directives, axes and rules made the difference in some case, and which in none."""
        return decisive(self.cases)

    def to_dict(self) -> dict[str, Any]:
        """The numbers, as plain data."""
        return {"passed": len(self.cases) - len(self.failed), "failed": len(self.failed), "left_out": len(self.left_out)}

    def __str__(self) -> str:
        told = [f"{each.id}: {'; '.join(each.differences())}" for each in self.failed]
        return "\n".join([*told, f"{len(self.cases) - len(told)} passed, {len(told)} failed"])


def cases(path: str | Path, *, profiles: Iterable[Profile] = ()) -> tuple[DecisionCase, ...]:
    """All that the file at `path` asks, to be run one by one, as with ``pytest.mark.parametrize``.

    A profile that the file names comes from the installed plugin of that name, or from `profiles` where one of them has that id.
    Errors: whatever is wrong with the file, ``ask_incomplete``, ``nothing_expected``, ``nothing_to_check``, ``plugin_unknown``,
    ``profile_not_brought``.
    """
    return check_cases(path, profiles=profiles).cases


def check_cases(path: str | Path, *, profiles: Iterable[Profile] = ()) -> TableReport:
    """How every case and row in the file at `path` comes out, and what was never decisive. Errors: as `cases`."""
    read = read_table(path)
    asked = tuple(asked_in(read))
    own = {each.id: each for each in profiles}
    found, missing = named_profiles({name: place for each in asked for name, place in each.wanted.items() if name not in own})
    silent = tuple(problem("nothing_expected", f"{each.place}/expect") for each in asked if each.expect is None)
    if not read.table.rows and not read.table.cases and read.table.expect is None:
        silent = (problem("nothing_to_check"),)
    if missing or silent:
        raise DocumentError(*missing, *silent)
    return TableReport(made(asked, found | own), read.left_out)


def chosen_case(path: str | Path, case: str | None = None) -> Asked:
    """The one question in a file, or the one called `case`. Errors: ``no_such_case``, ``case_not_chosen``, and those of the file."""
    return chosen(tuple(asked_in(read_table(path))), case)


def chosen(asked: Sequence[Asked], case: str | None) -> Asked:
    """The one question there is, or the one called `case`. Errors: ``no_such_case``, ``case_not_chosen``."""
    if case is None and len(asked) > 1:
        raise DocumentError(problem("case_not_chosen", detail=f"{len(asked)} cases"))
    found = next((each for each in asked if case in (None, each.id)), None)
    if found is None:
        raise NotFound(problem("no_such_case", "--case"))
    return found


def ready(asked: Asked, more: Mapping[str, str]) -> tuple[DecisionCase, tuple[Problem, ...]]:
    """`asked` ready to be decided, and what is wrong with the profiles that are named and not there: with one of them nothing is released.

    `more` are profiles named elsewhere than in the file, each with the place. Errors: ``ask_incomplete``, those of a request or a book.
    """
    found, missing = named_profiles({**asked.wanted, **more})
    return made((asked,), found, more)[0], missing
