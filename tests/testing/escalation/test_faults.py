"""Broken machines that are shipped: the laws find each of them, and `grade` says which ones a check lets pass."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from recoverycore.escalation import step
from recoverycore.testing.escalation.checking import World
from recoverycore.testing.escalation.faults import FAULTS, grade
from tests.testing.clinic.night_call import MONDAY, facts, protocol

if TYPE_CHECKING:
    from recoverycore.testing.escalation.moments import Stepping


def breaks_a_law(machine: Stepping, runs: int = 200) -> bool:
    world = World(protocol(), facts(), MONDAY, machine)
    return any(world.drawn(Random(f"2/{number}"))[1] for number in range(runs))  # noqa: S311 - nothing secret is drawn


@pytest.mark.parametrize("name", FAULTS)
def test_the_laws_find_a_machine_that(name: str) -> None:
    assert breaks_a_law(FAULTS[name]())


def test_the_laws_find_no_fault_with_the_real_machine() -> None:
    assert not breaks_a_law(step, 10)


def test_tests_that_look_at_nothing_notice_nothing() -> None:
    found = grade(lambda _: True)
    assert found.missed == tuple(FAULTS)
    assert not found.ok
    assert str(found).startswith(f"Your tests notice 0 of {len(FAULTS)} broken machines.\n  not noticed: a machine that ")


def test_whatever_tests_raise_is_a_fault_that_was_noticed() -> None:
    def check(machine: Stepping) -> None:
        assert machine is step

    assert grade(check).ok
    assert str(grade(check)) == f"Your tests notice {len(FAULTS)} of {len(FAULTS)} broken machines."


def test_tests_that_accuse_the_real_machine_are_no_tests() -> None:
    with pytest.raises(ValueError, match="nothing is broken"):
        grade(lambda _: False)
