"""What is agreed and written down: the sections of a plan in the person's own words, and the revisions it went through."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, JsonValue, field_validator, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Text, WallTime
from recoverycore.ground.sensitive import Sensitive
from recoverycore.plans.risk_windows import AnyRiskWindow

__all__ = [
    "CheckInPlan",
    "Contact",
    "Content",
    "Cue",
    "Entry",
    "Gap",
    "History",
    "Means",
    "Place",
    "Revision",
    "SECTIONS",
    "Section",
    "SectionName",
]

SectionName = Literal[
    "warning_signs", "own_coping", "people_places", "people_to_ask", "professionals", "safer_surroundings", "worth_living",
    "urgent_signals",
]  # fmt: skip
SECTIONS: tuple[SectionName, ...] = (
    "warning_signs", "own_coping", "people_places", "people_to_ask", "professionals", "safer_surroundings", "worth_living",
    "urgent_signals",
)  # fmt: skip
"""The sections of a safety plan in the order of the ladder. Skipping to emergency help is always possible."""
_FORBIDDEN_MEANS = ("location", "combination", "serial", "key_holder", "make", "model", "quantity", "storage")


class Channel(Document):
    """One way to reach a contact, and whether it was found to work."""

    kind: Id
    status: Literal["ok", "dead", "unknown"] = "unknown"
    verified_on: Day | None = None


class SafeContact(Document):
    """The plan's own note of whether and how somebody may be contacted."""

    rule: Literal["any", "only", "never"]
    details: Sensitive | None = None
    confirmed_on: Day | None = None


class ConsentNote(Document):
    """The plan's own note of what the person said about telling this contact. Consent itself decides elsewhere."""

    state: Literal["granted", "refused", "withdrawn", "unknown"]
    until: Instant | None = None


class Contact(Document):
    """Somebody to turn to. `public` marks a line that everybody may call."""

    person: Id | None = None
    channels: tuple[Channel, ...] = ()
    safe_contact: SafeContact | None = None
    consent: ConsentNote | None = None
    public: Flag = False
    hours: Text | None = None
    knows_of_plan: Flag | None = None


class Place(Document):
    """Somewhere to go, and when it is closed."""

    closed_from: Day | None = None
    reopens_on: Day | None = None


class Means(Document):
    """One step of means safety: voluntary, and declined is a full answer. Never where or how something is kept."""

    kind: Id | None = None
    action: Literal["removed", "locked", "transferred", "disposed", "no_access_confirmed", "declined"] | None = None
    agreed_on: Day | None = None
    by_when: Day | None = None
    confirmed_on: Day | None = None
    confirmed_by: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_details(cls, value: JsonValue) -> JsonValue:
        found = [name for name in _FORBIDDEN_MEANS if isinstance(value, dict) and name in value]
        if found:
            raise _wrong("means_detail_forbidden", found[0])
        return value


