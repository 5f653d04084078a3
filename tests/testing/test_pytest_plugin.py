"""The plugin for pytest: fixtures for whoever asks for them, and nothing at all for everybody else."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from recoverycore.testing.consent import ENGINES, by_pytest, grade

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from recoverycore.testing.consent import TableReport, World

ENDS = """
from recoverycore.testing.consent.stories import permit, story

def test_a_permit_ends_at_its_instant(consent_decider):
    over = permit(expires={"kind": "instant", "value": "2026-06-15T10:00:00-05:00"})
    assert consent_decider(story(over))["decision"] == "deny"
"""
TABLE = """
given:
  directives:
    - {id: g1, polarity: permit, discloser: "*", boxes: [{labels: "*", categories: [lab], purposes: [treatment], recipients: "*"}]}
when: {who: "per:lee", why: treatment, at: "2026-06-15T10:00:00Z"}
rows:
  - {sees: lab, expect: VERDICT}
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest with this plugin and no other, in a process of its own."""
    plugin = ["-p", "recoverycore.testing.pytest_plugin", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder)]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", *plugin, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def test_the_fixtures_are_there(consent_law_budget: int, consent_worlds: Callable[[int], list[World]]) -> None:
    assert consent_law_budget == 100
    assert len(consent_worlds(3)) == 100
    assert consent_worlds(3) == consent_worlds(3) != consent_worlds(4)


def test_whoever_uses_none_of_it_imports_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(): pass")
    heavy = "[each for each in ('pydantic', 'attrs', 'hypothesis', 'recoverycore.consent') if each in sys.modules]"
    (tmp_path / "conftest.py").write_text(f"import sys\ndef pytest_sessionfinish(): assert not {heavy}")
    assert run(tmp_path).returncode == 0


def test_the_decider_under_test_is_right_or_the_engine_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "test_ends.py").write_text(ENDS)
    assert run(tmp_path).returncode == 0
    assert run(tmp_path, "--consent-engine", "the end is inside").returncode == 1
    unknown = run(tmp_path, "--consent-engine", "no such engine")
    assert "no broken engine is called 'no such engine'" in unknown.stdout + unknown.stderr


def test_the_budget_can_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "test_budget.py").write_text("def test_budget(consent_law_budget): assert consent_law_budget == 7")
    assert run(tmp_path, "--consent-law-budget", "7").returncode == 0
    assert run(tmp_path, "-o", "consent_law_budget=7").returncode == 0


@pytest.mark.parametrize("budget", ["0", "-3", "many"])
def test_a_budget_in_which_nothing_would_be_checked_is_a_mistake_in_usage(tmp_path: Path, budget: str) -> None:
    (tmp_path / "test_budget.py").write_text("def test_budget(consent_law_budget): pass")
    told = run(tmp_path, "--consent-law-budget", budget)
    assert told.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"in '{budget}' worlds no law can be checked" in told.stderr
    assert "no law can be checked" in run(tmp_path, "-o", f"consent_law_budget={budget}").stdout


def test_a_decision_table_passes_or_says_what_differs(tmp_path: Path, decision_tables: Callable[..., TableReport]) -> None:
    file = tmp_path / "table.yaml"
    file.write_text(TABLE.replace("VERDICT", "permit"))
    assert decision_tables(file).ok
    file.write_text(TABLE.replace("VERDICT", "deny"))
    with pytest.raises(pytest.fail.Exception, match="1 failed"):
        decision_tables(file)


def test_tests_for_pytest_are_graded(tmp_path: Path) -> None:
    (tmp_path / "test_ends_too.py").write_text(ENDS)
    some = [ENGINES["the end is inside"], ENGINES["for any purpose"]]
    found = grade(by_pytest(str(tmp_path), "-c", os.devnull), engines=some)
    assert [each.noticed for each in found] == [True, False]


def test_where_there_is_no_test_nothing_is_graded(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pytest ended with 5"):
        grade(by_pytest(str(tmp_path), "-c", os.devnull))
