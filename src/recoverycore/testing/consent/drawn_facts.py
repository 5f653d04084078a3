"""Strategies for what a host asserts, and for what was released before."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from recoverycore.consent import Facts, HeldCopy, Ledger, LedgerEntry
from recoverycore.testing.consent.drawn_parts import (
    ACTIONS,
    CATEGORIES,
    EVENTS,
    IDS,
    KNOWN,
    LABELS,
    MOMENT,
    ORGS,
    PAPERS,
    PEOPLE,
    PURPOSES,
    WHO,
    except_boxes,
    few,
    written,
)

__all__ = ["facts", "held_copies", "ledger_entries", "ledgers"]


def held_copies() -> st.SearchStrategy[HeldCopy]:
    """Where copies came from, some with hops before."""
    hops = st.fixed_dictionaries({}, optional={"received_under": PAPERS, "holder": ORGS, "limits": except_boxes()})
    more = {"received_at": MOMENT, "chain": few(PAPERS) | st.lists(hops, max_size=2), "limits": except_boxes()}
    return written(HeldCopy, {"holder": ORGS, "received_under": PAPERS | st.just("rule:audit")}, more)


def ledger_entries() -> st.SearchStrategy[LedgerEntry]:
    """Releases, told shortly or at length."""
    records_out = st.lists(st.fixed_dictionaries({"id": IDS}, optional={"category": CATEGORIES}), max_size=2)
    who = {"client": st.just("client"), "discloser": ORGS, "recipient": WHO, "via": ORGS, "records": records_out}
    why = {"purpose": PURPOSES, "purposes": few(PURPOSES), "action": ACTIONS, "basis": few(PAPERS), "ehr": KNOWN}
    kinds = st.sampled_from(["consent", "exception", "implied"])
    return written(LedgerEntry, {"at": MOMENT}, {**who, **why, "basis_kind": kinds, "held_copy": held_copies()})


def ledgers() -> st.SearchStrategy[Ledger]:
    """What was written down of some releases."""
    return st.builds(Ledger, st.lists(ledger_entries(), max_size=2))


def facts() -> st.SearchStrategy[Facts]:
    """What a host asserts: each fact there, not there, or not known."""

    def group(*names: str, **more: Any) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({}, optional={**dict.fromkeys(names, KNOWN), **more})

    order = st.fixed_dictionaries({}, optional={"section": st.sampled_from(["2.64", "2.61"]), "records": few(IDS)})
    agreement = st.fixed_dictionaries({"kind": st.just("QSOA"), "with": ORGS}, optional={"signed": KNOWN})
    contract = st.fixed_dictionaries({"between": few(ORGS, least=2, most=2)}, optional={"part2_clause": KNOWN})
    flags = ("fda_assertion", "report_already_made", "need_to_know", "request_in_writing", "significant_risk_of_serious_bodily_harm")
    maybe = {
        **dict.fromkeys(flags, KNOWN),
        "events": st.dictionaries(EVENTS, MOMENT | st.just("unknown") | st.none(), max_size=2),
        "sources": st.dictionaries(ORGS, few(LABELS), max_size=2),
        "open_run_level": st.integers(0, 4),
        "acted_in_reliance": st.dictionaries(PAPERS, few(IDS), max_size=1),
        "groups": st.dictionaries(ORGS, few(WHO), max_size=1),
        "flags": st.dictionaries(PAPERS, st.just("materially_false"), max_size=1),
        "state_rule": st.sampled_from(["minor_may_consent_alone", "parental_consent_required"]),
        "representative": PEOPLE | st.none(),
        "spouse": PEOPLE | st.none(),
        "emergency": group("bona_fide", "consent_obtainable", "patient_refused", "declared_disaster", "program_closed", ended_at=MOMENT),
        "necessary": few(IDS),
        "legal": group("subpoena", "general_order", "court_mandate", "statutory_mandate", part2_order=order),
        "crime": group("on_premises", "against_staff"),
        "threat": group("credible", "imminent", "victim_identified"),
        "director_finding": group("lacks_capacity", "substantial_threat"),
        "audit": group("written_agreement"),
        "research": group("hipaa_waiver", "hipaa_authorization", "common_rule"),
        "lawful_basis": st.just("9(2)(h)"),
        "agreements": st.lists(agreement, max_size=1),
        "contracts": st.lists(contract, max_size=1),
        "held_copy": held_copies(),
        "ledger": st.lists(ledger_entries(), max_size=2),
    }
    return written(Facts, {}, maybe)
