"""The one thing that is moved in a world that fits: an edge, an end, a word one step away, a signer, a fact that nobody knows."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from recoverycore.testing.consent.edges import EDGES, ROOTS
from recoverycore.testing.consent.growing import grown, regrown
from recoverycore.testing.consent.stories import TREE, box, permit
from recoverycore.testing.consent.values import (
    ASKED,
    AXES,
    CLIENT,
    DATED,
    FACTS,
    LEFT_OUT,
    PAPER,
    PROFILES,
    PURPOSES,
    RECORD,
    REQUEST,
    RESTRICTORS,
    SWITCHES,
    TRUTHS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Pick = Callable[[Sequence[Any]], Any]

__all__ = ["MOVES", "moved"]

Json = dict[str, Any]


def put(whole: Json, path: tuple[str, ...], value: Any) -> bool:
    """Write `value` at `path`, or leave out what stands there; False if that changes nothing."""
    at: Any = whole
    for step in path[:-1]:
        at = at.setdefault(step, {}) if value != LEFT_OUT or step in at else {}
        if not isinstance(at, dict):
            return False
    if value == LEFT_OUT:
        return bool(at.pop(path[-1], LEFT_OUT) != LEFT_OUT)
    same = path[-1] in at and at[path[-1]] == value
    at[path[-1]] = copy.deepcopy(value)
    return not same


def _papers(case: Json) -> list[Json]:
    found: list[Json] = case["given"]["directives"]
    return found


def _add(case: Json, paper: Json) -> None:
    """One paper more; no two have the same id."""
    taken = {each["id"] for each in _papers(case)}
    while paper["id"] in taken:
        paper["id"] += "x"
    _papers(case).append(paper)


def a_paper(case: Json, pick: Pick) -> bool:
    """One field of one paper."""
    if not _papers(case):
        return False
    name = pick(list(PAPER))
    return put(pick(_papers(case)), (name,), pick(PAPER[name]))


def an_axis(case: Json, pick: Pick) -> bool:
    """One axis of one box, or one thing taken away."""
    boxes = [each for paper in _papers(case) for each in paper.get("boxes", ())]
    if not boxes:
        return False
    axis = pick(list(AXES))
    if pick([False, False, True]):
        value = pick(AXES[axis])
        return put(pick(_papers(case)), ("except",), [{} if value == LEFT_OUT else {axis: value}])
    return put(pick(boxes), (axis,), pick(AXES[axis]))


def a_record(case: Json, pick: Pick) -> bool:
    """One thing about one record."""
    records = case["when"]["request"]["records"]
    if not records:
        return False
    name = pick(list(RECORD))
    return put(pick(records), (name,), pick(RECORD[name]))


def the_request(case: Json, pick: Pick) -> bool:
    """Who asks whom, for what, when."""
    path = pick(list(REQUEST))
    return put(case["when"]["request"], path, pick(REQUEST[path]))


def the_instant(case: Json, pick: Pick) -> bool:
    """When it is asked."""
    return put(case["when"]["request"], ("at",), pick(ASKED))


def an_edge(case: Json, pick: Pick) -> bool:
    """A paper begins, ends, pauses or is withdrawn on a day, and it is asked at one of that day's edges somewhere on earth."""
    if not _papers(case):
        return False
    name, value = pick(DATED)
    put(case["when"]["request"], ("at",), pick(ASKED[:10]))
    zone = pick(["America/Chicago", "America/Chicago", "Pacific/Kiritimati", LEFT_OUT])
    put(case["given"]["client"], ("zone",), zone)
    return put(pick(_papers(case)), (name,), value)


def the_client(case: Json, pick: Pick) -> bool:
    """What is known of the client."""
    name = pick(list(CLIENT))
    return put(case["given"]["client"], (name,), pick(CLIENT[name]))


def a_fact(case: Json, pick: Pick) -> bool:
    """One thing that the host asserts: unknown, false, or on an edge."""
    facts = case["given"]["facts"]
    truths: list[tuple[str, ...]] = [(name,) for name, value in facts.items() if value is True]
    truths += [(name, inner) for name, value in facts.items() if isinstance(value, dict) for inner in value if value[inner] is True]
    if truths and pick([True, False]):
        return put(facts, pick(truths), pick(TRUTHS))
    # A fact about what nobody speaks of is drawn less often.
    path = pick([path for path in FACTS if path[0] in facts] * 3 + list(FACTS))
    return put(facts, path, pick(FACTS[path]))


def another_record(case: Json, pick: Pick) -> bool:
    """Another record is asked for, that differs from the first in one thing."""
    records = case["when"]["request"]["records"]
    if not records or len(records) > 1:
        return False
    records.append({**copy.deepcopy(records[0]), "id": "r2"})
    name = pick(list(RECORD))
    put(records[1], (name,), pick(RECORD[name]))
    return True


def another_purpose(case: Json, pick: Pick) -> bool:
    """Another purpose is asked for."""
    case["when"]["request"]["purposes"] = [*case["when"]["request"]["purposes"], pick(PURPOSES)]
    return True


