"""The contract for lines notices what it is for: each fault is planted into lines that are well, and is told in words."""

from __future__ import annotations

import copy
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from recoverycore.directory import Opening
from recoverycore.errors import Problem, problem
from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore.testing import CrisisLinesContract
from recoverycore.testing.lines import behaviour
from recoverycore.testing.lines.contract import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recoverycore.directory import Shown

    Lines = list[dict[str, Any]]

YESTERDAY = datetime(2026, 10, 8, tzinfo=UTC)
SOURCE = [{"publisher": "Example County", "page": "help at night", "copy_date": "2026-10-07", "quality": "dated_check"}]


def line(identifier: str, kind: str, *channels: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An entry that is well. The numbers belong to nobody."""
    known = {"id": identifier, "name": identifier, "service_kinds": [kind], "region": "GB", "verified_on": "2026-10-07", "source": SOURCE}
    return {**known, "channels": [{"languages": ["en"], "hours": "always", **each} for each in channels], **fields}


def call(value: str, **fields: Any) -> dict[str, Any]:
    return {"id": "call", "type": "voice", "reach": {"kind": "e164", "value": value}, **fields}


def code(value: str, kind: str = "short_code", region: str = "GB", **fields: Any) -> dict[str, Any]:
    return {"id": "code", "type": "voice", "reach": {"kind": kind, "value": value, "region": region}, **fields}


EVENING = [{"from": "18:00", "to": "02:00"}]
WELL: Lines = [
    line("emergency", "emergency", code("999")),
    line("night", "crisis_line", call("+441632960001", reach={"kind": "e164", "value": "+441632960001", "display": "01632 960001"})),
    line(
        "evening",
        "dv_line",
        call("+441632960002", hours=EVENING, zone="Europe/London", then="press 2"),
        show_together=["night", "emergency"],
    ),
    line("text", "crisis_line", code("60777", "sms_code", type="sms"), audience="students", priority=200),
]


class Given(RecoveryHooks):
    """A plugin that has the lines it is made with."""

    recoverycore_name = "example"

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Sequence[dict[str, Any]] | None:
        return copy.deepcopy(self.lines) if region.split("-", maxsplit=1)[0] == "GB" else None


def contract(plugin: object, **flags: Any) -> type[CrisisLinesContract]:
    return type("TestMine", (CrisisLinesContract,), {"plugin": plugin, "regions": ("GB",), **flags})


def run(rule: str, plugin: object, **flags: Any) -> str:
    """What the test of `rule` says; nothing when it passes."""
    try:
        getattr(contract(plugin, **flags)(), f"test_{rule}")()
    except AssertionError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("rule", RULES)
def test_lines_that_are_well_keep_every_rule(rule: str) -> None:
    assert run(rule, Given(WELL)) == ""


def test_the_rules_can_be_checked_without_any_runner() -> None:
    assert contract(Given(WELL)).check_all() == []


def changed(place: int, **fields: Any) -> Lines:
    lines = copy.deepcopy(WELL)
    lines[place] |= fields
    return [{key: value for key, value in each.items() if value is not ...} for each in lines]


def way(place: int, **fields: Any) -> Lines:
    lines = copy.deepcopy(WELL)
    channel = lines[place]["channels"][0]
    channel |= fields
    lines[place]["channels"] = [{key: value for key, value in channel.items() if value is not ...}]
    return lines


def reach(place: int, **fields: Any) -> Lines:
    return way(place, reach=WELL[place]["channels"][0]["reach"] | fields)


NEWER = [{**SOURCE[0], "copy_date": "2026-09-01"}]
FAULTS: dict[str, tuple[str, Lines, str]] = {
    "an unknown field": ("fits_the_schema", changed(1, phone="1"), "night: at $ it does not fit the schema of a directory entry"),
    "an unknown zone": ("can_be_read", way(2, zone="Mars/Base"), "evening: at /channels/0/zone: "),
    "one id for two things": ("can_be_read", [*WELL, line("night", "warm_line", call("+441632960009"))], "night (again): at /id: "),
    "no source": ("tells_where_it_was_read", changed(1, source=...), "night: it names no source"),
    "memory alone": ("tells_where_it_was_read", changed(1, source=[{**SOURCE[0], "quality": "memory"}]), "night: it rests on memory alone"),
    "a check that no copy carries": (
        "tells_when_it_was_checked",
        changed(1, source=NEWER),
        "night: it says that it was checked on 2026-10-07, but the newest copy that it names is of 2026-09-01",
    ),
    "a call that nobody placed": (
        "tells_when_it_was_checked",
        changed(1, call_tested_on="2026-10-07"),
        "night: it says that somebody called it on 2026-10-07; set call_tested if a person did",
    ),
    "a region that is none": ("stands_in_its_region", changed(1, region="Kent"), "night: the region KENT is no code"),
    "a foreign region": ("stands_in_its_region", changed(1, region="IE"), "night: its region IE is no part of GB"),
    "no languages": ("names_languages", way(1, languages=...), "night, call: it does not say which languages are spoken there"),
    "a language in words": ("names_languages", way(1, languages=["English"]), "night, call: English is no language tag"),
    "hours without a zone": ("tells_hours_with_their_zone", way(2, zone=...), "evening, call: it has hours by the clock and no zone"),
    "no hours in the list": ("tells_hours_with_their_zone", way(2, hours=[]), "evening, call: it has a list of hours without any"),
    "a code of the whole world": (
        "keeps_short_codes_at_home",
        reach(0, region="001"),
        "emergency, code: the short code 999 has no country",
    ),
    "another country's code": (
        "keeps_short_codes_at_home",
        reach(0, region="IE"),
        "emergency, code: the short code 999 is one of IE, but the line is for GB",
    ),
    "a prefix before 116 123": (
        "forces_no_country_prefix",
        way(1, reach={"kind": "e164", "value": "+44116123"}),
        "night, call: +44116123 is the short code 116123 with a country's prefix",
    ),
    "a prefix before an own code": (
        "forces_no_country_prefix",
        [*WELL, line("forced", "warm_line", call("+35360777"))],
        "forced, call: +35360777 is the short code 60777 with a country's prefix",
    ),
    "another number on the screen": (
        "is_shown_as_published",
        reach(1, display="01632 960010"),
        "night, call: it is read as 01632 960010 and dials tel:+441632960001, which is another number",
    ),
    "a sign that turns the line around": (
        "is_shown_as_published",
        reach(1, display="01632 \u202e960001"),
        "night, call: what is read holds a sign that nobody sees",
    ),
    "nothing to dial": ("is_shown_as_published", way(1, reach=...), "night, call: there is nothing to dial, to open or to read"),
    "a dialled menu step": (
        "dials_no_menu_step",
        [*WELL, line("menu", "warm_line", code("9992", then="press 2"))],
        "menu, code: the step press 2 is dialled along with 999",
    ),
    "a number that was given up": (
        "is_still_current",
        way(1, reach={"kind": "e164", "value": "+448457909090"}),
        "night, call: +448457909090 is not to be shown as current (gb-samaritans-0845, since 2015; instead: 116 123)",
    ),
    "hours that were cut": (
        "is_still_current",
        way(1, reach={"kind": "e164", "value": "+448088010327"}),
        "instead: weekdays 10:00 to 17:00",
    ),
    "a few before all": (
        "says_for_whom",
        changed(3, priority=50),
        "text: it is for students only and would stand before night, which is for everybody",
    ),
    "somebody who is not there": (
        "shows_beside_it_who_is_there",
        changed(2, show_together=["nobody"]),
        "evening: nobody is to be shown beside it and is not there",
    ),
    "no emergency number": ("has_an_emergency_number_first", WELL[1:], "for GB the first line shown is"),
    "an emergency page": (
        "has_an_emergency_number_first",
        way(0, reach={"kind": "url", "value": "https://example.org/"}, type="web"),
        "emergency: no way in is always answered and needs no software",
    ),
    "nobody at night": (
        "has_somebody_day_and_night",
        way(0, hours=EVENING, zone="UTC"),
        "for GB nobody of the kind emergency is known to answer day and night",
    ),
    "no line at all": ("answers_for_its_regions_only", [], "asked for GB, for which it is, the plugin has no line"),
    "an entry that the merge drops": (
        "stands_beside_others",
        changed(1, channels=[]),
        "night: the merged directory leaves it out (invalid)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_fails_in_words(fault: str) -> None:
    rule, lines, words = FAULTS[fault]
    assert words in run(rule, Given(lines))


class Everywhere(Given):
    """Has lines for every region there is."""

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Lines:  # noqa: ARG002 - that is the fault
        return copy.deepcopy(self.lines)


class Fails(Given):
    """Raises where it has nothing to say."""

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Lines:
        return {"GB": self.lines}[region]


class Shares(Given):
    """Hands out its own list."""

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Lines | None:
        return self.lines if region == "GB" else None


class Asks(Given):
    """Looks its lines up somewhere else."""

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Lines:  # noqa: ARG002 - it never gets that far
        socket.socket()
        return self.lines


class Silent(RecoveryHooks):
    """Implements another hook."""

    @hookimpl
    def recovery_on_problem(self, problem: object) -> None:
        """Nothing."""


class Old(Given):
    """Was written for hooks that are no longer there."""

    recoverycore_api = 0  # type: ignore[misc]  # that is the fault


@pytest.mark.parametrize(
    ("plugin", "rule", "words"),
    [
        (Everywhere, "answers_for_its_regions_only", "asked for a region that is not its own (AQ) the plugin gave 4 lines"),
        (Fails, "answers_for_its_regions_only", "asked for a region that is not its own (AQ) the plugin failed; it should answer None"),
        (Shares, "answers_alike_each_time", "asked twice for GB the plugin answered differently"),
        (Asks, "needs_no_network", "without a network the plugin does not answer"),
        (lambda _: Silent(), "is_accepted_by_an_engine", "the plugin does not implement recovery_contribute_directories"),
        (Old, "is_accepted_by_an_engine", "an engine refuses the plugin: "),
    ],
)
def test_a_plugin_that_behaves_badly_fails_in_words(plugin: Callable[[Lines], object], rule: str, words: str) -> None:
    assert words in run(rule, plugin(copy.deepcopy(WELL)))


def test_a_misspelt_field_is_told_with_the_one_that_was_meant() -> None:
    hours = [{"form": "18:00", "to": "22:00"}]
    assert "evening: at /channels/0/hours/0/?: This field is not part of the document. Did you mean 'from'? " in run(
        "can_be_read", Given(way(2, hours=hours))
    )


def told(lines: Lines) -> list[str]:
    """What a terminal would show of what makes a line no directory entry."""
    return [each for each in contract(Given(lines)).check_all() if " at $" in each or ": at /" in each]


@pytest.mark.parametrize(
    "lines",
    [changed(1, phone="1"), changed(1, service_kinds=...), way(2, hours=[{"form": "18:00", "to": "22:00"}]), way(1, type="telephone")],
    ids=["an unknown field", "a missing field", "a slip in the hours", "a word that is none"],
)
def test_what_a_field_says_better_is_not_told_by_the_schema_too(lines: Lines) -> None:
    (only,) = told(lines)
    assert ": at /" in only


def test_the_schema_is_heard_where_no_field_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: what only the schema finds stays, also beside a field that is wrong somewhere else."""
    monkeypatch.setattr("recoverycore.testing.lines.rules.read_entries", lambda documents: ((), _elsewhere(documents)))
    assert "night: at $ it does not fit the schema of a directory entry (required)" in told(changed(1, name=...))


def _elsewhere(documents: Any) -> list[Problem]:
    return [problem("not_listed", f"/{place}/channels/0/type") for place, _ in enumerate(documents)]


def test_a_library_that_forgets_to_warn_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = behaviour.directory_lookup
    monkeypatch.setattr(behaviour, "directory_lookup", lambda entries, **asked: look_up(entries, **{**asked, "at": YESTERDAY}))
    assert "night: 400 days after its check it would be shown without the warning stale" in run("is_told_when_it_is_stale", Given(WELL))


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda each: evolve(each, cautions=()), "evening: it is a line for violence and would be shown without a quick way out"),
        (lambda each: evolve(each, ways=()), "night: there is nothing on it that a person could read"),
        (
            lambda each: evolve(each, ways=tuple(evolve(way, text=way.published) for way in each.ways)),
            "night: 01632 960001 would not keep its digits in order",
        ),
        (
            lambda each: None if each.entry.id == "night" else each,
            "evening: it is closed at 3:00 UTC, and night, which is open, is not shown",
        ),
    ],
)
def test_a_screen_that_breaks_the_rules_of_showing_would_be_noticed(
    monkeypatch: pytest.MonkeyPatch, break_it: Callable[[Shown], Shown | None], words: str
) -> None:
    show = behaviour.lines_to_show
    monkeypatch.setattr(
        behaviour, "lines_to_show", lambda *entries, **asked: [each for one in show(*entries, **asked) if (each := break_it(one))]
    )
    assert words in run("shows_who_is_open_beside_the_closed", Given(WELL))


