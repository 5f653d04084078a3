"""The contract for deliverers notices what it is for: each fault is planted into one that is well, and is told in words."""

from __future__ import annotations

import logging
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.hooks import OutgoingMessage, Receipt, RecoveryHooks, hookimpl
from recoverycore.testing import NotifierContract
from recoverycore.testing.plugins.notifier_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable


class Pager(RecoveryHooks):
    """A deliverer that is well: its provider is a list."""

    recoverycore_name = "pager"
    own = ("sms", "voice")

    def __init__(self) -> None:
        self.out: dict[str, str] = {}
        self.lock = threading.Lock()

    def send(self, message: OutgoingMessage, key: str) -> None:
        self.out.setdefault(key, message.channel)

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:
        if message.channel not in self.own:
            return None
        with self.lock:
            self.send(message, key)
        return Receipt("accepted", provider=f"ref-{len(self.out)}")


class Network(Pager):
    """One that needs a network, and says so."""

    def __init__(self) -> None:
        super().__init__()
        self.connect: Callable[[], object] = lambda: None

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:
        if message.channel not in self.own:
            return None
        try:
            socket.getaddrinfo("127.0.0.1", 9)
        except OSError:
            return Receipt("failed_transient")
        return super().recovery_deliver_message(message, key)


def contract(kind: type[Pager], **claims: Any) -> type[NotifierContract]:
    given = {"channels": ("sms", "voice"), "works_offline": True, "make": kind, "sent": lambda plugin: len(plugin.out)}
    return type("TestMine", (NotifierContract,), given | claims)


@pytest.mark.parametrize("rule", [each.__name__ for each in RULES])
def test_a_deliverer_that_is_well_keeps_every_rule(rule: str) -> None:
    getattr(contract(Pager)(), f"test_{rule}")()


def test_one_that_needs_a_network_keeps_every_rule_and_claims_nothing() -> None:
    assert contract(Network, works_offline=False).check_all() == []


class Deaf(Pager):
    own = ("sms",)


class Greedy(Pager):
    own = ("sms", "voice", "contract-nobodys")


