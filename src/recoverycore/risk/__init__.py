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
    from recoverycore.risk.language.assessment import Assessment as Assessment
    from recoverycore.risk.language.assessment import HookProblem as HookProblem
    from recoverycore.risk.language.assessment import Outcome as Outcome
    from recoverycore.risk.language.assessment import RuleOutcome as RuleOutcome
    from recoverycore.risk.language.evaluation import evaluate as evaluate
    from recoverycore.risk.language.evaluation import reevaluate as reevaluate
    from recoverycore.risk.language.explanation import Explanation as Explanation
    from recoverycore.risk.language.explanation import explain as explain
    from recoverycore.risk.language.facts import FactError as FactError
    from recoverycore.risk.language.lint import LintFinding as LintFinding
    from recoverycore.risk.language.lint import lint as lint
    from recoverycore.risk.language.loading import load_rules as load_rules
    from recoverycore.risk.language.noticed import SignalLike as SignalLike
    from recoverycore.risk.language.rule_set import CompiledRule as CompiledRule
    from recoverycore.risk.language.rule_set import RuleSet as RuleSet
    from recoverycore.risk.language.rule_set import affected as affected
    from recoverycore.risk.language.settings import RuleLimits as RuleLimits
    from recoverycore.risk.language.settings import RuleSettings as RuleSettings
    from recoverycore.risk.language.slips import LoadError as LoadError
    from recoverycore.risk.language.slips import RuleSetError as RuleSetError
    from recoverycore.risk.rules import speaking as speaking
    from recoverycore.risk.signals import Signal as Signal
    from recoverycore.risk.signals import distinct_signs as distinct_signs
    from recoverycore.risk.signals import last_contact as last_contact
    from recoverycore.risk.signals import missed_appointments as missed_appointments
    from recoverycore.risk.signals import standing_signals as standing_signals

__all__ = [
    "Assessment",
    "CompiledRule",
    "EventHappens",
    "Explanation",
    "FactError",
    "HookProblem",
    "LintFinding",
    "LoadError",
    "Outcome",
    "Rule",
    "RuleLimits",
    "RuleOutcome",
    "RuleSet",
    "RuleSetError",
    "RuleSettings",
    "RuleTask",
    "Signal",
    "SignalLike",
    "Tell",
    "affected",
    "distinct_signs",
    "evaluate",
    "explain",
    "last_contact",
    "lint",
    "load_rules",
    "missed_appointments",
    "reevaluate",
    "speaking",
    "standing_signals",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": (
            "EventHappens",
            "Rule",
            "RuleTask",
            "Tell",
        ),
        "language.assessment": (
            "Assessment",
            "HookProblem",
            "Outcome",
            "RuleOutcome",
        ),
        "language.evaluation": (
            "evaluate",
            "reevaluate",
        ),
        "language.explanation": ("Explanation", "explain"),
        "language.facts": ("FactError",),
        "language.lint": ("LintFinding", "lint"),
        "language.loading": ("load_rules",),
        "language.noticed": ("SignalLike",),
        "language.rule_set": (
            "CompiledRule",
            "RuleSet",
            "affected",
        ),
        "language.settings": (
            "RuleLimits",
            "RuleSettings",
        ),
        "language.slips": (
            "LoadError",
            "RuleSetError",
        ),
        "rules": ("speaking",),
        "signals": (
            "Signal",
            "distinct_signs",
            "last_contact",
            "missed_appointments",
            "standing_signals",
        ),
    },
)
