"""A story on a terminal: a timeline as it goes, for people. Ids, classes and codes; never a word that somebody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from recoverycore.ground.instants import parse_instant, zone_info

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.testing.stories import Played, Story, StoryResult

__all__ = ["Screen"]

_QUIET = frozenset({"kept", "event", "handed_out", "cancelled"})
"""What is in the record and not on the screen: it says the same as another line."""


class Screen:
    """A terminal, or a file that a terminal's output goes to."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    def say(self, line: str, style: str = "") -> None:
        """One line."""
        self._console.print(Text(line, style=style))

    def title(self, story: Story, variant: str | None) -> None:
        """What is about to be seen."""
        name = story.id if variant is None else f"{story.id}, {variant}"
        self.say(f"{name}: {story.title} (times in {story.zone})", "bold")

    def step(self, story: Story, played: Played) -> None:
        """One step: what happened in it, what waits now and until when, and what did not come true."""
        self.say("")
        self.say(played.step.at.astimezone(zone_info(story.zone)).strftime("%a %d %b %Y %H:%M"), "bold cyan")
        if played.step.note:
            self.say(f"  {played.step.note}", "dim")
        for row in played.rows:
            line = self._line(row, story.zone)
            if line:
                self.say(f"  {line}")
        for clock in played.clocks:
            until = f" until {_clock(parse_instant(clock['due']), story.zone)}" if clock["due"] else ""
            self.say(f"  waits for {clock['owner']} to {clock['kind'].replace('_', ' ')}{until}", "yellow")
        for each in played.broken:
            self.say(f"  broken: {each}", "bold red")

    def end(self, result: StoryResult) -> None:
        """What came of it all."""
        self.say("")
        if result.broken:
            self.say(f"{result.steps} steps, {len(result.broken)} expectations broken", "bold red")
        else:
            self.say(f"{result.steps} steps, every expectation came true", "bold green")

    def _line(self, row: dict[str, Any], zone: str) -> str:
        if row["what"] in _QUIET:
            return ""
        show = getattr(self, f"_show_{row['what']}", None)
        return show(row, zone) if show else ""

    def _show_run_opened(self, row: dict[str, Any], _: str) -> str:
        return f"run opened by rule {row['rule']}, protocol {row['protocol']} version {row['version']}"

    def _show_message(self, row: dict[str, Any], _: str) -> str:
        may = f", may see {', '.join(row['categories'])}" if row["categories"] else ""
        under = f" under {_joined(row['basis'])}" if row.get("basis") else ""
        return f"told {row['to']} by {row['channel']} ({row['kind']}, class {row['class']}{may}{under})"

    def _show_decided(self, row: dict[str, Any], _: str) -> str:
        subject = f" {row['subject']}" if row.get("subject") else ""
        late = f", {row['minutes']} minutes late" if row.get("minutes") is not None else ""
        return f"{row['code'].replace('_', ' ')}{subject}{late}"

    def _show_obligation(self, row: dict[str, Any], zone: str) -> str:
        due = row.get("due_on") or (_clock(parse_instant(row["due_by"]), zone) if row.get("due_by") else "no clock")
        return f"owed: {row['kind'].replace('_', ' ')} by {row['owner']}, due {due}"

    def _show_terminal(self, row: dict[str, Any], _: str) -> str:
        return f"terminal step {row['step']} ({row['phase']}): needs nobody and no software"

    def _show_offer(self, row: dict[str, Any], _: str) -> str:
        parts = [
            f"lines {', '.join(row['lines'])}" if row.get("lines") else "",
            f"from the plan {', '.join(row['entries'])}" if row.get("entries") else "",
        ]
        shown = "; ".join(part for part in parts if part) or "nothing agreed yet"
        return f"offered because of {row['why']}: {shown}"

    def _show_disclosure(self, row: dict[str, Any], _: str) -> str:
        return f"{row['who']} may see {', '.join(row['released'])} for {row['purpose']} under {', '.join(row['because'])}"

    def _show_disclosure_refused(self, row: dict[str, Any], _: str) -> str:
        return f"{row['who']} may see nothing of it for {row['purpose']}"

    def _show_plan_used(self, row: dict[str, Any], _: str) -> str:
        return f"plan entry {row['entry']}: {row['status']}, written down by {row['by']}"

    def _show_plan_revised(self, row: dict[str, Any], _: str) -> str:
        return f"{row['kind']} plan: revision {row['n']}, because of {', '.join(row['because_of']) or 'a review'}"

    def _show_check_ins_opened(self, row: dict[str, Any], _: str) -> str:
        return f"{row['count']} check-ins with {row['owner']}, {row['first']} to {row['last']}"

    def _show_booked(self, row: dict[str, Any], zone: str) -> str:
        return f"slot booked with {row['who']}: {_clock(parse_instant(row['slot']), zone)}"

    def _show_discharged(self, row: dict[str, Any], _: str) -> str:
        return f"{row['kind'].replace('_', ' ')} discharged by {row['by']}"

    def _show_plugin_error(self, row: dict[str, Any], _: str) -> str:
        return f"plugin {row['plugin']} {row['status']} in {row['hook']}; everything else goes on"

    def _show_entry_left_out(self, row: dict[str, Any], _: str) -> str:
        entry = f"entry {row['id']}" if row.get("id") else "an entry"
        return f"{entry} of plugin {row['plugin']} left out: {row['code'].replace('_', ' ')}"


def _joined(basis: Any) -> str:
    return basis if isinstance(basis, str) else ", ".join(basis)


def _clock(instant: datetime, zone: str) -> str:
    return instant.astimezone(zone_info(zone)).strftime("%a %H:%M")
