"""Every package says what lives in it, and shows the same names to a reader, to a type checker and to a running program."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from tests.architecture.faces import face, packages

PACKAGES = packages()
WELL = '''"""A room."""
from typing import TYPE_CHECKING
from recoverycore._lazy import attach
if TYPE_CHECKING:
    from room.chairs import Chair as Chair
__all__ = ["Chair"]
__getattr__, __dir__ = attach(__name__, {"chairs": ("Chair",)})
'''


@pytest.mark.parametrize("package", PACKAGES)
def test_a_folder_with_code_is_a_package(package: str) -> None:
    """Without an ``__init__.py`` it would escape the import contract."""
    assert (PACKAGES[package] / "__init__.py").is_file()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_a_paragraph_and_one_face(package: str) -> None:
    assert face(package, (PACKAGES[package] / "__init__.py").read_text("utf-8")).findings() == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_can_be_fetched(package: str) -> None:
    module = import_module(package)
    assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == []


def test_a_face_that_fits_together_is_no_finding() -> None:
    assert face("room", WELL).findings() == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ('"""A room."""', "", "has no docstring"),
        ('__all__ = ["Chair"]', "__all__ = []", "Chair: fetched, but not in __all__"),
        ('__all__ = ["Chair"]', '__all__ = ["Chair", "Table"]', "Table: in __all__, but not fetched"),
        ('__all__ = ["Chair"]', '__all__ = ["Chair", "Chair"]', "__all__ is not in order, or names something twice"),
        ("from room.chairs", "from room.tables", "Chair: from another module for type checkers"),
        ("Chair as Chair", "Chair as Chair, Table as Table", "Table: known to type checkers only"),
    ],
)
def test_a_face_that_does_not_fit_together_is_found(before: str, after: str, found: str) -> None:
    assert face("room", WELL.replace(before, after)).findings() == [f"room: {found}"]


HEAVY = {"attr", "attrs", "dateutil", "jsonschema", "pluggy", "pydantic", "pydantic_core", "tomllib", "json"}


def loaded_after(program: str) -> set[str]:
    """The top-level modules in a fresh Python after `program`."""
    look = f"{program}\nimport sys; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_library_loads_nothing_heavy() -> None:
    assert not HEAVY & (loaded_after("import recoverycore") - loaded_after("pass"))


def test_using_a_document_loads_what_it_needs() -> None:
    """The control of the test above: it would notice."""
    assert "pydantic" in loaded_after("import recoverycore; recoverycore.Document")
