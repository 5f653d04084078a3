"""A verification as text that a programme manager reads: the answer, the longest climb, each error as a timeline, warnings, the cover."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation.verification.covering import SIGNS, turns_of
from recoverycore.escalation.verification.times import day_text, length_text
from recoverycore.escalation.words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.escalation.verification.findings import Finding
    from recoverycore.escalation.verification.result import Verification
    from recoverycore.escalation.verification.telling import Story

__all__ = ["answer_text", "finding_text", "told"]


def told(found: Verification) -> str:
    """The whole of it, line by line."""
    return "\n".join(_lines(found))


def _lines(found: Verification) -> Iterator[str]:
    yield answer_text(found)
    yield f"Looked at from {day_text(found.from_, found.zone)} to {day_text(found.to, found.zone)}, times in {found.zone}."
    for story in found.stories:
        yield ""
        if story.finding is None:
            yield f"If nobody answers, it takes {length_text(found.bound or timedelta())} at the longest:"
        else:
            yield f"Error {story.finding.code}: {finding_text(story.finding, found.zone)}"
        yield from _timeline(story, found.zone)
    warnings = [each for each in found.findings if each.severity == "warning"]
    if warnings:
        yield ""
    yield from (f"Warning {each.code}: {finding_text(each, found.zone)}" for each in warnings)
    yield ""
    yield "Who covers what:"
    for step, turns in turns_of(found):
        yield f"  {step}"
        yield from (f"    {SIGNS[each.kind]} {each.when}: {each.who}" for each in turns)


def _timeline(story: Story, zone: str) -> Iterator[str]:
    for line in story.lines:
        after = f"after {length_text(line.after)}" if line.after else "at once"
        yield f"  {day_text(story.at + line.after, zone)}  {after}: {line.text}"


def answer_text(found: Verification) -> str:
    """The answer in one sentence."""
    errors = len(found.errors)
    counted = f"{_counted(errors, 'error')}, {_counted(len(found.findings) - errors, 'warning')}"
    fit = "can be relied on" if found.ok else "cannot be relied on"
    if found.bound is None:
        by = "it may wait for ever"
    else:
        by = f"within {length_text(found.bound)} somebody has it or the terminal step is shown"
    return f"{found.protocol} version {found.version}, level {found.level}, {fit}: {by}; {counted}."


def finding_text(finding: Finding, zone: str) -> str:
    """What was found, in words, and when it first is so."""
    text = in_words("finding", finding.code, step=finding.step, subject=finding.target)
    if finding.from_ is None or finding.to is None:
        return text
    return f"{text}; first from {day_text(finding.from_, zone)} to {day_text(finding.to, zone)}"


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
