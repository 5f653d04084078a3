"""What changes if the client signs this, from a terminal: two files of consents held against each other, in words for the client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recoverycore.cli.endings import as_instant, cannot_run
from recoverycore.cli.showing import Screen
from recoverycore.consent.plan import signing
from recoverycore.errors import InstantError, RecoveryError
from recoverycore.ground.instants import parse_day
from recoverycore.testing.consent.compared import compared_plans
from recoverycore.views.texts import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent.plan import Plan, Signing

__all__ = ["compare_command"]

_FILE = click.Path(path_type=Path)


@click.command("compare")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--draft", is_flag=True, help="NEW holds only what would be signed now: all else in OLD stays, but for what has the same id.")
@click.option("--case", metavar="ID", help="Which case or row of a file that holds several.")
@click.option("--profile", "profiles", metavar="NAME", multiple=True, help="A profile of law, by the name of its plugin. Again for more.")
@click.option("--from", "since", metavar="TIME", help="The first day or instant that counts; what has no offset is in the client's zone.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
def compare_command(
    old: Path, new: Path, *, draft: bool, case: str | None, profiles: tuple[str, ...], since: str | None, as_json: bool
) -> None:
    """Say what changes if the client signs NEW in place of OLD: who may see what then, who no longer, and what stays.

    Each file holds a client's consents, directives, or a case with what is given. What NEW leaves out beside its directives, such as the
    client's zone, OLD says for it. The answer is a proof and no sample. Ends with 0 when there is one, and with 2 when there is none.
    """
    try:
        before, after = compared_plans(old, new, dict.fromkeys(profiles, "--profile"), draft=draft, case=case)
        at = None if since is None else _first(since, before)
        found = signing(before, after, at)
    except RecoveryError as error:
        cannot_run(error.problems, as_json=as_json)
    if as_json:
        click.echo(json.dumps({"comparison": found.to_data() | {"told": found.explain().splitlines()}}, ensure_ascii=False))
    else:
        _show(found)


def _first(text: str, plan: Plan) -> datetime:
    """The first instant that counts: of a day its beginning, and where nobody knows the zone, as early as it may be."""
    try:
        return plan.setting.calendar.begins(parse_day(text), "wide")
    except InstantError:
        return as_instant(text, plan.setting.client.zone, "--from")


def _show(found: Signing) -> None:
    screen = Screen()
    for line in found.explain().splitlines():
        screen.say(one_line(line), "bold" if line.startswith(("From", "Nothing")) else "")
