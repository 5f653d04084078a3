"""The fast decider asked in the plain JSON of cases: the core, profiles in data, and the profiles of law that come as plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent import ConsentBook
from recoverycore.errors import DocumentError
from recoverycore.testing.consent import from_books
from tests.suite.judge_consent import PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverycore.testing.consent import World

Json = dict[str, Any]


fast = from_books(ConsentBook, PROFILES.values()).decide
"""Its answer, in the shape of the reference decider's."""


def told(decide: Callable[[Json], Json]) -> Callable[[Json], Json]:
    """`decide` without the axes on which permits fail, and without saying whether a use under a law is logged as access or as disclosure.

    The rules can be read both ways there: on a copy that one law lets pass and another does not ask about, and on a use by consent.
    """

    def answer(case: Json) -> Json:
        found = {name: value for name, value in decide(case).items() if name != "failed"}
        logs = {"log_access": "log", "log_disclosure": "log"}
        return {**found, "obligations": sorted({logs.get(each, each) for each in found["obligations"]})}

    return answer


def decided_by_it(drawn: Iterable[World]) -> Iterator[World]:
    """The worlds that it decides: without what it refuses to read, with a clear error, where the reference goes on.

    Two things are left out on which both are right in their own way: a fact given as null where left out means no (a document
    does not tell the two apart), and a paper whose except-box speaks of passing on alone, which the fast one takes more narrowly.
    """
    for world in drawn:
        given = world.case["given"]
        if any(_speaks_of_passing_on(each) for each in given["directives"]):
            continue
        if "report_already_made" in given["facts"] or "patient_refused" in given["facts"].get("emergency", {}):
            continue
        try:
            fast(world.case)
        except DocumentError:
            continue
        yield world


def _speaks_of_passing_on(paper: Json) -> bool:
    return any("redisclose" in (each.get("actions") or ()) for each in paper.get("except") or ())
