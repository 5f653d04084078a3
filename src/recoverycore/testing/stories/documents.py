"""What a story file holds: people and agreements at the start, dated events, and what must come of them.

Instants may be written as civil times in the story's zone (``2026-11-04T22:47``). Everything else is the library's own
documents. A key that is left out of an expectation is not judged; the list `told` is closed, every other list says "at least".
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.consent import Directive, ProfileDocument
from recoverycore.directory import DirectoryEntry
from recoverycore.escalation import CodeWord, Protocol
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Number, Text, Zone
from recoverycore.ground.sensitive import Sensitive
from recoverycore.people import Client, Programme, Service, Team
from recoverycore.plans import AnniversaryWindow, CheckInPlan, Entry, History, SectionName, Use
from recoverycore.risk import Rule

__all__ = ["Act", "Expect", "LinesPlugin", "Start", "Story", "StoryStep", "Variant"]

Fault = Literal["raises", "hangs", "exits", "rubbish", "coroutine", "nothing"]


class LinesPlugin(Document):
    """A plugin of the story's own that contributes crisis lines to a region: directory entries as they are."""

    name: Id
    region: Id
    entries: tuple[dict[str, JsonValue], ...]


class Start(Document):
    """What holds when the story begins. `code_word_key` is the client's key, in hex, that the digests were made with.

    `floor` takes the place of the library's own floor entry, which is there where a story has none.
    """

    programme: Programme
    client: Client
    team: Team = Team()
    services: tuple[Service, ...] = ()
    directives: tuple[Directive, ...] = ()
    profile: ProfileDocument | None = None
    plans: History = History()
    windows: tuple[AnniversaryWindow, ...] = ()
    code_words: tuple[CodeWord, ...] = ()
    code_word_key: Sensitive | None = None
    lines: tuple[LinesPlugin, ...] = ()
    floor: tuple[DirectoryEntry, ...] | None = None
    protocols: tuple[Protocol, ...] = ()
    rules: tuple[Rule, ...] = ()


class _Act(Document):
    """Something a host feeds in. Without an `id` of its own it has one from its place in the story."""

    id: Id | None = None


class Receive(_Act):
    """A message of the client."""

    act: Literal["receive"]
    via: Id
    message_id: Id
    text: Sensitive


class Report(_Act):
    """An event that somebody noticed."""

    act: Literal["report"]
    kind: Id
    by: Id | None = None


class RunEvent(_Act):
    """An event of a run; `rule` names the run by the rule that opened it. The other fields are those of the event."""

    act: Literal["event"]
    type: Id
    rule: Id | None = None
    by: Id | None = None
    to: Id | None = None
    target: Id | None = None
    level: Count | None = None
    reason: Text | None = None
    outcome: Id | None = None
    basis: Id | None = None
    until: Instant | None = None
    named_human: Flag | None = None


class Ask(_Act):
    """Somebody asks to see something."""

    act: Literal["ask"]
    who: Id
    what: tuple[Id, ...]
    purpose: Id


class PutDirective(_Act):
    """A directive that is signed now, or the next form of one that was."""

    act: Literal["directive"]
    directive: Directive


class UseEntry(_Act):
    """What became of an entry of a plan."""

    act: Literal["use"]
    entry: Id
    status: Literal["offered", "accepted", "declined", "used", "done", "open"]
    by: Id
    with_: Id | None = Field(default=None, alias="with")
    until: Instant | None = None


class Revise(_Act):
    """The next revision of a plan: what the active one says, and these additions."""

    act: Literal["revise"]
    kind: Id
    authors: tuple[Id, ...]
    reason: Sensitive
    because_of: tuple[Id, ...] = ()
    agreed_by_client: Flag | None = None
    add: dict[SectionName, tuple[Entry, ...]] = Field(default_factory=dict)
    activities: tuple[Entry, ...] = ()
    check_ins: tuple[CheckInPlan, ...] = ()


class Book(_Act):
    """A slot found for the obligation of this kind that is open."""

    act: Literal["book"]
    kind: Id
    slot: Instant
    with_: Id = Field(alias="with")
    by: Id


class Discharge(_Act):
    """The obligation of this kind that is open was met."""

    act: Literal["discharge"]
    kind: Id
    by: Id


class InTouch(_Act):
    """Instants at which the client answered a check-in."""

    act: Literal["in_touch"]
    instants: tuple[Instant, ...]


