"""What a hook is to the dispatcher: its policy, readable from its name, its parameters and the check of its answers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from attrs import frozen

from recoverycore.errors import PluginError, problem
from recoverycore.ground import nearest
from recoverycore.hooks.marks import CONTRACT

__all__ = ["Hook", "Lattice", "Policy", "Unfit", "hooks_of"]

Policy: TypeAlias = Literal["provide", "contribute", "join", "fan_out"]
_T = TypeVar("_T")

# Prefix of the name -> policy, and the status of an answer None.
_GRAMMAR: Mapping[str, tuple[Policy, Literal["ok", "abstained", "invalid"]]] = {
    "recovery_provide_": ("provide", "invalid"),
    "recovery_contribute_": ("contribute", "abstained"),
    "recovery_restrict_": ("join", "abstained"),
    "recovery_elevate_": ("join", "abstained"),
    "recovery_deliver_": ("fan_out", "abstained"),
    "recovery_on_": ("fan_out", "ok"),
}


_RESERVED = frozenset({"deadline", "now", "on_late"})
"""What the calls of `Plugins` take for themselves, so no hook can have a parameter of that name."""


class Unfit(Exception):
    """A plugin's answer that its hook does not allow. The text names types and places, never a value."""


@frozen(eq=False)
class Lattice(Generic[_T]):
    """How the answers to a join become one value, such that no plugin can undo another's.

    `join` is associative, commutative and idempotent; `start` changes nothing; `in_doubt` stands for a plugin that
    raised, was late or answered nonsense: the full restriction, or the elevation that asks a human.
    """

    start: _T
    join: Callable[[_T, _T], _T]
    in_doubt: _T


@frozen(eq=False)
class Hook:
    """One hook as the dispatcher sees it. `parameters` maps each name to its default, or to ``Parameter.empty``."""

    name: str
    policy: Policy
    when_none: Literal["ok", "abstained", "invalid"]
    parameters: Mapping[str, Any]
    check: Callable[[Any], object]
    lattice: Lattice[Any] | None

    def arguments(self, given: Mapping[str, object]) -> dict[str, object]:
        """`given` with the defaults of the specification; a missing or unknown name is a mistake of the caller."""
        filled = {**self.parameters, **given}
        missing = [name for name, value in filled.items() if value is inspect.Parameter.empty]
        unknown = [name for name in given if name not in self.parameters]
        if missing or unknown:
            names = ", ".join([*(f"missing {name}" for name in missing), *(f"unknown {name}" for name in unknown)])
            guess = nearest(unknown[0], self.parameters) if unknown else None
            raise PluginError(problem("hook_call", did_you_mean=guess, detail=f"{self.name}: {names}"))
        return filled


def hooks_of(specs: type) -> dict[str, Hook]:
    """Every hook that the specification class has, its inherited ones too, by name."""
    return {name: _hook(name, function) for name, function in inspect.getmembers(specs, inspect.isfunction) if name.startswith("recovery_")}


def _hook(name: str, function: Callable[..., object]) -> Hook:
    prefix = next((each for each in _GRAMMAR if name.startswith(each)), None)
    contract = getattr(function, CONTRACT, None)
    if prefix is None or contract is None or (_GRAMMAR[prefix][0] == "join") != (contract[1] is not None):
        raise PluginError(problem("hook_spec", detail=name))
    policy, when_none = _GRAMMAR[prefix]
    _, *parameters = inspect.signature(function).parameters.values()  # the first is self
    check, lattice = contract
    if _RESERVED.intersection(each.name for each in parameters):
        raise PluginError(problem("hook_spec", detail=name))
    return Hook(name, policy, when_none, {each.name: each.default for each in parameters}, check, lattice)
