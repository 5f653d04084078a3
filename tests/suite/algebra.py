"""Judging questions about whole sets of papers: the plan's answer for the listed vocabulary with its counts, and its proof beside it.

A proof is about everything there may be, a list about what stands in it. What the list shows the proof has to admit; and a verdict is
right if it is the list's or, where the case means more than it lists, the proof's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent.plan import Cell, Kind, ListedVocabulary, Plan, compare
from recoverycore.ground.instants import parse_day, parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]
ASKS = ("compare", "never", "redundant", "who_can_see", "what_if_revoked")


def judge_algebra(case: Json, made: Callable[[list[Json]], Plan], listed: ListedVocabulary) -> list[str]:
    """What is wrong with one case; nothing when it passes. `made` gives the plan of some directives."""
    given, when, expect = case["given"], case["when"], case["expect"]
    if when["ask"] not in ASKS:
        return [f"{when['ask']} is no question"]
    plans = [made(given[name]) for name in (("old", "new") if when["ask"] == "compare" else ("directives",))]
    if when["ask"] == "who_can_see":
        found = {"matrix": _matrix(plans[0], when, listed)}
        return [f"{name} is {found.get(name)!r}, not {value!r}" for name, value in expect.items() if found.get(name) != value]
    there = _answer(plans, when, {"within": listed})
    proof = _answer(plans, when, {"discloser": listed.discloser, "source": listed.source})
    wrong = [f"the list shows {name} and the proof denies it" for name in _contradicted(there, proof)]
    for name, value in expect.items():
        if name.startswith("true_"):
            wrong += _witness(name, value, plans, when, listed)
        elif value not in (there.get(name), proof.get(name, there.get(name))):
            wrong.append(f"{name} is {there.get(name)!r}, not {value!r}")
    return wrong


def _answer(plans: list[Plan], when: Json, about: Mapping[str, Any]) -> Json:
    """The plan's answer as the case would tell it; of a proof without counts."""
    if when["ask"] == "compare":
        since = parse_instant(when["from"]) if when.get("from") else None
        compared = compare(plans[0], plans[1], since, **about)
        return _told(verdict=compared.verdict, gained_count=compared.gained_count, lost_count=compared.lost_count)
    if when["ask"] == "never":
        never = plans[0].never(when["where"], **about)
        return _told(holds=never.holds, counter_count=never.counter_count)
    if when["ask"] == "redundant":
        return {"ids": sorted(plans[0].redundant(**about))}
    revoked = plans[0].what_if_revoked(when["id"], parse_instant(when["at"]), when.get("recipients"), **about)
    shown = {name: getattr(revoked, name) is not None for name in ("lost", "gained", "still")}
    counts = {f"{name}_count": getattr(revoked, f"{name}_count") for name in shown}
    return _told(**shown, **counts)


def _told(**found: Any) -> Json:
    return {name: value for name, value in found.items() if value is not None}


def _contradicted(there: Json, proof: Json) -> list[str]:
    """What is in the list, and could not be if the proof were right."""
    directions = {"equal": set(), "narrower": {"lost"}, "wider": {"gained"}, "both": {"lost", "gained"}}
    found = directions[there.get("verdict", "equal")] - directions[proof.get("verdict", "equal")]
    found |= {name for name in ("lost", "gained", "still") if there.get(name) and not proof[name]}
    found |= {"a counterexample"} if there.get("holds") is False and proof["holds"] else set()
    return sorted(found | {f"no need of {name}" for name in set(proof.get("ids", ())) - set(there.get("ids", ()))})


def _matrix(plan: Plan, when: Json, listed: ListedVocabulary) -> dict[str, dict[str, str]]:
    kinds = [Kind(each["name"], each["category"], each["labels"]) for each in when["kinds"]]
    purposes, at = when["purposes"], parse_instant(when["at"])
    shown = plan.who_can_see(listed.recipients, kinds, purposes, at, discloser=listed.discloser, source=listed.source)
    return {who: dict(row) for who, row in shown.seen.items()}


def _witness(name: str, told: Json, plans: list[Plan], when: Json, listed: ListedVocabulary) -> list[str]:
    """Whether a witness that the case tells of is one indeed."""
    recipient = next(each for each in listed.recipients if each.id == told["recipient"])
    cell = Cell(
        discloser=listed.discloser,
        recipient=recipient,
        purpose=told["purpose"],
        action=told.get("action", "disclose"),
        labels=tuple(told["labels"]),
        category=told["category"],
        at=parse_instant(told["at"]),
        data_date=parse_day(told["date"]) if told.get("date") else None,
        source=listed.source,
    )
    if when["ask"] == "never":
        return [] if plans[0].permits(cell) else [f"{name} is none"]
    if when["ask"] == "compare":
        answers = tuple(plan.permits(cell) for plan in plans)
        return [] if answers == ((False, True) if name.endswith("gained") else (True, False)) else [f"{name} is none"]
    one = listed.evolve(
        recipients=(recipient,),
        label_sets=(cell.labels,),
        categories=(cell.category,),
        purposes=(cell.purpose,),
        actions=(cell.action,),
        instants=(cell.at,),
        data_dates=(cell.data_date,),
    )
    shown = _answer(plans, when, {"within": one})
    return [] if shown.get(name.removeprefix("true_").removeprefix("witness_")) else [f"{name} is none"]
