"""Decision tables read from files: every problem at once, each with its place in the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.consent import Consents, Record
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.loading import open_envelope, read_file
from recoverycore.ground.text import nearest
from recoverycore.testing.consent.table_documents import ConsentTable, Given, GivenAlone

if TYPE_CHECKING:
    from recoverycore.errors import Problem

__all__ = ["ReadTable", "read_table"]

Json = dict[str, Any]


@frozen
class ReadTable:
    """A table as it was read. `left_out` names the cases that ask about whole sets of papers: they are no decisions.

    `root` is where the table stands in the file, `given_at` where what all share is given. `kept` gives for each case its number there.
    """

    table: ConsentTable
    root: str = ""
    given_at: str = "/given"
    left_out: tuple[str, ...] = ()
    kept: tuple[int, ...] = ()


def read_table(path: str | Path) -> ReadTable:
    """The table in a file: rows and cases, one case, a client's consents, a list of directives, or what is given
    alone. JSON, TOML or YAML.

    A case may tell more about a record than any decision asks for: that is left out, unless it looks like a slip. Errors: whatever is
    wrong with the file.
    """
    data = read_file(path)
    text_only = Path(path).suffix.lower() in (".yaml", ".yml")
    if isinstance(data, list):
        return _of_directives(data, text_only=text_only)
    root = "/data" if isinstance(data, dict) and {"schema", "data"} <= data.keys() else ""
    inner = data["data"] if root else data
    if not isinstance(inner, dict):
        return ReadTable(open_envelope(data, ConsentTable, text_only=text_only))
    if root and data["schema"] == Consents.schema_name:
        consents = open_envelope(data, Consents, text_only=text_only)
        given = Given(directives=consents.directives, client=consents.client, profile=consents.profile)
        return ReadTable(ConsentTable(given=given), root, root)
    if not root and not {"given", "cases", "rows"} & data.keys():
        alone = open_envelope(data, GivenAlone, text_only=text_only)
        given = Given(**{name: getattr(alone, name) for name in Given.model_fields if name in alone.model_fields_set})
        return ReadTable(ConsentTable(given=given, when=alone.when, expect=alone.expect), root, root)
    cases = inner["cases"] if isinstance(inner.get("cases"), list) else []
    kept = tuple(index for index, each in enumerate(cases) if not _asks_of_sets(each))
    left_out = tuple(str(each.get("id", f"cases/{index}")) for index, each in enumerate(cases) if index not in kept)
    if left_out:
        inner["cases"] = [cases[index] for index in kept]
    for each in (inner, *(cases[index] for index in kept)):
        _without_extras(each)
    try:
        return ReadTable(open_envelope(data, ConsentTable, text_only=text_only), root, f"{root}/given", left_out, kept)
    except DocumentError as error:
        found = [_as_numbered(each, kept) for each in error.problems]
    raise DocumentError(*found)


def _of_directives(listed: list[Any], *, text_only: bool) -> ReadTable:
    """A list of directives and nothing else."""
    try:
        return ReadTable(ConsentTable(given=open_envelope({"directives": listed}, GivenAlone, text_only=text_only)), "", "")
    except DocumentError as error:
        found = error.problems
    raise DocumentError(
        *(problem(each.name, each.path.removeprefix("/directives"), did_you_mean=each.did_you_mean, detail=each.detail) for each in found)
    )


def _as_numbered(found: Problem, kept: tuple[int, ...]) -> Problem:
    """`found` with the number that its case has in the file."""
    outside, cases, place = found.path.partition("/cases/")
    number, slash, rest = place.partition("/")
    if not cases or not number.isdecimal() or outside not in ("", "/data"):
        return found
    path = f"{outside}/cases/{kept[int(number)]}{slash}{rest}"
    return problem(found.name, path, did_you_mean=found.did_you_mean, detail=found.detail)


def _asks_of_sets(case: Any) -> bool:
    return isinstance(case, dict) and isinstance(case.get("when"), dict) and "ask" in case["when"]


def _without_extras(case: Any) -> None:
    """Take out of the records of a case what no decision asks for. Whatever may be meant for a field stays, and is refused."""
    known = {field.alias or name for name, field in Record.model_fields.items()}
    request = case.get("when", {}).get("request") if isinstance(case, dict) and isinstance(case.get("when", {}), dict) else None
    records = request.get("records") if isinstance(request, dict) else None
    for record in records if isinstance(records, list) else ():
        if isinstance(record, dict):
            for name in [each for each in record if each not in known and not each.startswith("x-") and nearest(each, known) is None]:
                del record[name]