class Twice(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:
        self.out[f"{key} {len(self.out)}"] = message.channel


class Once(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:  # noqa: ARG002 - the signature of what it replaces
        self.out["always"] = message.channel


class Forgetful(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:
        if key in self.out:
            raise KeyError(key)
        super().send(message, key)


class Addressed(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:
        assert message.address is not None
        super().send(message, key)


class Logging(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:
        logging.getLogger("pager").debug("sends %s", message.text.reveal())
        super().send(message, key)


class Printing(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:
        print(message.address.reveal() if message.address else "")  # noqa: T201 - the fault
        super().send(message, key)


class Telling(Pager):
    def __repr__(self) -> str:
        return f"Pager({self.seen})"

    seen = ""

    def send(self, message: OutgoingMessage, key: str) -> None:
        self.seen = message.text.reveal()
        super().send(message, key)


class Quoting(Pager):
    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:
        receipt = super().recovery_deliver_message(message, key)
        return receipt and Receipt("accepted", provider=message.address.reveal() if message.address else "")


class Sure(Pager):
    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:
        receipt = super().recovery_deliver_message(message, key)
        return receipt and Receipt("answered", human=True)


class Choosy(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:
        if message.content_class == "C2":
            raise ValueError("no content here")
        super().send(message, key)


_SHARED: dict[str, str] = {}


class Sharing(Pager):
    def send(self, message: OutgoingMessage, key: str) -> None:
        if key not in _SHARED:
            _SHARED[key] = message.channel
            super().send(message, key)


class Truthful(Pager):
    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:
        return True if super().recovery_deliver_message(message, key) else None


class Silent(RecoveryHooks):
    @hookimpl
    def recovery_on_tick(self) -> None: ...


FAULTS: dict[str, tuple[type, str]] = {
    "takes_the_messages_of_its_channels": (Deaf, "voice: it says that the channel is not its own"),
    "leaves_other_channels_alone": (Greedy, "it should answer None"),
    "sends_a_key_once": (Twice, "sms: the same key twice made 2 messages; one should go out"),
    "sends_every_key": (Once, "sms: two keys made 1 messages; both should go out"),
    "can_do_without_an_address": (Addressed, "sms: a message without an address failed (pager: AssertionError)"),
    "sends_a_key_once_at_once": (Twice, "sms: one key from 4 threads at once made 4 messages"),
    "says_what_it_can_know_of_humans": (Sure, "sms, voice: a receipt says that a person answered"),
    "shares_nothing_with_another_of_its_kind": (Sharing, "what one of it has sent, another does not send"),
    "is_accepted_by_an_engine": (Silent, "the plugin does not implement recovery_deliver_message"),
}


def broken(rule: str, kind: type, **claims: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        getattr(contract(kind, **claims)(), f"test_{rule}")()
    return str(caught.value)


@pytest.mark.parametrize("rule", FAULTS)
def test_each_fault_is_told_in_words(rule: str) -> None:
    _SHARED.clear()
    kind, words = FAULTS[rule]
    assert words in broken(rule, kind)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Choosy, "a message of class C2 and level 3 failed (pager: ValueError)"),
        (Truthful, "invalid (pager: answered bool, expected"),
    ],
)
def test_a_message_that_is_not_taken_is_told_with_its_class(kind: type, words: str) -> None:
    assert words in broken("takes_the_messages_of_its_channels", kind)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Logging, "the text of a message stands in the log"),
        (Printing, "the address of a message stands in the screen"),
        (Telling, "the text of a message stands in its repr"),
        (Quoting, "the address of a message stands in its receipt"),
    ],
)
def test_whatever_repeats_a_message_is_found(kind: type, words: str) -> None:
    assert f"sms: {words}" in broken("repeats_nothing_of_a_message", kind)


def test_a_key_that_fails_the_second_time_is_told() -> None:
    assert "the same key for the second time failed" in broken("sends_a_key_once", Forgetful)


def test_claims_are_held_both_ways() -> None:
    assert "nobody has it (works_offline is not claimed)" in broken("knows_what_it_can_do_offline", Pager, works_offline=False)
    assert "it claims works_offline" in broken("knows_what_it_can_do_offline", Network)
    assert "no receipt says so" in broken("says_what_it_can_know_of_humans", Pager, tells_humans=True)
    contract(Sure, tells_humans=True)().test_says_what_it_can_know_of_humans()  # type: ignore[attr-defined]  # made from its rule


def test_a_plugin_that_an_engine_refuses_is_told_why() -> None:
    assert "an engine refuses the plugin: /plugins/0: RC9007" in broken("is_accepted_by_an_engine", RecoveryHooks)


def test_a_rule_cannot_be_replaced() -> None:
    with pytest.raises(TypeError, match="replaces test_sends_every_key"):
        contract(Pager, test_sends_every_key=lambda _: None)


def test_without_a_count_the_rules_about_it_say_nothing() -> None:
    assert contract(Twice, sent=lambda _: None).check_all() == []


class Unreachable(Pager):
    """A gateway whose provider refuses every connection."""

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:  # noqa: ARG002 - it never gets that far
        return Receipt("failed_transient") if message.channel in self.own else None


def test_one_that_never_took_a_message_on_is_warned_that_nothing_shows_that_it_sends() -> None:
    broken, to_come = contract(Unreachable, works_offline=False, sent=lambda _: None).findings()
    assert broken == []
    assert [each.partition(" [")[0] for each in to_come] == [
        f"{channel}: no message was taken on (failed_transient), so nothing shows that it sends; let a stand-in or a test account take one"
        for channel in ("sms", "voice")
    ]


def test_one_that_never_took_a_message_on_is_broken_for_whoever_is_strict() -> None:
    assert "nothing shows that it sends" in broken("takes_a_message_on", Unreachable, works_offline=False, strict=True)


def test_what_is_not_taken_because_the_channel_is_left_alone_is_told_by_another_rule() -> None:
    assert contract(Deaf, channels=("voice",)).findings().to_come == []
