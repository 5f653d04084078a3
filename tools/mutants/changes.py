"""What is changed in a module, one thing at a time: comparisons, conditions, operands, constants, statements that do something.

Left alone are texts, annotations, decorators, what is raised and how a problem is worded, names that are let go, and how a value shows
itself: no decision depends on them.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tools.mutants.instead import answers, instead_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Mutant", "mutants_of"]

Put: TypeAlias = "Callable[[ast.AST], None]"
"""Puts something else in the place of what was found."""

LONGEST = 90
"""So much of the code is told of a change."""
_OF_FORM = {"strict", "repr", "detail"}
_SHOWN = {"__repr__", "__str__", "_repr_html_", "__rich_repr__"}


@dataclass(frozen=True)
class Mutant:
    """One change. `lines` are those of its statement; `hot` says whether it is inside a function, so that it can be put in later."""

    module: str
    where: str
    text: str
    change: str
    lines: range
    hot: bool
    plant: Callable[[], None]
    """Changes the tree that the mutant was found in. There is no way back: plant in a process of its own."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells the mutant from every other, also after lines above it have moved."""
        return self.module, self.where, self.text, self.change

    def __str__(self) -> str:
        """The mutant in one line."""
        return f"{self.module}:{self.lines.start} in {self.where}: {self.change}   [{self.text}]"


def mutants_of(tree: ast.Module, module: str, source: str) -> list[Mutant]:
    """Every change to `tree`, which is what `source` says, in the order of the source."""
    return list(_Finder(module, source).found(tree))


