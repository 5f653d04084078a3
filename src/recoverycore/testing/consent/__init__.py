"""PROVE, for consent: laws for any decider, decision tables as tests, near-miss worlds, broken engines, agreement with the reference.

Worlds and laws speak plain JSON, so that any decider can be held against them: ``decide(case) -> answer``. `consent_laws` holds the laws
against a policy of yours, and `grade` tells how many planted faults your own tests notice. `strategies` and `machine` need the extra
``testing``; nothing else here does. It may import `consent` and `ground`; tables import `hooks` too, since plugins bring profiles.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.consent.agreement import Disagreement as Disagreement
    from recoverycore.testing.consent.agreement import cells as cells
    from recoverycore.testing.consent.agreement import differences as differences
    from recoverycore.testing.consent.agreement import disagreements as disagreements
    from recoverycore.testing.consent.deciders import Policy as Policy
    from recoverycore.testing.consent.deciders import from_books as from_books
    from recoverycore.testing.consent.deciders import from_profile as from_profile
    from recoverycore.testing.consent.deciders import from_restrictor as from_restrictor
    from recoverycore.testing.consent.drawing import World as World
    from recoverycore.testing.consent.drawing import dealt as dealt
    from recoverycore.testing.consent.drawing import mix as mix
    from recoverycore.testing.consent.drawing import world_of as world_of
    from recoverycore.testing.consent.drawing import worlds as worlds
    from recoverycore.testing.consent.engines import ENGINES as ENGINES
    from recoverycore.testing.consent.engines import BrokenEngine as BrokenEngine
    from recoverycore.testing.consent.every_law import LAWS as LAWS
    from recoverycore.testing.consent.findings import BrokenLaw as BrokenLaw
    from recoverycore.testing.consent.findings import LawsKept as LawsKept
    from recoverycore.testing.consent.grading import Grade as Grade
    from recoverycore.testing.consent.grading import by_pytest as by_pytest
    from recoverycore.testing.consent.grading import grade as grade
    from recoverycore.testing.consent.laws import broken_laws as broken_laws
    from recoverycore.testing.consent.laws import check_law as check_law
    from recoverycore.testing.consent.laws import consent_laws as consent_laws
    from recoverycore.testing.consent.machine import BookHost as BookHost
    from recoverycore.testing.consent.machine import ConsentHost as ConsentHost
    from recoverycore.testing.consent.machine import ConsentMachine as ConsentMachine
    from recoverycore.testing.consent.strategies import near_misses as near_misses
    from recoverycore.testing.consent.strategies import register_strategies as register_strategies
    from recoverycore.testing.consent.table_cases import DecisionCase as DecisionCase
    from recoverycore.testing.consent.table_documents import ConsentTable as ConsentTable
    from recoverycore.testing.consent.table_documents import Expectation as Expectation
    from recoverycore.testing.consent.tables import TableReport as TableReport
    from recoverycore.testing.consent.tables import cases as cases
    from recoverycore.testing.consent.tables import check_cases as check_cases

__all__ = [
    "BookHost",
    "BrokenEngine",
    "BrokenLaw",
    "ConsentHost",
    "ConsentMachine",
    "ConsentTable",
    "DecisionCase",
    "Disagreement",
    "ENGINES",
    "Expectation",
    "Grade",
    "LAWS",
    "LawsKept",
    "Policy",
    "TableReport",
    "World",
    "broken_laws",
    "by_pytest",
    "cases",
    "cells",
    "check_cases",
    "check_law",
    "consent_laws",
    "dealt",
    "differences",
    "disagreements",
    "from_books",
    "from_profile",
    "from_restrictor",
    "grade",
    "mix",
    "near_misses",
    "register_strategies",
    "world_of",
    "worlds",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "agreement": ("Disagreement", "cells", "differences", "disagreements"),
        "deciders": ("Policy", "from_books", "from_profile", "from_restrictor"),
        "drawing": ("World", "dealt", "mix", "world_of", "worlds"),
        "engines": ("ENGINES", "BrokenEngine"),
        "every_law": ("LAWS",),
        "findings": ("BrokenLaw", "LawsKept"),
        "grading": ("Grade", "grade", "by_pytest"),
        "laws": ("broken_laws", "check_law", "consent_laws"),
        "machine": ("BookHost", "ConsentHost", "ConsentMachine"),
        "strategies": ("near_misses", "register_strategies"),
        "table_cases": ("DecisionCase",),
        "table_documents": ("ConsentTable", "Expectation"),
        "tables": ("TableReport", "cases", "check_cases"),
    },
)
