"""Protocols and rules that plugins bring for a place: checked by the published schema, then by their meaning, merged and looked up.

Nothing here is in force. A programme reads what there is, and keeps what it takes over as its own; from then on its rules and
protocols are those of `Engine.put`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from recoverycore.directory import LocalAnswer, LocalDocument, local_lookup, local_merge
from recoverycore.errors import DocumentError, problem
from recoverycore.escalation import Protocol
from recoverycore.ground import pointer
from recoverycore.risk import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from jsonschema import Draft202012Validator

    from recoverycore.directory.local_documents import LocalKind
    from recoverycore.engine.shell import Shell
    from recoverycore.errors import Problem

__all__ = ["Local", "content_problems", "document_problems", "local_for"]

HOOK = "recovery_contribute_documents"
_KINDS: Final[Mapping[LocalKind, type[Protocol | Rule]]] = {"protocol": Protocol, "rule": Rule}


@frozen
class Local:
    """The local documents for a region now. Never empty; who gave each stands in `given_by`, by id.

    `left_out` names what was not taken: a plugin that failed, a document that does not fit, two that contradict each other.
    """

    answer: LocalAnswer
    left_out: tuple[dict[str, Any], ...] = ()
    given_by: Mapping[str, tuple[str, ...]] = field(factory=dict, eq=False)

    @property
    def first(self) -> Protocol | Rule:
        """The protocol or rule to look at first: a proposal, until a programme keeps it."""
        document = self.answer.primary[0].document
        return _KINDS[document.kind].model_validate(document.data)


def content_problems(document: LocalDocument) -> tuple[Problem, ...]:
    """What is wrong with what `document` holds: where it does not fit the schema of its kind, or else what does not make sense.

    Errors are told as problems: ``schema_mismatch``, and those of the kind itself.
    """
    wrong = {(pointer(each.absolute_path), str(each.validator)) for each in _schema(document.kind).iter_errors(document.data)}
    if wrong:
        return tuple(problem("schema_mismatch", f"/data{place}", detail=word) for place, word in sorted(wrong))
    try:
        _KINDS[document.kind].model_validate(document.data)
    except DocumentError as error:
        return tuple(each.under("/data") for each in error.problems)
    return ()


def document_problems(document: Any) -> tuple[Problem, ...]:
    """What is wrong with a local document as somebody wrote it: with the record itself, or else with what it holds."""
    try:
        return content_problems(LocalDocument.model_validate(document))
    except DocumentError as error:
        return error.problems


@cache
def _schema(kind: LocalKind) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # 100 ms, and only a host that looks for local documents needs it

    return Draft202012Validator(_KINDS[kind].model_json_schema())


def local_for(
    shell: Shell, at: datetime, region: str, kind: LocalKind, *, language: str | None = None, host: Iterable[Mapping[str, Any]] = ()
) -> Local:
    """Ask every plugin for the local documents of `region`, and look up those of `kind`. Plugins may fail; the answer is never empty.

    `host` are documents of the host's own, or ``{"id": ..., "remove": true}``; they go before those of plugins.
    """
    region = region.upper()
    report = shell.plugins.contribute(HOOK, deadline=shell.settings.look_up_within, now=at, region=region)
    given = {name: value or () for name, value in report.values.items()}
    merged = local_merge(given, host, check=content_problems, settings=shell.settings.directory)
    found = local_lookup(merged.entries, region=region, kind=kind, at=at, language=language, settings=shell.settings.directory)
    failed = [
        {"what": "plugin_error", "hook": report.hook, "plugin": each.plugin, "status": each.status, "error": each.error}
        for each in report.bad
    ]
    dropped = [
        {
            "what": "document_left_out",
            "code": each.code,
            "id": each.id,
            "plugin": each.given_by,
            "problems": [one.to_dict() for one in each.problems],
        }
        for each in merged.reports
    ]
    return Local(found, (*failed, *dropped), merged.given_by)
