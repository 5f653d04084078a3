"""Why somebody was told, and why not: asked of a clinic that keeps a record."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore import Client, Directive, Engine, NotFound, Protocol
from tests.engine.clinic import ME, MINUTE, NIGHT, STORY, Deliverer, call, clinic
from tests.engine.test_privacy import CANARY, seen_in


def silent_hour() -> tuple[Engine, str]:
    """A clinic in which nobody answered for an hour, and then the first one did."""
    engine = clinic([Deliverer()])
    run = call(engine)
    for minute in range(1, 40):
        engine.tick(NIGHT + minute * MINUTE)
    engine.acknowledge(run, by="peer_ade", at=NIGHT + 41 * MINUTE)
    return engine, run


def codes(engine: Engine, run: str, to: str, minute: int = 60) -> list[tuple[str, str | None]]:
    return [(each.code, each.step) for each in engine.why(run, to, at=NIGHT + minute * MINUTE).barriers]


def test_every_message_of_a_run_is_explained_by_step_protocol_event_and_consent() -> None:
    engine, run = silent_hour()
    messages = [each for each in engine.why(run, at=NIGHT + 60 * MINUTE).causes if each.what == "message"]
    assert {each.subject for each in messages} == {"peer_ade", "cm_quinn", "oncall", "mobile_team", "lead_noor"}
    assert all((each.protocol, each.version, each.rule) == ("p_code", 1, "r_code") and each.because for each in messages)
    assert all(each.basis for each in messages if each.categories)
    assert all(each.bounded_by for each in messages if each.content_class != "C2")


def test_every_effect_of_a_run_has_what_brought_it_about() -> None:
    engine, run = silent_hour()
    lone = {each.code for each in engine.why(run).causes if each.because is None}
    assert lone == {"run_opened", "same_day_slot", "offer"}  # what the rule itself did, before anything happened to the run


def test_what_changed_facts_do_is_not_laid_to_the_event_that_they_came_with() -> None:
    engine = clinic([Deliverer()])
    run = call(engine)
    team = STORY.start.team
    engine.put(team.evolve(roster=team.roster[1:]), client=ME, at=NIGHT + MINUTE)
    engine.event(run, "note", by="cm_quinn", at=NIGHT + 2 * MINUTE)
    because = {each.code: each.because for each in engine.why(run, at=NIGHT + 2 * MINUTE).causes if each.at > NIGHT}
    assert (because["off_duty"], because["note"]) == ("roster_change", "note")


def test_a_duty_that_comes_with_telling_somebody_belongs_to_the_run() -> None:
    engine, run = silent_hour()
    owed = {each.code: each.because for each in engine.why(run).causes if each.what == "obligation"}
    assert owed["review_of_emergency_access"] == "tick"


def test_the_basis_of_what_a_service_was_told_is_the_emergency_rule() -> None:
    engine, run = silent_hour()
    (asked, _) = engine.why(run, "mobile_team", at=NIGHT + 41 * MINUTE).causes
    assert asked.basis == ("rule:emergency",)
    assert engine.why(run, "mobile_team", at=NIGHT + 41 * MINUTE).told


def test_a_friend_whom_no_step_names_was_not_told_because_of_that() -> None:
    engine, run = silent_hour()
    found = engine.why(run, "friend_bea")
    assert not found.told
    assert [each.code for each in found.barriers] == ["not_named"]
    assert found.explain() == "friend_bea, not told:\n    no step of the protocol names friend_bea"


def test_who_comes_later_is_told_when_that_would_be() -> None:
    engine = clinic([Deliverer()])
    run = call(engine)
    (found,) = engine.why(run, "oncall", at=NIGHT + MINUTE).barriers
    assert (found.code, found.step, found.due) == ("not_reached", "on_call", NIGHT + 10 * MINUTE)


def test_why_is_answered_as_it_stood_at_an_instant() -> None:
    engine, run = silent_hour()
    assert codes(engine, run, "oncall", minute=6) == [("not_reached", "on_call")]
    assert [each.code for each in engine.why(run, "cm_quinn", at=NIGHT + 6 * MINUTE).causes] == ["ask"]
    assert codes(engine, run, "oncall", minute=-5) == [("not_begun", None)]
    assert engine.why(run, at=NIGHT - 5 * MINUTE).causes == ()


def test_a_clock_that_went_back_hides_nothing_that_is_kept() -> None:
    engine = clinic([Deliverer()], at=NIGHT - 60 * MINUTE)
    run = call(engine)
    assert [each.code for each in engine.why(run, "peer_ade").causes] == ["ask"]
    assert [each.code for each in engine.why(run, "oncall").barriers] == ["not_reached"]


def test_a_refusal_of_contact_is_named() -> None:
    engine = clinic([Deliverer()])
    start = STORY.start.directives[0]
    refused = start.evolve(id="c9", polarity="deny", boxes=(start.boxes[0].evolve(recipients=({"person": "mobile_team"},)),))
    engine.put(Directive.model_validate(refused.to_data()), client=ME, at=NIGHT)
    run = call(engine)
    (found,) = engine.why(run, "mobile_team", at=NIGHT + MINUTE).barriers
    assert (found.code, found.step, found.basis) == ("consent_blocked", "mobile_team", ("c9",))
    assert "see c9" in str(found)


def test_consent_that_came_since_is_looked_at_anew() -> None:
    engine = clinic([Deliverer()])
    run = call(engine)
    start = STORY.start.directives[0]
    refused = start.evolve(id="c9", polarity="deny", boxes=(start.boxes[0].evolve(recipients=({"person": "mobile_team"},)),))
    engine.put(Directive.model_validate(refused.to_data()), client=ME, at=NIGHT + MINUTE)
    assert codes(engine, run, "mobile_team", minute=2) == [("consent_blocked", "mobile_team")]


def test_what_cannot_be_read_any_more_leaves_the_answer_with_what_the_run_knows() -> None:
    engine = clinic([Deliverer()])
    run = call(engine)
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put("service", "broken", {"id": 7}, None)
    assert codes(engine, run, "oncall", minute=1) == [("not_reached", "on_call")]


def test_asking_why_changes_nothing() -> None:
    engine, run = silent_hour()
    before = engine.export()
    for person in ("peer_ade", "friend_bea", ME, "nobody", None):
        engine.why(run, person)
    assert engine.export() == before


def test_a_run_that_nobody_knows_has_no_reasons() -> None:
    with pytest.raises(NotFound) as caught:
        clinic().why("run-x")
    assert caught.value.name == "unknown_run"


def test_an_explanation_holds_nothing_of_the_person() -> None:
    engine = clinic([Deliverer()])
    client = engine.get(Client, ME)
    assert client is not None
    engine.put(client.evolve(chosen_name=CANARY), at=NIGHT)
    run = call(engine)
    engine.event(run, "stand_down", by="oncall", reason=CANARY, at=NIGHT + MINUTE)
    everybody = [engine.why(run, who) for who in (None, "peer_ade", "oncall", "friend_bea", ME)]
    shown = [text for each in everybody for text in (each.explain(), str(each.to_rows()), str(each._repr_mimebundle_()))]
    assert seen_in(*everybody, *shown) == []
    assert "blue kite" not in str(shown).lower()


# -- why a message may not hold more -------------------------------------------------------------------------------------
def asked_in_the_app(**target: Any) -> Engine:
    """A clinic whose peer is asked in the app, where a message may hold everything that consent permits."""
    engine = clinic([Deliverer()])
    kept = engine.get(Protocol, "p_code")
    assert kept is not None
    first = {**kept.steps[0].to_data(), "channels": ["app"], "targets": [{"role": "peer", **target}]}
    engine.put(Protocol.model_validate({**kept.to_data(), "steps": [first, *(each.to_data() for each in kept.steps[1:])]}), at=NIGHT)
    return engine


def bound(engine: Engine) -> tuple[str | None, tuple[str, ...]]:
    """The class of the first message, and what bounds it."""
    (asked, *_) = engine.why(call(engine), "peer_ade").causes
    return asked.content_class, asked.bounded_by


def test_a_message_that_may_hold_everything_is_bound_by_nothing() -> None:
    assert bound(asked_in_the_app()) == ("C2", ())


def test_a_target_of_its_own_categories_is_bound_by_consent_to_these() -> None:
    assert bound(asked_in_the_app(categories=["contact", "research"])) == ("C1", ("consent",))


def test_what_cannot_be_read_bounds_a_message_by_that() -> None:
    engine = asked_in_the_app()
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put(f"directive of {ME}", "c9", {"id": 7}, None)
    assert bound(engine) == ("C0", ("unreadable",))


def test_a_message_that_comes_after_its_deadline_awaits_no_answer() -> None:
    engine = clinic([Deliverer()])
    run = call(engine)
    engine.tick(NIGHT + 60 * MINUTE)
    late = [each for each in engine.why(run, at=NIGHT + 60 * MINUTE).causes if each.code == "ask" and each.at > NIGHT]
    assert [each.subject for each in late] == ["cm_quinn", "oncall", "mobile_team"]
    assert [each.until for each in late] == [None, None, None]


# -- the handle ----------------------------------------------------------------------------------------------------------
def test_a_run_in_the_hand_reads_what_is_kept_at_that_moment() -> None:
    engine = clinic([Deliverer()])
    run = engine.run(call(engine))
    assert (run.status, run.level, run.owner) == ("open", 3, None)
    engine.acknowledge(run.id, by="peer_ade", at=NIGHT + MINUTE)
    assert (run.status, run.owner) == ("held", "peer_ade")
    assert repr(run) == f"<Run {run.id} held>"


def test_a_run_in_the_hand_tells_its_timeline_and_why() -> None:
    engine, name = silent_hour()
    run = engine.run(name)
    assert run.timeline() == engine.timeline(name)
    assert run.why("oncall") == engine.why(name, "oncall")
    assert run.explain() == engine.why(name).explain()


def test_a_run_that_nobody_knows_cannot_be_held() -> None:
    with pytest.raises(NotFound):
        clinic().run("run-x")
