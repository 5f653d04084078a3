"""What people see: plain HTML without a script. What happened, and why a decision is as it is, the library draws itself."""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import recoverycore as rc
from recoverycore.ground import parse_instant, render, zone_info

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STYLE = resources.files("fastapi_host").joinpath("style.css").read_text("utf-8")
_GOING = {
    "open": "Nobody has it yet",
    "exhausted": "Everybody was asked and nobody has it: call for help by hand",
    "held": "Somebody has it",
}
_CLOCKS = {"acknowledge": "is asked to answer", "make_contact": "has to be in touch", "resolve": "has to bring it to an end"}
_SEES = ("contact", "safety_plan", "goals", "progress_notes", "sud_treatment")
_WHY = ("crisis", "care", "peer_support")


def page(title: str, body: str, who: str = "") -> str:
    """`body` with what stands around it on each page."""
    acting = f'You act as <strong>{escape(who)}</strong>. <a href="/sign-in">Be somebody else</a>' if who else "Nobody is signed in."
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,">
<title>{escape(title)}</title>
<style>
{_STYLE}</style>
</head>
<body>
<header>
<p>An example: everybody here is made up, and nothing is sent to anybody.</p>
<p>{acting} · <a href="/">What is going on</a></p>
</header>
<main>
<h1>{escape(title)}</h1>
{body}</main>
</body>
</html>
"""


def sign_in(people: Iterable[rc.Member]) -> str:
    """Where one says who one is. It proves nothing."""
    warning = (
        '<div class="card waits"><p><strong>This is no sign-in.</strong> Anybody may say here that they are anybody, so it answers only to '
        "this machine. In your program, your own sign-in takes its place.</p></div>\n"
    )
    buttons = "".join(
        f'<button formaction="/sign-in/{quote(each.id, safe="")}">{escape(each.id)}, {escape(_words(each.roles[0]))}</button>\n'
        for each in people
    )
    return page("Who are you?", f'{warning}<form method="post">\n{buttons}</form>\n')


def overview(runs: Sequence[tuple[str, rc.RunState, list[dict[str, Any]]]], zone: str, who: str) -> str:
    """The runs of the clients whose team `who` is on: first those that are going."""
    going, over = [], []
    for client, state, clocks in runs:
        link = f'<a href="{_place(client, state)}">The call of {escape(client)}</a>'
        if state.status in _GOING:
            going.append(f"<article{_card(state)}>\n<h2>{link}</h2>\n{_standing(state, clocks, zone, who)}</article>\n")
        else:
            over.append(f"<li>{link}: {state.status.replace('_', ' ')}</li>\n")
    body = "".join(going) or "<p>No call is open around the clients whose team you are on.</p>\n"
    return page("What is going on", body + (f"<h2>Over</h2>\n<ul>\n{''.join(over)}</ul>\n" if over else ""), who)


def run(
    client: str, state: rc.RunState, clocks: list[dict[str, Any]], happened: rc.Timeline, *, who: str, command_id: str, told: str
) -> str:
    """One run: how it stands, the button that takes it, what happened. With `command_id` a button that is pressed twice counts once."""
    place = f"{_place(client, state)}/acknowledge?command_id={quote(command_id)}"
    button = f'<form method="post" action="{place}"><button>I take it</button></form>\n'
    wanted = state.status in _GOING and not state.holders
    notice = f'<div class="card waits" role="alert"><p>{escape(told)}</p></div>\n' if told else ""
    standing = f"<div{_card(state)}>\n{_standing(state, clocks, happened.zone, who)}{button if wanted else ''}</div>\n"
    link = f'<p><a href="/clients/{quote(client, safe="")}/consent">Who may see what of {escape(client)}</a></p>\n'
    drawn = f'<div class="wide" role="region" aria-label="Every line" tabindex="0">\n{render(happened, "text/html")}</div>\n'
    return page(f"The call of {client}", f"{notice}{standing}{link}<h2>What happened</h2>\n{drawn}", who)


def consent(client: str, people: Iterable[str], chosen: set[str], found: rc.Decision | None, me: str) -> str:
    """A question about consent and its answer: what whoever asked would be told and, for staff, why."""
    selects = "".join(
        f'<label>{label} <select name="{name}">{"".join(_option(each, chosen) for each in choices)}</select></label>\n'
        for name, label, choices in (("who", "Who", people), ("why", "For what", _WHY))
    )
    boxes = "".join(
        f'<label><input type="checkbox" name="sees" value="{each}"{" checked" if each in chosen else ""}> {_words(each)}</label>\n'
        for each in _SEES
    )
    form = f"<form>\n{selects}<fieldset>\n<legend>Sees</legend>\n{boxes}</fieldset>\n<button>Explain</button>\n</form>\n"
    answer = "<p>Looking here releases nothing.</p>\n"
    if found is not None:
        answer = (
            f"<h2>What they would be told</h2>\n<p><code>{escape(found.requester_view)}</code></p>\n<h2>For staff: why</h2>\n"
            f'<div class="wide" role="region" aria-label="Why" tabindex="0">\n{render(found, "text/html")}</div>\n'
        )
    return page(f"Who may see what of {client}", form + answer, me)


def trouble(problems: Sequence[rc.Problem], who: str) -> str:
    """What went wrong and what to do about it, in the catalogue's words."""
    lines = "".join(f"<p><strong>{escape(each.message)}</strong> {escape(each.hint)} <code>{each.code}</code></p>\n" for each in problems)
    return page("That did not work", f'<div class="card waits">\n{lines}</div>\n', who)


def _place(client: str, state: rc.RunState) -> str:
    return f"/clients/{quote(client, safe='')}/runs/{quote(state.run, safe='')}"


def _card(state: rc.RunState) -> str:
    return ' class="card"' if state.holders or state.status not in _GOING else ' class="card waits"'


def _standing(state: rc.RunState, clocks: list[dict[str, Any]], zone: str, who: str) -> str:
    """How a run stands, and what it waits for."""
    said = _GOING.get(state.status, _words(state.status).capitalize())
    if state.holders:
        said = "You have it" if who in state.holders else f"{state.owner} has it"
    lines = [f"<strong>{escape(said)}.</strong> Level {state.level}: {_words(rc.Level(state.level).name.lower())}."]
    for each in clocks:
        if each["run"] == state.run and each["kind"] in _CLOCKS:
            due = parse_instant(each["due"]).astimezone(zone_info(zone))
            lines.append(f"{escape(each['owner'])} {_CLOCKS[each['kind']]} by {due:%H:%M} on {due.day} {due:%B}.")
    return "".join(f"<p>{line}</p>\n" for line in lines)


def _option(name: str, chosen: set[str]) -> str:
    return f'<option value="{escape(name)}"{" selected" if name in chosen else ""}>{escape(_words(name))}</option>'


def _words(name: str) -> str:
    return name.replace("_", " ")