class Entry(Document):
    """One line of a plan, in the person's own words, with who said it. At most one of contact, place and means.

    `when` names the risk windows in which it is offered by itself. A code word is never written here; `code_word_ref` is
    the id of its entry among the code words (``code_word_text_present``).
    """

    id: Id
    words: Sensitive | None = None
    by: Literal["client", "peer", "clinician", "supporter", "imported"] | None = None
    recorded_at: Instant | None = None
    replaces: Id | None = None
    likelihood: Annotated[Count, Field(ge=0, le=10)] | None = None
    barrier: Sensitive | None = None
    contact: Contact | None = None
    place: Place | None = None
    means: Means | None = None
    code_word_ref: Id | None = None
    when: tuple[Id, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _no_code_word(cls, value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            inner = value.get("contact")
            if "code_word" in value or (isinstance(inner, dict) and "code_word" in inner):
                raise _wrong("code_word_text_present", "code_word")
        return value

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(each is not None for each in (self.contact, self.place, self.means)) > 1:
            raise _wrong("entry_is_one_thing")
        return self


class Section(Document):
    """One section: its entries, or the reason why it does not apply. Neither is an answer that is still missing."""

    label: Sensitive | None = None
    entries: tuple[Entry, ...] = ()
    not_applicable: Sensitive | None = None


class Gap(Document):
    """A section that is known to be empty, and what is done about it."""

    section: SectionName
    note: Sensitive


class CheckInPlan(Document):
    """Times of being in touch while a risk window is active, from a day on: agreed in the plan, so they come back with it."""

    id: Id
    owner: Id
    when: Id
    times: tuple[WallTime, ...] = Field(min_length=1)
    from_: Day | None = Field(default=None, alias="from")


class Cue(Document):
    """What tends to come before a return to use, in the person's words, and the coping steps they chose for it.

    With a `window` it comes at known times: then its coping is offered ahead of each, at the window's leads.
    """

    id: Id
    words: Sensitive | None = None
    by: Literal["client", "peer", "clinician", "supporter", "imported"] | None = None
    leads_to: Sensitive | None = None
    coping: tuple[Id, ...] = ()
    contacts: tuple[Id, ...] = ()
    window: AnyRiskWindow | None = None


class Content(Document):
    """What one revision says. A safety plan has sections; every kind may have activities and check-ins."""

    kind: Id | None = None
    review_on: Day | None = None
    skip_to_emergency: Flag = True
    sections: dict[SectionName, Section] = Field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    activities: tuple[Entry, ...] = ()
    check_ins: tuple[CheckInPlan, ...] = ()
    cues: tuple[Cue, ...] = ()

    @field_validator("skip_to_emergency")
    @classmethod
    def _always(cls, value: bool) -> bool:  # noqa: FBT001 - pydantic hands it over so
        if not value:
            raise _wrong("skip_to_emergency_fixed")
        return value

    @model_validator(mode="after")
    def _own_ids(self) -> Self:
        ids = [entry.id for entry in self.entries()]
        if len(ids) != len(set(ids)):
            raise _wrong("duplicate_entry", "sections")
        return self

    def entries(self) -> tuple[Entry, ...]:
        """Every entry of the plan, section by section, then the activities."""
        listed = [entry for name in SECTIONS if name in self.sections for entry in self.sections[name].entries]
        return (*listed, *self.activities)


class Acknowledgement(Document):
    """Somebody has seen it, has a copy, or agrees. It is never a promise, and nothing depends on it."""

    at: Instant
    by: Id
    how: Literal["seen", "copy_received", "agreed"]


class Revision(Document):
    """One revision of a plan: what it says, why it was made, by whom. Content never changes once it was activated."""

    kind: Id
    n: Annotated[Count, Field(ge=1)]
    state: Literal["draft", "active", "superseded", "retired", "discarded"] = "draft"
    drafted_at: Instant
    activated_at: Instant | None = None
    ended_at: Instant | None = None
    based_on: Annotated[Count, Field(ge=1)] | None = None
    authors: tuple[Id, ...] = ()
    client_absent_reason: Sensitive | None = None
    reason: Sensitive | None = None
    because_of: tuple[Id, ...] = ()
    """Ids of the events that led to it."""
    agreed_by_client: Flag | None = None
    self_authored: Flag = False
    content: Content = Content()
    cites: tuple[Id, ...] = ()
    dismisses: dict[Id, Sensitive] = Field(default_factory=dict)
    acknowledgements: tuple[Acknowledgement, ...] = ()


class History(Document):
    """Every revision of every plan of one client. `version` counts the commands that were accepted.

    At most one revision of a kind is active (``two_active``); none is ever taken away.
    """

    schema_name: ClassVar[str] = "recoverycore/plan-history"

    version: Annotated[Count, Field(ge=0)] = 0
    commands: tuple[Id, ...] = ()
    revisions: tuple[Revision, ...] = ()

    @model_validator(mode="after")
    def _one_active(self) -> Self:
        active = [each.kind for each in self.revisions if each.state == "active"]
        if len(active) != len(set(active)):
            raise _wrong("two_active", "revisions")
        numbers = [(each.kind, each.n) for each in self.revisions]
        if len(numbers) != len(set(numbers)):
            raise _wrong("duplicate_revision", "revisions")
        return self

    def active(self, kind: str) -> Revision | None:
        """The active revision of `kind`, if there is one."""
        return next((each for each in self.revisions if each.kind == kind and each.state == "active"), None)


def _wrong(name: str, *at: str | int) -> PydanticCustomError:
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at})
