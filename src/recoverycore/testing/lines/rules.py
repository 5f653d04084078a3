"""Rules about lines as they are written down: each yields a sentence for whatever breaks it, and nothing where all is well."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from recoverycore.directory import DirectoryEntry, read_entries, retired_ways

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jsonschema import Draft202012Validator

    from recoverycore.directory import Channel
    from recoverycore.errors import Problem
    from recoverycore.testing.lines.given import LinesGiven

__all__ = ["RULES", "told_better"]

_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3}){0,2}|001")
"""ISO 3166-1 or 3166-2, with a county's part after it; the whole world by its number in UN M.49."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""A tag of BCP 47 as lines use them: a language, perhaps with a script, a region or a variant."""
_ELSEWHERE_TOO = ("116000", "116006", "116016", "116111", "116117", "116123", "741741", "838255", "85258", "131114", "131126", "139276")
"""Codes that public registries print with a country's prefix, which no telephone can dial."""
_STEERING = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_KEYS = {
    letter: digit for digit, letters in enumerate(("", "", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")) for letter in letters
}
_NAMED_STEP = re.compile(r"(?:press|option)\s+([0-9]+)", re.IGNORECASE)
_EXAMPLES = 'for example "US", "US-MN" or "001"'


@cache
def _published() -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker  # a host that runs no contract pays nothing for it

    return Draft202012Validator(DirectoryEntry.model_json_schema(), format_checker=FormatChecker())


def fits_the_schema(given: LinesGiven) -> Iterator[str]:
    """Each document fits the published schema of a directory entry (JSON Schema 2020-12)."""
    yield from (sentence for sentence, _ in _schema_errors(given))


def can_be_read(given: LinesGiven) -> Iterator[str]:
    """Each document is a directory entry, also by what it means, and no id stands for two things."""
    for label, place, each in _unreadable(given):
        guess = f" Did you mean {each.did_you_mean!r}?" if each.did_you_mean else ""
        yield f"{label}: at {place or '/'}: {each.message}{guess} {each.hint} ({each.name})"


def told_better(given: LinesGiven) -> frozenset[str]:
    """The sentences of `fits_the_schema` that `can_be_read` says of the field itself: whoever reads both needs only that one."""
    fields = [(label, place.split("/")[1:]) for label, place, _ in _unreadable(given)]
    return frozenset(
        sentence
        for sentence, (label, where, validator) in _schema_errors(given)
        if any(label == other and _is_about(where, validator, field) for other, field in fields)
    )


def _is_about(where: list[str], validator: str, field: list[str]) -> bool:
    """Whether an error of the schema at `where` is that of `field`: of an object's fields it tells at the object."""
    if validator in ("required", "additionalProperties"):
        return field[:-1] == where
    return field[: len(where)] == where or where[: len(field)] == field


def _schema_errors(given: LinesGiven) -> Iterator[tuple[str, tuple[str, list[str], str]]]:
    """Each sentence with the label of its line, the place in that and the word of the schema."""
    for label, document in given.documents.items():
        for error in _published().iter_errors(document):
            validator = str(error.validator)
            sentence = f"{label}: at {error.json_path} it does not fit the schema of a directory entry ({validator})"
            yield sentence, (label, [str(each) for each in error.absolute_path], validator)


def _unreadable(given: LinesGiven) -> Iterator[tuple[str, str, Problem]]:
    """What keeps a document from being an entry, with the label of its line and the place in that."""
    labels = list(given.documents)
    for each in read_entries(given.documents.values())[1]:
        number, slash, rest = each.path.removeprefix("/").partition("/")
        yield labels[int(number)], slash + rest, each


def tells_where_it_was_read(given: LinesGiven) -> Iterator[str]:
    """Each line names its source, and none rests on somebody's memory alone."""
    for entry in given.entries:
        if not entry.source:
            yield f"{entry.id}: it names no source, so nobody can look it up again"
        elif isinstance(entry.source, tuple) and all(each.quality == "memory" for each in entry.source):
            yield f"{entry.id}: it rests on memory alone; leave it out until a person has confirmed it"


def tells_when_it_was_checked(given: LinesGiven) -> Iterator[str]:
    """No line was checked after the newest copy that it names; one says that somebody called it exactly where that is claimed."""
    for entry in given.entries:
        newest = _newest_copy(entry)
        if entry.verified_on and newest and entry.verified_on > newest:
            yield f"{entry.id}: it says that it was checked on {entry.verified_on}, but the newest copy that it names is of {newest}"
        if entry.call_tested_on and not given.call_tested:
            yield f"{entry.id}: it says that somebody called it on {entry.call_tested_on}; set call_tested if a person did"
    if given.call_tested and given.entries and not any(entry.call_tested_on for entry in given.entries):
        yield "it is claimed that people have called the numbers (call_tested), and no line says when"


def _newest_copy(entry: DirectoryEntry) -> date | None:
    sources = entry.source if isinstance(entry.source, tuple) else ()
    return max((each.copy_date for each in sources if each.copy_date), default=None)


def stands_in_its_region(given: LinesGiven) -> Iterator[str]:
    """Each region is a code that exists in form, and lies within those that the plugin is for."""
    for entry in given.entries:
        if not _REGION.fullmatch(entry.region):
            yield f"{entry.id}: the region {entry.region} is no code of a country, of a part of one, or of the world: {_EXAMPLES}"
        elif not given.worldwide and not any(f"{entry.region}-".startswith(f"{own}-") for own in given.regions):
            yield f"{entry.id}: its region {entry.region} is no part of {', '.join(given.regions)}, for which the plugin answers"


def names_languages(given: LinesGiven) -> Iterator[str]:
    """Each way in says which languages are spoken there, as tags of BCP 47."""
    for where, _, channel in given.ways():
        if not channel.languages:
            yield f"{where}: it does not say which languages are spoken there"
        for each in channel.languages or ():
            if not _LANGUAGE.fullmatch(each):
                yield f'{where}: {each} is no language tag; write for example "en" or "fr-CA"'


def tells_hours_with_their_zone(given: LinesGiven) -> Iterator[str]:
    """Hours by the clock say by which clock, and a list of windows has some."""
    for where, entry, channel in given.ways():
        if channel.hours == ():
            yield f"{where}: it has a list of hours without any, and would be closed for ever; leave out hours that nobody knows"
        elif channel.hours not in ("always", None) and not (channel.zone or entry.zone):
            yield f"{where}: it has hours by the clock and no zone, so nobody knows by which clock"


def keeps_short_codes_at_home(given: LinesGiven) -> Iterator[str]:
    """A short code stands in a country, and in that of its line."""
    for where, entry, channel in given.ways():
        if channel.reach is None or channel.reach.kind not in ("short_code", "sms_code"):
            continue
        region = channel.reach.region or ""
        if region in ("001", "EU", ""):
            yield f"{where}: the short code {channel.reach.value} has no country; the same digits are another service elsewhere"
        elif not f"{entry.region}-".startswith(f"{region}-"):
            yield f"{where}: the short code {channel.reach.value} is one of {region}, but the line is for {entry.region}"


def forces_no_country_prefix(given: LinesGiven) -> Iterator[str]:
    """No short code was made into a number with a country's prefix, which nobody can dial."""
    codes = {channel.reach.value for _, _, channel in given.ways() if channel.reach and channel.reach.kind in ("short_code", "sms_code")}
    forced = re.compile(rf"\+[1-9][0-9]{{0,2}}({'|'.join(sorted({*codes, *_ELSEWHERE_TOO}))})")
    for where, _, channel in given.ways():
        found = forced.fullmatch(channel.reach.value) if channel.reach and channel.reach.kind == "e164" else None
        if found:
            yield f"{where}: {found[0]} is the short code {found[1]} with a country's prefix, which nobody can dial: a short_code"


def is_shown_as_published(given: LinesGiven) -> Iterator[str]:
    """What is read survives being stored, byte for byte, holds no sign that nobody sees, and shows the digits that are dialled."""
    for where, entry, channel in given.ways():
        document = next(each for each in given.documents.values() if each.get("id") == entry.id)
        written = next(each for each in document["channels"] if each.get("id") == channel.id)
        again = DirectoryEntry.model_validate_json(json.dumps(entry.to_data()))
        shown = _published_text(written)
        kept = next(each for each in again.channels if each.id == channel.id)
        if shown is None:
            yield f"{where}: there is nothing to dial, to open or to read"
        elif shown not in (kept.shown or ""):
            yield f"{where}: it is published as {shown} and would be shown as {kept.shown}"
        elif shown != shown.strip() or _STEERING.search(shown):
            yield f"{where}: what is read holds a sign that nobody sees, or ends with a space"
        elif not _shows_its_digits(channel):
            yield f"{where}: it is read as {shown} and dials {channel.dialled}, which is another number"


def _published_text(written: dict[str, Any]) -> str | None:
    reach = written.get("reach") or {}
    text: str | None = reach.get("display") or reach.get("value") or written.get("display")
    return text


def _shows_its_digits(channel: Channel) -> bool:
    """Whether the last digits of what is dialled stand in what is read; letters count as on a telephone's keys, or not at all."""
    reach = channel.reach
    if reach is None or reach.display is None or reach.kind not in ("e164", "short_code", "sms_code"):
        return True
    wanted = reach.value[-4:] if reach.kind == "e164" else reach.value
    plain = re.sub(r"[^0-9]", "", reach.display)
    keyed = "".join(str(_KEYS.get(sign, sign)) for sign in reach.display.lower() if sign in _KEYS or sign.isdecimal())
    return wanted in plain or wanted in keyed


def dials_no_menu_step(given: LinesGiven) -> Iterator[str]:
    """A menu step is told to the person and never dialled."""
    codes = {channel.reach.value for _, _, channel in given.ways() if channel.reach} | {"988", "111", "811"}
    for where, _, channel in given.ways():
        step = _NAMED_STEP.search(channel.then or (channel.reach.display or "" if channel.reach else ""))
        if step and channel.reach and channel.reach.value.endswith(step[1]) and channel.reach.value.removesuffix(step[1]) in codes:
            yield f"{where}: the step {step[0]} is dialled along with {channel.reach.value.removesuffix(step[1])}; it belongs in then alone"


def is_still_current(given: LinesGiven) -> Iterator[str]:
    """No number that was given up, is a misprint or could not be confirmed."""
    for entry in given.entries:
        for each in retired_ways(entry):
            channel = entry.channels[int(each.path.rpartition("/")[2])]
            yield f"{entry.id}, {channel.id}: {channel.shown} is not to be shown as current ({each.detail})"


def says_for_whom(given: LinesGiven) -> Iterator[str]:
    """A line for some people only stands after those of its kind for everybody."""
    for entry in given.entries:
        for other in given.entries:
            same = other.region == entry.region and set(other.service_kinds) & set(entry.service_kinds)
            if entry.audience and not other.audience and same and entry.priority <= other.priority:
                yield f"{entry.id}: it is for {entry.audience} only and would stand before {other.id}, which is for everybody"


def shows_beside_it_who_is_there(given: LinesGiven) -> Iterator[str]:
    """Whom a line names to be shown beside it is among the lines."""
    for entry in given.entries:
        for each in entry.show_together if isinstance(entry.show_together, tuple) else ():
            if each not in given.ids:
                yield f"{entry.id}: {each} is to be shown beside it and is not there"


RULES = (
    fits_the_schema,
    can_be_read,
    tells_where_it_was_read,
    tells_when_it_was_checked,
    stands_in_its_region,
    names_languages,
    tells_hours_with_their_zone,
    keeps_short_codes_at_home,
    forces_no_country_prefix,
    is_shown_as_published,
    dials_no_menu_step,
    is_still_current,
    says_for_whom,
    shows_beside_it_who_is_there,
)