class _Finder:
    def __init__(self, module: str, source: str) -> None:
        self.module = module
        self.source = source.splitlines()
        self.seen: Counter[tuple[str, str, str]] = Counter()
        self.where: list[str] = []
        self.lines = range(0)
        self.hot = False
        self.asked: set[ast.expr] = set()

    def found(self, tree: ast.Module) -> Iterator[Mutant]:
        yield from self._block(tree.body)

    # -- statements --------------------------------------------------------------------------------------------------------
    def _block(self, body: list[ast.stmt], assigned: frozenset[str] = frozenset()) -> Iterator[Mutant]:
        for place, statement in enumerate(body):
            if not self._left_alone(statement):
                first = getattr(statement, "body", None)
                end = first[0].lineno - 1 if isinstance(first, list) else statement.end_lineno or statement.lineno
                self.lines = range(statement.lineno, max(end, statement.lineno) + 1)
                yield from self._statement(statement, _into(body, place), assigned)
            assigned |= _names(statement)

    def _left_alone(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
                return True
            case ast.FunctionDef(name=name):
                return name in _SHOWN
            case ast.Delete(targets=targets) if all(isinstance(each, ast.Name) for each in targets):
                return True
            case ast.AnnAssign(value=None) | ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
                return True
            case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
                return True
            case _:
                return False

    def _statement(  # noqa: C901, PLR0912 - a table: one arm for each kind of statement
        self, statement: ast.stmt, put: Put, assigned: frozenset[str]
    ) -> Iterator[Mutant]:
        match statement:
            case ast.FunctionDef():
                yield from self._function(statement)
                return
            case ast.ClassDef():
                self.where.append(statement.name)
                yield from self._block(statement.body)
                self.where.pop()
                return
            case ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Expr():
                yield self._mutant(statement, put, ast.Pass(), "left out")
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
                yield self._mutant(statement, put, ast.Pass(), "left out")
            case ast.Assign(targets=[ast.Name(id=name)]) if name in assigned and self.hot:
                yield self._mutant(statement, put, ast.Pass(), "left out")
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield self._mutant(statement, put, ast.Return(ast.Constant(None)), "return None")
            case ast.Break():
                yield self._mutant(statement, put, ast.Continue(), "continue")
            case ast.Continue():
                yield self._mutant(statement, put, ast.Break(), "break")
            case ast.If() | ast.While():
                yield from self._condition(statement)
            case _:
                pass
        if not isinstance(statement, ast.Raise):
            yield from self._inside(statement)
        lines = self.lines
        for name in ("body", "orelse", "finalbody"):
            yield from self._block(getattr(statement, name, []), assigned)
        for handler in getattr(statement, "handlers", []):
            self.lines = range(handler.lineno, handler.lineno + 1)
            if not isinstance(handler.body[0], ast.Raise):
                yield self._mutant(handler.body[0], _into(handler.body, 0), ast.Raise(), "raise")
            yield from self._block(handler.body, assigned)
        self.lines = lines

    def _function(self, function: ast.FunctionDef) -> Iterator[Mutant]:
        for values in (function.args.defaults, function.args.kw_defaults):
            for place, value in enumerate(values):
                if value is not None:
                    yield from self._expression(value, _into(values, place))
        hot, self.hot = self.hot, True
        self.where.append(function.name)
        arguments = frozenset(each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg))
        yield from self._block(function.body, arguments)
        self.where.pop()
        self.hot = hot

    # -- expressions -------------------------------------------------------------------------------------------------------
    def _inside(self, node: ast.AST) -> Iterator[Mutant]:
        """What changes in the expressions of `node`, whose own blocks are walked by themselves."""
        for name, value in ast.iter_fields(node):
            if name == "annotation" or isinstance(value, ast.arguments):
                continue
            if isinstance(value, ast.expr):
                yield from self._expression(value, _as(node, name))
            elif isinstance(value, list):
                for place, each in enumerate(value):
                    if isinstance(each, ast.expr):
                        yield from self._expression(each, _into(value, place))
                    elif isinstance(each, ast.keyword) and each.arg not in _OF_FORM:
                        yield from self._expression(each.value, _as(each, "value"))
                    elif isinstance(each, ast.comprehension | ast.withitem):
                        yield from self._inside(each)

    def _expression(self, node: ast.expr, put: Put) -> Iterator[Mutant]:
        match node:
            case ast.JoinedStr() | ast.Call(func=ast.Name(id="problem" | "cast")) | ast.Subscript(value=ast.Name(id="Literal")):
                return
            case ast.IfExp():
                yield from self._condition(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for each in node.generators:
                    yield from self._filters(each)
            case ast.Lambda():
                yield from self._inside(node)
                return
            case _:
                pass
        if isinstance(node, ast.BoolOp):
            self.asked.update(node.values)
        for new in instead_of(node, asked=node in self.asked):
            yield self._mutant(node, put, new)
        yield from self._inside(node)

    def _condition(self, node: ast.If | ast.While | ast.IfExp) -> Iterator[Mutant]:
        """What is asked is always so, or never; where several things are asked together their parts are dropped one by one as well."""
        for answer in (False,) if isinstance(node, ast.While) else answers(node.test):
            yield self._mutant(node.test, _as(node, "test"), ast.Constant(answer))
        self.asked.add(node.test)

    def _filters(self, node: ast.comprehension) -> Iterator[Mutant]:
        for place, each in enumerate(node.ifs):
            for answer in answers(each):
                yield self._mutant(each, _into(node.ifs, place), ast.Constant(answer))
            self.asked.add(each)

    def _mutant(self, old: ast.AST, put: Put, new: ast.AST, told: str = "") -> Mutant:
        text = self.source[old.lineno - 1].strip()  # type: ignore[attr-defined]  # every statement and expression stands in a line
        change = told if told == "left out" else f"{_short(old)} -> {told or _short(new)}"
        where = ".".join(self.where) or "the module"
        self.seen[where, text, change] += 1
        times = self.seen[where, text, change]
        if times > 1:
            change += f" ({times})"
        ast.copy_location(new, old)
        ast.fix_missing_locations(new)
        return Mutant(self.module, where, text, change, self.lines, self.hot, lambda: put(new))


def _into(body: list[Any], place: int) -> Put:
    return lambda new: body.__setitem__(place, new)


def _as(node: object, name: str) -> Put:
    return lambda new: setattr(node, name, new)


def _names(statement: ast.stmt) -> frozenset[str]:
    """The names that `statement` gives a value to."""
    return frozenset(each.id for each in ast.walk(statement) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
