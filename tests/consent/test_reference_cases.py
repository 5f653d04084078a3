"""The reference decider on the shipped cases; questions about whole plans are counted out, cell by cell, over the listed vocabulary."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from recoverycore.consent.reference import reference_decide

Json = dict[str, Any]
Cell = tuple[int, ...]

SHIPPED: list[Json] = json.loads((Path(__file__).parents[1] / "suite" / "consent_core.json").read_text("utf-8"))["cases"]
CASES = [case for case in SHIPPED if "restrictors" not in case["given"]]
RECIPIENT = 3  # its place in a cell


def judged(case: Json) -> Json:
    """What the case asks for, as the reference decider answers it."""
    ask = case["when"].get("ask")
    if ask is not None:
        return {"compare": compared, "never": never, "redundant": redundant, "who_can_see": matrix, "what_if_revoked": revoked}[ask](case)
    given = case["given"]
    answer = reference_decide(case["when"]["request"], given["directives"], given["client"], given["facts"])
    return {name: answer[name] for name in ("decision", "basis", "withheld") if name in case["expect"]}


def axes(case: Json) -> list[list[Any]]:
    """The listed values of every axis of a cell."""
    listed = case["given"]["vocabulary"]
    names = ("label_sets", "categories", "purposes", "recipients")
    return [*(listed[name] for name in names), listed.get("actions", ["disclose"]), listed["instants"], listed.get("data_dates", [None])]


def permitted(case: Json, directives: list[Json]) -> set[Cell]:
    """The cells that the directives permit, each by the places of its values in the vocabulary."""
    found, listed = set(), axes(case)
    for cell in product(*(range(len(values)) for values in listed)):
        labels, category, purpose, recipient, action, at, date = (values[place] for values, place in zip(listed, cell, strict=True))
        request = {"discloser": case["given"]["vocabulary"]["discloser"], "recipient": recipient, "purposes": [purpose]}
        request |= {"action": action, "at": at, "records": [{"id": "x", "labels": labels, "category": category, "date": date}]}
        if reference_decide(request, directives, case["given"]["client"], case["given"]["facts"])["decision"] == "permit":
            found.add(cell)
    return found


def compared(case: Json) -> Json:
    old, new = permitted(case, case["given"]["old"]), permitted(case, case["given"]["new"])
    gained, lost = len(new - old), len(old - new)
    verdict = ("both" if lost else "wider") if gained else "narrower" if lost else "equal"
    return {"verdict": verdict, "gained_count": gained, "lost_count": lost}


def never(case: Json) -> Json:
    asked, label_sets = set(case["when"]["where"]["label"]), axes(case)[0]
    found = [cell for cell in permitted(case, case["given"]["directives"]) if asked & set(label_sets[cell[0]])]
    return {"holds": not found, "counter_count": len(found)}


def redundant(case: Json) -> Json:
    papers = case["given"]["directives"]
    whole = permitted(case, papers)
    return {"ids": [one["id"] for one in papers if permitted(case, [other for other in papers if other != one]) == whole]}


def matrix(case: Json) -> Json:
    when, given = case["when"], case["given"]
    found: Json = {}
    for recipient, kind in product(given["vocabulary"]["recipients"], when["kinds"]):
        request = {
            "discloser": given["vocabulary"]["discloser"],
            "recipient": recipient,
            "purposes": when["purposes"],
            "action": "disclose",
        }
        request |= {"at": when["at"], "records": [{"id": "x", "labels": kind["labels"], "category": kind["category"]}]}
        answer = reference_decide(request, given["directives"], given["client"], given["facts"])
        found.setdefault(recipient["id"], {})[kind["name"]] = "yes" if answer["decision"] == "permit" else "no"
    return {"matrix": found}


def revoked(case: Json) -> Json:
    when, papers = case["when"], case["given"]["directives"]
    revocation = {"at": when["at"], "written": True, **({"recipients": when["recipients"]} if "recipients" in when else {})}
    after = [{**one, "revocations": [revocation]} if one["id"] == when["id"] else one for one in papers]
    old, new = permitted(case, papers), permitted(case, after)
    touched = {place for place, one in enumerate(axes(case)[RECIPIENT]) if one["id"] in when.get("recipients", [one["id"]])}
    by_itself = permitted(case, [one for one in papers if one["id"] == when["id"]])
    still = {cell for cell in by_itself & new if cell[RECIPIENT] in touched}
    return {"lost_count": len(old - new), "gained_count": len(new - old), "still_count": len(still)}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_answer_is_what_the_case_says(case: Json) -> None:
    found = judged(case)
    assert found == {name: case["expect"].get(name) for name in found}
