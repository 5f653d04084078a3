"""A deliverer that posts each message to an address of the host's, with the signatures of Standard Webhooks.

A plugin for engines (`plugin`, `Webhook`, `WebhookSettings`), and `verify` for whoever receives. It uses Python's own HTTP
and nothing else; the outbox of the engine tries again, never this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore_webhook.deliverer import Webhook
from recoverycore_webhook.settings import WebhookSettings
from recoverycore_webhook.signing import Unverified, verify

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Unverified", "Webhook", "WebhookSettings", "plugin", "verify"]


def plugin(settings: Mapping[str, Any]) -> Webhook:
    """The plugin, as an engine makes it from the host's settings. Errors: those of `WebhookSettings`, all at once."""
    return Webhook(WebhookSettings.model_validate(dict(settings)))
