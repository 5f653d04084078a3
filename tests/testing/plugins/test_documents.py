"""The contract for protocols and rules of a place: each fault is planted into documents that are well, and is told in words."""

from __future__ import annotations

import copy
import socket
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.directory import built_in_local
from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore.testing import DocumentsContract
from recoverycore.testing.plugins.documents_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Documents = list[dict[str, Any]]

FLOOR = next(each.data for each in built_in_local() if each.kind == "protocol")
SOURCE = [{"publisher": "Example County", "page": "crisis group", "copy_date": "2026-10-07", "quality": "dated_check"}]
CALM = {
    "id": "calm",
    "level": 1,
    "zone": "Europe/London",
    "triggers": ["code_word"],
    "channels": ["sms", "voice"],
    "owner_role": "supervisor",
    "steps": [
        {"id": "peer", "targets": [{"role": "peer"}], "ack_within": "PT5M"},
        {"id": "show_lines", "terminal": True, "mode": "show", "always": True, "needs_software": False},
    ],
}
CRISIS = {**FLOOR, "id": "crisis"}
RULE = {"id": "word", "when": {"event": "code_word"}, "level": 1, "protocol": "calm"}


def document(identifier: str, kind: str, data: Any, **fields: Any) -> dict[str, Any]:
    known = {"id": identifier, "kind": kind, "region": "GB-KEN", "verified_on": "2026-10-07", "source": SOURCE}
    return {**known, "data": data, **fields}


WELL: Documents = [
    document("kent.calm", "protocol", CALM),
    document("kent.crisis", "protocol", CRISIS),
    document("kent.word", "rule", RULE, region="GB"),
]


class County(RecoveryHooks):
    """Gives what it is made with, wherever in the country somebody asks."""

    recoverycore_name = "kent"

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    @hookimpl
    def recovery_contribute_documents(self, region: str) -> Sequence[dict[str, Any]] | None:
        return copy.deepcopy(self.documents) if region.split("-", maxsplit=1)[0] == "GB" else None


def contract(make: Callable[[], object], **claims: Any) -> type[DocumentsContract]:
    return type("TestMine", (DocumentsContract,), {"make": staticmethod(make), "regions": ("GB", "GB-KEN"), **claims})


def broken(make: Callable[[], object], **claims: Any) -> dict[str, str]:
    """What each broken rule says, as its test does."""
    said = {}
    mine = contract(make, **claims)
    for rule in RULES:
        try:
            getattr(mine(), f"test_{rule.__name__}")()
        except AssertionError as error:
            said[rule.__name__] = str(error)
    return said


def test_documents_that_are_well_keep_every_rule() -> None:
    assert broken(lambda: County(WELL)) == {}
    assert contract(lambda: County(WELL)).check_all() == []


def with_(label: str, **fields: Any) -> Documents:
    """The documents that are well, but for `fields` of one of them."""
    return [{**each, **fields} if each["id"] == label else each for each in WELL]


def holding(label: str, **data: Any) -> Documents:
    """The documents that are well, but for `data` within one of them."""
    return [{**each, "data": {**each["data"], **data}} if each["id"] == label else each for each in WELL]


def without(label: str, field: str) -> Documents:
    return [{name: value for name, value in each.items() if (each["id"], name) != (label, field)} for each in WELL]


