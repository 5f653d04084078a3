"""A small clinic for the engine's tests: the synthetic start of a story, with deliverers that behave as a test wants."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore import Engine, OutgoingMessage, Receipt, RecoveryHooks, Sensitive, Settings, hookimpl
from recoverycore.ground import ManualClock
from recoverycore.testing.stories import load_story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

STORY = load_story("monique")
NIGHT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
CALL = Sensitive("is the Blue  KITE up tonight?")
ME = "monique"
MINUTE = timedelta(minutes=1)


class Deliverer(RecoveryHooks):
    """Does with each message what `answer` says, and remembers the keys it saw."""

    def __init__(self, answer: Callable[[OutgoingMessage], Any] = lambda _: Receipt("handed_over"), name: str = "deliverer") -> None:
        self.recoverycore_name = name
        self.answer = answer
        self.seen: list[OutgoingMessage] = []

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:
        """Remember it, then answer."""
        assert key == message.key
        self.seen.append(message)
        return self.answer(message)

    @property
    def keys(self) -> list[str]:
        """The keys in the order they came."""
        return [message.key for message in self.seen]


def settings(**changes: Any) -> Settings:
    """Settings under which the story's code word counts, and its protocols can be relied on."""
    key = STORY.start.code_word_key
    assert key is not None
    known = {"code_word_keys": {ME: bytes.fromhex(key.reveal())}, "providers": STORY.start.providers}
    return Settings(**{**known, **changes})


def clinic(plugins: Iterable[object] | None = None, *, path: Path | None = None, at: datetime = NIGHT, **changes: Any) -> Engine:
    """An engine that holds the start of the story and nothing that happened yet; without `plugins` everything is delivered."""
    plugins = [Deliverer()] if plugins is None else plugins
    made: dict[str, Any] = {"settings": settings(**changes), "clock": ManualClock(at)}
    engine = Engine.open(path, plugins, **made) if path else Engine.in_memory(plugins, **made)
    start = STORY.start
    for document in (start.programme, start.client, *start.services, *start.protocols, *start.rules, start.profile):
        assert document is not None
        engine.put(document, at=at)
    for document in (start.team, start.plans, *start.directives, *start.code_words):
        engine.put(document, client=ME, at=at)
    return engine


def call(engine: Engine, at: datetime = NIGHT, message_id: str = "m-1") -> str:
    """The code word comes in; the run that it opens comes back."""
    run: str = engine.receive(client=ME, text=CALL, via="sms", message_id=message_id, at=at).facts["runs"][0]
    return run


def told(engine: Engine) -> list[tuple[str, str]]:
    """Everybody that a message was asked for, with its channel, in order."""
    return [(row["to"], row["channel"]) for row in engine.timeline().to_rows() if row["what"] == "message"]


def rows(engine: Engine, what: str) -> list[dict[str, Any]]:
    """The lines of the record that tell of `what`."""
    return [row for row in engine.timeline().to_rows() if row["what"] == what]


async def _never_awaited() -> None:
    """A coroutine where an answer should be."""


def misbehave(how: str) -> Any:
    """What a broken plugin does instead of its work."""
    if how == "raises":
        raise RuntimeError("canary-in-an-exception")
    if how == "exits":
        sys.exit("canary-at-the-exit")
    if how == "hangs":
        time.sleep(0.6)
    if how == "coroutine":
        return _never_awaited()
    return Receipt("handed_over") if how == "hangs" else object()
