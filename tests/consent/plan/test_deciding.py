"""A plan decides as the decision does: every part of the answer, on near misses, at other instants, and many at once."""

from __future__ import annotations

import pickle
from collections import Counter
from datetime import timedelta
from itertools import chain, islice, pairwise
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from recoverycore.consent import ClientFacts, ConsentBook, Decision, Directive, Facts, Request, Restriction, decide
from recoverycore.consent.coverage import AXES
from recoverycore.consent.decision import decide_compiled
from recoverycore.consent.plan import Plan, compile_plan, near, tables
from recoverycore.consent.plan.sheet import Sheet
from recoverycore.errors import RecoveryError
from recoverycore.testing.consent import from_books, worlds
from tests.consent.fast import decided_by_it
from tests.consent.papers import AT, NOON, asking, box, paper
from tests.consent.plan.test_comparing import plan
from tests.consent.test_agreement import CORE
from tests.suite.judge_consent import PROFILES
from tools.bench._consent_world import CLIENT, PEOPLE, PURPOSES, papers, read, requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.testing.consent import World


class Answered(NamedTuple):
    """What a book answered, and what it was asked."""

    there: Decision
    plan: Plan
    request: Request
    restrictions: tuple[Restriction, ...]

    @property
    def here(self) -> Decision:
        """What the plan of the book answers."""
        return self.plan.decide(self.request, self.restrictions)


def answered(drawn: Iterable[World]) -> Iterator[Answered]:
    """Each world that can be read, as a book answers it, with its plan."""
    seen: list[Answered] = []

    class Noting(ConsentBook):
        def decide(self, request: Any = None, /, *, facts: Facts = Facts(), restrictions: Any = (), **asked: Any) -> Decision:  # noqa: B008
            there = ConsentBook.decide(self, request, facts=facts, restrictions=restrictions, **asked)
            seen.append(Answered(there, self.plan(facts), request, tuple(restrictions)))
            return there

    decide = from_books(Noting, PROFILES.values()).decide
    for world in decided_by_it(drawn):
        seen.clear()
        decide(world.case)
        yield from seen


def both(drawn: Iterable[World]) -> Iterator[tuple[Decision, Decision]]:
    """Each world, decided by the decision and by a plan."""
    for each in answered(drawn):
        yield each.there, each.here


def test_a_plan_gives_every_part_of_the_decision_on_near_misses() -> None:
    drawn = chain(islice(worlds(20260701, CORE), 500), islice(worlds(20260702), 100))
    for there, here in both(drawn):
        assert here == there
        assert here.failed == there.failed
        assert here.inputs_digest == there.inputs_digest


def where_permits_fail(drawn: Iterable[World]) -> Counter[tuple[bool, str]]:
    """How often a permit failed on each axis, with whether masks told it; each time as the decision tells it."""
    number = Counter[tuple[bool, str]]()
    for each in answered(drawn):
        made = each.plan.prepare(each.request)
        assert made.failed() == each.there.failed or each.restrictions
        told = bool(made.asked) and made.missed is not None
        number.update((told, axis) for found in made.failed().values() for axes in found.values() for axis in axes)
    return number


def test_masks_tell_where_permits_fail_as_the_decision_does_on_near_misses() -> None:
    found = where_permits_fail(islice(worlds(20260704, CORE), 400))
    told = {axis for by_masks, axis in found if by_masks}
    assert told == {*AXES} - {"form", "expression", "bar"}


@pytest.mark.prove
def test_masks_tell_where_permits_fail_on_very_many_near_misses() -> None:
    assert where_permits_fail(islice(worlds(20260705, CORE), 20_000))


def test_where_permits_fail_is_told_by_masks_for_every_request_that_is_measured() -> None:
    directives, asked = read(requests(400))
    made = compile_plan(directives, client=CLIENT)
    assert made.decider.near.told
    for each, other in pairwise(asked):
        assert made.prepare(each).failed(other.at) == decide(each.evolve(at=other.at), directives, client=CLIENT).failed


