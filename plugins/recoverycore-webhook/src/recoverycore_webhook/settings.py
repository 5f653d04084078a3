"""What a host sets for one webhook: where it goes, what it carries, how long an answer may take. Refused as a whole, by code and place."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground import Document, Flag, Id, Number, Sensitive
from recoverycore_webhook.signing import secret_key

__all__ = ["WebhookSettings"]

_LOCAL = ("localhost", "127.0.0.1", "::1")
_LONGEST = 600
_DEFAULT_PORTS = {"https": 443, "http": 80}


def _bad(detail: str, *at: str) -> PydanticCustomError:
    return PydanticCustomError("recovery", "{name}", {"name": "bad_value", "at": at, "detail": detail})


def _address(url: str) -> str:
    """An absolute address in plain ASCII, without anything that would never be sent or would end up in somebody's log."""
    try:
        parts = urlsplit(url)
        fits = bool(parts.hostname) and parts.port != 0 and bool((parts.hostname or "").encode("idna"))
    except ValueError:  # a broken port, bracket or host name
        fits = False
    if not fits or not url.isascii() or not url.isprintable() or " " in url:
        raise _bad("an absolute https address in ASCII is needed")
    if parts.scheme not in _DEFAULT_PORTS:
        raise _bad("an https address is needed")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise _bad("without user, password and fragment")
    return url


def _some(items: tuple[Any, ...]) -> tuple[Any, ...]:
    """At least one. A length in the type would also be told where an item was refused."""
    if not items:
        raise PydanticCustomError("recovery", "{name}", {"name": "blank"})
    return items


def _secret(secret: Sensitive) -> Sensitive:
    if secret_key(secret) is None:
        raise _bad("whsec_ and the base64 of 24 to 64 bytes are needed")
    return secret


class WebhookSettings(Document):
    """Where messages are posted to, which ones, and within which limits.

    `channels` are those that this webhook carries; for any other the deliverer says that it is not its own. The text of a
    message goes along where its class is among `text_of`; else the receiver gets the reference only. With more than one of
    `secrets` each request is signed with every one, so that the receiver can change over; the first should be the newest.
    `http_on_localhost` allows plain http, to this machine only. Times are in seconds.

    Errors: ``unknown_field``, ``missing_field``, ``bad_value`` and whatever else documents say of their fields.

    >>> from recoverycore.errors import DocumentError
    >>> try:
    ...     WebhookSettings.model_validate({"url": "http://example.org/in", "secrets": ["whsec_short"], "chanels": ["sms"]})
    ... except DocumentError as error:
    ...     [(problem.code, problem.path) for problem in error.problems]
    [('RC1002', '/chanels'), ('RC1008', '/secrets/0')]
    """

    url: Annotated[Id, AfterValidator(_address)]
    secrets: Annotated[tuple[Annotated[Sensitive, AfterValidator(_secret)], ...], AfterValidator(_some)]
    channels: Annotated[tuple[Id, ...], AfterValidator(_some)]
    text_of: tuple[Literal["C0", "C1", "C2"], ...] = ("C0", "C1", "C2")
    answer_within: Annotated[Number, Field(gt=0)] = 8.0
    """Everything together, up to the last byte that is read; looking the name up cannot be cut short. Less than `deliver_within`."""
    deliver_within: Annotated[Number, Field(gt=0, le=_LONGEST)] = 10.0
    """The same as the engine's own `Settings.deliver_within`: until then the fate of an unanswered message stays open."""
    http_on_localhost: Flag = False

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not (self.http_on_localhost and parts.hostname in _LOCAL):
            raise _bad("https is needed; http only to localhost, with http_on_localhost", "url")
        if self.answer_within >= self.deliver_within:
            raise _bad("less than deliver_within is needed", "answer_within")
        return self

    @property
    def target(self) -> tuple[str, int, str]:
        """Host, port, and what is asked for there."""
        parts = urlsplit(self.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme], path

    @property
    def encrypted(self) -> bool:
        """Whether it goes over TLS: always, but to this machine itself where the host allows that."""
        return urlsplit(self.url).scheme == "https"
