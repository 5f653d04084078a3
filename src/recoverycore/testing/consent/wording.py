"""A world in words: which papers there are, who asks for what, when; every time told by how far it is from the question."""

from __future__ import annotations

import sys
from datetime import timedelta
from functools import wraps
from pprint import pformat
from typing import TYPE_CHECKING, Any, ParamSpec

from recoverycore.ground.instants import local_date, parse_day, parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.testing.consent.asking import Json

__all__ = ["again", "in_words", "moment", "snippet"]

P = ParamSpec("P")
CLOSE = timedelta(hours=48)
UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
AXES = {
    "categories": ("{}", "any kind of record"),
    "labels": ("labelled {}", "anything"),
    "purposes": ("for {}", "any purpose"),
    "recipients": ("to {}", "anybody"),
    "actions": ("(action {})", "any"),
}
SELECTORS = {"person": "{}", "role": "whoever has the role {}", "class": "the class {}", "designation": "whoever treats, through {}"}


def in_words(case: Json, asked: Json | None = None) -> str:
    """The whole story: papers, what else is known, who asks, what, why and when; then what was otherwise when it was asked last."""
    lines = _lines(case)
    changed = [line for line in _lines(asked) if line not in lines] if asked else []
    return "\n".join([f"  {line}" for line in lines] + [f"  and then: {line}" for line in changed])


def _lines(case: Json) -> list[str]:
    """The story line by line. Laws ask about cases that nobody can read, too: a part that has no words is shown as it stands."""
    given = case.get("given")
    if not isinstance(given, dict) or "when" not in case:
        return [_as_it_stands(case)]
    papers = given.get("directives") or []
    lines = [_profiles(given.get("profiles")), *([] if papers else ["No paper."])]
    lines += [f"{_paper(each, case)}." for each in papers] if isinstance(papers, list) else [_as_it_stands(papers)]
    lines += [_client(given["client"])] if given.get("client") else []
    lines += [_facts(given["facts"], case)] if given.get("facts") else []
    for name in ("loaded", "switches", "restrictors"):
        if given.get(name):
            lines.append(f"{_plain(name).capitalize()}: {_value(given[name], case)}.")
    return [each for each in [*lines, _question(case["when"], case)] if each]


def _as_it_stands(part: Any) -> str:
    return pformat(part, width=sys.maxsize, sort_dicts=False)


def _or_as_it_stands(words: Callable[P, str]) -> Callable[P, str]:
    """Words for a part of a case; where it has none, since it is not what it should be, the part as it stands."""

    @wraps(words)
    def told(*parts: P.args, **named: P.kwargs) -> str:
        try:
            return words(*parts, **named)
        except Exception:  # noqa: BLE001 - whoever tells what is broken does not break over it
            return _as_it_stands(parts[0])

    return told


@_or_as_it_stands
def _profiles(profiles: list[Any] | None) -> str:
    names = [each["id"] if isinstance(each, dict) else each for each in profiles or ()]
    return f"Under {', '.join(names)}." if names else "Under no law's profile."


@_or_as_it_stands
def _client(client: Json) -> str:
    told = [_told(name, value) for name, value in client.items() if name != "zone"]
    return f"The client: {', '.join(told)}." if told else ""


@_or_as_it_stands
def _facts(facts: Json, case: Json) -> str:
    told = [_told(name, value, case) for name, value in facts.items() if value not in ({}, [])]
    return f"Known: {', '.join(told)}." if told else ""


@_or_as_it_stands
def _question(when: Json, case: Json) -> str:
    request, zone = when["request"], (case["given"].get("client") or {}).get("zone")
    who = " ".join(_value({name: each for name, each in request["recipient"].items() if name != "id"}, case).split())
    asked = "; ".join(_record(each) for each in request.get("records") or ()) or "no record"
    purposes = " and ".join(request.get("purposes") or ()) or "no purpose"
    whom = (request.get("discloser") or {}).get("id") or "nobody in particular"
    return (
        f"{request['recipient']['id']}{f' ({who})' if who else ''} asks {whom} at {request['at']}"
        f"{f' ({zone})' if zone else ''}, for {purposes}, action {request.get('action') or 'disclose'}: {asked}."
    )


def _record(record: Json) -> str:
    rest = {name: each for name, each in record.items() if name not in ("id", "category", "labels")}
    labels = f" labelled {', '.join(record['labels'])}" if record.get("labels") else ""
    kind = f", {_plain(record['category'])}{labels}" if record.get("category") else labels
    return f"{record['id']}{kind}{f' ({_value(rest, None)})' if rest else ''}"


@_or_as_it_stands
def _paper(paper: Json, case: Json) -> str:
    """One paper; what it says, then when it counts, then the rest."""
    if "format" in paper:
        told = [f"{paper['id']} is a tree ({paper['format']}) that says {paper.get('decision')}", *_tree(paper, case)]
        return ", ".join([*told, *_rest(paper, ("id", "format", "decision", "root", "provisions"), case)])
    verb = {"permit": "permits", "deny": "refuses"}.get(paper.get("polarity", ""), "says nothing known of")
    boxes = "; or ".join(_box(each) for each in paper.get("boxes") or ()) or "nothing that is shown"
    told = [f"{paper['id']} {verb} {boxes}"]
    if paper.get("except"):
        told.append(f"except {'; and '.join(_box(each) for each in paper['except'])}")
    return ", ".join([*told, *_rest(paper, ("id", "polarity", "boxes", "except"), case)])


