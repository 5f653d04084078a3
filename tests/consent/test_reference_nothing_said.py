"""To the reference decider null says nothing: a case with null wherever something might be said is decided as the case without."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from recoverycore.consent.reference import reference_decide
from tests.consent.test_reference_cases import DECISIONS
from tests.consent.test_suite_more import CASES, OF_TREES

Json = dict[str, Any]
Place = tuple[str, ...]
GIVEN = [{"given": case["given"], "when": case["when"]} for case in [*DECISIONS, *CASES, *OF_TREES]]
# There the names are ids of the case's own, or the choices of a host.
OWN_NAMES = {("given", "facts", name) for name in ("acted_in_reliance", "events", "flags", "groups", "sources")} | {("given", "switches")}

# They tell a tree from a paper with boxes, as its names tell what kind of selector one is.
KINDS = {"decision", "format", "polarity", "provisions", "root"}
# Null says something there: that nobody knows where left out means no, that there is nobody, that an entry rests on nothing known.
NULL_SAYS = {
    ("given", "facts"): {"report_already_made", "representative", "spouse"},
    ("given", "facts", "emergency"): {"patient_refused"},
    ("given", "facts", "ledger", "[]"): {"basis_kind"},
}


def names_by_place() -> dict[Place, set[str]]:
    """Every name that some case gives, by the place where it stands."""
    found: dict[Place, set[str]] = defaultdict(set)

    def look(value: Any, place: Place) -> None:
        if isinstance(value, dict):
            found[place] |= set(value)
            for name, each in value.items():
                look(each, (*place, name))
        elif isinstance(value, list):
            for each in value:
                look(each, (*place, "[]"))

    for case in GIVEN:
        look(case, ())
    return found


NAMES = names_by_place()


def filled(value: Any, place: Place = ()) -> Any:
    """`value` with null for every name that might stand there and does not."""
    if isinstance(value, dict):
        absent = (
            {}
            if place in OWN_NAMES or place[-2:] == ("recipients", "[]")
            else dict.fromkeys(NAMES[place] - KINDS - NULL_SAYS.get(place, set()))
        )
        return {**absent, **{name: filled(each, (*place, name)) for name, each in value.items()}}
    if isinstance(value, list):
        return [filled(each, (*place, "[]")) for each in value]
    return value


@pytest.mark.parametrize("part", range(5))
def test_null_says_as_little_as_nothing(part: int) -> None:
    for case in GIVEN[part::5]:
        assert reference_decide(filled(case)) == reference_decide(case)


def test_there_is_much_that_is_not_said() -> None:
    assert len(filled(GIVEN[0])["given"]["facts"]) > 20
