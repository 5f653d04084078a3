"""The log beside a plan: what of it was used in a hard hour. The plan itself changes only by a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Id, Instant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.plans.documents import Content

__all__ = ["Use", "means_open"]


class Use(Document):
    """One line of the log: which entry, what became of it, who wrote it down. `until` where it holds for a while."""

    schema_name: ClassVar[str] = "recoverycore/plan-use"

    entry: Id
    status: Literal["offered", "accepted", "declined", "used", "done", "open"]
    at: Instant
    by: Id
    with_: Id | None = Field(default=None, alias="with")
    until: Instant | None = None


def means_open(content: Content, log: Iterable[Use], at: datetime) -> tuple[str, ...]:
    """The ids of the steps of means safety that are not done as of `at`, in the order of the plan.

    A step counts as done when the plan says who confirmed it or the newest line of the log up to `at` says so. A step that
    was declined is answered, not open.
    """
    newest: dict[str, str] = {}
    for line in sorted((each for each in log if each.at <= at), key=lambda each: each.at):
        newest[line.entry] = line.status
    found = []
    for entry in content.entries():
        if entry.means is None:
            continue
        said = newest.get(entry.id)
        settled = said in ("done", "declined") if said else entry.means.confirmed_on is not None or entry.means.action == "declined"
        if not settled:
            found.append(entry.id)
    return tuple(found)
