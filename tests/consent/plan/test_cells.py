"""A cell as plain data: what is known of it is there, and what nobody knows is left out."""

from __future__ import annotations

from datetime import date

from recoverycore.consent import Discloser, Recipient, RoleHeld
from recoverycore.consent.plan.cells import Cell
from tests.consent.papers import NOON

BARE = Cell(
    discloser=Discloser(id="org:a"), recipient=Recipient(id="sol"), purpose="care", action="disclose", labels=(), category=None, at=NOON
)
TOLD = {
    "discloser": "org:a",
    "recipient": "sol",
    "purpose": "care",
    "action": "disclose",
    "labels": [],
    "category": None,
    "at": "2026-06-15T12:00:00Z",
}


def test_of_a_cell_of_which_nothing_more_is_known_nothing_more_is_told() -> None:
    assert BARE.to_data() == TOLD


def test_everything_that_is_known_of_a_cell_is_told() -> None:
    who = Recipient(
        id="sol",
        org="clinic",
        kind="provider",
        roles=(RoleHeld(role="peer", org="clinic"),),
        treating_relationship=False,
        via="hie",
        relationship="uncle",
        admin_control_of=("org:a",),
    )
    whole = Cell(
        discloser=Discloser(id="org:a", kind="part2_program"),
        recipient=who,
        purpose="care",
        action="disclose",
        labels=("HIV",),
        category="lab",
        at=NOON,
        data_date=date(2026, 5, 1),
        class_="Claim",
        code="c1",
        ever=True,
        times=((None, NOON), (NOON, None)),
        unasked=("org",),
    )
    assert whole.to_data() == {
        **TOLD,
        "labels": ["HIV"],
        "category": "lab",
        "discloser_kind": "part2_program",
        "org": "clinic",
        "kind": "provider",
        "roles": [{"role": "peer", "org": "clinic"}],
        "treating_relationship": False,
        "via": "hie",
        "relationship": "uncle",
        "admin_control_of": ["org:a"],
        "data_date": "2026-05-01",
        "class": "Claim",
        "code": "c1",
        "times": [{"from": None, "until": TOLD["at"]}, {"from": TOLD["at"], "until": None}],
        "unasked": ["org"],
        "ever": True,
    }


def test_that_nobody_knows_a_treating_relationship_is_left_out_and_that_no_role_is_held_is_told() -> None:
    unknown = Recipient(id="sol", treating_relationship="unknown", roles=())
    told = Cell(discloser=BARE.discloser, recipient=unknown, purpose="care", action="disclose", labels=(), category=None, at=NOON).to_data()
    assert told == {**TOLD, "roles": []}


def test_a_cell_is_the_same_whatever_is_told_of_its_times() -> None:
    again = Cell(
        discloser=BARE.discloser,
        recipient=BARE.recipient,
        purpose="care",
        action="disclose",
        labels=(),
        category=None,
        at=NOON,
        ever=True,
        times=((NOON, None),),
        unasked=("org",),
    )
    assert again == BARE
