"""What a plugin gives and nobody would be offered is named by `Engine.check`, before the hour of need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Engine, RecoveryHooks, hookimpl
from recoverycore.directory import DirectoryEntry
from recoverycore.people import Client
from tests.engine.clinic import ME, NIGHT, clinic

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CANARY = "bluebird-7731"
LINE: dict[str, Any] = {
    "id": "night-line",
    "name": "Example County night line",
    "service_kinds": ["crisis_line"],
    "region": "GB-KEN",
    "channels": [{"id": "call", "type": "voice", "reach": {"kind": "e164", "value": "+441632960001"}, "hours": "always"}],
    "verified_on": "2026-10-20",
}
SLIP = {**LINE, "channels": [{**LINE["channels"][0], "hours": [{"form": "18:00", "to": "06:00", "canary": CANARY}]}]}


class Town(RecoveryHooks):
    """Lines in code, as a town writes them."""

    def __init__(self, answer: Callable[[str], Any], name: str = "town") -> None:
        self.recoverycore_name = name
        self.answer = answer

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:
        return self.answer(region) if region.startswith("GB") else None


def checked(*plugins: object) -> list[tuple[str, str, str, str | None]]:
    with clinic(plugins) as engine:
        return [(each.name, each.path, each.detail, each.did_you_mean) for each in engine.check(client=ME)]


def test_lines_that_are_well_are_no_finding() -> None:
    assert checked(Town(lambda region: [{**LINE, "region": region}])) == []


def test_a_slip_in_an_entry_is_named_with_its_plugin_its_line_and_its_place() -> None:
    found = checked(Town(lambda _: [SLIP]))
    assert ("line_left_out", "/lines/night-line/channels/0/hours/0/?", "town: invalid, RC1002 unknown_field", "from") in found


def test_an_entry_without_an_id_has_no_name_in_its_place() -> None:
    assert ("line_left_out", "/lines/?/id", "town: invalid, RC1001 missing_field", None) in checked(Town(lambda _: [{"name": CANARY}]))


def test_two_plugins_that_contradict_each_other_are_named_with_the_line() -> None:
    other = Town(lambda _: [{**LINE, "name": "Another name"}], "village")
    assert checked(Town(lambda _: [LINE]), other) == [("line_left_out", "/lines/night-line", "town,village: conflict", None)]


def _raises(region: str) -> Any:
    raise ValueError(CANARY, region)


@pytest.mark.parametrize(("answer", "error"), [(_raises, "ValueError"), (lambda _: 7, "answered int, expected a list of documents")])
def test_a_plugin_that_cannot_answer_is_named(answer: Callable[[str], Any], error: str) -> None:
    assert checked(Town(answer)) == [("line_left_out", "/lines", f"town: {error}", None)]


def test_nothing_that_somebody_wrote_stands_in_a_finding() -> None:
    with clinic([Town(lambda _: [SLIP, {"name": CANARY}])]) as engine:
        assert CANARY not in str([each.to_dict() for each in engine.check(client=ME)])


def test_it_is_the_region_of_the_client_that_is_asked_for() -> None:
    with clinic([Town(lambda region: [SLIP] if region == "GB-KEN" else None)]) as engine:
        assert engine.check(client=ME) == ()
        me = engine.get(Client, ME)
        assert me is not None
        engine.put(me.evolve(jurisdiction="GB-KEN"), at=NIGHT)
        assert {each.name for each in engine.check(client=ME)} == {"line_left_out"}


def test_a_file_of_code_in_a_folder_is_named_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "kent.py").write_text(
        "from recoverycore import hookimpl\nrecoverycore_api = 1\n\n@hookimpl\ndef recovery_contribute_directories(region):\n"
        f"    return [{SLIP!r}]\n",
        "utf-8",
    )
    with clinic([]) as whole, Engine.in_memory(plugin_folder=tmp_path) as engine:
        engine.import_(whole.export())
        assert "/lines/night-line/channels/0/hours/0/?" in {each.path for each in engine.check(client=ME)}


def test_what_the_host_itself_keeps_is_not_left_out() -> None:
    with clinic([]) as engine:
        engine.put(DirectoryEntry.model_validate({**LINE, "region": "GB"}), at=NIGHT)
        assert engine.check(client=ME) == ()


def test_an_engine_that_knows_nobody_yet_can_be_checked() -> None:
    with Engine.in_memory([Town(lambda _: [SLIP])]) as engine:
        assert engine.check(client="nobody") == ()
