"""Six events, three people, every order, late and twice and with crashes: whatever comes when, the laws are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recoverycore.testing.escalation.faults import after, change, hasty, offer_kept, seeing, takes
from tests.escalation.every_order import SCENARIOS, Search

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.escalation.watcher import Stepping

FAULTS: dict[str, tuple[str, Stepping]] = {
    "forgets what it applied": ("yes, no, and back", seeing(applied=[])),
    "leaves a stage too early": ("yes, no, and back", hasty),
    "takes a receipt for an answer": ("what became of a message", takes("receipt", "decline")),
    "keeps an offer for ever": ("from hand to hand", after(offer_kept)),
    "ends while somebody is on the line": ("on the line", seeing(accompanied_by=None)),
    "forgets its timer when consent changes": ("barred and back", change("consent_change", next_due=None)),
    "calms down by itself": ("worse and calmer", change("ack", level=2)),
    "closes without a debrief": ("to the end", seeing(debrief_open=False)),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_first_events_of_a_story_keep_the_laws_in_every_order(name: str) -> None:
    world, events = SCENARIOS[name]
    found = Search(world, events[:3], ticks=1).run()
    assert found.orders > 70
    assert found.states <= found.calls + 1


@pytest.mark.prove
@pytest.mark.parametrize("name", SCENARIOS)
def test_six_events_keep_the_laws_in_every_order(name: str, record_property: Callable[[str, object], None]) -> None:
    world, events = SCENARIOS[name]
    assert len(events) == 6
    record_property("proved", str(Search(world, events, ticks=1).run()))


@pytest.mark.parametrize("what", FAULTS)
def test_a_machine_with_a_fault_breaks_a_law_in_some_order(what: str) -> None:
    name, machine = FAULTS[what]
    world, events = SCENARIOS[name]
    with pytest.raises(AssertionError, match=r"after \("):
        Search(world, events, ticks=2, machine=machine).run()
