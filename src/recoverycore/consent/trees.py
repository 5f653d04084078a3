"""Trees of provisions, in which HL7 FHIR writes consent: a root that says when and how it applies, and below it exceptions to it.

Each level excepts from the one above: without a type of its own a provision has the opposite polarity of its parent. What a tree says
of a matter is worked out in `branches`; reading it from a resource of FHIR is left to a plugin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from attrs import frozen
from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.consent.documents import (
    Box,
    DayOrInstant,
    Directive,
    Period,
    Selector,
    SignedPaper,
    Star,
    ends_before,
    refuse,
    star_or_listed,
)
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Id, Text
from recoverycore.ground.problems import pointer

__all__ = [
    "DEEPEST",
    "MOST",
    "ROOT",
    "AnyDirective",
    "Criteria",
    "Format",
    "Polarity",
    "Provision",
    "TimeSpan",
    "TreeDirective",
    "in_format",
    "opposite",
    "read_directive",
]

DEEPEST = 32
"""So many levels of provisions a tree may have below its root. Published ones have three; a deeper one is nobody's intention."""
MOST = 1000
"""So many provisions a tree may have altogether."""

ROOT = pointer(("root",))
"""The place of the root."""

Format: TypeAlias = Literal["fhir-r4", "fhir-r5"]
Polarity: TypeAlias = Literal["permit", "deny"]
Values: TypeAlias = Annotated[Star | Annotated[tuple[Id, ...], Field(min_length=1), Tag("listed")], Discriminator(star_or_listed)]
"""Values of one criterion, of which one has to fit; ``*`` is every value. An empty list says nothing and is refused."""


_BOXES, _TREE = "in boxes", "as a tree"
"""The two ways in which a paper is written; no field is called so, and places of errors leave them out."""


def _written_as(value: Any) -> str:
    """Whether a paper is written as boxes or as a tree, which names the format it is in."""
    named = "format" in value if isinstance(value, Mapping) else isinstance(value, TreeDirective)
    return _TREE if named else _BOXES


def opposite(polarity: Polarity) -> Polarity:
    """The other polarity."""
    return "deny" if polarity == "permit" else "permit"


class TimeSpan(Document):
    """When a provision holds: from the start on, up to and without the end. A date-only end includes its whole local day."""

    start: DayOrInstant | None = None
    end: DayOrInstant | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None and ends_before(self.start, self.end):
            raise refuse("consent_ends_before_start", "end")
        return self


