"""What the tests of the stores begin with, and how they look at everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.engine.stores import Store, Unit

AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def fill(store: Store) -> None:
    with store.unit() as unit:
        unit.put("client", "monique", {"name": "first"}, None)
        unit.record_command("c1", AT, {"do": "it"}, {"done": True})
        unit.set_timer("r1", AT, 1, 3)
        unit.enqueue("m1", 3, AT, {"to": "dana"})
        unit.append_audit(AT, {"what": "began"})


def everything(store: Store) -> tuple[Any, ...]:
    with store.unit() as unit:
        return unit.documents(), unit.commands(), unit.timers(), unit.outbox(), unit.audit(), unit.next_timer()


class Planned(Exception):
    """What a test raises inside a unit."""


def fail_after(store: Store, act: Callable[[Unit], object], error: type[BaseException] = Planned) -> None:
    with pytest.raises(error), store.unit() as unit:  # noqa: PT012 - that the writes before the error are undone is the claim
        act(unit)
        raise error


def keys(store: Store, now: datetime = AT) -> list[str]:
    """What a sender that never settles is given, in turn."""
    found = []
    with store.unit() as unit:
        while row := unit.claim(now, MINUTE):
            found.append(row.key)
    return found