SLOW = [{**each, "ack_within": "PT2H"} if "ack_within" in each else each for each in FLOOR["steps"]]
NAMED = [{"id": "dana", "targets": [{"person": "dana"}], "ack_within": "PT5M"}, CALM["steps"][1]]
FAULTS: list[tuple[str, Documents, str]] = [
    ("fits_the_schema", with_("kent.word", kind="directive"), "kent.word: at $.kind it does not fit the schema of a local document (enum)"),
    ("fits_the_schema", without("kent.calm", "region"), "kent.calm: at $ it does not fit the schema of a local document (required)"),
    ("fits_the_schema", holding("kent.calm", level="one"), "kent.calm: at /data/level it does not fit the schema of a protocol (type)"),
    ("fits_the_schema", holding("kent.word", whenever={}), "kent.word: at /data it does not fit the schema of a rule (add"),
    ("makes_sense", holding("kent.crisis", steps=FLOOR["steps"][:2]), "kent.crisis: at /data"),
    ("makes_sense", holding("kent.word", protocol=None), "(rule_without_protocol)"),
    ("makes_sense", [*WELL, document("kent.calm", "protocol", CALM, title="Another")], "kent.calm: 2 documents have this id, and differ"),
    ("tells_where_it_is_from", without("kent.word", "source"), "kent.word: it names no source"),
    ("tells_where_it_is_from", with_("kent.word", source=[{**SOURCE[0], "quality": "memory"}]), "kent.word: it rests on memory alone"),
    ("tells_where_it_is_from", with_("kent.word", verified_on="2026-10-08"), "but the newest copy that it names is of 2026-10-07"),
    ("stands_in_its_region", with_("kent.word", region="FR"), "kent.word: its region FR is no part of GB, GB-KEN"),
    ("leaves_the_floor_alone", with_("kent.word", id="floor.rule"), "floor.rule: the floor that comes with the library has this id"),
    ("leaves_the_floor_alone", with_("kent.word", floor=True), "kent.word: it says that it is the floor"),
    ("leaves_the_floor_alone", [*WELL, {"id": "kent.old", "remove": True}], "kent.old: it takes something away; only a host can"),
    ("opens_nothing_that_it_does_not_claim", holding("kent.crisis", break_glass_roles=["supervisor"]), "kent.crisis: supervisor may"),
    ("names_nobody_of_one_clinic", holding("kent.calm", steps=NAMED), "kent.calm: step dana names one person"),
    ("names_nobody_of_one_clinic", holding("kent.word", tell=[{"person": "dana"}]), "kent.word: it tells one person"),
    ("names_protocols_that_there_are", holding("kent.word", protocol="clam"), "kent.word: the protocol clam is not among the documents"),
    ("can_be_relied_on_in_a_crisis", holding("kent.crisis", steps=SLOW), "(bound_exceeded); mend it, or say why it stays"),
    ("can_be_relied_on_in_a_crisis", holding("kent.crisis", hold_roles=[]), "kent.crisis: it cannot be relied on"),
    ("can_be_relied_on_in_a_crisis", holding("kent.word", level=3), "kent.calm: it cannot be relied on"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "documents", "words"), FAULTS, ids=[each[2] for each in FAULTS])
def test_each_fault_is_told_in_words(rule: str, documents: Documents, words: str) -> None:
    assert words in broken(lambda: County(documents))[rule]


@pytest.mark.parametrize(("rule", "documents"), [each[:2] for each in FAULTS], ids=[each[2] for each in FAULTS])
def test_what_is_wrong_with_one_document_is_told_of_that_one_only(rule: str, documents: Documents) -> None:
    """What does not fit or makes no sense is told once, and not again by every rule that would have read it."""
    said = broken(lambda: County(documents))
    assert rule in said
    if rule == "fits_the_schema":
        assert set(said) <= {rule, "names_protocols_that_there_are"}


class Misbehaves(County):
    """Gives what is well, in some way of its own."""

    def __init__(self, how: Callable[[Documents, str], Any]) -> None:
        super().__init__(copy.deepcopy(WELL))
        self.how = how

    @hookimpl
    def recovery_contribute_documents(self, region: str) -> Any:
        return self.how(self.documents, region)


class FirstOnly(County):
    """Keeps its first answer for whoever asks next."""

    kept: Documents | None = None

    @hookimpl
    def recovery_contribute_documents(self, region: str) -> Sequence[dict[str, Any]] | None:
        if not region.startswith("GB"):
            return None
        if self.kept is None:
            self.kept = [{**each, "title": f"for {region}"} for each in self.documents]
        return copy.deepcopy(self.kept)


def raises(_: Documents, region: str) -> Any:
    raise RuntimeError(region)


def online(documents: Documents, region: str) -> Any:
    socket.create_connection(("192.0.2.1", 80)).close()
    return documents if region.startswith("GB") else None


def here(documents: Documents, region: str) -> Any:
    return copy.deepcopy(documents) if region in ("GB", "GB-KEN") else None


_MADE = count()


def renamed() -> County:
    number = next(_MADE)
    return County([{**each, "id": f"{each['id']}.{number}"} for each in WELL])


class Refused(RecoveryHooks):
    """An engine does not take it: it has no hooks at all."""


class Ear(RecoveryHooks):
    """It brings no documents."""

    @hookimpl
    def recovery_on_tick(self) -> None: ...


