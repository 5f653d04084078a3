"""Decision tables as people write them: what is given, questions in short or in full, and what has to come of each.

A file is one case, or a table: what all rows share stands above, and each row asks one question. Whatever a case leaves out of `given`
or of `when`, the table's own holds for it.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, JsonValue, Tag, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.consent import AnyDirective, ClientFacts, Discloser, Facts, ProfileDocument, Recipient, Record, Request, RoleHeld
from recoverycore.consent.facts import Known
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Id, Instant, Text, in_text_only

__all__ = ["Case", "ConsentTable", "Expectation", "Given", "GivenAlone", "Question", "Restrictor", "Row"]


def _shape(value: Any) -> str:
    """Which form `value` is written in: a text, a list, or a whole object."""
    return "text" if isinstance(value, str) else "list" if isinstance(value, list | tuple) else "whole"


Recipients: TypeAlias = Annotated[Annotated[Id, Tag("text")] | Annotated[Recipient, Tag("whole")], Discriminator(_shape)]
Disclosers: TypeAlias = Annotated[Annotated[Id, Tag("text")] | Annotated[Discloser, Tag("whole")], Discriminator(_shape)]
Roles: TypeAlias = Annotated[Annotated[Id, Tag("text")] | Annotated[RoleHeld, Tag("whole")], Discriminator(_shape)]
OneSeen: TypeAlias = Annotated[Annotated[Id, Tag("text")] | Annotated[Record, Tag("whole")], Discriminator(_shape)]
Seen: TypeAlias = Annotated[
    Annotated[Id, Tag("text")] | Annotated[Record, Tag("whole")] | Annotated[tuple[OneSeen, ...], Tag("list")], Discriminator(_shape)
]
Purposes: TypeAlias = Annotated[Annotated[Id, Tag("text")] | Annotated[tuple[Id, ...], Tag("list")], Discriminator(_shape)]
Bases: TypeAlias = Annotated[Annotated[Id, Tag("text")] | Annotated[tuple[Id, ...], Tag("list")], Discriminator(_shape)]
OneVerdict: TypeAlias = Literal["permit", "deny", "partial"]


class Restrictor(Document):
    """What a narrowing plugin would answer: ``none``, ``deny`` or ``permit``; anything else is an error of the plugin."""

    name: Id
    answer: Id = "deny"
    records: tuple[Id, ...] | None = None


class Given(Document):
    """What a decision is made on beside the question. `profiles` are named, and brought by installed plugins of the same names.

    `loaded` are those of them that are there; left out, all of them. `profile` is a data-only one. `policy` chooses switches;
    `switches` is another name for it.
    """

    profiles: tuple[Id, ...] = ()
    loaded: tuple[Id, ...] | None = None
    profile: ProfileDocument | None = None
    restrictors: tuple[Restrictor, ...] = ()
    client: ClientFacts = ClientFacts()
    directives: tuple[AnyDirective, ...] = ()
    facts: Facts = Facts()
    policy: dict[Id, JsonValue] = Field(default_factory=dict)
    switches: dict[Id, JsonValue] = Field(default_factory=dict)

    @field_validator("policy", "switches")
    @classmethod
    def _from_text(cls, value: dict[str, JsonValue], info: ValidationInfo) -> dict[str, JsonValue]:
        return {name: _read(each) for name, each in value.items()} if in_text_only(info) else value

    @property
    def chosen(self) -> dict[str, JsonValue]:
        """The switches that are chosen."""
        return {**self.switches, **self.policy}


def _read(value: JsonValue) -> JsonValue:
    """A choice as it is meant where a format has text only."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() else value


class Question(Document):
    """Who would see what, for which purposes, when, and from whom: as a whole `request`, or in short.

    In short `who` is an id, with what is known of them beside it, or a whole recipient; `sees` names categories, each with the
    `labels`, or whole records. `roles` left out means that nobody asked which are held; an empty list, none. Beside a `request`
    the short words take the place of its parts.
    """

    request: Request | None = None
    who: Recipients | None = None
    kind: Id | None = None
    org: Id | None = None
    via: Id | None = None
    treating_relationship: Known = None
    roles: tuple[Roles, ...] | None = None
    sees: Seen | None = None
    labels: tuple[Id, ...] = ()
    why: Purposes | None = None
    at: Instant | None = None
    discloser: Disclosers | None = None
    action: Id | None = None

    def over(self, shared: Question) -> Question:
        """The question with what it leaves out taken from `shared`; a whole request takes nothing from it."""
        if self.request is not None:
            return self
        own = {name: getattr(self, name) for name in Question.model_fields if name in self.model_fields_set}
        return shared.evolve(**own)


class Expectation(Document):
    """What has to come of a question; what is left out is not judged.

    `obligations` have to be there, beside any others, and `obligations_absent` must not. `failed` gives for a directive and a record all
    axes on which it fails. Each code of `needed` has to occur in some alternative of the explanation.
    """

    decision: OneVerdict | None = None
    basis: Bases | None = None
    withheld: tuple[Id, ...] | None = None
    entries: tuple[Text, ...] | None = None
    obligations: tuple[Id, ...] = ()
    obligations_absent: tuple[Id, ...] = ()
    failed: dict[Id, dict[Id, tuple[Id, ...]]] = Field(default_factory=dict)
    needed: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("recovery", "{name}", {"name": "nothing_expected"})
        return self


Expected: TypeAlias = Annotated[Annotated[OneVerdict, Tag("text")] | Annotated[Expectation, Tag("whole")], Discriminator(_shape)]


class Row(Question):
    """One question in short and what has to come of it, most often a verdict alone."""

    id: Id | None = None
    title: Text = ""
    expect: Expected | None = None


class Case(Document):
    """What is given, what is asked, and what has to come of it. `reason`, `cite` and `confidence` are for readers."""

    id: Id | None = None
    title: Text = ""
    tags: tuple[Text, ...] = ()
    given: Given = Given()
    when: Question = Question()
    expect: Expected | None = None
    reason: Text = ""
    cite: Text | tuple[Text, ...] = ""
    confidence: Text = ""


class ConsentTable(Case):
    """A case, or what many cases and rows share. `conventions`, `about` and `count` are for readers."""

    schema_name: ClassVar[str] = "recoverycore/consent-table"

    cases: tuple[Case, ...] = ()
    rows: tuple[Row, ...] = ()
    about: Text = ""
    conventions: dict[Id, JsonValue] = Field(default_factory=dict)
    count: Count | None = None

    @model_validator(mode="after")
    def _own_ids(self) -> Self:
        seen: set[str] = set()
        groups: dict[str, tuple[Case | Row, ...]] = {"cases": self.cases, "rows": self.rows}
        for name, group in groups.items():
            for index, each in enumerate(group):
                if each.id in seen:
                    raise PydanticCustomError("recovery", "{name}", {"name": "duplicate_id", "at": (name, index, "id")})
                seen |= {each.id} if each.id else set()
        return self


class GivenAlone(Given):
    """What is given, at the top of a file, and perhaps one question beside it with what has to come of it."""

    when: Question = Question()
    expect: Expected | None = None
