"""The reference pages that are read off the code: error codes, hooks, documents, crisis lines, public names. Nobody writes them by hand.

`python -m tools.reference` compares `docs/reference` with the code; with ``--write`` it writes the pages anew.
"""

import ast
import inspect
import json
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast, get_args, get_origin, get_type_hints

import attrs

from tools import lines_page
from tools.process import ROOT, told
from tools.published import public_values, published_documents

if TYPE_CHECKING:
    from recoverycore.ground import Document

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


def hooks_page(hooks: type, values: tuple[type, ...] = ()) -> str:
    """One heading a hook, with its arguments and its contract, which is the docstring of its specification; then what goes through them."""
    parts = ["# Hooks\n", _first_paragraph(hooks) + "\n"]
    for name, hook in sorted(inspect.getmembers(hooks, inspect.isfunction)):
        if name.startswith("recovery_"):
            arguments = ", ".join(argument for argument in inspect.signature(hook).parameters if argument != "self")
            parts.append(f"## {name}\n\nArguments: `{arguments or 'none'}`\n\n{_literal(inspect.getdoc(hook) or '')}\n")
    for value in values:
        table = "\n".join(["| field | holds | left out |", "|---|---|---|", *value_rows(value)])
        parts.append(f"## {value.__name__}\n\n{_literal(inspect.getdoc(value) or '')}\n\n{table}\n")
    return "\n".join([NOTE, *parts])


def value_rows(value: type) -> Iterator[str]:
    """A row for each field of a frozen value: what it holds, and what stands where it is left out."""
    known = get_type_hints(value)
    for each in attrs.fields(value):
        one_of = get_args(known[each.name]) if get_origin(known[each.name]) is Literal else ()
        holds = ", ".join(map(_as_code, one_of)) or f"`{each.type}`"
        absent = "refused" if each.default is attrs.NOTHING else "empty" if hasattr(each.default, "factory") else f"`{each.default!r}`"
        yield f"| `{each.name}` | {_cell(holds)} | {_cell(absent)} |"


def documents_page(documents: "dict[str, type[Document]]") -> str:
    """One heading a published document, with a row for each of its fields; host settings are documents too."""
    parts = [
        "# Documents\n",
        (
            "What people write and hosts keep. A file holds the envelope `{schema, version, data}`; the fields below are those of `data`. "
            "Unknown fields are refused, except those that begin with `x-`, which are kept. "
            "The whole of it, with every part, is the JSON Schema that `model_json_schema()` of the class gives.\n"
        ),
    ]
    for name, document in documents.items():
        version = f"Version {document.schema_version}; class `{document.__name__}`."
        parts.append(f"## {name}\n\n{_first_paragraph(document)}\n\n{version}\n")
        kinds = kinds_of(document)
        for kind in kinds:
            head = [f"### {kind.__name__}\n\n{_first_paragraph(kind)}\n"] if len(kinds) > 1 else []
            parts += [*head, "\n".join(field_rows(kind)) + "\n"]
    shown = [kind for document in documents.values() for kind in kinds_of(document)]
    parts.append("## Parts\n\nWhat the documents above are made of, by name.\n")
    for part in parts_of(shown):
        parts.append(f"### {part.__name__}\n\n{_first_paragraph(part)}\n\n" + "\n".join(field_rows(part)) + "\n")
    return "\n".join([NOTE, *parts])


def engine_page(engine: type, values: tuple[type, ...] = ()) -> str:
    """One heading a command or look of the engine, by name: how it is called, and its docstring; then what some of them give back."""
    parts = ["# The engine\n", _first_paragraph(engine) + "\n", "A command may be given `at` and `command_id`; a look changes nothing.\n"]
    for name, method in sorted(inspect.getmembers(engine)):
        if name.startswith("_") or not callable(method):
            continue
        arguments = [str(each) for each in inspect.signature(method).parameters.values() if each.name not in ("self", "cls")]
        named = [each.split(":")[0].split("=")[0].strip() for each in arguments]
        parts.append(f"## {name}\n\nArguments: `{', '.join(named) or 'none'}`\n\n{_literal(inspect.getdoc(method) or '')}\n")
    for value in values:
        table = "\n".join(["| has | that is |", "|---|---|", *_rows_of_value(value)])
        parts.append(f"## {value.__name__}\n\n{_literal(inspect.getdoc(value) or '')}\n\n{table}\n")
    return "\n".join([NOTE, *parts])


def _rows_of_value(value: type) -> Iterator[str]:
    """A row for each field of a frozen value, with its type, and for each of its properties, with what it says."""
    yield from (f"| `{each.name}` | `{_cell(str(each.type))}` |" for each in attrs.fields(value))
    for name, each in vars(value).items():
        if isinstance(each, property):
            yield f"| `{name}` | {_cell(inspect.getdoc(each) or '')} |"


