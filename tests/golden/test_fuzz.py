"""Whatever is given to a published document comes back as a document or as problems that repeat none of it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from recoverycore.errors import DocumentError
from recoverycore.ground import Count, Document
from tools.published import published_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENTS = published_documents()
SAID = "bluebird"
"""What somebody wrote. It is the only text of its kind here, so it can be looked for."""
LIKELY = (
    SAID,
    "",
    "c-1",
    "2026-03-29",
    "2026-03-29T01:30:00Z",
    "2026-03-29T01:30:00",
    "PT5M",
    "P1D",
    "24:00",
    "Europe/London",
    "mon",
    "US",
)


def words(schema: Any) -> Iterator[tuple[str, Any]]:
    """The field names (``key``) and the fixed values (``value``) that `schema` speaks of, at any depth."""
    if isinstance(schema, list):
        for each in schema:
            yield from words(each)
    elif isinstance(schema, dict):
        yield from (("key", name) for name in schema.get("properties", ()))
        yield from (("value", value) for value in (*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())))
        yield from words(list(schema.values()))


def fitting(schema: dict[str, Any], parts: dict[str, Any]) -> st.SearchStrategy[Any]:  # noqa: C901 - one arm for each kind of schema
    """Values that `schema` takes or nearly takes; `parts` are what its references name."""
    match schema:
        case {"$ref": str(reference)}:
            return st.deferred(lambda: fitting(parts[reference.rsplit("/", 1)[-1]], parts))
        case {"anyOf": list(several)} | {"oneOf": list(several)}:
            return st.one_of([fitting(each, parts) for each in several])
        case {"enum": list(values)}:
            return st.sampled_from(values)
        case {"const": value}:
            return st.just(value)
        case {"type": "object", "properties": dict(fields)}:
            values = {name: fitting(part, parts) for name, part in fields.items()}
            needed = {name: values.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(needed, optional=values)
        case {"type": "object"}:
            return st.dictionaries(st.sampled_from(LIKELY), fitting(schema.get("additionalProperties") or {}, parts), max_size=2)
        case {"type": "array"}:
            return st.lists(fitting(schema.get("items") or {}, parts), min_size=schema.get("minItems", 0), max_size=2)
        case {"type": "string"}:
            return st.sampled_from([text for text in LIKELY if re.search(schema.get("pattern", ""), text)] or LIKELY)
        case {"type": "integer" | "number"}:
            return st.integers(int(schema.get("minimum", 0)), int(schema.get("maximum", 5)))
        case {"type": "boolean"}:
            return st.booleans()
        case {"type": "null"}:
            return st.none()
        case _:
            return st.sampled_from(LIKELY)


@functools.cache
def likely(document: type[Document]) -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects that fit `document`, and some in which its names and values stand where they do not belong."""
    schema = document.model_json_schema()
    spoken = list(words(schema))
    keys = st.sampled_from(sorted({word for kind, word in spoken if kind == "key"} | {SAID, "x-own"}))
    leaves = st.sampled_from([*(word for kind, word in spoken if kind == "value"), *LIKELY, None, True, -1, 3.0, 1.5, 10**18])
    inner = leaves | st.lists(leaves, max_size=2) | st.dictionaries(keys, leaves, max_size=2)
    fits = fitting(schema, schema.get("$defs", {}))
    return fits | fits.flatmap(lambda data: st.dictionaries(keys, inner, max_size=2).map(lambda wrong: {**data, **wrong}))


def finding(document: type[Document], data: dict[str, Any]) -> str:
    """What is wrong with the way `document` takes `data`; empty when all is well."""
    try:
        made = document.model_validate(data)
    except DocumentError as error:
        told = [str(error), repr(error), *(str(problem.to_dict()) for problem in error.problems)]
        return "an error repeats what was written" if any(SAID in each for each in told) else ""
    except ValidationError:
        return "an error of pydantic came out"
    if not Draft202012Validator(document.model_json_schema()).is_valid(made.to_data()):
        return "the schema refuses what the model took"
    return "" if document.model_validate(made.to_data()) == made else "it does not survive a round trip"


@pytest.mark.prove
@pytest.mark.parametrize("name", DOCUMENTS)
@given(data=st.data())
def test_whatever_is_given_becomes_a_document_or_problems_that_repeat_nothing(name: str, data: st.DataObject) -> None:
    assert finding(DOCUMENTS[name], data.draw(likely(DOCUMENTS[name]))) == ""


def taken(document: type[Document], data: dict[str, Any]) -> bool:
    """Whether `document` takes `data`."""
    try:
        document.model_validate(data)
    except DocumentError:
        return False
    return True


@pytest.mark.parametrize("name", ["recoverycore/client", "recoverycore/code-word"])
@pytest.mark.parametrize("wanted", [True, False])
def test_some_of_what_is_given_is_taken_and_some_is_refused(name: str, *, wanted: bool) -> None:
    """Otherwise the proof above would prove half of what it says."""
    assert find(likely(DOCUMENTS[name]), lambda data: taken(DOCUMENTS[name], data) is wanted, settings=settings(phases=[Phase.generate]))


class Telltale(Document):
    """A chair that tells in its error what was written."""

    legs: Count

    @classmethod
    def model_validate(cls, obj: Any, **kwargs: Any) -> Any:
        """As a document, but raising with the value in hand."""
        try:
            return super().model_validate(obj, **kwargs)
        except DocumentError as error:
            error.problems[0].detail = str(obj["legs"])
            raise


class Forgetful(Document):
    """A chair whose legs are one fewer each time it is written."""

    legs: Count
    schema_name: ClassVar[str] = "recoverycore/forgetful"

    def to_data(self) -> dict[str, Any]:
        """One leg fewer."""
        return {"legs": self.legs - 1}


@pytest.mark.parametrize(
    ("document", "data", "found"),
    [
        (Telltale, {"legs": SAID}, "an error repeats what was written"),
        (Telltale, {"legs": 4}, ""),
        (Forgetful, {"legs": 4}, "it does not survive a round trip"),
    ],
)
def test_a_document_that_does_otherwise_is_noticed(document: type[Document], data: dict[str, Any], found: str) -> None:
    assert finding(document, data) == found
