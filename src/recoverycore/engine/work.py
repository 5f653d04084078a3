"""One unit of work: everything that one command changes, in one transaction or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from attrs import define, field, frozen

from recoverycore.engine.memo import Memo
from recoverycore.engine.narrowing import Narrowing
from recoverycore.engine.settings import Settings
from recoverycore.engine.stores import Unit
from recoverycore.engine.stores.protocol import Packed
from recoverycore.errors import Conflict, DocumentError, NotFound, problem
from recoverycore.ground.canonical import canonical_json, digest_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.engine.shell import Shell

__all__ = ["Done", "Work", "once"]


@frozen
class Done:
    """What a command came to: facts that answer it, and rows that tell what happened, in order. Ids and codes only.

    `repeated` says that the command was carried out before and nothing was done now.
    """

    facts: dict[str, Any]
    rows: list[dict[str, Any]] = field(factory=list)
    repeated: bool = False

    @property
    def run(self) -> str | None:
        """The run that a signal set going: the most urgent of them, None where there is none."""
        return next(iter(self.facts.get("runs", ())), None)


@define
class Work:
    """What a command has in its hands: the open transaction, the instant, and the rows of what it did.

    `rows` tell what happened, in order, as plain data with ids and codes only; they become the command's result and the
    audit trail. Nothing else leaves a unit of work.
    """

    unit: Unit
    at: datetime
    settings: Settings
    memo: Memo
    narrowing: Narrowing
    rows: list[dict[str, Any]] = field(factory=list)
    texts: list[str] = field(factory=list)
    """The canonical JSON of each row."""
    caused_by: str | None = None
    """The type of the event whose effects are being carried out: it stands in every line that these come to."""
    looks: bool = False
    """Whether nothing may be changed by it: then nothing is written down either."""

    @classmethod
    def on(cls, shell: Shell, unit: Unit, at: datetime) -> Self:
        """The work of an engine in the unit that it has opened."""
        return cls(unit, at, shell.settings, shell.memo, Narrowing(shell.narrowing, shell.settings.restrict_within))

    def note(self, what: str, **facts: Any) -> None:
        """Write down that `what` happened, in the result and in the audit trail."""
        if self.looks:
            return
        told = {**facts, "caused_by": self.caused_by} if self.caused_by is not None else facts
        row = {"what": what, **{key: value for key, value in told.items() if value is not None}}
        link = Packed(row)
        self.rows.append(row)
        self.texts.append(link.text)
        self.unit.append_audit(self.at, link)

    def body(self, kind: str, identifier: str) -> dict[str, Any]:
        """The kept document `identifier` of `kind`. Error: ``unknown_document``."""
        found = self.unit.get(kind, identifier)
        if found is None:
            raise NotFound(problem("unknown_document", detail=kind))
        return found.body

    def keep(self, kind: str, identifier: str, body: dict[str, Any]) -> None:
        """Keep `body` as the next revision of a document, or as its first one; as it is, when nothing changed."""
        found = self.unit.get(kind, identifier)
        if found is None or found.body != body:
            self.unit.put(kind, identifier, body, None if found is None else found.rev)


def _marked(body: dict[str, Any]) -> tuple[Packed, str]:
    """What a command asks for, and what tells it from another under the same id. Error: ``bad_value`` for what JSON has no text for."""
    try:
        asked = Packed(body)
        return asked, digest_of(asked.text)
    except (TypeError, ValueError):
        found = problem("bad_value")
    raise DocumentError(found)


def _result(mark: str, done: Done, texts: list[str]) -> Packed:
    """What is kept of a command that was carried out; its rows have their texts already."""
    text = f'{{"mark":"{mark}","result":{{"facts":{canonical_json(done.facts)},"rows":[{",".join(texts)}]}}}}'
    return Packed({"mark": mark, "result": {"facts": done.facts, "rows": done.rows}}, text)


def once(shell: Shell, at: datetime, command_id: str, body: dict[str, Any], act: Callable[[Work], dict[str, Any]]) -> Done:
    """Carry out a command in one transaction, and never twice: the same id gives the first result again.

    Error: ``command_id_reused`` when the id belongs to another command; nothing is changed then.
    """
    asked, mark = _marked(body)
    with shell.store.unit() as unit:
        earlier = unit.command(command_id)
        if earlier is not None:
            if earlier["mark"] != mark:
                raise Conflict(problem("command_id_reused"))
            return Done(**earlier["result"], repeated=True)
        work = Work.on(shell, unit, at)
        done = Done(act(work), work.rows)
        unit.record_command(command_id, at, asked, _result(mark, done, work.texts))
    return done
