"""The class of tests that a store is held to, whoever provides it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from attrs import Factory, frozen

from recoverycore.engine.stores import Store
from recoverycore.testing.contract import Contract
from recoverycore.testing.plugins import store_outbox_rules, store_rules

__all__ = ["StoreContract", "StoreGiven"]


@frozen
class StoreGiven:
    """Stores as they are made anew for each rule, and what is claimed of them. Each is closed when the rule has been looked at."""

    maker: Callable[[], Store]
    reopener: Callable[[Store], Store]
    lasting: bool
    made: list[Store] = Factory(list)

    def make(self) -> Store:
        """An empty store."""
        self.made.append(self.maker())
        return self.made[-1]

    def reopen(self, store: Store) -> Store:
        """A new store on what the closed `store` kept."""
        self.made.append(self.reopener(store))
        return self.made[-1]


class StoreContract(Contract, rules=(*store_rules.RULES, *store_outbox_rules.RULES)):
    """What every store keeps: all of a unit or nothing, revisions, commands, timers, the outbox, the chain of the audit.

    Make a child of it in your tests; pytest, or `check_all`, runs each rule. `make` gives an empty store each time. A store that is
    `lasting` has what it kept after it was closed and opened again, by `reopen`; of any other nothing may be left.

    >>> from recoverycore.engine.stores import MemoryStore
    >>> class TestMemory(StoreContract):
    ...     @classmethod
    ...     def make(cls):
    ...         return MemoryStore()
    >>> TestMemory.check_all()
    []
    """

    lasting: ClassVar[bool] = False
    """Whether what is kept is still there after the store was closed."""

    @classmethod
    def make(cls) -> Store:
        """An empty store that shares nothing with the one before."""
        raise NotImplementedError

    @classmethod
    def reopen(cls, store: Store) -> Store:  # noqa: ARG003 - whoever is lasting knows where `store` lies
        """A new store on what the closed `store` kept. A store that is not lasting has none of it: a new, empty one."""
        return cls.make()

    @classmethod
    def given(cls) -> StoreGiven:
        """A store anew, with what is claimed."""
        return StoreGiven(cls.make, cls.reopen, cls.lasting)

    @classmethod
    def _broken(cls, rule: str) -> list[str]:
        given = cls.given()
        try:
            return list(cls._rules[rule](given))
        finally:
            for each in given.made:
                each.close()  # a second time does nothing, as a rule of its own holds
