"""us.42cfr2 told once more: records of substance use disorder treatment, as amended in 2024."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from recoverycore.consent.reference.conditions import (
    TPO,
    both,
    category,
    confidences_may_go,
    dead,
    deidentified,
    either,
    emergency,
    first_report,
    hipaa_reaches,
    incapable_minor,
    intermediary,
    is_note,
    ordered,
    own_defence,
    own_people,
    serves,
    trainee,
    true,
    uncompelled,
    written_by_recipient,
)
from recoverycore.consent.reference.forms import (
    ELEMENTS,
    STATEMENTS,
    combined_defects,
    counts_as,
    element_defects,
    endless,
    signer_defects,
    unwritten,
)
from recoverycore.consent.reference.profiles import Profile, Rule, logged

if TYPE_CHECKING:
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json


class Part2(Profile):
    """us.42cfr2: records of substance use disorder treatment. Opt-in."""

    wants_writing, copies_are_disclosures = True, False
    revocable_from = ("cj_referral",)
    note_labels = frozenset({"SUD", "SUD_NOTES"})
    alternatives = ("duty_to_warn", "adult_protection")
    classes: ClassVar[Json] = {
        "tpo": {
            "treatment": "covered_entity provider part2_program medical_personnel",
            "payment": "covered_entity health_plan third_party_payer business_associate",
            "operations": "covered_entity part2_program business_associate health_plan qso",
        }
    }
    # In the order of the regulation; two conditions stand in a row where both are asked.
    rules = (
        Rule(
            "medical-emergency",
            "medical_personnel",
            "emergency_treatment break_glass",
            emergency,
            "minimum_necessary log_disclosure emergency_record post_review",
            overrides=True,
            held=True,
        ),
        Rule(
            "fda",
            "fda",
            "product_error_notification",
            true("fda_assertion"),
            "emergency_record log_disclosure",
            overrides=True,
        ),
        Rule(
            "court-order",
            "",
            "proceedings",
            both(ordered, true("legal.subpoena")),
            "log_disclosure minimum_necessary",
            overrides=True,
            held=True,
        ),
        Rule(
            "court-order",
            "",
            "proceedings",
            both(ordered, uncompelled),
            "log_disclosure minimum_necessary not_compelled",
            overrides=True,
            held=True,
        ),
        Rule(
            "crime-on-premises",
            "law_enforcement",
            "crime_report",
            both(either("crime.on_premises", "crime.against_staff"), category("incident_identity")),
            "log_disclosure",
            overrides=True,
        ),
        Rule(
            "child-abuse-report",
            "child_protection",
            "child_protection",
            both(first_report, category("abuse_report_facts")),
            "log_disclosure",
            overrides=True,
        ),
        Rule("minor-threat", "person", "safety", incapable_minor, "log_disclosure", overrides=True),
        Rule(
            "vital-statistics",
            "vital_statistics",
            "vital_statistics",
            both(dead, category("cause_of_death")),
            "log_disclosure",
            overrides=True,
        ),
        Rule(
            "audit",
            "auditor",
            "audit",
            true("audit.written_agreement"),
            "return_or_destroy no_redisclosure log_disclosure",
            overrides=True,
        ),
        Rule("client-access", "client", "client_request", true(), "log_access", overrides=True),
        Rule(
            "intermediary-list",
            "client",
            "client_request",
            both(intermediary, true("request_in_writing")),
            "respond_within_30_days three_year_window",
            overrides=True,
            actions="list_disclosures",
        ),
        Rule("accounting", "client", "client_request", true(), "", overrides=True, actions="accounting"),
        Rule("notes-originator", "", "treatment", both(written_by_recipient, is_note), "log_access", actions="use"),
        Rule("notes-training", "", "training", trainee, "log_access", actions="use"),
        Rule("notes-own-defence", "", "defence_in_action_by_patient", own_defence, "log_disclosure minimum_necessary"),
        Rule("within-program", "", "treatment payment operations", own_people, "minimum_necessary log_access", actions="use"),
        Rule("within-program", "", "treatment payment operations", own_people, "minimum_necessary log_disclosure", actions="disclose"),
        Rule("qso", "qso", "service_to_program", serves, "minimum_necessary log_disclosure"),
        Rule(
            "research",
            "researcher",
            "research",
            either("research.hipaa_waiver", "research.hipaa_authorization", "research.common_rule"),
            "no_redisclosure deidentified_reports_only log_disclosure",
        ),
        Rule("public-health", "public_health", "public_health", deidentified, "log_disclosure"),
    )

    def applies(self, question: Question) -> bool:
        """SUD or below; and where no record is asked for, its own lists may be."""
        labels = question.labels()
        return not question.request.get("records") or any(question.reaches("labels", ["SUD"], label) for label in labels)

    def defects(self, question: Question, paper: Json) -> list[str]:
        """The form check."""
        form, boxes, required = paper.get("form"), paper.get("boxes") or (), [*ELEMENTS]
        if form == "tpo":
            required += STATEMENTS
            if question.recipient.get("kind") in (None, "covered_entity", "business_associate"):
                required.append("hipaa_redisclosure_statement")
        if any(question.reaches("purposes", box.get("purposes") or (), "fundraising") for box in boxes):
            required.append("fundraising_opt_out")
        found = unwritten(paper) + element_defects(paper, required) + endless(paper, "tpo", "research")
        if form == "notes" and paper.get("conditioned_on_service"):
            found.append("conditioned")
        if "materially_false" in ((question.fact("flags") or {}).get(paper["id"]) or ()):
            found.append("materially_false")
        return found + signer_defects(question, paper) + combined_defects(question, counts_as(question, paper, {*self.note_labels}))

    def bars(self, question: Question) -> list[set[str]]:
        """Notes, and proceedings."""
        found = []
        if is_note(question):
            found.append({"form:notes", "rule:notes-originator", "rule:notes-training", "rule:notes-own-defence"})
            found[-1] |= {"rule:court-order"} if confidences_may_go(question) else set()
        if question.within("proceedings"):
            found.append({"form:proceedings", "rule:court-order"})
        return found

    def kept_from(self, question: Question, paper: Json) -> set[str]:
        """A bar that does not accept the form; notes and proceedings forms reach nothing else; form tpo reaches its three purposes."""
        form = counts_as(question, paper, {*self.note_labels})
        barred = any(f"form:{form}" not in accepted for accepted in self.bars(question))
        beyond = (form == "notes" and not is_note(question)) or (form == "proceedings" and not question.within("proceedings"))
        found = {"bar"} if barred or beyond else set()
        return found | ({"purpose"} if form == "tpo" and not question.within(*TPO) else set())

    def route(self, question: Question, paper: Json) -> str | None:
        """Ways for a copy received under `paper`: by HIPAA, inside the consent itself, or to a contractor."""
        holder = question.request["discloser"]
        kind = holder.get("kind")
        if kind in ("covered_entity", "business_associate"):
            return "log_disclosure" if paper.get("form") == "tpo" and hipaa_reaches(question) else None
        if kind == "part2_program" and holder.get("covered_entity") is False:
            return self.consent_duties(question) if question._replace(action="disclose").inside(paper) else None
        if kind == "lawful_holder" and question.within("payment", "operations"):
            bound = any(
                {holder.get("id"), question.recipient.get("id")} <= set(each.get("between") or ()) and each.get("part2_clause") is True
                for each in question.fact("contracts") or ()
            )
            helps = question.recipient.get("kind") in ("contractor", "subcontractor", "legal_representative")
            return "log_disclosure minimum_necessary" if bound and helps else None
        return None

    def consent_duties(self, question: Question) -> str:
        """The notice, and a copy of the consent or its scope, go along."""
        listed = " intermediary_list_entry" if question.recipient.get("via") else ""
        return f"part2_notice consent_copy_or_scope minimum_necessary {logged(question)}{listed}"

    def refusal_duties(self, question: Question) -> str:
        """A refusal tells nothing, except to the discloser's own people."""
        own = question.recipient_is_discloser()
        return "" if own else "non_revealing_refusal"
