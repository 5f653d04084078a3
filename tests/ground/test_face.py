"""The face of the ground: lazy, complete, and the same for type checkers."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys

import pytest

from recoverycore import ground
from recoverycore._lazy import attach


def test_every_public_name_is_there_and_each_is_fetched_once() -> None:
    for name in ground.__all__:
        assert getattr(ground, name) is vars(ground)[name]


def test_public_names_stand_in_order() -> None:
    assert ground.__all__ == sorted(set(ground.__all__))


def test_dir_lists_the_public_names() -> None:
    assert dir(ground) == ground.__all__


def test_type_checkers_are_told_the_same_names_from_the_same_modules() -> None:
    told = {
        alias.asname: node.module
        for node in ast.walk(ast.parse(inspect.getsource(ground)))
        if isinstance(node, ast.ImportFrom) and node.module != "typing"
        for alias in node.names
        if alias.asname
    }
    assert sorted(told) == ground.__all__
    for name, module in told.items():
        assert getattr(importlib.import_module(str(module)), name) is getattr(ground, name)


def test_every_public_name_is_public_in_its_module() -> None:
    for name in ground.__all__:
        homes = [home for home in vars(ground).values() if inspect.ismodule(home) and name in getattr(home, "__all__", ())]
        assert homes, name


def test_a_name_that_is_not_there_is_told_as_python_does() -> None:
    with pytest.raises(AttributeError, match=r"module 'recoverycore\.ground' has no attribute 'Documnet'"):
        ground.Documnet  # noqa: B018 - what is refused


def test_importing_the_ground_imports_no_library() -> None:
    code = (
        "import sys, recoverycore.ground, recoverycore.errors; print(*{'pydantic', 'yaml', 'attrs', 'tomllib', 'json'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_lazy_face_names_what_its_modules_define() -> None:
    fetch, names = attach("recoverycore.ground", {"levels": ("Level",), "text": ("tokens", "nearest")})
    assert names() == ["Level", "nearest", "tokens"]
    assert fetch("Level") is ground.Level
