"""Who covers what, in words: stretches that are alike but for their day are one line, and a hole says why nobody is there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from recoverycore.escalation.verification import Verification, verify
from recoverycore.escalation.verification.covering import Turn, turns_of
from recoverycore.testing.escalation.strategies import ZONE
from tests.escalation.verification.worlds import FROM, PROVIDERS, world

PEER = {"targets": [{"role": "peer"}]}


def shift(person: str = "ana", **hours: object) -> dict[str, object]:
    return {"person": person, "role": "peer", "from": "08:00", "to": "20:00", "zone": ZONE, **hours}


def found(*steps: dict[str, object], days: int = 7, **settings: object) -> Verification:
    made = world(*steps, **settings)  # type: ignore[arg-type]  # as written
    start = FROM + timedelta(hours=5)  # midnight in the zone
    return verify(made.protocol, made.facts, horizon=(start, start + timedelta(days=days)), providers=PROVIDERS).in_zone(ZONE)


def turns(*steps: dict[str, object], **settings: object) -> list[tuple[Turn, ...]]:
    return [each for _, each in turns_of(found(*steps, **settings))]


def test_somebody_who_is_always_there_is_there_all_the_time() -> None:
    assert turns(PEER) == [(Turn("covered", "all the time", "ana, ben"),)]


def test_the_same_hours_on_every_day_are_one_line() -> None:
    assert [each.when for each in turns(PEER, shifts=[shift()])[0] if each.kind == "covered"] == ["every day 08:00 to 20:00"]


def test_hours_on_some_days_name_them_in_the_order_of_the_week() -> None:
    told = turns(PEER, shifts=[shift(days=["sat", "mon"], **{"from": "22:00", "to": "06:00"})])[0]
    assert [each.when for each in told if each.kind == "covered"] == ["Mon, Sat 22:00 to 06:00 on the next day"]


def test_hours_that_do_not_come_on_each_of_their_days_say_how_often() -> None:
    told = [each for _, rows in turns_of(found(PEER, days=10, shifts=[shift()])) for each in rows]
    assert "10 times from Fri 2026-03-06 08:00 to 20:00" in [each.when for each in told]


def test_a_stretch_over_several_days_says_how_many() -> None:
    told = turns(PEER, shifts=[shift(days=["sat", "sun", "tue", "wed"], to="08:00")])[0]
    assert ("covered", "Tue, Sat 08:00 to 08:00 2 days later") in [(each.kind, each.when) for each in told]


@pytest.mark.parametrize(
    ("step", "kind", "who"),
    [
        ({"targets": [{"role": "chaplain"}]}, "hole", "nobody"),
        ({**PEER, "quorum": {"k": 3}}, "hole", "too few, only ana, ben"),
        ({**PEER, "when": {"days": ["mon"], "from": "08:00", "to": "09:00", "zone": ZONE}}, "outside", "outside its hours"),
    ],
)
def test_why_nobody_is_there_is_told(step: dict[str, object], kind: str, who: str) -> None:
    assert (kind, who) in [(each.kind, each.who) for each in turns(step)[0]]


def test_a_hole_that_quiet_hours_alone_make_says_so_and_whose_they_are() -> None:
    night = {"from": "22:00", "to": "07:00", "zone": ZONE}
    told = turns({"targets": [{"person": "dev"}]}, level=2, quiet=night, shifts=[shift()])[0]
    assert ("quiet", "nobody for quiet hours alone (dev: quiet hours)") in [(each.kind, each.who) for each in told]


def test_one_name_for_a_channel_is_one_provider() -> None:
    made = world(PEER)
    found = verify(made.protocol, made.facts, horizon=(FROM, FROM + timedelta(days=1)), providers={"app": "carrier", "sms": "carrier"})
    assert {each.code for each in found.errors} == {"single_provider"}
