"""Contact methods: how a person or a service is reached, checked by kind, and never dialled otherwise than given.

A value is kept as it is dialled; spacing belongs to `ContactMethod.display`. A country prefix is never put before a short
code: the same digits mean another service elsewhere, so a short code carries its region.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, get_args
from urllib.parse import quote

from attrs import field, frozen
from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Id, Region, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ContactCheck", "ContactKind", "ContactMethod", "check_contact", "sms_uri"]

ContactKind = Literal["e164", "short_code", "sms_code", "email", "url", "in_app"]

# E.164 has at most 15 digits and no leading zero (ITU-T E.164); short codes are a country's own.
_FORMS: Final[Mapping[str, re.Pattern[str]]] = {
    "e164": re.compile(r"\+[1-9][0-9]{7,14}"),
    "short_code": re.compile(r"[0-9]{3,6}"),
    "sms_code": re.compile(r"[0-9]{3,8}"),
    "email": re.compile(r"[^@\s]+@[^@\s]*\.[^@\s]*"),
    "url": re.compile(r"https://\S+"),
    "in_app": re.compile(r".*\S.*", re.DOTALL),
}
_NEED_A_REGION: Final = ("short_code", "sms_code")
_IN_AN_ADDRESS: Final = "@!$'()*+,;:"
"""What RFC 6068 lets stand in the address of a ``mailto:`` beside unreserved characters."""


@frozen
class ContactCheck:
    """What is wrong with a contact method, and what a device dials when nothing is. Its repr shows neither value nor address."""

    valid: bool
    problems: tuple[str, ...]
    uri: str | None = field(repr=False)


def check_contact(kind: str, value: str, region: str | None = None, body: str | None = None) -> ContactCheck:
    """Every problem of a contact method, sorted, and its address for a device; an app's own reference has none.

    >>> check_contact("short_code", "988", "US").uri
    'tel:988'
    >>> check_contact("short_code", "+1988").problems
    ('prefix_on_short_code', 'region_required')
    """
    if kind not in get_args(ContactKind):
        return ContactCheck(valid=False, problems=("unknown_kind",), uri=None)
    found = _wrong_value(kind, value)
    problems = tuple(sorted([*([found] if found else []), *(["region_required"] if _lacks_region(kind, region) else [])]))
    return ContactCheck(valid=not problems, problems=problems, uri=None if problems else _uri(kind, value, body))


def sms_uri(value: str, body: str | None) -> str:
    """The address that opens a text message to `value` with `body` written in it."""
    return f"sms:{value}?body={quote(body, safe='')}" if body else f"sms:{value}"


class ContactMethod(Document):
    """A public way to reach somebody: a line's number, a text code with its key word, a page. A client's own is `Sensitive`.

    >>> ContactMethod(kind="sms_code", value="85258", region="GB", body="SHOUT").shown
    'text SHOUT to 85258'

    Errors: ``bad_value``, ``prefix_on_short_code``, ``not_https``, ``region_required``.
    """

    kind: ContactKind
    value: Id
    region: Region | None = Field(default=None, validate_default=True)
    body: Text | None = None
    display: Text | None = None
    """The value as people write it, with its spacing. It is shown and never dialled."""

    @field_validator("value")
    @classmethod
    def _has_the_form(cls, value: str, info: ValidationInfo) -> str:
        found = _wrong_value(info.data["kind"], value) if "kind" in info.data else None
        if found:
            raise PydanticCustomError("recovery", "{name}", {"name": found})
        return value

    @field_validator("region")
    @classmethod
    def _says_where(cls, region: str | None, info: ValidationInfo) -> str | None:
        if _lacks_region(info.data.get("kind", ""), region):
            raise PydanticCustomError("recovery", "{name}", {"name": "region_required"})
        return region

    @property
    def shown(self) -> str:
        """What a person reads: as given."""
        return self.texted if self.kind == "sms_code" else self.display or self.value

    @property
    def texted(self) -> str:
        """What a person reads who is to send a text message there."""
        number = self.display or self.value
        return f"text {self.body} to {number}" if self.body else f"text {number}"

    @property
    def dialled(self) -> str | None:
        """What a device opens: the normal form, nothing of `display`. None for an app's own reference."""
        return _uri(self.kind, self.value, self.body)


def _wrong_value(kind: str, value: str) -> str | None:
    if _FORMS[kind].fullmatch(value):
        return None
    if kind in _NEED_A_REGION and value.startswith("+"):
        return "prefix_on_short_code"
    return "not_https" if kind == "url" else "bad_value"


def _lacks_region(kind: str, region: str | None) -> bool:
    return kind in _NEED_A_REGION and not region


def _uri(kind: str, value: str, body: str | None) -> str | None:
    match kind:
        case "e164" | "short_code":
            return f"tel:{value}"
        case "sms_code":
            return sms_uri(value, body)
        case "email":
            return "mailto:" + quote(value, safe=_IN_AN_ADDRESS)
        case "url":
            return value
        case _:
            return None
