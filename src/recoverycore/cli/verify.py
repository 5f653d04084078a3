"""Verification from a terminal: whether a protocol can be left to itself with these people, for a person who plans the roster."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recoverycore.cli.endings import CANNOT_RUN, FAILED, as_instant, cannot_run, tell, written
from recoverycore.cli.showing import Screen
from recoverycore.cli.surroundings import OfStory, read_protocol, read_surroundings
from recoverycore.errors import InstantError, RecoveryError
from recoverycore.escalation.verification.wording import mend_texts, slip_texts
from recoverycore.ground.clock import SystemClock
from recoverycore.ground.instants import calendar_add, local_date, moment, parse_day
from recoverycore.views.texts import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.cli.surroundings import OfFile
    from recoverycore.escalation import ProtocolDraft, Verification

__all__ = ["verify_command"]

_MOST_WEEKS = 57
"""A verification looks no further than 400 days ahead."""


@click.command("verify")
@click.argument("protocol")
@click.option(
    "--team",
    "beside",
    metavar="FILE",
    required=True,
    help="The people: a file with a team and its roster (and providers, services, consent), or the name of a story that comes along.",
)
@click.option(
    "--from",
    "start",
    metavar="TIME",
    help="From when on: a day or a civil time of the protocol's zone, or an instant. Left out: today there; of a story, its first day.",
)
@click.option("--weeks", type=click.IntRange(1, _MOST_WEEKS), default=1, show_default=True, help="For how many weeks.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option("--html", "page", metavar="OUT", type=click.Path(path_type=Path), help="Write it as a page to this file too.")
def verify_command(protocol: str, *, beside: str, start: str | None, weeks: int, as_json: bool, page: Path | None) -> None:
    """Say whether PROTOCOL can be left to itself with these people: what is wrong, when, for whom, and who covers what.

    PROTOCOL is a file, STORY/ID, or the id of a protocol in the story that --team names. Ends with 0 when it can be relied on, with 1 when
    it cannot, and with 2 when that could not be looked at.
    """
    try:
        people = read_surroundings(beside)
        asked = read_protocol(protocol, people)
        begins = _start(start, asked, people)
        found = people.verified(asked, begins, calendar_add(begins, 7 * weeks, timedelta(), asked.zone) - begins)
    except RecoveryError as error:
        cannot_run(error.problems, as_json=as_json)
    _show(found, as_json=as_json)
    problems = written(page, found.to_html(), Path(protocol), Path(beside))
    tell(problems, as_json=as_json)
    sys.exit(CANNOT_RUN if problems else 0 if found.ok else FAILED)


def _start(start: str | None, protocol: ProtocolDraft, people: OfFile | OfStory) -> datetime:
    """The beginning of the stretch that is looked at; the one place here at which a clock is read."""
    if start is not None:
        try:
            return moment(parse_day(start), 0, protocol.zone)
        except InstantError:
            return as_instant(start, protocol.zone, "--from")
    first = people.story.steps[0].at if isinstance(people, OfStory) else SystemClock().now()
    return moment(local_date(first, protocol.zone), 0, protocol.zone)


def _show(found: Verification, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_data(found), ensure_ascii=False))
        return
    screen = Screen()
    for line in found.explain().splitlines():
        inside = line.lstrip(" ")
        screen.say(" " * (len(line) - len(inside)) + one_line(inside), _style(line, found))


def _as_data(found: Verification) -> dict[str, Any]:
    """Everything that is told in words, as data; what to do is in words here too, since only words say it to a person."""
    return {
        **found.to_dict(),
        "cover": [each.to_dict() for each in found.cover],
        "alone": [each.to_dict() for each in found.alone],
        "mend": [{"finding": each.to_dict(), "text": text} for each in found.findings for text in mend_texts(found, each)],
        "notes": list(slip_texts(found)),
    }


def _style(line: str, found: Verification) -> str:
    """How a line stands out; it says the same without."""
    if line.startswith(" "):
        return ""
    if line.startswith(f"{found.protocol} version"):
        return "bold green" if found.ok else "bold red"
    return {"Error": "red", "Warning": "yellow", "Note:": "yellow"}.get(line.partition(" ")[0], "bold")
