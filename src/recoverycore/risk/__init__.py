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

__all__ = ["EventHappens", "Rule", "RuleTask", "Tell", "speaking"]

__getattr__, __dir__ = attach(__name__, {"documents": ("EventHappens", "Rule", "RuleTask", "Tell"), "rules": ("speaking",)})
