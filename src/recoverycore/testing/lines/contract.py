"""The class of tests that a plugin of crisis lines is held to: two lines in your own tests, and every rule is a test of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from recoverycore.testing.contract import Contract, Findings
from recoverycore.testing.lines import behaviour, rules
from recoverycore.testing.lines.given import LinesGiven
from recoverycore.testing.plugins import contributed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CrisisLinesContract"]

_ALL: tuple[Callable[[LinesGiven], Iterator[str]], ...] = (*contributed.RULES, *behaviour.RULES, *rules.RULES)
RULES: dict[str, Callable[[LinesGiven], Iterator[str]]] = {rule.__name__: rule for rule in _ALL}


class CrisisLinesContract(Contract, rules=RULES.values()):
    """What every plugin of crisis lines keeps. Make a child of it in your tests; pytest, or `check_all`, runs each rule.

    A rule that is broken tells each thing that breaks it in a sentence. No number is called and no page is opened: that a line answers,
    only a person can find out.

    >>> from recoverycore.hooks import RecoveryHooks, hookimpl
    >>> class Empty(RecoveryHooks):
    ...     @hookimpl
    ...     def recovery_contribute_directories(self, region):
    ...         return None
    >>> class TestEmpty(CrisisLinesContract):
    ...     plugin = Empty()
    ...     regions = ("GB",)
    >>> TestEmpty.check_all()[:1]
    ['asked for GB, for which it is, the plugin has no line']
    """

    plugin: ClassVar[Any]
    """The plugin, as its factory makes it."""
    regions: ClassVar[tuple[str, ...]]
    """The regions that it is for: it must have lines for each, and for no other."""
    worldwide: ClassVar[bool] = False
    """Whether it may have lines for any region."""
    call_tested: ClassVar[bool] = False
    """Whether people have called the numbers: only then may an entry say so."""
    day_and_night: ClassVar[tuple[str, ...]] = ("emergency",)
    """The kinds of which somebody must be known to answer day and night."""
    beside: ClassVar[tuple[object, ...]] = ()
    """The plugins beside which these lines are to stand, as an engine takes them, for example those of the country: its emergency number
    and whoever answers day and night may be theirs."""

    _given: ClassVar[LinesGiven]

    @classmethod
    def given(cls) -> LinesGiven:
        """The plugin with what it is said to be for. What is worked out from its answers is worked out once for all rules."""
        if "_given" not in vars(cls):
            cls._given = LinesGiven(
                cls.plugin,
                cls.regions,
                worldwide=cls.worldwide,
                call_tested=cls.call_tested,
                day_and_night=cls.day_and_night,
                beside=cls.beside,
            )
        return cls._given

    @classmethod
    def findings(cls) -> Findings:
        """What breaks the contract, told once: where a field says what is wrong with it, the schema has nothing to add."""
        broken, to_come = super().findings()
        told = rules.told_better(cls.given()) if broken else frozenset()
        return Findings([each for each in broken if each not in told], to_come)
