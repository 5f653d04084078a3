"""What a person paid for in full themselves does not go to a health plan, whatever a paper permits.

45 CFR 164.522(a)(1)(vi): a covered entity has to agree when a person asks that, for payment or health care operations, a health plan is
not told of what somebody else than the plan has paid for in full. 42 CFR 2.26 asks the same of a programme for substance use disorders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent import Restriction, standard_vocabulary
from recoverycore.hooks import RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from recoverycore.consent import Request

__all__ = ["PaidInFull", "paid_in_full"]

_WORDS = standard_vocabulary()
_FOR_A_PLAN = _WORDS.read("purpose", ["payment", "operations"])


class PaidInFull(RecoveryHooks):
    """Withholds from health plans, for payment and operations, the categories that a client has paid for in full.

    `paid` tells them for a client's id. A recipient is a health plan by its kind (``health_plan``), or where its id or its
    organisation is among `health_plans`. Nothing else is ever withheld: treatment goes on as the papers say.

    >>> from datetime import UTC, datetime
    >>> from recoverycore.consent import Recipient, Record, Request
    >>> plugin = PaidInFull({"c-17": ["acupuncture"]}.get, health_plans=["org:plan"])
    >>> asked = {"recipient": Recipient(id="org:plan"), "at": datetime(2026, 6, 15, tzinfo=UTC), "purposes": ("payment",)}
    >>> visits = tuple(Record(id=each, category=each) for each in ("acupuncture", "counselling"))
    >>> sorted(plugin.recovery_restrict_consent("c-17", Request(records=visits, **asked)).records)
    ['acupuncture']
    """

    recoverycore_name = "us.paid_in_full"

    def __init__(self, paid: Callable[[str], Iterable[str] | None], health_plans: Iterable[str] = ()) -> None:
        self._paid = paid
        self._plans = _several(health_plans)

    @hookimpl
    def recovery_restrict_consent(self, client: str, request: Request) -> Restriction | None:
        """The records of what was paid for in full, where a health plan asks for payment or operations; else nothing."""
        recipient = request.recipient
        if recipient.kind != "health_plan" and not self._plans & {recipient.id, recipient.org}:
            return None
        if not any(_WORDS.covers("purpose", _FOR_A_PLAN, each) for each in _WORDS.read("purpose", request.purposes)):
            return None
        paid = _several(self._paid(client) or ())
        return Restriction(records=frozenset(each.id for each in request.records if each.category in paid))


def _several(texts: Iterable[str]) -> frozenset[str]:
    """`texts` as a set. One text in the place of several is refused: read as its letters it would withhold nothing."""
    if isinstance(texts, str):
        raise TypeError("recoverycore-us: us.paid_in_full wants lists of categories and of health plans")
    return frozenset(texts)


def paid_in_full(settings: Mapping[str, Any]) -> PaidInFull:
    """``us.paid_in_full``. Settings: ``paid``, the categories by client; ``health_plans``, the ids of health plans."""
    unknown = set(settings) - {"paid", "health_plans"}
    if unknown:
        raise ValueError("recoverycore-us: us.paid_in_full has the settings paid and health_plans only")
    paid = {client: _several(categories) for client, categories in settings.get("paid", {}).items()}
    return PaidInFull(paid.get, settings.get("health_plans", ()))
