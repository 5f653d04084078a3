"""Two files of consents as two plans that may be compared: what is, and what would be if a client signed something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.plan import compile_plan
from recoverycore.errors import DocumentError, RecoveryError
from recoverycore.testing.consent.table_cases import asked_in
from recoverycore.testing.consent.table_documents import Given
from recoverycore.testing.consent.table_profiles import named_profiles
from recoverycore.testing.consent.table_reading import read_table
from recoverycore.testing.consent.tables import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recoverycore.consent import Profile
    from recoverycore.consent.plan import Plan
    from recoverycore.testing.consent.table_cases import Asked

__all__ = ["compared_plans"]

_NOTHING = Given()
_BESIDE = ("profiles", "loaded", "profile", "client", "facts", "policy", "switches")


def compared_plans(old: Path, new: Path, more: Mapping[str, str], *, draft: bool = False, case: str | None = None) -> tuple[Plan, Plan]:
    """The plans of two files. What `new` leaves out beside its directives, `old` says for it.

    `more` are profiles named elsewhere than in a file, each with the place. With `draft` the directives of `new` are added to those of
    `old`, or take the place of those of their ids. Errors: whatever is wrong with a file, under ``OLD`` or ``NEW``; ``plugin_unknown``,
    ``profile_not_brought``, ``no_such_case``, ``case_not_chosen``, and those of a plan.
    """
    asked = {"OLD": _read(old, case, "OLD"), "NEW": _read(new, case, "NEW")}
    wanted = {name: f"{place}{at}" for place, each in asked.items() for name, at in each.wanted.items()}
    profiles, missing = named_profiles(wanted | dict(more))
    if missing:
        raise DocumentError(*missing)
    before, signed = asked["OLD"].given, asked["NEW"].given
    was = _plan(before, profiles, more, "OLD")
    after = signed.evolve(**{name: getattr(before, name) for name in _BESIDE if getattr(signed, name) == getattr(_NOTHING, name)})
    would_be = _plan(after, profiles, more, "NEW")  # with a draft too: what is wrong with it is told by its own places
    if draft:
        written = {each.id for each in after.directives}
        after = after.evolve(directives=(*(each for each in before.directives if each.id not in written), *after.directives))
        would_be = _plan(after, profiles, more, "NEW")
    return was, would_be


def _read(file: Path, case: str | None, place: str) -> Asked:
    """What is given in a file; `case` counts where it holds several."""
    try:
        asked = tuple(asked_in(read_table(file)))
    except RecoveryError as error:
        found = [each.under(place) for each in error.problems]
    else:
        return asked[0] if len(asked) == 1 else chosen(asked, case)
    raise DocumentError(*found)


def _plan(given: Given, profiles: Mapping[str, Profile], more: Mapping[str, str], place: str) -> Plan:
    named = [profiles.get(name, name) for name in dict.fromkeys((*given.profiles, *more))]
    try:
        own = () if given.profile is None else (given.profile,)
        return compile_plan(given.directives, (*named, *own), given.client, given.facts, policy=given.chosen)
    except RecoveryError as error:
        found = [each.under(place) for each in error.problems]
    raise DocumentError(*found)
