"""42 CFR Part 2 as amended in 2024: records of substance use disorder treatment. It applies where an effective label is SUD or below.

Not legal advice: each rule carries its citation and says whether the text itself was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent import Bar, ClassRow, Duty, Profile, RecipientClass, Remedy, Route, Source, Switch, reads
from recoverycore.consent.posets import STAR
from recoverycore_us.forms import ELEMENTS, MINOR_RULE, REVIEWED, badly_signed, missing, signers
from recoverycore_us.hipaa import HIPAA_TPO
from recoverycore_us.part2_facts import is_note, with_order
from recoverycore_us.part2_rules import LEAST, LOG, RULES, TPO

if TYPE_CHECKING:
    from recoverycore.consent import AnyDirective, Matter

__all__ = ["PART2"]

_TPO_STATEMENTS = ("consequences_of_refusal", "redisclosure_statement")
_UNDER_HIPAA = ("covered_entity", "business_associate")
_NOTE_LABELS = frozenset({"SUD", "SUD_NOTES"})


@reads(labels=["SUD"])
def _applies(matter: Matter) -> bool:
    return matter.labelled("SUD")


@reads(purposes=["proceedings"])
def _in_proceedings(matter: Matter) -> bool:
    return matter.within("proceedings")


@reads(badly_signed, kinds=_UNDER_HIPAA)
def _defects(directive: AnyDirective, matter: Matter) -> tuple[str, ...]:
    """What is wrong with a consent: 42 CFR 2.31(a)-(c), 2.14, 2.15."""
    found = [] if directive.written is True else ["not_written"]
    found += missing(directive, _required(directive, matter))
    if directive.expires.kind == "none" and directive.form not in ("tpo", "research"):
        found.append("no_expiration")
    if directive.form == "notes" and directive.conditioned_on_service:
        found.append("conditioned")
    if matter.facts.flags.get(directive.id) == "materially_false":
        found.append("materially_false")
    if badly_signed(directive, matter):
        found.append("signer")
    if not matter.policy["combined_severable"] and _combined(directive, matter):
        found.append("combined")
    return tuple(found)


def _required(directive: AnyDirective, matter: Matter) -> set[str]:
    required = set(ELEMENTS)
    if directive.form == "tpo":
        required.update(_TPO_STATEMENTS)
        if matter.recipient.kind in (None, *_UNDER_HIPAA):
            required.add("hipaa_redisclosure_statement")
    if any(_names(box.purposes, "fundraising", matter) for box in directive.boxes):
        required.add("fundraising_opt_out")
    return required


def _names(purposes: str | tuple[str, ...] | None, purpose: str, matter: Matter) -> bool:
    words = matter.setting.words
    return purposes is not None and words.covers("purpose", words.read("purpose", (STAR,) if purposes == STAR else purposes), purpose)


def _combined(directive: AnyDirective, matter: Matter) -> bool:
    """Whether a consent for notes or proceedings is for something else as well: 42 CFR 2.31(b)(2), (d)."""
    words = matter.setting.words
    if directive.form == "proceedings":
        return any(
            not words.covers("purpose", frozenset({"proceedings"}), each)
            for box in directive.boxes
            for each in words.read("purpose", (STAR,) if box.purposes == STAR else box.purposes or ())
        )
    if directive.form == "notes":
        named = (each for box in directive.boxes for each in words.read("label", (STAR,) if box.labels == STAR else box.labels or ()))
        return any(each not in _NOTE_LABELS for each in named)
    return directive.form == "combined"


@reads(is_note, purposes=["proceedings", *TPO])
def _reaches(directive: AnyDirective, matter: Matter) -> str | None:
    """Where a form does not go: tpo beyond its purposes, notes and proceedings beyond theirs, and a combined one to neither of the two."""
    barred, proceedings = is_note(matter), matter.within("proceedings")
    if _combined(directive, matter):
        return "bar" if barred or proceedings else None
    match directive.form:
        case "tpo":
            return None if matter.within(*TPO) else "purpose"
        case "notes":
            return None if barred else "bar"
        case "proceedings":
            return None if proceedings else "bar"
        case _:
            return None


def _source(section: str) -> Source:
    """The routes to a covered entity and a programme were read in a published copy, the rest was told of elsewhere."""
    return Source(f"42 CFR {section}", "read" if section in ("2.33(b)(1)", "2.33(b)(2)") else "secondary", REVIEWED)


def _by_covered_entity(directive: AnyDirective, matter: Matter) -> bool:
    discloser = matter.request.discloser
    if discloser is None or discloser.kind not in _UNDER_HIPAA or directive.form != "tpo" or not matter.within(*TPO):
        return False
    return HIPAA_TPO.holds(matter.recipient, matter.purpose, matter.setting.words) is True


def _by_programme(_: AnyDirective, matter: Matter) -> bool:
    discloser = matter.request.discloser
    return discloser is not None and discloser.kind == "part2_program" and discloser.covered_entity is False


def _to_contractor(_: AnyDirective, matter: Matter) -> bool:
    if matter.discloser_kind != "lawful_holder" or not matter.within("payment", "operations"):
        return False
    if matter.recipient.kind not in ("contractor", "subcontractor", "legal_representative"):
        return False
    bound = (each.between for each in matter.facts.contracts if each.part2_clause is True)
    return any({matter.discloser, matter.recipient.id} <= {*both} for both in bound)


@reads()
def _through_somebody(matter: Matter) -> bool:
    return matter.recipient.via is not None


def _asked_from_outside(matter: Matter) -> bool:
    return matter.discloser is None or matter.discloser not in (matter.recipient.id, matter.recipient.org)


PART2 = Profile(
    id="us.42cfr2",
    version="2024.1",
    title="42 CFR Part 2 (confidentiality of substance use disorder patient records), as amended 2024",
    reviewed=REVIEWED,
    applies=_applies,
    defects=_defects,
    signers=signers,
    reaches=_reaches,
    bars=(
        Bar(
            name="notes",
            source=_source("2.11, 2.31(b)"),
            holds=is_note,
            forms=frozenset({"notes"}),
            rules=frozenset({"notes-originator", "notes-training", "notes-own-defence", "court-order"}),
            wanted_form="notes",
        ),
        Bar(
            name="proceedings",
            source=_source("2.12(d), 2.31(d)"),
            holds=_in_proceedings,
            forms=frozenset({"proceedings"}),
            rules=frozenset({"court-order"}),
            wanted_form="proceedings",
            remedies=(Remedy("order", with_order),),
        ),
    ),
    rules=RULES,
    classes=(
        RecipientClass(
            "tpo",
            (
                ClassRow(("treatment",), frozenset({"covered_entity", "provider", "part2_program", "medical_personnel"}), "known"),
                ClassRow(("payment",), frozenset({"covered_entity", "health_plan", "third_party_payer", "business_associate"})),
                ClassRow(("operations",), frozenset({"covered_entity", "part2_program", "business_associate", "health_plan", "qso"})),
            ),
        ),
    ),
    routes=(
        Route(
            name="covered-entity",
            source=_source("2.33(b)(1)"),
            holds=_by_covered_entity,
            duties=(LOG,),
            outlives="post_revocation_redisclosure",
        ),
        Route(name="programme", source=_source("2.33(b)(2)"), holds=_by_programme, inside=True, outlives="post_revocation_redisclosure"),
        Route(name="contractor", source=_source("2.33(b)(3), (c)"), holds=_to_contractor, duties=(LOG, LEAST)),
    ),
    consent_duties=(
        Duty("part2_notice", "with"),
        Duty("consent_copy_or_scope", "with"),
        LOG,
        LEAST,
        Duty("intermediary_list_entry", when=_through_somebody),
    ),
    refusal_duties=(
        Duty("non_revealing_refusal", when=_asked_from_outside),
        Duty("offer_alternatives", when=lambda matter: matter.within("duty_to_warn", "adult_protection")),
    ),
    wants_writing=True,
    delayed_revocation=frozenset({"cj_referral"}),
    switches=(
        MINOR_RULE,
        Switch("combined_severable", True, (True, False), "whether a combined form is good for the rest"),  # noqa: FBT003 - a value
        Switch("post_revocation_redisclosure", "deny", ("deny", "permit"), "whether a copy received before a revocation may be passed on"),
        Switch("emergency_by_disaster", True, (True, False), "whether a declared disaster opens the emergency exception"),  # noqa: FBT003
        Switch("tpo_accounting_tolled", False, (True, False), "whether the duty to account is tolled"),  # noqa: FBT003
        Switch("own_defence_scope", "notes", ("notes", "all"), "what a programme may use in its own defence"),
    ),
)
