"""The digest of what a decision was made on: the same for the same inputs in whatever order, and for an instant in whatever offset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from recoverycore.ground.canonical import digest

if TYPE_CHECKING:
    from recoverycore.consent.case import Case

__all__ = ["inputs_digest"]


def inputs_digest(case: Case) -> str:
    """The digest of a request, its papers, client, facts, profiles, choices of policy and restrictions."""
    setting, request = case.consents.setting, case.request
    asked = _plain(request.model_dump(by_alias=True))
    asked["records"] = sorted(asked["records"], key=lambda record: str(record["id"]))
    asked["purposes"] = sorted(setting.words.read("purpose", request.purposes))
    return digest(
        {
            "request": asked,
            "directives": [
                _plain(each.document.model_dump(by_alias=True)) for each in sorted(case.consents.papers, key=lambda each: each.id)
            ],
            "client": _plain(setting.client.model_dump(by_alias=True)),
            "facts": _plain(case.facts.model_dump(by_alias=True, exclude_unset=True)),
            "profiles": [[each.id, each.version] for each in setting.profiles],
            "missing": list(setting.missing),
            "policy": dict(sorted(setting.policy.items())),
            "restrictions": [
                [each.name, each.answer, sorted(each.records) if each.records is not None else None] for each in case.restrictions
            ],
        }
    )


def _plain(value: Any) -> Any:
    """`value` as JSON data: instants in UTC, dates as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
