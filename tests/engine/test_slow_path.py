"""The slow path: goals that keep what is known, a slip that is data, a plan that is revised, help ahead of a hard hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recoverycore import Client, Content, Engine, History, NotAllowed, NotFound, Programme
from recoverycore.coordination import standing
from recoverycore.ground import ManualClock
from recoverycore.plans import ClientSettings, Goal, LapseReview, Observation
from recoverycore.risk import Signal
from tests.engine.clinic import Deliverer, rows

JAMAL = "jamal"
SLIP = datetime(2026, 2, 28, 5, 10, tzinfo=UTC)
REVIEWED = datetime(2026, 3, 3, 21, 50, tzinfo=UTC)
FRIDAY = {"id": "friday", "kind": "weekly", "weekdays": ["fri"], "start": "15:00", "end": "19:00", "lead": [{"hours": 1}]}
CUE = {"id": "cue_friday", "words": "alone after work", "by": "client", "coping": ["call_sponsor"], "window": FRIDAY}


def jamal(**client: Any) -> Engine:
    engine = Engine.in_memory([Deliverer()], clock=ManualClock(SLIP - timedelta(days=60)))
    start = SLIP - timedelta(days=50)
    engine.put(Programme(id="northside", zone="America/Chicago"), at=start)
    engine.put(Client.model_validate({"id": JAMAL, "opioid_risk": "no", "sedative_risk": "no", **client}), at=start)
    engine.put(ClientSettings(zone="America/Chicago", week_start="monday"), client=JAMAL, at=start)
    engine.put(
        Goal.model_validate({"id": "g", "measure": "count", "per": "week", "target": 3, "counts": "evening", "start": "2026-01-05"}),
        client=JAMAL,
        at=start,
    )
    active = {"kind": "relapse_prevention", "n": 1, "state": "active", "drafted_at": start, "activated_at": start, "authors": ["client"]}
    engine.put(History.model_validate({"revisions": [active]}), client=JAMAL, at=start)
    return engine


def week(engine: Engine, first: str, total: int, at: datetime) -> None:
    said = {"id": f"w{first}", "by": "client", "recorded_at": at, "counts": "evening", "summary_from": first, "total": total}
    engine.observe(Observation.model_validate(said), client=JAMAL)


def slip(engine: Engine, *codes: str, kind: str = "slip") -> None:
    engine.report(client=JAMAL, kind=kind, by=JAMAL, codes=codes, observed_at=SLIP - timedelta(hours=5), at=SLIP, command_id="e_slip")


def owed(engine: Engine) -> dict[str, str]:
    return {each.kind: standing(each, REVIEWED) for each in engine.obligations(client=JAMAL)}


def test_weeks_nobody_spoke_of_are_unknown_and_a_slip_takes_nothing_away() -> None:
    engine = jamal()
    week(engine, "2026-02-16", 4, datetime(2026, 2, 23, 2, tzinfo=UTC))
    before = engine.goals(client=JAMAL, at=SLIP)["g"]
    slip(engine, "alcohol")
    after = engine.goals(client=JAMAL, at=SLIP)["g"]
    assert after == before
    assert (after["rate"]["met"], after["rate"]["not_met"], after["rate"]["cannot_tell"]) == (1, 0, 6)


def test_a_slip_is_kept_and_its_review_opened_beside_an_obligation_that_cannot_be_read() -> None:
    engine = jamal()
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put(f"obligation of {JAMAL}", "old", {"id": 7}, None)
    slip(engine, "alcohol")
    assert [row["kind"] for row in rows(engine, "obligation") if row["about"] == "e_slip"] == ["review"]


def test_a_slip_opens_a_review_and_leaves_the_plan_as_it_is() -> None:
    engine = jamal()
    slip(engine, "alcohol")
    assert owed(engine) == {"review": "lead"}
    (review,) = engine.obligations(client=JAMAL)
    assert review.due_by == datetime(2026, 3, 7, 5, 10, tzinfo=UTC)
    history = engine.get(History, client=JAMAL)
    assert history is not None
    assert [each.n for each in history.revisions] == [1]


@pytest.mark.parametrize(
    ("client", "codes"), [({"opioid_risk": None}, ["alcohol"]), ({}, []), ({}, ["opioid"]), ({"sedative_risk": "yes"}, ["alcohol"])]
)
def test_somebody_looks_after_overdose_unless_everything_was_said(client: dict[str, Any], codes: list[str]) -> None:
    engine = jamal(**{key: value for key, value in client.items() if value})
    if client.get("opioid_risk", "no") is None:
        engine.put(Client.model_validate({"id": JAMAL, "sedative_risk": "no"}), at=SLIP)
    slip(engine, *codes)
    assert set(owed(engine)) == {"safety_check", "review"}


@pytest.mark.parametrize("kind", ["slip", "lapse", "return_to_use"])
def test_a_programme_has_its_own_word_for_it(kind: str) -> None:
    engine = jamal()
    slip(engine, "alcohol", kind=kind)
    assert "review" in owed(engine)


def reviewed(engine: Engine) -> None:
    review = {"id": "e_slip", "completed_at": REVIEWED, "hypotheses": [{"id": "h_friday", "kind": "cue", "words": "Friday"}]}
    engine.review_slip("e_slip", LapseReview.model_validate(review), client=JAMAL, by="cn_ortiz", at=REVIEWED)


def revised(engine: Engine, **fields: Any) -> None:
    given = {"authors": ["client", "cn_ortiz"], "reason": "the slip", "because_of": ["e_slip"], "cites": ["h_friday"], **fields}
    content = Content.model_validate({"cues": [CUE]})
    engine.revise("relapse_prevention", content, client=JAMAL, provenance=given, at=REVIEWED + timedelta(minutes=10))


def test_a_review_raises_questions_that_the_next_plan_answers() -> None:
    engine = jamal()
    slip(engine, "alcohol")
    reviewed(engine)
    assert owed(engine) == {"review": "discharged", "decision": "waiting"}
    revised(engine)
    assert {each.kind: each.discharged_by for each in engine.obligations(client=JAMAL)} == {"review": "cn_ortiz", "decision": "plan"}
    first = engine.plan_at("relapse_prevention", client=JAMAL, at=SLIP)
    second = engine.plan_at("relapse_prevention", client=JAMAL, at=REVIEWED + timedelta(minutes=10))
    assert first is not None
    assert second is not None
    assert (first.n, second.n, second.because_of) == (1, 2, ("e_slip",))


def test_a_plan_that_leaves_a_question_open_is_refused() -> None:
    engine = jamal()
    slip(engine, "alcohol")
    reviewed(engine)
    with pytest.raises(NotAllowed) as caught:
        revised(engine, cites=[])
    assert caught.value.problems[0].detail == "hypothesis_unanswered"


def test_a_review_without_a_question_is_refused_and_stays_owed() -> None:
    engine = jamal()
    slip(engine, "alcohol")
    with pytest.raises(NotAllowed) as caught:
        engine.review_slip("e_slip", LapseReview(id="e_slip", completed_at=REVIEWED), client=JAMAL, by="cn_ortiz", at=REVIEWED)
    assert caught.value.name == "lapse_review_needs_hypothesis"
    assert owed(engine) == {"review": "lead"}


def test_a_review_of_what_nobody_reported_is_refused() -> None:
    with pytest.raises(NotFound) as caught:
        reviewed(jamal())
    assert caught.value.name == "unknown_lapse"


def test_what_the_person_tells_is_a_contact_with_them() -> None:
    engine = jamal()
    week(engine, "2026-02-16", 4, SLIP)
    assert [(each.kind, each.source) for each in engine.kept(Signal, client=JAMAL)] == [("record", "self")]


def test_help_is_offered_an_hour_ahead_of_each_hard_friday_on_both_sides_of_a_clock_change() -> None:
    engine = jamal()
    slip(engine, "alcohol")
    reviewed(engine)
    revised(engine)
    for day in range(20):
        for hour in (19, 20, 21):
            engine.tick(datetime(2026, 3, 4, hour, tzinfo=UTC) + timedelta(days=day))
    ahead = [(row["at"], row["start"], row["entries"]) for row in rows(engine, "offer") if row["why"] == "cue_friday"]
    assert ahead == [
        ("2026-03-06T20:00:00Z", "2026-03-06T21:00:00Z", ["call_sponsor"]),
        ("2026-03-13T19:00:00Z", "2026-03-13T20:00:00Z", ["call_sponsor"]),
        ("2026-03-20T19:00:00Z", "2026-03-20T20:00:00Z", ["call_sponsor"]),
    ]


def test_what_a_sleeping_host_missed_is_offered_once_when_it_wakes() -> None:
    engine = jamal()
    slip(engine, "alcohol")
    reviewed(engine)
    revised(engine)
    engine.tick(datetime(2026, 3, 6, 20, 40, tzinfo=UTC))
    engine.tick(datetime(2026, 3, 6, 20, 50, tzinfo=UTC))
    assert len([row for row in rows(engine, "offer") if row["why"] == "cue_friday"]) == 1
