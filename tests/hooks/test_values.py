"""What goes through the hooks is frozen, says little of anybody, and refuses what it cannot mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError, InstantError
from recoverycore.ground import Level, Sensitive
from recoverycore.hooks import AuditEntry, OutgoingMessage, ProblemReport, Receipt
from recoverycore.hooks.values import read_only
from tests.hooks.samples import NOON, alert

if TYPE_CHECKING:
    from collections.abc import Callable

NAIVE = datetime(2026, 3, 10, 12)  # noqa: DTZ001 - what must be refused
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Pair(NamedTuple):
    left: int
    right: int


class Rows(list[int]):
    pass


def plain(value: Any) -> Any:
    """Read-only containers as the plain ones that they stand for."""
    if hasattr(value, "keys"):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def mutable(value: Any) -> bool:
    if isinstance(value, dict | list | set | bytearray):
        return True
    inside = value.values() if hasattr(value, "values") else value if isinstance(value, tuple) else ()
    return any(mutable(each) for each in inside)


@given(JSON)
def test_read_only_says_the_same_and_holds_nothing_that_changes(value: Any) -> None:
    assert plain(read_only(value)) == value
    assert not mutable(read_only(value))


def test_the_look_for_what_changes_finds_it() -> None:
    assert mutable(({"a": 1},))


@pytest.mark.parametrize(("value", "held"), [(Rows([1]), (1,)), ({1}, frozenset({1})), (bytearray(b"a"), b"a"), (Pair(1, 2), Pair(1, 2))])
def test_read_only_knows_the_other_containers_too(value: object, held: object) -> None:
    assert read_only(value) == held
    assert type(read_only(value)) is type(held)


def test_a_change_of_what_was_given_does_not_show_through() -> None:
    given_: dict[str, Any] = {"inner": [1]}
    held = read_only(given_)
    given_["inner"].append(2)
    given_["more"] = 1
    assert plain(held) == {"inner": [1]}


@pytest.mark.parametrize("value", [alert(), Receipt("accepted"), AuditEntry(1, NOON, "code"), ProblemReport("h", "p", "failed", "", NOON)])
def test_every_value_is_frozen(value: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        value.at = value.status = value.to = None


@pytest.mark.parametrize(
    ("make", "path"),
    [(lambda: alert(content_class="C3"), "/content_class"), (lambda: Receipt("sent"), "/status")],  # type: ignore[arg-type]  # the mistake
)
def test_a_word_that_is_not_listed_is_refused_with_its_place(make: Callable[[], object], path: str) -> None:
    with pytest.raises(DocumentError) as caught:
        make()
    assert (caught.value.name, caught.value.problems[0].path) == ("not_listed", path)


@pytest.mark.parametrize("make", [lambda: AuditEntry(1, NAIVE, "code"), lambda: ProblemReport("h", "p", "failed", "", NAIVE)])
def test_an_instant_without_its_zone_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(InstantError):
        make()


def test_a_message_names_the_rule_that_asked_and_what_its_text_may_hold() -> None:
    message = alert(why="r-missed", categories=["wellbeing", "goals"])
    assert (message.why, message.categories) == ("r-missed", ("wellbeing", "goals"))


def test_a_message_holds_nothing_and_names_no_rule_unless_told() -> None:
    assert (alert().why, alert().categories) == ("", ())


def test_one_category_in_place_of_a_list_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        alert(categories="goals")
    assert caught.value.name == "wrong_type"


def test_plain_text_in_a_message_becomes_opaque() -> None:
    message = alert(text="See you at six.", address="+15550100", level=2)
    assert (message.text, message.address, message.level) == (Sensitive("See you at six."), Sensitive("+15550100"), Level.SAME_DAY)


def test_a_message_is_made_by_name_only() -> None:
    with pytest.raises(TypeError):
        OutgoingMessage("k-1", "r-1")  # type: ignore[call-arg]  # the mistake that is tested


@pytest.mark.parametrize("status", ["handed_over", "accepted", "delivered", "seen", "answered"])
def test_these_receipts_say_that_a_message_was_taken(status: Any) -> None:
    assert Receipt(status).taken


@pytest.mark.parametrize("status", ["queued", "leased", "failed_transient", "superseded", "expired", "failed_permanent"])
def test_these_receipts_do_not(status: Any) -> None:
    assert not Receipt(status).taken


def test_the_facts_of_an_audit_entry_cannot_be_changed() -> None:
    facts: dict[str, Any] = {"run": "r-1"}
    entry = AuditEntry(1, NOON + timedelta(hours=1), "sent", facts)
    facts["run"] = "r-2"
    assert entry.fields == {"run": "r-1"}
    with pytest.raises(TypeError):
        entry.fields["run"] = "r-3"  # type: ignore[index]  # the mistake that is tested
    assert entry.at == datetime(2026, 3, 10, 13, tzinfo=UTC)
