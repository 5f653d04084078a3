"""The engine as a host meets it: plugins by name, a store of its own, lines, taking everything along."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Engine, NotFound, PluginError, PrintingDeliverer, Receipt, RecoveryHooks, Rule, Settings, StoreError, hookimpl
from recoverycore.directory import lines_to_show
from recoverycore.engine import offers
from recoverycore.engine.stores import MemoryStore
from recoverycore.escalation import CodeWord
from recoverycore.ground import ManualClock
from recoverycore.risk import Signal
from tests.engine.clinic import CALL, ME, MINUTE, NIGHT, STORY, Deliverer, call, clinic, rows, settings, told

if TYPE_CHECKING:
    from pathlib import Path


def test_the_lines_of_two_countries_come_from_plugins_by_name() -> None:
    engine = clinic([Deliverer(), "us", "gb"])
    found = engine.lines(client=ME, at=NIGHT).to_dict()
    assert {"gb-shout", "gb-samaritans"} <= {*found["open"], *found["not_offered"]}
    assert not any(each.startswith("us-") for each in found["open"])


def test_without_any_plugin_the_floor_is_there() -> None:
    found = clinic([]).lines(client=ME, at=NIGHT).to_dict()
    assert (found["open"], found["floor"]) == ([], ["floor.emergency"])


def test_what_a_look_at_the_lines_gives_can_be_shown_with_the_number_of_the_country_first() -> None:
    found = clinic([Deliverer(), "gb"]).lines(client=ME, at=NIGHT)
    shown = lines_to_show(found.entries, region=found.region, service_kind="crisis_line", at=NIGHT)
    assert (found.region, shown[0].entry.id) == ("GB", "gb-emergency")
    assert {each.entry.id for each in found.answer.primary} <= {each.entry.id for each in shown}


def test_a_client_elsewhere_is_looked_up_where_they_are() -> None:
    engine = clinic([])
    engine.put(STORY.start.client.evolve(jurisdiction="GB-KEN"), at=NIGHT)
    assert engine.lines(client=ME, at=NIGHT).region == "GB-KEN"


def test_a_plugin_that_hangs_costs_its_time_and_no_more() -> None:
    class Slow(RecoveryHooks):
        @hookimpl
        def recovery_contribute_directories(self, region: str) -> Any:  # noqa: ARG002 - the hook's own signature
            from time import sleep

            sleep(5)

    engine = clinic([Deliverer(), Slow()], look_up_within=timedelta(milliseconds=50))
    call(engine)
    assert [row["status"] for row in rows(engine, "plugin_error")] == ["timeout"]
    assert rows(engine, "offer")


def test_a_call_is_heard_whatever_a_plugin_calls_its_lines() -> None:
    class Odd(RecoveryHooks):
        @hookimpl
        def recovery_contribute_directories(self, region: str) -> Any:  # noqa: ARG002 - the hook's own signature
            return [{"id": "\ud800"}]

    engine = clinic([Deliverer(), Odd()])
    call(engine)
    assert [(row["code"], row["plugin"]) for row in rows(engine, "entry_left_out")] == [("invalid", "Odd")]
    assert rows(engine, "offer")


def test_of_a_plugin_with_thousands_of_wrong_lines_the_record_holds_a_few_and_the_number_of_the_others() -> None:
    def wrong(name: str, count: int) -> RecoveryHooks:
        class Wrong(RecoveryHooks):
            recoverycore_name = name

            @hookimpl
            def recovery_contribute_directories(self, region: str) -> Any:  # noqa: ARG002 - the hook's own signature
                return [{"id": f"{name}-{place}"} for place in range(count)]

        return Wrong()

    engine = clinic([Deliverer(), wrong("many", 2_000), wrong("few", offers.MOST_NOTED)])
    call(engine)
    assert Counter(row["plugin"] for row in rows(engine, "entry_left_out")) == {"many": offers.MOST_NOTED, "few": offers.MOST_NOTED}
    assert [(row["plugin"], row["count"]) for row in rows(engine, "more_left_out")] == [("many", 2_000 - offers.MOST_NOTED)]
    assert rows(engine, "offer")


def test_a_call_is_heard_also_where_nothing_can_be_offered(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise OverflowError(ME)

    monkeypatch.setattr(offers, "directory_lookup", broken)
    engine = clinic([Deliverer()])
    run = call(engine)
    assert [(row["run"], row["error"]) for row in rows(engine, "offer_failed")] == [(run, "OverflowError")]
    assert told(engine)
    assert ME not in caplog.text


def test_what_is_wrong_with_plugins_is_told_before_there_is_an_engine(tmp_path: Path) -> None:
    with pytest.raises(PluginError) as caught:
        Engine.open(tmp_path / "clinic.db", ["uss", Deliverer(), Deliverer()])
    assert {each.name for each in caught.value.problems} == {"plugin_unknown", "plugin_duplicate"}
    assert list(tmp_path.iterdir()) == []


class Provider(RecoveryHooks):
    """Provides a store in memory."""

    def __init__(self) -> None:
        self.store = MemoryStore()

    @hookimpl
    def recovery_provide_store(self, settings: Any) -> object:  # noqa: ARG002 - the hook's own signature
        """The one it has."""
        return self.store


def test_a_plugin_may_provide_the_store() -> None:
    provider = Provider()
    engine = Engine.open(None, [provider], settings=Settings(code_word_key=b"k" * 32))
    engine.put(STORY.start.client, at=NIGHT)
    with provider.store.unit() as unit:
        assert [each.id for each in unit.all("client")] == [ME]


def test_a_store_of_its_own_needs_a_key_from_the_host() -> None:
    with pytest.raises(StoreError) as caught:
        Engine.open(None, [Provider()])
    assert caught.value.name == "code_word_key_needed"


def test_without_a_file_and_without_a_provider_there_is_an_error() -> None:
    with pytest.raises(PluginError) as caught:
        Engine.open(None, [Deliverer()], settings=Settings(code_word_key=b"k" * 32))
    assert caught.value.name == "provider_missing"


def test_printing_says_whom_a_message_goes_to_and_never_what() -> None:
    stream = StringIO()
    engine = clinic([PrintingDeliverer(stream)])
    call(engine)
    assert stream.getvalue() == "to peer_ade by voice: ask, class C0\n"


def test_everything_travels_as_json_but_code_words(tmp_path: Path) -> None:
    engine = clinic()
    call(engine)
    data = json.loads(json.dumps(engine.export()))
    other = Engine.open(tmp_path / "other.db", [Deliverer()], settings=settings(), clock=ManualClock(NIGHT))
    assert other.import_(data) == (ME,)
    assert other.kept(CodeWord, client=ME) == ()
    assert other.export() == {**data, "code_words_to_enter_again": []}
    other.tick(NIGHT + 5 * MINUTE)
    engine.tick(NIGHT + 5 * MINUTE)
    assert other.runs(client=ME) == engine.runs(client=ME)
    other.close()


def test_an_import_into_a_store_that_holds_something_changes_nothing() -> None:
    engine, data = clinic(), clinic().export()
    before = engine.export()
    with pytest.raises(StoreError) as caught:
        engine.import_(data)
    assert caught.value.name == "import_not_empty"
    assert engine.export() == before


def test_the_clock_is_asked_only_where_no_instant_is_given() -> None:
    clock = ManualClock(NIGHT)
    engine = Engine.in_memory([Deliverer()], settings=settings(), clock=clock)
    start = STORY.start
    for document in (start.programme, start.client, *start.protocols, *start.rules):
        engine.put(document)
    engine.put(start.team, client=ME)
    engine.put(start.code_words[0], client=ME)
    engine.receive(client=ME, text=CALL, via="sms", message_id="m")
    assert engine.next_due() == NIGHT + 5 * MINUTE
    clock.advance(5 * MINUTE)
    assert engine.tick() == 1


def test_a_duress_word_sets_the_chain_going_and_offers_nothing_to_see() -> None:
    engine = clinic()
    word = STORY.start.code_words[0].evolve(meaning="duress")
    engine.put(word, client=ME, at=NIGHT)
    run = call(engine)
    assert rows(engine, "offer") == []
    assert [state.silent for state in engine.runs(client=ME) if state.run == run] == [True]


def test_a_decoy_starts_nothing_and_somebody_looks() -> None:
    engine = clinic()
    engine.put(STORY.start.code_words[0].evolve(meaning="decoy"), client=ME, at=NIGHT)
    assert engine.receive(client=ME, text=CALL, via="sms", message_id="m", at=NIGHT).run is None
    assert [row["kind"] for row in rows(engine, "obligation")] == ["safety_check"]


def test_a_code_word_that_no_rule_answers_is_not_lost() -> None:
    engine = Engine.in_memory([Deliverer()], settings=settings(), clock=ManualClock(NIGHT))
    for document in (STORY.start.programme, STORY.start.client):
        engine.put(document, at=NIGHT)
    engine.put(STORY.start.code_words[0], client=ME, at=NIGHT)
    assert engine.receive(client=ME, text=CALL, via="sms", message_id="m", at=NIGHT).run is None
    assert [row["kind"] for row in rows(engine, "obligation")] == ["safety_check"]


def test_a_shift_that_changes_while_somebody_is_awaited_is_seen_at_once() -> None:
    engine = clinic()
    run = call(engine)
    team = STORY.start.team
    engine.put(team.evolve(roster=tuple(shift for shift in team.roster if shift.role != "peer")), client=ME, at=NIGHT)
    engine.tick(NIGHT + 5 * MINUTE)
    assert "cm_quinn" in {row["to"] for row in rows(engine, "message")}
    assert next(state for state in engine.runs(client=ME) if state.run == run).status == "open"


def test_looking_is_not_asking() -> None:
    engine = clinic()
    before = engine.export()
    seen = engine.may_see(client=ME, who="friend_bea", sees=["contact", "goals"], why="crisis", at=NIGHT)
    assert (seen["released"], seen["withheld"], seen["because"]) == (["contact"], ["goals"], ["c2"])
    assert engine.export() == before


def test_a_decision_to_explain_is_the_one_that_asking_comes_to_and_is_not_recorded() -> None:
    engine = clinic()
    before = engine.export()
    found = engine.decision(client=ME, who="friend_bea", sees=["contact", "goals"], why="crisis", at=NIGHT)
    assert engine.export() == before
    assert (found.requester_view, found.withheld, found.basis) == ('{"released": ["contact"]}', ("goals",), "c2")
    asked = engine.ask(client=ME, who="friend_bea", sees=["contact", "goals"], why="crisis", at=NIGHT).facts
    assert (asked["released"], asked["because"]) == (list(found.released), [found.basis])


def test_a_decision_about_somebody_nobody_knows_is_an_error() -> None:
    with pytest.raises(NotFound) as caught:
        clinic().decision(client="nobody", who="friend_bea", sees=["contact"], why="crisis", at=NIGHT)
    assert caught.value.name == "unknown_client"


def test_a_refusal_is_recorded_without_what_was_asked_for() -> None:
    engine = clinic()
    answer = engine.ask(client=ME, who="stranger", sees=["goals"], why="crisis", at=NIGHT).facts
    assert answer["released"] == []
    assert rows(engine, "disclosure_refused")[0]["who"] == "stranger"


def test_a_run_that_cannot_go_on_keeps_no_other_from_going_on(caplog: pytest.LogCaptureFixture) -> None:
    engine = clinic()
    run = call(engine)
    go_now = engine.report(client=ME, kind="go_now_signal", at=NIGHT).run
    store = vars(engine)["_shell"].store
    with store.unit() as unit:
        kept = unit.get("run", go_now)
        unit.put("run", go_now, {"client": "damaged"}, kept.rev)
    engine.tick(NIGHT + 5 * MINUTE)
    assert [row["run"] for row in rows(engine, "clock_failed")] == [go_now]
    assert "cm_quinn" in {row["to"] for row in rows(engine, "message") if row["run"] == run}
    assert "the clock of" in caplog.text
    assert engine.next_due() == NIGHT + 6 * MINUTE


def test_a_notice_is_told_once_and_starts_nothing() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    tell = [{"role": "case_manager"}, {"person": "cm_quinn"}, {"person": "friend_bea"}, {"role": "clinician"}]
    rule = {"id": "r_slip", "when": {"event": "slip"}, "tell": tell, "categories": ["sud_treatment"]}
    engine.put(Rule.model_validate(rule), at=NIGHT)
    engine.report(client=ME, kind="slip", by=ME, at=NIGHT, command_id="slip-1")
    engine.report(client=ME, kind="slip", by=ME, at=NIGHT, command_id="slip-1")
    assert [(message.to, message.content_class, message.why) for message in deliverer.seen] == [("cm_quinn", "C0", "r_slip")]
    assert rows(engine, "message")[0]["categories"] == ["sud_treatment"]
    assert engine.runs(client=ME) == ()
    assert [row["to"] for row in rows(engine, "not_permitted")] == ["friend_bea"]
    assert [row["role"] for row in rows(engine, "nobody_on_duty")] == ["clinician"]


def test_a_notice_that_cannot_be_delivered_goes_by_the_next_channel() -> None:
    deliverer = Deliverer(lambda message: Receipt("handed_over" if message.channel == "app" else "failed_permanent"))
    engine = clinic([deliverer])
    rule = {"id": "r", "when": {"event": "slip"}, "tell": [{"person": "cm_quinn"}], "categories": ["sud_treatment"]}
    engine.put(Rule.model_validate(rule), at=NIGHT)
    engine.report(client=ME, kind="slip", by=ME, at=NIGHT)
    assert [(message.channel, message.content_class) for message in deliverer.seen] == [("voice", "C0"), ("sms", "C0"), ("app", "C2")]
    assert len(set(deliverer.keys)) == 3


def test_a_notice_holds_what_consent_permits_when_it_goes() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    rule = {"id": "r", "when": {"event": "slip"}, "tell": [{"person": "cm_quinn"}], "categories": ["goals"], "channels": ["app"]}
    engine.put(Rule.model_validate(rule), at=NIGHT)
    engine.report(client=ME, kind="slip", by=ME, at=NIGHT)
    assert [(message.content_class, message.categories) for message in deliverer.seen] == [("C2", ("goals",))]


def test_what_was_reported_by_mistake_is_taken_back_and_never_erased() -> None:
    engine = clinic()
    engine.report(client=ME, kind="go_now_signal", by="peer_ade", at=NIGHT, command_id="mistake")
    back = engine.retract("mistake", client=ME, by="oncall", reason="meant for somebody else", at=NIGHT + MINUTE)
    assert "run_opened" in {row["what"] for row in back.facts["caused"]}
    signal = engine.get(Signal, "mistake", client=ME)
    assert signal is not None
    assert (signal.recorded_at, signal.retracted_at, signal.retracted_by) == (NIGHT, NIGHT + MINUTE, "oncall")
    assert [state.status for state in engine.runs(client=ME)] == ["open"]


def test_what_nobody_reported_cannot_be_taken_back() -> None:
    with pytest.raises(NotFound) as caught:
        clinic().retract("nothing", client=ME, by="oncall", reason="none", at=NIGHT)
    assert caught.value.name == "unknown_signal"


@pytest.mark.parametrize(
    ("by", "source"), [(ME, "self"), ("peer_ade", "peer"), ("friend_bea", "supporter"), ("cn_shah", "staff"), (None, "staff")]
)
def test_who_says_it_is_kept_with_a_signal(by: str | None, source: str) -> None:
    engine = clinic()
    engine.report(client=ME, kind="craving", by=by, at=NIGHT, observed_at=NIGHT - MINUTE, command_id="s")
    signal = engine.get(Signal, "s", client=ME)
    assert signal is not None
    assert (signal.source, signal.observed_at, signal.recorded_at) == (source, NIGHT - MINUTE, NIGHT)
