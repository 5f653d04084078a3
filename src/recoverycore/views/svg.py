"""A timeline as a picture: valid XML of its own, readable in light and dark, its words selectable and told again in its description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.ground.canonical import digest
from recoverycore.ground.instants import zone_info
from recoverycore.views.axis import axis_for, width_of
from recoverycore.views.lanes import groups_of
from recoverycore.views.texts import escaped, one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from recoverycore.ground.timeline import Timeline
    from recoverycore.views.axis import Axis
    from recoverycore.views.lanes import Bar, Group, Lane, Mark

__all__ = ["STYLE", "text_at", "timeline_svg"]

_LEFT, _EDGE = 16.0, 24.0
_HEAD, _TITLE, _LANE = 60.0, 30.0, 44.0
_NAME, _WORDS = 28, 60
"""The most characters of a lane's name and of the words at one instant; the whole of each stands beside the picture and in its title."""

STYLE = """\
.{id} text{{font:12px system-ui,sans-serif;fill:CanvasText}}
.{id} .ground{{fill:Canvas}}
.{id} .head{{font-weight:600}}
.{id} .dim{{fill-opacity:.75}}
.{id} .rule{{stroke:CanvasText;stroke-opacity:.15}}
.{id} .asked{{fill:#2b78c5;stroke:#2b78c5}}
.{id} .took{{fill:#2e8b57;stroke:#2e8b57}}
.{id} .missed{{fill:#cf4d1f;stroke:#cf4d1f}}
.{id} .climb{{fill:#7d8793;stroke:#7d8793}}
.{id} .aside{{fill:#7d8793;stroke:#7d8793}}
.{id} .hollow{{fill-opacity:.2}}
.{id} .on{{stroke-dasharray:3 3}}"""
"""How pictures look, in light and in dark, by the id of the picture."""


def timeline_svg(happened: Timeline) -> str:
    """The picture of `happened`: a lane for the climb of each run and for each person, with what was asked, answered and missed."""
    groups = groups_of(happened)
    lanes = [lane for group in groups for lane in group.lanes.values()]
    name = f"rc{digest([happened.zone, *(one_line(each.to_dict()) for each in happened.happenings)])[:10]}"
    names = [shortened(one_line(lane.name), _NAME) for lane in lanes]
    left = _LEFT + max(width_of(each) for each in [*names, one_line(happened.zone)]) + 24
    told = [[(at, shortened(one_line(text), _WORDS)) for at, text in lane.told()] for lane in lanes]
    axis = axis_for(_instants(lanes), told, happened.zone, left)
    ends = [axis.places[at] + width_of(text) for row in told for at, text in row]
    titles = [_LEFT + width_of(one_line(group.title)) for group in groups]
    width = max([left, *axis.places.values(), *ends, *titles, *(place + width_of(text) for place, text in axis.clocks + axis.days)]) + _EDGE
    height = _HEAD + sum(_TITLE + _LANE * len(group.lanes) for group in groups) + 8
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" {size} role="img" aria-labelledby="{name}t {name}d">',
        f'<title id="{name}t">{escaped(_title(groups))}</title>',
        f'<desc id="{name}d">{escaped(_description(groups, happened))}</desc>',
        f"<style>{STYLE.format(id=name)}</style>",
        f'<rect class="ground" width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        *_head(axis, happened.zone, height),
    ]
    y = _HEAD
    rows = iter(zip(lanes, names, told, strict=True))
    for group in groups:
        parts.append(text_at(_LEFT, y + 20, one_line(group.title), "head"))
        y += _TITLE
        for _ in group.lanes:
            lane, label, words = next(rows)
            parts += _lane(lane, label, words, axis=axis, y=y, width=width)
            y += _LANE
    return "\n".join([*parts, "</svg>"]) + "\n"


def _instants(lanes: Iterable[Lane]) -> Iterator[datetime]:
    for lane in lanes:
        yield from (mark.at for mark in lane.marks)
        for bar in lane.bars:
            yield bar.start
            if bar.end is not None:
                yield bar.end