@pytest.mark.parametrize(("answer", "words"), [("no", "it says that it opens at"), ("yes", "it says that it closes at")])
def test_hours_that_contradict_themselves_would_be_noticed(monkeypatch: pytest.MonkeyPatch, answer: Any, words: str) -> None:
    edge = datetime(2027, 3, 14, 18, tzinfo=UTC)
    monkeypatch.setattr(behaviour, "hours", lambda *_: Opening(answer, closes_at=edge, opens_at=edge))
    assert words in run("keeps_its_hours_at_the_edges", Given(WELL))


def test_what_is_declared_is_no_fault() -> None:
    assert run("answers_for_its_regions_only", Everywhere(WELL), worldwide=True) == ""
    assert run("tells_when_it_was_checked", Given(changed(1, call_tested_on="2026-10-07")), call_tested=True) == ""


def test_a_call_that_is_claimed_has_its_day() -> None:
    assert "claimed that people have called the numbers (call_tested), and no line says when" in run(
        "tells_when_it_was_checked", Given(WELL), call_tested=True
    )


def test_a_countys_line_may_leave_the_emergency_to_the_plugin_beside_it() -> None:
    own = Given([{**WELL[1], "verified_on": "2026-01-07"}])  # long before the day of the country's: each is as fresh as it can be
    country = Country([each for each in WELL if each["id"] != "night"])
    for rule, words in (
        ("has_an_emergency_number_first", "for GB the first line shown is floor.emergency"),
        ("has_somebody_day_and_night", "for GB nobody of the kind emergency"),
    ):
        assert words in run(rule, own)
        assert words in run(rule, own, beside=(Elsewhere(country.lines),))
        assert run(rule, own, beside=(country,)) == ""


