"""A verification as text that a programme manager reads: the answer, each error with what to do and as a timeline, warnings, the cover."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation.verification.covering import SIGNS, alone_turns, turns_of
from recoverycore.escalation.verification.mending import HOLES
from recoverycore.escalation.verification.times import day_text, length_text
from recoverycore.escalation.words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.escalation.verification.findings import Finding
    from recoverycore.escalation.verification.result import Verification
    from recoverycore.escalation.verification.telling import Story

__all__ = ["ALONE", "answer_text", "finding_text", "mend_texts", "slip_texts", "told"]

ALONE = "One person alone can take it, and if they do not answer, nobody does"
_MOST = 3
"""So many stretches are told one by one."""


def told(found: Verification) -> str:
    """The whole of it, line by line."""
    return "\n".join(_lines(found))


def _lines(found: Verification) -> Iterator[str]:
    yield answer_text(found)
    yield f"Looked at from {day_text(found.from_, found.zone)} to {day_text(found.to, found.zone)}, times in {found.zone}."
    yield from (f"Note: {text}" for text in slip_texts(found))
    for story in found.stories:
        yield ""
        if story.finding is None:
            yield f"If nobody answers, it takes {length_text(found.bound or timedelta())} at the longest:"
        else:
            yield f"Error {story.finding.code}: {finding_text(story.finding, found.zone)}"
            yield from (f"  {text}" for text in mend_texts(found, story.finding))
        yield from _timeline(story, found.zone)
    warnings = [each for each in found.findings if each.severity == "warning"]
    if warnings:
        yield ""
    for each in warnings:
        yield f"Warning {each.code}: {finding_text(each, found.zone)}"
        yield from (f"  {text}" for text in mend_texts(found, each))
    yield ""
    yield "Who covers what:"
    for step, turns in turns_of(found):
        yield f"  {step}"
        yield from (f"    {SIGNS[each.kind]} {each.when}: {each.who}" for each in turns)
    if found.alone:
        yield ""
        yield f"{ALONE}:"
        yield from (f"  {each.when}: {each.who}" for each in alone_turns(found))


def _timeline(story: Story, zone: str) -> Iterator[str]:
    for line in story.lines:
        after = f"after {length_text(line.after)}" if line.after else "at once"
        yield f"  {day_text(story.at + line.after, zone)}  {after}: {line.text}"


def answer_text(found: Verification) -> str:
    """The answer in one sentence: whether it can be relied on, and what that means for the person who needs somebody."""
    errors = len(found.errors)
    counted = f"{_counted(errors, 'error')}, {_counted(len(found.findings) - errors, 'warning')}"
    fit = "can be relied on" if found.ok else "cannot be relied on"
    return f"{found.protocol} version {found.version}, level {found.level}, {fit}: {_what_happens(found)}; {counted}."


def _what_happens(found: Verification) -> str:
    holes = [each for each in found.stories if each.finding is not None and each.finding.code in HOLES]
    if holes:
        return _in_a_hole(found, min(holes, key=lambda each: each.at))
    if found.ending is None and not found.ok:
        return in_words("finding", "no_terminal")
    if found.bound is None:
        return in_words("headline", "waits")
    if not found.ok:
        return finding_text(found.errors[0], found.zone)
    return in_words("headline", "held", bound=length_text(found.bound), step=found.ending)


def _in_a_hole(found: Verification, story: Story) -> str:
    """Who would not be asked, when, and what is shown instead."""
    end = found.to if story.finding is None or story.finding.to is None else story.finding.to
    there = "too_few" if story.asks else "nobody"
    text = in_words("headline", there, start=day_text(story.at, found.zone), end=day_text(end, found.zone))
    if found.bound is None:
        return text + (in_words("headline", "for_ever") if found.ending is not None else "")
    return text + in_words("headline", "at_once" if story.at_once else "later", step=found.ending, bound=length_text(found.bound))


def finding_text(finding: Finding, zone: str) -> str:
    """What was found, in words, and when it first is so."""
    text = in_words("finding", finding.code, step=finding.step, subject=finding.target)
    if finding.from_ is None or finding.to is None:
        return text
    return f"{text}; first from {day_text(finding.from_, zone)} to {day_text(finding.to, zone)}"


def mend_texts(found: Verification, finding: Finding) -> Iterator[str]:
    """What to do about what was found, in words."""
    for each in found.advice:
        if each.finding == finding:
            when = [f"from {day_text(start, found.zone)} to {day_text(end, found.zone)}" for start, end in each.when[:_MOST]]
            when += [f"{len(each.when) - _MOST} times more"] if len(each.when) > _MOST else []
            text = in_words("mend", each.code, **{"step": finding.step, **dict(each.ids), "when": " and ".join(when)})
            yield f"To mend it: {text}.{_guessed(each.guess)}"


def slip_texts(found: Verification) -> Iterator[str]:
    """The roles of the roster that look like slips of the pen."""
    for each in found.slips:
        yield f"{in_words('slip', each.code, role=each.role, names=', '.join(each.people))}.{_guessed(each.guess)}"


def _guessed(guess: str | None) -> str:
    return f" Did you mean `{guess}`?" if guess else ""


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
