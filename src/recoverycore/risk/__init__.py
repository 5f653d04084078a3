"""WHAT WE SEE: rules that turn what happened into a level and the protocol that answers it.

Nothing here lowers, closes or denies anything, and nothing computes a probability. It imports `ground` and no sibling.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.risk.conditions import judged as judged
    from recoverycore.risk.conditions import looks_back as looks_back
    from recoverycore.risk.derived import DerivedFact as DerivedFact
    from recoverycore.risk.derived import Known as Known
    from recoverycore.risk.derived import changes_at as changes_at
    from recoverycore.risk.derived import derive as derive
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
    from recoverycore.risk.rules import watching as watching
    from recoverycore.risk.signals import Signal as Signal
    from recoverycore.risk.signals import last_contact as last_contact
    from recoverycore.risk.signals import standing_signals as standing_signals

__all__ = [
    "Assessment",
    "CompiledRule",
    "DerivedFact",
    "EventHappens",
    "Explanation",
    "FactError",
    "HookProblem",
    "Known",
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
    "changes_at",
    "derive",
    "evaluate",
    "explain",
    "judged",
    "last_contact",
    "lint",
    "load_rules",
    "looks_back",
    "reevaluate",
    "speaking",
    "standing_signals",
    "watching",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "conditions": ("judged", "looks_back"),
        "derived": ("DerivedFact", "Known", "changes_at", "derive"),
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
        "rules": ("speaking", "watching"),
        "signals": (
            "Signal",
            "last_contact",
            "standing_signals",
        ),
    },
)
