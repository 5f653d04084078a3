"""What every contract is: rules that tell in sentences what breaks them, each a test of its own for whoever makes a child of the class.

A rule that comes later must not break the tests of plugins that were well until then: it says from which release on it is required, and
warns until then.
"""

from __future__ import annotations

import re
import warnings
from importlib.metadata import version
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from recoverycore.errors import RecoveryError
from recoverycore.hooks.values import class_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["Contract", "ContractWarning", "Findings", "ended_by", "required_from"]

_R = TypeVar("_R", bound="Callable[..., Iterator[str]]")
_RELEASE = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_MARK = "required_from"


class ContractWarning(FutureWarning):
    """A rule of a contract is broken that is not required yet. The text says what breaks it, and from which release on that fails."""


class Findings(NamedTuple):
    """What breaks a contract, in sentences: `broken` now, and `to_come`, which a later release will not let pass."""

    broken: list[str]
    to_come: list[str]


def required_from(release: str) -> Callable[[_R], _R]:
    """Mark a rule that is required from `release` of the library on, and warns before it. A rule without this mark always holds.

    >>> @required_from("0.3")
    ... def is_small(number):
    ...     if number > 9:
    ...         yield f"{number} is large"
    """
    if not _RELEASE.fullmatch(release):  # told where it is written, and not where somebody runs the contract
        message = f'{release!r} is no release; write for example "0.3"'
        raise ValueError(message)

    def mark(rule: _R) -> _R:
        setattr(rule, _MARK, release)
        return rule

    return mark


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

    strict: ClassVar[bool] = False
    """Whether rules that a later release will require are required at once."""
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
        """Every sentence of every rule that is broken, in their order; without pytest too. What is to come is a `ContractWarning`.

        A rule that something else ends, since what is held to it raised or answered what nobody can read, is broken in a sentence too.
        """
        broken, to_come = cls.findings()
        for sentence in to_come:
            warnings.warn(sentence, ContractWarning, stacklevel=2)
        return broken

    @classmethod
    def findings(cls) -> Findings:
        """What breaks the contract, in the order of the rules, and what will break it in a later release."""
        found = Findings([], [])
        for name in cls._rules:
            one = cls._counted(name, cls._broken_or_ended(name))
            found.broken.extend(one.broken)
            found.to_come.extend(one.to_come)
        return found

    @classmethod
    def _counted(cls, rule: str, broken: list[str]) -> Findings:
        """What breaks one rule: now, or where it is not required yet, with the release from which on it is."""
        release = getattr(cls._rules[rule], _MARK, None)
        if release is None or cls.strict or _parts(version("recoverycore")) >= _parts(release):
            return Findings(broken, [])
        return Findings([], [f"{sentence} [{rule}: required from recoverycore {release} on]" for sentence in broken])

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
        broken, to_come = self._counted(name, self._broken(name))
        for sentence in to_come:
            warnings.warn(sentence, ContractWarning, stacklevel=2)
        if broken:
            raise AssertionError("\n".join(broken))

    test.__name__ = f"test_{name}"
    test.__qualname__ = f"{contract}.test_{name}"
    test.__doc__ = rule.__doc__
    return test


def _parts(release: str) -> list[int]:
    """The numbers of a release, without the zeros at its end. One on its way (``0.3.0rc1``) counts as what it will be."""
    found = re.match(r"[0-9.]*[0-9]", release)
    parts = [int(each) for each in found[0].split(".")] if found else []
    while parts and parts[-1] == 0:
        parts.pop()
    return parts
