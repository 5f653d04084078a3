"""Judging consent cases that the core decides alone. Questions about whole sets of directives are answered cell by cell."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any, NamedTuple

from recoverycore.consent import ClientFacts, ConsentBook, Decision, Directive, Facts, Request, Restriction
from recoverycore.ground import parse_instant
from recoverycore.testing.consent import Expectation
from recoverycore.testing.consent.table_judging import differences

SHIPPED = Path(__file__).with_name("consent_core.json")


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case in `path`: how many passed, and a line for each that did not."""
    failures = []
    cases = json.loads((path or SHIPPED).read_text("utf-8"))["cases"]
    for case in cases:
        wrong = judge(case)
        if wrong:
            failures.append(f"{case['id']} {case['title']}: {'; '.join(wrong)}")
    return len(cases) - len(failures), failures


def judge(case: dict[str, Any]) -> list[str]:
    """What is wrong with one case; nothing when it passes."""
    if "request" in case["when"]:
        return list(differences(_decided(case), Expectation.model_validate(case["expect"])))
    found = _asked(case)
    return [f"{key} is {found[key]!r}, not {value!r}" for key, value in case["expect"].items() if key in found and found[key] != value] + [
        f"{key} is not judged" for key in case["expect"] if key not in found
    ]


def _book(given: dict[str, Any], directives: list[dict[str, Any]]) -> ConsentBook:
    return ConsentBook([Directive.model_validate(each) for each in directives], client=ClientFacts.model_validate(given["client"]))


def _decided(case: dict[str, Any]) -> Decision:
    given = case["given"]
    # Cases may tell more about a record or a place than a decision asks for.
    request = Request.model_validate(_known(case["when"]["request"]))
    restrictions = [
        Restriction(each["name"], each["answer"], frozenset(each["records"]) if "records" in each else None)
        for each in given.get("restrictors", ())
    ]
    return _book(given, given["directives"]).decide(request, facts=Facts.model_validate(given["facts"]), restrictions=restrictions)


def _known(request: dict[str, Any]) -> dict[str, Any]:
    records = [{key: value for key, value in record.items() if key != "paid_out_of_pocket"} for record in request["records"]]
    return {**request, "records": records}


class Cell(NamedTuple):
    """One point of the vocabulary."""

    recipient: str
    purpose: str
    labels: tuple[str, ...]
    category: str
    at: str
    date: str | None


def _permitted(case: dict[str, Any], directives: list[dict[str, Any]]) -> set[Cell]:
    """Every cell of the vocabulary that `directives` permit."""
    given = case["given"]
    words, book = given["vocabulary"], _book(given, directives)
    recipients = {each["id"]: each for each in words["recipients"]}
    labels = [tuple(sorted(each)) for each in words["label_sets"]]
    axes = recipients, words["purposes"], labels, words["categories"], words["instants"], words.get("data_dates", [None])
    found = set()
    for cell in itertools.starmap(Cell, itertools.product(*axes)):
        record = {"id": "x", "labels": cell.labels, "category": cell.category} | ({"date": cell.date} if cell.date else {})
        request = {
            "discloser": words["discloser"],
            "recipient": recipients[cell.recipient],
            "purposes": [cell.purpose],
            "at": cell.at,
            "records": [record],
        }
        if book.decide(Request.model_validate(request)).permitted:
            found.add(cell)
    return found


def _asked(case: dict[str, Any]) -> dict[str, Any]:
    when = case["when"]
    answers = {"compare": _compare, "never": _never, "redundant": _redundant, "who_can_see": _matrix, "what_if_revoked": _what_if}
    return answers[when["ask"]](case)


def _counted(case: dict[str, Any], **cells: set[Cell]) -> dict[str, Any]:
    """How many cells there are of each name, and the witnesses that are among them."""
    expect = case["expect"]
    found: dict[str, Any] = {f"{name}_count": len(each) for name, each in cells.items()}
    for name, each in cells.items():
        wanted = expect.get(f"true_witness_{name}", expect.get("true_witness"))
        if wanted is not None and _cell(wanted) in each:
            found |= {f"true_witness_{name}": wanted, "true_witness": wanted}
    return found


def _cell(witness: dict[str, Any]) -> Cell:
    return Cell(
        witness["recipient"], witness["purpose"], tuple(sorted(witness["labels"])), witness["category"], witness["at"], witness.get("date")
    )


def _compare(case: dict[str, Any]) -> dict[str, Any]:
    old, new = _permitted(case, case["given"]["old"]), _permitted(case, case["given"]["new"])
    gained, lost = new - old, old - new
    verdict = "both" if gained and lost else "wider" if gained else "narrower" if lost else "equal"
    return {"verdict": verdict, **_counted(case, gained=gained, lost=lost)}


def _never(case: dict[str, Any]) -> dict[str, Any]:
    where = case["when"]["where"]
    assert set(where) == {"label"}
    counter = {cell for cell in _permitted(case, case["given"]["directives"]) if set(where["label"]) & set(cell.labels)}
    return {"holds": not counter, **_counted(case, counter=counter)}


def _redundant(case: dict[str, Any]) -> dict[str, Any]:
    directives = case["given"]["directives"]
    whole = _permitted(case, directives)
    return {"ids": [each["id"] for each in directives if _permitted(case, [other for other in directives if other is not each]) == whole]}


def _matrix(case: dict[str, Any]) -> dict[str, Any]:
    given, when = case["given"], case["when"]
    book = _book(given, given["directives"])
    matrix: dict[str, dict[str, str]] = {}
    for recipient in given["vocabulary"]["recipients"]:
        for kind in when["kinds"]:
            record = {"id": "x", "labels": kind["labels"], "category": kind["category"]}
            request = {"discloser": given["vocabulary"]["discloser"], "recipient": recipient, "at": when["at"], "records": [record]}
            seen = [book.decide(Request.model_validate({**request, "purposes": [each]})).permitted for each in when["purposes"]]
            answer = "yes" if all(seen) else "partly" if any(seen) else "no"
            matrix.setdefault(recipient["id"], {})[kind["name"]] = answer
    return {"matrix": matrix}


def _what_if(case: dict[str, Any]) -> dict[str, Any]:
    given, when = case["given"], case["when"]
    revocation: dict[str, Any] = {"at": when["at"], "written": True}
    if "recipients" in when:
        revocation["recipients"] = when["recipients"]
    revoked = [
        {**each, "revocations": [*each.get("revocations", ()), revocation]} if each["id"] == when["id"] else each
        for each in given["directives"]
    ]
    alone = [each for each in given["directives"] if each["id"] == when["id"]]
    asked = set(when.get("recipients", [each["id"] for each in given["vocabulary"]["recipients"]]))
    before, after, own = (
        {cell for cell in _permitted(case, each) if cell.recipient in asked and parse_instant(cell.at) >= parse_instant(when["at"])}
        for each in (given["directives"], revoked, alone)
    )
    return _counted(case, lost=before - after, gained=after - before, still=own & after)
