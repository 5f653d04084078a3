"""A story from a terminal: run, judged, and shown as a timeline."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from recoverycore.cli.endings import FAILED, as_instant, cannot_run
from recoverycore.cli.folders import ForAStory, for_a_story
from recoverycore.cli.showing import Screen
from recoverycore.errors import RecoveryError
from recoverycore.testing.stories import load_story, run_story, shipped_stories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from recoverycore.testing.stories import Played, Story, StoryResult

__all__ = ["demo_command", "run_command"]


def _story_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--until",
            metavar="TIME",
            help="Stop at this instant and show how everything stands; a time without an offset is in the story's zone.",
        ),
        click.option(
            "--db", type=click.Path(dir_okay=False, path_type=Path), help="Keep the state in this file, and go on where it ended."
        ),
        click.option(
            "--plugins",
            "folder",
            metavar="FOLDER",
            type=click.Path(path_type=Path),
            help="Use the plugins in this folder too; each is one file. None of them is handed a message.",
        ),
        click.option("--variant", metavar="ID", help="Run this variant of the story."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line instead of a timeline."),
    ):
        command = option(command)
    return command


@click.command("run")
@click.argument("story")
@_story_options
def run_command(story: str, *, until: str | None, db: Path | None, folder: Path | None, variant: str | None, as_json: bool) -> None:
    """Run STORY, a file or the name of one that comes along, and judge every expectation in it."""
    _run(story, until=until, db=db, folder=folder, variant=variant, as_json=as_json)


@click.command("demo")
@click.argument("story", default="monique")
@_story_options
def demo_command(story: str, *, until: str | None, db: Path | None, folder: Path | None, variant: str | None, as_json: bool) -> None:
    """See the main job: one text sets a crisis plan moving, and the next day the plan learns from it. The story is synthetic."""
    _run(story, until=until, db=db, folder=folder, variant=variant, as_json=as_json, demo=True)


def _run(
    name: str, *, until: str | None, db: Path | None, folder: Path | None, variant: str | None, as_json: bool, demo: bool = False
) -> NoReturn:
    try:
        given = for_a_story(folder) if folder else ForAStory()
        if demo and not as_json:
            Screen().say(f"Stories that come along: {', '.join(shipped_stories())}. {_promise(given)}")
        story = load_story(name)
        stop = as_instant(until, story.zone, "--until") if until else None
        _say_not_called(given, as_json=as_json)
        result = _play(story, until=stop, db=db, plugins=given.plugins, variant=variant, as_json=as_json)
    except RecoveryError as error:
        cannot_run(error.problems, as_json=as_json)
    sys.exit(FAILED if result.broken else 0)


def _promise(given: ForAStory) -> str:
    """What a demo can say of sending: code that somebody put into the folder may do anything while it is asked."""
    if not given.runs_code:
        return "All of them are synthetic, and nothing is sent anywhere."
    return "All of them are synthetic. No message is handed to a plugin of the folder; what else the code in it does, it does."


def _say_not_called(given: ForAStory, *, as_json: bool) -> None:
    for name, hooks in given.not_called:
        if as_json:
            click.echo(json.dumps({"not_called": {"plugin": name, "hooks": hooks}}, ensure_ascii=False))
        else:
            Screen().say(f"{name}: {', '.join(hooks)} not called, as a story sends nothing", "yellow")


def _play(
    story: Story, *, until: datetime | None, db: Path | None, plugins: Iterable[object], variant: str | None, as_json: bool
) -> StoryResult:
    screen = Screen()
    if not as_json:
        screen.title(story, variant)

    def watch(played: Played) -> None:
        if not as_json:
            screen.step(story, played)
            return
        for row in played.rows:
            click.echo(json.dumps({"row": row}, ensure_ascii=False))
        for each in played.broken:
            click.echo(json.dumps({"broken": each.to_dict()}, ensure_ascii=False))

    result = run_story(story, variant=variant, path=db, until=until, plugins=plugins, watch=watch)
    stopped = result.standing if until is not None else None
    if as_json:
        if stopped is not None:
            click.echo(json.dumps({"standing": stopped.to_dict()}, ensure_ascii=False))
        summary = {"story": result.name, "steps": result.steps, "broken": len(result.broken)}
        click.echo(json.dumps({"result": summary}, ensure_ascii=False))
        return result
    if stopped is not None:
        screen.standing(story, stopped)
    screen.end(result)
    return result
