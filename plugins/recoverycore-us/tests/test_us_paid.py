"""What a person paid for in full stays away from health plans, for payment and operations, and from nobody else."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from recoverycore import Client, Directive, Engine, Member, Programme, Settings, Team
from recoverycore.consent import Recipient, Record, Request
from recoverycore_us.paid import PaidInFull, paid_in_full

AT = datetime(2026, 6, 15, 12, tzinfo=UTC)
PAID = {"c": ["acupuncture"]}
VISITS = ("acupuncture", "counselling")
EVERYTHING = {"labels": "*", "categories": "*", "purposes": "*", "recipients": "*"}


def withheld(client: str = "c", *, to: dict[str, Any] | None = None, purposes: tuple[str, ...] = ("payment",)) -> set[str] | None:
    request = Request(
        recipient=Recipient.model_validate({"id": "org:plan", "kind": "health_plan", **(to or {})}),
        purposes=purposes,
        at=AT,
        records=tuple(Record(id=f"r-{each}", category=each) for each in VISITS),
    )
    found = PaidInFull(PAID.get, ["org:other", "per:clerk"]).recovery_restrict_consent(client, request)
    return None if found is None else set(found.records or ())


@pytest.mark.parametrize("purpose", ["payment", "operations", "billing_support", "HPAYMT", "tpo"])
def test_a_health_plan_is_not_told_for_payment_or_operations(purpose: str) -> None:
    assert withheld(purposes=(purpose,)) == {"r-acupuncture"}
    assert withheld(purposes=("treatment", purpose)) == {"r-acupuncture"}


def test_a_health_plan_is_known_by_its_kind_its_id_or_its_organisation() -> None:
    assert withheld(to={"kind": None}) is None
    assert withheld(to={"kind": None, "id": "org:other"}) == {"r-acupuncture"}
    assert withheld(to={"kind": None, "id": "per:anybody", "org": "org:other"}) == {"r-acupuncture"}


@pytest.mark.parametrize("purposes", [("treatment",), ("research",), ()])
def test_for_anything_else_nothing_is_withheld(purposes: tuple[str, ...]) -> None:
    assert withheld(purposes=purposes) is None


def test_of_a_client_who_paid_for_nothing_nothing_is_withheld() -> None:
    assert withheld("another") == set()


def with_a_paper_for_everything(plugin: PaidInFull) -> Engine:
    """An engine in which whoever works for the plan may see everything, as far as papers go."""
    engine = Engine.in_memory([plugin], settings=Settings(restrict_within=None))
    engine.put(Programme(id="harbor", zone="UTC"), at=AT)
    engine.put(Client(id="c", zone="UTC"), at=AT)
    engine.put(Team(zone="UTC", members=(Member(id="clerk", roles=("payer",), org="plan"),)), client="c", at=AT)
    engine.put(Directive.model_validate({"id": "d", "polarity": "permit", "discloser": "*", "boxes": [EVERYTHING]}), client="c", at=AT)
    return engine


def test_in_an_engine_a_paper_for_everything_does_not_open_it() -> None:
    engine = with_a_paper_for_everything(paid_in_full({"paid": PAID, "health_plans": ["plan"]}))
    told = {why: engine.ask(client="c", who="clerk", sees=VISITS, why=why, at=AT).facts["released"] for why in ("payment", "treatment")}
    assert told == {"payment": ["counselling"], "treatment": ["acupuncture", "counselling"]}


def test_a_setting_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="paid and health_plans only"):
        paid_in_full({"plans": ["org:plan"]})


@pytest.mark.parametrize("settings", [{"paid": {"c": "acupuncture"}}, {"health_plans": "org:plan"}])
def test_one_text_where_several_belong_is_refused_and_not_read_as_its_letters(settings: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="wants lists"):
        paid_in_full(settings)


def test_in_an_engine_one_text_where_several_belong_withholds_everything() -> None:
    engine = with_a_paper_for_everything(PaidInFull({"c": "acupuncture"}.get, ["plan"]))
    assert engine.ask(client="c", who="clerk", sees=VISITS, why="payment", at=AT).facts["released"] == []


def test_the_distribution_offers_it_under_its_name_and_the_readme_tells_of_it() -> None:
    folder = Path(__file__).parents[1]
    points = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["recoverycore.plugins"]
    assert points["us.paid_in_full"] == "recoverycore_us.paid:paid_in_full"
    page = (folder / "README.md").read_text("utf-8")
    assert "`us.paid_in_full`" in page
    assert "45 CFR 164.522(a)(1)(vi)" in page