def tangled(random: Random) -> list[dict[str, Any]]:
    """The papers that are measured, and in about every third one of them something that takes away from it again, or from another."""
    found = papers()
    for each in found:
        taken = {
            "except": [{"purposes": random.sample(PURPOSES, 2)}, {"recipients": [{"person": random.choice(PEOPLE)["id"]}]}],
            "revocations": [{"at": each["starts"], "written": True, **random.choice([{}, {"recipients": [random.choice(PEOPLE)["org"]]}])}],
            "supersedes": [random.choice(found)["id"]],
            "suspensions": [{"from": "2026-05-01", "to": "2026-07-01"}],
            "discloser": "*",
        }
        each |= {name: value for name, value in taken.items() if random.random() < 1 / 3}
    return found


def test_a_plan_decides_alike_where_papers_take_away_from_themselves_and_from_each_other() -> None:
    random = Random(20260706)  # noqa: S311 - nothing secret is drawn
    some, warned = requests(2000), 0
    for _ in range(4):
        directives = [Directive.model_validate(each) for each in tangled(random)]
        made = compile_plan(directives, client=CLIENT)
        assert made.decider.near.told
        for each in random.sample(some, 150):
            asked = Request.model_validate({**each, "purposes": random.sample(PURPOSES, random.choice([1, 1, 2]))})
            here, there = made.decide(asked), decide(asked, directives, client=CLIENT)
            assert here == there
            assert here.failed == there.failed
            warned += "warn_overlapping_grant" in here.codes
    assert warned


def test_a_ground_that_is_taken_for_another_axis_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "_AXES", ("recipient", "discloser", *near._AXES[2:]))
    with pytest.raises(AssertionError):
        test_where_permits_fail_is_told_by_masks_for_every_request_that_is_measured()


@pytest.mark.prove
def test_a_plan_gives_every_part_of_the_decision_on_very_many_near_misses() -> None:
    for there, here in both(islice(worlds(20260703, CORE), 20_000)):
        assert (here, dict(here.failed)) == (there, dict(there.failed))


def test_a_plan_that_lets_a_refusal_pass_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sheet, "covering", lambda self, mask: mask & self.books[0].permitting)
    found = both(islice(worlds(20260701, CORE), 500))
    assert any(here != there for there, here in found)


def request(**fields: Any) -> Request:
    return Request.model_validate(asking(**fields))


def test_a_prepared_request_is_asked_again_at_other_instants() -> None:
    made = plan(paper(starts="2026-06-15", expires={"kind": "date", "value": "2026-06-15"}))
    asked = made.prepare(request())
    days = [NOON + timedelta(days=day) for day in (-1, 0, 1)]
    assert [asked.permits(at) for at in days] == [False, True, False]
    assert [asked.basis(at) for at in days] == [None, "g1", None]
    for at in days:
        assert asked.decide(at) == decide(request(at=at), made.directives, client=made.setting.client)


def test_a_prepared_request_comes_to_what_is_decided_on_both_sides_of_every_instant() -> None:
    answers = Counter[bool]()
    for each in answered(islice(worlds(20260706, CORE), 150)):
        asked = each.plan.prepare(each.request)
        instants = [at for at in each.plan.consents.instants if 1 < at.year < 9998]
        for at in (at + timedelta(microseconds=apart) for at in instants for apart in (-1, 0)):
            there = decide_compiled(each.plan.consents, each.request.evolve(at=at), each.plan.facts)
            assert (asked.permits(at), asked.basis(at)) == (there.permitted, there.basis)
            answers[there.permitted] += 1
    assert min(answers[True], answers[False]) > 100


def test_a_prepared_request_is_asked_at_no_time_without_an_offset() -> None:
    for made in (plan(paper()), plan(paper(starts=None, signed_on=None, expires={"kind": "none"})), plan()):
        asked = made.prepare(request())
        for ask in (asked.permits, asked.basis, asked.decide, asked.failed):
            with pytest.raises(RecoveryError, match="naive_time"):
                ask(NOON.replace(tzinfo=None))
        assert asked.permits(NOON) is asked.permits()
        with pytest.raises(RecoveryError, match="naive_time"):
            asked.permits(NOON.replace(tzinfo=None))


def test_a_role_that_ends_is_held_no_longer_when_a_prepared_request_is_asked_later() -> None:
    made = plan(paper(boxes=[box(recipients=[{"role": "nurse"}])]))
    asked = made.prepare(request(recipient={"id": "eli", "roles": [{"role": "nurse", "until": "2026-06-15"}]}))
    assert [asked.permits(NOON + timedelta(hours=hours)) for hours in (0, 11, 12)] == [True, True, False]


