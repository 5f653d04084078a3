"""A plugin held to its contracts from a terminal: what is kept, what is broken, and what cannot be held to anything."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.engine.stores import MemoryStore, SqliteStore
from recoverycore.ground import Document
from recoverycore.hooks import Receipt, RecoveryHooks, hookimpl
from recoverycore.testing.plugins.holding import held, main

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


class Settings(Document):
    channel: str


class Pager(RecoveryHooks):
    recoverycore_settings = Settings

    def __init__(self, settings: Settings) -> None:
        self.channel = settings.channel

    @hookimpl
    def recovery_deliver_message(self, message: Any) -> Receipt | None:
        return Receipt("accepted") if message.channel == self.channel else None


class Keeps(RecoveryHooks):
    def __init__(self, settings: Any) -> None:
        """It has none."""

    @hookimpl
    def recovery_provide_store(self, settings: Any) -> Any:
        return SqliteStore(f"{settings['folder']}/clinic.db") if "folder" in settings else MemoryStore()


class Ear(RecoveryHooks):
    @hookimpl
    def recovery_on_tick(self) -> None: ...


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """This file, as something that can be imported by name."""
    here = sys.modules[__name__]
    monkeypatch.setattr(here, "ear", Ear(), raising=False)
    monkeypatch.setitem(sys.modules, "mine", here)
    return here


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["mine:Pager", "--settings", '{"channel": "sms"}', "--channel", "sms", "--claim", "works_offline"], 0, "NotifierContract: kept"),
        (["mine:Pager", "--settings", '{"channel": "sms"}', "--channel", "voice"], 1, "voice: it says that the channel is not its own"),
        (["mine:Pager"], 2, "/channel: RC1"),
        (["mine:Pager", "--settings", '{"channel": "sms"}'], 2, "/channel: RC1"),
        (["recoverycore_us:plugin"], 2, "/region: RC1"),
        (["mine:Pager", "--settings", "[]"], 2, "/settings: RC"),
        (["mine:Pager", "--settings", '{"channel": "sms"}', "--claim", "works_ofline"], 2, "works_offline"),
        (["mine:Keeps"], 0, "StoreContract: kept"),
        (["mine:Keeps", "--store-settings", '{"folder": "{new}"}', "--claim", "lasting"], 0, "StoreContract: kept"),
        (["mine:Keeps", "--claim", "lasting"], 1, "it claims to be lasting"),
        (["mine:ear"], 0, "No hook of this plugin has a contract"),
        (["mine:nothing"], 2, "RC9001"),
        (["no.such.module:plugin"], 2, "ModuleNotFoundError"),
        (["recoverycore_us:plugin", "--region", "US"], 0, "CrisisLinesContract: kept"),
        (["recoverycore_eu:plugin", "--claim", "permits_without_consent"], 0, "JurisdictionContract: kept"),
    ],
)
def test_a_plugin_is_held_to_the_contracts_of_its_hooks(words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == code
    assert said in capsys.readouterr().out


class Lines(RecoveryHooks):
    """Answers for its lines whatever it is made with; raises it where that is an error."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:  # noqa: ARG002 - the hook's own signature
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [SystemExit(0), GeneratorExit(), RuntimeError("bluebird-7731"), {"a": 1}, [{"id": "\ud800"}], 7],
    ids=["exits", "ends", "raises", "no list", "half a pair", "a number"],
)
def test_a_plugin_that_misbehaves_is_broken_in_a_sentence_and_never_kept(
    answer: Any, module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "lines", Lines(answer), raising=False)
    assert main(["mine:lines", "--region", "US"]) == 1
    said = capsys.readouterr().out
    assert "CrisisLinesContract: " in said
    assert " broken\n" in said
    assert "bluebird" not in said
    said.encode()


