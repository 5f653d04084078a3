"""WHAT: plans as revisions in a person's own words, the log of their use, and the windows in which they are offered.

A plan changes only by a new revision; nothing that happens resets it. It imports `ground` and no sibling.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.plans.documents import SECTIONS as SECTIONS
    from recoverycore.plans.documents import CheckInPlan as CheckInPlan
    from recoverycore.plans.documents import Contact as Contact
    from recoverycore.plans.documents import Content as Content
    from recoverycore.plans.documents import Entry as Entry
    from recoverycore.plans.documents import Gap as Gap
    from recoverycore.plans.documents import History as History
    from recoverycore.plans.documents import Means as Means
    from recoverycore.plans.documents import Place as Place
    from recoverycore.plans.documents import Revision as Revision
    from recoverycore.plans.documents import Section as Section
    from recoverycore.plans.documents import SectionName as SectionName
    from recoverycore.plans.happening import Occurrence as Occurrence
    from recoverycore.plans.happening import Stay as Stay
    from recoverycore.plans.happening import occurrences as occurrences
    from recoverycore.plans.life_cycle import Answer as Answer
    from recoverycore.plans.life_cycle import acknowledge as acknowledge
    from recoverycore.plans.life_cycle import activate as activate
    from recoverycore.plans.life_cycle import discard as discard
    from recoverycore.plans.life_cycle import draft as draft
    from recoverycore.plans.life_cycle import edit as edit
    from recoverycore.plans.life_cycle import retire as retire
    from recoverycore.plans.risk_windows import AfterEventWindow as AfterEventWindow
    from recoverycore.plans.risk_windows import AnniversaryWindow as AnniversaryWindow
    from recoverycore.plans.risk_windows import AnyRiskWindow as AnyRiskWindow
    from recoverycore.plans.risk_windows import DateWindow as DateWindow
    from recoverycore.plans.risk_windows import PaydayWindow as PaydayWindow
    from recoverycore.plans.risk_windows import RiskWindow as RiskWindow
    from recoverycore.plans.risk_windows import WeeklyRiskWindow as WeeklyRiskWindow
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
    "ActiveWindows",
    "AfterEventWindow",
    "AnniversaryWindow",
    "Answer",
    "AnyRiskWindow",
    "CheckInPlan",
    "Contact",
    "Content",
    "DateWindow",
    "Entry",
    "Gap",
    "History",
    "Means",
    "Occurrence",
    "PaydayWindow",
    "Place",
    "Revision",
    "RiskWindow",
    "SECTIONS",
    "Section",
    "SectionName",
    "Standing",
    "Stay",
    "Stretch",
    "Stretches",
    "Use",
    "WeeklyRiskWindow",
    "acknowledge",
    "activate",
    "active_at",
    "discard",
    "draft",
    "edit",
    "means_open",
    "next_edge",
    "next_start",
    "occurrences",
    "retire",
    "stretches",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": (
            "CheckInPlan",
            "Contact",
            "Content",
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
        "happening": ("Occurrence", "Stay", "occurrences"),
        "life_cycle": ("Answer", "acknowledge", "activate", "discard", "draft", "edit", "retire"),
        "risk_windows": (
            "AfterEventWindow",
            "AnniversaryWindow",
            "AnyRiskWindow",
            "DateWindow",
            "PaydayWindow",
            "RiskWindow",
            "WeeklyRiskWindow",
        ),
        "use": ("Use", "means_open"),
        "windows": ("ActiveWindows", "Standing", "Stretch", "Stretches", "active_at", "next_edge", "next_start", "stretches"),
    },
)
