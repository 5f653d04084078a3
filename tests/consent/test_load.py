"""A book of consents read from a file: the same book, or every problem of the file with its place."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import ConsentBook, DocumentError
from recoverycore.consent import Consents

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 4, tzinfo=UTC)
BOX = {"labels": "*", "categories": ["safety_plan"], "purposes": ["treatment"], "recipients": [{"person": "peer:dana"}]}
PAPER: dict[str, Any] = {
    "id": "c1",
    "polarity": "permit",
    "discloser": "*",
    "boxes": [BOX],
    "expires": {"kind": "date", "value": "2026-11-04"},
}
DATA: dict[str, Any] = {"directives": [PAPER], "client": {"zone": "America/Chicago"}}
YAML = """
directives:
  - id: c1
    polarity: permit
    discloser: "*"
    boxes: [{labels: "*", categories: [safety_plan], purposes: [treatment], recipients: [{person: "peer:dana"}]}]
    expires: {kind: date, value: 2026-11-04}
client: {zone: America/Chicago}
"""


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("book.json", json.dumps(DATA)),
        ("book.json", json.dumps(Consents.model_validate(DATA).to_envelope())),
        ("book.yaml", YAML),
    ],
)
def test_a_book_from_a_file_decides_as_the_book_that_was_written(name: str, text: str, tmp_path: Path) -> None:
    book = ConsentBook.load(written(tmp_path, name, text))
    given = Consents.model_validate(DATA)
    assert book == ConsentBook(given.directives, client=given.client)
    assert book.decide(who="peer:dana", sees="safety_plan", why="treatment", at=AT).permitted


def test_the_last_day_counts_wholly_in_the_zone_of_the_file(tmp_path: Path) -> None:
    book = ConsentBook.load(written(tmp_path, "book.json", json.dumps(DATA)))
    evening = datetime(2026, 11, 5, 5, 59, tzinfo=UTC)
    assert book.decide(who="peer:dana", sees="safety_plan", why="treatment", at=evening).permitted
    assert not book.decide(who="peer:dana", sees="safety_plan", why="treatment", at=evening.replace(hour=6, minute=0)).permitted


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"directives": [PAPER, {**PAPER, "polarity": "deny"}]}, "duplicate_directive"),
        ({"directivs": []}, "unknown_field"),
        ({"directives": [{**PAPER, "starts": "2027-01-01"}]}, "consent_ends_before_start"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(data: dict[str, Any], name: str, tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        ConsentBook.load(written(tmp_path, "book.json", json.dumps(data)))
    assert caught.value.problems[0].name == name
