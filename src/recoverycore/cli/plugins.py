"""Plugins from a terminal: which there are, and what is wrong with them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recoverycore.cli.endings import FAILED
from recoverycore.cli.listing import in_folder, installed
from recoverycore.cli.showing import Screen

if TYPE_CHECKING:
    from recoverycore.cli.listing import Listed

__all__ = ["plugins_command"]


@click.command("plugins")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Look at crisis lines: what is wrong with them, and whether a person has called them.")
@click.option("--region", "regions", multiple=True, help="Ask plugins in code for what they contribute there; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def plugins_command(folder: Path | None, *, check: bool, regions: tuple[str, ...], as_json: bool) -> None:
    """List the plugins that are installed, and those in FOLDER: each with its hooks, or what is wrong with it.

    Each is loaded by itself, without settings. Nothing of it is called, but with --region the code in FOLDER, and with --check too the
    installed code, is asked for its lines and documents. Ends with 1 when something in FOLDER is wrong, or with --check a line of an
    installed plugin; and with --check while code in FOLDER contributes and was not asked.
    """
    screen = Screen()

    def show(title: str, listed: list[Listed], none: str) -> None:
        if as_json:
            for each in listed:
                click.echo(json.dumps({"plugin": each.to_dict()}, ensure_ascii=False))
            return
        screen.say(title, "bold")
        for line in [line for each in listed for line in each.lines()] or [none]:
            screen.say(f"  {line}")

    found = list(installed(check=check, regions=regions))
    show("Installed; a host names those that it wants:", found, "none")
    wrong = check and any(each.wrong_lines for each in found)
    if folder is not None:
        found = list(in_folder(folder, check=check, regions=regions))
        show("In the folder:", found, "no file that ends in .py, .json, .toml or .yaml")
        wrong = wrong or any(each.problems for each in found)
    sys.exit(FAILED if wrong else 0)
