"""What each kind of field takes and refuses, from JSON, from Python and from formats that have text only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.ground import (
    Count,
    Day,
    Document,
    Elapsed,
    Flag,
    Id,
    Instant,
    Number,
    Region,
    Text,
    WallTime,
    Zone,
    loads,
    parse_instant,
)
from tests.ground.samples import exact, finite, instants, told


class Form(Document):
    """One field of each kind."""

    id: Id | None = None
    text: Text | None = None
    count: Count | None = None
    number: Number | None = None
    flag: Flag | None = None
    at: Instant | None = None
    day: Day | None = None
    wall: WallTime | None = None
    zone: Zone | None = None
    within: Elapsed | None = None
    region: Region | None = None


KINDS = sorted(Form.model_fields)
LONDON = ZoneInfo("Europe/London")


def read(**fields: Any) -> Form:
    return Form.model_validate(fields)


def from_text(**fields: str) -> Form:
    return Form.model_validate(fields, context={"text_only": True})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [[], {}, b"x", object()])
def test_no_field_takes_a_list_an_object_or_bytes(kind: str, value: object) -> None:
    assert told(lambda: read(**{kind: value})) == [("wrong_type", f"/{kind}")]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("id", 3), ("id", True), ("text", 3), ("text", False), ("count", "3"), ("count", True), ("count", 3.5), ("number", "3"),
        ("number", True), ("flag", 1), ("flag", 0), ("flag", "true"), ("flag", "yes"), ("at", 0), ("at", date(2026, 1, 1)), ("day", 0),
        ("day", datetime(2026, 1, 1, tzinfo=UTC)), ("wall", 900), ("zone", LONDON), ("within", 900), ("within", 1.5), ("region", 826),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_not_converted(kind: str, value: object) -> None:
    assert told(lambda: read(**{kind: value})) == [("wrong_type", f"/{kind}")]


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        ("id", "", "blank"), ("region", "G", "bad_value"), ("number", float("nan"), "not_a_number"),
        ("number", float("inf"), "not_a_number"),
        ("count", 2**53, "bad_value"), ("count", -(2**53), "bad_value"), ("count", 1e300, "bad_value"),
        ("at", "2026-01-01T09:00:00", "naive_time"), ("at", "2026-01-01", "bad_time"), ("day", "2026-02-30", "bad_time"),
        ("at", datetime(2026, 1, 1), "naive_time"),  # noqa: DTZ001 - what is refused
        ("at", datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "bad_time"),
        ("at", datetime.max.replace(tzinfo=ZoneInfo("America/New_York")), "bad_time"), ("wall", "24:30", "bad_time"),
        ("zone", "GMT", "bad_zone"),
        ("within", "P1M", "bad_duration"), ("within", timedelta(seconds=-1), "bad_duration"),
        ("within", timedelta(milliseconds=1), "bad_duration"), ("within", timedelta.max, "bad_duration"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_is_told_by_its_name(kind: str, value: object, name: str) -> None:
    assert told(lambda: read(**{kind: value})) == [(name, f"/{kind}")]


def test_a_count_that_no_text_can_be_written_for_is_refused() -> None:
    assert told(lambda: loads("count = 0x1" + "0" * 5000, Form, format="toml")) == [("bad_value", "/count")]


@given(exact)
def test_a_count_may_be_written_as_a_number_with_no_fraction(count: int) -> None:
    assert read(count=float(count)) == read(count=count)
    assert isinstance(read(count=float(count)).count, int)


@given(finite)
def test_a_number_is_kept(number: float) -> None:
    assert read(number=number).number == number


def test_a_number_may_be_written_without_a_fraction() -> None:
    assert read(number=3).number == 3.0


@given(instants)
def test_an_instant_is_read_from_its_text_and_keeps_its_offset(text: str) -> None:
    form = read(at=text)
    assert form.at == parse_instant(text)
    assert read(**form.to_data()) == form
    assert read(**form.to_data()).to_data() == form.to_data()


def test_an_instant_may_be_given_as_a_datetime() -> None:
    assert read(at=datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))).to_data() == {"at": "2026-07-01T12:00:00+02:00"}


def test_an_instant_of_a_zone_is_kept_in_utc_where_two_are_compared_by_when_they_are() -> None:
    first, second = (read(at=datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold)).at for fold in (0, 1))
    assert first is not None
    assert second is not None
    assert (first.tzinfo, second - first) == (UTC, timedelta(hours=1))


@given(st.integers(-86_399, 86_399))
def test_an_instant_of_any_offset_is_written_so_that_it_can_be_read(seconds: int) -> None:
    instant = datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=seconds)))
    assert read(at=read(at=instant).to_data()["at"]).at == instant


def test_a_day_may_be_given_as_a_date() -> None:
    assert read(day=date(2026, 2, 28)) == read(day="2026-02-28")


@given(st.integers(0, 10**9))
def test_a_length_of_time_may_be_given_as_a_timedelta(seconds: int) -> None:
    form = read(within=timedelta(seconds=seconds))
    assert read(**form.to_data()) == form


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("count", "3", 3), ("count", "-12", -12), ("number", "3", 3.0), ("number", "-0.5", -0.5), ("number", "1e3", 1000.0),
        ("flag", "true", True), ("flag", "false", False), ("text", "no", "no"), ("text", "1.0", "1.0"), ("id", "007", "007"),
        ("day", "2026-01-01", date(2026, 1, 1)), ("wall", "22:47", "22:47"),
    ],
)  # fmt: skip
def test_where_there_is_only_text_a_field_reads_its_own(kind: str, text: str, value: object) -> None:
    assert getattr(from_text(**{kind: text}), kind) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("count", "007"), ("count", "3.0"), ("count", "1_000"), ("count", " 3"), ("count", "+3"), ("count", "٣"), ("count", "9" * 19),
        ("number", "nan"), ("number", "inf"), ("number", ".5"), ("number", "5."), ("number", "1_0.0"), ("flag", "yes"), ("flag", "no"),
        ("flag", "True"), ("flag", "1"),
    ],
)  # fmt: skip
def test_where_there_is_only_text_nothing_is_guessed(kind: str, text: str) -> None:
    assert told(lambda: from_text(**{kind: text})) == [("wrong_type", f"/{kind}")]


def test_a_text_too_large_for_a_number_is_not_infinity() -> None:
    assert told(lambda: from_text(number="1e999")) == [("not_a_number", "/number")]


def test_toml_spells_dates_and_instants_itself() -> None:
    form = loads("at = 2026-11-04T22:47:00Z\nday = 2026-11-04", Form, format="toml")
    assert form == read(at="2026-11-04T22:47:00Z", day="2026-11-04")


def test_a_toml_time_without_an_offset_is_no_instant() -> None:
    assert told(lambda: loads("at = 2026-11-04T22:47:00", Form, format="toml")) == [("naive_time", "/at")]


@pytest.mark.parametrize("kind", ["id", "text", "region"])
def test_half_a_character_is_no_text(kind: str) -> None:
    assert told(lambda: read(**{kind: "ab\ud800"})) == [("wrong_type", f"/{kind}")]