def test_a_plugin_that_ends_the_program_while_it_is_made_cannot_be_held_to_anything(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leaves(_: Any) -> None:
        raise SystemExit(0)

    monkeypatch.setattr(module, "leaves", leaves, raising=False)
    assert main(["mine:leaves"]) == 2
    assert "SystemExit" in capsys.readouterr().out


NIGHT_LINE = """
region: GB
entries:
  - {id: night-line, name: Example night line, service_kinds: [warm_line], region: GB, verified_on: 2026-10-20, source: its operator,
     channels: [{id: call, type: voice, languages: [en], reach: {kind: e164, value: +441632960001}, hours: always}]}
"""
CODE = """
from recoverycore import Receipt, hookimpl
recoverycore_api = 1
@hookimpl
def recovery_deliver_message(message, key):
    return Receipt("accepted") if message.channel == "sms" else None
"""


RULE = """
region: GB
documents:
  - {id: kent.word, kind: rule, region: GB, source: the county, verified_on: 2026-10-20,
     data: {id: word, when: {event: code_word}, level: 3, protocol: night_call}}
"""
HANGS = CODE.replace("recoverycore_api", "import time\n# at once\nrecoverycore_api").replace("    return", "    # when called\n    return")
FILES: dict[str, str] = {
    "night.yaml": NIGHT_LINE,
    "misspelt.yaml": NIGHT_LINE.replace("region: GB", "regoin: GB", 1),
    "night.py": CODE,
}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["night.yaml", "--region", "GB"], 1, "no emergency number of the country"),
        (["night.yaml", "--region", "GB", "--beside", "gb"], 0, "CrisisLinesContract: kept"),
        (["night.yaml", "--region", "GB", "--beside", "bg.no"], 2, "/beside/0: RC9001"),
        (["night.yaml", "--region", "GB", "--beside", "gb", "--beside", "xy"], 2, "/beside/1: RC9001"),
        (["night.yaml", "--region", "GB", "--beside", "xy"], 2, "pip install recoverycore-xy"),
        (["night.yaml", "--region", "GB", "--day-and-night", "warm_line"], 1, "no emergency number"),
        (["night.yaml", "--region", "GB", "--beside", "gb", "--day-and-night", "warm_line"], 0, "CrisisLinesContract: kept"),
        (["night.yaml", "--region", "GB", "--beside", "gb", "--day-and-night", "chat"], 1, "nobody of the kind chat is known to answer"),
        (["misspelt.yaml", "--region", "GB"], 2, "/file"),
        (["night.py", "--channel", "sms", "--claim", "works_offline"], 0, "NotifierContract: kept"),
        (["night.py", "--channel", "sms", "--settings", '{"number": "1"}'], 2, "/settings: RC9016"),
        (["none.yaml"], 2, "RC9001"),
    ],
)
def test_a_file_is_held_as_the_plugin_that_it_is(
    words: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert main([str(tmp_path / words[0]), *words[1:]]) == code
    assert said in capsys.readouterr().out


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("day_and_night", "--day-and-night KIND"),
        ("beside", "--beside PLUGIN"),
        ("protocols_elsewhere", "--protocol-elsewhere ID"),
        ("accepted_findings", "class of tests"),
    ],
)
def test_what_is_claimed_elsewhere_is_told_where(claim: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mine:ear", "--claim", claim]) == 2
    assert said in capsys.readouterr().out


def test_a_protocol_from_elsewhere_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "word.yaml").write_text(RULE, "utf-8")
    words = [str(tmp_path / "word.yaml"), "--region", "GB"]
    assert main(words) == 1
    assert "night_call" in capsys.readouterr().out
    assert main([*words, "--protocol-elsewhere", "night_call"]) == 0


def test_what_an_engine_refuses_is_held_to_nothing() -> None:
    with pytest.raises(Exception, match="plugin_no_hooks"):
        held(RecoveryHooks)


def test_it_can_be_run_as_a_module() -> None:
    words = [sys.executable, "-m", "recoverycore.testing", "recoverycore_eu:plugin"]
    ended = subprocess.run(words, check=False, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "rule gdpr-9-2-h permits without consent, which is not claimed" in ended.stdout


@pytest.mark.parametrize("where", ["# at once", "# when called"])
def test_a_plugin_that_hangs_keeps_nothing_and_the_line_is_told(where: str, tmp_path: Path) -> None:
    lines = HANGS.replace(where, "time.sleep(3600)")
    (tmp_path / "hangs.py").write_text(lines, "utf-8")
    command = [sys.executable, "-m", "recoverycore.testing", "hangs.py", "--channel", "sms", "--within", "2"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert f'hangs.py", line {1 + next(place for place, line in enumerate(lines.splitlines()) if "3600" in line)} ' in done.stderr


class Asks(RecoveryHooks):
    """A gateway that asks for a name on the network before it says that it sent, and has no stand-in for that."""

    asked = 0

    @hookimpl
    def recovery_deliver_message(self, message: Any) -> Receipt | None:
        if message.channel != "sms":
            return None
        socket.getaddrinfo("127.0.0.1", 9)
        Asks.asked += 1
        return Receipt("accepted")


def asks(_: Any) -> Asks:
    return Asks()


@pytest.mark.usefixtures("module")
def test_whoever_holds_a_deliverer_is_told_before_it_is_called_that_what_it_sends_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told_before = []
    monkeypatch.setattr("recoverycore.testing.plugins.holding.held", lambda *_, **__: told_before.append(capsys.readouterr().err) or [])
    main(["mine:asks", "--channel", "sms"])
    assert "what it sends is sent" in told_before[0]
    assert "never your live gateway" in told_before[0]
    assert "with the network open but for one rule" in told_before[0]


@pytest.mark.usefixtures("module")
def test_nobody_is_warned_of_a_plugin_that_delivers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    main(["mine:Keeps"])
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("module")
def test_who_claims_to_do_without_a_network_is_held_without_one(capsys: pytest.CaptureFixture[str]) -> None:
    Asks.asked = 0
    assert main(["mine:asks", "--channel", "sms", "--claim", "works_offline"]) == 1
    said = capsys.readouterr()
    assert Asks.asked == 0
    assert "NetworkRefused" in said.out
    assert "with the network closed" in said.err


@pytest.mark.usefixtures("module")
def test_who_claims_no_such_thing_has_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    """The control of the test above."""
    Asks.asked = 0
    main(["mine:asks", "--channel", "sms"])
    assert Asks.asked > 10
    assert capsys.readouterr().out
