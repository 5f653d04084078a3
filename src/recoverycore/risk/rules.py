"""Which rules speak when something happens. Pure: the same rules and the same event give the same answer, whatever their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.risk.documents import Rule

__all__ = ["speaking"]


def speaking(rules: Iterable[Rule], event: str) -> tuple[Rule, ...]:
    """The rules of `rules` that speak when an event of the kind `event` happens: the highest level first, then by id.

    >>> from recoverycore.risk import EventHappens, Rule
    >>> low = Rule(id="tell", when=EventHappens(event="code_word"), level=1, protocol="p1")
    >>> high = Rule(id="crisis", when=EventHappens(event="code_word"), level=3, protocol="p3")
    >>> [rule.id for rule in speaking([low, high], "code_word")]
    ['crisis', 'tell']
    """
    return tuple(sorted((rule for rule in rules if rule.when.event == event), key=lambda rule: (-(rule.level or 0), rule.id)))
