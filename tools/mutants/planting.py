"""Putting a mutant into a running process: functions that live already get its code, a module not yet imported is read from its tree."""

from __future__ import annotations

import ast
import gc
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tools.mutants.changes import Mutant

__all__ = ["Source", "serve"]


class Source:
    """One module: its file, its tree, and the functions of it that live in this process."""

    def __init__(self, file: Path, imported_as: str, name: str) -> None:
        self.file = file
        self.imported_as = imported_as
        self.name = name
        self.text = file.read_text("utf-8")
        self.tree = ast.parse(self.text)
        self.codes: list[CodeType] = []
        self.living: list[tuple[FunctionType, int]] = []

    def code(self) -> CodeType:
        """The code of the tree as it is now."""
        code = compile(self.tree, str(self.file), "exec", dont_inherit=True)
        assert isinstance(code, CodeType)  # noqa: S101 - what compile gives for a tree
        return code

    def find_living(self, functions: list[FunctionType]) -> None:
        """Remember those of `functions` that come from here, each with its place among the codes of the module."""
        self.codes = list(_codes(self.code()))
        places = {_told(code): place for place, code in enumerate(self.codes)}
        mine = [(each, _told(each.__code__)) for each in functions if each.__code__.co_filename == str(self.file)]
        self.living = [(each, places[told]) for each, told in mine if told in places]

    def swap(self, mutant: Mutant) -> int:
        """Give the functions that live the code of `mutant`; how many of them have other code now."""
        mutant.plant()
        codes = list(_codes(self.code()))
        changed = 0
        for function, place in self.living:
            before, now = self.codes[place], codes[place] if place < len(codes) else None
            if now is not None and now != before and _told(now)[:2] == _told(before)[:2]:
                function.__code__ = now
                changed += 1
        return changed


def find_all_living(sources: Sequence[Source]) -> None:
    """Find the functions that live for each of `sources`."""
    functions = [each for each in gc.get_objects() if isinstance(each, FunctionType)]
    for source in sources:
        source.find_living(functions)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def _told(code: CodeType) -> tuple[str, int, bytes]:
    """What tells a code from the others. Two that were run differ from each other otherwise, even where they were the same."""
    return code.co_qualname, code.co_firstlineno, code.co_code


class _Loader(SourceFileLoader):
    code: CodeType

    def get_code(self, fullname: str) -> CodeType:
        """The code of the mutant, whatever stands in the file."""
        del fullname
        return self.code


class _Finder(MetaPathFinder):
    def __init__(self, source: Source) -> None:
        self.source = source

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """The mutated module, and no other."""
        if fullname != self.source.imported_as:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None:
            spec.loader = loader = _Loader(fullname, str(self.source.file))
            loader.code = self.source.code()
        return spec


def serve(source: Source, mutant: Mutant | None) -> None:
    """Have `source`, which nobody has imported yet, imported as `mutant`, or from its tree as it stands."""
    if source.imported_as in sys.modules:
        message = f"{source.imported_as} is imported already"
        raise RuntimeError(message)
    if mutant is not None:
        mutant.plant()
    sys.meta_path.insert(0, _Finder(source))
