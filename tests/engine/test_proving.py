"""A crisis protocol that cannot be relied on is refused when it is written; a call for help and a change of a team never are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import DocumentError, Engine, NotFound, Protocol, Rule, Settings
from recoverycore.engine import proving
from recoverycore.escalation import ProtocolDraft
from recoverycore.ground import ManualClock
from recoverycore.testing.stories import load_story, run_story, shipped_stories
from tests.engine.clinic import ME, MINUTE, NIGHT, STORY, Deliverer, call, clinic, rows, told

if TYPE_CHECKING:
    from recoverycore.engine.work import Done

CODE, GO_NOW = STORY.start.protocols
TEAM = STORY.start.team
NOBODY = TEAM.evolve(roster=())
ONE = {"voice": ["carrier_one"], "sms": ["carrier_one"], "app": ["carrier_one"]}
LIVED_WITH = {"p_code": {"single_provider": "one carrier until the spring"}}
LONG = {"steps": [{**CODE.steps[0].to_data(), "ack_within": "PT2H"}, *(each.to_data() for each in CODE.steps[1:])]}


def written(protocol: Protocol, **changes: Any) -> Protocol:
    return Protocol.model_validate({**protocol.to_data(), **changes})


def put_again(engine: Engine, protocol: Protocol = CODE, **changes: Any) -> Done:
    """The protocol as its next version: what is put as it was is not asked again."""
    return engine.put(written(protocol, version=2, **changes), at=NIGHT)


def refused(engine: Engine, protocol: Protocol = CODE, **changes: Any) -> list[tuple[str, str, str]]:
    """What a protocol is refused for: name, place and code of the finding."""
    before = engine.export()
    with pytest.raises(DocumentError) as caught:
        put_again(engine, protocol, **changes)
    assert engine.export() == before
    return [(each.name, each.path, each.detail.partition(":")[0]) for each in caught.value.problems]


def notes(engine: Engine, what: str, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in names) for row in rows(engine, what)]


# A protocol is put
def test_a_protocol_that_can_be_relied_on_is_kept() -> None:
    engine = clinic()
    assert put_again(engine).facts["rev"] == 2
    assert rows(engine, "unproved_accepted") == []


def test_a_protocol_whose_step_nobody_could_ever_answer_is_refused_with_the_place_of_the_step() -> None:
    steps = [{**CODE.steps[0].to_data(), "targets": [{"role": "chaplain"}]}, *(each.to_data() for each in CODE.steps[1:])]
    found = refused(clinic(), steps=steps)
    assert ("protocol_unproved", "/steps/0", "unfillable_step") in found


def test_a_protocol_that_one_providers_failure_would_silence_is_refused() -> None:
    found = refused(clinic(providers=ONE))
    assert {(place, code) for _, place, code in found} == {(f"/steps/{number}", "single_provider") for number in range(4)}


def test_a_host_that_names_no_provider_has_none() -> None:
    assert {code for *_, code in refused(clinic(providers={}))} == {"single_provider"}


def test_a_refusal_says_around_how_many_clients_and_names_none_of_them() -> None:
    engine = clinic()
    engine.put(STORY.start.client.evolve(id="somebody"), at=NIGHT)
    engine.put(NOBODY, client="somebody", at=NIGHT)
    with pytest.raises(DocumentError) as caught:
        put_again(engine)
    assert {each.detail.rpartition("; ")[2] for each in caught.value.problems} == {"around 1 of 2 clients"}
    assert "somebody" not in str(caught.value)


def test_before_there_is_a_team_a_protocol_is_proved_as_far_as_that_goes_without_people() -> None:
    engine = Engine.in_memory([Deliverer()], clock=ManualClock(NIGHT))
    engine.put(CODE, at=NIGHT)
    found = refused(engine, steps=LONG["steps"])
    assert found == [("protocol_unproved", "", "bound_exceeded")]


def test_a_protocol_is_proved_at_the_level_at_which_a_rule_calls_it() -> None:
    engine = clinic(bound_limits={4: 20 * MINUTE})
    engine.put(Rule.model_validate({"id": "r_other", "when": {"event": "code_word"}, "level": 3, "protocol": "p_code"}), at=NIGHT)
    put_again(engine)
    with pytest.raises(DocumentError, match="bound_exceeded"):
        engine.put(Rule.model_validate({"id": "r_other", "when": {"event": "code_word"}, "level": 4, "protocol": "p_code"}), at=NIGHT)


def test_a_protocol_below_a_crisis_is_kept_as_it_is_written() -> None:
    engine = clinic(providers={})
    engine.put(written(CODE, id="p_low", level=2), at=NIGHT)
    assert engine.get(Protocol, "p_low") is not None


def test_what_is_kept_already_is_not_asked_again_so_that_a_host_may_put_everything_at_each_start() -> None:
    engine = clinic(providers=ONE)
    engine.put(CODE, at=NIGHT)
    engine.put(STORY.start.rules[0], at=NIGHT)
    assert engine.get(Protocol, "p_code") == CODE


def test_a_command_that_was_carried_out_gives_its_answer_again_whatever_the_roster_is_by_now() -> None:
    engine = clinic()
    first = engine.put(written(CODE, version=2), at=NIGHT, command_id="c")
    engine.put(NOBODY, client=ME, at=NIGHT)
    again = engine.put(written(CODE, version=2), at=NIGHT, command_id="c")
    assert (again.facts, again.repeated) == (first.facts, True)


# A rule begins to call it
def test_a_rule_that_would_call_a_protocol_of_a_lower_level_in_a_crisis_is_refused() -> None:
    engine = clinic()
    engine.put(written(CODE, id="p_low", level=2, contact_within=None), at=NIGHT)
    with pytest.raises(DocumentError) as caught:
        engine.put(Rule.model_validate({"id": "r_low", "when": {"event": "code_word"}, "level": 3, "protocol": "p_low"}), at=NIGHT)
    assert [(each.path, each.detail.partition(":")[0]) for each in caught.value.problems] == [("/protocol", "no_contact_clock")]
    assert engine.get(Rule, "r_low") is None


def test_a_rule_may_name_a_protocol_that_comes_later_which_is_proved_when_it_comes() -> None:
    engine = clinic()
    engine.put(Rule.model_validate({"id": "r_new", "when": {"event": "code_word"}, "level": 3, "protocol": "p_new"}), at=NIGHT)
    low = written(CODE, id="p_new", level=2, contact_within=None)
    with pytest.raises(DocumentError, match="no_contact_clock"):
        engine.put(low, at=NIGHT)


# A host that lives with it
def test_what_is_accepted_by_name_is_kept_and_stands_in_the_record_with_its_reason() -> None:
    engine = clinic(providers=ONE, accepted_findings=LIVED_WITH)
    put_again(engine)
    noted = notes(engine, "unproved_accepted", "protocol", "code", "step", "reason", "clients")
    assert noted == [("p_code", "single_provider", each.id, "one carrier until the spring", 1) for each in CODE.steps if not each.terminal]


def test_accepting_one_finding_accepts_no_other() -> None:
    found = refused(clinic(providers=ONE, accepted_findings=LIVED_WITH), steps=LONG["steps"])
    assert [code for *_, code in found] == ["bound_exceeded"]


def test_accepting_for_one_protocol_accepts_for_no_other() -> None:
    assert {code for *_, code in refused(clinic(providers=ONE, accepted_findings=LIVED_WITH), GO_NOW)} == {"single_provider"}


@pytest.mark.parametrize(
    ("accepted", "name", "path"),
    [
        ({"p_c": {"single_providr": "why"}}, "not_listed", "/accepted_findings/p_c/single_providr"),
        ({"p": {"single_provider": " "}}, "blank", "/accepted_findings/p/single_provider"),
    ],
)
def test_an_acceptance_without_a_code_that_there_is_or_without_a_reason_is_refused(
    accepted: dict[str, dict[str, str]], name: str, path: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        Settings(accepted_findings=accepted)
    assert [(each.name, each.path) for each in caught.value.problems] == [(name, path)]


# A team changes
def test_a_roster_that_leaves_a_protocol_without_anybody_is_kept_noted_logged_and_told(caplog: pytest.LogCaptureFixture) -> None:
    engine = clinic()
    done = engine.put(NOBODY, client=ME, at=NIGHT)
    assert done.facts["rev"] == 2
    told_now = {(row["protocol"], row["code"]) for row in done.facts["unproved"]}
    assert ("p_code", "unfillable_step") in told_now
    assert {(protocol, code) for protocol, code in notes(engine, "protocol_unproved", "protocol", "code")} == told_now
    assert not [row for row in done.facts["unproved"] if row.keys() - {"protocol", "code", "step", "since", "until"}]
    assert "p_code (unfillable_step)" in caplog.text
    assert ME not in caplog.text
    assert ("protocol_unproved", "/r_code/protocol") in {(each.name, each.path) for each in engine.check(client=ME)}


def test_a_roster_under_which_everything_can_be_relied_on_says_nothing() -> None:
    done = clinic().put(TEAM.evolve(zone="Europe/Paris"), client=ME, at=NIGHT)
    assert "unproved" not in done.facts


def test_a_team_is_kept_also_where_no_proof_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    engine = clinic()
    monkeypatch.setattr(proving, "verify", fails)
    assert engine.put(NOBODY, client=ME, at=NIGHT).facts["rev"] == 2
    assert notes(engine, "proof_failed", "error") == [("ZeroDivisionError",)]


# A call for help
def test_a_call_is_heard_under_a_protocol_that_cannot_be_relied_on_and_no_proof_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    engine = clinic(providers={})
    engine.put(TEAM.evolve(roster=tuple(each for each in TEAM.roster if each.role == "peer")), client=ME, at=NIGHT)
    monkeypatch.setattr(proving, "verify", never)
    call(engine)
    for minute in range(1, 40):
        engine.tick(NIGHT + minute * MINUTE)
    assert told(engine)[0] == ("peer_ade", "voice")
    assert [state.status for state in engine.runs(client=ME)] == ["exhausted"]


def test_a_run_that_is_going_goes_on_under_its_own_protocol_when_the_next_is_refused() -> None:
    engine = clinic()
    run = call(engine)
    refused(engine, steps=LONG["steps"])
    engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE)
    assert engine.runs(client=ME)[0].status == "held"


def test_what_was_exported_is_taken_over_whatever_it_proves() -> None:
    old = clinic(providers={})
    with Engine.in_memory([Deliverer()], clock=ManualClock(NIGHT)) as engine:
        engine.import_(old.export())
        assert engine.get(Protocol, "p_code") is not None


# The whole of it
def test_check_finds_what_no_longer_can_be_relied_on_and_nothing_where_all_can() -> None:
    assert clinic().check(client=ME) == ()
    found = clinic(providers=ONE, accepted_findings=LIVED_WITH).check(client=ME)
    assert {(each.name, each.path) for each in found} == {("protocol_unproved", "/r_go_now/protocol")}


def test_check_tells_of_a_document_that_is_unsound_once() -> None:
    engine = clinic(accepted_findings={"p_low": {"no_contact_clock": "to be seen here"}})
    engine.put(written(CODE, id="p_low", level=2, contact_within=None), at=NIGHT)
    engine.put(Rule.model_validate({"id": "r_low", "when": {"event": "code_word"}, "level": 3, "protocol": "p_low"}), at=NIGHT)
    assert [(each.name, each.path) for each in engine.check(client=ME)] == [("no_contact_clock", "/r_low/protocol/contact_within")]


def test_an_engine_verifies_a_protocol_that_it_keeps_and_one_that_is_only_written() -> None:
    engine = clinic()
    kept = engine.verify("p_code", client=ME, at=NIGHT)
    assert kept.ok
    assert (kept.zone, kept.to - kept.from_) == ("Europe/London", timedelta(days=7))
    draft = ProtocolDraft.model_validate({**CODE.to_data(), "contact_within": None})
    assert {each.code for each in engine.verify(draft, client=ME, at=NIGHT).errors} == {"no_contact_clock"}


def test_an_engine_verifies_at_the_level_at_which_a_rule_calls() -> None:
    engine = clinic()
    draft = ProtocolDraft.model_validate({**CODE.to_data(), "level": 1})
    assert engine.verify(draft, client=ME, at=NIGHT).level == 3


def test_a_protocol_that_nobody_keeps_is_not_verified() -> None:
    with pytest.raises(NotFound) as caught:
        clinic().verify("p_typo", client=ME, at=NIGHT)
    assert caught.value.name == "unknown_document"


def test_a_rehearsal_finds_that_a_protocol_would_be_refused_and_keeps_nothing() -> None:
    engine = clinic()
    before = engine.export()
    with pytest.raises(DocumentError, match="protocol_unproved"):
        engine.rehearse(lambda trial: put_again(trial, **LONG))
    assert engine.export() == before


def test_a_rehearsal_tells_what_a_roster_would_leave_open() -> None:
    engine = clinic()
    tried = engine.rehearse(lambda trial: trial.put(NOBODY, client=ME, at=NIGHT))
    assert "protocol_unproved" in [each.what for each in tried.happened.happenings]
    assert engine.check(client=ME) == ()


def test_a_story_that_names_its_providers_is_refused_before_it_begins_where_nobody_would_answer() -> None:
    story = STORY.evolve(start=STORY.start.evolve(providers=ONE))
    with pytest.raises(DocumentError, match="single_provider"):
        run_story(story)
    accepted = {each.id: {"single_provider": "one carrier until the spring"} for each in STORY.start.protocols}
    assert run_story(story.evolve(start=story.start.evolve(accepted_findings=accepted))).broken == ()


def test_a_story_that_says_nothing_of_providers_is_played_all_the_same() -> None:
    assert run_story(STORY.evolve(start=STORY.start.evolve(providers={}))).broken == ()


@pytest.mark.parametrize("name", shipped_stories())
def test_the_protocols_of_the_stories_that_come_along_can_be_relied_on(name: str) -> None:
    start = load_story(name).start
    assert bool(start.providers) == bool(start.protocols)
    assert start.accepted_findings == {}
