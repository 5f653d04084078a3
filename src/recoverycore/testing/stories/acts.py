"""What a host feeds in during a story: one document for each kind of act."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from recoverycore.consent import AnyDirective
from recoverycore.coordination import Obligation
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Text
from recoverycore.ground.sensitive import Sensitive
from recoverycore.plans import CheckInPlan, Cue, Entry, Hypothesis, Observation, SectionName, Use

__all__ = [
    "Act",
    "Ask",
    "Book",
    "Discharge",
    "InTouch",
    "Observe",
    "Owe",
    "PutDirective",
    "Receive",
    "Report",
    "Retract",
    "ReviewSlip",
    "Revise",
    "RunEvent",
    "SumUp",
    "UseEntry",
    "Withdraw",
    "statements_of",
    "use_of",
]


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
    """Something that somebody noticed; `observed_at` is when it happened, left out: now."""

    act: Literal["report"]
    kind: Id
    by: Id | None = None
    observed_at: Instant | None = None
    codes: tuple[Id, ...] = ()


class Retract(_Act):
    """Something that was reported by mistake is taken back; `signal` is the id of the act that reported it."""

    act: Literal["retract"]
    signal: Id
    by: Id
    reason: Sensitive


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
    directive: AnyDirective


class Withdraw(_Act):
    """A consent or a refusal is taken back from now on, for everybody."""

    act: Literal["withdraw"]
    directive: Id
    by: Id


class Observe(_Act):
    """One statement about a goal, as `Observation` has it; it is recorded now."""

    act: Literal["observe"]
    by: Id
    counts: Id | None = None
    date: Day | None = None
    at: Instant | None = None
    value: Literal["yes", "no", "unknown", "declined"] | None = None
    amount: Count | None = None
    total: Count | None = None
    summary_from: Day | None = None
    corrects: Id | None = None
    retracts: Id | None = None


class SumUp(_Act):
    """How often each thing happened in one whole period: `from` is its first date. Kept as one statement for each thing counted."""

    act: Literal["sum_up"]
    by: Id
    from_: Day = Field(alias="from")
    totals: Annotated[dict[Id, Count], Field(min_length=1)]


class ReviewSlip(_Act):
    """A slip was looked back at together, and what may have led to it; or the person declined to."""

    act: Literal["review"]
    slip: Id
    by: Id
    completed_at: Instant | None = None
    declined_at: Instant | None = None
    hypotheses: tuple[Hypothesis, ...] = ()


class Owe(_Act):
    """Something that is owed from now on: a task with an owner and a clock."""

    act: Literal["owe"]
    obligation: Obligation


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
    cites: tuple[Id, ...] = ()
    dismisses: dict[Id, Sensitive] = Field(default_factory=dict)
    add: dict[SectionName, tuple[Entry, ...]] = Field(default_factory=dict)
    activities: tuple[Entry, ...] = ()
    check_ins: tuple[CheckInPlan, ...] = ()
    cues: tuple[Cue, ...] = ()


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
    Receive
    | Report
    | Retract
    | RunEvent
    | Ask
    | PutDirective
    | Withdraw
    | Observe
    | SumUp
    | ReviewSlip
    | Owe
    | UseEntry
    | Revise
    | Book
    | Discharge
    | InTouch,
    Field(discriminator="act"),
]


def statements_of(act: Observe | SumUp, at: Instant, command: str) -> tuple[Observation, ...]:
    """What `act` says, as the entries that are kept: one, or one for each thing that was counted."""
    if isinstance(act, SumUp):
        said = {"by": act.by, "recorded_at": at, "summary_from": act.from_}
        each = ({"id": f"{command}:{name}", "counts": name, "total": total, **said} for name, total in act.totals.items())
        return tuple(Observation.model_validate(fields) for fields in each)
    fields = {name: getattr(act, name) for name in act.model_fields_set - {"act", "id"}}
    return (Observation.model_validate({**fields, "id": command, "recorded_at": at}),)


def use_of(act: UseEntry, at: Instant) -> Use:
    """The line beside the plan that `act` writes."""
    return Use.model_validate({"entry": act.entry, "status": act.status, "at": at, "by": act.by, "with": act.with_, "until": act.until})
