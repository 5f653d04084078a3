"""Strategies for what is asked, by whom and about whom."""

from __future__ import annotations

from hypothesis import strategies as st

from recoverycore.consent import ClientFacts, Discloser, Recipient, Record, Request, RoleHeld
from recoverycore.testing.consent.drawn_parts import (
    ACTIONS,
    CATEGORIES,
    DAY,
    FLAGS,
    IDS,
    KINDS,
    KNOWN,
    LABELS,
    MOMENT,
    ORGS,
    PEOPLE,
    PURPOSES,
    WHO,
    few,
    instants,
    written,
)
from recoverycore.testing.consent.moments import ZONES

__all__ = ["client_facts", "disclosers", "recipients", "records", "requests", "roles_held"]


def roles_held() -> st.SearchStrategy[RoleHeld]:
    """Memberships, some until a day or an instant."""
    return written(RoleHeld, {"role": st.sampled_from(["care-team", "probation-officer"])}, {"org": ORGS, "until": MOMENT})


def recipients() -> st.SearchStrategy[Recipient]:
    """People and organisations, and what is known of them."""
    roles = few(roles_held(), most=2)
    more = {"kind": KINDS, "org": ORGS, "treating_relationship": KNOWN, "via": ORGS, "roles": roles, "admin_control_of": few(ORGS)}
    return written(Recipient, {"id": WHO}, {**more, "relationship": st.just("parent")})


def disclosers() -> st.SearchStrategy[Discloser]:
    """Who would release."""
    return written(Discloser, {"id": ORGS}, {"kind": KINDS, "covered_entity": KNOWN, "org": ORGS, "treating_relationship": KNOWN})


def records(ids: st.SearchStrategy[str] = IDS) -> st.SearchStrategy[Record]:
    """Records by their codes; `ids` are what they are called."""
    more = {"labels": few(LABELS), "category": CATEGORIES, "source": ORGS, "date": DAY, "separated": KNOWN, "originator": PEOPLE}
    return written(Record, {"id": ids}, {**more, "deidentified": KNOWN, "class": st.just("Claim"), "code": st.just("F11.2")})


def requests() -> st.SearchStrategy[Request]:
    """Questions about no record, one, or several with different ids."""
    asked = st.lists(records(), unique_by=lambda record: record.id, max_size=2).map(tuple)
    always = {"recipient": recipients(), "at": instants(), "purposes": few(PURPOSES, most=2), "records": asked}
    return written(Request, always, {"discloser": disclosers(), "action": ACTIONS})


def client_facts() -> st.SearchStrategy[ClientFacts]:
    """What is known of a client, in zones whose clocks differ."""
    more = {"age": st.integers(0, 120), "minor": FLAGS, "capacity": FLAGS, "adjudicated": KNOWN, "deceased": FLAGS}
    return written(ClientFacts, {}, {"zone": st.sampled_from(ZONES), **more})
