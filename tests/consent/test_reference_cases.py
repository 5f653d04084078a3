"""The reference decider on the shipped cases; questions about whole plans are counted out, cell by cell, over the listed vocabulary."""

from __future__ import annotations

import copy
import json
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent.reference import reference_decide

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
Cell = tuple[int, ...]

SUITE = Path(__file__).parents[1] / "suite"
CASES: list[Json] = json.loads((SUITE / "consent.json").read_text("utf-8"))["cases"]
PLANS = [case for case in CASES if "ask" in case["when"]]
DECISIONS = [case for case in CASES if "ask" not in case["when"]]
RECIPIENT = 3  # its place in a cell


def wrong(case: Json, decide: Callable[[Json], Json] = reference_decide) -> list[str]:
    """What the reference decider, or one told wrongly, answers otherwise than a case says."""
    answer, expect = decide(case), case["expect"]
    found = [name for name in ("decision", "basis", "withheld", "entries") if name in expect and answer.get(name) != expect[name]]
    found += [f"owes no {code}" for code in expect.get("obligations", ()) if code not in answer["obligations"]]
    found += [f"owes {code}" for code in expect.get("obligations_absent", ()) if code in answer["obligations"]]
    for paper, records in expect.get("failed", {}).items():
        failed = answer["failed"].get(paper, {})
        found += [f"{paper} fails {name}" for name, axes in records.items() if failed.get(name, []) != sorted(axes)]
    return found


@pytest.mark.parametrize("case", DECISIONS, ids=[case["id"] for case in DECISIONS])
def test_the_decision_is_what_the_case_says(case: Json) -> None:
    assert wrong(case) == []


def test_a_decision_told_otherwise_is_noticed() -> None:
    case = copy.deepcopy(DECISIONS[0])
    case["expect"] |= {"decision": "permit", "basis": "g1", "obligations": ["redact"], "failed": {"g1": {"r1": ["label"]}}}
    assert wrong(case) == ["decision", "basis", "owes no redact", "g1 fails r1"]


def answer_to(case: Json) -> Json:
    """What a question about whole plans asks for, counted out."""
    ways = {"compare": compared, "never": never, "redundant": redundant, "who_can_see": matrix, "what_if_revoked": revoked}
    return ways[case["when"]["ask"]](case)


def decided(case: Json, request: Json, directives: list[Json]) -> bool:
    """The request is permitted on these directives."""
    given = {**case["given"], "directives": directives}
    return bool(reference_decide({"given": given, "when": {"request": request}})["decision"] == "permit")


def axes(case: Json) -> list[list[Any]]:
    """The listed values of every axis of a cell."""
    listed = case["given"]["vocabulary"]
    names = ("label_sets", "categories", "purposes", "recipients")
    return [*(listed[name] for name in names), listed.get("actions", ["disclose"]), listed["instants"], listed.get("data_dates", [None])]


def permitted(case: Json, directives: list[Json]) -> set[Cell]:
    """The cells that the directives permit, each by the places of its values in the vocabulary."""
    found, listed, words = set(), axes(case), case["given"]["vocabulary"]
    for cell in product(*(range(len(values)) for values in listed)):
        labels, category, purpose, recipient, action, at, date = (values[place] for values, place in zip(listed, cell, strict=True))
        record = {"id": "x", "labels": labels, "category": category, "date": date, "source": words.get("source")}
        request = {"discloser": words["discloser"], "recipient": recipient, "purposes": [purpose], "action": action, "at": at}
        request["records"] = [record]
        if decided(case, request, directives):
            found.add(cell)
    return found


def compared(case: Json) -> Json:
    old, new = permitted(case, case["given"]["old"]), permitted(case, case["given"]["new"])
    gained, lost = len(new - old), len(old - new)
    verdict = ("both" if lost else "wider") if gained else "narrower" if lost else "equal"
    return {"verdict": verdict, "gained_count": gained, "lost_count": lost}


def values_below(purpose: str, wide: list[str]) -> bool:
    """The purpose is one of these or a kind of one; only proceedings have kinds in these cases."""
    return purpose in wide or ("proceedings" in wide and purpose.endswith("_proceedings"))


def never(case: Json) -> Json:
    label_sets, _, purposes, *_ = axes(case)
    asked = case["when"]["where"]
    found = [
        cell
        for cell in permitted(case, case["given"]["directives"])
        if "label" not in asked or set(asked["label"]) & set(label_sets[cell[0]])
        if "purpose" not in asked or values_below(purposes[cell[2]], asked["purpose"])
    ]
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
        answer = decided(case, request, given["directives"])
        found.setdefault(recipient["id"], {})[kind["name"]] = "yes" if answer else "no"
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


@pytest.mark.parametrize("case", PLANS, ids=[case["id"] for case in PLANS])
def test_the_count_of_cells_is_what_the_case_says(case: Json) -> None:
    found = answer_to(case)
    assert found == {name: case["expect"].get(name) for name in found}
