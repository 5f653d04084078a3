"""Error codes are stable: each has one meaning, stands in the range of its package, and is raised somewhere."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.architecture.faces import SOURCE
from tools.reference import error_catalogues

RANGES = {
    "ground": range(1000, 1100),
    "people": range(2000, 2100),
    "plans": range(3000, 3100),
    "consent": range(4000, 4100),
    "risk": range(5000, 5100),
    "escalation": range(6000, 6100),
    "coordination": range(7000, 7100),
    "directory": range(8000, 8100),
    "hooks": range(9000, 9100),
    "engine": range(9100, 9150),
    "stores": range(9150, 9200),
    "stories": range(9200, 9300),
    "tables": range(9300, 9350),
    "cli": range(9350, 9400),
}
CATALOGUES = error_catalogues()
ENTRIES = [(package, name, entry) for package, entries in CATALOGUES.items() for name, entry in entries.items()]
NAMES = {name for _, name, _ in ENTRIES}
TREES = {file: ast.parse(file.read_text("utf-8")) for file in sorted(SOURCE.glob("**/*.py"))}
WORDS = {node.value for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_no_name_and_no_code_is_given_twice() -> None:
    counted = Counter([name for _, name, _ in ENTRIES] + [entry["code"] for _, _, entry in ENTRIES])
    assert [each for each, times in counted.items() if times > 1] == []


@pytest.mark.parametrize(("package", "name", "entry"), ENTRIES, ids=[name for _, name, _ in ENTRIES])
def test_a_code_stands_in_the_range_of_its_package(package: str, name: str, entry: dict[str, str]) -> None:
    assert int(entry["code"].removeprefix("RC")) in RANGES[package], name


@pytest.mark.parametrize(("package", "name", "entry"), ENTRIES, ids=[name for _, name, _ in ENTRIES])
def test_an_entry_says_what_happened_and_what_to_do(package: str, name: str, entry: dict[str, str]) -> None:
    assert set(entry) == {"code", "meaning", "remedy"}, (package, name)
    assert all(entry[part].endswith((".", "?", ")")) for part in ("meaning", "remedy"))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_in_the_catalogue_is_used(name: str) -> None:
    assert name in WORDS


def test_every_problem_that_is_made_by_name_has_an_entry() -> None:
    made = [
        node.args[0].value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem" and node.args
        if isinstance(node.args[0], ast.Constant)
    ]
    assert made
    assert sorted(set(made) - NAMES) == []
