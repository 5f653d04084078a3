"""The way out: at least once, always under the same key, and no plugin that fails ever stops the chain."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Engine, OutgoingMessage, Receipt, RecoveryHooks, hookimpl
from recoverycore.ground import ManualClock
from tests.engine.clinic import ME, MINUTE, NIGHT, STORY, Deliverer, call, clinic, misbehave, rows, settings, told

if TYPE_CHECKING:
    from pathlib import Path

    from recoverycore.hooks import ProblemReport

BROKEN = ["raises", "exits", "hangs", "rubbish", "coroutine"]
SHORT = timedelta(milliseconds=150)


class Watch(RecoveryHooks):
    """Remembers what is told of plugins."""

    def __init__(self) -> None:
        self.heard: list[ProblemReport] = []

    @hookimpl
    def recovery_on_problem(self, problem: ProblemReport) -> None:
        """Remember it."""
        self.heard.append(problem)


def by(channel: str, receipt: Receipt | None) -> Any:
    return lambda message: receipt if message.channel == channel else Receipt("handed_over")


@pytest.mark.parametrize("how", BROKEN)
def test_a_deliverer_that_breaks_stops_nobody_and_is_told_by_name(how: str) -> None:
    good, watch = Deliverer(), Watch()
    engine = clinic([Deliverer(lambda _: misbehave(how), "broken"), good, watch], deliver_within=SHORT)
    call(engine)
    assert [message.to for message in good.seen] == ["peer_ade"]
    assert {(report.hook, report.plugin) for report in watch.heard} == {("recovery_deliver_message", "broken")}
    assert {row["plugin"] for row in rows(engine, "plugin_error")} == {"broken"}
    assert "canary" not in str(engine.timeline().to_rows()) + str(watch.heard)


@pytest.mark.parametrize("how", BROKEN)
def test_with_only_a_broken_deliverer_the_clocks_of_the_chain_still_run(how: str) -> None:
    engine = clinic([Deliverer(lambda _: misbehave(how), "broken")], deliver_within=SHORT)
    run = call(engine)
    for minute in range(1, 31):
        engine.tick(NIGHT + minute * MINUTE)
    state = next(state for state in engine.runs(client=ME) if state.run == run)
    assert state.status == "exhausted"
    assert rows(engine, "terminal") == [row for row in rows(engine, "terminal") if row["phase"] == "final"] != []
    assert {to for to, _ in told(engine)} >= {"peer_ade", "cm_quinn", "oncall", "lead_noor"}


def test_a_deliverer_that_says_nothing_is_no_success_and_the_next_channel_follows_at_once() -> None:
    engine = clinic([Deliverer(by("voice", None))])
    call(engine)
    assert told(engine)[:2] == [("peer_ade", "voice"), ("peer_ade", "sms")]
    assert rows(engine, "nobody_delivers")[0]["channel"] == "voice"


def test_a_provider_that_gives_up_is_followed_by_the_next_channel_at_once() -> None:
    engine = clinic([Deliverer(by("voice", Receipt("failed_permanent")))])
    call(engine)
    assert told(engine) == [("peer_ade", "voice"), ("peer_ade", "sms")]


def test_what_failed_for_now_is_tried_again_later_under_the_same_key() -> None:
    answers = iter([Receipt("failed_transient"), Receipt("handed_over")])
    deliverer = Deliverer(lambda _: next(answers))
    engine = clinic([deliverer])
    call(engine)
    engine.tick(NIGHT + timedelta(seconds=29))
    assert len(deliverer.keys) == 1
    engine.tick(NIGHT + timedelta(seconds=30))
    assert len(deliverer.keys) == 2
    assert len(set(deliverer.keys)) == 1


def test_pauses_between_tries_double_and_end_in_another_channel() -> None:
    deliverer = Deliverer(by("voice", Receipt("failed_transient")))
    engine = clinic([deliverer], tries=3)
    call(engine)
    tried = []
    for seconds in range(0, 200, 10):
        before = len(deliverer.keys)
        engine.tick(NIGHT + timedelta(seconds=seconds))
        tried += [seconds] * (len(deliverer.keys) - before)
    assert tried == [30, 90, 90]
    assert [message.channel for message in deliverer.seen] == ["voice", "voice", "voice", "sms"]


def test_whose_fate_nobody_knows_is_sent_again_under_its_key_only() -> None:
    gate = threading.Event()
    deliverer = Deliverer(lambda _: gate.wait(60))
    engine = clinic([deliverer], deliver_within=SHORT)
    call(engine)
    assert rows(engine, "not_yet_sent")[0]["status"] == "unconfirmed"
    engine.tick(NIGHT + MINUTE)
    assert len(set(deliverer.keys)) == 1 < len(deliverer.keys)
    gate.set()


def test_a_message_that_is_no_longer_wanted_when_its_turn_comes_is_not_sent() -> None:
    deliverer = Deliverer(lambda _: Receipt("failed_transient"))
    engine = clinic([deliverer])
    run = call(engine)
    engine.acknowledge(run, by="cm_quinn", at=NIGHT + timedelta(seconds=5))
    engine.tick(NIGHT + MINUTE)
    assert len(deliverer.keys) == 1


def test_consent_withdrawn_while_a_message_waits_is_looked_at_again_before_it_goes() -> None:
    texts: list[OutgoingMessage] = []

    def answer(message: OutgoingMessage) -> Receipt:
        texts.append(message)
        return Receipt("failed_transient" if len(texts) == 1 else "handed_over")

    engine = clinic([Deliverer(answer)])
    engine.put(_app_only(engine), client=ME, at=NIGHT)
    call(engine)
    assert texts[0].content_class == "C2"
    engine.put(_withdrawn(engine), client=ME, at=NIGHT + timedelta(seconds=10))
    engine.tick(NIGHT + MINUTE)
    assert [message.content_class for message in texts] == ["C2", "C0"]
    assert texts[0].key != texts[1].key
    assert texts[1].categories == ()


def test_what_an_emergency_opened_leaves_no_more_once_its_run_was_lowered() -> None:
    deliverer = Deliverer(lambda _: Receipt("failed_transient"))
    engine = clinic([deliverer], tries=20, accepted_findings={"p_code": {"unfillable_step": "to be seen here"}})
    engine.put(_app_only(engine), client=ME, at=NIGHT)
    engine.withdraw("c1", client=ME, by="client", at=NIGHT)
    engine.put(_goals_to("oncall"), client=ME, at=NIGHT)
    engine.put(_asking("on_call", purpose="crisis", categories=["safety_plan"]), at=NIGHT)
    run = call(engine)
    for minute in range(1, 11):
        engine.tick(NIGHT + minute * MINUTE)
    engine.event(run, "set_level", level=1, by="oncall", reason="calm", at=NIGHT + 10 * MINUTE)
    engine.tick(NIGHT + 11 * MINUTE)
    seen = [(message.content_class, message.categories) for message in deliverer.seen if message.to == "oncall"]
    assert seen == [("C2", ("safety_plan",)), ("C0", ())]


def _goals_to(person: str) -> Any:
    from recoverycore import Directive

    box = {"labels": "*", "categories": ["contact", "goals"], "purposes": ["care"], "recipients": [{"person": person}]}
    return Directive.model_validate({"id": "c9", "polarity": "permit", "discloser": "*", "boxes": [box]})


def _asking(step: str, **asked: Any) -> Any:
    """The story's protocol about goals, where the targets of one step are asked about something else."""
    from recoverycore.escalation import Protocol

    data = next(each for each in STORY.start.protocols if each.id == "p_code").to_data()
    steps = [{**each, "targets": [{**one, **asked} for one in each["targets"]]} if each["id"] == step else each for each in data["steps"]]
    return Protocol.model_validate({**data, "purpose": "care", "categories": ["goals"], "steps": steps})