def another_permit(case: Json, pick: Pick) -> bool:
    """A second consent: the same again, or one that differs in one axis, or for everything."""
    papers = [paper for paper in _papers(case) if "boxes" in paper]
    new = {**copy.deepcopy(papers[0]), "id": "g2"} if papers else permit("g2", discloser=case["when"]["request"]["discloser"].get("id"))
    axis = pick(list(AXES))
    put(new["boxes"][0], (axis,), pick(AXES[axis]))
    put(new, ("signed_on",), pick(["2026-03-01", "2026-02-01", "2026-04-01"]))
    put(new, ("supersedes",), pick([[], [], ["g1"], ["d1"]]))
    put(new, ("revocations",), pick([[], [], [], *([{"at": "2026-06-15", "written": written}] for written in (True, False))]))
    put(new, ("status",), pick(["active", "active", "inactive", "unprocessable"]))
    _add(case, new)
    return True


def a_deny(case: Json, pick: Pick) -> bool:
    """A refusal of just what is asked, or of what lies beside it on one axis."""
    request = case["when"]["request"]
    kept = box(labels="*", purposes=request["purposes"] or "*", recipients=[{"org": request["recipient"].get("id")}])
    axis = pick([*AXES, "", "", ""])
    if axis:
        put(kept, (axis,), pick(AXES[axis]))
    new = permit("d1", polarity="deny", boxes=[kept], discloser=request["discloser"].get("id"))
    name = pick(["", "", "", *PAPER])
    if name:
        put(new, (name,), pick(PAPER[name]))
    put(new, ("supersedes",), pick([[], [], [], ["g1"]]))
    _add(case, new)
    return True


def a_superseded_deny(case: Json, pick: Pick) -> bool:
    """A refusal that a later paper replaces, if that paper is read and has no defect."""
    if not a_deny(case, lambda values: pick(values) if "active" not in values else "active"):
        return False
    new = permit("g3", supersedes=["d1"], boxes=[box(purposes=["research"])])
    name = pick(["", "", *PAPER])
    if name and name != "supersedes":
        put(new, (name,), pick(PAPER[name]))
    _add(case, new)
    return True


def a_tree(case: Json, pick: Pick) -> bool:
    """A tree beside the rest, of either decision, with a little in it or as it grows; or something in one that is there."""
    there = [paper for paper in _papers(case) if "format" in paper]
    if there and pick([True, True, False]):
        return regrown(pick(there), pick)
    if pick([True, False]):
        _add(case, grown(pick))
        return True
    tree: Json = copy.deepcopy(TREE) | {
        "decision": pick(["permit", "deny"]),
        "status": pick(["active", "active", "draft", "unprocessable"]),
    }
    root: Json = {"actor": pick([["org:lakeside"], ["org:er"]])} | pick(
        [{}, {"labels": ["SUD"]}, {"expression": "x"}, {"purpose": ["TREAT"]}]
    )
    kind = {"type": pick(["permit", "deny"])} if pick([True, False]) else {}
    tree |= {"format": "fhir-r4" if kind else "fhir-r5", "root": root, "provisions": [{**pick(TREE["provisions"]), **kind}]}
    _add(case, tree)
    return True


def the_rules(case: Json, pick: Pick) -> bool:
    """Which profiles are asked for, and whether they are there."""
    given = case["given"]
    way = pick(["more", "more", "fewer", "gone"])
    if way == "more":
        given["profiles"] = [*given["profiles"], pick(PROFILES)]
    elif way == "fewer":
        given["profiles"] = given["profiles"][1:]
    else:
        given["loaded"] = given["profiles"][1:]
    return True


def a_restrictor(case: Json, pick: Pick) -> bool:
    """A plugin that may only narrow says something."""
    case["given"].setdefault("restrictors", []).append(copy.deepcopy(pick(RESTRICTORS)))
    return True


def a_switch(case: Json, pick: Pick) -> bool:
    """The host has chosen otherwise."""
    name = pick(list(SWITCHES))
    return put(case["given"].setdefault("switches", {}), (name,), SWITCHES[name])


MOVES: dict[str, Callable[[Json, Pick], bool]] = {
    each.__name__: each
    for each in (
        a_paper,
        an_axis,
        a_record,
        the_request,
        the_instant,
        an_edge,
        the_client,
        a_fact,
        another_record,
        another_purpose,
        another_permit,
        a_deny,
        a_superseded_deny,
        a_tree,
        the_rules,
        a_restrictor,
        a_switch,
    )
}
# A paper has the most edges, and is moved more often than the rest.
OFTEN = [*MOVES, *["a_paper"] * 5, *["an_edge", "an_axis"] * 3, *["a_record", "the_request", "a_fact", "another_record"] * 2, "a_deny"]


def an_edge_of(story: str, case: Json, pick: Pick) -> str:
    """What the story itself turns on."""
    for path, value in pick(EDGES[story]).items():
        root, *steps = path.split(".")
        if root == "papers":
            for paper in value:
                _add(case, copy.deepcopy(paper))
            continue
        at: Any = case
        for step in (*ROOTS[root], *steps[:-1]):
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        put(at, (steps[-1],), value)
    return "an_edge_of_its_own"


def moved(case: Json, pick: Pick) -> str:
    """Move one thing, and say of what kind it was. What would change nothing is drawn again, and at last left as it is."""
    for _ in range(5):
        name: str = pick(OFTEN)
        if MOVES[name](case, pick):
            return name
    return "nothing"
