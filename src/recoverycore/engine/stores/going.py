"""Which runs are not over, read from the documents that hold them: for a store of the first version, and for an import."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recoverycore.engine.stores.protocol import Unit

__all__ = ["RUN", "held_of", "held_of_text", "list_again", "run_of_text"]

RUN = "run"
"""The kind under which an engine keeps its runs."""
_OVER = ("stood_down", "closed")


def held_of(body: dict[str, Any]) -> bool | None:
    """Whether a human holds the run that is kept as `body`; None where it is over. One that cannot be read is held by nobody."""
    try:
        status = body["state"]["status"]
    except (LookupError, TypeError):
        return False
    return None if status in _OVER else status == "held"


def list_again(unit: Unit) -> None:
    """Put every run that is kept and not over on the list of those that are going."""
    for each in unit.all(RUN):
        held = held_of(each.body)
        if held is not None:
            unit.list_going(each.id, held=held)


def held_of_text(body: str) -> int | None:
    """`held_of` for what a table holds."""
    try:
        found = held_of(json.loads(body))
    except ValueError:
        return 0
    return None if found is None else int(found)


def run_of_text(body: str) -> str | None:
    """The run of the message that a table holds as `body`; None where it has none, or cannot be read."""
    try:
        found = json.loads(body).get("run")
    except (ValueError, AttributeError):
        return None
    return found if isinstance(found, str) else None
