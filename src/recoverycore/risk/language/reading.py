"""One rule as it is written: its fields, its period and its condition, with everything that is wrong told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from recoverycore.errors import RecoveryError
from recoverycore.ground.instants import parse_day, parse_instant, require_aware
from recoverycore.ground.problems import pointer
from recoverycore.risk.language.checks import unknown
from recoverycore.risk.language.grouping import compile_condition, slips_of_condition
from recoverycore.risk.language.rule_set import CompiledRule
from recoverycore.risk.language.slips import LoadError, Slip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recoverycore.risk.language.declarations import Declaration
    from recoverycore.risk.language.settings import RuleLimits

__all__ = ["read_rule"]

_REQUIRED = ("id", "version", "level", "when")
_WORDS = ("title", "author", "owner", "clinical_approver", "source")
_FIELDS = (*_REQUIRED, *_WORDS, "effective", "review_by", "audience")
_ENDS = ("from", "until")
_LEVELS = (1, 2, 3, 4)


def read_rule(
    index: int, given: Any, facts: Mapping[str, Declaration], limits: RuleLimits, ids: set[str]
) -> CompiledRule | list[LoadError]:
    """The rule that stands at `index` of its set, or everything that is wrong with it. Its id is added to the `ids` seen so far."""
    place = pointer(("rules", index))
    if not isinstance(given, dict):
        return [LoadError("type_mismatch", None, f"rules/{index}", place)]
    rule = given["id"] if isinstance(given.get("id"), str) and given["id"] else None
    slips = [*_slips_of_fields(given), *_slips_of_period(given.get("effective"))]
    if rule is not None and rule in ids:
        slips.append(("id", Slip("duplicate_id")))
    ids.update([rule] if rule is not None else ())
    if "when" in given:
        slips += slips_of_condition(given["when"], facts, limits)
    if slips:
        return [LoadError(s.code, rule, path, place + pointer(path.split("/")), s.name, s.suggest) for path, s in slips]
    begin, end = (_instant((given.get("effective") or {}).get(each)) for each in _ENDS)
    return CompiledRule(
        id=given["id"],
        version=str(given["version"]),
        level=given["level"],
        when=compile_condition(given["when"], facts),
        **{word: given.get(word) for word in _WORDS},
        effective_from=begin,
        effective_until=end,
        review_by=_day(given.get("review_by")),
        audience=frozenset(given.get("audience") or ()),
    )


def _slips_of_fields(given: dict[Any, Any]) -> Iterator[tuple[str, Slip]]:
    for field in given:
        if field not in _FIELDS:
            slip = unknown("unknown_field", field, _FIELDS)
            yield slip.name or "?", slip
    for field in _REQUIRED:
        if field not in given:
            yield field, Slip("missing_field", field)
    if "level" in given and not (type(given["level"]) is int and given["level"] in _LEVELS):
        yield "level", Slip("bad_level")
    wrong = {
        "id": "id" in given and not (isinstance(given["id"], str) and given["id"]),
        "version": "version" in given and not (type(given["version"]) is int or (isinstance(given["version"], str) and given["version"])),
        **{word: not isinstance(given.get(word), str | None) for word in _WORDS},
        "review_by": given.get("review_by") not in (None, "") and _day(given["review_by"]) is None,
        "audience": not _is_list_of_roles(given.get("audience")),
    }
    yield from ((field, Slip("bad_value")) for field, is_wrong in wrong.items() if is_wrong)


def _is_list_of_roles(given: Any) -> bool:
    return given is None or (isinstance(given, list) and all(isinstance(each, str) for each in given))


def _slips_of_period(given: Any) -> Iterator[tuple[str, Slip]]:
    if given is None:
        return
    if not isinstance(given, dict):
        yield "effective", Slip("bad_value")
        return
    yield from (("effective", unknown("unknown_field", field, _ENDS)) for field in given if field not in _ENDS)
    ends = [given[end] for end in _ENDS if given.get(end) is not None]
    read = [_instant(end) for end in ends]
    if None in read:
        yield "effective", Slip("naive_time")
    elif len(read) == len(_ENDS) and not read[0] < read[1]:  # type: ignore[operator]  # neither is None here
        yield "effective", Slip("bad_period")


def _instant(given: Any) -> datetime | None:
    """The instant in UTC, or None where there is none or nobody can tell when it is."""
    try:
        if isinstance(given, str):
            return parse_instant(given).astimezone(UTC)
        return require_aware(given).astimezone(UTC) if isinstance(given, datetime) else None
    except RecoveryError:
        return None


def _day(given: Any) -> date | None:
    try:
        if isinstance(given, str):
            return parse_day(given)
    except RecoveryError:
        return None
    return given if isinstance(given, date) and not isinstance(given, datetime) else None
