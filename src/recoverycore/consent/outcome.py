"""The decision as a value: verdicts, what they rest on, what is owed for it, and why a permit did not reach.

Everything in it is an id or a code, so it may be stored, shown to staff, and compared; to whoever asked and was refused it
is not shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

__all__ = ["Decision", "Obligation", "Restriction", "Timing", "Verdict"]

Verdict: TypeAlias = Literal["permit", "deny", "partial"]
Timing: TypeAlias = Literal["before", "with", "after"]
_BEFORE = frozenset({"minimum_necessary", "redact", "non_revealing_refusal"})


def _read_only(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(value))


@frozen(order=True)
class Obligation:
    """A duty of one disclosure, before it, along with it or after it. A duty after it is never a condition of it."""

    timing: Timing
    code: str

    @classmethod
    def named(cls, code: str) -> Obligation:
        """The obligation `code` at its usual time: a few come before a disclosure, every other after it."""
        return cls("before" if code in _BEFORE else "after", code)


@frozen
class Restriction:
    """What a narrowing plugin answered: it denies all records, or those it lists, or says nothing.

    `answer` is ``none``, ``deny`` or ``permit``. A permit never widens anything; any other answer counts as an error of the
    plugin, which denies.
    """

    name: str
    answer: str = "deny"
    records: frozenset[str] | None = None

    @property
    def broken(self) -> bool:
        """Whether the answer is none that a plugin may give."""
        return self.answer not in ("none", "deny", "permit")

    def denies(self, record: str) -> bool:
        """Whether this stands against releasing `record`. A broken answer stands against everything it may have meant."""
        return (self.answer == "deny" or self.broken) and (self.records is None or record in self.records)


@frozen(kw_only=True)
class Decision:
    """Whether records may be released, record by record, and why.

    `records` gives each record's verdict; `withheld` the ids held back where others are released. `basis` names what
    decides: directives by their id, rules as ``rule:NAME``, one text or several or none; `also` what would have done as
    well. `rules` says for each record which rules decided, `failed` for each record and each permit that did not reach it
    on which axes; `refused` why nothing could be asked of any record.
    """

    verdict: Verdict
    records: Mapping[str, Verdict] = field(converter=_read_only, hash=False)
    withheld: tuple[str, ...] = ()
    basis: str | tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    obligations: frozenset[Obligation] = frozenset()
    rules: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_read_only, hash=False)
    failed: Mapping[str, Mapping[str, tuple[str, ...]]] = field(factory=dict, converter=_read_only, hash=False)
    refused: str | None = None

    @property
    def permitted(self) -> bool:
        """Whether everything that was asked for may be released."""
        return self.verdict == "permit"

    @property
    def released(self) -> tuple[str, ...]:
        """The ids of the records that may be released."""
        return tuple(name for name, verdict in self.records.items() if verdict == "permit")

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the obligations, without their times."""
        return frozenset(each.code for each in self.obligations)

    def explain(self) -> str:
        """The reasons in lines for staff: which rule decided each record, where each permit failed, what is owed. Ids and codes only."""
        basis = (self.basis,) if isinstance(self.basis, str) else self.basis or ()
        lines = [": ".join([self.verdict, *([", ".join(basis)] if basis else [self.refused] if self.refused else [])])]
        for row in self.to_rows():
            failed = "".join(f"; {directive} fails on {', '.join(axes)}" for directive, axes in row["failed"].items())
            lines.append(f"{row['record']} {row['verdict']}: {', '.join(row['rules'])}{failed}")
        if self.also:
            lines.append(f"also: {', '.join(self.also)}")
        if self.obligations:
            lines.append(f"obligations: {', '.join(f'{each.timing} {each.code}' for each in sorted(self.obligations))}")
        return "\n".join(lines)

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each record, by id: its verdict, the rules that decided it, and the axes on which each permit failed."""
        return [
            {
                "record": name,
                "verdict": verdict,
                "rules": list(self.rules.get(name, ())),
                "failed": {directive: list(axes) for directive, axes in self.failed.get(name, {}).items()},
            }
            for name, verdict in self.records.items()
        ]
