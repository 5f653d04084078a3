"""Reading what people wrote: strict JSON, string-only YAML, TOML.

Nothing is guessed and nothing is lost: a key given twice is refused, NaN is no value, a YAML ``no`` is the text "no", sizes
and depths have limits. An old version of a document is read through the upcasters of its schema.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from recoverycore.errors import DocumentError, Problem, problem
from recoverycore.ground.limits import MAX_BYTES, MAX_DEPTH

if TYPE_CHECKING:
    from recoverycore.ground.document import Document

    D = TypeVar("D", bound=Document)

__all__ = ["MAX_BYTES", "MAX_DEPTH", "load_file", "loads", "open_envelope", "read_file", "read_json", "read_text"]

_FORMATS = {".json": "json", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml"}
# Possessive, and content with an open end: whatever is written, each character is looked at once.
_OUTSIDE_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|([\[{])|([\]}])', re.DOTALL)
# The parser of TOML takes the square of a dotted key's length.
_DOTTED = re.compile(rf"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MAX_DEPTH}}}""")
_VERSION = re.compile("[1-9][0-9]{0,8}")
# An escape for what may be half of a surrogate pair: it is no character, and no UTF-8 can be written for it.
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class _Refused(Exception):
    """Carries a problem out of a parser's callback."""

    def __init__(self, found: Problem) -> None:
        super().__init__()
        self.found = found


def _checked_text(source: str | bytes) -> str:
    found = problem("too_large", detail=f"limit {MAX_BYTES} bytes")
    if len(source) <= MAX_BYTES:
        try:
            raw, text = (source.encode(), source) if isinstance(source, str) else (source, source.decode())
        except UnicodeError:
            found = problem("not_text")
        else:
            if len(raw) <= MAX_BYTES:
                return text.removeprefix("\ufeff")
    raise DocumentError(found)


def _check_depth(text: str) -> None:
    """Refuse deep nesting before a recursive parser meets it."""
    depth = 0
    for found in _OUTSIDE_STRINGS.finditer(text):
        depth += 1 if found[1] else -1 if found[2] else 0
        if depth > MAX_DEPTH:
            raise DocumentError(problem("too_deep", detail=f"limit {MAX_DEPTH}"))


def _depth(data: Any) -> int:
    """How deep `data` is nested, or one more than the limit."""
    level, depth = [data], 0
    while depth <= MAX_DEPTH and (level := [each for each in level if isinstance(each, dict | list)]):
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
        depth += 1
    return depth


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Refused(problem("duplicate_key"))
    return made


def _no_constant(_: str) -> NoReturn:
    raise _Refused(problem("not_a_number"))


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_constant(text)


def read_json(source: str | bytes) -> Any:
    """The data that strict JSON `source` holds.

    Errors: ``too_large``, ``not_text``, ``too_deep``, ``bad_syntax`` (with line and column), ``duplicate_key``,
    ``not_a_number``.
    """
    text = _checked_text(source)
    _check_depth(text)
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
        if _HALF_PAIR.search(text):
            json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        found = problem("not_text")
    except _Refused as refused:
        found = refused.found
    except json.JSONDecodeError as error:
        found = problem("bad_syntax", detail=f"line {error.lineno}, column {error.colno}")
    except (ValueError, RecursionError):  # a number of thousands of digits
        found = problem("bad_syntax")
    else:
        return data
    raise DocumentError(found)


def _read_toml(text: str) -> Any:
    too_deep = problem("too_deep", detail=f"limit {MAX_DEPTH}")
    if _DOTTED.search(text):
        raise DocumentError(too_deep)
    try:
        data = tomllib.loads(text, parse_float=_finite)
        found = None if _depth(data) <= MAX_DEPTH else too_deep
    except _Refused as refused:
        found = refused.found
    except RecursionError:
        found = too_deep
    except ValueError as error:  # also a number of thousands of digits
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        found = problem("bad_syntax", detail=f"line {place[1]}, column {place[2]}" if place else "")
    if found:
        raise DocumentError(found)
    return data


def read_text(source: str | bytes, format: str) -> Any:  # noqa: A002 - the word people use for it
    """The data that `source` holds in `format`: ``json``, ``toml`` or ``yaml``."""
    if format == "json":
        return read_json(source)
    if format == "toml":
        return _read_toml(_checked_text(source))
    if format == "yaml":
        from recoverycore.ground.yaml import read_yaml

        return read_yaml(_checked_text(source))
    raise DocumentError(problem("unknown_format"))


def format_of(path: Path) -> str:
    """The format that a file's ending names. Error: ``unknown_format``."""
    if path.suffix.lower() not in _FORMATS:
        raise DocumentError(problem("unknown_format", detail="file name"))
    return _FORMATS[path.suffix.lower()]


def read_file(path: str | Path) -> Any:
    """The data in the file at `path`, in the format its ending names. Error besides those of the format: ``file_unreadable``."""
    file = Path(path)
    form = format_of(file)
    raw: bytes | None = None
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError):  # no path can hold a NUL
        pass
    if raw is None:
        raise DocumentError(problem("file_unreadable", detail="file"))
    return read_text(raw, form)


def _version(written: Any, *, text_only: bool) -> int | None:
    """The version that is `written` in an envelope, or None when it is none: a whole number from one."""
    if text_only and isinstance(written, str) and _VERSION.fullmatch(written):
        return int(written)
    return written if isinstance(written, int) and written is not True and written > 0 else None


def _present(data: Any, expect: type[D], version: int) -> Any:
    """`data` of an older `version`, taken through each upcaster from there on, in order."""
    try:
        for old in range(version, expect.schema_version):
            data = expect.upcast(data, old)
    except DocumentError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # it reads what nobody has checked yet
        pass
    else:
        return data
    raise DocumentError(problem("bad_value", "/data", detail=f"not as in version {version}"))


def open_envelope(data: Any, expect: type[D], *, text_only: bool = False) -> D:
    """The document of kind `expect` in an envelope, or bare. Errors: ``bad_envelope``, ``newer_version``, and its own."""
    inside = ""
    if isinstance(data, dict) and "schema" in data and "data" in data:
        version = _version(data["version"] if set(data) == {"schema", "version", "data"} else None, text_only=text_only)
        if data["schema"] != expect.schema_name or version is None:
            raise DocumentError(problem("bad_envelope", "/schema", detail=f"expected {expect.schema_name}"))
        if version > expect.schema_version:
            raise DocumentError(problem("newer_version", "/version", detail=f"this library reads up to {expect.schema_version}"))
        if not isinstance(data["data"], dict):
            raise DocumentError(problem("wrong_type", "/data"))
        inside, data = "/data", _present(data["data"], expect, version)
    try:
        return expect.model_validate(data, context={"text_only": True} if text_only else None)
    except DocumentError as error:
        found = tuple(each.under(inside) for each in error.problems)
    raise DocumentError(*found)


def loads(source: str | bytes, expect: type[D], *, format: str = "json") -> D:  # noqa: A002 - as in read_text
    """The document of kind `expect` that `source` holds, in an envelope or bare."""
    return open_envelope(read_text(source, format), expect, text_only=format == "yaml")


def load_file(path: str | Path, expect: type[D]) -> D:
    """The document of kind `expect` in the file at `path`."""
    return open_envelope(read_file(path), expect, text_only=format_of(Path(path)) == "yaml")
