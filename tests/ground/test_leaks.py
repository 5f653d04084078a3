"""Nothing that somebody wrote appears in an error: not as a value, not as a key, not as a wrong type, at any depth."""

from __future__ import annotations

import copy
import json
import traceback
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from recoverycore.errors import RecoveryError
from recoverycore.ground import (
    Document,
    Sensitive,
    calendar_add,
    load_file,
    loads,
    local_date,
    open_envelope,
    parse_duration,
    parse_instant,
    read_text,
    wall_minutes,
    zone_info,
)
from recoverycore.ground.instants import parse_day
from tests.ground.samples import Letter, letters, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CANARY = "Bluebird Kestrel 7f3a"
FORMS: list[Any] = [
    CANARY,
    CANARY.replace(" ", "-"),  # a plain word
    CANARY.encode(),
    Sensitive(CANARY),
    [CANARY],
    {CANARY: CANARY},
    {CANARY: {CANARY: [CANARY]}},
    (CANARY,),
    {"kind": CANARY},
    {"kind": "phone", CANARY: 1},
    {"k": CANARY, "label": [CANARY]},
    type("Odd", (), {"__repr__": lambda _: CANARY})(),
    type(CANARY.replace(" ", ""), (), {})(),
]
PARTS = ("Bluebird", "Kestrel", "7f3a")


def shown(error: BaseException) -> str:
    """All that a log, a screen or a debugger without local variables shows of `error`."""
    told = [str(error), repr(error), repr(error.args), str(vars(error)), "".join(traceback.format_exception(error))]
    if isinstance(error, RecoveryError):
        told += [str(each.to_dict()) + repr(each) + str(each) for each in error.problems]
    return "\n".join(told)


def leaks(act: Callable[[], object]) -> list[str]:
    """The parts of the canary that the error of `act` shows. It must raise, and nothing but an error of this library."""
    with pytest.raises(RecoveryError) as raised:
        act()
    assert raised.value.__cause__ is raised.value.__context__ is None
    # The traceback repeats the lines of this file; none of them holds the canary.
    return [part for part in PARTS if part in shown(raised.value)]


