"""What a person is offered: crisis lines from every directory plugin, and what their own plan says they do first.

Nothing here can hold a run up: it happens after the run is kept, each plugin has its time, and what fails is left out and
told by name. The floor is always there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from recoverycore.directory import Answer, DirectoryEntry, directory_lookup, directory_merge
from recoverycore.engine.shell import all_of, client_of, one_of, programme_of
from recoverycore.engine.work import Work, once
from recoverycore.errors import NotFound, problem
from recoverycore.ground import pointer
from recoverycore.plans import History

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.directory import Merged
    from recoverycore.engine.shell import Shell
    from recoverycore.errors import Problem
    from recoverycore.hooks import Report

__all__ = ["Lines", "left_out", "lines_for", "offer_help"]

_log = logging.getLogger("recoverycore.engine")
CRISIS_LINE = "crisis_line"
"""The kind of service that is looked for when a person asks for help."""
WORLD = "001"
MOST_NOTED = 20
"""What of one plugin is left out beyond these is counted in the record, and no more: nobody reads on, and everybody would wait."""


@frozen
class Lines:
    """The crisis lines for a person now: who is open, who else there is, and the floor that needs nothing. Never empty.

    `answer` says whom to offer to somebody who asks for help. `left_out` names what was not taken: a plugin that failed, a wrong entry,
    two that contradict each other. For a screen, or another kind of service, hand `entries` and `region` to `lines_to_show`.
    """

    answer: Answer
    left_out: tuple[dict[str, Any], ...] = ()
    given_by: Mapping[str, tuple[str, ...]] = field(factory=dict, eq=False)
    """Who gave each line, by its id: names of plugins, ``host`` or ``floor``."""
    region: str = WORLD
    """The region that was asked for: the client's jurisdiction, else the programme's region, else the world."""
    entries: tuple[DirectoryEntry, ...] = field(default=(), eq=False)
    """Everything that there is for the region, of every kind."""

    def to_dict(self) -> dict[str, Any]:
        """Ids by how they are offered, and for those that are open what a person reads, as given."""
        found = self.answer
        return {
            "open": [each.entry.id for each in found.lines_open_now],
            "not_offered": [each.entry.id for each in found.not_offered],
            "floor": [each.entry.id for each in found.floor],
            "shown": [channel.shown for each in found.lines_open_now for channel in each.entry.channels if channel.shown],
            "floor_text": next((each.entry.text for each in found.floor if each.entry.text), ""),
        }


def lines_for(shell: Shell, at: datetime, client: str) -> Lines:
    """Ask every directory plugin for the client's region, and look up who is open. Plugins may fail; the answer is never empty.

    Error: ``unknown_client``.
    """
    region, report, merged = _gathered(shell, at, client)
    found = directory_lookup(merged.entries, region=region, service_kind=CRISIS_LINE, at=at, settings=shell.settings.directory)
    failed = [
        {"what": "plugin_error", "hook": report.hook, "plugin": each.plugin, "status": each.status, "error": each.error}
        for each in report.bad
    ]
    dropped = [{"what": "entry_left_out", "code": each.code, "id": each.id, "plugin": each.given_by} for each in merged.reports]
    return Lines(found, (*failed, *dropped), merged.given_by, region, merged.entries)


def left_out(shell: Shell, at: datetime, client: str) -> tuple[Problem, ...]:
    """What plugins give for the client's region and nobody would be offered, each at the place in its line.

    Errors are told as problems: ``line_left_out``, whose `detail` names the plugin and what is wrong. Of a client whom nobody knows
    there is nothing to ask.
    """
    try:
        _, report, merged = _gathered(shell, at, client)
    except NotFound:
        return ()
    found = [problem("line_left_out", "/lines", detail=each.error or f"{each.plugin}: {each.status}") for each in report.bad]
    for each in merged.reports:
        line, said = pointer(("lines", each.id or "?")), f"{each.given_by}: {each.code}"
        found += [
            problem("line_left_out", line + wrong.path, did_you_mean=wrong.did_you_mean, detail=f"{said}, {wrong.code} {wrong.name}")
            for wrong in each.problems
        ]
        if not each.problems:
            found.append(problem("line_left_out", line, detail=said))
    return tuple(found)


def _gathered(shell: Shell, at: datetime, client: str) -> tuple[str, Report, Merged[DirectoryEntry]]:
    """The client's region, what every directory plugin answered for it, and the directory that comes of it."""
    with shell.store.unit() as unit:
        programme = programme_of(unit)
        region = client_of(unit, client).jurisdiction or programme.region or WORLD
        host = [entry.to_data() for entry in all_of(unit, DirectoryEntry)]
    report = shell.plugins.contribute("recovery_contribute_directories", deadline=shell.settings.look_up_within, now=at, region=region)
    given = {name: value or () for name, value in report.values.items()}
    return region, report, directory_merge(given, host, settings=shell.settings.directory)


def offer_help(shell: Shell, at: datetime, client: str, run: str) -> None:
    """Offer lines and the person's own first steps because of a run, once. Whatever a plugin did wrong stands in the record.

    The call for help has been heard by then, so what fails here is noted and logged, and never an error of the call.
    """
    try:
        _offer_once(shell, at, client, run)
    except Exception as error:  # noqa: BLE001 - the run is kept, and whoever called is to be told that it is
        _log.error("what is offered beside %s failed: %s", run, type(error).__name__)
        with shell.store.unit() as unit:
            Work.on(shell, unit, at).note("offer_failed", client=client, run=run, error=type(error).__name__)


def _offer_once(shell: Shell, at: datetime, client: str, run: str) -> None:
    command = f"offer:{run}"
    with shell.store.unit() as unit:
        if unit.command(command) is not None:
            return
    lines = lines_for(shell, at, client)

    def act(work: Work) -> dict[str, Any]:
        for each in _first_of_each(lines.left_out):
            work.note(each["what"], run=run, client=client, **{key: value for key, value in each.items() if key != "what"})
        active = (one_of(work.unit, History, client) or History()).active("safety")
        coping = active.content.sections.get("own_coping") if active else None
        offered = lines.to_dict()
        work.note(
            "offer",
            client=client,
            run=run,
            why=work.body("run", run)["rule"],
            lines=offered["open"],
            floor=offered["floor"],
            entries=[entry.id for entry in coping.entries if not entry.when] if coping else [],
        )
        return offered

    once(shell, at, command, {"run": run}, act)


def _first_of_each(left_out: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What stands in the record of what each plugin did wrong: its first, and how many more there are."""
    by_plugin: dict[str, list[dict[str, Any]]] = {}
    for each in left_out:
        by_plugin.setdefault(each["plugin"], []).append(each)
    noted = [each for found in by_plugin.values() for each in found[:MOST_NOTED]]
    more = {plugin: len(found) - MOST_NOTED for plugin, found in by_plugin.items() if len(found) > MOST_NOTED}
    return noted + [{"what": "more_left_out", "plugin": plugin, "count": count} for plugin, count in more.items()]
