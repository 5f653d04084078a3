"""The webhook: the contract of a deliverer, each against a receiver of its own that knows a key again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from recoverycore.testing import NotifierContract
from recoverycore_webhook import Webhook, WebhookSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class TestWebhook(NotifierContract):
    channels = ("sms",)
    given_settings: ClassVar[Callable[..., WebhookSettings]]
    receivers: ClassVar[dict[object, Any]]
    new_receiver: ClassVar[type]

    @pytest.fixture(autouse=True)
    def with_receivers(self, given: Callable[..., WebhookSettings], receiver: Any) -> Iterator[None]:
        kind = type(self)
        kind.given_settings, kind.new_receiver, kind.receivers = staticmethod(given), type(receiver), {}
        yield
        for each in kind.receivers.values():
            each.close()

    @classmethod
    def make(cls) -> Webhook:
        receiver = cls.new_receiver()
        webhook = Webhook(cls.given_settings(url=receiver.url))
        cls.receivers[webhook] = receiver
        return webhook

    @classmethod
    def sent(cls, plugin: object) -> int:
        """So many different keys came: it posts again what it is handed again, and who receives it knows the key."""
        return len({each.header("Idempotency-Key") for each in cls.receivers[plugin].requests})
