"""A law about what a box holds: what it lists on each axis, and what lies below that; nothing else, and of two boxes no mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.testing.consent.asking import Json, changed
from recoverycore.testing.consent.rows import Row, misjudged, paper, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

AT = "2026-11-01T23:59:59-06:00"
AXES = ("labels", "categories", "purposes", "recipients", "actions")
RECORD: Json = {"labels": ["PSY", "HIV"], "date": "2026-05-01"}
HELD = [
    {"role": "porter", "until": "2026-10-31"},
    {"role": "aide"},
    {"role": "guard", "org": "org:gate"},
    {"role": "nurse", "org": "org:ward", "until": "2026-11-01"},
]
UNKNOWN_KIM: Json = {"id": "per:kim", "via": "org:hie", "treating_relationship": "unknown"}
KIM: Json = {**UNKNOWN_KIM, "org": "org:ward", "roles": HELD, "treating_relationship": True}
OTHERS = [{"person": "per:x"}]
BESIDE: dict[str, Json] = {
    "other labels": {"labels": ["VIO"]},
    "other actions": {"actions": ["disclose", "redisclose"]},
    "another purpose": {"purposes": ["payment"]},
    "what lies below the purpose": {"purposes": ["care_coordination", "emergency_treatment"]},
    "a purpose that begins alike": {"purposes": ["treat", "treatment_plan"]},
    "a label below that of the record": {"labels": ["PSYTHPN"]},
    "the labels in other letters": {"labels": ["psy", "hiv"]},
    "somebody else": {"recipients": OTHERS},
    "ids that begin alike": {"recipients": [{"person": "per:ki"}, {"person": "per:kim2"}, {"org": "org:war"}, {"org": "org:ward-2"}]},
    "ids in other letters": {"recipients": [{"person": "PER:KIM"}, {"org": "ORG:WARD"}]},
    "the person somewhere else": {"recipients": [{"person": "per:kim", "org": "org:x"}]},
    "the role somewhere else": {"recipients": [{"role": "nurse", "org": "org:x"}]},
    "a role that who asks has not": {"recipients": [{"role": "doctor"}]},
    "a role that has ended": {"recipients": [{"role": "porter"}]},
    "who treats and comes through somebody": {"recipients": [{"designation": "treating", "via": "org:x"}]},
    "an organisation through which who asks comes": {"recipients": [{"org": "org:hie"}]},
    "an organisation where who asks has a role, and is not from": {"recipients": [{"org": "org:gate"}]},
    "a category that begins alike": {"categories": ["r"]},
    "later data": {"data_period": {"start": "2026-05-02"}},
    "earlier data": {"data_period": {"end": "2026-04-30"}},
    **{f"no {axis} at all": {axis: []} for axis in AXES},
}
LISTED: Json = {
    "labels": ["VIO", "BH", "HIV"],
    "purposes": ["payment", "TREAT"],
    "recipients": [*OTHERS, {"role": "nurse", "org": "org:ward"}],
    "actions": ["disclose", "use"],
    "data_period": {"start": "2026-04-01", "end": "2026-05-01"},
}
FIRST: Json = {"recipients": [{"designation": "treating", "via": "org:hie"}], "data_period": {"start": "2026-05-01"}}
ROWS: tuple[Row, ...] = (
    *(Row(f"is for {what}", boxes=(axes,)) for what, axes in BESIDE.items()),
    *(Row(f"shows no {axis}", refusal=True, boxes=({axis: None},)) for axis in ("labels", "purposes", "recipients", "actions")),
    Row("is for a class that nobody has told of", refusal=True, boxes=({"recipients": [{"class": "nobody-knows"}]},)),
    Row("is for a role at one place, and nobody knows where", refusal=True, boxes=({"recipients": [{"role": "aide", "org": "org:ward"}]},)),
    Row("is for one label of two", refusal=True, boxes=({"labels": ["HIV"]},)),
    Row("has each of two labels in a box of its own", refusal=True, boxes=({"labels": ["PSY"]}, {"labels": ["HIV"]})),
    *(
        Row(f"has the {axis} in one box and the purpose in another", boxes=({"purposes": ["payment"]}, {axis: wrong}))
        for axis, wrong in (("recipients", OTHERS), ("labels", ["VIO"]), ("categories", ["lab"]))
    ),
    Row("lists it beside other things", permit=True, refusal=True, boxes=(LISTED,)),
    Row("has it in its first box", permit=True, refusal=True, boxes=(FIRST, {"purposes": ["payment"]})),
    Row("has it in its second box", permit=True, refusal=True, boxes=({"purposes": ["payment"]}, {"recipients": [{"org": "org:ward"}]})),
    Row("takes away one label of two", {"except": [{"labels": ["HIV"]}]}, refusal=True),
    Row("takes away both labels", {"except": [{"labels": ["HIV", "PSY"]}]}),
    Row("takes it away in a second box", {"except": [{"labels": ["VIO"]}, {"purposes": ["treatment"]}]}),
    Row("takes away everything", {"except": [{}]}),
    Row("takes away these data", {"except": [{"data_period": {"start": "2026-05-01", "end": "2026-05-01"}}]}),
    Row(
        "takes away other things",
        {"except": [*({axis: []} for axis in AXES), {"categories": ["lab"]}, {"data_period": {"start": "2026-05-02"}}]},
        permit=True,
        refusal=True,
    ),
)
TREES: dict[str, Json] = {
    "fits where an expression does": {"root": {"expression": "x"}},
    "fits one class of record": {"root": {"class": ["Claim"]}},
    "fits one label of two": {"root": {"labels": ["HIV"]}},
}
TURNED: dict[str, Json] = {
    "takes away one label of two": {"provisions": [{"labels": ["HIV"]}, {"purpose": ["marketing"]}]},
    "takes it away by its second provision": {"provisions": [{"purpose": ["marketing"]}, {"labels": ["HIV"]}]},
    "takes away what an expression fits": {"provisions": [{"expression": "x"}]},
    "takes away one class of record": {"provisions": [{"class": ["Claim"]}]},
    "takes away what an organisation asks": {"provisions": [{"actor": ["org:ward"]}]},
    "takes away what a group asks": {"provisions": [{"actor": ["team"]}]},
    "takes it away up to this day": {"provisions": [{"period": {"end": "2026-11-01"}}]},
    "takes it away, and besides takes it away and gives it again": {
        "provisions": [{"purpose": ["TREAT"], "provisions": [{"actor": ["per:kim"]}]}, {"purpose": ["TREAT"]}]
    },
    "takes it away once more below": {
        "format": "fhir-r4",
        "provisions": [{"type": "deny", "provisions": [{"type": "permit"}, {"type": "deny"}]}],
    },
}
OUTSIDE: dict[str, Json] = {
    "held until the day before": {"period": {"end": "2026-10-31"}},
    "holds from the next day on": {"period": {"start": "2026-11-02"}},
    "is for later data": {"data_period": {"start": "2026-05-02"}},
    "is for other actors": {"actor": ["per:x", "org:x"]},
}
TREE: Json = {"format": "fhir-r5", "root": {}, "provisions": []}
ROWS += tuple(Row(f"is a tree that {what}", {**TREE, **tree}, refusal=None) for what, tree in TREES.items())
# What a permit takes away in a tree it refuses.
TURNING = tuple(
    Row(f"is a tree that permits and {what}", {**TREE, "decision": "permit", **tree}, permit=None, refusal=True)
    for what, tree in TURNED.items()
)
ROWS += tuple(Row(f"is a tree that {what}", {**TREE, "root": root}) for what, root in OUTSIDE.items())
# Of a record without label and date, and of somebody of whom nobody knows where they are and what they do.
UNKNOWN = (
    Row("is for data of some years", refusal=True, boxes=({"data_period": {"start": "2020-01-01"}},)),
    Row("is for the person at one place", refusal=True, boxes=({"recipients": [{"person": "per:kim", "org": "org:ward"}]},)),
    Row("is for a role", refusal=True, boxes=({"recipients": [{"role": "nurse"}]},)),
    Row("is for who treats", refusal=True, boxes=({"recipients": [{"designation": "treating", "via": "org:hie"}]},)),
    Row("is for a label", permit=True, boxes=({"labels": ["HIV"]},)),
)


def a_box_holds_what_it_lists(decide: Decide, case: Json) -> str | None:
    """L5, L15, L30. A box holds what it lists and what lies below, on every axis at once; what nobody knows fits refusals only."""
    if (alone := plain(case, AT, groups={"team": ["per:kim"]})) is None:
        return None
    known, unknown = changed(alone, recipient=KIM, records=[RECORD]), changed(alone, recipient=UNKNOWN_KIM)
    why = misjudged(decide, known, ROWS) or misjudged(decide, known, TURNING) or misjudged(decide, unknown, UNKNOWN)
    return why or _in_doubt(decide, unknown) or _beside(decide, known)


def _in_doubt(decide: Decide, case: Json) -> str | None:
    """What is released though its category is not known, or though it is plainly refused, or its source carries more."""
    every, lab = paper("g2"), paper("g1", "permit", "lab")
    sourced = changed(case, facts={"sources": {"org:lab": ["VIO"]}}, records=[{**RECORD, "source": "org:lab"}])
    doubts: dict[str, tuple[Json, list[Json]]] = {
        "a permit was for one category, and the record of none": (case, [lab]),
        "a refusal was for one category, and the record of none": (case, [every, {**lab, "polarity": "deny"}]),
        "a refusal was for all that an organisation asks": (
            changed(case, recipient={"id": "org:ward"}, records=[{"category": "lab"}]),
            [every, paper("g1", "deny", recipients=[{"org": "org:ward"}])],
        ),
        "a refusal was for what was asked, by other names": (
            changed(case, purposes=["TREAT"], records=[{"labels": ["ETHUD"]}]),
            [every, paper("g1", "deny", labels=["ETH"], purposes=["treatment"])],
        ),
        "a copy was passed on under a permit from everybody": (changed(case, action="redisclose", records=[{"category": "lab"}]), [every]),
        "nobody said for what": (changed(case, purposes=[]), [every]),
        "a refusal was for all proceedings, and it was asked for one kind of them": (
            changed(case, purposes=["criminal_proceedings"], records=[{"category": "lab"}]),
            [every, paper("g1", "deny", purposes=["proceedings"])],
        ),
        "of three purposes two were permitted": (
            changed(case, purposes=["treatment", "payment", "research"], records=[{"category": "lab"}]),
            [paper("g1", purposes=["treatment", "payment"])],
        ),
        "a permit was for the labels of the record, and not for those of its source": (sourced, [paper("g1", labels=["PSY", "HIV"])]),
    }
    for what, (asked, papers) in doubts.items():
        [record] = asked["when"]["request"]["records"]
        if decide(changed(asked, directives=papers, records=[{**record, "id": "r1"}]))["records"]["r1"] == "permit":
            return f"{what}, and r1 was released"
    return None


def _beside(decide: Decide, case: Json) -> str | None:
    """What is released to the next question, that differs in one thing from one that is permitted."""
    axes: Json = {"purposes": ["treatment"], "actions": ["disclose"], "recipients": [{"designation": "treating", "via": "org:hie"}]}
    axes |= {"labels": RECORD["labels"], "categories": ["lab"], "data_period": {"start": "2026-01-01"}}
    just = {**paper("g1", **axes), "discloser": "org:a", "except": [{"recipients": [{"org": "org:x"}, {"person": "per:x"}]}]}
    record = {**RECORD, "id": "r1", "category": "lab"}
    case = changed(case, facts={"sources": {"org:lab": ["VIO"]}})
    asked = changed(case, discloser={"id": "org:a"}, action="disclose", directives=[just], records=[record])
    beside: dict[str, Json] = {
        "action": {"action": "use"},
        "discloser": {"discloser": {"id": "org:b"}},
        "purpose": {"purposes": ["payment"]},
        "way": {"recipient": {**KIM, "via": "org:x"}},
        "place": {"recipient": {**KIM, "org": "org:x"}},
        "person": {"recipient": {**KIM, "id": "per:x"}},
        "person, who does not treat": {"recipient": {**KIM, "treating_relationship": False}},
        "label": {"records": [{**record, "labels": [*RECORD["labels"], "VIO"]}]},
        "category": {"records": [{**record, "category": "note"}]},
        "source": {"records": [{**record, "source": "org:lab"}]},
        "date": {"records": [{**record, "date": "2025-05-01"}]},
    }
    if decide(asked)["records"]["r1"] == "permit":
        for what, fields in beside.items():
            if decide(changed(asked, **fields))["records"]["r1"] == "permit":
                return f"after a permit for just this, it was asked for another {what}, and r1 was released"
    if decide(changed(asked, directives=[{**just, "except": [{}]}]))["records"]["r1"] == "permit":
        return "after a permit for just this, there was one that takes everything away, and r1 was released"
    claimed = changed(asked, purposes=["break_glass"])
    # Whoever remembers this answer without what the host chose gives it again.
    decide(changed(claimed, switches={"break_glass_subsumed": True}))
    if decide(claimed)["records"]["r1"] == "permit":
        return "a permit was for treatment, an emergency was claimed, by a host that does not take this for treatment, and r1 was released"
    nurses = changed(asked, directives=[{**just, "boxes": [{**just["boxes"][0], "recipients": [{"role": "nurse"}]}]}])
    if decide(nurses)["records"]["r1"] == "permit" == decide(changed(nurses, recipient={**KIM, "roles": []}))["records"]["r1"]:
        return "after a permit for a role, it was asked for without any, and r1 was released"
    return None


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (a_box_holds_what_it_lists,)
