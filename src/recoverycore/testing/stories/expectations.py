"""What must have come of a step of a story. A key that is left out is not judged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Number, Text
from recoverycore.ground.sensitive import Sensitive

__all__ = [
    "CheckInsAre",
    "ClockIs",
    "Expect",
    "GoalIs",
    "LinesAre",
    "OwedIs",
    "PlanAt",
    "PlanIs",
    "PlanWarningIs",
    "RunIs",
    "SeenIs",
    "SlipIs",
    "Told",
]

Kept = Literal["client", "directive", "goal", "lapse", "obligation", "observation", "plans", "protocol", "rule", "signal", "team", "window"]
"""The kinds of documents of which a step may be expected to change nothing."""


class Told(Document):
    """One message that the rules ask for, by any channel. `what` are the categories its text may hold.

    Without `as` it is a request, an information or a notice.
    """

    to: Id
    why: Id | None = None
    as_: Id | None = Field(default=None, alias="as")
    what: tuple[Id, ...] | None = None
    about: Id | None = None
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
    about: Id | None = None
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
    authors: tuple[Id, ...] | None = None
    because_of: tuple[Id, ...] | None = None
    agreed_by_client: Flag | None = None
    cites: tuple[Id, ...] | None = None


class PlanAt(Document):
    """Which revision of a plan was in force at an instant, as is known now, and how many risk windows its cues had."""

    kind: Id
    at: Instant
    n: Count | None = None
    windows: Count | None = None


class GoalIs(Document):
    """How a goal stands: its newest period, and how many of the closed ones were met, not met, or nobody can tell.

    `value` is the number of the newest period, null where it is not certain; `best` the first date of the closed period with
    the greatest certain number, the latest of several.
    """

    start: Day | None = None
    status: Literal["met", "not_met", "cannot_tell"] | None = None
    value: JsonValue = None
    met: Count | None = None
    not_met: Count | None = None
    cannot_tell: Count | None = None
    suggestion: Id | None = None
    best: Day | None = None


class SlipIs(Document):
    """A slip that was reported: `on` is the local day of it, `week_of` the first date of its week."""

    id: Id
    on: Day | None = None
    week_of: Day | None = None
    reported_after_minutes: Count | None = None


class PlanWarningIs(Document):
    """An entry of an active plan that counts on somebody whom no consent lets anybody be in touch with."""

    entry: Id
    code: Literal["consent_missing", "consent_unknown"] | None = None
    plan: Id | None = None
    person: Id | None = None


class CheckInsAre(Document):
    """How check-ins stand, and the series that this step opened."""

    state: Id | None = None
    missed_in_row: Count | None = None
    opened: tuple[dict[str, JsonValue], ...] | None = None


class Expect(Document):
    """What must have come of a step. `audit` are rows of which each must occur with at least these values.

    `told`, `still_owed`, `slips` and `plan_warnings` are closed lists; `unchanged` names kinds of documents that the step left
    as they were.
    """

    told: tuple[Told, ...] | None = None
    runs: dict[Id, RunIs] | None = None
    open_runs: Count | None = None
    clocks: tuple[ClockIs, ...] | None = None
    no_clocks: tuple[Id, ...] | None = None
    owed: tuple[OwedIs, ...] | None = None
    still_owed: tuple[OwedIs, ...] | None = None
    goals: dict[Id, GoalIs] | None = None
    slips: tuple[SlipIs, ...] | None = None
    unchanged: tuple[Kept, ...] | None = None
    may_see: tuple[SeenIs, ...] | None = None
    lines: LinesAre | None = None
    offers: tuple[dict[str, JsonValue], ...] | None = None
    windows_active: tuple[Id, ...] | None = None
    plans: dict[Id, PlanIs] | None = None
    plan_at: tuple[PlanAt, ...] | None = None
    plan_warnings: tuple[PlanWarningIs, ...] | None = None
    used: tuple[dict[str, JsonValue], ...] | None = None
    open_means: tuple[Id, ...] | None = None
    check_ins: CheckInsAre | None = None
    audit: tuple[dict[str, JsonValue], ...] | None = None
    terminal: tuple[dict[str, JsonValue], ...] | None = None
    measures: dict[Id, Number | None] | None = None
    never_in_messages: tuple[Sensitive, ...] | None = None
