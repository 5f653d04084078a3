"""Deciders with one planted fault each, to see whether tests notice: what is wrong in a sentence, and a law that it breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from attrs import field, frozen

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import faults_of_answers, faults_of_papers, faults_of_profiles, faults_of_standing
from recoverycore.testing.consent.asking import Decide

__all__ = ["ENGINES", "BrokenEngine"]


@frozen
class BrokenEngine:
    """A decider with one fault: `wrong` says which in a sentence, `breaks` is the name of a law that notices it.

    Nothing inside a decider is touched: it is asked another question, or its answer is changed. So any decider can be broken in this way.
    """

    name: str
    wrong: str
    breaks: str
    wrap: Callable[[Decide], Decide] = field(repr=False)

    def decider(self, decide: Decide = reference_decide) -> Decide:
        """`decide` with the fault. What it remembers, it remembers for itself: each call makes a new one."""
        return self.wrap(decide)


_FAULTS = (*faults_of_papers.FAULTS, *faults_of_standing.FAULTS, *faults_of_answers.FAULTS, *faults_of_profiles.FAULTS)
ENGINES: Mapping[str, BrokenEngine] = MappingProxyType({fault[0]: BrokenEngine(*fault) for fault in _FAULTS})
"""Every broken engine that comes along, by name."""