@pytest.mark.parametrize("rule", ["has_an_emergency_number_first", "has_somebody_day_and_night"])
def test_whoever_names_no_plugin_beside_is_told_how_to(rule: str) -> None:
    how = "(the country's own part? Hold it beside the plugin of the country, for example --beside gb)"
    assert how in run(rule, Given(WELL[1:]))
    assert how not in run(rule, Given(WELL[1:]), beside=(Elsewhere(WELL),))


def test_a_region_that_is_no_country_names_no_plugin_to_stand_beside() -> None:
    assert run("has_somebody_day_and_night", Given(WELL[1:]), regions=("001",)).endswith("is known to answer day and night")


def test_an_id_that_the_plugin_beside_it_has_too_is_told() -> None:
    assert "night: the merged directory leaves it out (conflict)" in run(
        "stands_beside_others", Given([{**WELL[1], "name": "another"}]), beside=(Country(WELL),)
    )


class Country(Given):
    """The plugin of the country, beside which a county's stands."""

    recoverycore_name = "country"


class Elsewhere(Country):
    """A plugin that has nothing for this region."""

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Lines | None:
        return self.lines if region == "FR" else None


def test_every_fault_is_told_and_not_only_the_first() -> None:
    lines = [{**each, "source": ...} for each in WELL]
    said = run("tells_where_it_was_read", Given([{key: value for key, value in each.items() if value is not ...} for each in lines]))
    assert len(said.splitlines()) == len(WELL)


def test_no_rule_can_be_taken_away() -> None:
    with pytest.raises(TypeError, match="TestMine replaces test_is_still_current of the contract"):
        contract(Given(WELL), test_is_still_current=lambda _: None)
