"""The lazy face of a package (PEP 562): names are imported when first used, so that importing costs nothing."""

from __future__ import annotations

import importlib
import sys

TYPE_CHECKING = False  # as a type checker reads it, without importing typing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any


def attach(package: str, modules: Mapping[str, Iterable[str]]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Give ``__getattr__`` and ``__dir__`` for `package`, whose public names live in `modules`.

    `modules` maps a module name relative to the package to the names it defines. A name that was fetched once is
    kept in the package, so the second use costs a plain attribute look-up.
    """
    home = {name: module for module, names in modules.items() for name in names}

    def __getattr__(name: str) -> Any:  # noqa: N807 - the name is the protocol of PEP 562
        if name not in home:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(importlib.import_module(f"{package}.{home[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def __dir__() -> list[str]:  # noqa: N807 - the name is the protocol of PEP 562
        return sorted(home)

    return __getattr__, __dir__
