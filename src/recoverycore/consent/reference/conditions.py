"""When a rule of law opens: what must be known to be true of the facts, the recipient and the record. From notes a bar keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.reference.recipients import holds

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.consent.reference.question import Question

    Condition = Callable[[Question], bool]

TPO = ("treatment", "payment", "operations")


def true(*paths: str) -> Condition:
    """All these facts are known to be true; where none is named, always."""
    return lambda question: all(question.fact(path) is True for path in paths)


def both(*conditions: Condition) -> Condition:
    """All of these conditions."""
    return lambda question: all(condition(question) for condition in conditions)


def either(*paths: str) -> Condition:
    """One of these facts is known to be true."""
    return lambda question: any(question.fact(path) is True for path in paths)


def category(name: str) -> Condition:
    """Records of this category."""
    return lambda question: question.record.get("category") == name


def deidentified(question: Question) -> bool:
    """The record names nobody."""
    return question.record.get("deidentified") is True


def is_note(question: Question) -> bool:
    """A counselling note by label or category, unless it is known to stand in the chart."""
    noted = "SUD_NOTES" in question.labels() or question.record.get("category") == "counselling_note"
    return noted and question.record.get("separated") is not False


def is_therapy_note(question: Question) -> bool:
    """The same of psychotherapy, as HIPAA has it."""
    noted = "PSYTHPN" in question.labels() or question.record.get("category") == "psychotherapy_note"
    return noted and question.record.get("separated") is not False


def written_by_recipient(question: Question) -> bool:
    """The recipient made the record."""
    originator = question.record.get("originator")
    return originator is not None and originator == question.recipient.get("id")


def hipaa_reaches(question: Question) -> bool:
    """Treatment, payment and operations by those who do them; in treatment not by whom is known not to treat the client."""
    kind, treats = question.recipient.get("kind"), question.recipient.get("treating_relationship")
    if question.within("treatment"):
        return kind in ("covered_entity", "provider", "part2_program", "medical_personnel") and treats is not False
    if question.within("payment"):
        return kind in ("covered_entity", "health_plan", "third_party_payer", "business_associate")
    return question.within("operations") and kind in ("covered_entity", "business_associate", "health_plan")


def emergency(question: Question) -> bool:
    """In good faith, not over, and consent cannot be had: nobody can be asked, or a disaster closed the program."""
    ended = question.fact("emergency.ended_at")
    over = ended is not None and (ended == "unknown" or question.come(ended, "permit"))
    asked_in_vain = (
        question.fact("emergency.consent_obtainable") is False and question.fact("emergency.patient_refused", absent=False) is False
    )
    disaster = true("emergency.declared_disaster", "emergency.program_closed")(question) and question.switches["emergency_by_disaster"]
    necessary = question.fact("necessary")
    wanted = necessary is None or question.record.get("id") in necessary
    return true("emergency.bona_fide")(question) and not over and (asked_in_vain or disaster) and wanted


def confidences_may_go(question: Question) -> bool:
    """The finding without which no order reaches what was said in confidence."""
    found = question.fact("legal.part2_order.confidential_communications_finding")
    return found in ("threat_to_life", "serious_crime", "client_opened")


def ordered(question: Question) -> bool:
    """An order by the rules of Part 2 names the record; nothing said in confidence without the finding; never from an auditor's hands."""
    return (
        question.fact("legal.part2_order.section") in ("2.64", "2.65", "2.66")
        and question.request["discloser"].get("kind") not in (None, "researcher", "auditor")
        and question.record.get("id") in (question.fact("legal.part2_order.records") or ())
        and (confidences_may_go(question) or question.record.get("category") != "confidential_communication")
    )


def own_people(question: Question) -> bool:
    """Of the program itself, or of those who direct it, and in need of knowing."""
    who, program = question.recipient, question.request["discloser"].get("id")
    inside = question.recipient_is_discloser() or program in (who.get("admin_control_of") or ())
    return question.fact("need_to_know") is True and inside


def trainee(question: Question) -> bool:
    """Supervised, at the discloser."""
    place = question.request["discloser"].get("id")
    return place is not None and holds(question, "supervised-trainee", place, "permit") is True and is_note(question)


def serves(question: Question) -> bool:
    """A signed agreement with a service organisation."""
    wanted, agreements = {"kind": "QSOA", "with": question.recipient.get("id"), "signed": True}, question.fact("agreements") or ()
    return any(wanted == {name: each.get(name) for name in wanted} for each in agreements)


def incapable_minor(question: Question) -> bool:
    """What a parent must hear of a minor who cannot choose for themself and is in danger."""
    related, minor = question.recipient.get("relationship") in ("parent", "guardian"), question.client.get("minor")
    found = true("director_finding.lacks_capacity", "director_finding.substantial_threat")(question)
    return bool(related and minor is True and found and category("threat_facts")(question))


def own_defence(question: Question) -> bool:
    """The notes, or where the host says so every record of the client."""
    return question.switches["own_defence_scope"] == "all" or is_note(question)


def uncompelled(question: Question) -> bool:
    """No subpoena comes with the order."""
    return question.fact("legal.subpoena") is not True


def first_report(question: Question) -> bool:
    """It has not been made yet."""
    return question.fact("report_already_made", absent=False) is False


def dead(question: Question) -> bool:
    """The client has died."""
    return bool(question.client.get("deceased"))


def intermediary(question: Question) -> bool:
    """The discloser passes records between others."""
    return bool(question.request["discloser"].get("kind") == "intermediary")
