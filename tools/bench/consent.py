"""What a consent decision costs: a plan of twenty directives against Cedar, vakt, casbin, z3 and a plain loop, in one interleaved run.

Ten thousand requests by thirty people, each answered alike by everybody who is timed, and a part of them by the reference decider. The
peers are used in their best mode: whatever they can prepare is prepared before the clock runs, as requests are for a plan. All figures
are medians of CPU time over rounds in which everybody takes turns.
"""

from __future__ import annotations

import statistics
import time
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

from recoverycore.consent import ConsentBook, Directive, Request, decide
from recoverycore.consent.plan import Plan, compare, compile_plan
from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import consent_laws
from tools.bench._consent_peers import Casbin, Cedar, Naive, Vakt, install, wider_by_z3
from tools.bench._consent_world import CLIENT, boxes, flat, papers, read, requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from recoverycore.consent.plan.prepared import Prepared

    Json = dict[str, Any]

GOALS = {
    "cell_bool_vs_cedarpy": 200,
    "cell_reasons_vs_cedarpy": 100,
    "request_vs_cedarpy": 30,
    "why_not_vs_cedarpy": 15,
    "pydantic_request_vs_cedarpy": 8,
    "cell_bool_vs_naive": 4,
    "directives_500_vs_20": 2,
    "compile_vs_cedarpy_parse": 1,
    "compare_vs_z3": 5,
    "batch_vs_cedarpy_batch": 200,
    "law_run_seconds": 1,
}
AT_LEAST = frozenset(GOALS) - {"directives_500_vs_20", "compile_vs_cedarpy_parse", "law_run_seconds"}
COUNT = 10_000
ROUNDS = 9
LAW_RUNS = 5
BY_REFERENCE = 300
BY_CASBIN = 60


def run() -> tuple[dict[str, float], dict[str, str]]:
    """Measure everything. Error: `ValueError` where two answers differ."""
    versions = install()
    data = requests(COUNT)
    directives, asked = read(data)
    plan = _ready(directives)
    shelf = boxes(papers())
    flats = [flat(each) for each in data]
    naive, cedar, vakt, casbin = Naive(shelf), Cedar(shelf), Vakt(shelf), Casbin(shelf)
    to_cedar, to_vakt = [cedar.prepared(each) for each in flats], [vakt.prepared(each) for each in flats]
    prepared = [plan.prepare(each) for each in asked]
    times = [each.at for each in asked[1:]] + [asked[0].at]  # each cell is asked at another's instant, not at its own
    answers = [each.permits() for each in prepared]
    _agree("the whole decision", answers, (plan.decide(each).permitted for each in asked))
    _agree("a naive loop", answers, map(naive.ask, flats))
    _agree("cedarpy", answers, cedar.batch(to_cedar))
    _agree("vakt", answers, map(vakt.ask, to_vakt))
    _agree("casbin", answers, map(casbin.ask, flats[:BY_CASBIN]))
    _agree("the reference", answers, _by_reference(data[:BY_REFERENCE]))
    some = [decide(each, directives, client=CLIENT) for each in asked[:BY_REFERENCE]]
    _agree("the decision", some, map(plan.decide, asked))
    _agree("where permits fail", [dict(each.failed) for each in some], (each.failed() for each in prepared))
    _agree(
        "where permits fail in a decision of a plan",
        [dict(each.failed) for each in some],
        (dict(plan.decide(each).failed) for each in asked),
    )
    many = _ready([Directive.model_validate(each) for each in papers(500)])
    among_many = [many.prepare(each) for each in asked]
    pairs, many_pairs = list(zip(prepared, times, strict=True)), list(zip(among_many, times, strict=True))
    texts = [each.to_data() for each in asked]
    changed = _changed(papers())
    other, other_boxes = [Directive.model_validate(each) for each in changed], boxes(changed)
    taken = interleaved(
        {
            "cell bool": _cells(pairs),
            "cell bool of 500": _cells(many_pairs),
            "cell reasons": _cells(pairs, reasons=True),
            "request": _each(plan.decide, asked, 1000),
            "why not": _whole(lambda: [(each.permits(at), each.basis(at), each.failed(at)) for each, at in pairs], COUNT),
            "why not in full": _each(lambda one: dict(plan.decide(one).failed), asked, 200),
            "document": _each(lambda one: plan.decide(Request.model_validate(one)), texts, 1000),
            "batch": _whole(lambda: [each.permits(at) for each, at in pairs], COUNT),
            "naive": _each(naive.ask, flats),
            "cedarpy": _each(cedar.ask, to_cedar, 300),
            "cedarpy reasons": _each(cedar.reasons, to_cedar, 300),
            "cedarpy batch": _whole(lambda: cedar.batch(to_cedar[:500]), 500),
            "vakt": _each(vakt.ask, to_vakt, 300),
            "casbin": _each(casbin.ask, flats, BY_CASBIN),
            "compile": _whole(lambda: _ready(directives), 1),
            "cedarpy parse": _whole(cedar.parse, 1),
            "compare": _whole(lambda: compare(compile_plan(directives, client=CLIENT), compile_plan(other, client=CLIENT)), 1),
            "z3": _whole(lambda: wider_by_z3(shelf, other_boxes), 1),
        },
        ROUNDS,
    )
    proof = compare(plan, compile_plan(other, client=CLIENT))
    if wider_by_z3(shelf, other_boxes) != (proof.gained is not None, proof.lost is not None):
        raise ValueError("z3 and the plan compare otherwise")
    laws = [_laws(seed) for seed in range(1, LAW_RUNS + 1)]
    print(f"all laws, each time in a hundred worlds of their own: {', '.join(f'{each:.2f}' for each in laws)} s")
    print(f"{COUNT} requests, {sum(answers)} permitted; the same answers by the reference for {BY_REFERENCE}, by casbin for {BY_CASBIN}")
    return {name: round(value, 3) for name, value in figures(taken, statistics.median(laws)).items()}, versions


