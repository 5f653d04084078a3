"""What may stand in the place of an expression: another comparison, one part fewer, another number."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["answers", "instead_of"]

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_CALLED = {"any": "all", "all": "any", "min": "max", "max": "min", "bisect_left": "bisect_right", "bisect_right": "bisect_left"}
_METHODS = {"union": "intersection", "intersection": "union", "issubset": "issuperset", "issuperset": "issubset"}
_ORDERING = {"key", "default", "reverse"}


def answers(test: ast.expr) -> tuple[bool, ...]:
    """What a condition is taken for. Of several parts each is dropped as well, and who notices that notices one of the two answers, too."""
    if isinstance(test, ast.BoolOp):
        return (isinstance(test.op, ast.Or),)
    return (True, False)


def instead_of(  # noqa: C901, PLR0912 - a table: one arm for each kind of expression
    node: ast.expr, *, asked: bool
) -> Iterator[ast.expr]:
    """What may stand in the place of `node`. Of what is `asked` the opposite is left out: who notices both answers notices it."""
    match node:
        case ast.Compare(left, operators, others):
            for place, operator in enumerate(operators):
                if asked and not isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                    continue
                changed = [*operators[:place], _COMPARED[type(operator)](), *operators[place + 1 :]]
                yield ast.Compare(left, changed, others)
        case ast.BoolOp(operator, values):
            for place in range(len(values)):
                rest = [*values[:place], *values[place + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.UnaryOp(ast.Not(), operand) if not asked:
            yield operand
        case ast.UnaryOp(ast.Invert(), operand):
            yield operand
        case ast.BinOp(right=ast.Constant(None)):  # a type
            return
        case ast.BinOp(left, operator, right) if type(operator) in _COUNTED and not _is_text(left) and not _is_text(right):
            yield ast.BinOp(left, _COUNTED[type(operator)](), right)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() as value):
            yield ast.Constant(value + 1)
        case ast.Call(ast.Name(name), [_, *_] as given, keywords) if name in _CALLED:
            yield ast.Call(ast.Name(_CALLED[name], ast.Load()), given, keywords)
            yield from _without_ordering(node)
        case ast.Call(ast.Attribute(value, name), given, keywords) if name in _METHODS:
            yield ast.Call(ast.Attribute(value, _METHODS[name], ast.Load()), given, keywords)
        case ast.Call():
            yield from _without_ordering(node)
        case ast.Slice(lower, upper, step):
            if lower is not None:
                yield ast.Slice(None, upper, step)
            if upper is not None:
                yield ast.Slice(lower, None, step)
        case ast.Tuple(elements) | ast.Set(elements) | ast.List(elements) if len(elements) > 1 and all(map(_is_text, elements)):
            for place in range(len(elements)):
                rest = [*elements[:place], *elements[place + 1 :]]
                yield ast.Set(rest) if isinstance(node, ast.Set) else type(node)(rest, ast.Load())
        case _:
            pass


def _without_ordering(call: ast.Call) -> Iterator[ast.Call]:
    for place, each in enumerate(call.keywords):
        if each.arg in _ORDERING:
            yield ast.Call(call.func, call.args, [*call.keywords[:place], *call.keywords[place + 1 :]])


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
