"""Strategies for the documents of consent: every value is valid as it is built, none is drawn and thrown away.

Each takes no argument and shrinks towards the dullest: one permit, one box, UTC, a morning in June.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from recoverycore.consent import (
    Box,
    ClientFacts,
    Consents,
    Directive,
    Discloser,
    Emergency,
    EmergencyNeeds,
    ExceptBox,
    Facts,
    HeldCopy,
    LedgerEntry,
    Notice,
    Period,
    ProfileDocument,
    Recipient,
    Record,
    Request,
    Revocation,
    RoleHeld,
    Selector,
    Suspension,
    VocabularyAddition,
)
from recoverycore.testing.consent.moments import DAYS, INSTANTS, MOMENTS, SPANS, ZONES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from recoverycore.ground.document import Document

__all__ = [
    "boxes",
    "client_facts",
    "consents",
    "directives",
    "disclosers",
    "emergencies",
    "emergency_needs",
    "except_boxes",
    "facts",
    "held_copies",
    "instants",
    "ledger_entries",
    "notices",
    "periods",
    "profile_documents",
    "recipients",
    "records",
    "requests",
    "revocations",
    "roles_held",
    "selectors",
    "suspensions",
    "vocabulary_additions",
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
MOMENT = st.sampled_from(MOMENTS)


def _few(of: st.SearchStrategy[Any], least: int = 0, most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(of, unique=True, min_size=least, max_size=most).map(tuple)


def _codes(of: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return _few(of) | st.just("*")


@st.composite
def _written(draw: st.DrawFn, kind: type[D], always: Mapping[str, st.SearchStrategy[Any]], maybe: Mapping[str, Any]) -> D:
    """A document with all of `always` and up to four of `maybe`."""
    names = draw(st.lists(st.sampled_from(list(maybe)), unique=True, max_size=4)) if maybe else []
    return kind.model_validate({name: draw(values) for name, values in {**always, **{name: maybe[name] for name in names}}.items()})


def instants() -> st.SearchStrategy[datetime]:
    """Instants with an offset: a plain one, and those around which the clocks of some zone change."""
    return st.sampled_from(INSTANTS)


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


def _axes() -> dict[str, Any]:
    recipients = _few(st.just("*") | selectors()) | st.just("*")
    codes = {"labels": _codes(LABELS), "categories": _codes(CATEGORIES), "purposes": _codes(PURPOSES), "actions": _codes(ACTIONS)}
    return {**codes, "recipients": recipients, "data_period": periods()}


def boxes() -> st.SearchStrategy[Box]:
    """Boxes that show some of their axes."""
    return _written(Box, {}, _axes())


def except_boxes() -> st.SearchStrategy[ExceptBox]:
    """Boxes that are taken away."""
    return _written(ExceptBox, {}, _axes())


def suspensions() -> st.SearchStrategy[Suspension]:
    """Pauses from a day or an instant, to a later one or until further notice."""
    open_ended = MOMENT.map(lambda start: {"from": start})
    return (open_ended | st.sampled_from(SPANS).map(lambda span: {"from": span[0], "to": span[1]})).map(Suspension.model_validate)


def revocations() -> st.SearchStrategy[Revocation]:
    """Revocations, written or not, for everybody or for some."""
    return _written(Revocation, {"at": MOMENT}, {"written": FLAGS, "recipients": _few(WHO, least=1)})


def _expiry() -> st.SearchStrategy[dict[str, Any]]:
    by_day, by_instant = (values.map(lambda value, kind=kind: {"kind": kind, "value": value}) for kind, values in _ENDS)
    return st.just({"kind": "none"}) | by_day | by_instant | EVENTS.map(lambda name: {"kind": "event", "value": name})


_ENDS = (("date", DAY), ("instant", instants()))


def _lasting() -> st.SearchStrategy[dict[str, Any]]:
    """When a paper begins and ends: neither, either, or both in order."""
    begins = MOMENT.map(lambda start: {"starts": start})
    ends = _expiry().map(lambda end: {"expires": end})
    both = st.sampled_from(SPANS).map(lambda span: {"starts": span[0], "expires": _end_at(span[1])})
    return st.just({}) | begins | ends | both


def _end_at(moment: Any) -> dict[str, Any]:
    return {"kind": "instant" if hasattr(moment, "hour") else "date", "value": moment}


@st.composite
def directives(draw: st.DrawFn, ids: st.SearchStrategy[str] = PAPERS) -> Directive:
    """Papers of every polarity, status and form; `ids` are what they are called."""
    always = {"id": ids, "polarity": st.sampled_from(["permit", "deny", "unheard-of"]), "boxes": _few(boxes(), most=2)}
    maybe = {
        "discloser": ORGS | st.just("*"),
        "form": st.sampled_from(["specific", "tpo", "notes", "proceedings", "combined", "cj_referral", "lockbox"]),
        "status": st.sampled_from(["active", "inactive", "draft", "unprocessable", "entered-in-error"]),
        "except": _few(except_boxes(), most=2),
        "signed_by": _few(st.sampled_from(["client", "parent", "guardian", "program_director"])),
        "signed_on": MOMENT,
        "written": FLAGS,
        "signature_kind": st.just("electronic"),
        "missing_elements": _few(st.sampled_from(["signature", "expiration", "unheard-of"])),
        "conditioned_on_service": FLAGS,
        "abuser_signed": FLAGS,
        "revocable_from": _expiry(),
        "suspensions": _few(suspensions(), most=2),
        "revocations": _few(revocations(), most=2),
        "supersedes": _few(PAPERS),
    }
    names = draw(st.lists(st.sampled_from(list(maybe)), unique=True, max_size=4))
    told = {name: draw(values) for name, values in {**always, **{name: maybe[name] for name in names}}.items()}
    return Directive.model_validate({**told, **draw(_lasting())})


def roles_held() -> st.SearchStrategy[RoleHeld]:
    """Memberships, some until a day or an instant."""
    return _written(RoleHeld, {"role": st.sampled_from(["care-team", "probation-officer"])}, {"org": ORGS, "until": MOMENT})


def recipients() -> st.SearchStrategy[Recipient]:
    """People and organisations, and what is known of them."""
    roles = _few(roles_held(), most=2)
    more = {"kind": KINDS, "org": ORGS, "treating_relationship": KNOWN, "via": ORGS, "roles": roles, "admin_control_of": _few(ORGS)}
    return _written(Recipient, {"id": WHO}, {**more, "relationship": st.just("parent")})


def disclosers() -> st.SearchStrategy[Discloser]:
    """Who would release."""
    return _written(Discloser, {"id": ORGS}, {"kind": KINDS, "covered_entity": KNOWN, "org": ORGS, "treating_relationship": KNOWN})


def records(ids: st.SearchStrategy[str] = IDS) -> st.SearchStrategy[Record]:
    """Records by their codes; `ids` are what they are called."""
    more = {"labels": _few(LABELS), "category": CATEGORIES, "source": ORGS, "date": DAY, "separated": KNOWN, "originator": PEOPLE}
    return _written(Record, {"id": ids}, {**more, "deidentified": KNOWN, "class": st.just("Claim"), "code": st.just("F11.2")})


def requests() -> st.SearchStrategy[Request]:
    """Questions about no record, one, or several with different ids."""
    asked = st.lists(records(), unique_by=lambda record: record.id, max_size=2).map(tuple)
    always = {"recipient": recipients(), "at": instants(), "purposes": _few(PURPOSES, most=2), "records": asked}
    return _written(Request, always, {"discloser": disclosers(), "action": ACTIONS})


def client_facts() -> st.SearchStrategy[ClientFacts]:
    """What is known of a client, in zones whose clocks differ."""
    more = {"age": st.integers(0, 120), "minor": FLAGS, "capacity": FLAGS, "adjudicated": KNOWN, "deceased": FLAGS}
    return _written(ClientFacts, {}, {"zone": st.sampled_from(ZONES), **more})


def held_copies() -> st.SearchStrategy[HeldCopy]:
    """Where copies came from, some with hops before."""
    hops = st.fixed_dictionaries({}, optional={"received_under": PAPERS, "holder": ORGS, "limits": except_boxes()})
    more = {"received_at": MOMENT, "chain": _few(PAPERS) | st.lists(hops, max_size=2), "limits": except_boxes()}
    return _written(HeldCopy, {"holder": ORGS, "received_under": PAPERS | st.just("rule:audit")}, more)


def ledger_entries() -> st.SearchStrategy[LedgerEntry]:
    """Releases, told shortly or at length."""
    records_out = st.lists(st.fixed_dictionaries({"id": IDS}, optional={"category": CATEGORIES}), max_size=2)
    who = {"client": st.just("client"), "discloser": ORGS, "recipient": WHO, "via": ORGS, "records": records_out}
    why = {"purpose": PURPOSES, "purposes": _few(PURPOSES), "action": ACTIONS, "basis": _few(PAPERS), "ehr": KNOWN}
    kinds = st.sampled_from(["consent", "exception", "implied"])
    return _written(LedgerEntry, {"at": MOMENT}, {**who, **why, "basis_kind": kinds, "held_copy": held_copies()})


def facts() -> st.SearchStrategy[Facts]:
    """What a host asserts: each fact there, not there, or not known."""

    def group(*names: str, **more: Any) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({}, optional={**dict.fromkeys(names, KNOWN), **more})

    order = st.fixed_dictionaries({}, optional={"section": st.sampled_from(["2.64", "2.61"]), "records": _few(IDS)})
    agreement = st.fixed_dictionaries({"kind": st.just("QSOA"), "with": ORGS}, optional={"signed": KNOWN})
    contract = st.fixed_dictionaries({"between": _few(ORGS, least=2, most=2)}, optional={"part2_clause": KNOWN})
    flags = ("fda_assertion", "report_already_made", "need_to_know", "request_in_writing", "significant_risk_of_serious_bodily_harm")
    maybe = {
        **dict.fromkeys(flags, KNOWN),
        "events": st.dictionaries(EVENTS, MOMENT | st.just("unknown") | st.none(), max_size=2),
        "sources": st.dictionaries(ORGS, _few(LABELS), max_size=2),
        "open_run_level": st.integers(0, 4),
        "acted_in_reliance": st.dictionaries(PAPERS, _few(IDS), max_size=1),
        "groups": st.dictionaries(ORGS, _few(WHO), max_size=1),
        "flags": st.dictionaries(PAPERS, st.just("materially_false"), max_size=1),
        "state_rule": st.sampled_from(["minor_may_consent_alone", "parental_consent_required"]),
        "representative": PEOPLE | st.none(),
        "spouse": PEOPLE | st.none(),
        "emergency": group("bona_fide", "consent_obtainable", "patient_refused", "declared_disaster", "program_closed", ended_at=MOMENT),
        "necessary": _few(IDS),
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
    return _written(Facts, {}, maybe)


ADDED = (
    {},
    {"order": {"label": {"PRISON": ("PAROLE", "PROBATION")}}},
    {"order": {"purpose": {"care": ("treatment",)}}, "aliases": {"purpose": {"CARE": ("care",)}}},
    {"aliases": {"category": {"DX": ("diagnosis",)}, "action": {"show": ("disclose",)}}},
)
"""What may be added to the standard vocabulary without a circle and without taking a name that is taken."""


def vocabulary_additions() -> st.SearchStrategy[VocabularyAddition]:
    """Codes, orders and names that a profile adds."""
    return st.sampled_from(ADDED).map(VocabularyAddition.model_validate)


def notices() -> st.SearchStrategy[Notice]:
    """A notice for a label."""
    return _written(Notice, {"label": LABELS, "notice": st.sampled_from(["part2_notice", "house_notice"])}, {})


def emergency_needs() -> st.SearchStrategy[EmergencyNeeds]:
    """The least level of an open run."""
    return _written(EmergencyNeeds, {"open_run_level_at_least": st.integers(1, 4)}, {})


def emergencies(names: st.SearchStrategy[str] = st.just("crisis")) -> st.SearchStrategy[Emergency]:
    """An emergency in data; `names` are what it is called."""
    roles = _few(st.sampled_from(["care-team", "crisis-team"]), least=1)
    always = {"name": names, "purpose": PURPOSES, "categories": _codes(CATEGORIES), "to_roles": roles, "needs": emergency_needs()}
    return _written(Emergency, always, {"overriding": FLAGS, "duties": st.just(("post_review",))})


def profile_documents() -> st.SearchStrategy[ProfileDocument]:
    """Profiles in data, with emergencies of different names."""
    named = st.lists(emergencies(st.sampled_from(["crisis", "disaster"])), unique_by=lambda each: each.name, max_size=2).map(tuple)
    more = {"vocabulary": vocabulary_additions(), "notices": _few(notices(), most=1), "emergencies": named, "version": st.integers(1, 3)}
    return _written(ProfileDocument, {"id": st.sampled_from(["xx.small", "xx.other"])}, more)


def consents() -> st.SearchStrategy[Consents]:
    """Whole files: papers with different ids, a client, perhaps a profile."""
    papers = st.lists(directives(), unique_by=lambda paper: paper.id, max_size=2).map(tuple)
    return _written(Consents, {"directives": papers}, {"client": client_facts(), "profile": profile_documents()})
