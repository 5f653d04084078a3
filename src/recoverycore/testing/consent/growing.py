"""Trees of provisions as a generator grows them: a few levels, whose criteria fit the stories or lie one step beside them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from recoverycore.testing.consent.values import DAYS, EDGES, PERIODS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Pick = Callable[[Sequence[Any]], Any]

__all__ = ["CRITERIA", "grown", "regrown"]

Json = dict[str, Any]
# What fits most stories comes first.
CRITERIA: dict[str, list[Any]] = {
    "purpose": [["treatment"], ["TREAT"], ["payment"], ["care_coordination"], ["marketing"], ["treatment", "payment"]],
    "labels": [["SUD"], ["HIV"], ["BH"], ["SUD", "HIV"], ["R"], ["*"]],
    "actor": [["org:lakeside"], ["per:lee"], ["team"], ["org:westend"], ["per:kim", "org:lakeside"]],
    "class": [["Claim"], ["Note"], ["*"]],
    "category": [["diagnosis"], ["lab"]],
    "action": [["disclose"], ["access"], ["use"], ["redisclose"], ["use", "disclose"]],
    "period": [{"start": "2026-03-01"}, *({"end": each} for each in [*DAYS, *EDGES]), *({"start": each} for each in [*DAYS[1:], *EDGES])],
    "data_period": PERIODS,
    "code": [["E11"], ["F10"]],
    "expression": ["x"],
}
# How many provisions stand below the root, below those, and so on.
WIDTHS = ([0, 1, 2, 3, 3], [0, 0, 1, 2], [0, 0, 1], [0])


def _criteria(pick: Pick) -> Json:
    names = [pick(list(CRITERIA)) for _ in range(pick([0, 1, 1, 2]))]
    return {name: copy.deepcopy(pick(CRITERIA[name])) for name in names}


def _provisions(pick: Pick, level: int, *, typed: bool) -> list[Json]:
    found = []
    for _ in range(pick(WIDTHS[level])):
        kind = {"type": pick(["deny", "permit"])} if typed and pick([True, True, False]) else {}
        inner = _provisions(pick, level + 1, typed=typed)
        found.append({**kind, **_criteria(pick), **({"provisions": inner} if inner else {})})
    return found


def grown(pick: Pick, name: str = "t2") -> Json:
    """A tree of either format and decision. In R4 provisions may name their type, also that of their parent."""
    form = pick(["fhir-r4", "fhir-r5"])
    root = pick([{}, {"actor": ["org:lakeside"]}, {"purpose": ["TREAT"]}, _criteria(pick)])
    status = pick(["active"] * 6 + ["unprocessable", "inactive"])
    head = {"id": name, "format": form, "status": status, "decision": pick(["permit", "deny"])}
    return {**head, "root": copy.deepcopy(root), "provisions": _provisions(pick, 0, typed=form == "fhir-r4")}


def regrown(tree: Json, pick: Pick) -> bool:
    """Change one criterion of one provision of `tree`, or grow another exception; False if that changes nothing."""
    before = copy.deepcopy(tree)
    nodes = [tree["root"], *tree["provisions"]]
    for each in nodes[1:]:  # grows as it is walked
        nodes += each.get("provisions", ())
    name = pick(list(CRITERIA))
    if pick([True, True, False]):
        pick(nodes)[name] = copy.deepcopy(pick(CRITERIA[name]))
    else:
        pick([tree, *nodes[1:]]).setdefault("provisions", []).append(_criteria(pick))
    return tree != before
