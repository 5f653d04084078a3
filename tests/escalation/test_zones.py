"""Every clock change from 2020 to 2037: windows and due times are what a walk through the minutes says they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pytest

from recoverycore.errors import InstantError
from recoverycore.escalation import Audit, Obligation, Protocol, RunFacts, event_from, open_run, step
from recoverycore.escalation.windows import covers, next_boundary, occurrences
from recoverycore.ground import WeeklyWindow, utc_text
from recoverycore.ground.instants import zone_info
from tests.escalation.walls import DAY, MINUTE, NEAR, WEEKDAYS, Walk, changes, inside, jump, walk, wall_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.escalation.windows import Reading
    from tests.escalation.walls import Stretch

YEARS = (2020, 2037)
AWKWARD = {
    "Australia/Lord_Howe": "half an hour",
    "Africa/Casablanca": "standard time in Ramadan only, so the change moves through the year",
    "America/St_Johns": "half an hour off the hour",
    "Asia/Tehran": "gave changes up in 2022, half an hour off the hour",
    "Pacific/Apia": "gave changes up in 2021, at the other side of the date line",
    "Pacific/Chatham": "three quarters of an hour off the hour",
    "America/Sao_Paulo": "changed at midnight, and no longer does",
    "Europe/Dublin": "winter is the one that counts as saved",
    "Asia/Gaza": "changes with Ramadan too",
    "Africa/Cairo": "took changes up again in 2023, at midnight",
    "America/Asuncion": "changed at midnight, and stayed in summer in 2024",
    "Antarctica/Troll": "two hours",
    "America/Santiago": "at midnight",
    "America/Nuuk": "changed its standard time in 2023",
}
AN_ORDINARY_DAY = datetime(2031, 5, 14, 12, tzinfo=UTC)
READINGS: tuple[Reading, ...] = ("coverage", "restraint")


def windows(found: Walk) -> Iterator[tuple[str, str, tuple[str, ...] | None]]:
    """Every window from one awkward time to another, on each day, on the day of the change, on the day before."""
    today = found.wall_at(found.around).weekday()
    days = (None, (WEEKDAYS[today],), (WEEKDAYS[today - 1],))
    yield from product(found.awkward(), [*found.awkward(), "24:00"], days)


def judge_windows(zone: str, found: Walk, every: int) -> int:
    """Compares each `every`-th window with the walk. Returns how many were compared."""
    chosen = list(windows(found))[found.around.month % every :: every]
    for (start, end, days), reading in product(chosen, READINGS):
        window = WeeklyWindow.model_validate({"from": start, "to": end, "zone": zone, **({"days": days} if days else {})})
        wanted = found.stretches(start, end, days, reading)
        about = f"{zone} {found.around} {start}-{end} {days} {reading}"
        assert near_ones(occurrences(window, found.around, reading), wanted, found.around) == wanted, about
        edges = sorted(edge for stretch in wanted for edge in stretch)
        near = [edge + offset for edge in edges if abs(edge - found.around) < NEAR for offset in (-timedelta(seconds=1), timedelta())]
        for at in (found.around - MINUTE, found.around, *near):
            assert covers(window, at, reading) == inside(wanted, at), f"{about} at {at}"
        ahead = [edge for edge in edges if edge > found.around]
        assert not ahead or next_boundary(window, found.around, reading) == ahead[0], about
    return len(chosen)


def near_ones(given: tuple[Stretch, ...], wanted: list[Stretch], around: datetime) -> list[Stretch]:
    """As many of the stretches that are `given`, in order, as are wanted, from the first that is; of none, those that begin near."""
    if not wanted:
        return [each for each in given if abs(each[0] - around) < DAY]
    first = next((number for number, each in enumerate(given) if each == wanted[0]), 0)
    return list(given[first : first + len(wanted)])


def protocol(zone: str, **more: Any) -> Protocol:
    """A protocol of one stage, in which each step is under another rule of wall time."""
    return Protocol.model_validate({
        "id": "p", "level": 2, "zone": zone, "triggers": ["t"], "channels": ["app"], "hold_roles": ["peer", "service"],
        "stand_down_roles": ["lead"], "owner_role": "lead", **more,
        "steps": [
            *more.get("steps", [{"id": "one", "targets": [{"role": "peer"}], "ack_within": "PT5M"}]),
            {"id": "end", "terminal": True, "mode": "show", "always": True, "needs_software": False},
        ],
    })  # fmt: skip


def judge_a_run(zone: str, found: Walk) -> None:
    """A step with `when`, a weekly shift, a service with hours and a person with quiet hours, at the change and beside it."""
    lowest, *_, highest = sorted(found.awkward()[1:])
    window = {"from": lowest, "to": highest, "zone": zone}
    steps = [
        {"id": "when", "group": "g", "targets": [{"person": "lee"}], "ack_within": "PT5M", "when": window},
        {"id": "shift", "group": "g", "targets": [{"role": "peer"}], "ack_within": "PT5M"},
        {"id": "hours", "group": "g", "targets": [{"service": "line"}], "ack_within": "PT5M"},
        {"id": "quiet", "group": "g", "targets": [{"person": "eve"}], "ack_within": "PT5M"},
    ]
    facts = RunFacts.model_validate({
        "team": {
            "persons": {"lee": {"roles": ["peer"], "channels": ["app"]}, "eve": {"roles": ["peer"], "channels": ["app"], "quiet": window}},
            "shifts": [{"person": "lee", "role": "peer", **window}],
        },
        "directory": {"line": {"channels": ["app"], "hours": [window]}},
        "consent": {"line": {"contact": "permit"}},
    })  # fmt: skip
    run = open_run("R", protocol(zone, steps=steps), facts)
    covered, restrained = (found.stretches(lowest, highest, None, reading) for reading in READINGS)
    edges = [edge for stretch in (*covered, *restrained) for edge in stretch if abs(edge - found.around) < NEAR]
    for at in {found.around - MINUTE, found.around, *edges, *(edge - MINUTE for edge in edges)}:
        _, effects = step(run, event_from({"type": "trigger", "id": "t", "kind": "t"}), at)
        told = {(each.code, each.subject) for each in effects if isinstance(each, Audit)}
        barred = {("outside_hours", "when"), ("nobody_on_duty", "peer"), ("service_closed", "line")}
        assert told & barred == (set() if inside(covered, at) else barred), f"{zone} {at} {window}"
        assert (("quiet_hours", "eve") in told) == inside(restrained, at), f"{zone} {at} {window}"


def judge_due_times(zone: str, found: Walk, every: int) -> None:
    """When a debrief is due that is to be held so many local days after a run was stood down."""
    chosen = list(product((0, 1, 2), [*found.awkward(), "24:00"]))[found.around.month % every :: every]
    team = {"persons": {"sue": {"roles": ["lead"], "channels": ["app"]}}, "shifts": []}
    for day, text in chosen:
        written = protocol(zone, debrief={"owner_role": "lead", "due": {"day": day, "at": text}})
        at = found.around - day * DAY
        run, _ = step(
            open_run("R", written, RunFacts.model_validate({"team": team})), event_from({"type": "trigger", "id": "t", "kind": "t"}), at
        )
        over = event_from({"type": "stand_down", "id": "s", "by": "sue", "reason": "over"})
        _, effects = step(run, over, at)
        wanted = found.single(wall_of(found.wall_at(at).date() + day * DAY, text))
        due = [each.due for each in effects if isinstance(each, Obligation) and each.kind == "debrief"]
        assert due == [wanted], f"{zone}, {day} days after {utc_text(at)} at {text}"


def judge(zone: str, around: datetime, every: int = 1) -> int:
    """Everything around one change, with each `every`-th window and due time. Returns how many windows were compared."""
    found = walk(zone, around)
    judge_a_run(zone, found)
    judge_due_times(zone, found, every)
    return judge_windows(zone, found, every)


@pytest.mark.parametrize("zone", AWKWARD)
def test_windows_and_due_times_are_what_the_minutes_say_around_the_changes_of_an_awkward_zone(zone: str) -> None:
    """Each third change, in spring and in autumn by turns: all of them take their time, which is for the proof."""
    assert sum(judge(zone, around, every=15) for around in [*changes(zone, *YEARS)[::3], AN_ORDINARY_DAY]) > 0


def accepted(zone: str) -> bool:
    """Whether the library takes the name: abbreviations and fixed offsets are no zones to it."""
    try:
        zone_info(zone)
    except InstantError:
        return False
    return True


def alike(zone: str) -> tuple[object, ...]:
    """The same for two names under which the clock shows the same in all these years."""
    met = changes(zone, *YEARS)
    return (AN_ORDINARY_DAY.astimezone(zone_info(zone)).utcoffset(), *((change, jump(zone, change)) for change in met))


ZONES = sorted(zone for zone in available_timezones() if accepted(zone))
AREAS = sorted({zone.split("/")[0] for zone in ZONES})


@pytest.mark.prove
@pytest.mark.parametrize("area", AREAS)
def test_windows_and_due_times_are_what_the_minutes_say_in_every_zone(area: str, record_property: Callable[[str, object], None]) -> None:
    zones = [zone for zone in ZONES if zone.split("/")[0] == area]
    different = {alike(zone): zone for zone in zones}
    met = [judge(zone, around) for zone in different.values() for around in [*changes(zone, *YEARS), AN_ORDINARY_DAY]]
    record_property("proved", f"{len(zones)} zones, {len(different)} of them different, {len(met):,} days, {sum(met):,} windows")


def test_the_awkward_zones_have_changes_of_every_kind() -> None:
    sizes = {jump(zone, change) // MINUTE for zone in AWKWARD for change in changes(zone, *YEARS)}
    assert sizes == {-120, -60, -30, 30, 60, 120}
    assert changes("Pacific/Apia", *YEARS)[-1].year == 2021


def test_the_walk_itself_tells_a_skipped_time_from_a_repeated_one() -> None:
    spring, autumn = changes("Europe/Dublin", 2026, 2026)
    assert (spring, autumn) == (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
    skipped, repeated = datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - wall times
    half = timedelta(minutes=30)
    assert sorted(walk("Europe/Dublin", spring).readings(skipped)) == [spring - half, spring + half]
    assert walk("Europe/Dublin", spring).single(skipped) == spring + half
    assert walk("Europe/Dublin", autumn).readings(repeated) == [autumn - half, autumn + half]
    assert walk("Europe/Dublin", autumn).single(repeated) == autumn - half
