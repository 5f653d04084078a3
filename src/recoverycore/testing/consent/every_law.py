"""Every law that deciders of consent keep, by name, and which of them are asked in a way of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recoverycore.testing.consent import (
    laws_of_answers,
    laws_of_boxes,
    laws_of_coverage,
    laws_of_openings,
    laws_of_papers,
    laws_of_profiles,
    laws_of_standing,
)
from recoverycore.testing.consent.asking import Json, changed, named, records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverycore.testing.consent.asking import Decide

__all__ = ["ASKED_ANEW", "FIRST", "LAWS", "PARTS", "UNCHANGED", "UNNARROWED", "laws_named"]


def every_question_has_an_answer(decide: Decide, case: Json) -> str | None:
    """L1. A question that can be read has an answer, never an error: a verdict for each record asked for, and for no other."""
    decide(case)
    if records := records_of(case):
        decide(changed(case, records=[*records, {**records[0], "id": "zz"}]))
    return ""  # where there was no answer, this was not reached


# What each says is why it is broken. If it is not, then None, or "" where it judged the answer that was there without asking for another.
LAWS: dict[str, Callable[[Decide, Json], str | None]] = {
    law.__name__: law
    for law in (
        every_question_has_an_answer,
        *laws_of_coverage.LAWS,
        *laws_of_boxes.LAWS,
        *laws_of_papers.LAWS,
        *laws_of_standing.LAWS,
        *laws_of_answers.LAWS,
        *laws_of_profiles.LAWS,
        *laws_of_openings.LAWS,
    )
}
FIRST = "every_question_has_an_answer"
PARTS = ("basis", "obligations")  # of an answer, that whole laws are about
UNCHANGED = "the_same_question_has_the_same_answer"
# They say what papers must release, or compare records with other labels; a plugin that narrows may withhold any of it.
UNNARROWED = {
    *(law.__name__ for law in (*laws_of_coverage.LAWS, *laws_of_boxes.LAWS, *laws_of_standing.LAWS)),
    *("fewer_labels_are_no_harder", "no_label_means_that_of_the_source", "a_level_more_turns_a_tree_over"),
}
ASKED_ANEW = {UNCHANGED, "a_round_trip_changes_nothing"}  # they are about a question that is asked again


def laws_named(laws: Iterable[str]) -> tuple[str, ...]:
    """The laws of these names. Errors: TypeError for one name; ValueError for none, and for a name that no law has, such as its number."""
    given = laws if isinstance(laws, str) else tuple(laws)
    if not given:
        message = "laws: none were named, and no law is kept by asking for none"
        raise ValueError(message)
    for number in given:
        if alike := [name for name, law in LAWS.items() if str(number) in re.findall(r"L\d+", (law.__doc__ or "").partition(".")[0])]:
            message = f"laws: {number!r} is no name of a law; these are about it: {', '.join(alike)}"
            raise ValueError(message)
    named(given, LAWS, "a law", "laws")
    return tuple(given)
