"""A decision on consent as text and as a page: words and signs, never a colour alone; ids and codes, never anybody's words.

For staff it is everything; for whoever asked it is what they may be told, and of every refusal the same bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recoverycore.consent.telling import telling
from recoverycore.views.parts import page, row, shown, table
from recoverycore.views.texts import escaped, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.consent import Decision
    from recoverycore.consent.outcome import Verdict
    from recoverycore.consent.telling import Named, Telling, ToldDuty

__all__ = ["decision_html", "decision_text", "requester_page"]

_SIGNS: dict[Verdict, str] = {"permit": "\u2713", "deny": "\u2717", "partial": "\u25d0"}
_GRANTED = {True: "Granted.", False: "Nothing is released."}


def decision_text(decision: Decision) -> str:
    """Everything that staff may read of a decision: a heading at the start of a line, what belongs to it below."""
    told = telling(decision)
    parts = (
        ("What was asked", _pairs_text(told.question)),
        ("Record by record", _records_text(told)),
        ("Near misses", [f"{each.directive} on {each.record}: {_several(each.axes)}" for each in told.near_misses]),
        ("What is owed", [_duty_text(each) for each in told.duties]),
        ("What would be needed", [" and ".join(map(_named, each)) for each in told.needed]),
        ("Where the rules come from", _pairs_text(told.sources)),
        ("For staff only", _pairs_text(told.for_staff)),
    )
    lines = [one_line(told.headline), *(f"  {one_line(_named(each))}" for each in told.because)]
    for title, inside in parts:
        if inside:
            lines += [title, *(f"  {one_line(each)}" for each in inside)]
    return "\n".join(lines)


def decision_html(decision: Decision) -> str:
    """Everything that staff may read of a decision, as a part of a page."""
    told = telling(decision)
    because = "".join(f"<p>{_named_html(each)}</p>\n" for each in told.because)
    head = f'<p class="verdict"><span aria-hidden="true">{_SIGNS[told.verdict]}</span> {escaped(told.headline)}</p>\n{because}'
    return shown(f'<div class="ids">\n{head}{"".join(_sections(told))}</div>\n')


def requester_page(view: str) -> str:
    """The page for whoever asked, of a decision's `requester_view` or of the constant that stands for every refusal."""
    told = json.loads(view)
    said = []
    for name, title in (("released", "Released"), ("withheld", "Withheld"), ("entries", "Entries")):
        if told.get(name):
            said.append(f"<h2>{title}</h2>\n<ul>{''.join(f'<li>{escaped(each)}</li>' for each in told[name])}</ul>\n")
    if not told["released"]:
        said.insert(0, f"<p>{_GRANTED['granted' in told]}</p>\n")
    return page("Answer", shown(f'<div class="ids">\n{"".join(said)}</div>\n'))


def _sections(told: Telling) -> Iterator[str]:
    yield _section("What was asked", _pairs_html(told.question))
    if told.records:
        rows = (row(escaped(each.id), _verdict_html(each.verdict), _list_html(each.because)) for each in told.records)
        yield _section("Record by record", table("Each record that was asked for", ("Record", "Verdict", "Because"), rows))
    if told.near_misses:
        rows = (row(escaped(each.record), escaped(each.directive), _list_html(each.axes)) for each in told.near_misses)
        yield _section("Near misses", table("Permits that did not reach", ("Record", "Directive", "Fails on"), rows))
    if told.duties:
        rows = (row(escaped(_when(each)), _named_html(each.what), escaped(_params(each))) for each in told.duties)
        yield _section("What is owed", table("Duties of this answer", ("When", "What", "About"), rows))
    if told.needed:
        ways = "".join(f"<li>{' and '.join(map(_named_html, each))}</li>" for each in told.needed)
        yield _section("What would be needed", f"<p>Each of these would turn the answer into a permit.</p>\n<ul>{ways}</ul>\n")
    if told.sources:
        yield _section("Where the rules come from", _pairs_html(told.sources))
    yield _section("For staff only", _pairs_html(told.for_staff))


def _section(title: str, body: str) -> str:
    return f"<h2>{title}</h2>\n{body}"


def _pairs_html(pairs: Iterable[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>' for name, value in pairs)}</dl>\n"


def _pairs_text(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}: {value}" for name, value in pairs]


def _list_html(names: Iterable[Named]) -> str:
    items = "".join(f"<li>{_named_html(each)}</li>" for each in names)
    return f"<ul>{items}</ul>" if items else ""


def _verdict_html(verdict: Verdict) -> str:
    return f'<span aria-hidden="true">{_SIGNS[verdict]}</span> {verdict}'


def _named_html(each: Named) -> str:
    return f"{escaped(each.words)} (<code>{escaped(each.code)}</code>)"


def _named(each: Named) -> str:
    return f"{each.words} ({each.code})"


def _several(names: Iterable[Named]) -> str:
    return "; ".join(map(_named, names))


def _records_text(told: Telling) -> list[str]:
    return [f"{each.id} {each.verdict}: {_several(each.because)}" for each in told.records]


def _duty_text(duty: ToldDuty) -> str:
    about = _params(duty)
    return f"{_when(duty)}: {_named(duty.what)}" + (f", {about}" if about else "")


def _when(duty: ToldDuty) -> str:
    return f"{duty.timing}, until {duty.until}" if duty.until else duty.timing


def _params(duty: ToldDuty) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in duty.params)