class Criteria(Document):
    """What has to fit for a provision to speak. All criteria have to, of each one value. No criteria fit everything.

    `actor` are ids of recipients, their organisations, or groups whose members the facts name. `period` is when the rule holds,
    `data_period` when the data was made. Nobody here can judge an `expression`, what is `unread` (the names of elements that a reader
    could not take over), or a field of your own (``x-``): each is not known, so no permit fits it and every deny does.
    """

    actor: Values | None = None
    purpose: Values | None = None
    labels: Values | None = None
    class_: Values | None = Field(default=None, alias="class")
    category: Values | None = None
    code: Values | None = None
    action: Values | None = None
    period: TimeSpan | None = None
    data_period: Period | None = None
    expression: Text | None = Field(default=None, repr=False)
    unread: tuple[Id, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """The criteria that are given, by their names in the document."""
        fields = ("actor", "purpose", "labels", "class_", "category", "code", "action", "period", "data_period", "expression")
        shown = {name.rstrip("_") for name in fields if getattr(self, name) is not None}
        return frozenset(shown | self._others)

    @property
    def unjudged(self) -> bool:
        """Whether one of the criteria is none that can be judged here."""
        return self.expression is not None or bool(self._others)

    @property
    def _others(self) -> set[str]:
        return {*(("unread",) if self.unread else ()), *self.extensions}


def _measured(value: Any) -> None:
    """Refuse a tree that is too deep or too large before anything walks down it. One that runs in a circle is too deep."""
    waiting, seen = [(value, 0)], 0
    while waiting:
        each, depth = waiting.pop()
        below = each.get("provisions") if isinstance(each, dict) else getattr(each, "provisions", None)
        if not isinstance(below, list | tuple) or not below:
            continue
        seen += len(below)
        if depth == DEEPEST:
            raise PydanticCustomError("recovery", "{name}", {"name": "tree_too_deep", "detail": f"more than {DEEPEST} levels"})
        if seen > MOST:
            raise PydanticCustomError("recovery", "{name}", {"name": "tree_too_large", "detail": f"more than {MOST} provisions"})
        waiting += [(one, depth + 1) for one in below]


class Provision(Criteria):
    """An exception to whatever it stands below, with exceptions of its own. Without a `type` it has the opposite polarity."""

    type: Polarity | None = None
    provisions: tuple[Provision, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _of_a_size(cls, value: Any) -> Any:
        _measured(value)
        return value


class TreeDirective(SignedPaper):
    """A paper whose content is a tree. `decision` is the polarity of the root, `root` says when the document applies at all.

    Release 5 of FHIR has no types: one that says a parent's polarity again is refused there. A tree that was signed, written and so on
    says so in the fields of every paper: under a profile that looks at forms a permit without them is void. Without a `discloser` it
    speaks of whoever discloses.

    Errors: ``tree_too_deep``, ``tree_too_large``, ``provision_repeats_parent``, ``consent_ends_before_start``.

    >>> tree = TreeDirective.model_validate({"id": "c1", "format": "fhir-r5", "decision": "permit", "provisions": [{"labels": ["HIV"]}]})
    >>> _, exception = tree.walk()
    >>> exception.place, exception.polarity
    ('/provisions/0', 'deny')
    """

    schema_name: ClassVar[str] = "recoverycore/tree-directive"

    format: Format
    decision: Polarity
    root: Criteria = Criteria()
    provisions: tuple[Provision, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _of_a_size(cls, value: Any) -> Any:
        _measured(value)
        return value

    @model_validator(mode="after")
    def _typed_as_its_format_can(self) -> Self:
        if self.format == "fhir-r5":
            for node in self.walk():
                if node.above == node.polarity:
                    raise refuse("provision_repeats_parent", *node.place.strip("/").split("/"), "type")
        return self

    def walk(self) -> Iterator[Node]:
        """The root and every provision, each before those below it, in the order written."""
        waiting = [Node(ROOT, self.decision, None, self.root, self.provisions)]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.below)

    @property
    def permits(self) -> bool:
        """Whether the tree gives anything, be it by an exception."""
        return any(node.polarity == "permit" for node in self.walk())

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What its permits name at most, as a form is looked at: on each axis the criterion nearest to each permit, else everything."""
        found: list[Box] = []
        waiting: list[tuple[Node, dict[str, Any]]] = [(next(self.walk()), {})]
        while waiting:
            node, known = waiting.pop()
            known = known | {axis: values for axis, name in _AXES.items() if (values := getattr(node.criteria, name)) is not None}
            if node.polarity == "permit":
                whom = known.get("recipients", "*")
                selectors = "*" if "*" in whom else tuple(Selector(org=each) for each in whom)
                found.append(Box(**{**dict.fromkeys(_AXES, "*"), **known, "recipients": selectors}))
            waiting += [(each, known) for each in reversed(node.below)]
        return tuple(found)


_AXES = {"labels": "labels", "categories": "category", "purposes": "purpose", "recipients": "actor", "actions": "action"}
"""The axes of a box and the criteria of a tree that mean the same."""

AnyDirective: TypeAlias = Annotated[Annotated[Directive, Tag(_BOXES)] | Annotated[TreeDirective, Tag(_TREE)], Discriminator(_written_as)]
"""A paper that says what it permits or denies in boxes, or in a tree."""


@frozen
class Node:
    """The root or a provision where it stands: its place as a JSON pointer, its polarity, and that of whatever stands right `above` it."""

    place: str
    polarity: Polarity
    above: Polarity | None
    criteria: Criteria
    provisions: tuple[Provision, ...]

    @property
    def below(self) -> tuple[Node, ...]:
        """Its exceptions, in the order written."""
        start = "" if self.above is None else self.place
        return tuple(
            Node(f"{start}/provisions/{number}", each.type or opposite(self.polarity), self.polarity, each, each.provisions)
            for number, each in enumerate(self.provisions)
        )


def read_directive(data: Mapping[str, Any]) -> Directive | TreeDirective:
    """The paper that `data` describes: a tree where it names a format. Errors: those of either document."""
    return TreeDirective.model_validate(data) if _written_as(data) == _TREE else Directive.model_validate(data)


def in_format(tree: TreeDirective, wanted: Format) -> TreeDirective:
    """`tree` as the other release of FHIR writes it, with the same verdicts. Error: ``not_expressible``.

    Release 5 has no types: what says its parent's polarity again is left out where it changes no verdict. A deny said again below a deny
    that also has permits does change one, and is refused.
    """
    if wanted == tree.format:
        return tree
    if wanted == "fhir-r4":
        return tree.evolve(format=wanted)
    kept = _untyped(next(tree.walk()))
    return tree.evolve(format=wanted, provisions=kept)


def _untyped(node: Node) -> tuple[Provision, ...]:
    """What stands below `node`, without types."""
    kept = [(each, written) for each, written in zip(node.below, node.provisions, strict=True) if each.polarity != node.polarity]
    for each in node.below:
        if each.polarity == node.polarity == "deny" and kept:
            raise DocumentError(problem("not_expressible", each.place, detail="type"))
    return tuple(written.evolve(type=None, provisions=_untyped(each)) for each, written in kept)
