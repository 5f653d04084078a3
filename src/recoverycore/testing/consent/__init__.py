"""PROVE, for consent: decision tables as tests, near-miss worlds, agreement with the reference decider, and laws for any decider.

Worlds and laws speak plain JSON, so that any decider can be held against them: ``decide(case) -> answer``. `strategies` needs the extra
``testing``; nothing else here does. It may import `consent` and `ground`; tables import `hooks` too, since plugins bring profiles.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.consent.agreement import Disagreement as Disagreement
    from recoverycore.testing.consent.agreement import cells as cells
    from recoverycore.testing.consent.agreement import differences as differences
    from recoverycore.testing.consent.agreement import disagreements as disagreements
    from recoverycore.testing.consent.drawing import World as World
    from recoverycore.testing.consent.drawing import mix as mix
    from recoverycore.testing.consent.drawing import world_of as world_of
    from recoverycore.testing.consent.drawing import worlds as worlds
    from recoverycore.testing.consent.laws import LAWS as LAWS
    from recoverycore.testing.consent.laws import BrokenLaw as BrokenLaw
    from recoverycore.testing.consent.laws import broken_laws as broken_laws
    from recoverycore.testing.consent.laws import consent_laws as consent_laws
    from recoverycore.testing.consent.strategies import near_misses as near_misses
    from recoverycore.testing.consent.table_cases import DecisionCase as DecisionCase
    from recoverycore.testing.consent.table_documents import ConsentTable as ConsentTable
    from recoverycore.testing.consent.table_documents import Expectation as Expectation
    from recoverycore.testing.consent.tables import TableReport as TableReport
    from recoverycore.testing.consent.tables import cases as cases
    from recoverycore.testing.consent.tables import check_cases as check_cases

__all__ = [
    "BrokenLaw",
    "ConsentTable",
    "DecisionCase",
    "Disagreement",
    "Expectation",
    "LAWS",
    "TableReport",
    "World",
    "broken_laws",
    "cases",
    "cells",
    "check_cases",
    "consent_laws",
    "differences",
    "disagreements",
    "mix",
    "near_misses",
    "world_of",
    "worlds",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "agreement": ("Disagreement", "cells", "differences", "disagreements"),
        "drawing": ("World", "mix", "world_of", "worlds"),
        "laws": ("LAWS", "BrokenLaw", "broken_laws", "consent_laws"),
        "strategies": ("near_misses",),
        "table_cases": ("DecisionCase",),
        "table_documents": ("ConsentTable", "Expectation"),
        "tables": ("TableReport", "cases", "check_cases"),
    },
)
