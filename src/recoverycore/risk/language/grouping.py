"""Conditions as they are written: groups around leaves, walked without calls, so that no depth of nesting can hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.risk.language.conditions import Group, Negation, Placed
from recoverycore.risk.language.leaves import GROUPS, read_leaf
from recoverycore.risk.language.slips import Slip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recoverycore.risk.language.conditions import Condition
    from recoverycore.risk.language.declarations import Declaration
    from recoverycore.risk.language.settings import RuleLimits

__all__ = ["compile_condition", "slips_of_condition"]

_NODES = 50_000
_DEPTH = 1_000
"""How much of one condition is walked, and how deep: whoever writes more is told that it is too much, and no more than that."""


class _Node(NamedTuple):
    """Something that stands where a condition may stand."""

    data: Any
    path: str
    depth: int


def slips_of_condition(given: Any, facts: Mapping[str, Declaration], limits: RuleLimits) -> Iterator[tuple[str, Slip]]:
    """Everything that is wrong with a condition, each with its place: its groups, its leaves, its depth and its size."""
    depth = leaves = nodes = 0
    open_nodes = [_Node(given, "when", 1)]
    while open_nodes and nodes < _NODES:
        node = open_nodes.pop()
        nodes += 1
        depth = max(depth, node.depth)
        kind = _group_of(node.data)
        if kind is None:
            leaves += 1
            found = read_leaf(node.data, facts)
            if isinstance(found, Slip):
                yield node.path, found
        elif slip := _slip_of_group(node.data, kind):
            yield node.path, slip
        elif node.depth < _DEPTH:
            open_nodes += _parts(node, kind)
    if depth > limits.max_depth:
        yield "when", Slip("too_deep")
    if leaves > limits.max_conditions or nodes == _NODES:
        yield "when", Slip("too_many_conditions")


def compile_condition(given: Any, facts: Mapping[str, Declaration], path: str = "when") -> Condition:
    """The condition that is written as `given`, in which nothing is wrong."""
    kind = _group_of(given)
    if kind == "not":
        return Negation(compile_condition(given["not"], facts, f"{path}/not"))
    if kind is not None:
        parts = (compile_condition(part, facts, f"{path}/{kind}/{index}") for index, part in enumerate(given[kind]))
        return Group("all" if kind == "all" else "any", tuple(parts))
    leaf = read_leaf(given, facts)
    if isinstance(leaf, Slip):
        raise TypeError(path)
    return Placed(path, leaf)


def _group_of(data: Any) -> str | None:
    return next((kind for kind in GROUPS if kind in data), None) if isinstance(data, dict) else None


def _slip_of_group(data: dict[Any, Any], kind: str) -> Slip | None:
    if kind != "not" and not isinstance(data[kind], list):
        return Slip("type_mismatch")
    if len(data) > 1:
        return Slip("unknown_field", min(str(key) for key in data if key != kind))
    return Slip("empty_group") if kind != "not" and not data[kind] else None


def _parts(node: _Node, kind: str) -> list[_Node]:
    below, depth = node.data[kind], node.depth + 1
    if kind == "not":
        return [_Node(below, f"{node.path}/not", depth)]
    return [_Node(part, f"{node.path}/{kind}/{index}", depth) for index, part in enumerate(below)]
