"""The import contract catches what it is for. (Whether the library keeps it, `dev.py check` says in its step "layers".)

Each test plants one import in a small package of the same name, and reads the contract from the real `pyproject.toml`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tools.check import LAYERS
from tools.process import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HOUSE = ("errors", "ground", "people", "risk", "hooks", "engine", "views", "testing", "cli")


def broken(folder: Path, **planted: str) -> str:
    """What the contract says of a house of empty packages with the `planted` lines in them; empty when it is kept."""
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in (*HOUSE, *(planted.keys() - set(HOUSE))):
        (folder / "recoverycore" / package).mkdir(parents=True)
        (folder / "recoverycore" / package / "__init__.py").write_text(planted.get(package, ""), "utf-8")
    (folder / "recoverycore" / "__init__.py").touch()
    (folder / "recoverycore" / "views" / "renderers.py").touch()
    (folder / "recoverycore" / "ground" / "rendering.py").write_text("def render():\n    import recoverycore.views.renderers\n", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", LAYERS, "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout if done.returncode else ""


def test_a_house_whose_imports_run_downwards_is_kept(tmp_path: Path) -> None:
    assert broken(tmp_path, people="from recoverycore.ground import *", engine="import recoverycore.people") == ""


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("ground", "recoverycore.people"),
        ("errors", "recoverycore.ground"),
        ("risk", "recoverycore.hooks"),
        ("people", "recoverycore.engine"),
        ("engine", "recoverycore.testing"),
        ("testing", "recoverycore.cli"),
    ],
)
def test_an_upward_import_is_caught(tmp_path: Path, where: str, what: str) -> None:
    assert f"recoverycore.{where} is not allowed to import {what}" in broken(tmp_path, **{where: f"import {what}"})


@pytest.mark.parametrize(("where", "what"), [("people", "risk"), ("risk", "people"), ("views", "engine"), ("engine", "views")])
def test_an_import_of_a_sibling_is_caught(tmp_path: Path, where: str, what: str) -> None:
    assert f"recoverycore.{where} is not allowed to import recoverycore.{what}" in broken(
        tmp_path, **{where: f"import recoverycore.{what}"}
    )


def test_only_the_door_of_what_is_shown_may_load_the_views(tmp_path: Path) -> None:
    assert "recoverycore.ground is not allowed to import recoverycore.views" in broken(
        tmp_path, ground="def show():\n    import recoverycore.views.renderers\n"
    )


def test_an_upward_import_inside_a_function_is_caught(tmp_path: Path) -> None:
    assert broken(tmp_path, ground="def look():\n    import recoverycore.views\n")


def test_a_sibling_that_is_named_for_type_checkers_only_is_caught(tmp_path: Path) -> None:
    assert broken(tmp_path, people="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import recoverycore.risk\n")


def test_a_package_that_no_layer_names_is_caught(tmp_path: Path) -> None:
    assert broken(tmp_path, helpers="")


def test_hooks_need_no_domain_at_run_time() -> None:
    """They stand above the domains so that type checkers may read the domains' names; a plugin's author loads none of them."""
    look = (
        "import importlib, pkgutil, sys, recoverycore.hooks as hooks\n"
        "for module in pkgutil.walk_packages(hooks.__path__, 'recoverycore.hooks.'): importlib.import_module(module.name)\n"
        "print(*sorted({name.split('.')[1] for name in sys.modules if name.startswith('recoverycore.')}))"
    )
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) <= {"_lazy", "errors", "ground", "hooks"}
