"""The stories of the small world in which it shows that a step machine is broken."""

from __future__ import annotations

from typing import Any

from recoverycore.escalation import Send
from recoverycore.testing.escalation.laws import OWN_WORDS
from tests.escalation.world import team

Story = list[tuple[float, dict[str, Any]]]

TRIGGER = (0, {"type": "trigger", "id": "e0", "kind": "code_word"})
ASK_OF_ANA = "R/1/peers/ana/app/1"
NOBODY_ANSWERS: Story = [TRIGGER, *((minute, {"type": "tick"}) for minute in (2, 3, 4, 5, 10, 18, 28, 29))]
ANSWERED_BY_NOBODY_FOR_LONG: Story = [TRIGGER, *((minute, {"type": "tick"}) for minute in (2, 3, 4, 6, 12, 21, 28))]
WOKEN_LATE: Story = [TRIGGER, (12, {"type": "tick"}), (30, {"type": "tick"})]
THE_ROSTER_CHANGES: Story = [
    TRIGGER,
    (1, {"type": "roster_change", "id": "e1", "team": team("ana gone")}),
    (6, {"type": "tick"}),
    (7, {"type": "note", "id": "e2", "by": "cara"}),
]
TO_THE_END: Story = [
    TRIGGER,
    (1, {"type": "receipt", "id": "e1", "key": ASK_OF_ANA, "status": "seen"}),
    (1.5, {"type": "receipt", "id": "e2", "key": ASK_OF_ANA, "status": "delivered"}),
    (5, {"type": "tick"}),
    (5.5, {"type": "tick", "gen": 99}),
    (6, {"type": "ack", "id": "e3", "by": "ana"}),
    (6.5, {"type": "ack", "id": "e3", "by": "ana"}),
    (7, {"type": "accompany_start", "id": "e4", "by": "ana"}),
    (8, {"type": "stand_down", "id": "e5", "by": "sue", "reason": OWN_WORDS}),
    (9, {"type": "contact_made", "id": "e6", "by": "ana"}),
    (9, {"type": "accompany_end", "id": "e7", "by": "ana", "basis": "client_said_so"}),
    (10, {"type": "stand_down", "id": "e8", "by": "sue", "reason": OWN_WORDS}),
    (11, {"type": "note", "id": "e9", "by": "sue"}),
    (11, {"type": "close", "id": "e10", "by": "sue"}),
    (12, {"type": "debrief_done", "id": "e11", "by": "sue", "outcome": "done"}),
    (13, {"type": "close", "id": "e12", "by": "sue"}),
    (14, {"type": "receipt", "id": "e13", "key": ASK_OF_ANA, "status": "answered"}),
]
OFFERED_AND_GIVEN_BACK: Story = [
    TRIGGER,
    (1, {"type": "ack", "id": "e1", "by": "ana"}),
    (2, {"type": "hand_over", "id": "e2", "by": "ana", "to": "cara"}),
    (3, {"type": "un_ack", "id": "e3", "by": "ana"}),
]
EVERYBODY_BARRED: Story = [
    (0, {"type": "consent_change", "id": "e0", "safety": {"never_contact": ["ana", "sue"], "unsafe_channels": {"kit": ["sms"]}},
         "consent": {"mobile": {"contact": "deny"}, "kit": {"contact": "permit"}}}),
    (0, {"type": "trigger", "id": "e1", "kind": "code_word", "silent": True}),
    *((minute, {"type": "tick"}) for minute in (5, 10, 18, 28)),
]  # fmt: skip
STORIES = {
    "nobody answers": NOBODY_ANSWERS,
    "to the end": TO_THE_END,
    "everybody barred": EVERYBODY_BARRED,
    "woken late": WOKEN_LATE,
    "the roster changes": THE_ROSTER_CHANGES,
    "offered and given back": OFFERED_AND_GIVEN_BACK,
}


def sent(target: str, channel: str = "app") -> Send:
    """A message that nobody asked for."""
    return Send(f"R/1/x/{target}/{channel}/1", "inform", "C0", "x", 1, target, channel, 1)
