"""Why a run did what it did, read off its record: which step of which protocol, because of which event, under which consent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import asdict, define, field, frozen

from recoverycore.escalation.words import in_words
from recoverycore.ground.instants import parse_instant, utc_text
from recoverycore.ground.timeline import clock_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.ground.timeline import Happening, Timeline

__all__ = ["Cause", "causes_of", "with_causes"]

_EFFECTS = ("message", "cancelled", "terminal", "obligation", "decided", "offer", "run_opened")
_NOBODY = "the host"
"""Who is behind an event that names nobody."""


@frozen(kw_only=True)
class Cause:
    """One effect of a run and everything it rests on: ids and codes only.

    `what` and `code` say what was done and `subject` to whom or to what; `because` is the type of the event that brought it
    about, `by` whom that event names and `since` when it happened; `entered_for` is why the stage of the step began. A
    message also has its channel, its class and what keeps that from being higher, the categories it may tell of and the
    directives or rules that permit them, and until when an answer is awaited.
    """

    at: datetime
    run: str
    what: str
    code: str
    subject: str | None = None
    protocol: str | None = None
    version: int | None = None
    rule: str | None = None
    step: str | None = None
    entered_for: str | None = None
    because: str | None = None
    by: str | None = None
    since: datetime | None = None
    channel: str | None = None
    content_class: str | None = None
    bounded_by: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    until: datetime | None = None
    minutes: int | None = None

    @property
    def effect(self) -> str:
        """What was done, in words."""
        ids = {"subject": self.subject, "channel": self.channel, "step": self.step, "minutes": self.minutes}
        if self.what == "message":
            return in_words("message", self.code, **ids)
        if self.what == "decided":
            section, code = _section(self.code)
            return in_words(section, code, **ids)
        if self.what == "terminal":
            return in_words("effect", f"terminal_{self.code}", **ids)
        return in_words("effect", self.what, code=self.code.replace("_", " "), **ids)

    def reasons(self, zone: str = "UTC") -> list[str]:
        """Why, in words, one clause each; instants as wall time in `zone`."""
        return [clause for clause in (self._why_step(), self._why_now(zone), self._why_class(), *self._why_told(zone)) if clause]

    def to_dict(self) -> dict[str, Any]:
        """The line as plain data; what is not known is left out."""
        return {name: _plain(value) for name, value in asdict(self, recurse=False).items() if value not in (None, ())}

    def _why_step(self) -> str:
        if self.step is None or self.what != "message":
            return ""
        if self.entered_for is None:  # told beside the steps: the alarm, an offer to hand over
            return f"by protocol {self.protocol} version {self.version}"
        return f"by step {self.step} of protocol {self.protocol} version {self.version} ({in_words('entered', self.entered_for)})"

    def _why_now(self, zone: str) -> str:
        if self.by is not None and self.by == self.subject:
            return ""  # whoever did it is named already
        if self.because is None:
            return f"by rule {self.rule}" if self.what in ("obligation", "offer", "run_opened") and self.rule else ""
        happened = in_words("event", self.because, by=self.by or _NOBODY, rule=self.rule)
        return f"because {happened}" + (f" at {clock_text(self.since, zone)}" if self.since not in (None, self.at) else "")

    def _why_class(self) -> str:
        if self.content_class is None:
            return ""
        no_more = "; ".join(in_words("bound", each, channel=self.channel) for each in self.bounded_by)
        return f"class {self.content_class}" + (f" and no higher: {no_more}" if no_more else "")

    def _why_told(self, zone: str) -> list[str]:
        told = f"may see {', '.join(self.categories)} under {', '.join(self.basis) or 'nothing'}" if self.categories else ""
        return [told, f"an answer is awaited until {clock_text(self.until, zone)}" if self.until else ""]


@define
class _Run:
    """What the lines of a run have said so far that the next ones rest on."""

    protocol: str | None = None
    version: int | None = None
    rule: str | None = None
    entered_for: str | None = None
    coming: str | None = None
    events: dict[str, tuple[str | None, datetime]] = field(factory=dict)
    targets: dict[str, str] = field(factory=dict)

    def read(self, each: Happening) -> None:
        """Take in a line before the one that it explains."""
        facts = each.facts
        if each.what in ("run_opened", "message"):
            self.protocol, self.version = facts.get("protocol"), facts.get("version")
            self.rule = facts.get("rule") or facts.get("why")
        if each.what == "event":
            self.events[facts["type"]] = (facts.get("by"), each.at)
        if each.what == "message":
            self.targets[facts["key"]] = facts["to"]
        code = str(facts.get("code", "")) if each.what == "decided" else ""
        if code == "activated" or code.startswith("stage_left:") or code == "deferred":
            self.coming = code.removeprefix("stage_left:")
        if code == "stage_entered":
            self.entered_for = self.coming


def causes_of(happened: Timeline) -> tuple[Cause, ...]:
    """Every effect of a run in `happened` with what brought it about, in the order of the record; see `with_causes`."""
    return tuple(cause for _, cause in with_causes(happened) if cause is not None)


def with_causes(happened: Timeline) -> Iterator[tuple[Happening, Cause | None]]:
    """Every line of `happened`, and for an effect of a run what brought it about.

    The record has to reach back to where each run was opened; a line is explained as far as the lines before it say.
    """
    runs: dict[str, _Run] = {}
    for each in happened.happenings:
        run = each.facts.get("run") or str(each.facts.get("about") or "").split(" ", maxsplit=1)[0]
        cause = None
        if run in runs or "run" in each.facts:
            known = runs.setdefault(run, _Run())
            known.read(each)
            if each.what in _EFFECTS:
                cause = _cause(each, run, known)
        yield each, cause


def _cause(each: Happening, run: str, known: _Run) -> Cause:
    facts = each.facts
    because = facts.get("caused_by")
    by, since = known.events.get(because, (None, None)) if because else (None, None)
    made: dict[str, Any] = {"at": each.at, "run": run, "what": each.what, "because": because, "by": by, "since": since}
    made |= {"protocol": known.protocol, "version": known.version, "rule": known.rule, "minutes": facts.get("minutes")}
    match each.what:
        case "message":
            beside = facts["step"] == facts["kind"]
            made |= {
                "code": facts["kind"], "subject": facts["to"], "step": facts["step"], "channel": facts["channel"],
                "entered_for": None if beside else known.entered_for, "content_class": facts["class"],
                "until": _instant(facts.get("until")),
                "bounded_by": tuple(facts.get("bounded_by", ())), "categories": tuple(facts.get("categories", ())),
                "basis": _several(facts.get("basis")),
            }  # fmt: skip
        case "cancelled":
            made |= {"code": "cancelled", "subject": known.targets.get(facts["key"])}
        case "terminal":
            made |= {"code": facts["phase"], "step": facts["step"]}
        case "obligation":
            made |= {"code": facts["kind"], "subject": facts["owner"]}
        case "decided":
            made |= {"code": facts["code"], "subject": facts.get("subject")}
        case _:
            made |= {"code": each.what}
    return Cause(**made)


def _section(code: str) -> tuple[str, str]:
    head, _, rest = code.partition(":")
    return {"stage_left": "left", "refused": "refused"}.get(head, "decided"), rest or code


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _instant(text: Any) -> datetime | None:
    return parse_instant(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc_text(value)
    return list(value) if isinstance(value, tuple) else value
