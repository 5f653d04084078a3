"""What a verification says is to be done: for each error a sentence that names whom, what and when, and that mends what it is about."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from recoverycore.escalation import ProtocolDraft, RunFacts, Verification, verify
from recoverycore.escalation.documents import Person, Shift
from recoverycore.escalation.verification.findings import CODES, severity
from recoverycore.escalation.verification.mending import HOLES
from recoverycore.escalation.words import words
from recoverycore.testing.escalation.strategies import FROM
from tests.escalation.verification.test_verifying import drafts
from tests.escalation.verification.worlds import HORIZON, PROVIDERS, World, climb, worlds

DAY = {"zone": "Europe/London", "from": "00:00", "to": "00:00"}
SIX_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat"]
WEEK = (FROM, FROM + timedelta(days=7))
SHORT = (FROM, FROM + timedelta(days=1))
PROTOCOL: dict[str, Any] = {
    "id": "night", "level": 3, "zone": "Europe/London", "triggers": ["call"], "channels": ["voice", "sms"],
    "hold_roles": ["peer", "supervisor"], "stand_down_roles": ["supervisor"], "owner_role": "supervisor", "contact_within": "PT15M",
    "exhausted": {"alarm_roles": ["supervisor"]}, "debrief": {"owner_role": "supervisor", "due": {"after": "PT24H"}},
    "steps": [
        {"id": "first", "targets": [{"role": "peer"}], "ack_within": "PT5M"},
        {"id": "next", "targets": [{"role": "supervisor"}], "ack_within": "PT10M"},
        {"id": "show_lines", "terminal": True, "mode": "show", "always": True, "needs_software": False},
    ],
}  # fmt: skip
PEOPLE: dict[str, Any] = {
    "persons": {"ade": {"roles": ["peer"], "channels": ["voice", "sms"]}, "sue": {"roles": ["supervisor"], "channels": ["voice", "sms"]}},
    "shifts": [{"person": "ade", "role": "peer", **DAY}, {"person": "sue", "role": "supervisor", **DAY}],
}
ANOTHER_SPELLING = (
    "put somebody on the roster as peer: nobody is on duty as that, but somebody is as `peeer`; if the same is meant, write both alike."
)
NEVER_OUTSIDE = (
    "ask a role of the team or a service in `first`: a contact and the client may never hold it; or only tell them (`quorum: none`)."
)
TWO = {"voice": ["one"], "sms": ["two"]}


def on_duty(ade: dict[str, Any], sue: dict[str, Any]) -> dict[str, Any]:
    """The team with these shifts."""
    shifts = [{"person": "ade", "role": "peer", **DAY, **ade}, {"person": "sue", "role": "supervisor", **DAY, **sue}]
    return {**PEOPLE, "shifts": shifts}


def found(
    protocol: dict[str, Any] | None = None,
    team: dict[str, Any] = PEOPLE,
    providers: dict[str, list[str]] = TWO,
    limits: dict[int, timedelta | None] | None = None,
    horizon: tuple[datetime, datetime] = WEEK,
    **facts: Any,
) -> Verification:
    draft, people = ProtocolDraft.model_validate({**PROTOCOL, **(protocol or {})}), RunFacts.model_validate({"team": team, **facts})
    return verify(draft, people, horizon=horizon, providers=providers, limits=limits).in_zone("Europe/London")


def step(number: int, **changes: Any) -> dict[str, Any]:
    """The protocol with one step changed."""
    steps = [{**each, **changes} if place == number else each for place, each in enumerate(PROTOCOL["steps"])]
    return {"steps": steps}


def mended(shown: Verification, code: str) -> list[str]:
    """The lines below each error or warning of `code` that say what to do."""
    lines = shown.explain().splitlines()
    heads = [number for number, line in enumerate(lines) if re.match(rf"(Error|Warning) {code}:", line)]
    return [lines[number + 1].strip() for number in heads]


# -- it mends ---------------------------------------------------------------------------------------------------------------
@given(worlds)
@settings(max_examples=100, deadline=None)
def test_whoever_is_put_on_duty_as_it_says_takes_the_finding_away(drawn: World) -> None:
    shown = verify(drawn.protocol, drawn.facts, horizon=HORIZON, providers=PROVIDERS)
    advised = [each for each in shown.advice if each.code in ("somebody", "somebody_else_too")]
    team, own = drawn.facts.team, [channel for each in drawn.protocol.steps for channel in each.channels or ()]
    for each in advised:
        for role in re.split(", | or ", dict(each.ids)["names"]):
            person = Person(roles=(role,), channels=tuple({*drawn.protocol.channels, *own}))
            shifts = [Shift.model_validate({"person": "new", "role": role, "from": start, "to": end}) for start, end in each.when]
            wider = team.evolve(persons={**team.persons, "new": person}, shifts=(*team.shifts, *shifts))
            again = verify(drawn.protocol, drawn.facts.evolve(team=wider), horizon=HORIZON, providers=PROVIDERS)
            left = [one.from_ for one in again.findings if one.code in HOLES and one.from_]
            assert not [at for at in left for start, end in each.when if start <= at < end]


@given(worlds)
@settings(max_examples=100, deadline=None)
def test_what_the_first_line_says_of_nobody_and_of_at_once_a_run_then_lives_through(drawn: World) -> None:
    shown = verify(drawn.protocol, drawn.facts, horizon=HORIZON, providers=PROVIDERS)
    at_once = [each for each in shown.stories if each.at_once]
    for each in at_once:
        assert each.finding is not None
        assert each.finding.to is not None
        assert not each.asks
        for at in (each.at, each.at + (each.finding.to - each.at) / 2):
            assert climb(World(drawn.protocol, drawn.facts, at, [])) == ("exhausted", timedelta())


@given(drafts())
@settings(max_examples=100, deadline=None)
def test_every_error_has_one_line_that_says_what_to_do(drawn: tuple[ProtocolDraft, RunFacts]) -> None:
    shown = verify(*drawn, horizon=HORIZON, providers=PROVIDERS)
    told = shown.explain().splitlines()
    assert sum(line.startswith("  To mend it: ") for line in told) == len(shown.advice) >= len(shown.errors)
    assert {each.code for each in shown.advice} <= words()["mend"].keys()


def test_everything_that_may_be_an_error_has_words_for_what_to_do() -> None:
    told_apart = {"single_provider", "cannot_hold", "unfillable_step", *HOLES}
    assert {code for code in CODES if severity(code, 4) == "error"} - told_apart <= words()["mend"].keys()


# -- who, what and when -----------------------------------------------------------------------------------------------------
def test_hours_without_anybody_name_the_roles_and_each_stretch() -> None:
    six = found(team=on_duty({"days": SIX_DAYS}, {"days": SIX_DAYS}))
    assert mended(six, "no_human_interval") == [
        "To mend it: put somebody who is peer or supervisor on duty from Sun 2026-03-08 00:00 to Mon 2026-03-09 00:00."
    ]
    nights = found(team=on_duty({"to": "12:00"}, {"to": "12:00"}))
    assert mended(nights, "no_human_interval")[0].endswith(
        "to Sun 2026-03-08 00:00 and from Sun 2026-03-08 12:00 to Mon 2026-03-09 00:00 and 4 times more."
    )


def test_who_is_on_duty_in_such_hours_and_is_kept_from_being_asked_is_named_too() -> None:
    night = {"quiet": {"from": "21:00", "to": "07:00", "zone": "Europe/London"}}
    people = {**PEOPLE["persons"], "kim": {"roles": ["peer"], "channels": ["voice", "sms"], **night}}
    protocol = {"level": 2, **step(1, targets=[{"role": "supervisor"}, {"person": "kim"}])}
    shown = found(protocol, {**on_duty({"to": "21:00"}, {"to": "21:00"}), "persons": people})
    assert mended(shown, "dead_zone")[0].startswith(
        "To mend it: put somebody who is peer or supervisor on duty from Fri 2026-03-06 21:00 to "
    )
    assert mended(shown, "dead_zone")[0].endswith(", or see to what keeps others from being asked: kim (quiet hours).")


@pytest.mark.parametrize(
    ("given_", "code", "line"),
    [
        (
            {"providers": {}},
            "single_provider",
            "say under `providers` who carries voice and sms: no `providers` say so; `first` needs two in all.",
        ),
        (
            {"providers": {"voice": ["one"]}},
            "single_provider",
            "say under `providers` who carries sms: no `providers` say so; `first` needs two in all.",
        ),
        (
            {"providers": {"voice": ["one"], "sms": ["one"]}},
            "single_provider",
            "have sms and voice carried by a second provider beside one, or let ade be reached over a channel of another one.",
        ),
        (
            {"team": {**PEOPLE, "persons": {**PEOPLE["persons"], "ade": {"roles": ["peer"], "channels": ["voice"]}}}},
            "single_provider",
            "let ade be reached over sms too, or have voice carried by a second provider beside one.",
        ),
        (
            {"team": {**PEOPLE, "persons": {**PEOPLE["persons"], "ade": {"roles": ["peer"], "channels": ["pager"]}}}},
            "single_provider",
            "let ade be reached over voice or sms: nobody whom `first` asks is reached over any of its channels.",
        ),
        (
            {"team": {**PEOPLE, "persons": {**PEOPLE["persons"], "ade": {"roles": ["peer"], "channels": ["pager"]}}}},
            "unfillable_step",
            "see to what keeps everybody whom `first` asks from being asked: ade (no channel).",
        ),
        (
            {"protocol": step(0, targets=[{"role": "peeer"}])},
            "unfillable_step",
            "put somebody on the roster as peeer: nobody is ever on duty as that. Did you mean `peer`?",
        ),
        ({"protocol": step(0, targets=[{"role": "peeer"}])}, "single_provider", "`first` has nobody to ask: mend that first."),
        (
            {"team": on_duty({"role": "peeer"}, {})},
            "unfillable_step",
            ANOTHER_SPELLING,
        ),
        (
            {"protocol": step(0, quorum={"k": 2})},
            "quorum_too_large",
            "ask for fewer in the `quorum` of `first`, or put more people on duty: at most 1 can take it at once.",
        ),
        (
            {"limits": {3: timedelta(minutes=12)}},
            "bound_exceeded",
            "shorten `ack_within`, or leave a step out, until it takes 12 min at most: that is 3 min less.",
        ),
        (
            {"protocol": {"hold_roles": ["supervisor"]}},
            "cannot_hold",
            "give ade a role that may hold it (`hold_roles`: supervisor), or add one of their roles to `hold_roles`.",
        ),
        (
            {"team": {**PEOPLE, "persons": {**PEOPLE["persons"], "ade": {"roles": ["peer"], "max_hold_level": 2}}}},
            "cannot_hold",
            "let ade hold a run of level 3 (`max_hold_level`), or ask somebody who may.",
        ),
        (
            {"protocol": step(0, targets=[{"service": "mobile"}]), "directory": {"mobile": {"channels": ["sms"]}}},
            "cannot_hold",
            "add `service` to `hold_roles`.",
        ),
        (
            {"protocol": step(0, targets=[{"client": True}])},
            "cannot_hold",
            NEVER_OUTSIDE,
        ),
        (
            {"protocol": step(0, jump=[{"to": "nxt"}])},
            "unknown_jump",
            "let the `jump` of `first` lead to a step that is there: `first`, `next` and `show_lines`. Did you mean `next`?",
        ),
        ({"protocol": step(0, ack_within=None)}, "no_deadline", "set `ack_within` on `first`, such as PT5M."),
        ({"protocol": {"debrief": None}}, "no_debrief", "set `debrief` with its `owner_role` and when it is `due`."),
        (
            {"protocol": step(0, when={**DAY, "days": ["mon"]}), "team": on_duty({"days": ["tue"], "to": "12:00"}, {})},
            "unfillable_step",
            "put peer on duty, enough of them at once for the `quorum` of `first`.",
        ),
        (
            {"protocol": step(0, when={"from": "09:00", "to": "10:00", "days": ["mon"], "zone": "Europe/London"}), "horizon": SHORT},
            "unfillable_step",
            "widen the hours (`when`) of `first`: they never come in the time that was looked at.",
        ),
    ],
)  # fmt: skip
def test_an_error_names_what_to_change(given_: dict[str, Any], code: str, line: str) -> None:
    assert f"To mend it: {line}" in mended(found(**given_), code)


def test_a_warning_about_one_provider_says_too_that_no_providers_say_who_carries_it() -> None:
    shown = found({"level": 2, "message_class": "C0"}, providers={})
    assert {each.severity for each in shown.findings if each.code == "single_provider"} == {"warning"}
    assert mended(shown, "single_provider")[0].startswith("To mend it: say under `providers` who carries voice and sms")


# -- the first line ---------------------------------------------------------------------------------------------------------
def test_the_first_line_says_who_would_not_be_asked_and_that_the_last_step_comes_at_once() -> None:
    first = found(team=on_duty({"days": SIX_DAYS}, {"days": SIX_DAYS})).explain().splitlines()[0]
    assert first.startswith(
        "night version 1, level 3, cannot be relied on: from Sun 2026-03-08 00:00 to Mon 2026-03-09 00:00 nobody would be asked, "
        "and `show_lines` would be shown at once; 1 error, "
    )


def test_where_somebody_is_asked_but_too_few_the_first_line_says_that() -> None:
    protocol = {
        "steps": [
            {
                **PROTOCOL["steps"][0],
                "quorum": {"roles": {"peer": 1, "supervisor": 1}},
                "targets": [{"role": "peer"}, {"role": "supervisor"}],
            },
            PROTOCOL["steps"][-1],
        ]
    }
    shown = found(protocol, on_duty({}, {"days": SIX_DAYS}))
    assert "nobody, or too few, to take it, and it takes up to 5 min until somebody has it or `show_lines` is shown" in shown.explain()
    assert mended(shown, "no_human_interval")[0].startswith("To mend it: put as many people on duty as a step asks for from Sun 2026-03-08")


def test_without_such_hours_the_first_line_says_what_is_wrong_first() -> None:
    assert "cannot be relied on: nothing says that anybody looks back on it; 1 error" in found({"debrief": None}).explain()


# -- the roster -------------------------------------------------------------------------------------------------------------
def test_a_role_of_the_roster_that_nobody_has_and_no_step_asks_is_named_with_what_may_be_meant() -> None:
    shown = found(team=on_duty({}, {"role": "suprevisor"}))
    note = (
        "on the roster as `suprevisor`: sue; nobody on the team has that role, and this protocol asks nothing of it. "
        "Did you mean `supervisor`?"
    )
    assert f"Note: {note}" in shown.explain().splitlines()
    assert note.replace("`", "") in re.sub("<[^>]+>|`", "", shown.to_html())


def test_a_role_that_is_asked_and_that_nobody_has_is_named() -> None:
    people = {**PEOPLE, "persons": {**PEOPLE["persons"], "ade": {"roles": ["peeer"], "channels": ["voice", "sms"]}}}
    assert "Note: on the roster as `peer`: ade; nobody on the team has that role. Did you mean `peeer`?" in found(team=people).explain()


def test_a_role_of_another_protocol_is_no_slip_unless_it_is_spelt_almost_like_one_of_this() -> None:
    people = {**PEOPLE["persons"], "kim": {"roles": ["driver", "peers"], "channels": ["sms"]}}
    shifts = [*PEOPLE["shifts"], {"person": "kim", "role": "driver", **DAY}]
    assert found(team={"persons": people, "shifts": shifts}).slips == ()
    shifts.append({"person": "kim", "role": "peers", **DAY})
    told = found(team={"persons": people, "shifts": shifts}).explain()
    assert "Note: on the roster as `peers`: kim; this protocol asks nothing of that role. Did you mean `peer`?" in told


# -- one person alone -------------------------------------------------------------------------------------------------------
def test_hours_that_rest_on_one_person_are_told() -> None:
    told = found(team=on_duty({"days": SIX_DAYS}, {})).explain().splitlines()
    start = told.index("One person alone can take it, and if they do not answer, nobody does:")
    assert told[start + 1 :] == ["  Sun 2026-03-08 00:00 to Mon 2026-03-09 00:00: sue"]


def test_where_two_are_always_there_nothing_is_said_of_one_alone() -> None:
    assert "One person alone" not in found().explain()
    assert "rests on one person" not in found().to_html()
