"""Pools and parts that the strategies for documents of consent are made of. Nothing is drawn and thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from recoverycore.consent import Box, ExceptBox, Period, Revocation, Selector, Suspension
from recoverycore.testing.consent.moments import DAYS, INSTANTS, MOMENTS, SPANS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from recoverycore.ground.document import Document

__all__ = [
    "ACTIONS",
    "CATEGORIES",
    "DAY",
    "EVENTS",
    "FLAGS",
    "IDS",
    "KINDS",
    "KNOWN",
    "LABELS",
    "MOMENT",
    "ORGS",
    "PAPERS",
    "PEOPLE",
    "PURPOSES",
    "WHO",
    "axes",
    "boxes",
    "codes",
    "except_boxes",
    "expiry",
    "few",
    "instants",
    "lasting",
    "moments",
    "periods",
    "revocations",
    "selectors",
    "some_of",
    "spans",
    "suspensions",
    "written",
]

D = TypeVar("D", bound="Document")
ORGS = st.sampled_from(["org:lakeside", "org:westend", "org:hie", "prog:harbor"])
PEOPLE = st.sampled_from(["per:lee", "per:kim", "per:er"])
WHO = PEOPLE | ORGS
IDS = st.sampled_from(["r1", "r2", "r3"])
PAPERS = st.sampled_from(["g1", "g2", "d1"])
LABELS = st.sampled_from(["SUD", "HIV", "ETHUD", "MH", "SUD_NOTES", "R", "unheard-of"])
CATEGORIES = st.sampled_from(["diagnosis", "lab", "counselling_note", "unheard-of"])
PURPOSES = st.sampled_from(["treatment", "payment", "operations", "tpo", "TREAT", "break_glass", "civil_proceedings", "unheard-of"])
ACTIONS = st.sampled_from(["disclose", "use", "redisclose", "access", "list_disclosures", "accounting"])
KINDS = st.sampled_from(["covered_entity", "part2_program", "medical_personnel", "health_plan", "client"])
KNOWN = st.sampled_from([True, False, None, "unknown"])
EVENTS = st.sampled_from(["discharge", "release ends"])
FLAGS = st.booleans()
DAY = st.sampled_from(DAYS)


# Composites, since hypothesis writes out the whole of a table that it samples from.
@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """Instants with an offset: a plain one, and those around which the clocks of some zone change."""
    return draw(st.sampled_from(INSTANTS))


@st.composite
def moments(draw: st.DrawFn) -> date | datetime:
    """Days and instants."""
    return draw(st.sampled_from(MOMENTS))


@st.composite
def spans(draw: st.DrawFn) -> tuple[date | datetime, date | datetime]:
    """Two moments in order, wherever the day is read."""
    return draw(st.sampled_from(SPANS))


MOMENT = moments()


def few(of: st.SearchStrategy[Any], least: int = 0, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to three, or `most`, no two the same."""
    return st.lists(of, unique=True, min_size=least, max_size=most).map(tuple)


def codes(of: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Codes of an axis, or all of them."""
    return few(of) | st.just("*")


@st.composite
def some_of(draw: st.DrawFn, maybe: Mapping[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Up to four of these."""
    names = draw(st.lists(st.sampled_from(list(maybe)), unique=True, max_size=4)) if maybe else []
    return {name: draw(maybe[name]) for name in names}


@st.composite
def written(draw: st.DrawFn, kind: type[D], always: Mapping[str, st.SearchStrategy[Any]], maybe: Mapping[str, Any]) -> D:
    """A document with all of `always` and up to four of `maybe`, by the names they are published with."""
    return kind.model_validate({**draw(st.fixed_dictionaries(dict(always))), **draw(some_of(maybe))})


def periods() -> st.SearchStrategy[Period]:
    """Civil dates, open at either end or at none."""
    days = st.sampled_from([(start, end) for start in DAYS for end in DAYS if start <= end])
    whole = days.map(lambda span: {"start": span[0], "end": span[1]})
    return (DAY.map(lambda day: {"start": day}) | DAY.map(lambda day: {"end": day}) | whole | st.just({})).map(Period.model_validate)


def selectors() -> st.SearchStrategy[Selector]:
    """Selectors of every kind, with and without an organisation beside it."""
    either = st.fixed_dictionaries({"org": ORGS})
    person = st.fixed_dictionaries({"person": PEOPLE}, optional={"org": ORGS})
    role = st.fixed_dictionaries({"role": st.sampled_from(["care-team", "probation-officer"])}, optional={"org": ORGS})
    others = st.sampled_from([{"class": "tpo"}, {"designation": "treating", "via": "org:hie"}])
    return (either | person | role | others).map(Selector.model_validate)


def axes() -> dict[str, Any]:
    """Each axis of a box."""
    recipients = few(st.just("*") | selectors()) | st.just("*")
    named = {"labels": codes(LABELS), "categories": codes(CATEGORIES), "purposes": codes(PURPOSES), "actions": codes(ACTIONS)}
    return {**named, "recipients": recipients, "data_period": periods()}


def boxes() -> st.SearchStrategy[Box]:
    """Boxes that show some of their axes."""
    return written(Box, {}, axes())


def except_boxes() -> st.SearchStrategy[ExceptBox]:
    """Boxes that are taken away."""
    return written(ExceptBox, {}, axes())


def suspensions() -> st.SearchStrategy[Suspension]:
    """Pauses from a day or an instant, to a later one or until further notice."""
    open_ended = MOMENT.map(lambda start: {"from": start})
    return (open_ended | spans().map(lambda span: {"from": span[0], "to": span[1]})).map(Suspension.model_validate)


def revocations() -> st.SearchStrategy[Revocation]:
    """Revocations, written or not, for everybody or for some."""
    return written(Revocation, {"at": MOMENT}, {"written": FLAGS, "recipients": few(WHO, least=1)})


def expiry() -> st.SearchStrategy[dict[str, Any]]:
    """How a paper ends, in each of four ways."""
    return st.just({"kind": "none"}) | (DAY | instants()).map(_end_at) | EVENTS.map(lambda name: {"kind": "event", "value": name})


def lasting() -> st.SearchStrategy[dict[str, Any]]:
    """When a paper begins and ends: neither, either, or both in order."""
    begins = MOMENT.map(lambda start: {"starts": start})
    ends = expiry().map(lambda end: {"expires": end})
    both = spans().map(lambda span: {"starts": span[0], "expires": _end_at(span[1])})
    return st.just({}) | begins | ends | both


def _end_at(moment: Any) -> dict[str, Any]:
    return {"kind": "instant" if hasattr(moment, "hour") else "date", "value": moment}
