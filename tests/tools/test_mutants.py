"""Mutants: which there are, that a battery notices what it should, and that one which checks nothing does not pass for a good one."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tools.mutants.battery import Fate
from tools.mutants.changes import Mutant, mutants_of
from tools.mutants.verdict import read_list, told
from tools.mutate import CONSENT, LISTED, sources
from tools.process import ROOT

if TYPE_CHECKING:
    from pathlib import Path

BOUNDARY = "def open_at(now, end):\n    return now < end\n"


def changes(source: str) -> set[str]:
    """What is changed in `source`."""
    return {each.change for each in mutants_of(ast.parse(source), "small", source)}


def changed(source: str, change: str) -> str:
    """`source` with one change."""
    tree = ast.parse(source)
    next(each for each in mutants_of(tree, "small", source) if each.change == change).plant()
    return ast.unparse(tree)


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("x = a < b", "a < b -> a <= b"),
        ("x = a >= b", "a >= b -> a > b"),
        ("x = first <= day <= last", "first <= day <= last -> first <= day < last"),
        ("x = a == b", "a == b -> a != b"),
        ("x = a in b", "a in b -> a not in b"),
        ("x = a and b and c", "a and b and c -> a and c"),
        ("x = not a", "not a -> a"),
        ("x = a & ~b", "a & ~b -> a | ~b"),
        ("x = a & ~b", "~b -> b"),
        ("x = 1 << n", "1 << n -> 1 >> n"),
        ("x = n - 1", "n - 1 -> n + 1"),
        ("x = n - 1", "1 -> 2"),
        ("x = True", "True -> False"),
        ("x = any(each)", "any(each) -> all(each)"),
        ("x = sorted(a, key=b)", "sorted(a, key=b) -> sorted(a)"),
        ("x = a.issubset(b)", "a.issubset(b) -> a.issuperset(b)"),
        ("x = a[1:]", "1: -> :"),
        ("x = ('use', 'disclose')", "('use', 'disclose') -> ('use',)"),
        ("x = ['use', 'disclose']", "['use', 'disclose'] -> ['use']"),
        ("x = a if b else c", "b -> False"),
        ("x = [a for a in b if a]", "a -> True"),
        ("if a: pass", "a -> True"),
        ("while a: pass", "a -> False"),
        ("x[0] = 3", "left out"),
        ("x.add(3)", "left out"),
        ("x |= 3", "left out"),
        ("del x[0]", "left out"),
        ("raise ValueError(x)", "left out"),
        ("return a", "return a -> return None"),
        ("for a in b: continue", "continue -> break"),
        ("def g(a=False): pass", "False -> True"),
    ],
)
def test_one_thing_is_changed(line: str, change: str) -> None:
    source = f"def f():\n    {line}\n"
    assert change in changes(source)
    assert changed(source, change) != ast.unparse(ast.parse(source))


def test_a_list_with_one_left_out_can_be_run() -> None:
    tree = ast.parse("x = ['use', 'disclose']")
    mutants_of(tree, "small", "x = ['use', 'disclose']")[0].plant()
    told: dict[str, object] = {}
    exec(compile(tree, "small", "exec"), told)  # noqa: S102 - it was written here
    assert told["x"] == ["disclose"]


@pytest.mark.parametrize(
    "source",
    [
        "'A module.'\nimport this\n",
        "if TYPE_CHECKING:\n    x = a < b\n",
        "__all__ = ['a', 'b']\n",
        "x: Literal['a', 'b']\n",
        "X: TypeAlias = a | b\n",
        "x: a | b | None = c\n",
        "def f(x: a | b) -> a | b:\n    'What it is.'\n",
        "@frozen(eq=False)\nclass A:\n    'What it is.'\n",
        "class A:\n    def __repr__(self):\n        return a < b\n",
        "x = f'{a < b}'\n",
        "def f(a):\n    del a\n",
        "x = zip(a, b, strict=True)\n",
        "x = problem(a < b)\n",
    ],
)
def test_what_no_decision_depends_on_is_left_alone(source: str) -> None:
    assert changes(source) == set()


def test_of_what_is_raised_only_that_it_is_raised_is_changed() -> None:
    assert changes("raise ValueError(a < b)\n") == {"left out"}


def test_two_changes_that_read_alike_are_told_apart() -> None:
    assert changes("x = 1, 1\n") == {"1 -> 2", "1 -> 2 (2)"}


def test_no_two_mutants_of_consent_are_told_alike() -> None:
    keys = [each.key for source in sources(CONSENT, "recoverycore.consent") for each in mutants_of(source.tree, source.name, source.text)]
    assert len(set(keys)) == len(keys) > 4000


# -- a run -------------------------------------------------------------------------------------------------------------------
def run(folder: Path, source: str, test: str, listed: str = "lives = []\n") -> tuple[int, str]:
    """The exit code and the words of a run over a package of one module, held against one file of tests."""
    (folder / "small").mkdir()
    (folder / "small" / "__init__.py").touch()
    (folder / "small" / "deciding.py").write_text(source, "utf-8")
    (folder / "test_it.py").write_text(f"from small import deciding\n\n\ndef test_it():\n    {test}\n", "utf-8")
    (folder / "listed.toml").write_text(listed, "utf-8")
    words = ["--folder", str(folder / "small"), "--package", "small", "--tests", "test_it.py", "--listed", "listed.toml", "--seed", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "tools.mutate", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.prove
def test_a_battery_that_looks_notices_every_mutant(tmp_path: Path) -> None:
    code, said = run(tmp_path, BOUNDARY, "assert (deciding.open_at(1, 2), deciding.open_at(2, 2)) == (True, False)")
    assert (code, "all modules: 2 of 2 mutants noticed, 100.0 %" in said) == (0, True), said


@pytest.mark.prove
def test_a_battery_that_checks_nothing_notices_none_and_fails(tmp_path: Path) -> None:
    code, said = run(tmp_path, BOUNDARY, "deciding.open_at(1, 2)")
    assert (code, "all modules: 0 of 2 mutants noticed, 0.0 %" in said) == (1, True), said


@pytest.mark.prove
def test_a_battery_that_never_gets_there_fails(tmp_path: Path) -> None:
    code, said = run(tmp_path, BOUNDARY, "assert deciding")
    assert (code, "no test reaches it" in said) == (1, True), said


@pytest.mark.prove
def test_a_mutant_of_a_whole_module_is_noticed_too(tmp_path: Path) -> None:
    code, said = run(tmp_path, "LONGEST = 7\n", "assert deciding.LONGEST == 7")
    assert (code, "1 of 1 mutants noticed" in said) == (0, True), said


@pytest.mark.prove
def test_a_mutant_that_keeps_a_file_of_tests_from_being_imported_is_noticed(tmp_path: Path) -> None:
    code, said = run(tmp_path, "FEW = ('a', 'b')\nLAST = FEW[1]\n", "assert deciding")
    assert (code, "3 of 3 mutants noticed" in said) == (0, True), said


@pytest.mark.prove
def test_a_mutant_without_an_end_is_noticed_by_its_time(tmp_path: Path) -> None:
    code, said = run(tmp_path, "def f(n):\n    while n:\n        n = n // 2\n    return n\n", "assert deciding.f(3) == 0")
    assert (code, "time-out 1" in said) == (1, True), said


@pytest.mark.prove
def test_a_test_that_fails_without_any_change_ends_the_run(tmp_path: Path) -> None:
    code, said = run(tmp_path, BOUNDARY, "assert deciding.open_at(2, 2)")
    assert (code, "fail where nothing is changed" in said) == (1, True), said


# -- the verdict -------------------------------------------------------------------------------------------------------------
def mutant(change: str) -> Mutant:
    """A mutant that nobody plants."""
    return Mutant("small", "f", "return a", change, range(3, 4), hot=True, plant=lambda: None)


NOTICED, LIVES = Fate("tests/test_it.py::test_it", "AssertionError", 1, 0.1), Fate("", "", 1, 0.1)
MANY = [(mutant(f"{place} -> 0"), NOTICED) for place in range(99)]
ONE = mutant("a -> b")


def findings(results: list[tuple[Mutant, Fate]], listed: dict[tuple[str, str, str, str], str]) -> list[str]:
    """What is wrong with a whole run."""
    return told(results, listed, {each.key for each, _ in results})[0]


def test_a_mutant_that_lives_needs_a_reason() -> None:
    assert findings([*MANY, (ONE, LIVES)], {}) == ["lives and is not listed: small:3 in f: a -> b   [return a]"]
    assert findings([*MANY, (ONE, LIVES)], {ONE.key: "Both are the same here."}) == []


def test_a_listed_mutant_that_is_noticed_is_told() -> None:
    assert findings([*MANY, (ONE, NOTICED)], {ONE.key: "Both are the same here."})[0].startswith(
        "listed as one that lives, and is noticed by"
    )


def test_a_listed_mutant_that_is_gone_is_told() -> None:
    assert findings(MANY, {ONE.key: "Both are the same here."}) == ["listed, and there is no such mutant: small: f: return a: a -> b"]


def test_a_reason_for_each_does_not_make_up_for_many_that_live() -> None:
    living = [(mutant(f"{place} -> 1"), LIVES) for place in range(10)]
    assert findings([*MANY, *living], {each.key: "So it is." for each, _ in living}) == ["fewer than 95 in 100 were noticed"]


def test_what_nothing_notices_is_wrong_wherever_it_is() -> None:
    assert told([(ONE, LIVES)], {ONE.key: "Both are the same here."}, {ONE.key}, whole=False)[0] == ["nothing was noticed at all"]


def test_every_reason_in_the_list_is_a_sentence() -> None:
    assert [key for key, reason in read_list(LISTED).items() if len(reason.split()) < 4 or not reason.endswith(".")] == []
