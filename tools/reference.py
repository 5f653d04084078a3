"""The reference pages that are read off the code: error codes, hooks, documents, public names. Nobody writes them by hand.

`python -m tools.reference` compares `docs/reference` with the code; with ``--write`` it writes the pages anew.
"""

import inspect
import sys
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tools.process import ROOT, told
from tools.published import published_documents

FOLDER = ROOT / "docs" / "reference"
PACKAGE = ROOT / "src" / "recoverycore"
NOTE = "<!-- Read off the code by `python3 dev.py check --fix`; a change here is lost. -->\n"


def error_catalogues() -> dict[str, dict[str, dict[str, str]]]:
    """Each package's catalogue of error codes, by package."""
    return {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted((PACKAGE / "error_codes").glob("*.toml"))}


def errors_page(catalogues: dict[str, dict[str, dict[str, str]]]) -> str:
    """One heading a code, with an anchor that stays (``errors.md#rc1003``) when the name or the text is mended."""
    parts = [
        "# Error codes\n",
        (
            "Every error of recoverycore holds one or more problems. "
            "Each has a stable code and name, a JSON pointer to the place, and a remedy. "
            "No error repeats what somebody wrote, so it may be logged.\n"
        ),
    ]
    for package, entries in catalogues.items():
        parts.append(f"## {package}\n")
        for name, entry in sorted(entries.items(), key=lambda item: item[1]["code"]):
            parts.append(
                f"({entry['code'].lower()})=\n\n### {entry['code']} {name}\n\n{entry['meaning']}\n\n**Remedy:** {entry['remedy']}\n"
            )
    return "\n".join([NOTE, *parts])


def hooks_page(hooks: type) -> str:
    """One heading a hook, with its arguments and its contract, which is the docstring of its specification."""
    parts = ["# Hooks\n", _first_paragraph(hooks) + "\n"]
    for name, hook in sorted(inspect.getmembers(hooks, inspect.isfunction)):
        if name.startswith("recovery_"):
            arguments = ", ".join(argument for argument in inspect.signature(hook).parameters if argument != "self")
            parts.append(f"## {name}\n\nArguments: `{arguments or 'none'}`\n\n{_literal(inspect.getdoc(hook) or '')}\n")
    return "\n".join([NOTE, *parts])


def documents_page(documents: dict[str, Any]) -> str:
    """One heading a published document, with a row for each of its fields; host settings are documents too."""
    parts = [
        "# Documents\n",
        (
            "What people write and hosts keep. A file holds the envelope `{schema, version, data}`; the fields below are those of `data`. "
            "Unknown fields are refused, except those that begin with `x-`, which are kept.\n"
        ),
    ]
    for name, document in documents.items():
        fields = ["| field | needed | meaning |", "|---|---|---|"]
        for field, about in document.model_fields.items():
            if field != "extensions":
                needed = "yes" if about.is_required() else "no"
                fields.append(f"| `{about.alias or field}` | {needed} | {_cell(about.description or '')} |")
        version = f"Version {document.schema_version}; class `{document.__name__}`."
        parts.append(f"## {name}\n\n{_first_paragraph(document)}\n\n{version}\n\n" + "\n".join(fields) + "\n")
    return "\n".join([NOTE, *parts])


def names_page(packages: list[str]) -> str:
    """One heading a package, with the first sentence of every public name in it."""
    parts = ["# Public names\n", "What may be imported. Everything else may change without notice.\n"]
    for package in packages:
        module = import_module(package)
        rows = [f"- `{name}`: {_summary(getattr(module, name))}" for name in module.__all__]
        parts.append(f"## {package}\n\n{_first_paragraph(module)}\n\n" + "\n".join(rows) + "\n")
    return "\n".join([NOTE, *parts])


def packages_with_names() -> list[str]:
    """The packages of the library that declare public names; the terminal's commands are no names to import."""
    found = []
    for file in sorted(PACKAGE.glob("**/__init__.py")):
        name = ".".join(("recoverycore", *file.parent.relative_to(PACKAGE).parts))
        if "__all__" in file.read_text("utf-8"):
            found.append(name)
    return found


def _first_paragraph(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split()).replace("``", "`")


def _summary(value: Any) -> str:
    """A constant's docstring is that of its type, which says nothing about it."""
    if inspect.ismodule(value) or inspect.isclass(value) or callable(value):
        return _first_paragraph(value) or f"see `{getattr(value, '__module__', type(value).__name__)}`."
    return f"a {type(value).__name__}."


def _literal(text: str) -> str:
    return text.replace("``", "`")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("``", "`")


def pages() -> dict[str, Callable[[], str]]:
    """How each page is made, by file name."""
    from recoverycore.hooks.specs import RecoveryHooks  # the page of hooks is the only one that needs them

    return {
        "errors.md": lambda: errors_page(error_catalogues()),
        "hooks.md": lambda: hooks_page(RecoveryHooks),
        "documents.md": lambda: documents_page(published_documents()),
        "public_names.md": lambda: names_page(packages_with_names()),
    }


def findings(made: dict[str, str], folder: Path) -> list[str]:
    """The pages in `folder` that no longer say what the code says, one line a page."""
    return [
        f"{name}: out of date" for name, text in made.items() if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Compare, or with ``--write`` make the pages what the code says."""
    made = {name: make() for name, make in pages().items()}
    if "--write" in arguments:
        for name, text in made.items():
            (FOLDER / name).write_text(text, "utf-8")
    found = findings(made, FOLDER)
    if found:
        found.append("Mend with: python3 dev.py check --fix")
    return told(found, f"reference: {len(made)} pages say what the code says.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
