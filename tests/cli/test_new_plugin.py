"""A project from a template: its tests pass at once, nothing is written over, and a name that cannot be is refused."""

from __future__ import annotations

import shlex
import sys
import tomllib
from importlib import import_module
from typing import TYPE_CHECKING, get_args

import pytest
from click.testing import CliRunner, Result

from recoverycore.cli.commands import recoverycore
from recoverycore.cli.new_plugin import Kind, project_files
from recoverycore.errors import DocumentError
from tests.wheel import Installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

WORDS = {each: project_files("night-line", each)["README.md"].split("night_line:plugin")[1].split("\n")[0] for each in get_args(Kind)}


def run(*words: object) -> Result:
    return CliRunner().invoke(recoverycore, ["new-plugin", *map(str, words)])


@pytest.fixture
def tests_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], ModuleType]]:
    """The tests of a project, imported here."""
    names: list[str] = []

    def imported(folder: Path) -> ModuleType:
        for each in ("src", "tests"):
            monkeypatch.syspath_prepend(folder / each)
        names.extend(("night_line", "test_night_line"))
        return import_module("test_night_line")

    yield imported
    for name in names:
        sys.modules.pop(name, None)


def test_the_tests_of_a_new_project_pass_at_once(tmp_path: Path, tests_in: Callable[[Path], ModuleType]) -> None:
    """One kind here; the proof below takes them all, from the wheel."""
    shown = run("night-line", "--kind", "notifier", "--out", tmp_path / "made")
    assert (shown.exit_code, "Next: cd " in shown.output) == (0, True)
    tests = tests_in(tmp_path / "made")
    assert tests.TestNotifier.check_all() == []
    tests.test_an_engine_delivers_by_it()


def test_the_tests_of_a_new_project_notice_what_breaks(tmp_path: Path, tests_in: Callable[[Path], ModuleType]) -> None:
    """The control of the test above."""
    run("night-line", "--kind", "notifier", "--out", tmp_path)
    code = tmp_path / "src/night_line/__init__.py"
    code.write_text(code.read_text("utf-8").replace("if key not in self._sent:", "if True:"), "utf-8")
    assert "sms: the same key twice made 2 messages; one should go out" in tests_in(tmp_path).TestNotifier.check_all()


@pytest.mark.parametrize("kind", get_args(Kind))
def test_each_kind_is_a_distribution_with_one_plugin(kind: Kind) -> None:
    made = project_files("night-line", kind)
    project = tomllib.loads(made["pyproject.toml"])["project"]
    assert project["entry-points"]["recoverycore.plugins"] == {"night-line": "night_line:plugin"}
    assert not [path for path, text in made.items() if "$" in text]
    for path, text in made.items():
        if path.endswith(".py"):
            compile(text, path, "exec")


@pytest.mark.parametrize(
    "name", ["Night", "night_line", "night--line", "1st", "", "class", "json", "../up", "a b", "recoverycore", "pytest", "yaml"]
)
def test_a_name_that_no_distribution_can_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="bad_value"):
        project_files(name, "lines")
    assert run(name, "--kind", "lines", "--out", tmp_path / "made").exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", "utf-8")
    for out in (tmp_path, tmp_path / "README.md"):
        shown = run("night-line", "--kind", "lines", "--out", out)
        assert (shown.exit_code, "RC9352" in shown.stderr) == (2, True)
    assert [(each.name, each.read_text("utf-8")) for each in tmp_path.iterdir()] == [("README.md", "mine")]


@pytest.mark.prove
def test_each_kind_is_built_and_passes_its_tests_beside_the_wheel(tmp_path: Path) -> None:
    """As an author has it: the wheel of the library, that of the project, and nothing of this checkout."""
    beside = Installed.into(tmp_path, "[cli]")
    for kind in get_args(Kind):
        home = tmp_path / kind
        beside.did(beside.python, "-m", "recoverycore", "new-plugin", "night-line", "--kind", kind, "--out", home)
        beside.did(beside.python, "-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps", home)
        assert "passed" in beside.did(beside.python, "-m", "pytest", "-q", home / "tests")
        held = beside.run(beside.python, "-m", "recoverycore.testing", "night_line:plugin", *shlex.split(WORDS[kind]))
        assert held.returncode == (1 if kind == "notifier" else 0), held.stdout  # its provider is still to be written
        assert "night-line 0.1.0" in beside.did(beside.python, "-m", "recoverycore", "plugins", "--check")
