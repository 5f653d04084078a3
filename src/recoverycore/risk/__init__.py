"""WHAT WE SEE: rules that turn what happened into a level and the protocol that answers it.

Nothing here lowers, closes or denies anything, and nothing computes a probability. It imports `ground` and no sibling.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.risk.documents import EventHappens as EventHappens
    from recoverycore.risk.documents import Rule as Rule
    from recoverycore.risk.documents import RuleTask as RuleTask
    from recoverycore.risk.documents import Tell as Tell
    from recoverycore.risk.rules import speaking as speaking
    from recoverycore.risk.signals import Signal as Signal
    from recoverycore.risk.signals import distinct_signs as distinct_signs
    from recoverycore.risk.signals import last_contact as last_contact
    from recoverycore.risk.signals import missed_appointments as missed_appointments
    from recoverycore.risk.signals import standing_signals as standing_signals

__all__ = [
    "EventHappens",
    "Rule",
    "RuleTask",
    "Signal",
    "Tell",
    "distinct_signs",
    "last_contact",
    "missed_appointments",
    "speaking",
    "standing_signals",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": ("EventHappens", "Rule", "RuleTask", "Tell"),
        "rules": ("speaking",),
        "signals": ("Signal", "distinct_signs", "last_contact", "missed_appointments", "standing_signals"),
    },
)
