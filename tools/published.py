"""The published documents: whatever a public name of the ground or of a domain package gives that has a name for its schema.

The ground cannot list them, since it may not know the packages that stand on it; so they are looked for from outside.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from tools.process import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.ground import Document

PACKAGES = ("ground", "people", "plans", "consent", "risk", "escalation", "coordination", "directory")


def published_documents() -> "dict[str, type[Document]]":
    """Each published document by the name of its schema, in that order."""
    from recoverycore.ground import Document

    found: dict[str, type[Document]] = {}
    for value in _public_values():
        if isinstance(value, type) and issubclass(value, Document) and value.schema_name:
            if found.get(value.schema_name, value) is not value:
                message = f"two documents are published as {value.schema_name}"
                raise ValueError(message)
            found[value.schema_name] = value
    return dict(sorted(found.items()))


def _public_values() -> "Iterator[object]":
    for package in PACKAGES:
        if (ROOT / "src" / "recoverycore" / package / "__init__.py").is_file():
            module = import_module(f"recoverycore.{package}")
            yield from (getattr(module, name) for name in module.__all__)