def places(data: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value in `data`, its objects and lists included."""
    inside = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [at, *(way for key, value in inside for way in places(value, (*at, key)))]


def planted(data: Any, way: tuple[str | int, ...], value: Any, *, beside: bool) -> Any:
    """`data` with `value` at the end of `way`: instead of what is there, or beside it in the same object."""
    if not way:
        return {**data, CANARY: value} if beside and isinstance(data, dict) else value
    changed = copy.copy(data)
    changed[way[0]] = planted(data[way[0]], way[1:], value, beside=beside)
    return changed


@given(letters, st.data(), st.sampled_from(FORMS), st.booleans())
def test_no_canary_sings_wherever_it_is_planted(data: dict[str, Any], draw: st.DataObject, form: Any, beside: bool) -> None:  # noqa: FBT001 - drawn
    way = draw.draw(st.sampled_from(places(data)))
    changed = planted(data, way, form, beside=beside)
    assume(told(lambda: Letter.model_validate(changed)))  # else the canary sits where any text may
    assert leaks(lambda: Letter.model_validate(changed)) == []
    assert leaks(lambda: open_envelope({"schema": "sample/letter", "version": 3, "data": changed}, Letter)) == []
    if isinstance(changed, dict):
        assert leaks(lambda: Letter(**{**changed, CANARY: 1})) == []


@pytest.mark.parametrize("name", sorted(Letter.model_fields))
@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_no_canary_sings_in_the_error_of_its_field(name: str, form: Any) -> None:
    data = {"id": "", Letter.model_fields[name].alias or name: form}  # the blank id makes sure of an error
    data = {**data, "id": 3} if name != "id" else {**data, "level": 9}
    assert leaks(lambda: Letter.model_validate(data)) == []


@given(letters, st.data(), st.sampled_from(FORMS))
def test_no_canary_sings_in_an_extension_that_is_no_json(data: dict[str, Any], draw: st.DataObject, form: Any) -> None:
    key = draw.draw(st.sampled_from(["x-a", f"x-{CANARY}"]))
    assert leaks(lambda: Letter.model_validate({**data, key: [form, object()]})) == []


@pytest.mark.parametrize("form", FORMS, ids=range(len(FORMS)))
def test_no_canary_sings_when_a_document_is_changed(form: Any) -> None:
    letter = Letter(id="a")
    assert leaks(lambda: letter.evolve(level=form)) == []
    assert leaks(lambda: letter.evolve(**{CANARY: form})) == []
    assert leaks(lambda: letter.evolve(extensions={CANARY: form})) == []
    assert leaks(lambda: setattr(letter, "id", form)) == []
    assert leaks(lambda: setattr(letter, CANARY, form)) == []
    assert leaks(lambda: delattr(letter, CANARY)) == []
    assert leaks(lambda: Letter.model_validate_strings({"id": "a", CANARY: form, "level": form})) == []


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("json", '{"CANARY": 1, "CANARY": 2}'),
        ("json", '{"id": "CANARY'),
        ("json", '{"CANARY" 1}'),
        ("json", '["CANARY", NaN]'),
        ("json", '["CANARY", "\\ud800"]'),
        ("json", '{"CANARY": ' + "1" * 5_000 + "}"),
        ("toml", '"CANARY" = 1\n"CANARY" = 2'),
        ("toml", 'id = "CANARY'),
        ("toml", "CANARY"),
        ("toml", "[CANARY]\n[CANARY]"),
        ("toml", '"CANARY" = nan'),
        ("yaml", "CANARY: 1\nCANARY: 2"),
        ("yaml", "a: !CANARY b"),
        ("yaml", "a: *CANARY"),
        ("yaml", '"CANARY'),
        ("yaml", "CANARY: b: c"),
        ("yaml", "%CANARY\n---\n"),
        ("yaml", "CANARY"),
        ("yaml", "[CANARY, [CANARY]]"),
        ("CANARY", ""),
    ],
)
@pytest.mark.parametrize("parser", ["C", "Python"])
def test_no_canary_sings_in_what_a_parser_says(form: str, text: str, parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if parser == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader")
    text, form = text.replace("CANARY", CANARY), form.replace("CANARY", CANARY)
    assert leaks(lambda: loads(text, Letter, format=form)) == []
    assert leaks(lambda: loads(text.encode(), Letter, format=form)) == []


@pytest.mark.parametrize("form", ["json", "toml", "yaml"])
def test_no_canary_sings_in_text_of_another_encoding(form: str) -> None:
    assert leaks(lambda: read_text(CANARY.encode() + b"\xff", form)) == []
    assert leaks(lambda: read_text(CANARY + "\ud800", form)) == []


@pytest.mark.parametrize(
    "read", [parse_instant, parse_day, parse_duration, wall_minutes, zone_info, lambda text: local_date(parse_instant(text), text)]
)
@pytest.mark.parametrize("text", [CANARY, CANARY.replace(" ", "/"), f"2026-01-01T09:00:00{CANARY}", f"P1D{CANARY}"])
def test_no_canary_sings_in_the_error_of_a_time(read: Callable[[str], object], text: str) -> None:
    assert leaks(lambda: read(text)) == []


def test_no_canary_sings_in_the_error_of_a_zone_that_is_not_there() -> None:
    assert leaks(lambda: calendar_add(parse_instant("2026-01-01T09:00Z"), 1, parse_duration("P0D").elapsed, CANARY)) == []


@pytest.mark.parametrize(("schema", "version"), [(CANARY, 1), ("sample/letter", CANARY), ("sample/letter", {CANARY: 1}), ([CANARY], 1)])
def test_no_canary_sings_in_the_error_of_an_envelope(schema: object, version: object) -> None:
    assert leaks(lambda: open_envelope({"schema": schema, "version": version, "data": {"id": CANARY}}, Letter)) == []
    assert leaks(lambda: open_envelope({"schema": schema, "version": 1, "data": {}, CANARY: 1}, Letter)) == []


@pytest.mark.parametrize("name", [f"{CANARY}.json", f"{CANARY}.txt", CANARY, f"{CANARY}\0.json"])
def test_no_canary_sings_in_the_error_of_a_file(tmp_path: Path, name: str) -> None:
    assert leaks(lambda: load_file(tmp_path / name, Letter)) == []


class Careless(Document):
    """A document whose own check repeats what it was given, as pydantic's errors do."""

    @classmethod
    def upcast(cls, data: Any, version: int) -> Any:
        raise ValueError(data, version)


def test_no_canary_sings_in_the_error_of_an_upcaster() -> None:
    class Old(Careless):
        schema_name = "sample/old"
        schema_version = 2

    assert leaks(lambda: open_envelope({"schema": "sample/old", "version": 1, "data": {"a": CANARY}}, Old)) == []


def test_a_canary_that_sings_is_heard() -> None:
    """The control: pydantic's and Python's own errors do show what was given, and `shown` sees it."""
    with pytest.raises(ValidationError) as raised:
        super(Document, Letter).model_validate({"id": "a", CANARY: 1})
    assert CANARY in shown(raised.value)
    with pytest.raises(ValueError, match="month"):
        raise_with(CANARY)
    with pytest.raises(json.JSONDecodeError) as other:
        json.loads(CANARY)
    assert CANARY in shown(other.value)


def raise_with(text: str) -> None:
    message = f"month {text}"
    raise ValueError(message)
