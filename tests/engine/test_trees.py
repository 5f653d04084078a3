"""A consent that came as a tree is kept, decides, ends and is withdrawn like one in boxes."""

from __future__ import annotations

from recoverycore.consent import Directive, TreeDirective
from tests.engine.clinic import ME, MINUTE, NIGHT, call, clinic

TREE = TreeDirective.model_validate(
    {
        "id": "t1", "format": "fhir-r5", "status": "active", "discloser": "riverside", "signed_by": ["client"], "signed_on": "2026-01-01",
        "decision": "deny", "root": {}, "provisions": [{"actor": ["friend_bea"], "purpose": ["crisis"], "category": ["contact", "sleep"]}],
    }
)  # fmt: skip
ASKED = {"client": ME, "who": "friend_bea", "sees": ["sleep"], "why": "crisis"}


def test_a_tree_is_kept_beside_the_boxes_and_each_is_found_as_what_it_is() -> None:
    engine = clinic()
    engine.put(TREE, client=ME, at=NIGHT)
    assert engine.get(TreeDirective, "t1", client=ME) == TREE
    assert engine.get(Directive, "t1", client=ME) is None
    assert engine.get(Directive, "c2", client=ME) is not None
    assert "t1" not in {each.id for each in engine.kept(Directive, client=ME)}


def test_what_a_tree_permits_is_released_until_it_is_withdrawn() -> None:
    engine = clinic()
    assert not engine.may_see(**ASKED, at=NIGHT)["released"]
    engine.put(TREE, client=ME, at=NIGHT)
    assert engine.may_see(**ASKED, at=NIGHT)["because"] == ["t1"]
    engine.withdraw("t1", client=ME, by="client", at=NIGHT + MINUTE)
    assert not engine.may_see(**ASKED, at=NIGHT + 2 * MINUTE)["released"]


def test_a_run_goes_on_when_a_tree_refuses_what_the_boxes_gave() -> None:
    engine = clinic()
    call(engine)
    assert engine.runs(client=ME)[0].facts.consent["friend_bea"].contact == "permit"
    engine.put(TREE.evolve(id="t2", provisions=()), client=ME, at=NIGHT + MINUTE)
    engine.tick(NIGHT + 2 * MINUTE)
    engine.acknowledge(engine.runs(client=ME)[0].run, by="peer_ade", at=NIGHT + 3 * MINUTE)
    (run,) = engine.runs(client=ME)
    assert run.facts.consent["friend_bea"].contact == "deny"
    assert run.owner == "peer_ade"
