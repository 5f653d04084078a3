"""The fast decider asked in the plain JSON of cases, as far as it decides them: the core, and one profile in data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent import (
    ClientFacts,
    Directive,
    Discloser,
    Facts,
    ProfileDocument,
    Recipient,
    Record,
    Request,
    Restriction,
    decide,
)
from recoverycore.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.testing.consent import World

Json = dict[str, Any]


def fast(case: Json) -> Json:
    """Its answer, in the shape of the reference decider's."""
    given, request = case["given"], case["when"]["request"]
    records = [_known(Record, record) for record in request["records"]]
    who = {"discloser": _known(Discloser, request["discloser"]), "recipient": _known(Recipient, request["recipient"])}
    profile = ProfileDocument.model_validate(given["profiles"][0]) if given["profiles"] else None
    restrictions = [
        Restriction(each["name"], each["answer"], frozenset(each["records"]) if "records" in each else None)
        for each in given.get("restrictors", ())
    ]
    answer = decide(
        Request.model_validate({**request, **who, "records": records}),
        [Directive.model_validate(paper) for paper in given["directives"]],
        client=ClientFacts.model_validate(given["client"]),
        facts=_known(Facts, given["facts"]),
        profile=profile,
        restrictions=restrictions,
    )
    basis: Any = list(answer.basis) if isinstance(answer.basis, tuple) else answer.basis
    failed: dict[str, dict[str, list[str]]] = {}
    for record, papers in answer.failed.items():
        for paper, axes in papers.items():
            failed.setdefault(paper, {})[record] = sorted(axes)
    verdict = {"decision": answer.verdict, "records": dict(answer.records), "withheld": list(answer.withheld), "basis": basis}
    return {**verdict, "failed": failed, "obligations": sorted(answer.codes)}


def _known(kind: Any, told: Json) -> Any:
    """Read without what only profiles ask for."""
    return kind.model_validate({name: value for name, value in told.items() if name in kind.model_fields})


def decided_by_it(drawn: Iterable[World]) -> Iterator[World]:
    """The worlds that it decides: no shipped profile, tree, copy passed on or choice of the host, and only papers that can be read."""
    for world in drawn:
        given, request = world.case["given"], world.case["when"]["request"]
        plain = not any(isinstance(each, str) for each in given["profiles"]) and len(given["profiles"]) < 2
        known = request["action"] in ("use", "disclose", "access") and "switches" not in given and "loaded" not in given
        # A claim that a paper honours is reviewed; the fast decider owes that only where a profile says so.
        known = known and not {"break_glass", "BTG"} & set(request["purposes"])
        if plain and known and not any("format" in paper for paper in given["directives"]) and _readable(given["directives"]):
            yield world


def _readable(papers: list[Json]) -> bool:
    """A move may have put an end before a start; such a paper is refused when it is read. Any other refusal is a defect."""
    try:
        [Directive.model_validate(paper) for paper in papers]
    except DocumentError as error:
        if {problem.name for problem in error.problems} != {"consent_ends_before_start"}:
            raise
        return False
    return True
