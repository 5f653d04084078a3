"""The contracts as an author has them: run by pytest on plugins with planted faults, each told in words; also from the wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recoverycore.testing.plugins.holding import CONTRACTS
from tests.testing import planted
from tests.wheel import Installed

HERE = Path(__file__).parent
ENOUGH = 15
PLANTED = Path(planted.__file__)
CLASSES = {name: each for name, each in vars(planted).items() if name.startswith("Test")}
WORDS = {name: str(each.__doc__) for name, each in CLASSES.items()}
"""The words in which each class of tests has to fail."""


def fails_in_words(said: str) -> None:
    """Each class has failed, and in the very words that stand above it."""
    failures = re.findall(r"^_+ (Test\w+)\.test_\w+ _+$((?:.|\n)*?)(?=^_+ Test|^=+ )", said, re.MULTILINE)
    missing = [name for name, words in WORDS.items() if not any(words in text for failed, text in failures if failed == name)]
    assert not missing, [*missing, said]


def test_there_are_faults_of_every_contract() -> None:
    assert len(CLASSES) >= ENOUGH
    assert {each for each in CONTRACTS.values() if not any(issubclass(one, each) for one in CLASSES.values())} == set()


def test_an_author_who_runs_pytest_is_told_each_planted_fault_in_words(tmp_path: Path) -> None:
    shutil.copy(PLANTED, tmp_path / "test_planted.py")
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path), str(tmp_path)]
    ended = subprocess.run(words, check=False, capture_output=True, text=True)
    assert ended.returncode == 1
    fails_in_words(ended.stdout)


@pytest.mark.prove
def test_the_wheel_holds_plugins_to_their_contracts(tmp_path: Path) -> None:
    """The kit's own tests too, with every fault that they plant: nothing of it is missing from the wheel."""
    beside = Installed.into(tmp_path, "[yaml]", plugins=("us", "eu", "gb"))
    folder = tmp_path / "tests"
    shutil.copytree(HERE / "plugins", folder / "plugins", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(HERE / "lines", folder / "lines", ignore=shutil.ignore_patterns("__pycache__"))
    for each in ("test_contract.py", "rules_of_0_1.txt"):
        shutil.copy(HERE / each, folder / each)
    beside.did(beside.python, "-m", "pytest", "-q", "-W", "error", "--import-mode=importlib", "--rootdir", folder, folder)
    shutil.copy(PLANTED, tmp_path / "test_planted.py")
    fails_in_words(beside.run(beside.python, "-m", "pytest", tmp_path / "test_planted.py").stdout)
