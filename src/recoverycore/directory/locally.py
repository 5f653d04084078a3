"""Which protocol or rule of a place there is for a region, a language and an instant. The answer is never empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from recoverycore.directory.documents import WORLD, DirectorySettings
from recoverycore.directory.floor import built_in_local
from recoverycore.directory.local_documents import LocalDocument
from recoverycore.directory.lookup import doubts, region_chain, speaks
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.directory.local_documents import LocalKind

__all__ = ["LocalAnswer", "LocalListed", "local_lookup"]

_ONLY_UNFRESH: Final = frozenset({"stale", "unverified"})


@frozen
class LocalListed:
    """A document as of an instant, with what is known against it, by the same words as in a directory."""

    document: LocalDocument
    warnings: tuple[str, ...]


@frozen
class LocalAnswer:
    """What to look at: first `primary`, the nearest of them first, then `also`. `fallback` says that nothing fresh was found."""

    primary: tuple[LocalListed, ...]
    also: tuple[LocalListed, ...]
    fallback: bool


def local_lookup(
    documents: Iterable[LocalDocument],
    *,
    region: str,
    kind: LocalKind,
    at: datetime,
    language: str | None = None,
    settings: DirectorySettings | None = None,
) -> LocalAnswer:
    """The documents of `kind` for `region` as of `at`, nearest first: never none.

    A document holds for its region and the parts of that. It steps back when it has run out, has not begun, is worded in other languages,
    or nobody has looked at it for `other_days`. Where only freshness is missing everywhere, the unfresh stand first and the floor follows.

    >>> from datetime import UTC, datetime
    >>> answer = local_lookup([], region="US-MN", kind="protocol", at=datetime(2026, 6, 2, tzinfo=UTC))
    >>> [each.document.id for each in answer.primary], answer.fallback
    (['floor.protocol'], True)

    Error: ``naive_time``.
    """
    days = (settings or DirectorySettings()).other_days
    chain = region_chain(region)
    require_aware(at)

    def listed(document: LocalDocument) -> LocalListed:
        deaf = [] if speaks(language, document.languages) else ["language"]
        return LocalListed(document, tuple(sorted({*doubts(document, at, days), *deaf})))

    near = sorted(map(listed, _within(documents, chain, kind)), key=lambda each: _rank(each.document, chain))
    found = [each for each in near if not each.warnings]
    unfresh = [each for each in near if each.warnings and _ONLY_UNFRESH.issuperset(each.warnings) and not each.document.floor]
    floor = [each for each in near if each.document.floor]
    primary = {each.document.id: each for each in (found or (*unfresh, *floor))}
    rest = {each.document.id: each for each in near if each.document.id not in primary}
    return LocalAnswer(tuple(primary.values()), tuple(rest.values()), fallback=not found)


def _rank(document: LocalDocument, chain: tuple[str, ...]) -> tuple[int, int, str]:
    return chain.index(document.region), document.priority, document.id


def _within(documents: Iterable[LocalDocument], chain: tuple[str, ...], kind: LocalKind) -> list[LocalDocument]:
    """The documents of the kind and the chain, once each, with a floor of the whole world among them whatever is given."""
    near = {each.id: each for each in documents if each.kind == kind and each.region in chain}
    if not any(each.floor and each.region == WORLD for each in near.values()):
        near |= {each.id: each for each in built_in_local() if each.kind == kind}
    return list(near.values())
