"""A verification as a part of a page: the answer, the week as a picture, each error as a dated timeline, the warnings, who covers what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation.verification.covering import SIGNS, alone_turns, turns_of
from recoverycore.escalation.verification.times import day_text, length_text
from recoverycore.escalation.verification.wording import ALONE, answer_text, finding_text, mend_texts, slip_texts
from recoverycore.views.parts import row, shown, table, time_of
from recoverycore.views.texts import escaped
from recoverycore.views.week import week_svg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.escalation import Finding, Verification
    from recoverycore.escalation.verification.telling import Story

__all__ = ["verification_html"]

_WORDS = {"covered": "covered", "hole": "hole", "quiet": "quiet hours", "outside": "outside its hours"}


def verification_html(found: Verification) -> str:
    """Everything that a verification found."""
    sign, stretch = SIGNS["covered" if found.ok else "hole"], f"{day_text(found.from_, found.zone)} to {day_text(found.to, found.zone)}"
    parts = (
        f'<p class="verdict"><span aria-hidden="true">{sign}</span> {escaped(answer_text(found))}</p>\n',
        f"<p>Looked at from {escaped(stretch)}, times in {escaped(found.zone)}.</p>\n",
        *(f"<p>Note: {escaped(text)}</p>\n" for text in slip_texts(found)),
        f'<div class="picture" role="region" aria-label="Who covers what, as a picture" tabindex="0">\n{week_svg(found)}</div>\n',
        *_stories(found),
        *_warnings(found),
        *_cover(found),
    )
    return shown(f'<div class="ids">\n{"".join(parts)}</div>\n')


def _stories(found: Verification) -> Iterator[str]:
    """Each error with the shortest way into it; last the longest climb."""
    for story in sorted(found.stories, key=lambda each: each.finding is None):
        if story.finding is not None:
            yield f"<h2>Error: {escaped(finding_text(story.finding, found.zone))}</h2>\n"
            yield from (f"<p><strong>{escaped(text)}</strong></p>\n" for text in mend_texts(found, story.finding))
            caption = f"How it comes to {story.finding.code}"
        else:
            yield "<h2>If nobody answers</h2>\n"
            caption = f"How long it takes at the longest: {length_text(found.bound or timedelta())}"
        if story.lines:
            yield table(caption, ("When", "After", "What happens"), _lines(story, found.zone))


def _lines(story: Story, zone: str) -> Iterator[str]:
    for line in story.lines:
        after = length_text(line.after) if line.after else "at once"
        yield row(time_of(story.at + line.after, zone), after, escaped(line.text))


def _warnings(found: Verification) -> Iterator[str]:
    warnings = [each for each in found.findings if each.severity == "warning"]
    if warnings:
        items = "".join(f"<li>{_warning(each, found)}</li>" for each in warnings)
        yield f"<h2>Warnings</h2>\n<ul>{items}</ul>\n"


def _warning(finding: Finding, found: Verification) -> str:
    mend = "".join(f"<p>{escaped(text)}</p>" for text in mend_texts(found, finding))
    return f"{escaped(finding_text(finding, found.zone))} (<code>{escaped(finding.code)}</code>){mend}"


def _cover(found: Verification) -> Iterator[str]:
    rows = [
        row(escaped(step), f'<span aria-hidden="true">{SIGNS[each.kind]}</span> {_WORDS[each.kind]}', escaped(each.when), escaped(each.who))
        for step, turns in turns_of(found)
        for each in turns
    ]
    if rows:
        yield "<h2>Who covers what</h2>\n" + table("The turns of each step", ("Step", "State", "When", "Who"), rows)
    if found.alone:
        yield "<h2>When it rests on one person</h2>\n" + f"<p>{ALONE}.</p>\n" + _alone(found)


def _alone(found: Verification) -> str:
    items = "".join(f"<li>{escaped(each.when)}: {escaped(each.who)}</li>" for each in alone_turns(found))
    return f"<ul>{items}</ul>\n"