def _app_only(engine: Engine) -> Any:
    from recoverycore import Team

    team = engine.get(Team, client=ME)
    assert team is not None
    return team.evolve(members=tuple(member.evolve(channels=("app",)) for member in team.members))


def _withdrawn(engine: Engine) -> Any:
    from recoverycore import Directive

    paper = engine.get(Directive, "c1", client=ME)
    assert paper is not None
    return Directive.model_validate({**paper.to_data(), "revocations": [{"at": "2026-11-04T22:47:05Z"}]})


def test_the_most_urgent_message_leaves_first() -> None:
    deliverer = Deliverer(lambda _: Receipt("failed_transient"))
    engine = clinic([deliverer])
    call(engine)
    engine.report(client=ME, kind="go_now_signal", at=NIGHT)
    before = len(deliverer.keys)
    engine.tick(NIGHT + MINUTE)
    assert [message.level for message in deliverer.seen[before:]] == sorted(
        (message.level for message in deliverer.seen[before:]), reverse=True
    )


def test_a_message_in_flight_when_the_process_died_goes_again_with_the_same_key(tmp_path: Path) -> None:
    def cut(_: OutgoingMessage) -> Receipt:
        raise KeyboardInterrupt

    first = Deliverer(cut)
    engine = clinic([first], path=tmp_path / "clinic.db", deliver_within=None)
    with pytest.raises(KeyboardInterrupt):
        call(engine)
    engine.close()
    second = Deliverer()
    with Engine.open(tmp_path / "clinic.db", [second], settings=settings(), clock=ManualClock(NIGHT)) as again:
        again.tick(NIGHT)
    assert second.keys == first.keys


def test_every_link_of_the_record_is_told_once_to_who_listens() -> None:
    class Listener(RecoveryHooks):
        def __init__(self) -> None:
            self.heard: list[int] = []

        @hookimpl
        def recovery_on_audit(self, entry: Any) -> None:
            self.heard.append(entry.seq)

    listener = Listener()
    engine = clinic([Deliverer(), listener])
    call(engine)
    assert listener.heard == list(range(1, len(engine.timeline().to_rows()) + 1))


def test_a_message_whose_run_is_damaged_keeps_no_other_back() -> None:
    deliverer = Deliverer(lambda _: Receipt("failed_transient"))
    engine = clinic([deliverer])
    run = call(engine)
    go_now = engine.report(client=ME, kind="go_now_signal", at=NIGHT).run
    assert go_now is not None
    store = vars(engine)["_shell"].store
    with store.unit() as unit:
        unit.put("run", go_now, {"client": "damaged"}, unit.get("run", go_now).rev)
    deliverer.answer = lambda _: Receipt("handed_over")
    engine.deliver(NIGHT + MINUTE)
    assert {message.run for message in deliverer.seen[-1:]} == {run}
    assert {row["run"] for row in rows(engine, "message_failed")} == {go_now}
