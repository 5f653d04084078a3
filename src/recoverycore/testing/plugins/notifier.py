"""The class of tests that a plugin which carries messages is held to."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from attrs import frozen

from recoverycore.testing.contract import Contract
from recoverycore.testing.plugins.notifier_rules import RULES

__all__ = ["NotifierContract", "NotifierGiven"]


@frozen
class NotifierGiven:
    """A deliverer as it is made anew for each rule, and what is claimed of it."""

    make: Callable[[], object]
    sent: Callable[[object], int | None]
    channels: tuple[str, ...]
    works_offline: bool
    tells_humans: bool


class NotifierContract(Contract, rules=RULES):
    """What every deliverer keeps. Make a child of it in your tests; pytest, or `check_all`, runs each rule.

    Let `make` give a new plugin whose provider is a stand-in, since each rule sends messages, and `sent` how many went out to that.
    Each claim is held both ways: what is claimed must be so, and what is not claimed must not be.

    >>> from recoverycore.hooks import RecoveryHooks, hookimpl
    >>> class Deaf(RecoveryHooks):
    ...     @hookimpl
    ...     def recovery_deliver_message(self, message, key):
    ...         return None
    >>> class TestDeaf(NotifierContract):
    ...     channels = ("sms",)
    ...     works_offline = True
    ...
    ...     @classmethod
    ...     def make(cls):
    ...         return Deaf()
    >>> TestDeaf.check_all()[0]
    'sms: it says that the channel is not its own, although it is said to carry it'
    """

    channels: ClassVar[tuple[str, ...]]
    """The channels that it carries; every other it must leave alone."""
    works_offline: ClassVar[bool] = False
    """Whether it does without a network, as it is made here: also a stand-in inside this process does. If not, without one it must
    never say that a message was taken on."""
    tells_humans: ClassVar[bool] = False
    """Whether it can tell that a person answered, and no machine. If not, it must never say so."""

    @classmethod
    def make(cls) -> object:
        """A new plugin, as a host would have it at start; its provider a stand-in."""
        raise NotImplementedError

    @classmethod
    def sent(cls, plugin: object) -> int | None:  # noqa: ARG003 - whoever can count it looks at the plugin
        """How many messages `plugin` has sent out so far; None where nobody can count them, and the rules about that are left out."""
        return None

    @classmethod
    def given(cls) -> NotifierGiven:
        """A deliverer anew, with what is claimed."""
        return NotifierGiven(cls.make, cls.sent, cls.channels, cls.works_offline, cls.tells_humans)
