"""What a function of a profile looks at, told beside it, so that a whole plan can be proved without trying every value there is.

A profile decides with functions of its own. A decision runs them; a proof about every request there may ever be has to know, too, which
values such a function can tell apart: all others then stand for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from attrs import evolve, frozen

__all__ = ["Reads", "reads", "reads_of"]

_MARK = "__recoverycore_reads__"
F = TypeVar("F", bound=Callable[..., Any])


@frozen(kw_only=True)
class Reads:
    """The values that a function tells apart, axis by axis; a value that is not named is to it like any other.

    A label, category or purpose stands for itself and for what is below it. `kinds` are kinds of recipient, `discloser_kinds` of
    discloser; for both it also matters whether a kind is known. `treating`: whether there is a treating relationship. `roles` are names of
    roles held, anywhere or at the discloser; `own`: whether the recipient is the discloser, of it, or controls it; `parties`: whether the
    recipient or the discloser is one of those whom the facts name.

    Facts, policy and client are the same all through a plan and need no telling, nor do the times that the facts tell: instants and dates,
    also in ``x-`` fields. What `finely` stands for is found by trying and needs no telling either: which labels of those told a record
    carries exactly and whether it carries others, and whether its category and the relationship are known. Whatever has no field here
    cannot be told: the date, class or code of a record, through whom a recipient came, a time that is counted from another. A function
    that looks at such a thing tells nothing, and no proof is given. What a duty's functions and a rule's entries answer changes no
    verdict: they tell only what they may raise for.
    """

    labels: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    discloser_kinds: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    relationships: frozenset[str] = frozenset()
    treating: bool = False
    own: bool = False
    parties: bool = False
    finely: bool = False

    def __or__(self, other: Reads) -> Reads:
        """What either looks at."""
        mine, its = ({name: getattr(each, name) for name in Reads.__annotations__} for each in (self, other))
        return evolve(self, **{name: mine[name] | its[name] for name in mine})


def reads(*others: Callable[..., Any], **looks: Any) -> Callable[[F], F]:
    """Tell what a function of a profile looks at, by the fields of `Reads`; `others` are functions that it calls, which have told theirs.

    >>> @reads(labels=["SUD"])
    ... def applies(matter):
    ...     return matter.labelled("SUD")
    >>> sorted(reads_of(applies).labels)
    ['SUD']
    """
    given: dict[str, Any] = {name: value if isinstance(value, bool) else frozenset(value) for name, value in looks.items()}
    found = Reads(**given)
    for each in others:
        known = reads_of(each)
        if known is None:
            message = f"{each.__qualname__} does not tell what it reads"
            raise TypeError(message)
        found |= known

    def mark(function: F) -> F:
        setattr(function, _MARK, found)
        return function

    return mark


def reads_of(function: Callable[..., Any]) -> Reads | None:
    """What `function` has told that it looks at; None where it has told nothing."""
    return getattr(function, _MARK, None)
