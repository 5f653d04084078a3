"""The people in somebody's plan beside their consents: a warning is said once, nothing is removed, and nobody is warned of staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from recoverycore import Directive, Engine, History, Team
from recoverycore.testing.stories import Player, load_story
from tests.engine.clinic import rows

STORY = load_story("jamal")
BEGIN = STORY.steps[0].at
DAY = timedelta(days=1)
ME = "jamal"


def engine() -> Engine:
    return Player(STORY).engine


def warned(engine: Engine, **when: Any) -> list[tuple[str, str, str]]:
    return [(each.code, each.entry, each.person) for each in engine.plan_warnings(client=ME, **when)]


def test_a_supporter_whom_a_consent_lets_somebody_be_in_touch_with_is_no_warning() -> None:
    clinic = engine()
    assert warned(clinic, at=BEGIN) == []
    assert rows(clinic, "plan_warning") == []


def test_a_consent_that_is_taken_back_warns_once_and_leaves_the_plan_as_it_is() -> None:
    clinic = engine()
    before = clinic.get(History, client=ME)
    clinic.withdraw("c2", client=ME, by=ME, at=BEGIN)
    clinic.tick(BEGIN + DAY)
    clinic.report(client=ME, kind="check_in", by=ME, at=BEGIN + DAY)
    assert [(row["code"], row["entry"]) for row in rows(clinic, "plan_warning")] == [("consent_missing", "call_sponsor")]
    assert clinic.get(History, client=ME) == before


def test_a_consent_that_runs_out_by_itself_warns_when_it_does() -> None:
    clinic = engine()
    kept = clinic.get(Directive, "c2", client=ME)
    assert kept is not None
    ending = Directive.model_validate({**kept.to_data(), "expires": {"kind": "instant", "value": BEGIN + 3 * DAY}})
    clinic.put(ending, client=ME, at=BEGIN)
    clinic.tick(BEGIN + 3 * DAY - timedelta(seconds=1))
    assert rows(clinic, "plan_warning") == []
    assert clinic.next_due() == BEGIN + 3 * DAY
    clinic.tick(BEGIN + 3 * DAY)
    assert [row["code"] for row in rows(clinic, "plan_warning")] == ["consent_missing"]


def test_a_new_consent_ends_the_warning_and_its_end_begins_another() -> None:
    clinic = engine()
    clinic.withdraw("c2", client=ME, by=ME, at=BEGIN)
    kept = clinic.get(Directive, "c2", client=ME)
    assert kept is not None
    again = Directive.model_validate({**kept.to_data(), "id": "c3", "starts": BEGIN + DAY, "revocations": []})
    clinic.put(again, client=ME, at=BEGIN + DAY)
    assert warned(clinic, at=BEGIN + DAY) == []
    clinic.withdraw("c3", client=ME, by=ME, at=BEGIN + 2 * DAY)
    assert len(rows(clinic, "plan_warning")) == 2


def test_somebody_whom_no_consent_speaks_of_is_another_warning() -> None:
    clinic = engine()
    team = clinic.get(Team, client=ME)
    history = clinic.get(History, client=ME)
    assert team is not None
    assert history is not None
    friend = {"id": "cousin", "roles": ["supporter"], "supporter": True, "channels": ["voice"]}
    data = team.to_data()
    clinic.put(Team.model_validate({**data, "members": [*data["members"], friend]}), client=ME, at=BEGIN)
    content = history.revisions[0].content
    entry = {"id": "call_cousin", "by": "client", "contact": {"person": "cousin"}}
    more = content.model_validate({**content.to_data(), "sections": {"people_to_ask": {"entries": [entry]}}})
    clinic.revise("relapse_prevention", more, client=ME, provenance={"authors": ["client"], "reason": "more people"}, at=BEGIN)
    assert warned(clinic, at=BEGIN) == [("consent_unknown", "call_cousin", "cousin")]


def test_staff_and_public_lines_in_a_plan_are_no_warning() -> None:
    clinic = engine()
    history = clinic.get(History, client=ME)
    assert history is not None
    content = history.revisions[0].content
    entries = [
        {"id": "counsellor", "by": "client", "contact": {"person": "cn_ortiz"}},
        {"id": "line", "by": "client", "contact": {"person": "sponsor_dee", "public": True}},
    ]
    more = content.model_validate({**content.to_data(), "sections": {"professionals": {"entries": entries}}})
    clinic.revise("relapse_prevention", more, client=ME, provenance={"authors": ["client"], "reason": "professionals"}, at=BEGIN)
    clinic.withdraw("c2", client=ME, by=ME, at=BEGIN)
    assert warned(clinic, at=BEGIN) == []
