"""What the cases of a table show: which directives, axes and rules made the difference somewhere, and which nowhere.

A directive was decisive where some case would come out otherwise without it: of two that say the same, neither is. A rule was decisive
where it decided a record. An axis of a permit was decisive where a record was withheld for want of a permit and this one failed on that
axis alone. So what was never decisive could be left out, or an axis of a permit reach everything, one at a time, and no case would notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from recoverycore.consent import ConsentBook, Profile, TreeDirective
from recoverycore.consent.coverage import AXES
from recoverycore.testing.consent.table_cases import DecisionCase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.consent import AnyDirective, Decision, Directive
    from recoverycore.consent.documents import Box

__all__ = ["Decisive", "decisive"]

_WITHOUT_PERMIT = ("default", "bar:")
_BOX_AXES = {
    "recipient": "recipients",
    "purpose": "purposes",
    "action": "actions",
    "label": "labels",
    "category": "categories",
}


@frozen
class Decisive:
    """Whatever a table's cases could show and never do, by name. A paper that one case has for itself is named with that case before it.

    Without one of `directives` or `rules`, or with a permit that is wider on one of its axes, every case comes out as it did. That is
    no promise about a permit that is narrower there.

    `axes` are those on which some permit says something and none ever decided by itself. `of_permits` gives them for each permit that
    several cases share, `rules` for each profile its rules and bars.
    """

    directives: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    of_permits: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)
    rules: Mapping[str, tuple[str, ...]] = field(factory=dict, hash=False)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "directives": list(self.directives),
            "axes": list(self.axes),
            "of_permits": {name: list(each) for name, each in self.of_permits.items()},
            "rules": {name: list(each) for name, each in self.rules.items()},
        }


@frozen(slots=False)  # what is cached needs room
class _Group:
    """The cases that are decided on the same papers, with what decided in any of them."""

    prefix: str
    cases: tuple[DecisionCase, ...]
    decided: frozenset[str]
    alone: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, cases: list[DecisionCase], *, among: int) -> _Group:
        decisions = [each.decision for each in cases]
        return cls(
            f"{cases[0].id}: " if len(cases) == 1 and among > 1 else "",
            tuple(cases),
            frozenset(name for each in decisions for name in _deciding(each)),
            frozenset(pair for each in decisions for pair in _alone(each)),
        )

    @property
    def book(self) -> ConsentBook:
        """The papers."""
        return self.cases[0].papers.book

    def shows(self, paper: AnyDirective) -> bool:
        """Whether some case would come out otherwise without `paper`."""
        return self._notices(each for each in self.book.directives if each is not paper)

    def _notices(self, directives: Iterable[AnyDirective]) -> bool:
        """Whether some case would come out otherwise with these in place of its papers."""
        book = evolve(self.book, directives=directives)
        return any(each.with_papers(book).differences() != each.differences() for each in self.cases)

    def _further(self, paper: AnyDirective, axis: str) -> bool:
        """Whether some case would come out otherwise if every box of `paper` had everything on `axis`.

        Of several boxes only one is told to have failed; of one, that tells it already.
        """
        if isinstance(paper, TreeDirective) or len(paper.boxes) == 1 or axis not in (*_BOX_AXES, "data_period"):
            return False
        everything = {"data_period": None} if axis == "data_period" else {_BOX_AXES[axis]: "*"}
        wider = paper.evolve(boxes=tuple(box.evolve(**everything) for box in paper.boxes))
        return self._notices(wider if each is paper else each for each in self.book.directives)

    @cached_property
    def shown(self) -> frozenset[tuple[str, str]]:
        """Each permit with each axis that decided by itself."""
        return self.alone.union((paper.id, axis) for paper, axis in self.said() if self._further(paper, axis))

    def said(self) -> Iterator[tuple[AnyDirective, str]]:
        """Each permit with each axis on which it says something."""
        return ((paper, axis) for paper in self.book.directives if paper.permits for axis in _said(paper, self.book))

    def silent(self) -> dict[str, tuple[str, ...]]:
        """For each permit the axes on which it says something and that never decided by themselves."""
        found: dict[str, list[str]] = {}
        for paper, axis in self.said():
            if (paper.id, axis) not in self.shown:
                found.setdefault(paper.id, []).append(axis)
        return {name: tuple(axes) for name, axes in found.items()}


def decisive(cases: Iterable[DecisionCase]) -> Decisive:
    """What in `cases` was never decisive."""
    together: dict[int, list[DecisionCase]] = {}
    for each in cases:
        together.setdefault(id(each.papers), []).append(each)
    groups = [_Group.of(sharing, among=len(together)) for sharing in together.values()]
    said = {axis for group in groups for _, axis in group.said()}
    shown = {axis for group in groups for _, axis in group.shown}
    decided = {name for group in groups for name in group.decided}
    profiles = {each.id: each for group in groups for each in group.book.setting.profiles}
    rules = {name: tuple(_silent(profile, decided)) for name, profile in profiles.items()}
    return Decisive(
        directives=tuple(group.prefix + paper.id for group in groups for paper in group.book.directives if not group.shows(paper)),
        axes=tuple(axis for axis in AXES if axis in said - shown),
        of_permits={name: axes for group in groups if not group.prefix for name, axes in group.silent().items()},
        rules={name: each for name, each in rules.items() if each},
    )


def _deciding(decision: Decision) -> Iterator[str]:
    """The rules and directives that decided something."""
    for rules in decision.rules.values():
        yield from rules
    for each in (decision.basis,) if isinstance(decision.basis, str) else decision.basis or ():
        yield each if each.startswith("rule:") else f"directive:{each}"


def _alone(decision: Decision) -> Iterator[tuple[str, str]]:
    """Each permit with the axis on which it alone failed, of records that are withheld for want of a permit."""
    for record, failed in decision.failed.items():
        wanting = all(rule.startswith(_WITHOUT_PERMIT) for rule in decision.rules[record])
        for directive, axes in failed.items():
            if wanting and decision.records[record] == "deny" and len(axes) == 1:
                yield directive, axes[0]


def _said(paper: AnyDirective, book: ConsentBook) -> Iterator[str]:
    """The axes on which `paper` says something that could keep it from reaching."""
    profiles = book.setting.profiles
    says = {
        "status": paper.status != "active",
        "form": any(each.defects is not _SOUND for each in profiles),
        "not_started": paper.starts is not None or paper.signed_on is not None,
        "ended": paper.expires.kind != "none",
        "revoked": bool(paper.revocations),
        "suspended": bool(paper.suspensions),
        "superseded": any(paper.id in each.supersedes for each in book.directives),
        "discloser": paper.discloser != "*",
        "bar": any(each.bars for each in profiles),
        **(_said_in_a_tree(paper) if isinstance(paper, TreeDirective) else _said_in_boxes(paper)),
    }
    return (axis for axis, narrow in says.items() if narrow)


def _said_in_boxes(paper: Directive) -> dict[str, bool]:
    return {
        **{axis: any(_narrow(box, name) for box in paper.boxes) for axis, name in _BOX_AXES.items()},
        "data_period": any(box.data_period is not None for box in paper.boxes),
        "except": bool(paper.except_),
    }


def _said_in_a_tree(paper: TreeDirective) -> dict[str, bool]:
    """Of a tree only the root is told to have failed, where it permits."""
    named = paper.root.named if paper.decision == "permit" else frozenset()
    return {
        "discloser": paper.discloser not in (None, "*"),
        "recipient": "actor" in named,
        "purpose": "purpose" in named,
        "action": "action" in named,
        "label": "labels" in named,
        "category": bool(named & {"category", "class", "code"}),
        "data_period": "data_period" in named,
        "expression": bool(named) and paper.root.unjudged,
    }


_SOUND = Profile(id="none", version="1").defects
"""What asks nothing of a form."""


def _narrow(box: Box, name: str) -> bool:
    """Whether `box` leaves something out on an axis. Actions that are not written mean disclosing, which is what is mostly asked."""
    written: object = getattr(box, name)
    return written != "*" and not (name == "actions" and written is None)


def _silent(profile: Profile, decided: set[str]) -> Iterator[str]:
    """The bars and rules of a profile that never decided anything."""
    names = [*(f"bar:{each.name}" for each in profile.bars), *(f"rule:{each.name}" for each in profile.rules)]
    return (each for each in names if each not in decided)
