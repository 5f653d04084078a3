"""What each room may hold: files short enough to read, pure decisions, and no more dependencies than are declared."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.architecture.faces import SOURCE
from tools.process import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST = 300
FILES = sorted([*SOURCE.glob("**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
DOMAINS = ("people", "plans", "consent", "risk", "escalation", "coordination", "directory")
DECIDING = [file for domain in DOMAINS for file in sorted((SOURCE / domain).glob("**/*.py"))]

CORE = {"attrs", "pydantic", "pydantic_core", "pluggy", "jsonschema", "referencing", "dateutil"}
EXTRAS = {"cli": {"click", "rich"}, "testing": {"hypothesis", "pytest"}, "ground": {"yaml"}}

OUTSIDE = {"asyncio", "locale", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time", "urllib", "uuid"}
CLOCKS = {"now", "utcnow", "today"}


def too_long(source: str) -> bool:
    """Whether a file is longer than `LONGEST` and its docstring says no reason, which names the number."""
    return len(source.splitlines()) > LONGEST and not re.search(rf"\b{LONGEST} lines\b", ast.get_docstring(ast.parse(source)) or "")


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level modules that are imported anywhere in `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def impurities(source: str) -> list[str]:
    """What in a module of decisions reaches outside: a clock, randomness, an environment, a file."""
    tree = ast.parse(source)
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        *sorted(set(imported(tree)) & OUTSIDE),
        *(f".{name.attr}()" for name in called if isinstance(name, ast.Attribute) and name.attr in CLOCKS),
        *("open()" for name in called if isinstance(name, ast.Name) and name.id == "open"),
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_is_short_or_says_why_not(file: Path) -> None:
    assert not too_long(file.read_text("utf-8"))


def test_a_long_file_without_a_reason_is_noticed() -> None:
    assert too_long('"""A table."""\n' + "x = 1\n" * LONGEST)


def test_a_long_file_with_its_reason_is_left_alone() -> None:
    assert not too_long('"""A table. Longer than 300 lines, because it is read as one."""\n' + "x = 1\n" * LONGEST)


@pytest.mark.parametrize("file", DECIDING, ids=lambda file: file.relative_to(SOURCE).as_posix())
def test_a_decision_reads_no_clock_and_nothing_outside(file: Path) -> None:
    assert impurities(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("at = datetime.now(UTC)", ".now()"),
        ("day = date.today()", ".today()"),
        ("def f():\n    import random", "random"),
        ("from time import monotonic", "time"),
        ("text = open('x').read()", "open()"),
    ],
)
def test_a_decision_that_reaches_outside_is_noticed(line: str, found: str) -> None:
    assert impurities(line) == [found]


@pytest.mark.parametrize("file", sorted(SOURCE.glob("**/*.py")), ids=lambda file: file.relative_to(SOURCE).as_posix())
def test_only_declared_dependencies_are_imported(file: Path) -> None:
    room = file.relative_to(SOURCE).parts[0]
    foreign = set(imported(ast.parse(file.read_text("utf-8")))) - sys.stdlib_module_names - {"recoverycore"}
    assert foreign <= CORE | EXTRAS.get(room, set())