def _rest(paper: Json, told: tuple[str, ...], case: Json) -> list[str]:
    return [_told(name, value, case) for name, value in paper.items() if name not in told and value not in ([], None)]


def _tree(paper: Json, case: Json) -> Iterator[str]:
    """What the root of a tree is for, its period told by how far that is from the question, and what turns it over below."""
    if paper.get("root"):
        yield f"for {_value(paper['root'], case)}"
    if paper.get("provisions"):
        yield f"with the provisions {' and '.join(f'({_value(each, case)})' for each in paper['provisions'])}"


def _box(box: Json) -> str:
    told = [words.format(_listed(box[axis], every)) for axis, (words, every) in AXES.items() if box.get(axis) is not None]
    period = box.get("data_period") or {}
    told += [f"made {_told(name, period[end], None)}" for name, end in (("from", "start"), ("until", "end")) if period.get(end)]
    return " ".join(told) or "everything"


def _listed(values: Any, every: str) -> str:
    return every if values == "*" else " or ".join(_selector(each) for each in values) or "nothing"


def _selector(value: Any) -> str:
    """A code as it stands; whom a selector reaches."""
    if not isinstance(value, dict):
        return "anybody" if value == "*" else str(value)
    where = f" at {value['org']}" if value.get("org") else ""
    for kind, words in SELECTORS.items():
        if value.get(kind):
            return words.format(value[kind] if kind != "designation" else value.get("via")) + where
    return str(value.get("org"))


def _told(name: str, value: Any, case: Json | None = None) -> str:
    if value is True:
        return _plain(name)
    words, told = _plain(name), _value(value, case)
    if name in ("from", "to"):
        told = told.removeprefix("at ").removeprefix("on ")
    last = words.rpartition(" ")[2]  # what is signed on is signed "on the day", once
    return f"{words} {told.removeprefix(f'{last} ')}"


def _plain(name: str) -> str:
    return str(name).replace("_", " ")


def _value(value: Any, case: Json | None) -> str:
    if isinstance(value, dict):
        if value.get("kind") in ("none", "date", "instant", "event") and value.keys() <= {"kind", "value"}:
            return {"none": "never", "event": f"with the event {value.get('value')}"}.get(value["kind"]) or _value(value.get("value"), case)
        return ", ".join(_told(name, each, case) for name, each in value.items() if each is not None)
    if isinstance(value, list):
        return " and ".join(_value(each, case) for each in value) or "nothing"
    if isinstance(value, str):
        return "any" if value == "*" else value if case is None else moment(value, case)
    if value is None or isinstance(value, bool):
        return "not so" if value is None else "yes" if value else "no"
    return str(value)


def moment(text: str, case: Json) -> str:
    """A date or an instant by how far it is from the question; any other text as it stands."""
    try:
        at = parse_instant(case["when"]["request"]["at"])
        if "T" in text:
            return _apart((parse_instant(text) - at).total_seconds(), "at the very instant of the question")
        zone = (case["given"].get("client") or {}).get("zone") or "UTC"
        return _apart((parse_day(text) - local_date(at, zone)).days * 86400.0, "on the day of the question")
    except ValueError:
        return text


def _apart(seconds: float, none: str) -> str:
    if not seconds:
        return none
    way = "after" if seconds > 0 else "before"
    for unit, size in UNITS:
        count, rest = divmod(abs(seconds), size)
        if count and (not rest or count > CLOSE.days):
            return f"{count:.0f} {unit}{'s' if count > 1 else ''} {way} the question"
    return f"{abs(seconds):g} seconds {way} the question"


def _brought(policy: str | None) -> tuple[str, str]:
    """What the policy is called in code, and the line that brings it there."""
    home, _, name = (policy or "").rpartition(":")
    brought = f"from {home} import {name}" if home not in ("", "__main__") else f"# Paste it below {name or 'the policy'}."
    return name or "policy", brought


def snippet(law: str, policy: str | None, case: Json, asked: Json) -> str:
    """Code that shows it by itself, with what was asked last: paste it into a file or a session and run it."""
    name, brought = _brought(policy)
    lines = ["from recoverycore.testing.consent import check_law", brought, "", f"case = {pformat(case, width=110, sort_dicts=False)}"]
    if asked != case:
        lines += ["# What the law made of it, and asked last:", f"asked = {pformat(asked, width=110, sort_dicts=False)}"]
    return "\n".join([*lines, f'check_law("{law}", {name}, case)'])


def again(policy: str | None, **how: Any) -> str:
    """Code that asks the same worlds in the same order, for what no single case shows: paste it and run it."""
    name, brought = _brought(policy)
    names = {"worlds": "count"}
    chosen = "".join(f", {names.get(what, what)}={value!r}" for what, value in how.items() if value is not None)
    return "\n".join(["from recoverycore.testing.consent import consent_laws", brought, "", f"consent_laws({name}{chosen})"])
