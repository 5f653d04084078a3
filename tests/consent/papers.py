"""Small papers, requests and strategies that the tests of consent share. Nobody in them exists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from recoverycore.consent import ClientFacts, Decision, Directive, Facts, ProfileDocument, Request, decide

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
AT = "2026-06-15T12:00:00Z"


def box(**axes: Any) -> dict[str, Any]:
    """A box that gives plans to Dana for treatment, unless `axes` say otherwise. An axis given as None is not shown."""
    whole = {"labels": "*", "categories": ["plan"], "purposes": ["treatment"], "recipients": [{"person": "dana"}], **axes}
    return {axis: value for axis, value in whole.items() if value is not None}


def paper(name: str = "g1", **fields: Any) -> dict[str, Any]:
    """A permit of every discloser with one such box, unless `fields` say otherwise."""
    return {"id": name, "polarity": "permit", "discloser": "*", "boxes": [box()], **fields}


def asking(**fields: Any) -> dict[str, Any]:
    """Dana asks the harbour programme for one plan, for treatment, at noon, unless `fields` say otherwise."""
    return {
        "discloser": {"id": "harbor"},
        "recipient": {"id": "dana"},
        "purposes": ["treatment"],
        "at": AT,
        "records": [{"id": "r1", "category": "plan"}],
        **fields,
    }


def decided(
    directives: list[dict[str, Any]],
    request: dict[str, Any] | None = None,
    *,
    facts: dict[str, Any] | None = None,
    zone: str | None = "UTC",
    profile: dict[str, Any] | None = None,
) -> Decision:
    """The decision on plain data."""
    return decide(
        Request.model_validate(request or asking()),
        [Directive.model_validate(each) for each in directives],
        client=ClientFacts(zone=zone),
        facts=Facts.model_validate(facts or {}),
        profile=None if profile is None else ProfileDocument.model_validate(profile),
    )


def later(**parts: int) -> str:
    """So long after noon, as text."""
    return (NOON + timedelta(**parts)).isoformat().replace("+00:00", "Z")


LABELS = st.sampled_from(["BH", "SUD", "OPIOIDUD", "MH", "HIV", "OTHER"])
CATEGORIES = st.sampled_from(["plan", "lab", "note"])
PURPOSES = st.sampled_from(["treatment", "emergency_treatment", "payment", "tpo", "break_glass", "TREAT"])
PEOPLE = st.sampled_from(["dana", "kim", "westend"])
DAYS = st.sampled_from(["2026-06-13", "2026-06-14", "2026-06-15", "2026-06-16", "2026-06-17"])
MOMENTS = DAYS | st.integers(-2, 2).map(lambda hours: later(hours=hours))


def _some(of: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.just("*") | st.lists(of, min_size=1, max_size=2, unique=True)


SELECTORS = st.one_of(
    st.just("*"),
    PEOPLE.map(lambda name: {"person": name}),
    PEOPLE.map(lambda name: {"org": name}),
    st.just({"role": "peer"}),
    st.just({"role": "peer", "org": "harbor"}),
    st.just({"class": "tpo"}),
    st.just({"designation": "treating", "via": "hub"}),
)
BOXES = st.fixed_dictionaries(
    {
        "labels": _some(LABELS),
        "categories": _some(CATEGORIES),
        "purposes": _some(PURPOSES),
        "recipients": st.lists(SELECTORS, min_size=1, max_size=2),
    },
    optional={
        "actions": st.sampled_from([["disclose"], ["use"], ["disclose", "use"], "*"]),
        "data_period": st.sampled_from([{"start": "2026-06-01"}, {"end": "2026-05-31"}]),
    },
)


def directives(names: st.SearchStrategy[str], polarity: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Papers of every shape that supersede nothing."""
    return st.fixed_dictionaries(
        {"id": names, "polarity": polarity, "discloser": st.sampled_from(["harbor", "*", "other"]), "boxes": st.lists(BOXES, max_size=2)},
        optional={
            "status": st.sampled_from(["active", "active", "inactive", "draft", "unprocessable"]),
            "except": st.lists(BOXES, max_size=1),
            "signed_on": MOMENTS,
            "expires": st.one_of(
                st.just({"kind": "none"}),
                DAYS.map(lambda day: {"kind": "date", "value": day}),
                st.just({"kind": "event", "value": "discharge"}),
            ),
            "suspensions": st.just([{"from": "2026-06-15", "to": later(hours=1)}]),
            "revocations": st.lists(
                st.fixed_dictionaries({"at": MOMENTS}, optional={"recipients": st.lists(PEOPLE, min_size=1, max_size=1)}), max_size=2
            ),
        },
    )


POLARITIES = st.sampled_from(["permit", "permit", "deny", "unheard_of"])
SUPERSEDING = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=2)
SOME_NAMES = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True, max_size=4)
UNNAMED = directives(st.just(""), POLARITIES)  # made once: a strategy that is made at each draw costs more than the draw


@st.composite
def shelves(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Several papers with ids of their own, some of which supersede others."""
    return [{**draw(UNNAMED), "id": name, "supersedes": draw(SUPERSEDING)} for name in draw(SOME_NAMES)]


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["r1", "r2", "r3"]), "labels": st.lists(LABELS, max_size=2, unique=True)},
        optional={"category": CATEGORIES, "source": st.just("harbor"), "date": st.sampled_from(["2026-05-31", "2026-06-01"])},
    ),
    max_size=3,
    unique_by=lambda record: record["id"],
)
REQUESTS = st.fixed_dictionaries(
    {
        "discloser": st.sampled_from([{"id": "harbor"}, {"id": "harbor", "kind": "part2_program"}]),
        "recipient": st.fixed_dictionaries(
            {"id": PEOPLE},
            optional={
                "org": st.just("westend"),
                "roles": st.sampled_from([[], [{"role": "peer"}], [{"role": "peer", "org": "harbor", "until": "2026-06-15"}]]),
                "treating_relationship": st.booleans(),
                "via": st.just("hub"),
            },
        ),
        "purposes": st.lists(PURPOSES, max_size=2, unique=True),
        "action": st.sampled_from(["disclose", "use"]),
        "at": st.integers(-50, 50).map(lambda hours: later(hours=hours)),
        "records": RECORDS,
    }
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "events": st.sampled_from(
            [{"discharge": None}, {"discharge": "unknown"}, {"discharge": "2026-06-15"}, {"discharge": later(hours=1)}]
        ),
        "sources": st.just({"harbor": ["SUD"]}),
        "open_run_level": st.integers(0, 4),
        "acted_in_reliance": st.just({"a": ["r1"]}),
    },
)
ZONES = st.sampled_from([None, "UTC", "America/Chicago", "Pacific/Auckland"])
PROFILE: dict[str, Any] = {
    "id": "small",
    "notices": [{"label": "SUD", "notice": "no_onward_sharing"}],
    "emergencies": [
        {
            "name": "emergency",
            "purpose": "treatment",
            "categories": ["plan"],
            "to_roles": ["peer"],
            "needs": {"open_run_level_at_least": 3},
            "duties": ["review", "tell_person"],
        }
    ],
}
