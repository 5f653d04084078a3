"""What every command of an engine works with: the store, the plugins, the settings, and what belongs to one client."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from attrs import Factory, define, field

from recoverycore.consent import read_directive
from recoverycore.consent.documents import SignedPaper
from recoverycore.engine.documents import KINDS, SINGLE, kept_kind
from recoverycore.engine.keys import CodeWordKeys
from recoverycore.engine.memo import Memo
from recoverycore.engine.settings import Settings
from recoverycore.engine.stores import Store
from recoverycore.errors import Conflict, NotFound, RecoveryError, problem
from recoverycore.hooks import Plugins
from recoverycore.people import Client, Programme, Team

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.consent import AnyDirective
    from recoverycore.engine.stores import Stored, Unit
    from recoverycore.ground.document import Document

__all__ = ["Shell", "all_of", "client_of", "one_of", "papers_of", "programme_of", "put", "readable_of", "row_of", "rows_of", "team_of"]

D = TypeVar("D", bound="Document")


@define
class Shell:
    """An engine from the inside. Only the engine's own rooms are handed one. `narrowing` are the plugins that may withhold."""

    store: Store
    plugins: Plugins
    settings: Settings
    keys: CodeWordKeys
    memo: Memo = field(factory=Memo)
    narrowing: Plugins = field(default=Factory(lambda self: self.plugins, takes_self=True))


def put(unit: Unit, document: Document, client: str | None = None, *, expected_rev: int | None = None) -> tuple[str, int]:
    """Keep `document`, as a new revision where it differs from the one before; its kind and revision come back.

    `expected_rev` is the revision that the caller has seen, 0 for none. Error: ``revision_conflict`` when it is another by now.
    """
    kind = _kind_of(document)
    where = kept_kind(kind, client)
    identifier = kind if kind in SINGLE else _identifier(unit, where, document)
    found = unit.get(where, identifier)
    before = found.rev if found else 0
    if expected_rev not in (None, before):
        raise Conflict(problem("revision_conflict", detail=kind))
    body = document.to_data()
    if found is not None and found.body == body:
        return kind, before
    return kind, unit.put(where, identifier, body, before or None).rev


def all_of(unit: Unit, expect: type[D], client: str | None = None) -> tuple[D, ...]:
    """Every kept document of a kind, by id."""
    found = (_read(expect, each) for each in rows_of(unit, expect, client))
    return tuple(each for each in found if each is not None)


def readable_of(unit: Unit, expect: type[D], client: str | None = None) -> tuple[tuple[D, ...], tuple[str, ...]]:
    """Every kept document of a kind that can be read, by id, and the ids of those that cannot: damage to one is not the others'."""
    found: list[D] = []
    damaged = []
    for row in rows_of(unit, expect, client):
        try:
            document = _read(expect, row)
        except RecoveryError:
            damaged.append(row.id)
        else:
            found += () if document is None else (document,)
    return tuple(found), tuple(damaged)


def one_of(unit: Unit, expect: type[D], client: str | None = None, identifier: str | None = None) -> D | None:
    """One kept document: the only one of its kind, or the one with this id."""
    found = row_of(unit, expect, client, identifier)
    return _read(expect, found) if found else None


def rows_of(unit: Unit, expect: type[Document], client: str | None = None) -> tuple[Stored, ...]:
    """Every kept document of a kind, by id, as it is kept."""
    return unit.all(kept_kind(_name_of(expect), client))


def row_of(unit: Unit, expect: type[Document], client: str | None = None, identifier: str | None = None) -> Stored | None:
    """What `one_of` reads, as it is kept."""
    kind = _name_of(expect)
    return unit.get(kept_kind(kind, client), identifier or kind)


def papers_of(unit: Unit, client: str) -> tuple[AnyDirective, ...]:
    """Every kept paper of a client, in boxes or as a tree, by id."""
    return tuple(read_directive(each.body) for each in rows_of(unit, SignedPaper, client))


def _read(expect: type[D], row: Stored) -> D | None:
    """What is kept in `row`; None where it is a paper of the other kind than the one that is looked for."""
    if not issubclass(expect, SignedPaper):
        return expect.model_validate(row.body)
    paper = read_directive(row.body)
    return paper if isinstance(paper, expect) else None


def client_of(unit: Unit, identifier: str) -> Client:
    """The client with this id. Error: ``unknown_client``, the same whether or not anybody has ever had that id."""
    found = one_of(unit, Client, identifier=identifier)
    if found is None:
        raise NotFound(problem("unknown_client"))
    return found


def programme_of(unit: Unit) -> Programme:
    """The programme. Error: ``no_programme``."""
    found = one_of(unit, Programme)
    if found is None:
        raise NotFound(problem("no_programme"))
    return found


def team_of(unit: Unit, client: str) -> Team:
    """The team of a client: nobody, when none was put."""
    return one_of(unit, Team, client) or Team()


_NAMES: Mapping[type[Document], str] = {**{model: name for name, model in KINDS.items()}, SignedPaper: "directive"}


def _name_of(model: type[Document]) -> str:
    return next(_NAMES[each] for each in model.__mro__ if each in _NAMES)


def _kind_of(document: Document) -> str:
    kind = next((_NAMES[each] for each in type(document).__mro__ if each in _NAMES), None)
    if kind is None:
        raise NotFound(problem("not_kept", detail=type(document).__name__))
    return kind


def _identifier(unit: Unit, where: str, document: Document) -> str:
    """The document's own id; a line of a log has none and is numbered."""
    own = getattr(document, "id", None)
    return own if isinstance(own, str) else f"{len(unit.all(where)) + 1:06}"
