"""What every plugin that contributes is held against, whatever it contributes: what it is for, what it answers, and rules about both."""

from __future__ import annotations

import contextlib
import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from recoverycore.errors import PluginError
from recoverycore.hooks import Plugins
from recoverycore.hooks.checks import wanted_parameters
from recoverycore.testing.plugins.host import no_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.hooks import Report

__all__ = ["RULES", "ContributedGiven"]

_NOWHERE = ("AQ", "ZZ-TOP", "")
"""Where nothing holds and nobody can be reached: no country, or none with a telephone network of its own."""


class ContributedGiven:
    """A plugin that contributes for regions, and what it is said to be for. What is worked out from its answers is worked out once.

    `regions` are those that it must answer for; with `worldwide` it may answer for any other too.
    """

    hook: ClassVar[str]
    noun: ClassVar[str]
    """What one thing that it contributes is called."""

    def __init__(self, plugin: object, regions: tuple[str, ...], *, worldwide: bool = False) -> None:
        self.plugin = plugin
        self.regions = regions
        self.worldwide = worldwide

    def ask(self, region: str, *others: object) -> Report:
        """What the plugin, and any `others` beside it, answers for `region`, as an engine asks. Raises what an engine would refuse."""
        return Plugins.build([self.plugin, *others]).contribute(self.hook, region=region)

    @cached_property
    def accepted(self) -> bool:
        """Whether an engine takes the plugin. If not, a rule of its own tells why, and every other has nothing to look at."""
        try:
            Plugins.build([self.plugin])
        except PluginError:
            return False
        return True

    def answer(self, region: str) -> list[dict[str, Any]]:
        """The documents that the plugin gives for `region`; none where it abstains, fails or is refused."""
        return [document for answer in self.ask(region).values.values() for document in answer] if self.accepted else []

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """Every document for the own regions, by a label that a sentence can name: its id, or its place."""
        found: dict[str, dict[str, Any]] = {}
        for region in self.regions:
            for place, document in enumerate(self.answer(region)):
                label = str(document.get("id", f"{self.noun} {place} for {region}"))
                while found.get(label, document) != document:
                    label = f"{label} (again)"
                found[label] = document
        return found


def is_accepted_by_an_engine(given: ContributedGiven) -> Iterator[str]:
    """An engine takes the plugin, asks it, and gets an answer that it can use."""
    try:
        report = given.ask(given.regions[0])
    except PluginError as error:
        yield from (f"an engine refuses the plugin: {each}" for each in error.problems)
        return
    if not report.outcomes:
        yield f"the plugin does not implement {given.hook}, so nobody asks it for {given.noun}s"
    yield from (f"asked for {given.regions[0]} the plugin did not answer well: {each.error or each.status}" for each in report.bad)


def answers_for_its_regions_only(given: ContributedGiven) -> Iterator[str]:
    """Its regions get what it is for; elsewhere the answer is nothing, and no error."""
    for region in given.regions if given.accepted else ():
        if not given.answer(region):
            yield f"asked for {region}, for which it is, the plugin has no {given.noun}"
    for region in _NOWHERE if given.accepted else ():
        report = given.ask(region)
        if report.bad:
            yield f"asked for a region that is not its own ({region or 'nothing'}) the plugin failed; it should answer None"
        found = [each for answer in report.values.values() for each in answer]
        if found and not given.worldwide:
            yield f"asked for a region that is not its own ({region or 'nothing'}) the plugin gave {len(found)} {given.noun}s, not None"


def answers_alike_each_time(given: ContributedGiven) -> Iterator[str]:
    """Asked twice it answers the same, whatever became of the first answer."""
    for region in given.regions:
        if not given.answer(region):
            continue  # rules of their own tell why
        first = _asked(given, region)
        kept = copy.deepcopy(first)
        with _spoiled(first):
            differs = _asked(given, region) != kept
        if differs:
            yield f"asked twice for {region} the plugin answered differently: whoever changed the first answer changed the second"


def _asked(given: ContributedGiven, region: str) -> list[Any]:
    """What the plugin itself hands over, of which an engine would take a copy."""
    ask = getattr(given.plugin, given.hook)
    return list(ask(**dict.fromkeys(wanted_parameters(ask), region)) or ())


@contextlib.contextmanager
def _spoiled(value: Any) -> Iterator[None]:
    """Inside, everything in an answer that can be changed is empty; afterwards it is as it was, so that no other rule meets it so."""
    within = list(value.values() if isinstance(value, dict) else value)
    with contextlib.ExitStack() as stack:
        for each in within:
            if isinstance(each, dict | list | tuple):
                stack.enter_context(_spoiled(each))
        if isinstance(value, dict | list):
            was = copy.copy(value)
            value.clear()
            stack.callback(value.update if isinstance(value, dict) else value.extend, was)
        yield


def needs_no_network(given: ContributedGiven) -> Iterator[str]:
    """It answers without a network: in a crisis there may be none."""
    with no_network():
        report = given.ask(given.regions[0]) if given.accepted else None
    yield from (f"without a network the plugin does not answer ({each.error})" for each in (report.bad if report else ()))


RULES: tuple[Callable[[ContributedGiven], Iterator[str]], ...] = (
    is_accepted_by_an_engine,
    answers_for_its_regions_only,
    answers_alike_each_time,
    needs_no_network,
)
