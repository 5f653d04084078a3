"""Which rules speak when something happens. Pure: the same rules and the same event give the same answer, whatever their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.risk.documents import EventHappens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.risk.documents import Rule

__all__ = ["speaking", "watching"]


def speaking(rules: Iterable[Rule], event: str) -> tuple[Rule, ...]:
    """The rules of `rules` that speak when an event of the kind `event` happens: the highest level first, then by id.

    >>> from recoverycore.risk import EventHappens, Rule
    >>> low = Rule(id="tell", when=EventHappens(event="code_word"), level=1, protocol="p1")
    >>> high = Rule(id="crisis", when=EventHappens(event="code_word"), level=3, protocol="p3")
    >>> [rule.id for rule in speaking([low, high], "code_word")]
    ['crisis', 'tell']
    """
    return _in_order(rule for rule in rules if isinstance(rule.when, EventHappens) and rule.when.event == event)


def watching(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules of `rules` that speak when a condition begins to hold: the highest level first, then by id."""
    return _in_order(rule for rule in rules if not isinstance(rule.when, EventHappens))


def _in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """`rules` in the order in which they speak."""
    return tuple(sorted(rules, key=lambda rule: (-(rule.level or 0), rule.id)))
