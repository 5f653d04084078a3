"""Peers of the consent bench, each in its best mode: everything that can be prepared is prepared before the clock runs.

They are installed into a folder of their own when the bench first needs them; no test does. In the environment itself one of them would
put its own package `tests` in the way of ours.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
from importlib import import_module, invalidate_caches
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tools.bench._consent_world import DISCLOSER, LABELS, PEOPLE, Box, Flat, tokens
from tools.process import ROOT, run

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PEERS", "Casbin", "Cedar", "Naive", "Vakt", "install", "wider_by_z3"]

PEERS = {"cedarpy": "cedarpy>=4.12", "vakt": "vakt>=1.6", "casbin": "casbin>=1.43", "z3": "z3-solver>=4.15"}

FOLDER = ROOT / ".venv" / "peers"


def install() -> dict[str, str]:
    """The peers with their versions, installed where they are missing. Error: `RuntimeError`."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    missing = [wanted for module, wanted in PEERS.items() if find_spec(module) is None]
    if missing:
        uv = shutil.which("uv")
        with_pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
        command = [uv, "pip", "install", "--python", sys.executable] if uv else with_pip
        if run(*command, "--quiet", "--target", str(FOLDER), *missing):
            raise RuntimeError("the peers could not be installed: " + ", ".join(missing))
        invalidate_caches()
    return {module: version(wanted.partition(">")[0]) for module, wanted in PEERS.items()}


class Naive:
    """A loop over attrs objects in plain Python, the test that most often fails first."""

    def __init__(self, boxes: list[Box]) -> None:
        self.denies = tuple(each for each in boxes if not each.permits)
        self.permits = tuple(each for each in boxes if each.permits)

    def ask(self, asked: Flat) -> bool:
        """Whether it is permitted."""
        for box in self.denies:
            if (
                asked.category in box.categories
                and asked.purpose in box.purposes
                and box.start <= asked.at < box.end
                and (box.labels is None or not box.labels.isdisjoint(asked.labels))
                and not box.whom.isdisjoint(asked.whom)
            ):
                return False
        for box in self.permits:
            if (
                asked.category in box.categories
                and asked.purpose in box.purposes
                and box.start <= asked.at < box.end
                and (box.labels is None or asked.labels <= box.labels)
                and not box.whom.isdisjoint(asked.whom)
            ):
                return True
        return False


class Cedar:
    """Cedar by cedarpy: policies and entities parsed once, each request with its context as text already."""

    def __init__(self, boxes: list[Box]) -> None:
        self.cedar = import_module("cedarpy")
        self.text = "\n".join(map(_cedar_policy, boxes))
        self.policies = self.cedar.PolicySet.from_str(self.text)
        self.entities = self.cedar.Entities.from_json_str(json.dumps(_cedar_entities()))
        self.named = [each.paper for each in boxes]

    def parse(self) -> None:
        """Parse the policies anew."""
        self.cedar.PolicySet.from_str(self.text)

    @staticmethod
    def prepared(asked: Flat) -> dict[str, Any]:
        """A request as Cedar takes it."""
        context = {"purpose": asked.purpose, "category": asked.category, "labels": sorted(asked.labels), "at": asked.at}
        return {
            "principal": {"type": "P", "id": asked.person},
            "action": {"type": "Action", "id": "disclose"},
            "resource": {"type": "R", "id": DISCLOSER},
            "context": json.dumps(context),
        }

    def ask(self, prepared: dict[str, Any]) -> bool:
        """Whether it is permitted."""
        return bool(self.cedar.is_authorized(prepared, self.policies, self.entities).allowed)

    def reasons(self, prepared: dict[str, Any]) -> list[str]:
        """The papers that decide."""
        found = self.cedar.is_authorized(prepared, self.policies, self.entities)
        return [self.named[int(name.removeprefix("policy"))] for name in found.diagnostics.reasons]

    def batch(self, prepared: list[dict[str, Any]]) -> list[bool]:
        """The same for many, in one call."""
        return [each.allowed for each in self.cedar.is_authorized_batch(prepared, self.policies, self.entities)]


def _cedar_policy(box: Box) -> str:
    whom = " || ".join(f"principal in T::{json.dumps(each)}" for each in sorted(box.whom))
    labels = "true"
    if box.labels is not None:
        labels = f"{_cedar_set(box.labels)}.{'containsAll' if box.permits else 'containsAny'}(context.labels)"
    return (
        f'{"permit" if box.permits else "forbid"}(principal, action == Action::"disclose", resource == R::{json.dumps(DISCLOSER)}) when {{'
        f" {_cedar_set(box.categories)}.contains(context.category) && {_cedar_set(box.purposes)}.contains(context.purpose)"
        f" && context.at >= {box.start} && context.at < {box.end} && {labels} && ({whom}) }};"
    )


def _cedar_set(values: frozenset[str]) -> str:
    return json.dumps(sorted(values))


