"""Playing one run by hand, minute by minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.escalation import Audit, Obligation, RunState, Send, event_from, step
from tests.escalation.world import MINUTE, START, fresh

if TYPE_CHECKING:
    from recoverycore.escalation.effects import Effect


class Play:
    """A run, and what each event did. Minutes count from the start of the small world."""

    def __init__(self, state: RunState | None = None) -> None:
        self.state = state or fresh()
        self.effects: tuple[Effect, ...] = ()
        self.ids = 0

    def at(self, minute: float, event: str, **fields: Any) -> Play:
        """Feed one event."""
        self.ids += 1
        own = {} if event == "tick" else {"id": f"e{self.ids}"}
        self.state, self.effects = step(self.state, event_from({"type": event, **own, **fields}), START + minute * MINUTE)
        return self

    def trigger(self, minute: float = 0, **fields: Any) -> Play:
        """Start the run, or trigger it again."""
        return self.at(minute, "trigger", kind="code_word", **fields)

    @property
    def codes(self) -> list[str]:
        """What the last event wrote down, without subjects."""
        return [each.code for each in self.effects if isinstance(each, Audit)]

    @property
    def told(self) -> list[tuple[str, str | None]]:
        """What the last event wrote down, with subjects."""
        return [(each.code, each.subject) for each in self.effects if isinstance(each, Audit)]

    @property
    def sent(self) -> list[tuple[str, str, str]]:
        """Kind, target and channel of what the last event sent."""
        return [(each.kind, each.target, each.channel) for each in self.effects if isinstance(each, Send)]

    @property
    def owed(self) -> list[str]:
        """The kinds of obligation that the last event opened."""
        return [each.kind for each in self.effects if isinstance(each, Obligation)]
