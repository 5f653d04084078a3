"""Everything an engine keeps as plain JSON, and back: for backups, for moving house, for looking at it with other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.engine.keys import KEY_MARK
from recoverycore.engine.stores.exchange import export_all, import_all

if TYPE_CHECKING:
    from recoverycore.engine.stores import Unit

__all__ = ["export_state", "import_state"]

_WORDS = "code_word of "


def export_state(unit: Unit) -> dict[str, Any]:
    """Everything that is kept but code words: not even their digests leave. Whose they are is said, so they can be entered again."""
    found = export_all(unit)
    clients = sorted({each["kind"].removeprefix(_WORDS) for each in found["documents"] if each["kind"].startswith(_WORDS)})
    documents = [each for each in found["documents"] if not each["kind"].startswith(_WORDS) and each["kind"] != KEY_MARK]
    return {**found, "documents": documents, "code_words_to_enter_again": clients}


def import_state(unit: Unit, data: dict[str, Any]) -> tuple[str, ...]:
    """Take over what `export_state` gave into an empty store. The clients whose code words are missing now come back."""
    rest = {name: value for name, value in data.items() if name != "code_words_to_enter_again"}
    import_all(unit, rest)
    return tuple(data.get("code_words_to_enter_again", ()))
