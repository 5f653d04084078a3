"""What goes through the hooks: messages out, receipts back, audit entries and problem reports. All frozen, all the way down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

from attrs import Attribute, field, frozen

from recoverycore.errors import DocumentError, problem
from recoverycore.ground import Level, Sensitive, require_aware

__all__ = ["TAKEN", "AuditEntry", "ContentClass", "OutgoingMessage", "ProblemReport", "Receipt", "ReceiptStatus", "class_name", "read_only"]

ContentClass: TypeAlias = Literal["C0", "C1", "C2"]
ReceiptStatus: TypeAlias = Literal[
    "queued",
    "leased",
    "failed_transient",
    "handed_over",
    "accepted",
    "superseded",
    "expired",
    "failed_permanent",
    "delivered",
    "seen",
    "answered",
]
TAKEN = frozenset({"handed_over", "accepted", "delivered", "seen", "answered"})
"""What a receipt says of a message that somebody outside has taken on."""


_CLASS_NAME: Any = vars(type)["__name__"]


def read_only(value: Any) -> Any:
    """`value` with every plain container in it replaced by a read-only copy, so that no plugin changes what the next one sees."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: read_only(each) for key, each in value.items()})
    if isinstance(value, list) or type(value) is tuple:  # a named tuple keeps its names
        return tuple(read_only(each) for each in value)
    if isinstance(value, AbstractSet):
        return frozenset(value)
    return bytes(value) if isinstance(value, bytearray) else value


def class_name(of: object) -> str:
    """The name of the class of something, whatever that class says it is: nothing of a plugin is run for it."""
    name: str = _CLASS_NAME.__get__(type(of))
    return name


def _listed(possible: tuple[str, ...]) -> Any:
    def check(_: object, attribute: Attribute[Any], value: object) -> None:
        if value not in possible:
            raise DocumentError(problem("not_listed", f"/{attribute.name}", detail=f"possible: {', '.join(possible)}"))

    return check


def _aware(_: object, __: Attribute[Any], value: datetime | None) -> None:
    if value is not None:
        require_aware(value)


def _ids(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):  # one id would become a row of letters
        raise DocumentError(problem("wrong_type", "/categories", detail="expected a list of ids"))
    return tuple(value)


def _sensitive(value: str | Sensitive | None) -> Sensitive | None:
    return None if value is None else Sensitive(value)


@frozen(kw_only=True)
class OutgoingMessage:
    """A message that the rules want sent: to whom, on which channel, and how much it may hold.

    `key` is the idempotency key: the same key is the same message, however often it is handed over. `to` is the id of
    a person or service; `address` the number or mailbox for `channel` where the engine knows it, else the deliverer
    looks `to` up itself. `content_class` says what `text` may hold (C0 nothing that tells of care, C1 the client's name,
    C2 what consent permits): a deliverer adds nothing to it. `client_ref` is the client's id in the host's own system,
    and None in a C0 message; `subject_ref` an opaque reference that means something only after signing in.
    `run`, `protocol`, `step` and `attempt` say where in an escalation the message comes from, `why` which rule asked for
    it. `categories` are the content categories that the text may hold; only a C2 message has any.
    """

    key: str
    run: str
    to: str
    channel: str
    kind: str
    content_class: ContentClass = field(validator=_listed(get_args(ContentClass)))
    level: Level = field(converter=Level)
    text: Sensitive = field(converter=Sensitive)
    why: str = ""
    categories: tuple[str, ...] = field(default=(), converter=_ids)
    protocol: str = ""
    step: str = ""
    attempt: int = 1
    client_ref: str | None = None
    subject_ref: str | None = None
    address: Sensitive | None = field(default=None, converter=_sensitive)


@frozen
class Receipt:
    """What a deliverer says became of a message.

    `status` is one of the receipt ranks of an escalation. `provider` is the provider's own reference, for later look-up;
    `human` says that a person, not a machine or an answering service, answered.
    """

    status: ReceiptStatus = field(validator=_listed(get_args(ReceiptStatus)))
    provider: str = field(default="", repr=False)
    human: bool = False

    @property
    def taken(self) -> bool:
        """Whether somebody outside has taken the message on: a message still queued, failed or expired is not."""
        return self.status in TAKEN


@frozen
class AuditEntry:
    """One link of the audit trail as a plugin sees it: its number, its instant, a stable code and facts without content."""

    seq: int
    at: datetime = field(validator=_aware)
    code: str
    fields: Mapping[str, str | int | bool | None] = field(factory=dict, converter=read_only, hash=False)


@frozen
class ProblemReport:
    """A plugin that failed, was late or answered nonsense, told to whoever watches over the plugins.

    `error` is the class of what it raised, or this library's own words. `at` is None where a call has no instant of its own.
    """

    hook: str
    plugin: str
    status: Literal["failed", "timeout", "invalid"]
    error: str
    at: datetime | None = field(validator=_aware)
