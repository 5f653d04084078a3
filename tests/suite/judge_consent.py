"""Judging consent under named profiles: decisions whole, and questions about sets of papers with their counts."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from recoverycore.consent import AnyDirective, ClientFacts, Decision, Directive, Facts, Profile, Request, Restriction, TreeDirective, decide
from recoverycore.consent.plan import ListedVocabulary, compile_plan
from recoverycore.errors import DocumentError
from recoverycore.testing.consent import Expectation
from recoverycore.testing.consent.table_judging import differences
from recoverycore_ca import PHIPA
from recoverycore_eu import GDPR
from recoverycore_us.dv import DV
from recoverycore_us.hipaa import HIPAA
from recoverycore_us.part2 import PART2
from tests.suite.algebra import judge_algebra

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.consent.plan import Plan
    from recoverycore.ground import Document

SHIPPED = Path(__file__).with_name("consent.json")
PROFILES: Mapping[str, Profile] = {each.id: each for each in (PART2, HIPAA, DV, PHIPA, GDPR)}
Json = dict[str, Any]
_READ = ("at", "purpose", "purposes", "ehr", "basis_kind")
D = TypeVar("D", bound="Document")


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case in `path`: how many passed, and a line for each that did not."""
    failures = []
    cases = json.loads((path or SHIPPED).read_text("utf-8"))["cases"]
    for case in cases:
        wrong = judge(case)
        if wrong:
            failures.append(f"{case['id']} {case['title']}: {'; '.join(wrong)}")
    return len(cases) - len(failures), failures


def judge(case: Json) -> list[str]:
    """What is wrong with one case; nothing when it passes."""
    try:
        if "ask" in case["when"]:
            return judge_algebra(case, partial(planned, case["given"]), as_read(ListedVocabulary, case["given"]["vocabulary"]))
        return list(differences(decided(case), as_read(Expectation, case["expect"])))
    except DocumentError as error:
        return [f"refused: {', '.join(f'{each.name} at {each.path}' for each in error.problems)}"]


def planned(given: Json, directives: list[Json]) -> Plan:
    """The plan of some of the directives of a case."""
    return compile_plan(
        [paper(each) for each in directives],
        _profiles(given),
        as_read(ClientFacts, given["client"]),
        as_read(Facts, as_told(given["facts"])),
        policy=given.get("policy", given.get("switches")),
    )


def _profiles(given: Json) -> list[Profile | str]:
    loaded = given.get("loaded", given["profiles"])
    return [PROFILES[each] if each in loaded and each in PROFILES else each for each in given["profiles"]]


def decided(case: Json) -> Decision:
    """The decision on a case."""
    given = case["given"]
    restrictions = [
        Restriction(each["name"], each["answer"], None if each.get("records") is None else frozenset(each["records"]))
        for each in given.get("restrictors", ())
    ]
    return decide(
        as_read(Request, case["when"]["request"]),
        [paper(each) for each in given["directives"]],
        client=as_read(ClientFacts, given["client"]),
        facts=as_read(Facts, as_told(given["facts"])),
        profiles=_profiles(given),
        policy=given.get("policy", given.get("switches")),
        restrictions=restrictions,
    )


def paper(data: Json) -> AnyDirective:
    """One paper. A tree is read whole: a criterion left out would permit more."""
    return TreeDirective.model_validate(data) if "format" in data else as_read(Directive, data)


def as_told(facts: Json) -> Json:
    """The facts, with of each line of a ledger only what an accounting reads."""
    ledger = [{name: line[name] for name in _READ if name in line} for line in facts.get("ledger", ())]
    return {**facts, "ledger": ledger} if ledger else facts


def as_read(kind: type[D], data: Json) -> D:
    """`data` as a document. Cases may tell more about a record, a place or a fact than a decision asks for: that is left out."""
    return cast("D", _text_as_read(kind, json.dumps(data)))


@lru_cache(maxsize=1024)
def _text_as_read(kind: type[Document], text: str) -> Document:
    """The same, of its text: most cases are about papers that others are about too, and a document is never changed."""
    told = json.loads(text)
    while unknown := _unknown(kind, told):
        place = told
        for step in unknown[0].removesuffix("/?").strip("/").split("/"):
            if step:
                place = place[int(step)] if isinstance(place, list) else place[step.replace("~1", "/").replace("~0", "~")]
        for name in list(place):
            kept = place.pop(name)
            if len(_unknown(kind, told)) < len(unknown):
                break
            place[name] = kept
    return kind.model_validate(told)


def _unknown(kind: type[Document], told: Json) -> list[str]:
    """Where `told` has fields that the document does not; the problem names the place and not the field."""
    try:
        kind.model_validate(told)
    except DocumentError as error:
        return [each.path for each in error.problems if each.name == "unknown_field"]
    return []
