"""The face of a package, read from the source of its ``__init__.py`` without running it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from attrs import field, frozen

from tools.process import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCE = ROOT / "src" / "recoverycore"


@frozen
class Face:
    """What a package shows: its names as listed, as type checkers see them, and as they are fetched; the last two with their modules."""

    package: str
    paragraph: str
    listed: list[str] = field(factory=list)
    typed: dict[str, str] = field(factory=dict)
    lazy: dict[str, str] | None = None

    def findings(self) -> list[str]:
        """What does not fit together, one line a finding."""
        found = []
        if not self.paragraph:
            found.append("has no docstring")
        if self.listed != sorted(set(self.listed)):
            found.append("__all__ is not in order, or names something twice")
        if self.lazy is not None:
            found += [f"{name}: in __all__, but not fetched" for name in self.listed if name not in self.lazy]
            found += [f"{name}: fetched, but not in __all__" for name in self.lazy if name not in self.listed]
            found += [f"{name}: from another module for type checkers" for name in self.lazy if self.typed.get(name) != self.lazy[name]]
            found += [f"{name}: known to type checkers only" for name in self.typed if name not in self.lazy]
        return [f"{self.package}: {each}" for each in found]


def face(package: str, source: str) -> Face:
    """The face in the `source` of the ``__init__.py`` of `package`."""
    tree = ast.parse(source)
    listed: list[str] = []
    typed: dict[str, str] = {}
    lazy: dict[str, str] | None = None
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name("__all__")], value=value):
                listed = ast.literal_eval(value)
            case ast.If(test=ast.Name("TYPE_CHECKING"), body=body):
                typed = dict(_imported(body))
            case ast.Assign(value=ast.Call(func=ast.Name("attach"), args=[_, table])):
                lazy = {name: f"{package}.{module}" for module, names in ast.literal_eval(table).items() for name in names}
    return Face(package, ast.get_docstring(tree) or "", listed, typed, lazy)


def _imported(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """What is re-exported: ``name as name``. Anything else is there for the module's own annotations."""
    for node in body:
        if isinstance(node, ast.ImportFrom):
            yield from ((alias.asname, node.module or "") for alias in node.names if alias.asname)


def packages() -> dict[str, Path]:
    """Every folder of the library that holds Python files, by the name it has as a package."""
    folders = sorted({file.parent for file in SOURCE.glob("**/*.py")})
    return {".".join(("recoverycore", *folder.relative_to(SOURCE).parts)): folder for folder in folders}
