"""Tables of patches: what a value is looked up to, what is remembered of that, and when which patches are in force."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from recoverycore.consent.plan import tables
from recoverycore.consent.plan.patches import Patch
from recoverycore.consent.plan.tables import Tables, kept, turns
from recoverycore.consent.posets import standard_vocabulary
from recoverycore.consent.times import EVER

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
LIVES = [
    None,
    ((EVER, False), (MONDAY, True), (FRIDAY, False)),
    ((EVER, True), (TUESDAY, False)),
    ((EVER, False), (TUESDAY, True), (FRIDAY, True)),
    ((EVER, False),),
]


def made(*patches: Patch) -> Tables:
    return Tables(patches, standard_vocabulary())


def test_so_many_values_are_remembered_and_then_it_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_AT_MOST", 2)
    known: dict[str, int] = {}
    seen = [(kept(known, name, place), dict(known)) for place, name in enumerate("abc")]
    assert seen == [(0, {"a": 0}), (1, {"a": 0, "b": 1}), (2, {"c": 2})]


def test_at_every_instant_the_patches_that_live_then_are_in_force() -> None:
    times, masks = turns([Patch(live=live) for live in LIVES])
    for at in (EVER, MONDAY - timedelta(days=1), MONDAY, TUESDAY, FRIDAY, FRIDAY + timedelta(days=1)):
        wanted = sum(
            1 << place for place, live in enumerate(LIVES) if live is None or live[bisect_right([each for each, _ in live], at) - 1][1]
        )
        assert masks[bisect_right(times, at) - 1] == wanted


def test_there_is_a_turn_at_the_first_of_all_times_and_then_only_where_something_changes() -> None:
    times, masks = turns([Patch(live=((EVER, False), (MONDAY, False), (TUESDAY, True), (FRIDAY, True)))])
    assert (times, masks) == ([EVER, TUESDAY], [0, 1])
    assert turns([]) == ([EVER], [0])
    assert turns([Patch(), Patch()]) == ([EVER], [0b11])
    several, held = turns([Patch(live=live) for live in LIVES])
    assert several == sorted(several)
    assert all(one != other for one, other in pairwise(held))


@pytest.mark.parametrize("day", [date(2026, 6, 14), date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 17), None])
def test_a_record_is_held_on_each_day_of_a_period_and_where_nobody_knows_its_day_by_those_of_any_and_loosely(day: date | None) -> None:
    first, last = date(2026, 6, 15), date(2026, 6, 16)
    patches = [Patch(), Patch(first=first, last=last), Patch(first=first), Patch(last=last), Patch(loose=True, first=first, last=last)]
    held = [
        True,
        day is not None and first <= day <= last,
        day is not None and first <= day,
        day is not None and day <= last,
        day is None or first <= day <= last,
    ]
    assert made(*patches).date(day) == sum(1 << place for place, each in enumerate(held) if each)


def test_every_label_has_to_be_meant_and_loosely_one() -> None:
    given = [Patch(loose=loose, labels=frozenset(labels)) for loose in (False, True) for labels in (["SUD"], ["SUD", "HIV"], ["*"])]
    found = {labels: f"{made(*given).labels(labels):06b}"[::-1] for labels in ((), ("SUD",), ("HIV", "SUD"), ("HIV",), ("SEX",))}
    assert found == {(): "111001", ("SUD",): "111111", ("HIV", "SUD"): "011111", ("HIV",): "011011", ("SEX",): "001001"}


def test_what_is_not_known_is_held_loosely_alone_and_a_patch_is_strict_unless_it_says_so() -> None:
    lab = frozenset({"lab"})
    found = made(Patch(categories=lab, discloser="harbor"), Patch(categories=lab, discloser="harbor", loose=True))
    assert (found.category(None), found.discloser(None, None), found.category("lab"), found.discloser("harbor", None)) == (2, 2, 3, 3)


def test_everything_is_every_patch() -> None:
    assert made(Patch(), Patch(), Patch()).everything == 0b111
    assert made().everything == 0
