"""When the exceptions of 42 CFR Part 2 hold: each a question about one matter, with its answer from known facts only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent import reads
from recoverycore.ground.instants import utc_text
from recoverycore_us.accounting import years_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.consent import Facts, Matter, Request

__all__ = [
    "after_death",
    "by_intermediary",
    "by_originator",
    "by_trainee",
    "deidentified",
    "in_emergency",
    "in_own_defence",
    "inside",
    "is_note",
    "not_compelled",
    "not_reported_yet",
    "record_of_emergency",
    "released",
    "serves",
    "three_years",
    "to_a_parent",
    "under_order",
    "used",
    "with_order",
]

_SECTIONS = frozenset({"2.64", "2.65", "2.66"})
_FINDINGS = frozenset({"threat_to_life", "serious_crime", "client_opened"})


@reads(labels=["SUD_NOTES"], categories=["counselling_note"])
def is_note(matter: Matter) -> bool:
    """Whether the record is a counselling note: by its label, or by its category, unless it is known not to be kept apart."""
    if matter.record is None or matter.record.separated is False:
        return False
    return matter.labelled("SUD_NOTES") or matter.filed_as("counselling_note")


@reads()
def in_emergency(matter: Matter) -> bool:
    """No end has come, what is needed is asked for, and consent cannot be had, or a disaster has closed the programme."""
    known = matter.facts.emergency
    if known is None or matter.come(known.ended_at):
        return False
    necessary = matter.facts.necessary
    if necessary is not None and (matter.record is None or matter.record.id not in necessary):
        return False
    nobody_to_ask = known.consent_obtainable is False and known.patient_refused in (None, False)
    disaster = known.declared_disaster is True and known.program_closed is True
    return nobody_to_ask or (disaster and matter.policy["emergency_by_disaster"] is True)


@reads(is_note, categories=["confidential_communication"], discloser_kinds=["researcher", "auditor"])
def under_order(matter: Matter) -> bool:
    """An order under subpart E reaches this record; confidences and notes need its further finding.

    Whoever holds records for research or audit is out of reach of an order.
    """
    order = matter.facts.legal.part2_order if matter.facts.legal else None
    if order is None or order.section not in _SECTIONS or matter.discloser_kind in (None, "researcher", "auditor"):
        return False
    if matter.record is None or matter.record.id not in order.records:
        return False
    confided = is_note(matter) or matter.filed_as("confidential_communication")
    return not confided or order.confidential_communications_finding in _FINDINGS


def with_order(facts: Facts, request: Request) -> Facts:
    """`facts` with an order for what is asked, as a court would make it."""
    order = {
        "section": "2.64",
        "records": [record.id for record in request.records],
        "confidential_communications_finding": "client_opened",
    }
    legal = {} if facts.legal is None else facts.legal.to_data()
    return facts.evolve(legal={**legal, "part2_order": order})


@reads()
def not_compelled(matter: Matter) -> bool:
    """An order allows and does not compel: without a subpoena nobody has to answer."""
    return not matter.facts.holds("legal.subpoena")


@reads()
def not_reported_yet(matter: Matter) -> bool:
    """It has not been made yet: left out means that; where that is not known, the answer is no."""
    return matter.facts.says("report_already_made") in (None, False)


@reads()
def after_death(matter: Matter) -> bool:
    """The client has died."""
    return matter.client.deceased


@reads(discloser_kinds=["intermediary"])
def by_intermediary(matter: Matter) -> bool:
    """The discloser passes records on between others."""
    return matter.discloser_kind == "intermediary"


@reads(relationships=["parent", "guardian"])
def to_a_parent(matter: Matter) -> bool:
    """The client is a minor, and the recipient their parent or guardian."""
    return matter.client.minor and matter.recipient.relationship in ("parent", "guardian")


@reads(is_note)
def in_own_defence(matter: Matter) -> bool:
    """Notes in the programme's own defence; by a choice of policy everything of the client in that action."""
    return is_note(matter) or matter.policy["own_defence_scope"] == "all"


@reads(is_note)
def by_originator(matter: Matter) -> bool:
    """Whoever wrote the note uses it."""
    return is_note(matter) and matter.record is not None and matter.record.originator == matter.recipient.id


@reads(is_note, roles=["supervised-trainee"])
def by_trainee(matter: Matter) -> bool:
    """A trainee under supervision at the programme itself."""
    if not is_note(matter) or matter.recipient.roles is None or matter.discloser is None:
        return False
    calendar = matter.setting.calendar
    return any(
        held.role == "supervised-trainee"
        and held.org == matter.discloser
        and (held.until is None or matter.at < calendar.ends(held.until, "narrow"))
        for held in matter.recipient.roles
    )


@reads(own=True)
def inside(matter: Matter) -> bool:
    """The recipient is of the programme, or has direct administrative control over it."""
    who, here = matter.recipient, matter.discloser
    return here is not None and (here in (who.id, who.org) or here in who.admin_control_of)


@reads()
def used(matter: Matter) -> bool:
    """Somebody looks at the records where they are."""
    return matter.action == "use"


@reads()
def released(matter: Matter) -> bool:
    """The records go out."""
    return matter.action != "use"


@reads(parties=True)
def serves(matter: Matter) -> bool:
    """A signed agreement with the recipient, or with the organisation they are of."""
    who = matter.recipient
    return any(each.kind == "QSOA" and each.with_ in (who.id, who.org) and each.signed is True for each in matter.facts.agreements)


@reads()
def deidentified(matter: Matter) -> bool:
    """The record is known to be de-identified."""
    return matter.record is not None and matter.record.deidentified is True


@reads()
def record_of_emergency(matter: Matter) -> Mapping[str, str]:
    """What the record of an emergency has to hold: who received it and where they are of, who released it, when, and its nature."""
    known = matter.facts.emergency
    return {
        "recipient": matter.recipient.id,
        "affiliation": matter.recipient.org or "to_be_written",
        "discloser": matter.discloser or "to_be_written",
        "at": utc_text(matter.at),
        "nature": "told" if known is not None and known.nature else "to_be_written",
    }


@reads()
def three_years(matter: Matter) -> Mapping[str, str]:
    """From when on an intermediary lists."""
    return {"since": utc_text(years_before(matter, 3))}
