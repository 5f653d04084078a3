"""The published documents: whatever a public name of the ground or of a domain package gives that has a name for its schema.

The ground cannot list them, since it may not know the packages that stand on it; so they are looked for from outside.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tools.process import ROOT

if TYPE_CHECKING:
    from recoverycore.ground import Document

PACKAGES = ("ground", "people", "plans", "consent", "risk", "escalation", "coordination", "directory")


def published_documents() -> "dict[str, type[Document]]":
    """Each published document by the name of its schema, in that order."""
    from recoverycore.ground import Document

    found: dict[str, type[Document]] = {}
    for package in _there_are():
        for value in public_values(package)[0].values():
            if isinstance(value, type) and issubclass(value, Document) and value.schema_name and "schema_name" in vars(value):
                if found.get(value.schema_name, value) is not value:
                    message = f"two documents are published as {value.schema_name}"
                    raise ValueError(message)
                found[value.schema_name] = value
    return dict(sorted(found.items()))


def out_of_reach() -> list[str]:
    """The public names of these packages that cannot be fetched, one line each: what they publish is not known."""
    return [finding for package in _there_are() for finding in public_values(package)[1]]


def public_values(package: str) -> tuple[dict[str, Any], list[str]]:
    """The public names of `package` with their values, and a line for each that cannot be fetched."""
    module = import_module(package)
    values, failed = {}, []
    for name in module.__all__:
        try:
            values[name] = getattr(module, name)
        except (ImportError, AttributeError) as error:
            failed.append(f"{package}.{name} cannot be fetched: {error}")
    return values, failed


def _there_are() -> list[str]:
    return [f"recoverycore.{name}" for name in PACKAGES if (ROOT / "src" / "recoverycore" / name / "__init__.py").is_file()]
