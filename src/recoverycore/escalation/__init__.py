"""WHO IS TOLD next, and by when: protocols, the pure step machine that climbs them until a human has it, and the proof beforehand.

It decides and never acts: no clock, no I/O, no randomness; it knows people by id only. It may import `ground` and `errors`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.escalation.barriers import Barrier as Barrier
    from recoverycore.escalation.barriers import why_not as why_not
    from recoverycore.escalation.causes import Cause as Cause
    from recoverycore.escalation.causes import causes_of as causes_of
    from recoverycore.escalation.codewords import CodeWord as CodeWord
    from recoverycore.escalation.codewords import CodeWordMatch as CodeWordMatch
    from recoverycore.escalation.codewords import code_word_digest as code_word_digest
    from recoverycore.escalation.codewords import match_code_word as match_code_word
    from recoverycore.escalation.content import ContentFacts as ContentFacts
    from recoverycore.escalation.content import check_message as check_message
    from recoverycore.escalation.documents import Protocol as Protocol
    from recoverycore.escalation.documents import ProtocolDraft as ProtocolDraft
    from recoverycore.escalation.documents import RunFacts as RunFacts
    from recoverycore.escalation.effects import Audit as Audit
    from recoverycore.escalation.effects import Cancel as Cancel
    from recoverycore.escalation.effects import Obligation as Obligation
    from recoverycore.escalation.effects import Send as Send
    from recoverycore.escalation.effects import Terminal as Terminal
    from recoverycore.escalation.effects import Timer as Timer
    from recoverycore.escalation.effects import TimerOff as TimerOff
    from recoverycore.escalation.events import Event as Event
    from recoverycore.escalation.events import event_from as event_from
    from recoverycore.escalation.explanation import Explanation as Explanation
    from recoverycore.escalation.messages import class_limits as class_limits
    from recoverycore.escalation.references import reference_problems as reference_problems
    from recoverycore.escalation.state import RunState as RunState
    from recoverycore.escalation.state import open_run as open_run
    from recoverycore.escalation.stepping import step as step
    from recoverycore.escalation.verification.findings import BOUND_LIMITS as BOUND_LIMITS
    from recoverycore.escalation.verification.findings import Finding as Finding
    from recoverycore.escalation.verification.result import Cover as Cover
    from recoverycore.escalation.verification.result import Verification as Verification
    from recoverycore.escalation.verification.verifying import verify as verify

__all__ = [
    "Audit",
    "BOUND_LIMITS",
    "Barrier",
    "Cancel",
    "Cause",
    "CodeWord",
    "CodeWordMatch",
    "ContentFacts",
    "Cover",
    "Event",
    "Explanation",
    "Finding",
    "Obligation",
    "Protocol",
    "ProtocolDraft",
    "RunFacts",
    "RunState",
    "Send",
    "Terminal",
    "Timer",
    "TimerOff",
    "Verification",
    "causes_of",
    "check_message",
    "class_limits",
    "code_word_digest",
    "event_from",
    "match_code_word",
    "open_run",
    "reference_problems",
    "step",
    "verify",
    "why_not",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "barriers": ("Barrier", "why_not"),
        "causes": ("Cause", "causes_of"),
        "codewords": ("CodeWord", "CodeWordMatch", "code_word_digest", "match_code_word"),
        "content": ("ContentFacts", "check_message"),
        "documents": ("Protocol", "ProtocolDraft", "RunFacts"),
        "effects": ("Audit", "Cancel", "Obligation", "Send", "Terminal", "Timer", "TimerOff"),
        "events": ("Event", "event_from"),
        "explanation": ("Explanation",),
        "messages": ("class_limits",),
        "references": ("reference_problems",),
        "state": ("RunState", "open_run"),
        "stepping": ("step",),
        "verification.findings": ("BOUND_LIMITS", "Finding"),
        "verification.result": ("Cover", "Verification"),
        "verification.verifying": ("verify",),
    },
)
