"""A client's consents as one file: the directives, what is known of the client, and the profile that the host has named."""

from __future__ import annotations

from typing import ClassVar

from recoverycore.consent.profiles import ProfileDocument
from recoverycore.consent.requests import ClientFacts
from recoverycore.consent.trees import AnyDirective
from recoverycore.ground.document import Document

__all__ = ["Consents"]


class Consents(Document):
    """Everything that a book of consents is made of. `client` says where their days begin and end, and whether they are a minor."""

    schema_name: ClassVar[str] = "recoverycore/consents"

    directives: tuple[AnyDirective, ...] = ()
    client: ClientFacts = ClientFacts()
    profile: ProfileDocument | None = None
