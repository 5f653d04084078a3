"""A state machine for hypothesis that plays a run against a store and a deliverer of yours. It needs the extra ``testing``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from recoverycore.escalation import Protocol, RunFacts, RunState, Send
from recoverycore.testing.escalation.checking import World
from recoverycore.testing.escalation.drawing import happening
from recoverycore.testing.escalation.strategies import FROM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverycore.escalation import Event
    from recoverycore.escalation.effects import Effect

__all__ = ["EscalationMachine"]

_PAUSES = (0, 1, 60, 300, 1500)


class EscalationMachine(RuleBasedStateMachine):
    """Everything that may happen to one run, with your own parts in it: each call is judged by every law.

    Name the class variables `protocol` and `facts`, and override what is yours. `kept` writes a state to your store and gives what the
    store gives back. `delivered` hands a message to your deliverer and gives the receipt's status, or None for none yet. `called` is the
    step machine. Then ``TestMine = Mine.TestCase``, or ``run_state_machine_as_test(Mine)``.
    """

    protocol: ClassVar[Protocol]
    facts: ClassVar[RunFacts] = RunFacts()
    start: ClassVar[datetime] = FROM

    def kept(self, state: RunState) -> RunState:
        """The state as your store gives it back."""
        return state

    def delivered(self, sent: Send) -> str | None:
        """What your deliverer says became of a message: the status of a receipt."""
        del sent
        return None

    def called(self, state: RunState, event: Event, at: datetime) -> tuple[RunState, tuple[Effect, ...]]:
        """The step machine: the one of this library, or yours."""
        from recoverycore.escalation import step

        return step(state, event, at)

    @initialize(silent=st.booleans(), level=st.sampled_from([None, 0, 3, 4]))
    def _begins(self, *, silent: bool, level: int | None) -> None:
        self.world = World(self.protocol, self.facts, self.start, lambda state, event, at: self.called(self.kept(state), event, at))
        self.watcher = self.world.watcher()
        self.now, self.fed = self.world.start, 0
        more = {} if level is None else {"level": level}
        self._feed({"type": "trigger", "kind": self.protocol.triggers[0], "silent": silent, **more})

    @rule(data=st.data(), later=st.sampled_from(_PAUSES))
    def _something_happens(self, data: st.DataObject, later: int) -> None:
        def pick(values: Sequence[Any]) -> Any:
            return data.draw(st.sampled_from(values))

        self.now += timedelta(seconds=later)
        self._feed(happening(pick, self.world.cast, self.watcher.state, self.now))

    @precondition(lambda self: self.watcher.state.next_due is not None)
    @rule(late=st.sampled_from([0, 0, 0, 1, 60, 3600]))
    def _its_clock_comes(self, late: int) -> None:
        due = self.watcher.state.next_due
        self.now = max(self.now, (due or self.now) + timedelta(seconds=late))
        self._feed({"type": "tick", "gen": self.watcher.state.generation})

    @precondition(lambda self: self.watcher.fed)
    @rule(data=st.data())
    def _something_comes_again(self, data: st.DataObject) -> None:
        self._judge(*data.draw(st.sampled_from(self.watcher.fed)))

    def _feed(self, data: dict[str, Any]) -> None:
        self.fed += 1
        self._judge(data if data["type"] == "tick" else {**data, "id": f"e{self.fed}"}, self.now)

    def _judge(self, data: dict[str, Any], at: datetime) -> None:
        known = set(self.watcher.state.messages)
        wrong = self.watcher.feed(data, at)
        if wrong:
            found = f"{', '.join(each.replace('_', ' ') for each in wrong)}: broken by {data['type']} at {at}"
            raise AssertionError(found)
        for key, message in self.watcher.state.messages.items():
            if key not in known:
                sent = Send(
                    key, message.kind, message.content_class, message.step, message.round, message.target, message.channel, message.attempt
                )
                status = self.delivered(sent)
                if status is not None:
                    self._feed({"type": "receipt", "key": key, "status": status})
