"""Where the example begins: the synthetic story of Monique, with her call for help that has just come in. Nobody in it exists."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import recoverycore as rc
from recoverycore.testing.stories import load_story

if TYPE_CHECKING:
    from pathlib import Path

    from recoverycore.ground import Clock

_STORY = load_story("monique")
NIGHT = _STORY.steps[1].at
CLIENT = _STORY.start.client.id


class StoryClock:
    """A clock that begins in the night of the story, whenever the example is started; `speed` makes it hurry. Yours is the system's."""

    def __init__(self, speed: float = 1) -> None:
        self._speed, self._began = speed, time.monotonic()

    def now(self) -> datetime:
        """The present instant of the story."""
        return NIGHT + timedelta(seconds=(time.monotonic() - self._began) * self._speed)


def open_synthetic(path: Path, clock: Clock, *plugins: object) -> rc.Engine:
    """An engine on the file at `path`, with the people and papers of the story, and the call coming in. Your records take their place."""
    start = _STORY.start
    keys = {CLIENT: bytes.fromhex(start.code_word_key.reveal())} if start.code_word_key else {}
    engine = rc.Engine.open(path, plugins, settings=rc.Settings(code_word_keys=keys, providers=start.providers), clock=clock)
    everybodys: list[rc.Document] = [start.programme, start.client, *start.services, *([start.profile] if start.profile else [])]
    hers: list[rc.Document] = [start.team, start.plans, *start.directives, *start.code_words]
    rules: list[rc.Document] = [*start.protocols, *start.rules]
    for document in everybodys:
        engine.put(document)
    for document in hers:
        engine.put(document, client=CLIENT)
    for document in rules:  # after the team: each is proved with it
        engine.put(document)
    engine.receive(client=CLIENT, text=rc.Sensitive("is the blue kite up tonight?"), via="sms", message_id="m-1")
    return engine