def test_several_records_and_purposes_are_one_answer() -> None:
    records = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}]
    made = plan(paper(), paper("g2", boxes=[box(categories=["plan"], purposes=["payment"])]))
    asked = request(records=records, purposes=["treatment", "payment"])
    found = made.decide(asked)
    assert (found.verdict, found.withheld, found.basis) == ("partial", ("r2",), ("g1", "g2"))
    assert not made.prepare(asked).permits()


def test_two_purposes_that_are_one_by_another_name_are_asked_of_every_record() -> None:
    asked = request(records=[{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}], purposes=["treatment", "TREAT"])
    assert plan(paper()).decide(asked).records == {"r1": "permit", "r2": "deny"}


def test_many_requests_are_answered_in_their_order() -> None:
    made = plan(paper())
    asked = [request(purposes=[each]) for each in ("payment", "treatment", "research")]
    assert [each.verdict for each in made.decide_all(asked)] == ["deny", "permit", "deny"]
    assert made.permits_all(asked) == [False, True, False]


def test_a_restriction_denies_what_a_plan_permits() -> None:
    found = plan(paper()).decide(request(), [Restriction("strict")])
    assert (found.verdict, found.rules["r1"]) == ("deny", ("restrictor:strict",))


def test_where_a_permit_failed_is_worked_out_when_it_is_looked_at() -> None:
    found = plan(paper()).decide(request(purposes=["payment"], at=AT))
    assert found.failed["r1"]["g1"] == ("purpose",)
    assert found.explain().splitlines()[1] == "r1 deny: default; g1 fails on purpose"


@pytest.mark.parametrize("name", ["records", "rules", "failed", "defects", "case"])
def test_whichever_part_of_an_answer_is_looked_at_first_is_there(name: str) -> None:
    made = plan(paper(boxes=[box(purposes=["payment"])], abuser_signed=True))
    slow = decide(request(), made.directives, client=made.setting.client)
    assert getattr(made.decide(request()), name) == getattr(slow, name)


def test_a_decision_is_put_into_a_pickle_and_is_the_same_when_it_comes_out() -> None:
    made = plan(paper(abuser_signed=True), paper("g2"))
    for found in (made.decide(request()), decide(request(), made.directives, client=made.setting.client)):
        again = pickle.loads(pickle.dumps(found))  # noqa: S301 - it was made here
        assert (again, hash(again), again.case, again.staff_view) == (found, hash(found), found.case, found.staff_view)
        with pytest.raises(TypeError):
            again.records["r1"] = "deny"


def test_what_is_done_to_one_answer_is_in_no_other() -> None:
    asked = Request.model_validate(asking())
    abused = plan(paper(abuser_signed=True))
    with pytest.raises(TypeError):
        abused.decide(asked).defects["r1"]["g1"] = ()  # type: ignore[index]  # that is the point
    assert abused.decide(asked).defects == {"r1": {"g1": ("abuser_signed",)}}


def test_strange_requests_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_AT_MOST", 20)
    known = plan(paper())
    answers = known.permits_all(Request.model_validate(asking(recipient={"id": f"somebody {each}"})) for each in range(50))
    assert not any(answers)
    assert len(known.decider.sheet.tables._known) <= 20
    assert len(known.decider.looking._people) <= 20
    for each in range(50):
        strange = request(records=[{"id": "r1", "category": f"category {each}"}], at=NOON + timedelta(days=each))
        assert known.prepare(strange).failed()["r1"]["g1"][-1] == "category"
    told = known.decider.near
    assert max(len(told._matters), len(told._bytes), len(told._standing), *map(len, told._shared.values())) <= 20


def test_plans_are_equal_only_if_they_are_read_alike() -> None:
    papers = [Directive.model_validate(paper())]
    assert compile_plan(papers) == compile_plan(papers)
    for others in ({"client": ClientFacts(minor=True)}, {"profiles": [PROFILES["us.hipaa"]]}, {"policy": {"tell_withheld": True}}):
        assert compile_plan(papers) != compile_plan(papers, **others)
