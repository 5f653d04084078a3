"""The state machine: the library's own host keeps everything, and hosts that forget or remember too much are found out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from recoverycore.consent import ConsentBook
from recoverycore.testing.consent.machine import BookHost, ConsentMachine

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent import Decision, Directive, Request

# Enough runs for every fault below to be found; the right host is driven through as many.
RUNS = settings(max_examples=40, stateful_step_count=10, deadline=None, database=None, derandomize=True, print_blob=False)


class ForgetsRevocations(BookHost):
    """Answers are remembered by who asks and why."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[Any, Decision] = {}

    def decide(self, request: Request) -> Decision:
        return self.known.setdefault((request.recipient.id, request.purposes, request.records), super().decide(request))


class RewritesThePast(BookHost):
    """A revocation works from the beginning."""

    def revoke(self, directive: str, at: datetime, recipients: tuple[str, ...] | None) -> None:
        super().revoke(directive, at - timedelta(days=400), recipients)


class RevokesForEverybody(BookHost):
    """For whom a paper is revoked is not kept."""

    def revoke(self, directive: str, at: datetime, recipients: tuple[str, ...] | None) -> None:  # noqa: ARG002 - that is the fault
        super().revoke(directive, at, None)


class RestsForGood(BookHost):
    """A pause has no end."""

    def suspend(self, directive: str, start: datetime, end: datetime | None) -> None:  # noqa: ARG002 - that is the fault
        super().suspend(directive, start, None)


class KeepsTheOld(BookHost):
    """What a paper replaces is not kept."""

    def sign(self, directive: Directive, at: datetime) -> None:
        super().sign(directive.evolve(supersedes=()), at)


class ForgetsAtRestart(BookHost):
    """Pauses are kept in memory only."""

    def reopen(self) -> ForgetsAtRestart:
        new = ForgetsAtRestart()
        new.book = ConsentBook([each.evolve(suspensions=()) for each in self.book.directives])
        return new


class RefusesAll(BookHost):
    """Nobody sees anything, which is safe and of no use."""

    def decide(self, request: Request) -> Any:
        return {each.id: "deny" for each in request.records}


class VerdictsAlone(BookHost):
    """A host that tells a verdict for each record and no reason."""

    def decide(self, request: Request) -> Any:
        return dict(super().decide(request).records)


def machine(host: type[BookHost], **more: Any) -> type[ConsentMachine]:
    return type(host.__name__, (ConsentMachine,), {"new_host": lambda _: host(), **more})


class DropsRevocations(BookHost):
    def revoke(self, directive: str, at: datetime, recipients: tuple[str, ...] | None) -> None:
        """Nothing is kept."""


@pytest.mark.parametrize("host", [BookHost, VerdictsAlone])
def test_a_host_that_does_as_the_library_does_is_not_accused(host: type[BookHost]) -> None:
    run_state_machine_as_test(machine(host), settings=RUNS)


def test_a_host_that_may_release_less_is_not_accused_of_releasing_nothing() -> None:
    run_state_machine_as_test(machine(RefusesAll, narrower=True), settings=RUNS)


@pytest.mark.parametrize(
    ("host", "told"),
    [
        (ForgetsRevocations, "by its papers it should have been|was revoked, suspended or replaced by then"),
        (RewritesThePast, "asked again for that same instant"),
        (RevokesForEverybody, "by its papers it should have been"),
        (RestsForGood, "by its papers it should have been"),
        (KeepsTheOld, "was revoked, suspended or replaced by then|by its papers it should have been"),
        (
            ForgetsAtRestart,
            "was revoked, suspended or replaced by then|by its papers it should have been|asked again for that same instant",
        ),
        (RefusesAll, "by its papers it should have been"),
    ],
)
def test_a_host_with_a_fault_is_found_out(host: type[BookHost], told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        run_state_machine_as_test(machine(host), settings=settings(RUNS, max_examples=200, phases=[Phase.generate]))


def test_what_goes_wrong_in_several_ways_is_one_story_and_is_made_small() -> None:
    """A release on a dead paper and one that should not be come of the same fault."""
    with pytest.raises(AssertionError, match="r1 permit on g1, and g1 was revoked") as found:
        run_state_machine_as_test(
            machine(DropsRevocations), settings=settings(RUNS, stateful_step_count=5, phases=[Phase.generate, Phase.shrink])
        )
    told = "\n".join(found.value.__notes__)
    assert [told.count(each) for each in (".first(", ".revoke(", ".sign(", ".replace(", ".time_passes")] == [1, 1, 0, 0, 0]
