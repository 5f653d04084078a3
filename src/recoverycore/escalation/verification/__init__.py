"""WHO IS TOLD, proved beforehand: whether a protocol can be left to itself with these people in this stretch of time.

`verify` reads a protocol, a draft too, beside the facts. It is meant to be read from `ways` (the protocol as a graph) and `looking` (who
can be asked, interval by interval, by the step machine's own functions) over `paths` to `checks` (every rule) and `verifying`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.escalation.verification.findings import BOUND_LIMITS as BOUND_LIMITS
    from recoverycore.escalation.verification.findings import Finding as Finding
    from recoverycore.escalation.verification.paths import Visit as Visit
    from recoverycore.escalation.verification.result import Cover as Cover
    from recoverycore.escalation.verification.result import Verification as Verification
    from recoverycore.escalation.verification.verifying import verify as verify

__all__ = ["BOUND_LIMITS", "Cover", "Finding", "Verification", "Visit", "verify"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "findings": ("BOUND_LIMITS", "Finding"),
        "paths": ("Visit",),
        "result": ("Cover", "Verification"),
        "verifying": ("verify",),
    },
)
