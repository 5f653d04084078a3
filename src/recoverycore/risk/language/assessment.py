"""What the rules say at an instant: an outcome a rule, the level they reach together, and what a person has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from recoverycore.risk.language.facts import FactError
from recoverycore.risk.language.knowledge import Reason

__all__ = ["Assessment", "HookProblem", "Outcome", "Raised", "RuleOutcome", "join"]

Outcome: TypeAlias = Literal["must", "may", "cannot", "not_in_force"]
"""Whether a rule holds: surely, perhaps, surely not; or it is not in force."""

_LEVELS = (0, 1, 2, 3, 4)


@frozen
class RuleOutcome:
    """What one rule says, the places of the leaves that decided it, and for ``may`` which facts to ask for, each with its reason."""

    outcome: Outcome
    decided_by: tuple[str, ...] = ()
    ask_for: Mapping[str, Reason] = field(factory=dict)

    def to_data(self) -> dict[str, Any]:
        """The outcome as plain data; ``ask_for`` where the rule may hold."""
        data: dict[str, Any] = {"outcome": self.outcome, "decided_by": list(self.decided_by)}
        return {**data, "ask_for": dict(sorted(self.ask_for.items()))} if self.outcome == "may" else data


@frozen
class HookProblem:
    """A plugin that ``failed``, or asked for a level there is not (``bad_level``). It never lowers."""

    plugin: str
    code: Literal["failed", "bad_level"]


@frozen
class Assessment:
    """What the rules say of the facts at `now`.

    `level` is the highest of the rules that must hold, and of plugins that raise it; `level_may` the highest that cannot be ruled
    out. Neither ever lowers anything: that a rule stops holding closes nothing. `ask` names the rules of which nobody can tell.
    """

    now: datetime
    level: int
    level_may: int
    ask: tuple[str, ...]
    rules: Mapping[str, RuleOutcome] = field(repr=False)
    fact_errors: tuple[FactError, ...] = field(repr=False)
    human_review: bool
    raised_by: tuple[str, ...] = ()
    hook_problems: tuple[HookProblem, ...] = ()
    newly_must: tuple[str, ...] = ()
    newly_may: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """The assessment as plain data: ids, codes, places and levels, and no value of any fact."""
        return {
            "level": self.level,
            "level_may": self.level_may,
            "ask": list(self.ask),
            "rules": {rule: outcome.to_data() for rule, outcome in self.rules.items()},
            "fact_errors": [error.to_data() for error in self.fact_errors],
            "human_review": self.human_review,
            "raised_by": list(self.raised_by),
            "hook_problems": [{"plugin": each.plugin, "code": each.code} for each in self.hook_problems],
            "newly_must": list(self.newly_must),
            "newly_may": list(self.newly_may),
        }


@frozen
class Raised:
    """The level that plugins and rules reach together, who raised it above the rules' own, and whose raise could not be used."""

    level: int
    by: tuple[str, ...]
    problems: tuple[HookProblem, ...]


def join(level: int, raises: Iterable[Mapping[str, Any]]) -> Raised:
    """The highest of the rules' own `level` and of what plugins ask for, each ``{plugin, level, reason}`` or ``{plugin, failed: true}``.

    >>> join(2, [{"plugin": "south", "level": 1, "reason": "looks fine"}, {"plugin": "north", "level": 3, "reason": "a call"}])
    Raised(level=3, by=('north',), problems=())
    """
    asked: dict[str, int] = {}
    problems: set[HookProblem] = set()
    for each in raises:
        plugin, wanted = str(each.get("plugin")), each.get("level")
        if each.get("failed") or each.get("error") is not None or "level" not in each:
            problems.add(HookProblem(plugin, "failed"))
        elif type(wanted) is not int or wanted not in _LEVELS:
            problems.add(HookProblem(plugin, "bad_level"))
        else:
            asked[plugin] = max(wanted, asked.get(plugin, 0))
    highest = max([level, *asked.values()])
    by = sorted(plugin for plugin, wanted in asked.items() if wanted == highest > level)
    return Raised(highest, tuple(by), tuple(sorted(problems, key=lambda problem: (problem.plugin, problem.code))))
