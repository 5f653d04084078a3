"""Everything that a run can do or refuse has plain words."""

from __future__ import annotations

import ast
import string
from typing import TYPE_CHECKING, get_args

import pytest
from attrs import fields

from recoverycore.escalation import Barrier, Cause
from recoverycore.escalation.events import Event
from recoverycore.escalation.messages import SPECIAL
from recoverycore.escalation.steps import Reason
from recoverycore.escalation.words import in_words, words
from tests.architecture.faces import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

MACHINE = [SOURCE / "escalation" / f"{name}.py" for name in ("acts", "authority", "changes", "machine", "messages", "stepping")]
IDS = {"subject", "channel", "step", "minutes", "code", "by", "rule", "to", "owner"}
OF_A_PROTOCOL = {
    "role",
    "roles",
    "names",
    "others",
    "other",
    "channels",
    "provider",
    "start",
    "end",
    "when",
    "over",
    "bound",
    "limit",
    "level",
    "number",
}
"""What a verification speaks of besides: no person it is about, for it knows of none."""


def codes_of(call: str) -> Iterator[str]:
    """The codes that the machine gives to `call`, as they stand in its source."""
    for file in MACHINE:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == call:
                yield from (str(each.value) for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant))


def test_the_source_of_the_machine_is_where_codes_are_looked_for() -> None:
    assert {"activated", "stage_entered", "held", "ack"} <= set(codes_of("audit"))
    assert {"not_holder", "human_only"} <= set(codes_of("refuse"))


def test_whatever_is_decided_has_words() -> None:
    parts = {"stage_left:", "stage_left:manual", "debrief_"}  # the parts of a code that is put together
    assert set(codes_of("audit")) - parts <= words()["decided"].keys()
    assert {"debrief_done", "debrief_declined_by_client", "duplicate_event", "stale_tick"} <= words()["decided"].keys()


def test_whatever_is_refused_has_words() -> None:
    assert set(codes_of("refuse")) <= words()["refused"].keys()


def test_every_reason_of_leaving_has_words_for_the_end_and_for_what_begins() -> None:
    assert set(get_args(Reason)) == words()["left"].keys()
    assert set(get_args(Reason)) <= words()["entered"].keys()


def test_every_event_and_every_kind_of_message_has_words() -> None:
    assert set(get_args(Event.model_fields["type"].annotation)) == words()["event"].keys()
    assert words()["message"].keys() == {"ask", "inform", "repeat", *SPECIAL}


@pytest.mark.parametrize("section", words())
def test_a_sentence_speaks_only_of_ids(section: str) -> None:
    asked = {name for sentence in words()[section].values() for _, name, _, _ in string.Formatter().parse(sentence) if name}
    known = IDS | OF_A_PROTOCOL if section in ("headline", "mend", "slip") else IDS
    assert asked <= known
    assert all(in_words(section, code, **dict.fromkeys(known, "x")) for code in words()[section])


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert in_words("decided", "some_new_code") == "some new code"


def test_no_field_of_an_explanation_has_room_for_words() -> None:
    """Ids, codes and instants: whoever adds a field of another kind has to think about it here."""
    kinds = {str(each.type) for kind in (Cause, Barrier) for each in fields(kind)}
    assert kinds == {"str", "str | None", "int | None", "datetime", "datetime | None", "tuple[str, ...]"}
