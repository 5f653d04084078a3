"""WHAT: plans as revisions in a person's own words, the log of their use, and the windows in which they are offered.

A plan changes only by a new revision; nothing that happens resets it. It imports `ground` and no sibling.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.plans.documents import SECTIONS as SECTIONS
    from recoverycore.plans.documents import AnniversaryWindow as AnniversaryWindow
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
    from recoverycore.plans.life_cycle import Answer as Answer
    from recoverycore.plans.life_cycle import acknowledge as acknowledge
    from recoverycore.plans.life_cycle import activate as activate
    from recoverycore.plans.life_cycle import discard as discard
    from recoverycore.plans.life_cycle import draft as draft
    from recoverycore.plans.life_cycle import edit as edit
    from recoverycore.plans.life_cycle import retire as retire
    from recoverycore.plans.use import Use as Use
    from recoverycore.plans.use import means_open as means_open
    from recoverycore.plans.windows import ActiveWindows as ActiveWindows
    from recoverycore.plans.windows import Occurrence as Occurrence
    from recoverycore.plans.windows import active_at as active_at
    from recoverycore.plans.windows import next_edge as next_edge
    from recoverycore.plans.windows import occurrences as occurrences

__all__ = [
    "ActiveWindows",
    "AnniversaryWindow",
    "Answer",
    "CheckInPlan",
    "Contact",
    "Content",
    "Entry",
    "Gap",
    "History",
    "Means",
    "Occurrence",
    "Place",
    "Revision",
    "SECTIONS",
    "Section",
    "SectionName",
    "Use",
    "acknowledge",
    "activate",
    "active_at",
    "discard",
    "draft",
    "edit",
    "means_open",
    "next_edge",
    "occurrences",
    "retire",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": (
            "AnniversaryWindow",
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
        "life_cycle": ("Answer", "acknowledge", "activate", "discard", "draft", "edit", "retire"),
        "use": ("Use", "means_open"),
        "windows": ("ActiveWindows", "Occurrence", "active_at", "next_edge", "occurrences"),
    },
)
