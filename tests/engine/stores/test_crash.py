"""A process that dies in the middle of its work: each unit is wholly there or wholly absent, and none that was told kept is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.folders import MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks there")

SCRIPT = Path(__file__).with_name("crashing.py")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as made:
        yield Path(made)


def kills(folder: Path, way: str) -> list[dict[str, Any]]:
    done = subprocess.run([sys.executable, str(SCRIPT), str(folder), way], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def broken(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kills after which something was lost, half done or stuck. A unit may be kept and not yet acknowledged, at most one."""
    return [each for each in told if each["there"] is None or each["there"] - each["acknowledged"] not in (0, 1) or not each["went_on"]]


def test_a_kill_at_any_statement_leaves_whole_units_and_loses_none(folder: Path) -> None:
    told = kills(folder, "statements")
    assert broken(told) == []
    assert len(told) > 75
    assert {each["acknowledged"] for each in told} == {0, 1, 2, 3}


def test_a_kill_at_any_moment_leaves_whole_units_and_loses_none(folder: Path) -> None:
    told = kills(folder, "moments")
    assert broken(told) == []
    assert len(told) == 32


def test_the_comparison_finds_a_store_without_transactions(folder: Path) -> None:
    assert len(broken(kills(folder, "careless"))) > 10
