"""WHAT: plans as revisions in a person's own words, the log of their use, and the windows in which they are offered.

A plan changes only by a new revision; nothing that happens resets it. It imports `ground` and no sibling.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.plans.achievement import ACHIEVEMENT_CODES as ACHIEVEMENT_CODES
    from recoverycore.plans.achievement import Achievement as Achievement
    from recoverycore.plans.achievement import Suggestion as Suggestion
    from recoverycore.plans.achievement import suggest as suggest
    from recoverycore.plans.as_of import plan_at as plan_at
    from recoverycore.plans.documents import SECTIONS as SECTIONS
    from recoverycore.plans.documents import CheckInPlan as CheckInPlan
    from recoverycore.plans.documents import Contact as Contact
    from recoverycore.plans.documents import Content as Content
    from recoverycore.plans.documents import Cue as Cue
    from recoverycore.plans.documents import Entry as Entry
    from recoverycore.plans.documents import Gap as Gap
    from recoverycore.plans.documents import History as History
    from recoverycore.plans.documents import Means as Means
    from recoverycore.plans.documents import Place as Place
    from recoverycore.plans.documents import Revision as Revision
    from recoverycore.plans.documents import Section as Section
    from recoverycore.plans.documents import SectionName as SectionName
    from recoverycore.plans.goals import Goal as Goal
    from recoverycore.plans.goals import GoalEvent as GoalEvent
    from recoverycore.plans.goals import StatusAnswer as StatusAnswer
    from recoverycore.plans.goals import StatusChange as StatusChange
    from recoverycore.plans.goals import change_status as change_status
    from recoverycore.plans.happening import Occurrence as Occurrence
    from recoverycore.plans.happening import Stay as Stay
    from recoverycore.plans.happening import occurrences as occurrences
    from recoverycore.plans.lapse import ClientRisks as ClientRisks
    from recoverycore.plans.lapse import Hypothesis as Hypothesis
    from recoverycore.plans.lapse import Lapse as Lapse
    from recoverycore.plans.lapse import LapseObligation as LapseObligation
    from recoverycore.plans.lapse import LapseReview as LapseReview
    from recoverycore.plans.lapse import LapseStanding as LapseStanding
    from recoverycore.plans.lapse import OverdoseCheck as OverdoseCheck
    from recoverycore.plans.lapse import lapse_obligations as lapse_obligations
    from recoverycore.plans.leads import CheckIn as CheckIn
    from recoverycore.plans.leads import checkins as checkins
    from recoverycore.plans.life_cycle import Answer as Answer
    from recoverycore.plans.life_cycle import acknowledge as acknowledge
    from recoverycore.plans.life_cycle import activate as activate
    from recoverycore.plans.life_cycle import discard as discard
    from recoverycore.plans.life_cycle import draft as draft
    from recoverycore.plans.life_cycle import edit as edit
    from recoverycore.plans.life_cycle import retire as retire
    from recoverycore.plans.observations import Observation as Observation
    from recoverycore.plans.period_progress import PeriodProgress as PeriodProgress
    from recoverycore.plans.period_progress import progress as progress
    from recoverycore.plans.periods import Period as Period
    from recoverycore.plans.periods import period as period
    from recoverycore.plans.rates import Rate as Rate
    from recoverycore.plans.rates import RecoveryTime as RecoveryTime
    from recoverycore.plans.rates import rate as rate
    from recoverycore.plans.rates import recovery_time as recovery_time
    from recoverycore.plans.review import REVIEW_WITHIN_DAYS as REVIEW_WITHIN_DAYS
    from recoverycore.plans.review import PlanDates as PlanDates
    from recoverycore.plans.review import PlanEvent as PlanEvent
    from recoverycore.plans.review import ReviewDue as ReviewDue
    from recoverycore.plans.review import review_due as review_due
    from recoverycore.plans.risk_windows import AfterEventWindow as AfterEventWindow
    from recoverycore.plans.risk_windows import AnniversaryWindow as AnniversaryWindow
    from recoverycore.plans.risk_windows import AnyRiskWindow as AnyRiskWindow
    from recoverycore.plans.risk_windows import DateWindow as DateWindow
    from recoverycore.plans.risk_windows import PaydayWindow as PaydayWindow
    from recoverycore.plans.risk_windows import RiskWindow as RiskWindow
    from recoverycore.plans.risk_windows import WeeklyRiskWindow as WeeklyRiskWindow
    from recoverycore.plans.settings import ClientSettings as ClientSettings
    from recoverycore.plans.settings import Evening as Evening
    from recoverycore.plans.tolerance import ToleranceEvent as ToleranceEvent
    from recoverycore.plans.tolerance import tolerance_at as tolerance_at
    from recoverycore.plans.use import Use as Use
    from recoverycore.plans.use import means_open as means_open
    from recoverycore.plans.windows import ActiveWindows as ActiveWindows
    from recoverycore.plans.windows import Standing as Standing
    from recoverycore.plans.windows import Stretch as Stretch
    from recoverycore.plans.windows import Stretches as Stretches
    from recoverycore.plans.windows import active_at as active_at
    from recoverycore.plans.windows import next_edge as next_edge
    from recoverycore.plans.windows import next_start as next_start
    from recoverycore.plans.windows import stretches as stretches

__all__ = [
    "ACHIEVEMENT_CODES",
    "Achievement",
    "ActiveWindows",
    "AfterEventWindow",
    "AnniversaryWindow",
    "Answer",
    "AnyRiskWindow",
    "CheckIn",
    "CheckInPlan",
    "ClientRisks",
    "ClientSettings",
    "Contact",
    "Content",
    "Cue",
    "DateWindow",
    "Entry",
    "Evening",
    "Gap",
    "Goal",
    "GoalEvent",
    "History",
    "Hypothesis",
    "Lapse",
    "LapseObligation",
    "LapseReview",
    "LapseStanding",
    "Means",
    "Observation",
    "Occurrence",
    "OverdoseCheck",
    "PaydayWindow",
    "Period",
    "PeriodProgress",
    "Place",
    "PlanDates",
    "PlanEvent",
    "REVIEW_WITHIN_DAYS",
    "Rate",
    "RecoveryTime",
    "ReviewDue",
    "Revision",
    "RiskWindow",
    "SECTIONS",
    "Section",
    "SectionName",
    "Standing",
    "StatusAnswer",
    "StatusChange",
    "Stay",
    "Stretch",
    "Stretches",
    "Suggestion",
    "ToleranceEvent",
    "Use",
    "WeeklyRiskWindow",
    "acknowledge",
    "activate",
    "active_at",
    "change_status",
    "checkins",
    "discard",
    "draft",
    "edit",
    "lapse_obligations",
    "means_open",
    "next_edge",
    "next_start",
    "occurrences",
    "period",
    "plan_at",
    "progress",
    "rate",
    "recovery_time",
    "retire",
    "review_due",
    "stretches",
    "suggest",
    "tolerance_at",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "achievement": ("ACHIEVEMENT_CODES", "Achievement", "Suggestion", "suggest"),
        "as_of": ("plan_at",),
        "documents": (
            "CheckInPlan",
            "Contact",
            "Content",
            "Cue",
            "Entry",
            "Gap",
            "History",
            "Means",
            "Place",
            "Revision",
            "SECTIONS",
            "Section",
            "SectionName",
        ),
        "goals": ("Goal", "GoalEvent", "StatusAnswer", "StatusChange", "change_status"),
        "happening": ("Occurrence", "Stay", "occurrences"),
        "lapse": (
            "ClientRisks",
            "Hypothesis",
            "Lapse",
            "LapseObligation",
            "LapseReview",
            "LapseStanding",
            "OverdoseCheck",
            "lapse_obligations",
        ),
        "leads": ("CheckIn", "checkins"),
        "life_cycle": ("Answer", "acknowledge", "activate", "discard", "draft", "edit", "retire"),
        "observations": ("Observation",),
        "period_progress": ("PeriodProgress", "progress"),
        "periods": ("Period", "period"),
        "rates": ("Rate", "RecoveryTime", "rate", "recovery_time"),
        "review": ("PlanDates", "PlanEvent", "REVIEW_WITHIN_DAYS", "ReviewDue", "review_due"),
        "risk_windows": (
            "AfterEventWindow",
            "AnniversaryWindow",
            "AnyRiskWindow",
            "DateWindow",
            "PaydayWindow",
            "RiskWindow",
            "WeeklyRiskWindow",
        ),
        "settings": ("ClientSettings", "Evening"),
        "tolerance": ("ToleranceEvent", "tolerance_at"),
        "use": ("Use", "means_open"),
        "windows": ("ActiveWindows", "Standing", "Stretch", "Stretches", "active_at", "next_edge", "next_start", "stretches"),
    },
)
