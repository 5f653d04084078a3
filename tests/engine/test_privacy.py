"""A canary in every field that somebody's own words may stand in: it shows nowhere but where it was asked for."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Client, Engine, RecoveryError, Sensitive, Settings
from recoverycore.engine.documents import KINDS, OF_A_CLIENT, SINGLE
from recoverycore.escalation import CodeWord, code_word_digest
from recoverycore.ground import ManualClock
from recoverycore.plans import Use
from recoverycore.testing.stories import Player, load_story, story_from
from tests.engine.clinic import ME, MINUTE, NIGHT, Deliverer, call, clinic

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "CanaryYellow"
WORD = ("canary", "song")
KEY = b"k" * 32


def planted() -> dict[str, Any]:
    """The story's start with a canary wherever words may stand."""
    start: dict[str, Any] = load_story("monique").to_data()
    _plant(start["start"]["plans"])
    start["start"]["client"]["chosen_name"] = CANARY
    start["start"]["client"]["identifiers"] = [{"system": "ehr", "value": CANARY}]
    start["start"]["windows"][0]["label"] = CANARY
    start["start"]["code_word_key"] = KEY.hex()
    start["start"]["code_words"] = [{"id": "cw", "meaning": "help", "words": 2, "digest": code_word_digest(KEY, WORD)}]
    for step in start["steps"]:
        for act in step.get("do", ()):
            if act["act"] == "receive":
                act["text"] = f"{CANARY}, is the canary song on?"
            if "reason" in act:
                act["reason"] = CANARY
    return start


def _plant(value: Any) -> None:
    if isinstance(value, dict):
        for key in ("words", "reason", "label", "not_applicable", "note"):
            if isinstance(value.get(key), str):
                value[key] = CANARY
        for inner in value.values():
            _plant(inner)
    elif isinstance(value, list):
        for inner in value:
            _plant(inner)


def seen_in(*things: object) -> list[str]:
    """The texts of `things` in which the canary shows, however it is asked for."""
    ways = (str, repr, "{}".format, "{!r}".format, "%s".__mod__)
    return [text for thing in things for way in ways if "canary" in (text := way((thing,) if way is ways[4] else thing)).lower()]


def everything(engine: Engine) -> list[object]:
    """What a host can hold in its hands of an engine."""
    kept = [document for name, kind in KINDS.items() if name not in SINGLE for document in engine.kept(kind, client=_whose(name))]
    return [engine, *kept, *engine.runs(client=ME), *engine.obligations(client=ME), engine.owed(client=ME), engine.clocks(client=ME)]


def _whose(kind: str) -> str | None:
    return ME if kind in OF_A_CLIENT else None


def test_a_canary_shows_in_no_repr_log_or_record(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    player = Player(story_from(planted(), text_only=False), tmp_path / "clinic.db")
    for step in player.story.steps:
        player.play(step)
    engine = player.engine
    assert seen_in(*everything(engine), player.story, *player.recorder.messages) == []
    assert "canary" not in caplog.text.lower()
    timeline = [row for row in engine.timeline().to_rows() if row["what"] != "plan_revised"]
    assert "canary" not in str(timeline).lower()
    assert "canary" not in (engine.timeline().to_html() + engine.timeline().to_svg()).lower()
    assert all("canary" not in str(engine.why(state.run)).lower() for state in engine.runs(client=ME))
    engine.close()


def test_a_code_word_is_in_no_file_and_no_export_and_its_key_not_in_the_database(tmp_path: Path) -> None:
    player = Player(story_from(planted(), text_only=False), tmp_path / "clinic.db")
    for step in player.story.steps:
        player.play(step)
    exported = str(player.engine.export()).lower()
    digest = code_word_digest(KEY, WORD)
    player.engine.close()
    files = b"".join(file.read_bytes() for file in sorted(tmp_path.iterdir())).lower()
    assert b"canary song" not in files
    assert b"canarysong" not in files
    assert KEY.hex().encode() not in files
    assert "canary song" not in exported
    assert digest not in exported


def test_a_message_tells_the_name_only_from_its_class_on() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    client = engine.get(Client, ME)
    assert client is not None
    engine.put(client.evolve(chosen_name=CANARY), at=NIGHT)
    run = call(engine)
    engine.event(run, "un_ack", by="peer_ade", at=NIGHT + MINUTE)
    assert deliverer.seen
    assert all(CANARY not in message.text.reveal() for message in deliverer.seen if message.content_class == "C0")
    assert all(message.client_ref is None for message in deliverer.seen if message.content_class == "C0")


def test_a_text_that_says_more_than_its_class_may_is_replaced() -> None:
    from recoverycore.engine import Texts

    deliverer = Deliverer()
    engine = clinic([deliverer], texts=Texts(c0="Crisis at the clinic, reference {reference}"))
    call(engine)
    assert deliverer.seen[0].text.reveal().startswith("Reference ")
    assert any(row["what"] == "text_replaced" for row in engine.timeline().to_rows())


ERRORS: dict[str, Any] = {
    "a document": lambda _: Client.model_validate({"id": "c", "zone": CANARY, "chosen_name": 7, CANARY: CANARY}),
    "a code word": lambda _: CodeWord.model_validate({"id": "w", "digest": CANARY, "words": 0, "meaning": CANARY}),
    "a use": lambda _: Use.model_validate({"entry": "e", "status": CANARY, "at": CANARY, "by": "x"}),
    "an event": lambda engine: engine.event(call(engine), CANARY, reason=CANARY, at=NIGHT),
    "an unknown client": lambda engine: engine.receive(client=CANARY, text=Sensitive(CANARY), via="sms", message_id="m", at=NIGHT),
    "an unknown run": lambda engine: engine.acknowledge(CANARY, by=CANARY, at=NIGHT),
    "an unknown obligation": lambda engine: engine.discharge(CANARY, client=ME, by=CANARY, at=NIGHT),
}


@pytest.mark.parametrize("case", ERRORS)
def test_a_canary_shows_in_no_error_and_no_traceback(case: str) -> None:
    engine = clinic()
    with pytest.raises(RecoveryError) as caught:
        ERRORS[case](engine)
    error = caught.value
    told = "".join(traceback.format_exception(error))
    lines = [line for line in told.splitlines() if not line.startswith(" ")]  # the others are this file's own text
    assert seen_in(error, *error.args, *error.problems, lines, error.__cause__, error.__context__) == []


def test_the_settings_and_keys_of_an_engine_show_nothing(tmp_path: Path) -> None:
    settings = Settings(code_word_key=CANARY.encode() * 3, code_word_keys={ME: CANARY.encode()})
    with Engine.open(tmp_path / "clinic.db", settings=settings, clock=ManualClock(NIGHT)) as engine:
        assert seen_in(settings, engine, vars(engine)["_shell"]) == []
