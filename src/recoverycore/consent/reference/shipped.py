"""The other shipped profiles told once more: HIPAA, victim services, Ontario's PHIPA and the GDPR; and the table of all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.consent.reference.conditions import (
    both,
    deidentified,
    either,
    hipaa_reaches,
    is_therapy_note,
    true,
    written_by_recipient,
)
from recoverycore.consent.reference.forms import (
    ELEMENTS,
    combined_defects,
    counts_as,
    element_defects,
    endless,
    signer_defects,
    unwritten,
)
from recoverycore.consent.reference.part2 import Part2
from recoverycore.consent.reference.profiles import Profile, Rule, logged
from recoverycore.consent.reference.words import SINCE_EVER, ends
from recoverycore.ground.instants import calendar_add

if TYPE_CHECKING:
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json


class Hipaa(Profile):
    """us.hipaa: every record. Treatment, payment and operations need no consent; psychotherapy notes do."""

    wants_writing = True
    rules = (
        Rule("hipaa-tpo", "", "*", hipaa_reaches, "log_disclosure"),
        Rule(
            "hipaa-serious-threat",
            "law_enforcement medical_personnel",
            "duty_to_warn",
            true("threat.credible", "threat.imminent"),
            "minimum_necessary log_disclosure",
            overrides=True,
        ),
        Rule("client-access", "client", "client_request", true(), "log_access", overrides=True),
        Rule("notes-originator", "", "treatment", both(written_by_recipient, is_therapy_note), "log_access", actions="use"),
    )

    def defects(self, question: Question, paper: Json) -> list[str]:
        """The form check."""
        found = unwritten(paper) + element_defects(paper, ELEMENTS) + endless(paper, "research") + signer_defects(question, paper)
        return found + combined_defects(question, self._form(question, paper))

    def bars(self, question: Question) -> list[set[str]]:
        """Psychotherapy notes. Which forms reach them is said by `kept_from`."""
        return [{"rule:notes-originator"}] if is_therapy_note(question) else []

    def kept_from(self, question: Question, paper: Json) -> set[str]:
        """Notes go by a notes form, and a notes form reaches nothing else."""
        return {"bar"} if (self._form(question, paper) == "notes") != is_therapy_note(question) else set()

    def refusal_duties(self, question: Question) -> str:
        """A refusal tells nothing."""
        return "non_revealing_refusal" if question.switches["hipaa_nonrevealing"] else ""

    @staticmethod
    def _form(question: Question, paper: Json) -> str | None:
        return counts_as(question, paper, {"PSY", "PSYTHPN"})


class VictimServices(Profile):
    """us.dv: what a victim service provider holds, and whatever speaks of domestic violence."""

    rules = (
        Rule(
            "dv-mandate",
            "",
            "proceedings",
            either("legal.court_mandate", "legal.statutory_mandate"),
            "notify_victim protect_safety log_disclosure",
            overrides=True,
        ),
        Rule("client-access", "client", "client_request", true(), "log_access", overrides=True),
        Rule(
            "dv-aggregate",
            "",
            "reporting",
            both(deidentified, lambda question: question.record.get("category") not in (None, "hashed_identifier")),
            "log_disclosure",
        ),
    )

    def applies(self, question: Question) -> bool:
        """By who discloses, or by the label."""
        return question.request["discloser"].get("kind") == "victim_service_provider" or "SDV" in question.labels()

    def defects(self, question: Question, paper: Json) -> list[str]:
        """The form check."""
        found = unwritten(paper) + endless(paper) + element_defects(paper, ["signature"]) + signer_defects(question, paper)
        found += ["conditioned_on_service"] if paper.get("conditioned_on_service") else []
        return found + (["too_long"] if self._too_long(question, paper) else [])

    def consent_duties(self, question: Question) -> str:
        """No more than is needed."""
        return f"minimum_necessary {logged(question)}"

    def refusal_duties(self, question: Question) -> str:
        """A refusal tells nothing."""
        del question
        return "non_revealing_refusal"

    @staticmethod
    def _too_long(question: Question, paper: Json) -> bool:
        """Where the host limits releases: more calendar days than that, or nobody can say how many."""
        most, end, start = question.switches["dv_max_days"], paper.get("expires") or {"kind": "none"}, question.start(paper, min)
        if most is None:
            return False
        if end["kind"] not in ("date", "instant") or start == SINCE_EVER:
            return True
        return max(ends(end["value"], question.zone)) > calendar_add(start, most, timedelta(), question.zone or "UTC")


class Phipa(Profile):
    """ca.on.phipa: a circle of care that anybody may lock."""

    rules = (
        Rule(
            "phipa-40",
            "medical_personnel provider covered_entity law_enforcement",
            "*",
            true("significant_risk_of_serious_bodily_harm"),
            "log_disclosure notify_patient_of_override",
            overrides=True,
        ),
        Rule(
            "phipa-implied",
            "covered_entity provider medical_personnel",
            "treatment",
            lambda question: question.recipient.get("treating_relationship") is True,
            "log_disclosure",
        ),
    )


class Gdpr(Profile):
    """eu.gdpr: treatment by those bound to secrecy, on its own basis in law."""

    rules = (
        Rule(
            "gdpr-9-2-h",
            "provider medical_personnel",
            "treatment",
            lambda question: question.fact("lawful_basis") == "9(2)(h)",
            "log_disclosure",
        ),
    )


SHIPPED: dict[str, Profile] = {
    "us.42cfr2": Part2(),
    "us.hipaa": Hipaa(),
    "us.dv": VictimServices(),
    "ca.on.phipa": Phipa(),
    "eu.gdpr": Gdpr(),
}
