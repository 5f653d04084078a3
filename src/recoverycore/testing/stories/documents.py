"""What a story file holds: people and agreements at the start, dated events, and what must come of them.

Instants may be written as civil times in the story's zone (``2026-11-04T22:47``). Everything else is the library's own
documents. A key that is left out of an expectation is not judged; the list `told` is closed, every other list says "at least".
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.consent import AnyDirective, ProfileDocument
from recoverycore.directory import DirectoryEntry
from recoverycore.escalation import CodeWord, Protocol
from recoverycore.escalation.verification.findings import CODES
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Flag, Id, Instant, Text, Zone
from recoverycore.ground.sensitive import Sensitive
from recoverycore.people import Client, Programme, Service, Team
from recoverycore.plans import AnyRiskWindow, ClientSettings, Goal, History
from recoverycore.risk import Rule
from recoverycore.testing.stories.acts import Act
from recoverycore.testing.stories.expectations import Expect

__all__ = ["LinesPlugin", "Start", "Story", "StoryStep", "Variant"]

Fault = Literal["raises", "hangs", "exits", "rubbish", "coroutine", "nothing"]


class LinesPlugin(Document):
    """A plugin of the story's own that contributes crisis lines to a region: directory entries as they are."""

    name: Id
    region: Id
    entries: tuple[dict[str, JsonValue], ...]


class Start(Document):
    """What holds when the story begins. `code_word_key` is the client's key, in hex, that the digests were made with.

    `floor` takes the place of the library's own floor entry, which is there where a story has none. `providers` carry each channel,
    and `accepted_findings` are what the programme lives with, as in an engine's settings. A story that says neither leaves open whether
    its crisis protocols can be relied on; it is played all the same.
    """

    programme: Programme
    client: Client
    team: Team = Team()
    services: tuple[Service, ...] = ()
    directives: tuple[AnyDirective, ...] = ()
    profile: ProfileDocument | None = None
    settings: ClientSettings | None = None
    goals: tuple[Goal, ...] = ()
    plans: History = History()
    windows: tuple[AnyRiskWindow, ...] = ()
    code_words: tuple[CodeWord, ...] = ()
    code_word_key: Sensitive | None = None
    lines: tuple[LinesPlugin, ...] = ()
    floor: tuple[DirectoryEntry, ...] | None = None
    providers: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    accepted_findings: dict[Id, dict[Id, Text]] = Field(default_factory=dict)
    protocols: tuple[Protocol, ...] = ()
    rules: tuple[Rule, ...] = ()

    @property
    def lived_with(self) -> dict[str, dict[str, str]]:
        """What is accepted, by protocol and code: everything, where a story speaks neither of providers nor of findings."""
        if self.providers or self.accepted_findings:
            return self.accepted_findings
        return {each.id: dict.fromkeys(CODES, "the story does not say who carries its messages") for each in self.protocols}

    @model_validator(mode="after")
    def _own_ids(self) -> Self:
        for name in ("services", "directives", "goals", "windows", "code_words", "protocols", "rules"):
            ids = [each.id for each in getattr(self, name)]
            for index, each in enumerate(ids):
                if each in ids[:index]:
                    raise PydanticCustomError("recovery", "{name}", {"name": "duplicate_id", "at": (name, index, "id")})
        return self


class StoryStep(Document):
    """One instant: what is fed in, what the plugins do meanwhile, and what must have come of it.

    A step that is `fixed` keeps its place where a story is delivered out of order, and nothing is moved across it.
    """

    at: Instant
    do: tuple[Act, ...] = ()
    faults: dict[Id, Fault] = Field(default_factory=dict)
    expect: Expect = Expect()
    fixed: Flag = False
    note: Text | None = None


class Variant(Document):
    """The same story up to an instant, and other steps from there on."""

    id: Id
    replace_from: Instant
    steps: tuple[StoryStep, ...]
    note: Text | None = None


class Story(Document):
    """A synthetic life as data.

    With `reorder_ok` it has to end the same where its steps arrive up to two places out of order, each with its own instant.
    """

    schema_name: ClassVar[str] = "recoverycore/story"

    id: Id
    title: Text
    zone: Zone
    reorder_ok: Flag = False
    start: Start
    steps: tuple[StoryStep, ...] = Field(min_length=1)
    variants: tuple[Variant, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for place, steps in (("steps", self.steps), *((f"variants/{each.id}", each.steps) for each in self.variants)):
            instants = [step.at for step in steps]
            if instants != sorted(instants):
                raise PydanticCustomError("recovery", "{name}", {"name": "steps_out_of_order", "at": tuple(place.split("/"))})
        return self

    def told_as(self, variant: str | None) -> tuple[StoryStep, ...]:
        """The steps of the story, or of one of its variants."""
        if variant is None:
            return self.steps
        found = next(each for each in self.variants if each.id == variant)
        return (*(step for step in self.steps if step.at < found.replace_from), *found.steps)
