"""What several profiles ask of the form of a paper: written, its elements, an end, and who signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.reference.words import values_of

if TYPE_CHECKING:
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json

ELEMENTS = [
    *("client_name", "discloser", "information_description", "recipient", "purpose"),
    *("revocation_right", "expiration", "signature", "date_signed"),
]
STATEMENTS = ["consequences_of_refusal", "redisclosure_statement"]  # that form tpo wants besides
KNOWN = {*ELEMENTS, *STATEMENTS, "hipaa_redisclosure_statement", "fundraising_opt_out"}


def element_defects(paper: Json, required: list[str]) -> list[str]:
    """Elements found missing that are required, and any that nobody knows."""
    return [f"element:{code}" for code in paper.get("missing_elements") or () if code in required or code not in KNOWN]


def unwritten(paper: Json) -> list[str]:
    """Consent by word of mouth, or nobody knows in what way."""
    return [] if paper.get("written") is True else ["not_written"]


def endless(paper: Json, *forms: str) -> list[str]:
    """No end was written, and the form is not one that needs none."""
    written = (paper.get("expires") or {"kind": "none"})["kind"] != "none"
    return [] if written or paper.get("form") in forms else ["no_expiration"]


def signer_defects(question: Question, paper: Json) -> list[str]:
    """Somebody who had to sign did not."""
    client, signed = question.client, set(paper.get("signed_by") or ())
    parent = bool(signed & {"parent", "guardian"})
    if client.get("deceased"):
        nobody = [question.fact(name, "unknown") is None for name in ("representative", "spouse")]
        kin = ("spouse" in signed and nobody[0]) or ("family_member" in signed and all(nobody))
        right = "personal_representative" in signed or kin
    elif client.get("minor"):
        rules = {"minor_may_consent_alone": "minor_alone", "parental_consent_required": "both"}
        rule = rules.get(question.fact("state_rule"), question.switches["minor_rule_default"])
        right = parent if rule == "parent" else "client" in signed and (parent or rule == "minor_alone")
    elif client.get("capacity") is not False:
        right = "client" in signed
    elif client.get("adjudicated") is False:
        right = "program_director" in signed and question.within("payment")
    else:
        right = "guardian" in signed
    return [] if right else ["signer"]


def counts_as(question: Question, paper: Json, note_labels: set[str]) -> str | None:
    """The form. One that is for notes or proceedings and says more than that is a combined one."""
    form: str | None = paper.get("form")
    boxes = paper.get("boxes") or ()
    labels = {label for box in boxes for label in values_of("labels", box.get("labels") or ())}
    purposes = {purpose for box in boxes for purpose in values_of("purposes", box.get("purposes") or ())}
    if form == "notes" and labels - note_labels:
        return "combined"
    if form == "proceedings" and not all(question.reaches("purposes", ["proceedings"], purpose) for purpose in purposes):
        return "combined"
    return form


def combined_defects(question: Question, form: str | None) -> list[str]:
    """Where the host says so, a combined form is void as a whole."""
    return [] if form != "combined" or question.switches["combined_severable"] else ["combined"]
