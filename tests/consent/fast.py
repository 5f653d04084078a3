"""The fast decider asked in the plain JSON of cases: the core, profiles in data, and the profiles of law that come as plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent import ClientFacts, Facts, ProfileDocument, Request, Restriction, decide
from recoverycore.errors import DocumentError
from tests.suite.judge_consent import PROFILES, as_read, as_told
from tests.suite.judge_consent import paper as read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.testing.consent import World

Json = dict[str, Any]


def fast(case: Json) -> Json:
    """Its answer, in the shape of the reference decider's."""
    answer = _decided(case)
    failed: dict[str, dict[str, list[str]]] = {}
    for record, papers in answer.failed.items():
        for paper, axes in papers.items():
            failed.setdefault(paper, {})[record] = sorted(axes)
    basis: Any = list(answer.basis) if isinstance(answer.basis, tuple) else answer.basis
    verdict = {"decision": answer.verdict, "records": dict(answer.records), "withheld": list(answer.withheld), "basis": basis}
    return {**verdict, "failed": failed, "obligations": sorted(answer.codes)}


def verdicts(case: Json) -> Json:
    """Only what is released and on what: what is owed and told besides has readings of its own."""
    return {name: value for name, value in fast(case).items() if name not in ("failed", "obligations")}


def _decided(case: Json) -> Any:
    given = case["given"]
    loaded = given.get("loaded", given["profiles"])
    named: list[Any] = []
    asked = given["profiles"]
    for each in (one for number, one in enumerate(asked) if one not in asked[:number]):  # twice is refused when it is read
        name = each["id"] if isinstance(each, dict) else each
        if each not in loaded:
            named.append(name)
        else:
            named.append(ProfileDocument.model_validate(each) if isinstance(each, dict) else PROFILES[each])
    restrictions = [
        Restriction(each["name"], each["answer"], None if each.get("records") is None else frozenset(each["records"]))
        for each in given.get("restrictors", ())
    ]
    return decide(
        as_read(Request, case["when"]["request"]),
        [read(each) for each in given["directives"]],
        client=as_read(ClientFacts, given["client"]),
        facts=as_read(Facts, as_told(given["facts"])),
        profiles=named,
        policy=given.get("switches"),
        restrictions=restrictions,
    )


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
            _decided(world.case)
        except DocumentError:
            continue
        yield world


def _speaks_of_passing_on(paper: Json) -> bool:
    return any("redisclose" in (each.get("actions") or ()) for each in paper.get("except") or ())