def _title(groups: tuple[Group, ...]) -> str:
    if not groups:
        return "No run yet"
    return f"What happened in {groups[0].title}" if len(groups) == 1 else f"What happened in {len(groups)} runs"


def _description(groups: tuple[Group, ...], happened: Timeline) -> str:
    """The whole picture in words: it is all that some readers have of it."""
    here = zone_info(happened.zone)
    parts = [f"Times in {happened.zone}."]
    for group in groups:
        parts.append(f"{group.title}.")
        for lane in group.lanes.values():
            told = "; ".join(f"{at.astimezone(here):%Y-%m-%d %H:%M} {text}" for at, text in lane.told())
            parts.append(f"{lane.name}: {told}.")
    return " ".join(parts)


def _head(axis: Axis, zone: str, height: float) -> Iterator[str]:
    yield text_at(_LEFT, 36, zone, "dim")
    for place, text in axis.days:
        yield text_at(place, 18, text, "head")
    for place, text in axis.clocks:
        yield f'<line class="rule" x1="{place:.1f}" x2="{place:.1f}" y1="42" y2="{height:.0f}" stroke="#1a1a1a" stroke-opacity=".15"/>'
        yield text_at(place, 36, text)
    for place, text in axis.breaks:
        yield f'<text class="dim" x="{place:.1f}" y="54" text-anchor="middle" fill="#1a1a1a">&#8943; {escaped(text)} &#8943;</text>'


def _lane(lane: Lane, label: str, words: list[tuple[datetime, str]], *, axis: Axis, y: float, width: float) -> Iterator[str]:
    yield "<g>"
    yield f"<title>{escaped(lane.name)}: {escaped('; '.join(text for _, text in lane.told()))}</title>"
    yield f'<line class="rule" x1="{_LEFT:.0f}" x2="{width - _LEFT:.0f}" y1="{y:.0f}" y2="{y:.0f}" stroke="#1a1a1a" stroke-opacity=".15"/>'
    yield text_at(_LEFT, y + 26, label, "head")
    for bar in lane.bars:
        yield _bar(bar, axis, y + 24, width)
    for mark in lane.marks:
        yield _mark(mark, axis.places[mark.at], y + 29)
    for at, text in words:
        yield text_at(axis.places[at], y + 17, text)
    yield "</g>"


def _bar(bar: Bar, axis: Axis, y: float, width: float) -> str:
    start = axis.places[bar.start]
    end = width - _LEFT if bar.end is None else axis.places[bar.end]
    hollow = " hollow" if bar.tone == "asked" else ""
    on = " on" if bar.end is None else ""
    place = f'x="{start:.1f}" y="{y:.0f}" width="{max(end - start, 3):.1f}" height="10" rx="2"'
    return f'<rect class="{bar.tone}{hollow}{on}" {place} fill="#7d8793"/>'


def _mark(mark: Mark, x: float, y: float) -> str:
    """A ring for a question, a disc for an answer, a cross for what did not come, a dot for the rest: not told apart by colour alone."""
    if mark.tone == "missed":
        path = f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
        return f'<path class="missed" d="{path}" stroke="#cf4d1f" stroke-width="2.5" fill="none"/>'
    size = {"asked": 5, "took": 6}.get(mark.tone, 3)
    ring = ' fill-opacity="0" stroke-width="2"' if mark.tone == "asked" else ""
    return f'<circle class="{mark.tone}" cx="{x:.1f}" cy="{y:.1f}" r="{size}" fill="#7d8793"{ring}/>'


def text_at(x: float, y: float, text: str, kind: str = "") -> str:
    """A text of a picture."""
    css = f' class="{kind}"' if kind else ""
    return f'<text{css} x="{x:.1f}" y="{y:.1f}" fill="#1a1a1a">{escaped(text)}</text>'
