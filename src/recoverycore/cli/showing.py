"""A story on a terminal: a timeline as it goes, for people. Ids, classes and codes; never a word that somebody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from recoverycore.ground.instants import parse_instant, zone_info

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.testing.stories import Played, Story, StoryResult, StoryStanding

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
        self.say(_day(played.step.at, story.zone), "bold cyan")
        if played.step.note:
            self.say(f"  {played.step.note}", "dim")
        for row in played.rows:
            line = self._line(row, story.zone)
            if line:
                self.say(f"  {line}")
        self._clocks(played.clocks, story.zone)
        for each in played.broken:
            self.say(f"  broken: {each.where}: expected {each.expected}, got {each.got}", "bold red")

    def _clocks(self, clocks: Iterable[dict[str, Any]], zone: str) -> None:
        for clock in clocks:
            until = f" until {_clock(parse_instant(clock['due']), zone)}" if clock["due"] else ""
            self.say(f"  waits for {clock['owner']} to {clock['kind'].replace('_', ' ')}{until}", "yellow")

    def end(self, result: StoryResult) -> None:
        """What came of it all."""
        self.say("")
        if result.broken:
            self.say(f"{result.steps} steps, {len(result.broken)} expectations broken", "bold red")
        else:
            self.say(f"{result.steps} steps, every expectation came true", "bold green")

    def standing(self, story: Story, found: StoryStanding) -> None:
        """How everything stands at the instant at which a run was stopped, and what is due next."""
        zone = story.zone
        self.say("")
        self.say(f"As it stands on {_day(found.at, zone)}", "bold cyan")
        for run in found.runs:
            holder = f", held by {run['holder']}" if run["holder"] else ""
            self.say(f"  run of {run['rule']}: {run['status']}, level {run['level']}{holder}")
        self._clocks(found.clocks, zone)
        for owed in found.owed:
            self.say(f"  {self._show_obligation(owed, zone)} ({owed['standing'].replace('_', ' ')})")
        for goal, how in found.goals.items():
            rate = how["rate"]
            told = f"{rate['met']} met, {rate['not_met']} not met, {rate['cannot_tell']} nobody can tell"
            self.say(f"  goal {goal}: {told}; {(how['suggestion'] or '').replace('_', ' ')}")
        plans = ", ".join(f"{kind} {n}" for kind, n in found.plans.items())
        if plans:
            self.say(f"  plans in force, by revision: {plans}")
        if found.windows_active:
            self.say(f"  hard hours now: {', '.join(found.windows_active)}")
        if found.rules_holding:
            self.say(f"  rules that hold now: {', '.join(found.rules_holding)}")
        for warning in found.plan_warnings:
            self.say(f"  {self._show_plan_warning(warning, zone)}", "yellow")
        following = "nothing, until somebody does something" if found.next_due is None else _day(found.next_due, zone)
        self.say(f"  due next: {following}", "bold")

    def _line(self, row: dict[str, Any], zone: str) -> str:
        if row["what"] in _QUIET:
            return ""
        show = getattr(self, f"_show_{row['what']}", None)
        return show(row, zone) if show else ""

    def _show_run_opened(self, row: dict[str, Any], _: str) -> str:
        return f"run opened by rule {row['rule']}, protocol {row['protocol']} version {row['version']}"

    def _show_protocol_unproved(self, row: dict[str, Any], _: str) -> str:
        where = f" at {row['step']}" if row.get("step") else ""
        return f"protocol {row['protocol']} cannot be relied on: {row['code']}{where}"

    def _show_unproved_accepted(self, row: dict[str, Any], _: str) -> str:
        where = f" at {row['step']}" if row.get("step") else ""
        return f"protocol {row['protocol']}: {row['code']}{where} is lived with"

    def _show_notice(self, row: dict[str, Any], _: str) -> str:
        about = "" if row["about"].startswith(row["rule"]) else f" about {row['about']}"
        return f"rule {row['rule']} speaks{about}"

    def _show_nobody_can_tell(self, row: dict[str, Any], _: str) -> str:
        return f"rule {row['rule']}: nobody can tell, so somebody is asked to look"

    def _show_reported(self, row: dict[str, Any], _: str) -> str:
        return f"reported by {row.get('by') or 'nobody named'}: {row['kind'].replace('_', ' ')}"

    def _show_retracted(self, row: dict[str, Any], _: str) -> str:
        return f"taken back by {row['by']}: {row['signal']}"

    def _show_observed(self, row: dict[str, Any], _: str) -> str:
        return f"{row['by']} said something about {row.get('counts') or 'a goal'}"

    def _show_reviewed(self, row: dict[str, Any], _: str) -> str:
        asked = f"; asks of the next plan: {', '.join(row['hypotheses'])}" if row["hypotheses"] else ""
        return f"{row['lapse']} was looked back at with {row['by']}{asked}"

    def _show_withdrawn(self, row: dict[str, Any], _: str) -> str:
        return f"{row['directive']} was taken back by {row['by']}"

    def _show_plan_warning(self, row: dict[str, Any], _: str) -> str:
        plan, code = row["plan"].replace("_", " "), row["code"].replace("_", " ")
        return f"{row['entry']} in the {plan} plan counts on {row['person']}: {code}; ask, and remove nothing"

    def _show_message(self, row: dict[str, Any], _: str) -> str:
        may = f", may see {', '.join(row['categories'])}" if row["categories"] else ""
        under = f" under {_joined(row['basis'])}" if row.get("basis") else ""
        return f"told {row['to']} by {row['channel']} ({row['kind']}, class {row['class']}{may}{under})"

    def _show_decided(self, row: dict[str, Any], _: str) -> str:
        subject = f" {row['subject']}" if row.get("subject") else ""
        late = f", {row['minutes']} minutes late" if row.get("minutes") is not None else ""
        return f"{row['code'].replace('_', ' ')}{subject}{late}"

    def _show_obligation(self, row: dict[str, Any], zone: str) -> str:
        due = row.get("due_on") or (_day(parse_instant(row["due_by"]), zone) if row.get("due_by") else "no clock")
        return f"owed {row['id']}: {row['kind'].replace('_', ' ')} by {row.get('owner') or 'nobody'}, due {due}"

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
        return f"{entry} of plugin {row['plugin']} left out: {row['code'].replace('_', ' ')}; `recoverycore plugins FOLDER` says why"

    def _show_more_left_out(self, row: dict[str, Any], _: str) -> str:
        return f"{row['count']} more of plugin {row['plugin']} left out; `recoverycore plugins FOLDER` tells of each"


def _joined(basis: Any) -> str:
    return basis if isinstance(basis, str) else ", ".join(basis)


def _day(instant: datetime, zone: str) -> str:
    return instant.astimezone(zone_info(zone)).strftime("%a %d %b %Y %H:%M")


def _clock(instant: datetime, zone: str) -> str:
    return instant.astimezone(zone_info(zone)).strftime("%a %H:%M")
