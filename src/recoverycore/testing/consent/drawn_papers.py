"""Strategies for papers: boxes and trees of provisions, valid as they are built."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from recoverycore.consent import Criteria, Directive, Provision, TimeSpan, TreeDirective
from recoverycore.testing.consent.drawn_parts import (
    ACTIONS,
    CATEGORIES,
    FLAGS,
    LABELS,
    MOMENT,
    ORGS,
    PAPERS,
    PURPOSES,
    WHO,
    boxes,
    except_boxes,
    expiry,
    few,
    lasting,
    periods,
    revocations,
    some_of,
    spans,
    suspensions,
    written,
)

__all__ = ["criteria", "directives", "provisions", "shown", "time_spans", "tree_directives"]


def shown() -> st.SearchStrategy[dict[str, Any]]:
    """What a paper shows beside what it says: up to four fields of it."""
    maybe = {
        "discloser": ORGS | st.just("*"),
        "form": st.sampled_from(["specific", "tpo", "notes", "proceedings", "combined", "cj_referral", "lockbox"]),
        "status": st.sampled_from(["active", "inactive", "draft", "unprocessable", "entered-in-error"]),
        "signed_by": few(st.sampled_from(["client", "parent", "guardian", "program_director"])),
        "signed_on": MOMENT,
        "written": FLAGS,
        "signature_kind": st.just("electronic"),
        "missing_elements": few(st.sampled_from(["signature", "expiration", "unheard-of"])),
        "conditioned_on_service": FLAGS,
        "abuser_signed": FLAGS,
        "revocable_from": expiry(),
        "suspensions": few(suspensions(), most=2),
        "revocations": few(revocations(), most=2),
        "supersedes": few(PAPERS),
    }
    return some_of(maybe)


@st.composite
def directives(draw: st.DrawFn, ids: st.SearchStrategy[str] = PAPERS) -> Directive:
    """Papers of every polarity, status and form; `ids` are what they are called."""
    polarity = draw(st.sampled_from(["permit", "deny", "unheard-of"]))
    said = {"id": draw(ids), "polarity": polarity, "boxes": draw(few(boxes(), most=2)), **draw(shown())}
    taken = draw(st.just({}) | st.fixed_dictionaries({"except": few(except_boxes(), most=2)}))
    return Directive.model_validate({**said, **taken, **draw(lasting())})


def time_spans() -> st.SearchStrategy[TimeSpan]:
    """When a provision holds: open at either end, or at none."""
    both = spans().map(lambda span: {"start": span[0], "end": span[1]})
    return (MOMENT.map(lambda at: {"start": at}) | MOMENT.map(lambda at: {"end": at}) | both | st.just({})).map(TimeSpan.model_validate)


def _criteria() -> dict[str, Any]:
    def values(of: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
        return few(of, least=1) | st.just("*")

    named = {"actor": values(WHO), "purpose": values(PURPOSES), "labels": values(LABELS), "category": values(CATEGORIES)}
    others = {"class": st.just(("Claim",)), "code": st.just(("F11.2",)), "expression": st.just("x"), "unread": st.just(("dataPeriod",))}
    return {**named, **others, "action": values(ACTIONS), "period": time_spans(), "data_period": periods()}


def criteria() -> st.SearchStrategy[Criteria]:
    """What has to fit, up to four criteria of it."""
    return written(Criteria, {}, _criteria())


def provisions() -> st.SearchStrategy[Provision]:
    """Exceptions without a type, with exceptions of their own."""
    leaves = written(Provision, {}, _criteria())
    return st.recursive(leaves, lambda inner: written(Provision, {}, {**_criteria(), "provisions": few(inner, most=2)}), max_leaves=4)


@st.composite
def tree_directives(draw: st.DrawFn, ids: st.SearchStrategy[str] = PAPERS) -> TreeDirective:
    """Trees of either release and decision; in release 4 the topmost provisions may name a type of their own."""
    form, decision = draw(st.sampled_from(["fhir-r5", "fhir-r4"])), draw(st.sampled_from(["permit", "deny"]))
    below = draw(few(provisions(), most=2))
    if form == "fhir-r4" and below:
        below = (below[0].evolve(type=draw(st.sampled_from(["permit", "deny"]))), *below[1:])
    told = {"id": draw(ids), "format": form, "decision": decision, "root": draw(criteria()), "provisions": below, **draw(shown())}
    return TreeDirective.model_validate({**told, **draw(lasting())})
