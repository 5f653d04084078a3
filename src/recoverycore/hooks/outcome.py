"""What came of a call: one outcome a plugin, by name, and the report that holds them."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeAlias, TypeVar

from attrs import field, frozen

from recoverycore.errors import PluginError, problem
from recoverycore.hooks.values import Receipt

__all__ = ["Delivery", "Joined", "Outcome", "OutcomeStatus", "Report"]

OutcomeStatus: TypeAlias = Literal["ok", "abstained", "failed", "timeout", "invalid"]
Delivery: TypeAlias = Literal["delivered", "unconfirmed", "undelivered"]
_T = TypeVar("_T")


@frozen
class Outcome:
    """What one plugin did with one call.

    ``ok`` with a `value`; ``abstained`` (not mine, nothing to add); ``failed`` (it raised, or could not be called);
    ``timeout`` (nobody knows: it may still happen); ``invalid`` (it answered what the hook does not allow).
    `error` names the plugin and the class of what it raised, never its text. The value is not part of the repr.
    """

    plugin: str
    status: OutcomeStatus
    value: Any = field(default=None, repr=False)
    error: str = ""
    seconds: float = field(default=0.0, eq=False)


@frozen
class Report:
    """The outcomes of one call of one hook, sorted by plugin name."""

    hook: str
    outcomes: tuple[Outcome, ...]

    @property
    def values(self) -> dict[str, Any]:
        """What each plugin answered that answered well, by plugin name."""
        return {each.plugin: each.value for each in self.outcomes if each.status == "ok"}

    @property
    def bad(self) -> tuple[Outcome, ...]:
        """The outcomes that somebody should look at: failed, late, invalid."""
        return tuple(each for each in self.outcomes if each.status in ("failed", "timeout", "invalid"))

    @property
    def delivery(self) -> Delivery:
        """What a ``recovery_deliver_`` call came to. All abstained is undelivered, not success.

        ``delivered``: some receipt says that the message was taken on. ``unconfirmed``: none does, but a late plugin
        may still do it, so only the same key may be sent again. ``undelivered``: nobody took it.
        """
        if any(isinstance(value, Receipt) and value.taken for value in self.values.values()):
            return "delivered"
        return "unconfirmed" if any(each.status == "timeout" for each in self.outcomes) else "undelivered"

    def raise_problems(self) -> None:
        """Raise `PluginError` with one problem for each bad outcome, if there is any."""
        if self.bad:
            raise PluginError(*(problem("hook_failed", detail=f"{self.hook}: {each.error}") for each in self.bad))


@frozen
class Joined(Generic[_T]):
    """The one value that a join came to, with the report behind it."""

    value: _T
    report: Report
