"""Consent from a terminal: one decision explained, and a whole table of decisions run as tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recoverycore.cli.endings import CANNOT_RUN, FAILED, as_instant, cannot_run, tell, written
from recoverycore.cli.explain import explain
from recoverycore.cli.showing import Screen
from recoverycore.consent import REFUSAL
from recoverycore.errors import RecoveryError
from recoverycore.ground import render
from recoverycore.testing.consent.table_documents import Question
from recoverycore.testing.consent.tables import check_cases, chosen_case, ready
from recoverycore.views.decisions import requester_page
from recoverycore.views.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.consent import Decision
    from recoverycore.errors import Problem
    from recoverycore.testing.consent import DecisionCase, TableReport
    from recoverycore.testing.consent.decisive import Decisive

__all__ = ["check_consent_command", "explain_consent_command"]

_FILE = click.Path(path_type=Path)


def _question_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--label", "labels", metavar="LABEL", multiple=True, help="A label that each category asked for carries. Again for more."
        ),
        click.option("--action", metavar="ACTION", help="What is done: disclose where nothing is said."),
        click.option("--from", "discloser", metavar="ID", help="Who holds the records and would release them."),
        click.option(
            "--treating/--not-treating",
            "treating_relationship",
            default=None,
            help="Whether it is known that they treat the person, or that they do not.",
        ),
        click.option("--role", "roles", metavar="ROLE", multiple=True, help="A role that they hold. Again for more."),
        click.option("--org", metavar="ID", help="The organisation they belong to."),
        click.option("--kind", metavar="KIND", help="What kind of recipient they are."),
        click.option("--at", metavar="TIME", help="When: an instant, or a civil time of the client's zone. No clock is read."),
        click.option("--why", metavar="PURPOSE", multiple=True, help="For which purpose. Again for more."),
        click.option("--sees", metavar="CATEGORY", multiple=True, help="What they would see. Again for more."),
        click.option("--who", metavar="ID", help="Who would see it."),
    ):
        command = option(command)
    return command


@explain.command("consent")
@click.argument("file", type=_FILE)
@_question_options
@click.option("--case", metavar="ID", help="Which case or row of FILE, where it holds several.")
@click.option("--profile", "profiles", metavar="NAME", multiple=True, help="A profile of law, by the name of its plugin. Again for more.")
@click.option("--requester", is_flag=True, help="Only what whoever asked may be told: of every refusal and every error the same.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision as one JSON object.")
@click.option("--html", "page", metavar="OUT", type=_FILE, help="Write it as a page to this file too.")
def explain_consent_command(
    file: Path, *, case: str | None, profiles: tuple[str, ...], requester: bool, as_json: bool, page: Path | None, **asked: Any
) -> None:
    """Say whether somebody may see something under the consents in FILE, and why: what decided, what failed on what, what is owed.

    FILE holds directives, or one case or several with given and when. Options take the place of parts of its question. Ends with 0 when
    the question was answered, whatever the answer, and with 2 when it could not be asked as it was meant.
    """
    decision, problems = _decided(file, case, profiles, asked)
    if requester:
        view = REFUSAL if decision is None else decision.requester_view
        click.echo(view)
        problems += written(page, requester_page(view), file)
    elif decision is not None:
        _show(decision, as_json=as_json)
        problems += written(page, decision.to_html(), file)
    tell(problems, as_json=as_json)
    sys.exit(CANNOT_RUN if problems else 0)


@click.command("check-consent")
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line instead.")
def check_consent_command(file: Path, *, as_json: bool) -> None:
    """Run the decision table in FILE as tests, and say what no row of it shows. Ends with 1 when something differs."""
    try:
        report = check_cases(file)
    except RecoveryError as error:
        cannot_run(error.problems, as_json=as_json)
    if as_json:
        for each in report.cases:
            click.echo(json.dumps({"case": each.to_dict()}, ensure_ascii=False))
        click.echo(json.dumps({"never_decisive": report.coverage.to_dict()}, ensure_ascii=False))
        click.echo(json.dumps({"result": report.to_dict()}, ensure_ascii=False))
    else:
        _show_report(report)
    sys.exit(0 if report.ok else FAILED)


# -- one decision -------------------------------------------------------------------------------------------------------
def _decided(file: Path, case: str | None, profiles: tuple[str, ...], asked: dict[str, Any]) -> tuple[Decision | None, tuple[Problem, ...]]:
    """The decision, and whatever is wrong. With a profile that is not there both are told: that is what a host would answer."""
    try:
        chosen = chosen_case(file, case)
        over = _over(asked, chosen.given.client.zone)
        found, missing = ready(chosen.asking(over), dict.fromkeys(profiles, "--profile"))
    except RecoveryError as error:
        return None, error.problems
    return found.decision, missing


def _over(asked: dict[str, Any], zone: str | None) -> Question:
    """The parts of a question that the options say; an option that was left out says nothing."""
    said = {name: value for name, value in asked.items() if value not in (None, ())}
    if "at" in said:
        said["at"] = as_instant(said["at"], zone, "--at")
    return Question(**said)


def _show(decision: Decision, *, as_json: bool) -> None:
    if as_json:
        told = {"decision": dict(decision.staff_view), "requester_view": decision.requester_view}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    screen = Screen()
    for line in (render(decision, "text/plain") or "").splitlines():
        screen.say(line, "" if line.startswith(" ") else "bold")


# -- a table ------------------------------------------------------------------------------------------------------------
def _show_report(report: TableReport) -> None:
    screen = Screen()
    for each in report.cases:
        wrong = each.differences()
        screen.say(f"{'FAILED' if wrong else 'passed'}  {one_line(each.id)}: {one_line(_title(each))}", "bold red" if wrong else "")
        for line in wrong:
            screen.say(f"    {one_line(line)}", "red")
        for line in each.decision.explain().splitlines() if wrong else ():
            screen.say(f"    as decided: {one_line(line)}", "dim")
    for line in _coverage_lines(report.coverage):
        screen.say(line, "yellow")
    if report.left_out:
        screen.say(f"{len(report.left_out)} left out: they ask about whole sets of papers", "yellow")
    told = report.to_dict()
    screen.say(f"{told['passed']} passed, {told['failed']} failed", "bold green" if report.ok else "bold red")


def _coverage_lines(found: Decisive) -> Iterator[str]:
    """What no case shows, a line each, under a heading."""
    named = {"directives": found.directives, "axes": found.axes}
    named |= {f"of permit {name}": axes for name, axes in found.of_permits.items()}
    named |= {f"of {name}": rules for name, rules in found.rules.items()}
    lines = [f"  {one_line(what)}: {one_line(', '.join(codes))}" for what, codes in named.items() if codes]
    if lines:
        yield "No case would come out otherwise without such a paper or rule, or with a permit wider on such an axis:"
        yield from lines


def _title(case: DecisionCase) -> str:
    """What a case is called, or else what it asks."""
    asked = case.request
    seen = ", ".join(each.id for each in asked.records) or asked.action
    return case.title or f"{asked.recipient.id}, {seen}, for {', '.join(asked.purposes) or 'no purpose'}"
