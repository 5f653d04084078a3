"""The bootstrap: it installs what is here, hands each command over, and never lets another environment's settings in."""

from __future__ import annotations

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from tools.__main__ import MODULES
from tools.process import ROOT


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would run; nothing is installed."""
    commands: list[list[str]] = []
    monkeypatch.setattr(dev, "prepare", lambda kind, *_: commands.append([kind]))
    monkeypatch.setattr(dev, "run", lambda command: commands.append(command) or 7)
    return commands


@pytest.mark.parametrize("command", MODULES)
def test_a_contributors_command_is_handed_to_the_tools(ran: list[list[str]], command: str) -> None:
    assert dev.main([command, "--quick"]) == 7
    assert ran == [["dev"], [dev.PYTHON, "-m", "tools", command, "--quick"]]


def test_the_demo_is_the_librarys_own_command(ran: list[list[str]]) -> None:
    assert dev.main(["demo", "monique"]) == 7
    assert ran == [["demo"], [dev.PYTHON, "-m", "recoverycore", "demo", "monique"]]


def test_a_file_that_was_named_from_elsewhere_goes_along_with_its_whole_path(
    ran: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cases.json").touch()
    monkeypatch.chdir(tmp_path)
    dev.main(["suite", "plans", "cases.json"])
    assert ran[-1][-1] == str(tmp_path / "cases.json")


def test_the_example_is_started_in_the_same_way(ran: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", ["start.py", "--speed", "30"])
    monkeypatch.setattr(os, "chdir", lambda _: None)
    command = [dev.PYTHON, "-m", "fastapi_host", "--speed", "30"]

    def takes_this_place(path: str, words: list[str], environment: dict[str, str]) -> None:
        assert (path, environment) == (dev.PYTHON, dev.ENVIRONMENT)
        ran.append(words)
        sys.exit(7)

    monkeypatch.setattr(os, "execve", takes_this_place)
    with pytest.raises(SystemExit, match="7"):
        runpy.run_path(str(ROOT / "examples/fastapi_host/start.py"), run_name="__main__")
    assert ran == [["example"], command]


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["tset"], 2), (["--help"], 0)])
def test_anything_else_shows_the_commands(
    ran: list[list[str]], capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert dev.main(arguments) == code
    assert ran == []
    told = capsys.readouterr().out
    assert [command for command in ("demo", *MODULES) if f"\n  {command} " not in told] == []


def test_only_plugins_that_are_here_are_installed() -> None:
    named = [Path(word).name for word in dev.DEV if "plugins/" in word]
    assert named == sorted(file.parent.name for file in ROOT.glob("plugins/*/pyproject.toml"))


def test_the_examples_that_are_here_are_installed_for_contributors() -> None:
    named = [Path(word).name for word in dev.DEV if "examples/" in word]
    assert named == sorted(file.parent.name for file in ROOT.glob("examples/*/pyproject.toml"))


def test_without_plugins_the_root_alone_is_installed() -> None:
    assert dev.editable("cli", []) == ["-e", ".[cli]"]


def test_the_settings_of_another_environment_stay_outside() -> None:
    look = "import os; os.environ['PYTHONPATH'] = 'elsewhere'; import dev; print('PYTHONPATH' in dev.ENVIRONMENT)"
    assert subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True).stdout == "False\n"


def test_what_it_imports_comes_with_python() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text("utf-8"))
    imported = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= sys.stdlib_module_names
