"""Worlds in which two deciders of consent could come apart: everything fits, but for a few edits that almost fit.

Labels and purposes are one step away, instants on the edge of a day somewhere on earth, roles and organisations differ by one, papers
replace each other in circles. Each world is asked about at every edge, in every zone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Path = tuple[str | int, ...]
Pick = Callable[[Sequence[Any]], Any]

# Midnights of the 15th and the 16th of June: at UTC+14, in Chicago, at UTC-12. And the last second before some of them.
EDGES = [f"2026-06-{edge}:00:00Z" for edge in ("14T10", "15T05", "15T10", "15T12", "16T05", "16T12")]
INSTANTS = [*EDGES, *(f"2026-06-{last}:59:59-05:00" for last in ("14T04", "14T23", "15T04", "15T06", "15T23", "16T06"))]
ZONES: list[Json] = [{}, {"zone": "America/Chicago"}, {"zone": "Pacific/Kiritimati"}]
DAYS = ["2026-06-14", "2026-06-15", "2026-06-16"]
LEFT_OUT = "(left out)"

IDS = ("a", "b", "c")
LABELS = [["SUD"], ["ETHUD"], ["BH"], ["ETH"], ["HIV"], ["HIV", "SUD"], ["unheard-of"]]
PURPOSES = [["treatment"], ["emergency_treatment"], ["payment"], ["crisis"], ["TREAT"], ["tpo"], ["break_glass"], ["treatment", "payment"]]
SELECTORS: list[Any] = [
    "*",
    *[[{"org": "org:lakeside"}], [{"org": "org:westend"}]],
    *[[{"person": "per:lee"}], [{"person": "per:lee", "org": "org:lakeside"}], [{"person": "per:kim"}, {"class": "tpo"}]],
    *[[{"role": "nurse"}], [{"role": "on_call"}], [{"role": "nurse", "org": "org:lakeside"}], [{"role": "nurse", "org": "org:westend"}]],
    *[[{"designation": "treating", "via": "hie"}], [{"class": "tpo"}]],
]
PERIODS: list[Json] = [*({"start": day} for day in DAYS), *({"end": day} for day in DAYS), {"start": DAYS[1], "end": DAYS[1]}]
AXES: dict[str, list[Any]] = {
    "labels": ["*", *LABELS],
    "categories": ["*", ["diagnosis"], ["lab"]],
    "purposes": ["*", *PURPOSES],
    "recipients": SELECTORS,
    "actions": ["*", ["use"], ["access"], ["use", "disclose"]],
    "data_period": PERIODS,
}
NARROW = {"labels": ["SUD"], "categories": "*", "purposes": ["treatment"], "recipients": [{"org": "org:lakeside"}], "actions": ["disclose"]}
WIDE = dict.fromkeys(NARROW, "*")
EXCEPT: list[Any] = [[{axis: value}] for axis, values in AXES.items() for value in values if value != "*"]
SPLIT = [
    [{**NARROW, "labels": ["HIV"]}, {**WIDE, "categories": ["lab"]}],
    [{**NARROW, "purposes": ["payment"]}, {**WIDE, "labels": ["SUD"]}],
    [{**NARROW, "actions": ["use"]}, {**WIDE, "recipients": [{"class": "tpo"}]}],
]
PAUSES = [{"from": first, "to": last} for times in (DAYS, EDGES) for first, last in [*pairwise(times), (times[1], None)]]
REVOKED = [
    {"at": at, **named} for at in [*DAYS, *EDGES] for named in ({}, {"recipients": ["org:lakeside"]}, {"recipients": ["org:westend"]})
]
EVENT = {"kind": "event", "value": "discharge"}
PAPER: dict[str, list[Any]] = {
    "polarity": ["permit", "deny", "maybe", LEFT_OUT],
    "status": ["draft", "rejected", "inactive", "unprocessable", LEFT_OUT],
    "discloser": ["*", "org:other", LEFT_OUT],
    "signed_on": ["2026-03-02", "2026-06-15", EDGES[2], LEFT_OUT],
    "starts": [*DAYS, *EDGES, LEFT_OUT],
    "expires": [*({"kind": "date", "value": day} for day in DAYS), *({"kind": "instant", "value": edge} for edge in EDGES), EVENT, EVENT],
    "suspensions": [*([pause] for pause in PAUSES), [{"from": DAYS[1], "to": DAYS[1]}], PAUSES[:2]],
    "revocations": [
        *([one] for one in REVOKED),
        *([first, last] for first, last in pairwise(REVOKED)),
        [{"at": DAYS[1], "written": False}],
    ],
    "supersedes": [*([one] for one in IDS), *(list(two) for two in combinations(IDS, 2))],
    "boxes": [[WIDE], [WIDE, NARROW], *SPLIT, [], LEFT_OUT],
    "except": EXCEPT,
}
RULE: dict[str, list[Any]] = {
    "purpose": ["crisis", "emergency_treatment"],
    "categories": ["*", ["lab"]],
    "to_roles": [["on_call"], ["nurse", "on_call"]],
    "needs": [{"open_run_level_at_least": level} for level in (1, 4)],
    "overriding": [True],
}
EDITS: dict[Path, list[Any]] = {
    **{("directives", place, name): values for place in range(3) for name, values in PAPER.items()},
    **{("directives", place, "boxes", 0, axis): [*values, LEFT_OUT] for place in range(3) for axis, values in AXES.items()},
    **{("profile", "emergencies", place, name): values for place in range(2) for name, values in RULE.items()},
    ("request", "discloser", "kind"): ["part2_program"],
    ("request", "recipient", "id"): ["per:kim", "org:lakeside"],
    ("request", "recipient", "org"): ["org:westend", LEFT_OUT],
    ("request", "recipient", "roles"): [
        [],
        LEFT_OUT,
        *([{"role": "nurse", "until": until}] for until in [*DAYS, *EDGES]),
        *([{"role": role, "org": "org:westend"}] for role in ("nurse", "on_call")),
    ],
    ("request", "recipient", "via"): ["other", LEFT_OUT],
    ("request", "recipient", "treating_relationship"): [False, LEFT_OUT],
    ("request", "purposes"): [*PURPOSES, []],
    ("request", "action"): ["use", "access"],
    ("request", "records"): [[]],
    **{("request", "records", place, "labels"): [*LABELS, [], LEFT_OUT] for place in range(2)},
    **{("request", "records", place, "category"): ["lab", LEFT_OUT] for place in range(2)},
    **{("request", "records", place, "source"): ["prog:harbor", "org:x", LEFT_OUT] for place in range(2)},
    **{("request", "records", place, "date"): [DAYS[0], DAYS[2], LEFT_OUT] for place in range(2)},
    ("facts", "events"): [LEFT_OUT, {}, *({"discharge": when} for when in ["unknown", *DAYS, *EDGES])],
    ("facts", "open_run_level"): [0, 1, LEFT_OUT],
    ("facts", "acted_in_reliance"): [{"a": ["r1"]}, {"a": ["r2"], "b": ["r1", "r2"]}],
}
# Its kinds are drawn alike often, whatever their number of places.
PLACES = {kind: [path for path in EDITS if path[0] == kind] for kind in ("directives", "profile", "request", "facts")}


def world_of(pick: Pick) -> Json:
    """A world in which most papers are live and reach most records, and then some edits; `pick` chooses among a few values.

    The request has no instant yet, and the zone is not told.
    """
    purpose = pick(["treatment", "treatment", "payment"])
    rule = {"purpose": purpose, "categories": ["diagnosis"], "to_roles": ["nurse"], "needs": {"open_run_level_at_least": 3}}
    record = {"category": "diagnosis", "source": pick(["org:other", "prog:harbor"]), "date": DAYS[1]}
    here = pick(["org:lakeside", "org:lakeside", "org:westend"])
    recipient = {"id": "per:lee", "org": here, "via": "hie", "treating_relationship": True, "roles": [{"role": "nurse", "org": here}]}
    papers = pick(["", "p", "p", "pd", "pd", "pd", "pp", "ppd", "ppd", "pdp", "pdd"])
    world: Json = {
        "request": {"discloser": {"id": "prog:harbor", "kind": pick(["covered_entity", "part2_program"])}, "recipient": recipient},
        "directives": [_paper(name, letter, purpose, pick) for name, letter in zip(IDS, papers, strict=False)],
        "facts": {
            "events": {"discharge": pick([None, "unknown", DAYS[1]])},
            "sources": {"org:x": ["HIV"]},
            "open_run_level": 3,
            "acted_in_reliance": pick([{}, {"a": ["r1"], "b": ["r2"]}]),
        },
        "profile": {
            "id": "small",
            "version": 1,
            "emergencies": [{"name": name, **rule} for name in pick([[], [], ["night"], ["night", "day"]])],
        },
    }
    world["request"] |= {"purposes": [purpose], "action": pick(["disclose", "disclose", "disclose", "use"])}
    labels = [["SUD"], ["SUD"], ["ETHUD"], ["HIV", "SUD"], []]
    world["request"]["records"] = [{"id": name, "labels": pick(labels), **record} for name in pick([["r1"], ["r1", "r2"]])]
    world = copy.deepcopy(world)
    for _ in range(pick(range(7))):
        path = pick(PLACES[pick(["directives", "directives", "directives", "profile", "request", "facts"])])
        _edit(world, path, pick(EDITS[path]))
    return world


def _paper(name: str, letter: str, purpose: str, pick: Pick) -> Json:
    narrow = {**NARROW, "purposes": [purpose], "recipients": pick([*SELECTORS, *[[{"org": "org:lakeside"}]] * 6])}
    silent = {axis: values for axis, values in narrow.items() if axis != "actions"}
    return {
        "id": name,
        "polarity": {"p": "permit", "d": "deny"}[letter],
        "status": pick([*["active"] * 8, "inactive", "unprocessable"]),
        "discloser": "prog:harbor",
        "signed_on": "2026-03-01",
        "starts": "2026-03-01",
        "expires": pick([*[{"kind": "none"}] * 5, EVENT]),
        "boxes": [pick([narrow, silent, WIDE, WIDE])],
        "supersedes": pick([[], [], [], [], *([other] for other in IDS)]),
    }


def _edit(world: Json, path: Path, value: Any) -> None:
    """Write `value` at `path`; where there is no such place, nothing is written."""
    at: Any = world
    for step in path[:-1]:
        if (isinstance(step, int) and len(at) <= step) or (isinstance(step, str) and step not in at):
            return
        at = at[step]
    if value == LEFT_OUT:
        at.pop(path[-1], None)
    else:
        at[path[-1]] = copy.deepcopy(value)


@st.composite
def worlds(draw: st.DrawFn) -> Json:
    """Worlds that hypothesis draws, and shrinks where one fails."""
    return world_of(lambda values: draw(st.sampled_from(values)))
