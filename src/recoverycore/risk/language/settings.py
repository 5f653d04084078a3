"""What a host may choose about the rule language, and the limits that keep one rule from costing too much."""

from __future__ import annotations

from typing import Any, Literal

from attrs import Attribute, field, frozen
from attrs.validators import in_

__all__ = ["RuleLimits", "RuleSettings"]

_DEEPEST = 100
"""However deep a host lets conditions nest: evaluation follows them by calls of functions."""


def _whole(_: object, attribute: Attribute[Any], value: object) -> None:
    if type(value) is not int or value < 1 or (attribute.name == "max_depth" and value > _DEEPEST):
        raise ValueError(attribute.name)


@frozen
class RuleLimits:
    """How much one rule may hold and read. A host that changes a limit records it with its reason.

    `max_depth`: a leaf alone is 1, each group or ``not`` adds 1; at most 100. `max_conditions`: leaves of one rule.
    `max_events_per_leaf`: a leaf that would read more is unknown. `max_alternatives`: ways to be true or false that lint looks at.
    """

    max_depth: int = field(default=12, validator=_whole)
    max_conditions: int = field(default=200, validator=_whole)
    max_events_per_leaf: int = field(default=10_000, validator=_whole)
    max_alternatives: int = field(default=5_000, validator=_whole)


@frozen
class RuleSettings:
    """The policies of the rule language that a host may change.

    `since_none`: whether ``since`` is true for what never happened, or cannot be told. `ask_below_level`: whether a rule that may
    hold is asked about though its level is below the one reached.
    """

    since_none: Literal["true", "unknown"] = field(default="true", validator=in_(("true", "unknown")))
    ask_below_level: Literal["on", "off"] = field(default="on", validator=in_(("on", "off")))
    limits: RuleLimits = field(factory=RuleLimits)
