"""A simulation as a picture: how many runs had a human by when, how many were shown the terminal step, and the messages of each person.

The time ends when nearly all have come.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation.verification.times import length_text
from recoverycore.ground.canonical import digest
from recoverycore.views.axis import width_of
from recoverycore.views.svg import STYLE, text_at
from recoverycore.views.texts import escaped, one_line, shortened

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from recoverycore.testing.clinic.results import Simulation

__all__ = ["simulation_svg"]

_LEFT, _TOP, _WIDE, _HIGH, _ROW = 56.0, 64.0, 560.0, 200.0, 24.0
_NAME, _STEPS = 28, 6
_NEARLY_ALL = 0.995
_APART = 2.0
"""Points of a curve that are nearer than this are drawn as one."""
_CURVES = (("took", "a human had it", ""), ("missed", "the terminal step was shown", ' stroke-dasharray="6 4"'))
"""The tone of each curve, what it says, and how its line is told apart without a colour."""


def simulation_svg(found: Simulation) -> str:
    """The picture of `found`."""
    tally = found.tally
    counts = (tally.human, tally.terminal)
    end = max([60, *(_last(each) for each in counts if each)])
    label = max([_LEFT, *(_LEFT + width_of(shortened(one_line(each.who), _NAME)) for each in found.load)])
    height = _TOP + _HIGH + 64 + _ROW * len(found.load)
    width = max(_LEFT + _WIDE, label + 8 + _WIDE) + 72
    name = f"rc{digest([found.to_dict(), found.zone])[:10]}"
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    curves = (_curve(count, end, found.runs, tone, dash) for count, (tone, _, dash) in zip(counts, _CURVES, strict=True))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" {size} role="img" aria-labelledby="{name}t {name}d">',
        f'<title id="{name}t">How long until a human has it, in {escaped(found.protocol)}</title>',
        f'<desc id="{name}d">{escaped(found.explain())}</desc>',
        f"<style>{STYLE.format(id=name)}</style>",
        f'<rect class="ground" width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        *_legend(),
        *_grid(end),
        *curves,
        *_load(found, label),
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _last(counted: Counter[int]) -> int:
    """By when nearly all have come: the last few may have waited for a day, and nothing else would be seen."""
    so_far = 0
    for seconds in sorted(counted):
        so_far += counted[seconds]
        if so_far >= _NEARLY_ALL * counted.total():
            return seconds
    return max(counted)


def _legend() -> Iterator[str]:
    x = _LEFT
    for tone, text, dash in _CURVES:
        yield f'<path class="{tone}" d="M{x:.1f} 26h28" stroke="#7d8793" stroke-width="2.5"{dash}/>'
        yield text_at(x + 34, 30, text)
        x += 34 + width_of(text) + 24


def _grid(end: int) -> Iterator[str]:
    """A line for each quarter of the runs, and when it is below."""
    for quarter in range(5):
        y = _TOP + _HIGH * (1 - quarter / 4)
        yield f'<path class="rule" d="M{_LEFT:.1f} {y:.1f}h{_WIDE:.0f}" stroke="#1a1a1a" stroke-opacity=".15"/>'
        yield text_at(8, y + 4, f"{quarter * 25} %")
    step = max(60, -(-end // _STEPS // 60) * 60)
    for seconds in range(0, end + 1, step):
        yield text_at(_LEFT + seconds / end * _WIDE, _TOP + _HIGH + 18, length_text(timedelta(seconds=seconds)))


def _curve(counted: Counter[int], end: int, runs: int, tone: str, dash: str) -> str:
    """How many had come by each second."""
    last = max((each for each in counted if each <= end), default=0)
    path, so_far, drawn = f"M{_LEFT:.1f} {_TOP + _HIGH:.1f}", 0, 0.0
    for seconds in sorted(each for each in counted if each <= end):
        so_far += counted[seconds]
        x, y = _LEFT + seconds / end * _WIDE, _TOP + _HIGH * (1 - so_far / runs)
        if x - drawn >= _APART or seconds == last:
            path, drawn = f"{path}H{x:.1f}V{y:.1f}", x
    return f'<path class="{tone}" d="{path}H{_LEFT + _WIDE:.1f}" style="fill:none" fill="none" stroke="#7d8793" stroke-width="2.5"{dash}/>'


def _load(found: Simulation, left: float) -> Iterator[str]:
    y, most = _TOP + _HIGH + 48, max((each.messages for each in found.load), default=1)
    if found.load:
        yield text_at(8, y, "Messages for 100 runs", "head")
    for each in found.load:
        y += _ROW
        wide = each.messages / most * _WIDE
        yield text_at(8, y, shortened(one_line(each.who), _NAME))
        yield f'<rect class="asked" x="{left:.1f}" y="{y - 10:.1f}" width="{max(wide, 1):.1f}" height="12" rx="2" fill="#7d8793"/>'
        yield text_at(left + wide + 6, y, f"{each.messages / found.runs * 100:.0f}")
