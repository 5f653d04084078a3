"""A client's consents as a plan: compiled once, decided on often, and asked what they permit to anybody at any time.

`compile_plan` makes it and `compare` holds two against each other; what never happens, what is redundant, who can see what and what a
revocation would do are questions to the `Plan`. Answers are proofs, by classes of values that no paper tells apart. It may import the
rest of `consent`, and `ground`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.consent.plan.answers import Comparison as Comparison
    from recoverycore.consent.plan.answers import Never as Never
    from recoverycore.consent.plan.answers import Revoked as Revoked
    from recoverycore.consent.plan.cells import Cell as Cell
    from recoverycore.consent.plan.cells import ListedVocabulary as ListedVocabulary
    from recoverycore.consent.plan.matrix import Kind as Kind
    from recoverycore.consent.plan.matrix import Matrix as Matrix
    from recoverycore.consent.plan.plan import Plan as Plan
    from recoverycore.consent.plan.plan import compare as compare
    from recoverycore.consent.plan.plan import compile_plan as compile_plan
    from recoverycore.consent.plan.signing import Signing as Signing
    from recoverycore.consent.plan.signing import signing as signing

__all__ = [
    "Cell",
    "Comparison",
    "Kind",
    "ListedVocabulary",
    "Matrix",
    "Never",
    "Plan",
    "Revoked",
    "Signing",
    "compare",
    "compile_plan",
    "signing",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "answers": ("Comparison", "Never", "Revoked"),
        "cells": ("Cell", "ListedVocabulary"),
        "matrix": ("Kind", "Matrix"),
        "plan": ("Plan", "compare", "compile_plan"),
        "signing": ("Signing", "signing"),
    },
)
