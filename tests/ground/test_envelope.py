"""Envelopes of schema, version and data; old versions; files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from recoverycore.errors import DocumentError, problem
from recoverycore.ground import Day, Document, Id, load_file, loads, open_envelope, read_file
from recoverycore.ground.loading import format_of
from tests.ground.samples import told

if TYPE_CHECKING:
    from pathlib import Path


class Changed(Document):
    """A document in its fourth version: `name` was `title` until 2, and was split from `both` in 3."""

    schema_name: ClassVar[str] = "sample/changed"
    schema_version: ClassVar[int] = 4

    id: Id
    name: Id
    day: Day | None = None

    @classmethod
    def upcast(cls, data: Any, version: int) -> Any:
        if version == 1:
            return {"both": f"{data['id']} {data['title']}"}
        if version == 2:
            id_, name = data["both"].split(" ")
            return {"id": id_, "title": name}
        if version == 3 and "title" not in data:
            raise DocumentError(problem("missing_field", "/data/title"))
        return {**{key: value for key, value in data.items() if key != "title"}, "name": data["title"]}


def envelope(version: object, data: object, schema: object = "sample/changed") -> dict[str, object]:
    return {"schema": schema, "version": version, "data": data}


@pytest.mark.parametrize(
    ("version", "data"),
    [
        (1, {"id": "a", "title": "b"}),
        (2, {"both": "a b"}),
        (3, {"id": "a", "title": "b"}),
        (4, {"id": "a", "name": "b"}),
    ],
)
def test_an_old_version_is_read_through_each_upcaster_in_order(version: int, data: dict[str, str]) -> None:
    assert open_envelope(envelope(version, data), Changed) == Changed(id="a", name="b")


def test_a_newer_version_is_refused_and_told_which_is_known() -> None:
    with pytest.raises(DocumentError, match=r"/version: RC1017 newer_version: .*\(this library reads up to 4\)"):
        open_envelope(envelope(5, {"id": "a", "name": "b"}), Changed)


@pytest.mark.parametrize(("version", "data"), [(1, {}), (1, {"id": "a"}), (2, {"both": 3}), (2, {"both": "bluebird"}), (2, {"both": None})])
def test_data_that_is_not_as_its_version_says_is_told_without_repeating_it(version: int, data: dict[str, object]) -> None:
    with pytest.raises(DocumentError, match=rf"/data: RC1008 bad_value: .*\(not as in version {version}\)") as raised:
        open_envelope(envelope(version, data), Changed)
    assert "bluebird" not in str(raised.value)
    assert raised.value.__context__ is None


def test_an_upcaster_may_tell_a_problem_of_its_own() -> None:
    assert told(lambda: open_envelope(envelope(3, {}), Changed)) == [("missing_field", "/data/title")]


@pytest.mark.parametrize("version", [None, "1", "four", 0, -1, True, False, 1.5, [1], {}])
def test_a_version_is_a_whole_number_from_one(version: object) -> None:
    assert told(lambda: open_envelope(envelope(version, {}), Changed)) == [("bad_envelope", "/schema")]


@pytest.mark.parametrize("version", ["0", "01", "four", "-1", "٤", "9" * 5_000, ""])
def test_a_version_in_text_is_a_whole_number_from_one_too(version: str) -> None:
    assert told(lambda: open_envelope(envelope(version, {}), Changed, text_only=True)) == [("bad_envelope", "/schema")]


def test_an_envelope_in_yaml_is_opened() -> None:
    text = "schema: sample/changed\nversion: 4\ndata: {id: a, name: no, day: 2026-01-01}"
    assert loads(text, Changed, format="yaml") == Changed(id="a", name="no", day=date(2026, 1, 1))


@pytest.mark.parametrize("schema", ["sample/letter", "", None, 1, [], {}])
def test_another_kind_of_document_is_refused(schema: object) -> None:
    with pytest.raises(DocumentError, match=r"/schema: RC1016 bad_envelope: .*\(expected sample/changed\)"):
        open_envelope(envelope(4, {"id": "a", "name": "b"}, schema), Changed)


def test_an_envelope_holds_nothing_else() -> None:
    assert told(lambda: open_envelope({**envelope(4, {}), "more": 1}, Changed)) == [("bad_envelope", "/schema")]
    assert told(lambda: open_envelope({"schema": "sample/changed", "data": {}}, Changed)) == [("bad_envelope", "/schema")]


@pytest.mark.parametrize("data", [None, [], "a", 1])
def test_the_data_of_an_envelope_is_an_object(data: object) -> None:
    assert told(lambda: open_envelope(envelope(1, data), Changed)) == [("wrong_type", "/data")]


def test_a_problem_in_an_envelope_is_placed_from_outside() -> None:
    assert told(lambda: open_envelope(envelope(4, {"id": 3}), Changed)) == [("wrong_type", "/data/id"), ("missing_field", "/data/name")]


def test_a_bare_document_is_read_as_the_present_version() -> None:
    assert open_envelope({"id": "a", "name": "b"}, Changed) == Changed(id="a", name="b")
    assert told(lambda: open_envelope({"id": 3, "name": "b"}, Changed)) == [("wrong_type", "/id")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"id": "a", "name": "b", "day": "2026-01-01"}'),
        ("a.JSON", '{"id": "a", "name": "b", "day": "2026-01-01"}'),
        ("a.toml", 'id = "a"\nname = "b"\nday = 2026-01-01'),
        ("a.yaml", "id: a\nname: b\nday: 2026-01-01"),
        ("a.yml", "{id: a, name: b, day: 2026-01-01}"),
    ],
)
def test_a_file_is_read_in_the_format_its_ending_names(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert load_file(tmp_path / name, Changed) == Changed(id="a", name="b", day=date(2026, 1, 1))
    assert load_file(str(tmp_path / name), Changed).name == "b"


@pytest.mark.parametrize("name", ["a", "a.txt", "json", ".json", "a.json.gz", "bluebird.doc"])
def test_an_ending_that_names_no_format_is_told_without_repeating_the_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match="RC1021 unknown_format") as raised:
        format_of(tmp_path / name)
    assert "bluebird" not in str(raised.value)


@pytest.mark.parametrize("name", ["missing.json", "folder.json", "nul\0.json", "a" * 300 + ".json"])
def test_a_file_that_cannot_be_read_is_told_without_repeating_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(DocumentError, match="RC1020 file_unreadable") as raised:
        read_file(tmp_path / name)
    assert name.removesuffix(".json") not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.json").open("wb") as stream:
        stream.truncate(100_000_000)
    assert told(lambda: read_file(tmp_path / "a.json")) == [("too_large", "")]
