"""What must have come of a step of a story. A key that is left out is not judged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Number, Text
from recoverycore.ground.sensitive import Sensitive

__all__ = ["CheckInsAre", "ClockIs", "Expect", "LinesAre", "OwedIs", "PlanIs", "RunIs", "SeenIs", "Told"]


class Told(Document):
    """One message that the rules ask for, by any channel. `what` are the categories its text may hold.

    Without `as` it is a request, an information or a notice.
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
