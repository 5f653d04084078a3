"""Who can see what, as a matrix: a row for each recipient, a column for each kind of record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import field, frozen

from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.words import OF_ONE, day_text
from recoverycore.consent.posets import STAR
from recoverycore.consent.requests import Discloser, Recipient
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.instants import utc_text
from recoverycore.ground.rendering import bundle, render
from recoverycore.ground.text import one_or_more

if TYPE_CHECKING:
    from recoverycore.consent.plan.plan import Plan

__all__ = ["Kind", "Matrix", "Seen", "matrix_of"]

Seen: TypeAlias = Literal["yes", "partly", "no"]
"""Whether a recipient may see a kind for every purpose asked about, for some, or for none."""


@frozen
class Kind:
    """A kind of record: its category and the labels it carries, by a name of the host's."""

    name: str
    category: str | None
    labels: tuple[str, ...] = field(default=(), converter=one_or_more)


@frozen
class Matrix:
    """Who can see which kind of record at an instant. `seen` gives for each recipient and kind, by id and name: yes, partly or no."""

    seen: Mapping[str, Mapping[str, Seen]] = field(hash=False)
    kinds: tuple[Kind, ...]
    purposes: tuple[str, ...]
    at: datetime
    zone: str | None = None
    of_one: bool = False
    """Whether more may be seen of a single record of which more is known: see `words.OF_ONE`."""

    @property
    def caption(self) -> str:
        """What the matrix is about."""
        return f"Who can see what for {' and '.join(each.replace('_', ' ') for each in self.purposes)} on {day_text(self.at, self.zone)}"

    @property
    def limits(self) -> str:
        """What is told beside the table; nothing where it tells all there is."""
        return OF_ONE if self.of_one else ""

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each recipient and kind."""
        kinds = {each.name: each for each in self.kinds}
        return [
            {
                "recipient": who,
                "kind": name,
                "category": kinds[name].category,
                "labels": list(kinds[name].labels),
                "seen": seen,
                "purposes": list(self.purposes),
                "at": utc_text(self.at),
            }
            for who, row in self.seen.items()
            for name, seen in row.items()
        ]

    def __str__(self) -> str:
        names = [each.name for each in self.kinds]
        lines = [["", *names], *([who, *(row[name] for name in names)] for who, row in self.seen.items())]
        widths = [max(len(line[place]) for line in lines) for place in range(len(names) + 1)]
        table = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]
        return "\n".join([self.caption, *table, *([self.limits] if self.limits else [])])

    def to_html(self) -> str:
        """A page of its own with the matrix as a table. No script, and nothing from elsewhere."""
        return render(self, "text/html;page") or ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - notebooks call it so
        return bundle(self)


def matrix_of(  # noqa: PLR0917 - as `Plan.who_can_see` takes them
    plan: Plan,
    recipients: Recipient | str | Iterable[Recipient | str],
    kinds: Kind | str | Iterable[Kind | str] | Mapping[str, Any],
    purposes: str | Iterable[str],
    at: datetime,
    discloser: Discloser | str | None,
    source: str | None,
) -> Matrix:
    """The matrix for these recipients and kinds. Errors: ``discloser_needed``, ``nothing_asked``, ``duplicate_id``, ``naive_time``."""
    whom = [each if isinstance(each, Recipient) else Recipient(id=each) for each in one_or_more(recipients, Recipient)]
    columns = _kinds(kinds)
    wanted = one_or_more(purposes)
    for name, given in (("recipients", whom), ("kinds", columns), ("purposes", wanted)):
        if not given:
            raise DocumentError(problem("nothing_asked", f"/{name}"))
    for name, ids in (("recipients", [each.id for each in whom]), ("kinds", [each.name for each in columns])):
        if len(set(ids)) < len(ids):  # one would stand over the other
            raise DocumentError(problem("duplicate_id", f"/{name}"))
    releasing = _discloser(plan, discloser)

    def seen(recipient: Recipient, kind: Kind) -> Seen:
        answers = [
            plan.permits(
                Cell(
                    discloser=releasing,
                    recipient=recipient,
                    purpose=purpose,
                    action="disclose",
                    labels=kind.labels,
                    category=kind.category,
                    at=at,
                    source=source,
                )
            )
            for purpose in wanted
        ]
        return "yes" if all(answers) else "partly" if any(answers) else "no"

    found = {each.id: {kind.name: seen(each, kind) for kind in columns} for each in whom}
    return Matrix(found, columns, wanted, at, plan.setting.client.zone, plan.of_one)


def _kinds(kinds: Kind | str | Iterable[Kind | str] | Mapping[str, Any]) -> tuple[Kind, ...]:
    """Kinds as they are, from categories alone, or from a mapping of names to a category, or to a category with its labels."""
    if not isinstance(kinds, Mapping):
        return tuple(Kind(each, each) if isinstance(each, str) else each for each in one_or_more(kinds, Kind))
    return tuple(Kind(name, *one_or_more(each)) for name, each in kinds.items())


def _discloser(plan: Plan, given: Discloser | str | None) -> Discloser:
    if isinstance(given, Discloser):
        return given
    if given is not None:
        return Discloser(id=given)
    named = {each.discloser for each in plan.directives} - {None, STAR}
    if len(named) == 1:
        return Discloser(id=str(named.pop()))
    raise DocumentError(problem("discloser_needed"))
