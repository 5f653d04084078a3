"""What every contract is: rules that tell in sentences what breaks them, each a test of its own for whoever makes a child of the class."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, ClassVar

from recoverycore.errors import RecoveryError
from recoverycore.hooks.values import class_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["Contract", "ended_by"]


def ended_by(error: BaseException) -> str:
    """What ended something, and where: the class of it, and never its text."""
    last = extract_tb(error.__traceback__)[-1]
    return f"ended by {class_name(error)} at {Path(last.filename).name}, line {last.lineno}"


class Contract:
    """Rules as tests. A contract names its rules where its class is made; whoever is held to it makes a child of that, in two lines.

    pytest runs each rule as a test of its own, and `check_all` runs them without any runner.

    >>> def is_even(number):
    ...     if number % 2:
    ...         yield f"{number} is odd"
    >>> class EvenContract(Contract, rules=[is_even]):
    ...     @classmethod
    ...     def given(cls):
    ...         return cls.number
    >>> class TestSeven(EvenContract):
    ...     number = 7
    >>> TestSeven.check_all()
    ['7 is odd']
    """

    _rules: ClassVar[Mapping[str, Callable[[Any], Iterator[str]]]] = {}

    def __init_subclass__(cls, *, rules: Iterable[Callable[[Any], Iterator[str]]] = (), **kwargs: Any) -> None:
        """A rule cannot be taken away by a method of the same name, however it came there."""
        super().__init_subclass__(**kwargs)
        named = {rule.__name__: rule for rule in rules}
        replaced = sorted(name for name in vars(cls) if name.removeprefix("test_") in cls._rules and name.startswith("test_"))
        if replaced:
            message = f"{cls.__name__} replaces {', '.join(replaced)} of the contract; give a test of your own another name"
            raise TypeError(message)
        if named:
            cls._rules = {**cls._rules, **named}
        for name, rule in named.items():
            setattr(cls, f"test_{name}", _test(cls.__name__, name, rule))

    @classmethod
    def given(cls) -> Any:
        """What a rule is handed: whatever is held to the contract, as it is when nothing has happened to it yet."""
        raise NotImplementedError

    @classmethod
    def check_all(cls) -> list[str]:
        """Every sentence of every rule that is broken, in their order; without pytest too.

        A rule that something else ends, since what is held to it raised or answered what nobody can read, is broken in a sentence too.
        """
        return [sentence for name in cls._rules for sentence in cls._broken_or_ended(name)]

    @classmethod
    def _broken_or_ended(cls, rule: str) -> list[str]:
        try:
            return cls._broken(rule)
        except (KeyboardInterrupt, NotImplementedError, RecoveryError):
            raise  # somebody pressed a key, or the contract itself is not filled in
        except BaseException as error:  # noqa: BLE001 - one that says SystemExit(0) would pass for a contract that is kept
            return [f"{rule} was {ended_by(error)}"]

    @classmethod
    def _broken(cls, rule: str) -> list[str]:
        return list(cls._rules[rule](cls.given()))


def _test(contract: str, name: str, rule: Callable[[Any], Iterator[str]]) -> Callable[[Contract], None]:
    def test(self: Contract) -> None:
        broken = self._broken(name)
        if broken:
            raise AssertionError("\n".join(broken))

    test.__name__ = f"test_{name}"
    test.__qualname__ = f"{contract}.test_{name}"
    test.__doc__ = rule.__doc__
    return test