WAYS: list[tuple[str, Callable[[], object], str]] = [
    ("is_accepted_by_an_engine", Refused, "an engine refuses the plugin"),
    ("is_accepted_by_an_engine", Ear, "does not implement recovery_contribute_documents, so nobody asks it for documents"),
    ("is_accepted_by_an_engine", lambda: Misbehaves(raises), "asked for GB the plugin did not answer well: kent: RuntimeError"),
    ("is_accepted_by_an_engine", lambda: Misbehaves(lambda *_: "kent.word"), "answered str, expected a list of documents"),
    ("answers_for_its_regions_only", lambda: County([]), "asked for GB, for which it is, the plugin has no document"),
    ("answers_for_its_regions_only", lambda: Misbehaves(lambda known, _: copy.deepcopy(known)), "gave 3 documents, not None"),
    ("answers_alike_each_time", lambda: Misbehaves(lambda known, _: known), "whoever changed the first answer changed the second"),
    ("needs_no_network", lambda: Misbehaves(online), "without a network the plugin does not answer (kent: NetworkRefused)"),
    ("is_the_same_for_every_engine", renamed, "a programme refers to an id for ever"),
    ("is_the_same_for_every_engine", lambda: FirstOnly(WELL), "asked in another order, gives it with another content"),
    ("is_given_wherever_it_holds", lambda: Misbehaves(here), "it holds for GB, and whoever asks for GB-X1 is not given it"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "make", "words"), WAYS, ids=[each[2] for each in WAYS])
def test_each_way_to_misbehave_is_told_in_words(rule: str, make: Callable[[], object], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: socket.socket())  # a network that answers, until it is taken away
    assert words in broken(make)[rule]


def test_a_plugin_that_no_engine_takes_is_told_by_one_rule_only() -> None:
    assert list(broken(Refused)) == ["is_accepted_by_an_engine"]


def test_every_rule_has_a_fault_that_breaks_it() -> None:
    assert {each[0] for each in (*FAULTS, *WAYS)} == {rule.__name__ for rule in RULES}


def test_to_break_the_glass_is_held_both_ways() -> None:
    opens = holding("kent.crisis", break_glass_roles=["supervisor"])
    assert broken(lambda: County(opens), breaks_glass=True) == {}
    assert "and no protocol of it does" in broken(lambda: County(WELL), breaks_glass=True)["opens_nothing_that_it_does_not_claim"]


def test_a_protocol_from_elsewhere_is_held_both_ways() -> None:
    elsewhere = holding("kent.word", protocol="county")
    assert broken(lambda: County(elsewhere), protocols_elsewhere=("county",)) == {}
    said = broken(lambda: County(WELL), protocols_elsewhere=("county", "calm"))["names_protocols_that_there_are"]
    assert said.splitlines() == [
        "calm is said to come from elsewhere (protocols_elsewhere), and is among the documents",
        "county is said to come from elsewhere (protocols_elsewhere), and no rule names it",
    ]


def test_what_is_accepted_of_a_protocol_is_held_both_ways() -> None:
    slow = holding("kent.crisis", steps=SLOW)
    accepted = {"crisis": {"bound_exceeded": "the island is reached by boat"}}
    assert broken(lambda: County(slow), accepted_findings=accepted) == {}
    for documents, claimed, words in (
        (slow, {"crisis": {"bound_exceeded": " "}}, "without a reason"),
        (WELL, accepted, "kent.crisis: bound_exceeded is accepted (accepted_findings), and is not found"),
        (WELL, {"cirsis": {}}, "cirsis: findings of it are accepted (accepted_findings), and no document holds this protocol"),
    ):
        assert words in broken(lambda given=documents: County(given), accepted_findings=claimed)["can_be_relied_on_in_a_crisis"]


def test_documents_of_the_whole_world_are_given_to_whoever_asks() -> None:
    everywhere = [{**each, "region": "001"} for each in WELL]
    assert broken(lambda: Misbehaves(lambda *_: copy.deepcopy(everywhere)), regions=("001",), worldwide=True) == {}


def test_a_plugin_that_does_not_ask_for_the_region_is_held_too() -> None:
    class Plain(RecoveryHooks):
        @hookimpl
        def recovery_contribute_documents(self) -> Documents:
            return copy.deepcopy(WELL)

    assert list(broken(Plain, worldwide=True)) == []
