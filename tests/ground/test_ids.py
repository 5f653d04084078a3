"""Ids: those that nobody can guess the content of, and those that count."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from recoverycore.ground import CountingIds, UuidIds

if TYPE_CHECKING:
    import pytest


def test_an_id_is_a_uuid_of_version_7_as_rfc_9562_says() -> None:
    made = uuid.UUID(UuidIds().new())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_an_id_begins_with_the_milliseconds_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(UuidIds().new())
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_the_ids_of_one_maker_rise_within_a_millisecond() -> None:
    maker = UuidIds()
    made = [maker.new() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_the_ids_of_one_maker_rise_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    maker = UuidIds()
    first = maker.new()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    second, third = maker.new(), maker.new()
    assert first < second < third
    assert uuid.UUID(third).version == 7


def test_threads_share_a_maker_without_sharing_an_id() -> None:
    maker = UuidIds()
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: maker.new(), range(2_000)))
    assert len(set(made)) == 2_000


def test_two_makers_do_not_make_the_same_ids() -> None:
    assert UuidIds().new() != UuidIds().new()


@given(st.text(), st.integers(0), st.integers(1, 20))
def test_counting_ids_are_the_same_in_every_run(prefix: str, start: int, many: int) -> None:
    one, other = CountingIds(prefix, start), CountingIds(prefix, start)
    made = [one.new() for _ in range(many)]
    assert made == [other.new() for _ in range(many)]
    assert len(set(made)) == many


def test_counting_ids_count_from_one() -> None:
    maker = CountingIds("run")
    assert [maker.new(), maker.new()] == ["run-1", "run-2"]