def parts_of(documents: "list[type[Document]]") -> "list[type[Document]]":
    """Every document that is a part of `documents`, at any depth, by name; those that have a heading of their own are left out."""
    from recoverycore.ground import Document

    seen, waiting = set(documents), list(documents)
    while waiting:
        for field in waiting.pop().model_fields.values():
            inner = {each for each in _classes(field.annotation) if issubclass(each, Document)} - seen
            seen |= inner
            waiting += inner
    return sorted(seen - set(documents), key=lambda each: (each.__name__, each.__module__))


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for each in get_args(annotation):
        yield from _classes(each)


def kinds_of(document: "type[Document]") -> "list[type[Document]]":
    """The documents that travel under the name of `document`'s schema: itself, or every kind of it where it is one of several."""
    heirs = [each for each in document.__subclasses__() if "schema_name" not in vars(each)]
    return [kind for heir in heirs for kind in kinds_of(heir)] or [document]


def field_rows(document: "type[Document]") -> list[str]:
    """A table of the fields of `document`: what each holds, what stands where it is left out, and what its docstring says."""
    schema = document.model_json_schema()
    if "$ref" in schema:  # a document that holds documents of its own kind
        schema = schema["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    needed, said = schema.get("required", ()), attribute_docstrings(document)
    rows = ["| field | holds | left out | meaning |", "|---|---|---|---|"]
    for field, about in document.model_fields.items():
        name = about.alias or field
        part = schema["properties"][name]
        absent = "refused" if name in needed else _as_code(part["default"]) if part.get("default") is not None else "not known"
        rows.append(f"| `{name}` | {_cell(shape(part))} | {_cell(absent)} | {_cell(said.get(field, ''))} |")
    return rows


def shape(schema: dict[str, Any]) -> str:
    """In words what a value of `schema` is."""
    match schema:
        case {"$ref": str(reference)}:
            return f"`{reference.rsplit('/', 1)[-1]}`"
        case {"anyOf": list(several)} | {"oneOf": list(several)}:
            return " or ".join(dict.fromkeys(shape(each) for each in several if each != {"type": "null"}))
        case {"enum": list(values)}:
            return ", ".join(map(_as_code, values))
        case {"const": value}:
            return _as_code(value)
        case {"type": "array", "items": dict(item)}:
            return f"list of {shape(item)}"
        case {"type": "object", "additionalProperties": dict(item)}:
            return f"{shape(item)} by name"
        case {"type": kind, "format": form}:
            return f"{kind} ({form})"
        case {"type": kind}:
            return str(kind)
        case _:
            return "any JSON"


def attribute_docstrings(document: "type[Document]") -> dict[str, str]:
    """The docstrings below the fields of `document` and of what it inherits from, by field."""
    from recoverycore.ground import Document

    found: dict[str, str] = {}
    for each in reversed(document.__mro__):
        if issubclass(each, Document):
            body = cast("ast.ClassDef", ast.parse(textwrap.dedent(inspect.getsource(each))).body[0]).body
            for field, below in pairwise(body):
                if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                    found[ast.unparse(field.target)] = str(below.value.value)
    return found


def names_page(packages: list[str]) -> str:
    """One heading a package, with the first sentence of every public name in it."""
    parts = ["# Public names\n", "What may be imported. Everything else may change without notice.\n"]
    for package in packages:
        rows = [f"- `{name}`: {_summary(value)}" for name, value in public_values(package)[0].items()]
        parts.append(f"## {package}\n\n{_first_paragraph(import_module(package))}\n\n" + "\n".join(rows) + "\n")
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


def _as_code(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("``", "`")


def pages() -> dict[str, Callable[[], str]]:
    """How each page is made, by file name."""
    from recoverycore import Engine  # only these pages need them
    from recoverycore.consent import Restriction
    from recoverycore.directory import Answer, Listed
    from recoverycore.engine import Lines
    from recoverycore.hooks import AuditEntry, OutgoingMessage, ProblemReport, Receipt
    from recoverycore.hooks.specs import RecoveryHooks

    values = (OutgoingMessage, Receipt, Restriction, AuditEntry, ProblemReport)

    return {
        "errors.md": lambda: errors_page(error_catalogues()),
        "hooks.md": lambda: hooks_page(RecoveryHooks, values),
        "engine.md": lambda: engine_page(Engine, (Lines, Answer, Listed)),
        "documents.md": lambda: documents_page(published_documents()),
        "lines.md": lambda: "\n".join([NOTE, lines_page.page(lines_page.files())]),
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
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (FOLDER / name).write_text(text, "utf-8")
    found = findings(made, FOLDER)
    if found:
        found.append("Mend with: python3 dev.py check --fix")
    found += [finding for package in packages_with_names() for finding in public_values(package)[1]]
    return told(found, f"reference: {len(made)} pages say what the code says.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
