"""A plan decides as the decision does: every part of the answer, on papers made by hand that a plan could get wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from recoverycore.consent import Facts, HeldCopy, Profile, Request, decide
from recoverycore.consent.plan import deciding, looking, near, tables
from tests.consent.papers import AT, NOON, asking, box, paper
from tests.consent.plan.test_comparing import plan

OVER = {"at": "2026-06-01"}
PAID = paper("g0", boxes=[box(purposes=["payment"])], revocations=[OVER])
AWAY = paper("g9", discloser="away")
COPIED = Facts(held_copy=HeldCopy(holder="harbor", received_under="g9"))
PASSED_ON = {"action": "redisclose"}
LAB, PLAN, LAST = {"id": "r0", "category": "lab"}, {"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}
SOURCED = {"id": "r3", "category": "plan", "labels": ["HIV"], "source": "harbor"}
DANA = {"id": "dana", "via": "hie"}
ENDING = [{"role": "nurse"}, {"role": "guest", "until": "2026-06-15"}]
TREATING = box(recipients=[{"designation": "treating", "via": "hie"}])
UNTOLD = Profile(id="law", version="1", applies=lambda matter: matter.filed_as("lab"))
"""A law that does not tell what it looks at: nothing is proved under it, and everything is decided."""


def request(**fields: Any) -> Request:
    return Request.model_validate(asking(**fields))


@pytest.mark.parametrize(
    "papers",
    [
        [paper(boxes=[box(purposes=["payment"])]), paper("g2", boxes=[box(purposes=["payment"])])],
        [paper(discloser="harbor", boxes=[box(recipients=[{"class": "tpo"}])])],
        [paper(discloser="harbor", boxes=[box(recipients=[{"class": "tpo"}, {"person": "somebody"}])])],
        [paper(boxes=[box(labels=[])])],
        [paper(boxes=[box(labels=[]), box(purposes=["payment"])])],
        [paper(boxes=[box(purposes=["payment"]), box(categories=["lab"])])],
        [paper(boxes=[box(purposes=["payment", "treatment"])]), paper("g2", boxes=[box(purposes=["research"])])],
        [paper(boxes=[box(recipients=[])])],
        [paper(boxes=[])],
        [paper(discloser=None)],
        [paper(discloser="elsewhere")],
        [paper(discloser="harbor", boxes=[box(purposes=["payment"])])],
        [paper(abuser_signed=True)],
        [paper(boxes=[box(purposes=["payment"], categories=["lab"]), box(actions=["use"])])],
        [paper(boxes=[box(recipients=[{"person": "eli"}, {"role": "nurse"}], purposes=["payment"])])],
        [paper(boxes=[box(recipients=[{"role": "nurse"}, {"person": "somebody"}], purposes=["payment"])])],
        [paper(**{"except": [{"purposes": ["treatment"]}]})],
        [paper(**{"except": [{"purposes": ["payment"]}, {"recipients": [{"role": "nurse"}]}]})],
        [paper(supersedes=["g2"]), paper("g2", boxes=[box(purposes=["payment"])])],
        [paper(revocations=[{"at": "2026-06-01", "recipients": ["eli"]}])],
        [paper(revocations=[{"at": "2026-06-01", "recipients": ["somebody"]}])],
        [paper(expires={"kind": "event", "value": "discharge"})],
        [paper(status="inactive"), paper("g2", polarity="deny")],
    ],
)
@pytest.mark.parametrize("asked", [{}, {"purposes": ["payment", "treatment"]}, {"action": "redisclose"}, {"discloser": None}])
def test_where_a_permit_fails_is_told_alike_whatever_it_says(papers: list[Any], asked: dict[str, Any]) -> None:
    made = plan(*papers)
    for at in (NOON, NOON - timedelta(days=300), NOON + timedelta(days=300)):
        there = decide(request(**asked, at=at), made.directives, client=made.setting.client)
        assert made.prepare(request(**asked)).failed(at) == there.failed
        assert made.decide(request(**asked, at=at)).failed == there.failed


@pytest.mark.parametrize(
    ("papers", "given", "asked"),
    [
        ([paper()], {}, {"purposes": []}),
        ([paper()], {}, {"records": []}),
        ([paper()], {}, {"records": [], "action": "accounting"}),
        ([paper()], {"profiles": ["us.nowhere"]}, {}),
        ([paper()], {"profiles": [UNTOLD]}, {}),
        ([{**PAID, "discloser": "harbor"}], {"facts": Facts(acted_in_reliance={"g0": ("r1",)})}, {"purposes": ["payment"]}),
        ([AWAY, paper(discloser="harbor")], {"facts": COPIED}, PASSED_ON),
        ([paper(revocations=[OVER]), paper("g2")], {}, {}),
        ([paper(revocations=[OVER])], {}, {}),
        ([paper(revocations=[{**OVER, "recipients": ["dana"]}]), paper("g2")], {}, {}),
        ([paper("d1", polarity="deny", revocations=[OVER]), paper("g2")], {}, {}),
        ([paper("d1", polarity="deny"), paper(revocations=[OVER]), paper("g2")], {}, {}),
        ([paper(revocations=[OVER]), paper("g2", supersedes=["g1"])], {}, {}),
        ([paper(revocations=[OVER]), paper("g2", supersedes=["g1"], starts="2026-06-16"), paper("g3")], {}, {}),
        ([PAID, paper(revocations=[OVER]), paper("g2")], {}, {}),
        ([PAID, paper("g2")], {}, {}),
        ([PAID, paper("g2", boxes=[box(purposes=["tpo"])])], {}, {"purposes": ["payment", "treatment"]}),
        ([paper(revocations=[OVER], **{"except": [{"purposes": ["treatment"]}]}), paper("g2")], {}, {}),
        ([paper(revocations=[OVER], starts=AT), paper("g2")], {}, {}),
        ([paper(revocations=[OVER], expires={"kind": "instant", "value": AT}), paper("g2")], {}, {}),
        ([paper(revocations=[OVER]), paper("g2")], {}, {"records": [PLAN, LAB]}),
        ([paper(revocations=[OVER]), paper("g2", boxes=[box(categories=["lab"])])], {}, {"records": [PLAN, LAB]}),
        ([paper(revocations=[OVER]), paper("g2", boxes=[box(categories="*")])], {}, {"records": [LAB, PLAN]}),
        ([paper(revocations=[OVER]), paper("g2", boxes=[box(categories="*")])], {}, {"records": [LAST, PLAN]}),
        ([paper(), paper("g2"), paper("g3", boxes=[box(categories="*")])], {}, {"records": [LAB, PLAN]}),
        ([paper(abuser_signed=True), paper("g2")], {}, {"records": [PLAN, LAB]}),
        ([paper("d1", polarity="deny", abuser_signed=True), paper("g2")], {}, {}),
        ([paper()], {}, {"records": [LAB, PLAN], "purposes": ["treatment", "payment", "BTG"]}),
        ([paper(boxes=[box(actions="*")])], {}, {"action": "use"}),
        ([paper()], {}, {"recipient": {"id": "dana", "kind": "client"}}),
        ([paper(boxes=[box(purposes=["break_glass"])])], {}, {"purposes": ["BTG"]}),
        ([paper(boxes=[box(purposes=["break_glass"])])], {}, {"purposes": ["BTG"], "records": [PLAN, LAB]}),
        ([paper(boxes=[box(labels=["HIV"])])], {"facts": Facts(sources={"harbor": ("SUD",)})}, {"discloser": None, "records": [SOURCED]}),
        ([paper(boxes=[box(data_period={"start": "2026-01-01"})])], {}, {"records": [PLAN]}),
        ([paper("d1", polarity="deny", boxes=[TREATING]), paper("g2")], {}, {"recipient": {**DANA, "treating_relationship": "unknown"}}),
        ([paper(boxes=[TREATING])], {}, {"recipient": {**DANA, "treating_relationship": "unknown"}}),
        ([paper(boxes=[TREATING])], {}, {"recipient": {**DANA, "treating_relationship": True}}),
        ([paper(boxes=[box(recipients=[{"role": "nurse"}])])], {}, {"recipient": {"id": "eli", "roles": ENDING}}),
        ([paper(boxes=[box(purposes=["operations"])])], {}, {"purposes": ["tpo"]}),
        ([paper(), paper("g2"), paper("g3")], {}, {}),
        ([paper(discloser="harbor")], {}, {}),
        ([paper(discloser="elsewhere")], {}, {}),
        ([paper(discloser="harbor")], {}, {"action": "use"}),
        ([AWAY, paper(discloser="harbor"), {**PAID, "id": "d1", "polarity": "deny"}], {"facts": COPIED}, PASSED_ON),
        ([AWAY, paper(discloser="harbor"), paper("d1", polarity="deny", discloser="elsewhere")], {"facts": COPIED}, PASSED_ON),
        ([paper()], {}, {"purposes": ["break_glass"]}),
        ([paper(boxes=[box(purposes=["break_glass"])])], {}, {"purposes": ["BTG"], "action": "use"}),
    ],
)  # fmt: skip
def test_what_is_not_everyday_is_decided_alike(papers: list[Any], given: dict[str, Any], asked: dict[str, Any]) -> None:
    made = plan(*papers, **given)
    there = decide(request(**asked), made.directives, client=made.setting.client, **{"profiles": [], "facts": Facts(), **given})
    here, again = made.decide(request(**asked)), made.prepare(request(**asked))
    assert here == there
    assert again.permits() is there.permitted
    assert again.failed() == here.failed == there.failed


def test_what_was_looked_up_once_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan(paper(revocations=[{**OVER, "recipients": ["eli"]}]), paper("g2", boxes=[box(data_period={"start": "2026-01-01"})]))
    some = [request(recipient={"id": "dana", "roles": [{"role": "guest"}]}, purposes=[each]) for each in ("treatment", "payment")]

    def told() -> list[Any]:
        ready = [made.prepare(each) for each in some]
        return [[made.decide(each), made.decide(each).failed] for each in some] + [[each.decide(), each.failed()] for each in ready]

    def nothing_new(*_: Any) -> None:
        pytest.fail("this was known")

    before = told()
    for module in (deciding, looking, near, tables):
        monkeypatch.setattr(module, "kept", nothing_new)
    monkeypatch.setattr(looking.Looking, "_found", nothing_new)
    assert told() == before


def test_records_of_one_source_are_told_apart_by_whether_it_is_the_programme_that_releases_them() -> None:
    made = plan(paper(boxes=[box(labels=["HIV"])]))
    programme, other, office = (
        {"id": name, "kind": kind} for name, kind in (("harbor", "part2_program"), ("away", "part2_program"), ("harbor", None))
    )
    for asked in (programme, other, office, programme, None, other):
        this = request(discloser=asked, records=[SOURCED])
        assert made.decide(this) == decide(this, made.directives, client=made.setting.client)
        assert made.prepare(this).permits() is (asked is not programme)


def test_a_revocation_for_some_is_told_of_them_alone_whoever_was_asked_about_before() -> None:
    made = plan(paper(boxes=[box(recipients="*", purposes=["payment"])], revocations=[{**OVER, "recipients": ["eli", "westend"]}]))
    for who in ({"id": "dana"}, {"id": "eli"}, {"id": "kim", "org": "westend"}, {"id": "dana"}):
        told = made.prepare(request(recipient=who)).failed()
        assert told == decide(request(recipient=who), made.directives, client=made.setting.client).failed
        assert told["r1"]["g1"] == (("purpose",) if who["id"] == "dana" else ("revoked", "purpose"))


def test_of_a_request_for_one_record_for_one_purpose_the_mask_is_at_hand_where_roles_last() -> None:
    made = plan(paper())
    for several in ({"records": [PLAN, LAB]}, {"purposes": ["treatment", "payment"]}, {"recipient": {"id": "dana", "roles": ENDING}}):
        assert made.prepare(request(**several)).cell is None
    assert made.prepare(request()).cell is not None


def test_before_the_first_of_all_times_nothing_is_in_force() -> None:
    made = plan(paper(starts=None, signed_on=None)).prepare(request())
    first = datetime.min.replace(tzinfo=UTC)
    assert made.permits(first)
    assert not made.permits(datetime.min.replace(tzinfo=timezone(timedelta(hours=14))))
