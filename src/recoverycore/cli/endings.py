"""How a command ends: 0 all well, 1 something is not as expected, 2 it could not be run; and how it tells of an error."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from recoverycore.errors import InstantError, problem
from recoverycore.ground.instants import parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from recoverycore.errors import Problem

__all__ = ["CANNOT_RUN", "FAILED", "as_instant", "cannot_run", "tell", "written"]

FAILED = 1
CANNOT_RUN = 2


def tell(problems: Iterable[Problem], *, as_json: bool) -> None:
    """Each problem on a line of standard error, with its code, its place and its next step."""
    for each in problems:
        click.echo(json.dumps({"error": each.to_dict()}, ensure_ascii=False) if as_json else str(each), err=True)


def cannot_run(problems: Iterable[Problem], *, as_json: bool) -> NoReturn:
    """Tell of the problems and end."""
    tell(problems, as_json=as_json)
    sys.exit(CANNOT_RUN)


def as_instant(text: str, zone: str | None, option: str) -> datetime:
    """An instant as people type it: with an offset, or as a civil time of `zone` where that is known."""
    from recoverycore.testing.stories.loading import civil_instant

    try:
        return (civil_instant(text, zone) if zone else None) or parse_instant(text)
    except InstantError as error:
        problems = tuple(each.under(option) for each in error.problems)
    raise InstantError(*problems)


def written(page: Path | None, text: str, *read: Path) -> tuple[Problem, ...]:
    """Write `text` where a page is wanted. What was read is never written over."""
    if page is None:
        return ()
    try:
        if page.resolve() not in [each.resolve() for each in read]:
            page.write_text(text, "utf-8")
            return ()
    except (OSError, ValueError):  # no path can hold a NUL
        pass
    return (problem("page_not_written", "--html"),)
