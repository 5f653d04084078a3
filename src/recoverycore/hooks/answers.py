"""The checks that answers pass: each gives the answer as the host will see it, or raises `Unfit`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from recoverycore.ground import canonical_json
from recoverycore.hooks.policies import Unfit
from recoverycore.hooks.values import Receipt, class_name

if TYPE_CHECKING:
    from recoverycore.consent import Profile

__all__ = ["EVERYTHING", "consent_profiles", "directory_documents", "nothing", "receipt", "store", "withheld"]

EVERYTHING = "*"
"""Among the records that are withheld: all of them, whatever their ids."""
_STORE = ("unit", "close")


def directory_documents(answer: object) -> tuple[dict[str, Any], ...]:
    """A list of JSON objects, copied, so that what the plugin does to its list later changes nothing here."""
    if not isinstance(answer, list | tuple):
        _unfit(answer, "a list of documents")
    for place, entry in enumerate(answer):
        if not isinstance(entry, dict):
            _unfit(entry, "a document", f"/{place}")
    copied: list[dict[str, Any]] = json.loads(canonical_json(answer))
    return tuple(copied)


def consent_profiles(answer: object) -> tuple[Profile, ...]:
    """A list of profiles of law, each a `Profile`."""
    from recoverycore.consent import Profile  # a host without profiles pays nothing for them

    if not isinstance(answer, list | tuple):
        _unfit(answer, "a list of profiles")
    for place, each in enumerate(answer):
        if not isinstance(each, Profile):
            _unfit(each, "a Profile", f"/{place}")
    return tuple(answer)


def nothing(answer: object) -> NoReturn:
    """No answer at all: the hook is told, not asked."""
    _unfit(answer, "nothing")


def receipt(answer: object) -> Receipt:
    """A receipt; None, which says "not my channel", never comes here."""
    if not isinstance(answer, Receipt):
        _unfit(answer, "a Receipt or None")
    return answer


def withheld(answer: object) -> frozenset[str]:
    """The ids of the records that a restriction withholds. It can say less than is permitted and never more."""
    from recoverycore.consent import Restriction  # a host without restrictors pays nothing for it

    if not isinstance(answer, Restriction) or answer.answer not in ("deny", "none"):
        _unfit(answer, "a Restriction that denies, or None")
    if answer.answer == "none":
        return frozenset()
    if answer.records is None:
        return frozenset({EVERYTHING})
    records: Any = answer.records  # the type says what they are, the plugin may say something else
    if isinstance(records, str):  # one id would become a row of letters
        _unfit(records, "a set of ids", "/records")
    for each in records:
        if not isinstance(each, str):
            _unfit(each, "an id", "/records")
    return frozenset(records)


def store(answer: object) -> object:
    """An object that has the methods of a store."""
    missing = [name for name in _STORE if not callable(getattr(answer, name, None))]
    if missing:
        _unfit(answer, f"a store (without {', '.join(missing)})")
    return answer


def _unfit(answer: object, expected: str, place: str = "") -> NoReturn:
    message = f"{f'{place}: ' if place else ''}answered {class_name(answer)}, expected {expected}"
    raise Unfit(message)
