"""Protocols and rules that plugins bring: checked by the published schema and by their meaning, and in force only when they are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Engine
from recoverycore.directory import LocalDocument, built_in_local
from recoverycore.engine.local import content_problems
from recoverycore.errors import DocumentError
from recoverycore.escalation import Protocol
from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore.risk import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = datetime(2026, 6, 2, 17, tzinfo=UTC)
CANARY = "bluebird-7731"
PROTOCOL = next(each.data for each in built_in_local() if each.kind == "protocol")
RULE = next(each.data for each in built_in_local() if each.kind == "rule")


def document(identifier: str, **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "kind": "protocol", "region": "US-MN", "verified_on": "2026-05-20", "data": PROTOCOL, **fields}


class County(RecoveryHooks):
    """The documents of one county."""

    recoverycore_name = "county"

    def __init__(self, *documents: dict[str, Any]) -> None:
        self.documents = documents

    @hookimpl
    def recovery_contribute_documents(self, region: str) -> Sequence[dict[str, Any]] | None:
        return list(self.documents) if region.startswith("US") else None


class Broken(County):
    """Fails whenever it is asked."""

    recoverycore_name = "broken"

    @hookimpl
    def recovery_contribute_documents(self, region: str) -> Sequence[dict[str, Any]] | None:
        raise RuntimeError(region)


def asked(*plugins: object, kind: Any = "protocol", **more: Any) -> Any:
    with Engine.in_memory(plugins) as engine:
        return engine.local_documents(kind, region="US-MN-053", at=AT, **more)


def test_a_document_of_the_place_comes_with_who_gave_it() -> None:
    found = asked(County(document("mn.crisis")))
    assert [each.document.id for each in found.answer.primary] == ["mn.crisis"]
    assert found.given_by["mn.crisis"] == ("county",)
    assert isinstance(found.first, Protocol)


def test_a_rule_is_a_document_too() -> None:
    assert isinstance(asked(County(document("mn.rule", kind="rule", data=RULE)), kind="rule").first, Rule)


def test_a_hosts_own_document_goes_first() -> None:
    found = asked(County(document("mn.crisis")), host=[document("mn.crisis", title="ours")])
    assert found.given_by["mn.crisis"] == ("host",)


def test_without_any_plugin_there_is_the_floor() -> None:
    found = asked()
    assert (found.answer.fallback, found.first.id) == (True, "floor.protocol")


def test_a_plugin_that_fails_is_told_and_the_others_stand() -> None:
    found = asked(Broken(), County(document("mn.crisis")))
    assert [each.document.id for each in found.answer.primary] == ["mn.crisis"]
    assert [(each["what"], each["plugin"]) for each in found.left_out] == [("plugin_error", "broken")]


@pytest.mark.parametrize("each", built_in_local(), ids=lambda each: each.id)
def test_the_floor_is_sound(each: LocalDocument) -> None:
    assert content_problems(each) == ()


def problems(**fields: Any) -> list[tuple[str, str]]:
    return [(each.name, each.path) for each in content_problems(LocalDocument.model_validate(document("a", **fields)))]


def test_what_does_not_fit_the_schema_is_told_by_place_and_word() -> None:
    data = {**PROTOCOL, "level": "three", "steps": [{"id": 1}]}
    assert problems(data=data) == [("schema_mismatch", "/data/level"), ("schema_mismatch", "/data/steps/0/id")]


def test_what_fits_the_schema_must_also_make_sense() -> None:
    """The schema cannot say that a protocol for a crisis has a step that is always there."""
    data = {**PROTOCOL, "steps": [PROTOCOL["steps"][0]]}
    assert problems(data=data)
    assert {path.split("/")[1] for _, path in problems(data=data)} == {"data"}
    assert "schema_mismatch" not in {name for name, _ in problems(data=data)}


def test_what_is_wrong_is_told_without_what_was_written() -> None:
    found = asked(County(document("mn.crisis", data={**PROTOCOL, "level": CANARY}), document("half", data={CANARY: 1})))
    assert [(each["what"], each["code"], each["id"]) for each in found.left_out] == [
        ("document_left_out", "invalid", "half"),
        ("document_left_out", "invalid", "mn.crisis"),
    ]
    assert CANARY not in str(found.left_out)


def test_a_plugin_is_asked_for_a_region_in_capitals_however_the_host_wrote_it() -> None:
    with Engine.in_memory([County(document("mn.crisis"))]) as engine:
        for region in ("us-mn-053", "US-MN-053"):
            assert engine.local_documents("protocol", region=region, at=AT).answer.primary[0].document.id == "mn.crisis"


def test_nothing_is_in_force_until_a_programme_keeps_it() -> None:
    with Engine.in_memory([County(document("mn.crisis"))]) as engine:
        found = engine.local_documents("protocol", region="US-MN-053", at=AT)
        assert engine.kept(Protocol) == ()
        engine.put(found.first, at=AT)
        assert [each.id for each in engine.kept(Protocol)] == ["floor.protocol"]


def test_a_host_that_contradicts_itself_is_told() -> None:
    with pytest.raises(DocumentError, match="duplicate_id"):
        asked(host=[document("a"), document("a", title="b")])
