"""What a host asserts beside a request: events, sources, findings, agreements, what a copy was received under.

Whatever is absent is not known: it never lets a permit or an exception through and never lifts a deny. Fields that say "absent means no"
are the named exceptions. A profile of your own reads facts of its own from ``x-*`` fields.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from recoverycore.consent.documents import DayOrInstant, ExceptBox, day_or_instant, refuse
from recoverycore.consent.posets import STAR
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Text

__all__ = [
    "Agreement",
    "AuditFacts",
    "Contract",
    "CourtOrder",
    "CrimeFacts",
    "DirectorFinding",
    "EmergencyFacts",
    "EventState",
    "Facts",
    "HeldCopy",
    "Hop",
    "Known",
    "LedgerEntry",
    "LegalFacts",
    "ReleasedRecord",
    "ResearchFacts",
    "ThreatFacts",
    "points",
]


def _event_kind(value: Any) -> str:
    if value is None or value == "unknown":
        return str(value).lower()
    return day_or_instant(value)


EventState: TypeAlias = Annotated[
    Annotated[Day, Tag("day")]
    | Annotated[Instant, Tag("instant")]
    | Annotated[Literal["unknown"], Tag("unknown")]
    | Annotated[None, Tag("none")],
    Discriminator(_event_kind),
]
"""When an event happened; None if it has not, ``unknown`` if nobody can say."""


def _known_kind(value: Any) -> str:
    return "unknown" if value == "unknown" else "none" if value is None else "flag"


Known: TypeAlias = Annotated[
    Annotated[Flag, Tag("flag")] | Annotated[Literal["unknown"], Tag("unknown")] | Annotated[None, Tag("none")],
    Discriminator(_known_kind),
]
"""True or false, where somebody knows; ``unknown``, null and absent all mean that nobody does."""


def points(codes: tuple[str, ...]) -> tuple[str, ...]:
    """`codes` as they are: a request, a record or a fact names single values."""
    if STAR in codes:
        raise refuse("star_is_no_value", codes.index(STAR))
    return codes


class EmergencyFacts(Document):
    """What is known of a medical emergency. `patient_refused` left out means no; `nature` is for the record made afterwards."""

    bona_fide: Known = None
    consent_obtainable: Known = None
    patient_refused: Known = None
    declared_disaster: Known = None
    program_closed: Known = None
    ended_at: DayOrInstant | None = None
    nature: Text | None = Field(default=None, repr=False)
    declared_by: Id | None = None


class CourtOrder(Document):
    """An order made under 42 CFR Part 2, subpart E: its section, its records, and the finding, if any, that opens confidences."""

    section: Id | None = None
    records: tuple[Id, ...] = ()
    confidential_communications_finding: Id | None = None


class LegalFacts(Document):
    """What a court or a statute has said. A subpoena or a general order authorises nothing by itself."""

    subpoena: Known = None
    general_order: Known = None
    part2_order: CourtOrder | None = None
    court_mandate: Known = None
    statutory_mandate: Known = None


class CrimeFacts(Document):
    """Where a crime, or a threat of one, took place and whom it was against."""

    on_premises: Known = None
    against_staff: Known = None


class ThreatFacts(Document):
    """What is known of a threat against somebody."""

    credible: Known = None
    imminent: Known = None
    victim_identified: Known = None


class DirectorFinding(Document):
    """What the director of the programme found about a minor."""

    lacks_capacity: Known = None
    substantial_threat: Known = None


class AuditFacts(Document):
    """What an auditor has undertaken."""

    written_agreement: Known = None


class ResearchFacts(Document):
    """On what a disclosure for research rests."""

    hipaa_waiver: Known = None
    hipaa_authorization: Known = None
    common_rule: Known = None


class Agreement(Document):
    """An agreement of the discloser with somebody who serves it."""

    kind: Id
    with_: Id = Field(alias="with")
    signed: Known = None


class Contract(Document):
    """A written contract between two parties; `part2_clause` binds the one to the rules of the other."""

    between: tuple[Id, ...]
    part2_clause: Known = None


class Hop(Document):
    """One earlier passing on: what the copy was received under, by whom, and what it was limited to at most, in the shape of a box."""

    received_under: Id | None = None
    holder: Id | None = None
    limits: ExceptBox | None = None


def _hop_kind(value: Any) -> str:
    return "under" if isinstance(value, str) else "hop"


AnyHop: TypeAlias = Annotated[Annotated[Id, Tag("under")] | Annotated[Hop, Tag("hop")], Discriminator(_hop_kind)]
"""A hop, or only the directive or rule that the copy was received under."""


class HeldCopy(Document):
    """Where a copy came from: who holds it, under which directive or rule it was received, and when.

    `chain` tells the earlier hops, the oldest first; `limits` what the copy may be passed on for at most, in the shape of a box.
    """

    holder: Id
    received_under: Id
    received_at: DayOrInstant | None = None
    chain: tuple[AnyHop, ...] = ()
    limits: ExceptBox | None = None
    notice: Id | None = None

    @property
    def hops(self) -> tuple[Hop, ...]:
        """Every hop, the oldest first and the last one at the end, each written out."""
        earlier = tuple(Hop(received_under=each) if isinstance(each, str) else each for each in self.chain)
        return (*earlier, Hop(received_under=self.received_under, holder=self.holder, limits=self.limits))


class ReleasedRecord(Document):
    """A record that was released, by its id and kind only."""

    id: Id
    category: Id | None = None


class LedgerEntry(Document):
    """One release: when, from whom, to whom, for what, and on which basis. Lists of disclosures are read from these.

    A short entry says `at`, one `purpose` and `ehr` only. Without `basis_kind` it was made with consent. `obligations` are the duties
    of writing the release down that the entry meets (``log_disclosure``, ``log_access``, ``intermediary_list_entry``).
    """

    schema_name: ClassVar[str] = "recoverycore/consent-ledger-entry"

    at: DayOrInstant
    client: Id | None = None
    discloser: Id | None = None
    recipient: Id | None = None
    via: Id | None = None
    purpose: Id | None = None
    purposes: tuple[Id, ...] = ()
    action: Id | None = None
    records: tuple[ReleasedRecord, ...] = ()
    basis: tuple[Id, ...] = ()
    basis_kind: Literal["consent", "exception", "implied"] | None = None
    profiles: tuple[Id, ...] = ()
    ehr: Known = None
    held_copy: HeldCopy | None = None
    digest: Id | None = None
    obligations: tuple[Id, ...] = ()


class Facts(Document):
    """What the host asserts beside the request; what it leaves out is not known.

    `events` says when the events that end directives happened. `sources` gives the labels of whatever a source made.
    `open_run_level` is the level of the client's open escalation run, 0 where it is known that there is none.
    `acted_in_reliance` lists, by directive, the records on which somebody acted before the directive was revoked. `flags` marks
    directives known to be ``materially_false``. `necessary` lists the records an emergency needs; left out, there is no limit.
    `representative` and `spouse` given as null are known not to be; left out, nobody knows. `report_already_made` left out means no.
    """

    schema_name: ClassVar[str] = "recoverycore/consent-facts"

    events: dict[Id, EventState] = Field(default_factory=dict)
    sources: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    open_run_level: Annotated[Count, Field(ge=0, le=4)] | None = None
    acted_in_reliance: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    groups: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    flags: dict[Id, Id] = Field(default_factory=dict)
    state_rule: Id | None = None
    representative: Id | None = None
    spouse: Id | None = None
    emergency: EmergencyFacts | None = None
    necessary: tuple[Id, ...] | None = None
    fda_assertion: Known = None
    legal: LegalFacts | None = None
    crime: CrimeFacts | None = None
    threat: ThreatFacts | None = None
    report_already_made: Known = None
    director_finding: DirectorFinding | None = None
    audit: AuditFacts | None = None
    research: ResearchFacts | None = None
    need_to_know: Known = None
    request_in_writing: Known = None
    significant_risk_of_serious_bodily_harm: Known = None
    lawful_basis: Id | None = None
    agreements: tuple[Agreement, ...] = ()
    contracts: tuple[Contract, ...] = ()
    held_copy: HeldCopy | None = None
    ledger: tuple[LedgerEntry, ...] = ()

    @field_validator("sources")
    @classmethod
    def _single_labels(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for labels in value.values():
            points(labels)
        return value

    def says(self, path: str) -> Any:
        """The fact at a dotted `path`; None where any part of it is not known."""
        found: Any = self
        for name in path.split("."):
            found = getattr(found, name, None)
        return found

    def holds(self, path: str) -> bool:
        """Whether the fact at `path` is known to be true."""
        return self.says(path) is True
