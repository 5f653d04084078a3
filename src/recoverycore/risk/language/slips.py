"""What can be wrong with a rule set, as data and as an error that tells all of it."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from recoverycore.errors import DocumentError, problem

__all__ = ["LoadError", "RuleSetError", "Slip"]

_NAMED = {"missing_field", "unknown_field", "unknown_operator", "unknown_fact", "unknown_code"}
_OTHERWISE_CALLED = {"duplicate_id": "duplicate_rule_id", "too_deep": "condition_too_deep"}
"""Codes whose name the catalogue gives to something else."""


@frozen
class Slip:
    """What is wrong with one leaf or field: a code, and for names that nobody knows the name and the likely one."""

    code: str
    name: str | None = field(default=None, repr=False)
    suggest: str | None = None


@frozen
class LoadError:
    """One thing that is wrong with a rule set: which rule (None: a declaration or the set itself) and where in it.

    `pointer` is the JSON pointer into the whole set; `path` is how the rule's own author would say it.
    """

    code: str
    rule: str | None
    path: str
    pointer: str
    name: str | None = field(default=None, repr=False)
    suggest: str | None = None

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What errors are sorted by."""
        return (self.rule or "", self.path, self.code, self.name or "")

    def to_data(self) -> dict[str, Any]:
        """The error as plain data: ``{code, rule, path}``, with a ``name`` where something is missing or unknown, and a ``suggest``."""
        data: dict[str, Any] = {"code": self.code, "rule": self.rule, "path": self.path}
        if self.code in _NAMED:
            data["name"] = self.name
            if self.code != "missing_field":
                data["suggest"] = self.suggest
        return data


class RuleSetError(DocumentError):
    """A rule set that cannot be used. `errors` holds every slip in it; the set that was loaded before stays in force."""

    def __init__(self, errors: tuple[LoadError, ...]) -> None:
        super().__init__(
            *(
                problem(
                    _OTHERWISE_CALLED.get(each.code, each.code),
                    each.pointer,
                    did_you_mean=each.suggest,
                    detail=_detail(each),
                )
                for each in errors
            )
        )
        self.errors = errors

    def __reduce__(self) -> tuple[type[RuleSetError], tuple[tuple[LoadError, ...]]]:
        return (type(self), (self.errors,))


def _detail(error: LoadError) -> str:
    """The rule's id; and the name of a field that is missing, which is a word of this library."""
    parts = [f"rule {error.rule}"] if error.rule is not None else []
    if error.code == "missing_field":
        parts.append(f"field {error.name}")
    return ", ".join(parts)