def _laws(seed: int) -> float:
    """The seconds of all laws in a hundred worlds, which nobody has read before. Raises where one is broken."""
    begun = time.process_time()
    consent_laws(ConsentBook, seed=seed, count=100)
    return time.process_time() - begun


def figures(taken: Mapping[str, float], laws: float) -> dict[str, float]:
    """The ratios of the seconds that were `taken` for one piece of each kind of work; `laws` are the seconds of all laws."""
    ratios = {
        "cell_bool_vs_cedarpy": taken["cedarpy"] / taken["cell bool"],
        "cell_reasons_vs_cedarpy": taken["cedarpy reasons"] / taken["cell reasons"],
        "request_vs_cedarpy": taken["cedarpy"] / taken["request"],
        "why_not_vs_cedarpy": taken["cedarpy reasons"] / taken["why not"],
        "pydantic_request_vs_cedarpy": taken["cedarpy"] / taken["document"],
        "cell_bool_vs_naive": taken["naive"] / taken["cell bool"],
        "directives_500_vs_20": taken["cell bool of 500"] / taken["cell bool"],
        "compile_vs_cedarpy_parse": taken["compile"] / taken["cedarpy parse"],
        "compare_vs_z3": taken["z3"] / taken["compare"],
        "batch_vs_cedarpy_batch": taken["cedarpy batch"] / taken["batch"],
        "law_run_seconds": laws,
        "cell_bool_vs_vakt": taken["vakt"] / taken["cell bool"],
        "cell_bool_vs_casbin": taken["casbin"] / taken["cell bool"],
    }
    ratios |= {f"{name.replace(' ', '_')}_microseconds": seconds * 1e6 for name, seconds in taken.items()}
    return ratios


def interleaved(work: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median seconds of one piece of each kind of work, over rounds in which all take turns; the first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in work}
    for turn in range(rounds + 1):
        for name, once in work.items():
            seconds = once()
            if turn:
                taken[name].append(seconds)
    return {name: statistics.median(each) for name, each in taken.items()}


def _each(one: Callable[[Any], Any], values: Sequence[Any], at_once: int = COUNT) -> Callable[[], float]:
    """The seconds that `one` takes for a value, over the next `at_once` of the values."""
    following = cycle(values)

    def once() -> float:
        some = list(islice(following, min(at_once, len(values))))
        begun = time.thread_time_ns()
        for each in some:
            one(each)
        return (time.thread_time_ns() - begun) / 1e9 / len(some)

    return once


def _cells(pairs: Sequence[tuple[Prepared, datetime]], *, reasons: bool = False) -> Callable[[], float]:
    """The seconds that a prepared request takes at another instant: whether it is permitted, and with `reasons` also on which paper."""

    def once() -> float:
        begun = time.thread_time_ns()
        if reasons:
            for each, at in pairs:
                each.permits(at)
                each.basis(at)
        else:
            for each, at in pairs:
                each.permits(at)
        return (time.thread_time_ns() - begun) / 1e9 / len(pairs)

    return once


def _whole(work: Callable[[], Any], pieces: int) -> Callable[[], float]:
    def once() -> float:
        begun = time.thread_time_ns()
        work()
        return (time.thread_time_ns() - begun) / 1e9 / pieces

    return once


def _ready(directives: Sequence[Directive]) -> Plan:
    """A plan with its masks made."""
    plan = compile_plan(directives, client=CLIENT)
    assert plan.decider.plain  # noqa: S101 - this workload has no law and no copy
    return plan


def _changed(data: list[Json]) -> list[Json]:
    """The papers with one made narrower and another one wider."""
    narrower, wider = ({**data[place], "boxes": [dict(each) for each in data[place]["boxes"]]} for place in (0, 1))
    narrower["boxes"][0]["categories"] = narrower["boxes"][0]["categories"][1:]
    wider["boxes"][0]["labels"] = "*"
    wider["boxes"][0]["purposes"] = [*wider["boxes"][0]["purposes"], "another_purpose"]
    return [narrower, wider, *data[2:]]


def _agree(name: str, answers: Sequence[Any], theirs: Iterable[Any]) -> None:
    """Two give the same answers, as far as both were asked. Error: `ValueError`."""
    for number, (mine, its) in enumerate(zip(answers, theirs, strict=False)):
        if mine != its:
            raise ValueError(name + " answers otherwise: request " + str(number))


def _by_reference(data: Sequence[Json]) -> Iterator[bool]:
    given = {"profiles": [], "client": {"zone": "UTC"}, "facts": {}, "directives": papers()}
    for request in data:
        yield reference_decide({"given": given, "when": {"request": request}})["decision"] == "permit"
