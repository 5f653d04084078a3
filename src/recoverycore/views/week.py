"""Who covers what as a picture: for each week a row for each step, with a bar for each stretch, and where the holes are.

A filled bar with a tick is covered, a hollow one with a cross is a hole, one with a ring is a hole that quiet hours make, and a thin line
is outside of a step's hours: they are told apart without a colour. All of it stands in words in the description.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.escalation.verification.covering import turns_of, who_text
from recoverycore.escalation.verification.times import day_text
from recoverycore.escalation.verification.wording import answer_text
from recoverycore.ground.canonical import digest
from recoverycore.ground.instants import calendar_add, local_date, moment, zone_info
from recoverycore.ground.windows import WEEKDAYS
from recoverycore.views.axis import width_of
from recoverycore.views.svg import STYLE, text_at
from recoverycore.views.texts import escaped, one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.escalation import Cover, Verification

__all__ = ["week_svg"]

_LEFT, _EDGE = 16.0, 16.0
_HEAD, _LANE, _FOOT = 48.0, 44.0, 40.0
_A_DAY = 140.0
"""The width of a day."""
_WEEK = 7
_NAME = 28
_ROOM = 20.0
"""The room that a sign needs, and a word beside it."""
_TONES = {"covered": "took", "hole": "missed", "quiet": "climb", "outside": "aside"}
_LEGEND = (
    ("covered", "somebody can answer"), ("hole", "nobody, or too few"), ("quiet", "quiet hours alone keep them"),
    ("outside", "outside the hours of the step"),
)  # fmt: skip
_SIGNS = {"covered": "M{x:.1f} {y:.1f}l3 4l6 -8", "hole": "M{x:.1f} {top:.1f}l8 8m0 -8l-8 8"}


@frozen
class _Week:
    """A stretch of at most seven days of a horizon, and where its instants stand."""

    start: datetime
    end: datetime
    left: float

    def place(self, at: datetime) -> float:
        """Where `at` stands, or the nearer end where it lies outside."""
        inside = min(max(at, self.start), self.end)
        return self.left + (inside - self.start) / timedelta(days=1) * _A_DAY


def week_svg(found: Verification) -> str:
    """The picture of `found`."""
    steps = list(dict.fromkeys(each.step for each in found.cover))
    labels = [shortened(one_line(each), _NAME) for each in steps]
    left = _LEFT + max([width_of(each) for each in [*labels, one_line(found.zone)]], default=0.0) + 16
    weeks = list(_weeks(found, left))
    legend = sum(_ROOM + width_of(text) + 16 for _, text in _LEGEND)
    width = max(left + _A_DAY * _days_of(weeks[0]) + _EDGE, _LEFT + legend)
    a_week = _HEAD + _LANE * len(steps)
    height = a_week * len(weeks) + _FOOT
    name = f"rc{digest([found.zone, found.to_dict(), [each.to_dict() for each in found.cover]])[:10]}"
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" {size} role="img" aria-labelledby="{name}t {name}d">',
        f'<title id="{name}t">Who covers what in {escaped(found.protocol)}</title>',
        f'<desc id="{name}d">{escaped(_description(found))}</desc>',
        f"<style>{STYLE.format(id=name)}</style>",
        f'<rect class="ground" width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
    ]
    for number, week in enumerate(weeks):
        y = number * a_week
        parts += _head(week, found.zone, y, a_week)
        for row, (step, label) in enumerate(zip(steps, labels, strict=True)):
            parts += _row([each for each in found.cover if each.step == step], label, week, found=found, y=y + _HEAD + row * _LANE)
    return "\n".join([*parts, *_legend(height - 16), "</svg>"]) + "\n"


def _weeks(found: Verification, left: float) -> Iterator[_Week]:
    """The horizon in parts of seven days by the calendar, so that in each the days stand where they stand in the others."""
    edges = [found.from_]
    while (after := calendar_add(edges[-1], _WEEK, timedelta(), found.zone)) < found.to:
        edges.append(after)
    for start, end in pairwise([*edges, found.to]):
        yield _Week(start, end, left)


def _days_of(week: _Week) -> float:
    return (week.end - week.start) / timedelta(days=1)


def _description(found: Verification) -> str:
    """The whole picture in words: it is all that some readers have of it."""
    told = [f"{answer_text(found)} Times in {found.zone}, from {day_text(found.from_, found.zone)} to {day_text(found.to, found.zone)}."]
    for step, turns in turns_of(found):
        told.append(f"{step}: {'; '.join(f'{each.when}, {each.who}' for each in turns)}.")
    return " ".join(told)


def _head(week: _Week, zone: str, y: float, height: float) -> Iterator[str]:
    """The days, each with a line where it begins."""
    yield text_at(_LEFT, y + 36, one_line(zone), "dim")
    day = local_date(week.start, zone)
    while (at := moment(day, 0, zone)) < week.end:
        place, wide = week.place(at), week.place(moment(day + timedelta(days=1), 0, zone)) - week.place(at)
        yield (
            f'<line class="rule" x1="{place:.1f}" x2="{place:.1f}" y1="{y + 10:.0f}" y2="{y + height:.0f}" '
            'stroke="#1a1a1a" stroke-opacity=".15"/>'
        )
        name = WEEKDAYS[day.weekday()].title()
        text = next((each for each in (f"{name} {day.isoformat()}", name) if width_of(each) + 4 < wide), "")
        yield text_at(place + 4, y + 20, text, "head")
        noon = moment(day, 12 * 60, zone)
        if week.start <= noon and width_of("12:00") < week.place(week.end) - week.place(noon):
            yield text_at(week.place(noon), y + 36, "12:00", "dim")
        day += timedelta(days=1)


def _row(stretches: list[Cover], label: str, week: _Week, *, found: Verification, y: float) -> Iterator[str]:
    yield "<g>"
    right = week.place(week.end)
    yield f'<line class="rule" x1="{_LEFT:.0f}" x2="{right:.0f}" y1="{y:.0f}" y2="{y:.0f}" stroke="#1a1a1a" stroke-opacity=".15"/>'
    yield text_at(_LEFT, y + 26, label, "head")
    for each in stretches:
        if each.from_ < week.end and week.start < each.to:
            yield from _stretch(each, week, found.zone, y)
    yield "</g>"


def _stretch(each: Cover, week: _Week, zone: str, y: float) -> Iterator[str]:
    """A bar with its sign, and above it as many words as there is room for; all of them are in its title."""
    start, end = week.place(each.from_), week.place(each.to)
    some = one_line(", ".join(each.people))
    who = some if each.kind == "covered" else "too few" if some else "nobody"
    texts = [] if each.kind == "outside" else [f"{each.from_.astimezone(zone_info(zone)):%H:%M} {who}", who]
    words = next((text for text in texts if width_of(text) < end - start), "")
    yield "<g>"
    yield f"<title>{escaped(f'{day_text(each.from_, zone)} to {day_text(each.to, zone)}: {who_text(each)}')}</title>"
    yield _bar(each.kind, start, end - start, y + 24)
    if end - start > _ROOM:
        yield from _sign(each.kind, start + 5, y + 30)
    if words:
        yield text_at(start + 1, y + 18, words)
    yield "</g>"


def _bar(kind: str, x: float, wide: float, y: float) -> str:
    tone = _TONES[kind]
    if kind == "outside":
        return f'<rect class="{tone}" x="{x:.1f}" y="{y + 5:.0f}" width="{max(wide - 1, 1):.1f}" height="2" fill="#7d8793"/>'
    hollow = "" if kind == "covered" else " hollow"
    return f'<rect class="{tone}{hollow}" x="{x:.1f}" y="{y:.0f}" width="{max(wide - 1, 1):.1f}" height="12" rx="2" fill="#7d8793"/>'


def _sign(kind: str, x: float, y: float) -> Iterator[str]:
    """A tick on a filled bar, a cross or a ring in a hollow one; nothing on a line."""
    if kind == "quiet":
        yield f'<circle cx="{x + 4:.1f}" cy="{y:.1f}" r="4" stroke="#7d8793" class="climb" stroke-width="2" fill-opacity="0"/>'
    elif kind in _SIGNS:
        tone, colour = ("tick", "#fff") if kind == "covered" else ("missed", "#cf4d1f")
        path = _SIGNS[kind].format(x=x, y=y, top=y - 4)
        yield f'<path class="{tone}" d="{path}" stroke="{colour}" stroke-width="2" fill="none"/>'


def _legend(y: float) -> Iterator[str]:
    """What each sign means, in words."""
    x = _LEFT
    for kind, text in _LEGEND:
        yield _bar(kind, x, _ROOM, y - 10)
        yield from _sign(kind, x + 5, y - 4)
        yield text_at(x + _ROOM + 6, y, text)
        x += _ROOM + width_of(text) + 16
