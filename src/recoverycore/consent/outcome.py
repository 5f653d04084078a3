"""The decision as a value: verdicts, what they rest on, what is owed for it, and why a permit did not reach.

Everything in it is an id or a code, so it may be stored, shown to staff, and compared; to whoever asked and was refused it
is not shown as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from attrs import field, fields, frozen

from recoverycore.consent.mappings import plain, read_only
from recoverycore.ground.instants import utc_text
from recoverycore.ground.rendering import bundle, render

if TYPE_CHECKING:
    from recoverycore.consent.case import Case
    from recoverycore.consent.explaining import Explanation

__all__ = ["REFUSAL", "BasisKind", "Decision", "Obligation", "Restriction", "Timing", "Verdict", "listed", "timing_of"]

T = TypeVar("T")
Verdict: TypeAlias = Literal["permit", "deny", "partial"]
_Case: TypeAlias = "Case"
BasisKind: TypeAlias = Literal["consent", "exception", "implied"]
Timing: TypeAlias = Literal["before", "with", "after"]
_BEFORE = frozenset({"minimum_necessary", "redact", "non_revealing_refusal"})
_TIMES: Mapping[Timing, str] = {"before": "0", "with": "1", "after": "2"}


def timing_of(code: str) -> Timing:
    """When the duty `code` usually comes: a few before a disclosure, every other after it."""
    return "before" if code in _BEFORE else "after"


def _pairs(value: Mapping[str, str] | tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def listed(basis: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """What a decision rests on, one by one: one name, several or none."""
    return (basis,) if isinstance(basis, str) else basis or ()


@frozen
class Obligation:
    """A duty of one disclosure, before it, along with it or after it. A duty after it is never a condition of it.

    `deadline` is when it has to be done, where the rule says so; `params` hold ids, instants and codes that it speaks about.
    """

    timing: Timing
    code: str
    deadline: datetime | None = None
    params: tuple[tuple[str, str], ...] = field(default=(), converter=_pairs)

    @classmethod
    def named(cls, code: str) -> Obligation:
        """The obligation `code` at its usual time, with nothing beside it."""
        return cls(timing_of(code), code)

    @property
    def place(self) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
        """Where it stands in a list of obligations: before, with, after, then by code."""
        return (_TIMES[self.timing], self.code, "" if self.deadline is None else utc_text(self.deadline), self.params)

    def to_data(self) -> dict[str, Any]:
        """The obligation as plain JSON data; what it does not say is left out."""
        data: dict[str, Any] = {"code": self.code, "timing": self.timing}
        if self.deadline is not None:
            data["deadline"] = utc_text(self.deadline)
        return data | ({"params": dict(self.params)} if self.params else {})


@frozen
class Restriction:
    """What a narrowing plugin answered: it denies all records, or those it lists, or says nothing.

    `answer` is ``none``, ``deny`` or ``permit``. A permit never widens anything; any other answer counts as an error of the
    plugin, which denies. `name` is the plugin's; an engine fills it in.
    """

    name: str = ""
    answer: str = "deny"
    records: frozenset[str] | None = None

    @property
    def broken(self) -> bool:
        """Whether the answer is none that a plugin may give."""
        return self.answer not in ("none", "deny", "permit")

    def denies(self, record: str | None) -> bool:
        """Whether this stands against releasing `record`, or against a request that asks for none.

        A broken answer stands against everything: what it lists is as little to be relied on as the rest of it.
        """
        return self.broken or (self.answer == "deny" and (self.records is None or record in self.records))


REFUSAL = json.dumps({"released": []})
"""What somebody who asked is told of every refusal. A host says the same, byte for byte, for an unknown client and for an error."""


@frozen(kw_only=True, slots=False)
class Decision:
    """Whether records may be released, record by record, and why.

    `records` gives each record's verdict; `withheld` the ids held back where others are released. `basis` names what
    decides: directives by their id, rules as ``rule:NAME``, one text or several or none; `also` what would have done as
    well. `rules` says for each record which rules decided, `failed` for each record and each permit that did not reach it
    on which axes, `defects` what was wrong with its form; `provisions` for each record and each tree that decides, the places in it that
    do; `refused` why nothing could be asked of any record.
    `basis_kind` says whether a release rests on consent, an exception or consent that is implied; `entries` are the instants of an
    accounting that was asked for. `explanation`, the two views and `inputs_digest` are worked out when they are asked for.
    """

    verdict: Verdict
    records: Mapping[str, Verdict] = field(converter=read_only, hash=False)
    withheld: tuple[str, ...] = ()
    basis: str | tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    obligations: frozenset[Obligation] = frozenset()
    rules: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=read_only, hash=False)
    failed: Mapping[str, Mapping[str, tuple[str, ...]]] = field(factory=dict, converter=read_only, hash=False)
    defects: Mapping[str, Mapping[str, tuple[str, ...]]] = field(factory=dict, converter=read_only, hash=False)
    provisions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(factory=dict, converter=read_only, hash=False)
    refused: str | None = None
    basis_kind: BasisKind | None = None
    profiles: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    case: _Case = field(repr=False, eq=False)

    @classmethod
    def of_parts(cls, parts: dict[str, Any], rest: Callable[..., Mapping[str, Any]], *given: Any) -> Decision:
        """A decision that takes `parts`, in their final shape, as its own: nothing is converted or copied.

        `rest` makes those of the request (`_Asked`) of what is `given`, when one of them is first looked at.
        """
        made = object.__new__(cls)
        parts["_rest"] = (rest, given)
        object.__setattr__(made, "__dict__", parts)
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {name: plain(getattr(self, name)) for name in _PARTS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        object.__setattr__(self, "__dict__", {name: read_only(each) if isinstance(each, dict) else each for name, each in state.items()})

    @cached_property
    def explanation(self) -> Explanation:
        """Which rules decided, with their citations, where each permit failed, and what would be needed."""
        from recoverycore.consent.explaining import explain

        return explain(self)

    @cached_property
    def may_reveal_existence(self) -> bool:
        """Whether whoever asked may learn that there is a client at all: to be asked before counts, totals, paging and error texts."""
        from recoverycore.consent.explaining import may_reveal_existence

        return may_reveal_existence(self)

    @cached_property
    def inputs_digest(self) -> str:
        """A digest of everything that was decided on; equal inputs, in whatever order, have the same."""
        from recoverycore.consent.digests import inputs_digest

        return inputs_digest(self.case)

    @cached_property
    def requester_view(self) -> str:
        """What may be told to whoever asked, as JSON text: what is released, and of a refusal always the same bytes."""
        told: dict[str, Any] = {"released": list(self.released)}
        if self.verdict == "partial" and self.case.consents.setting.policy["tell_withheld"]:
            told["withheld"] = list(self.withheld)
        if self.permitted and not self.records:
            told |= {"granted": True, "entries": list(self.entries)}
        return json.dumps(told, sort_keys=True)

    @cached_property
    def staff_view(self) -> Mapping[str, Any]:
        """Everything about the decision as plain data, for those who may know: ids, codes and citations, no content."""
        return read_only(
            {
                "verdict": self.verdict,
                "records": dict(self.records),
                "withheld": list(self.withheld),
                "basis": list(listed(self.basis)),
                "also": list(self.also),
                "obligations": [each.to_data() for each in sorted(self.obligations, key=lambda each: each.place)],
                "entries": list(self.entries),
                "profiles": list(self.profiles),
                "may_reveal_existence": self.may_reveal_existence,
                "inputs_digest": self.inputs_digest,
                **self.explanation.to_data(),
            }
        )

    @property
    def permitted(self) -> bool:
        """Whether everything that was asked for may be released."""
        return self.verdict == "permit"

    def filter(self, items: Iterable[T], id_of: Callable[[T], str]) -> list[T]:
        """Those of `items` that are released, in their order; `id_of` gives the id of the record that an item shows.

        By id and never by position: an item of which nobody asked is withheld, and one that stands there twice comes twice.
        """
        return [each for each in items if self.records.get(id_of(each)) == "permit"]

    @property
    def released(self) -> tuple[str, ...]:
        """The ids of the records that may be released."""
        return tuple(name for name, verdict in self.records.items() if verdict == "permit")

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the obligations, without their times."""
        return frozenset(each.code for each in self.obligations)

    def explain(self) -> str:
        """The reasons in lines for staff: what decided each record, where each permit failed, what is owed, what would be needed.

        Ids, codes and citations only.
        """
        basis = listed(self.basis)
        lines = [": ".join([self.verdict, *([", ".join(basis)] if basis else [self.refused] if self.refused else [])])]
        for row in self.to_rows():
            failed = "".join(f"; {_failing(name, axes, row['defects'].get(name, ()))}" for name, axes in row["failed"].items())
            decided = "".join(f", at {', '.join(places)} of {name}" for name, places in row["provisions"].items())
            lines.append(f"{row['record']} {row['verdict']}: {', '.join(row['rules'])}{decided}{failed}")
        if self.also:
            lines.append(f"also: {', '.join(self.also)}")
        if self.obligations:
            owed = ", ".join(f"{each.timing} {each.code}" for each in sorted(self.obligations, key=lambda each: each.place))
            lines.append(f"obligations: {owed}")
        if self.explanation.needed:
            lines.append(f"needed: {', or '.join(' and '.join(each) for each in self.explanation.needed)}")
        return "\n".join([*lines, *(f"{rule}: {text}" for rule, text in self.explanation.citations.items())])

    def to_html(self) -> str:
        """A page of its own for staff: everything in `staff_view` in plain words. No script, and nothing from elsewhere."""
        return render(self, "text/html;page") or ""

    def to_requester_html(self) -> str:
        """A page of its own for whoever asked: `requester_view` and nothing else, so of every refusal the same bytes."""
        return render(self, "text/html;requester") or ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - notebooks call it so
        return bundle(self)

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each record, by id: its verdict, the rules that decided it, where each permit failed, what its form lacks, and
        the places at which trees decided.
        """
        return [
            {
                "record": name,
                "verdict": verdict,
                "rules": list(self.rules.get(name, ())),
                "failed": {directive: list(axes) for directive, axes in self.failed.get(name, {}).items()},
                "defects": {directive: list(codes) for directive, codes in self.defects.get(name, {}).items()},
                "provisions": {directive: list(places) for directive, places in self.provisions.get(name, {}).items()},
            }
            for name, verdict in self.records.items()
        ]


_PARTS = tuple(each.name for each in fields(Decision))


class _Asked:
    """A part of a decision that tells of the request itself: until somebody looks at one of them, none may be there."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, decision: Decision | None, _: type[Decision]) -> Any:
        if decision is None:
            return self
        known = decision.__dict__
        rest, given = known["_rest"]
        known.update(rest(*given))
        return known[self.name]


for _name in ("records", "rules", "failed", "defects", "case"):
    setattr(Decision, _name, _Asked(_name))


def _failing(name: str, axes: list[str], defects: Sequence[str]) -> str:
    """Where one permit failed; beside its form, what is wrong with that."""
    told = [f"form ({', '.join(defects)})" if axis == "form" else axis for axis in axes]
    return f"{name} fails on {', '.join(told)}"