def _cedar_entities() -> list[dict[str, Any]]:
    return [
        {"uid": {"type": "P", "id": each["id"]}, "attrs": {}, "parents": [{"type": "T", "id": token} for token in sorted(tokens(each))]}
        for each in PEOPLE
    ]


class Vakt:
    """vakt with its rules checker and its memory storage."""

    def __init__(self, boxes: list[Box]) -> None:
        logging.getLogger("vakt").setLevel(logging.CRITICAL)
        vakt, rules = import_module("vakt"), import_module("vakt.rules")
        self.inquiry = vakt.Inquiry
        storage = vakt.MemoryStorage()
        for number, box in enumerate(boxes):
            asked: dict[str, Any] = {"category": rules.In(*box.categories)}
            if box.labels is not None:
                asked["labels"] = (rules.AllIn if box.permits else rules.AnyIn)(*box.labels)
            storage.add(
                vakt.Policy(
                    number,
                    effect=vakt.ALLOW_ACCESS if box.permits else vakt.DENY_ACCESS,
                    subjects=[{"whom": rules.AnyIn(*box.whom)}],
                    actions=[rules.Eq("disclose")],
                    resources=[asked],
                    context={
                        "purpose": rules.In(*box.purposes),
                        "at": rules.And(rules.GreaterOrEqual(box.start), rules.Less(box.end)),
                    },
                )
            )
        self.guard = vakt.Guard(storage, vakt.RulesChecker())

    def prepared(self, asked: Flat) -> Any:
        """A request as vakt takes it."""
        return self.inquiry(
            subject={"whom": list(asked.whom)},
            action="disclose",
            resource={"category": asked.category, "labels": list(asked.labels)},
            context={"purpose": asked.purpose, "at": asked.at},
        )

    def ask(self, prepared: Any) -> bool:
        """Whether it is permitted."""
        return bool(self.guard.is_allowed_check(prepared))


_MODEL = """
[request_definition]
r = asked
[policy_definition]
p = box, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = covers(r.asked, p.box)
"""


class Casbin:
    """casbin with one function as its matcher, which reads a box by its number."""

    def __init__(self, boxes: list[Box]) -> None:
        casbin = import_module("casbin")
        model = casbin.Model()
        model.load_model_from_text(_MODEL)
        self.enforcer = casbin.Enforcer(model)
        one = [Naive([each]) for each in boxes]
        covers: Callable[[Flat, str], bool] = lambda asked, number: (  # noqa: E731 - casbin takes a function by name
            one[int(number)].ask(asked) if boxes[int(number)].permits else _denied(boxes[int(number)], asked)
        )
        self.enforcer.add_function("covers", covers)
        for number, box in enumerate(boxes):
            self.enforcer.add_policy(str(number), "allow" if box.permits else "deny")

    def ask(self, asked: Flat) -> bool:
        """Whether it is permitted."""
        return bool(self.enforcer.enforce(asked))


def _denied(box: Box, asked: Flat) -> bool:
    return (
        asked.category in box.categories
        and asked.purpose in box.purposes
        and box.start <= asked.at < box.end
        and (box.labels is None or not box.labels.isdisjoint(asked.labels))
        and not box.whom.isdisjoint(asked.whom)
    )


def wider_by_z3(old: list[Box], new: list[Box]) -> tuple[bool, bool]:
    """Whether there is something that only the new boxes permit, and something that only the old ones do: by z3, encoding included."""
    z3 = import_module("z3")
    code = z3.Int("category"), z3.Int("purpose"), z3.Int("at")
    numbers: dict[str, int] = {}
    labels = {name: z3.Bool(f"label {name}") for name in (*LABELS, "(any other)")}
    tokens_held: dict[str, Any] = {}

    def number(value: str) -> int:
        return numbers.setdefault(value, len(numbers))

    def covers(box: Box) -> Any:
        category, purpose, at = code
        held = [labels[name] for name in labels if box.labels is not None and (name in box.labels) is not box.permits]
        parts = [
            z3.Or([category == number(each) for each in sorted(box.categories)]),
            z3.Or([purpose == number(each) for each in sorted(box.purposes)]),
            at >= box.start,
            at < box.end,
            z3.Or([tokens_held.setdefault(each, z3.Bool(each)) for each in sorted(box.whom)]),
        ]
        if box.labels is not None:
            parts.append(z3.Not(z3.Or(held)) if box.permits else z3.Or([labels[name] for name in sorted(box.labels)]))
        return z3.And(parts)

    def permitted(boxes: list[Box]) -> Any:
        permits, denies = ([covers(each) for each in boxes if each.permits is kind] for kind in (True, False))
        return z3.And(z3.Or(permits), z3.Not(z3.Or(denies)))

    def possible(one: Any, other: Any) -> bool:
        solver = z3.Solver()
        solver.add(one, z3.Not(other))
        return bool(solver.check() == z3.sat)

    before, after = permitted(old), permitted(new)
    return possible(after, before), possible(before, after)