Act = Annotated[
    Receive | Report | RunEvent | Ask | PutDirective | UseEntry | Revise | Book | Discharge | InTouch, Field(discriminator="act")
]


class Told(Document):
    """One message that the rules ask for, by any channel. `what` are the categories its text may hold.

    Without `as` it is a request or an information.
    """

    to: Id
    why: Id | None = None
    as_: Id | None = Field(default=None, alias="as")
    what: tuple[Id, ...] | None = None
    channel: Id | None = None
    class_: Literal["C0", "C1", "C2"] | None = Field(default=None, alias="class")


class RunIs(Document):
    """How a run stands."""

    status: Id | None = None
    level: Count | None = None
    holder: Id | None = None
    accompanied_by: Id | None = None
    debrief_open: Flag | None = None


class ClockIs(Document):
    """A clock of a run that runs now."""

    kind: Id
    owner: Id | None = None
    due: Instant | None = None


class OwedIs(Document):
    """An obligation, and how it stands."""

    kind: Id
    owner: Id | None = None
    due_by: Instant | None = None
    due_on: Day | None = None
    result_by: Day | None = None
    standing: Id | None = None


class SeenIs(Document):
    """What somebody may see now. `because`: what decides it; where nothing is released, the directives that came nearest."""

    who: Id
    what: tuple[Id, ...]
    purpose: Id
    released: tuple[Id, ...] | None = None
    withheld: tuple[Id, ...] | None = None
    because: tuple[Id, ...] | None = None
    duties: tuple[Id, ...] | None = None


class LinesAre(Document):
    """The crisis lines that are offered now, as ids, and how their numbers are shown."""

    open: tuple[Id, ...] | None = None
    not_offered: tuple[Id, ...] | None = None
    floor: tuple[Id, ...] | None = None
    shown: tuple[Text, ...] | None = None
    floor_text: Text | None = None


class PlanIs(Document):
    """The active revision of a plan."""

    n: Count | None = None
    because_of: tuple[Id, ...] | None = None
    agreed_by_client: Flag | None = None


class CheckInsAre(Document):
    """How check-ins stand, and the series that this step opened."""

    state: Id | None = None
    missed_in_row: Count | None = None
    opened: tuple[dict[str, JsonValue], ...] | None = None


class Expect(Document):
    """What must have come of a step. `audit` are rows of which each must occur with at least these values."""

    told: tuple[Told, ...] | None = None
    runs: dict[Id, RunIs] | None = None
    open_runs: Count | None = None
    clocks: tuple[ClockIs, ...] | None = None
    no_clocks: tuple[Id, ...] | None = None
    owed: tuple[OwedIs, ...] | None = None
    may_see: tuple[SeenIs, ...] | None = None
    lines: LinesAre | None = None
    offers: tuple[dict[str, JsonValue], ...] | None = None
    windows_active: tuple[Id, ...] | None = None
    plans: dict[Id, PlanIs] | None = None
    used: tuple[dict[str, JsonValue], ...] | None = None
    open_means: tuple[Id, ...] | None = None
    check_ins: CheckInsAre | None = None
    audit: tuple[dict[str, JsonValue], ...] | None = None
    terminal: tuple[dict[str, JsonValue], ...] | None = None
    measures: dict[Id, Number | None] | None = None
    never_in_messages: tuple[Sensitive, ...] | None = None


class StoryStep(Document):
    """One instant: what is fed in, what the plugins do meanwhile, and what must have come of it."""

    at: Instant
    do: tuple[Act, ...] = ()
    faults: dict[Id, Fault] = Field(default_factory=dict)
    expect: Expect = Expect()
    note: Text | None = None


class Variant(Document):
    """The same story up to an instant, and other steps from there on."""

    id: Id
    replace_from: Instant
    steps: tuple[StoryStep, ...]
    note: Text | None = None


class Story(Document):
    """A synthetic life as data."""

    schema_name: ClassVar[str] = "recoverycore/story"

    id: Id
    title: Text
    zone: Zone
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


def use_of(act: UseEntry, at: Instant) -> Use:
    """The line beside the plan that `act` writes."""
    return Use.model_validate({"entry": act.entry, "status": act.status, "at": at, "by": act.by, "with": act.with_, "until": act.until})
