"""A timeline as lanes: for each run one for its climb and one for each person, with marks at instants and bars between them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from attrs import define, field, frozen

from recoverycore.ground.instants import parse_instant

if TYPE_CHECKING:
    from recoverycore.ground.timeline import Happening, Timeline

__all__ = ["Bar", "Group", "Lane", "Mark", "groups_of"]

Tone = Literal["asked", "took", "missed", "climb", "aside"]

_CLIMB = ""
"""The climb among the lanes; no person has an empty id."""
_KINDS = {
    "ask": "asked by", "repeat": "reminded by", "inform": "told by", "alarm": "alarm by", "taken": "told that it is taken by",
    "update": "told of the level by", "hand_over": "offered it by", "break_glass": "asked under break-glass by",
}  # fmt: skip
_PEOPLE = {
    "accompaniment_moved": "on the line now", "accompany_ended": "off the line", "accompany_started": "on the line",
    "contact_made": "reached the person", "contact_tried": "tried to reach the person", "debrief_done": "debrief held",
    "hand_over_declined": "did not take it over", "off_duty": "off duty", "released": "answered too",
    "unreachable": "could not be reached", "cannot_hold": "answered, may not hold",
}  # fmt: skip
"""What is decided of a person, in few words."""
_BARRIERS = (
    "never_contact", "no_contact", "unknown_target", "not_qualified", "consent_blocked", "service_closed", "quiet_hours",
    "unsafe_channel", "no_channel",
)  # fmt: skip
_OF_THE_CLIMB = {
    "nobody_on_duty": "nobody on duty: {}", "raised": "level raised", "lowered": "level lowered by {}", "escalated": "{} went on",
    "resolution_overdue": "not resolved in time", "deferred": "{} waits for quiet hours to end", "outside_hours": "{} outside its hours",
    "cycle_broken": "{} would begin again", "stood_down": "stood down by {}", "closed": "closed by {}", "repeat_trigger": "again",
}  # fmt: skip


@frozen
class Mark:
    """Something at an instant."""

    at: datetime
    text: str
    tone: Tone
    by: str = ""
    """Over which channel, or of what kind."""


@frozen
class Bar:
    """Something that lasts; `end` is None where it still does."""

    start: datetime
    end: datetime | None
    text: str
    tone: Tone


@define
class Lane:
    """One line of the picture."""

    name: str
    marks: list[Mark] = field(factory=list)
    bars: list[Bar] = field(factory=list)

    def told(self) -> list[tuple[datetime, str]]:
        """The words of the lane in the order of time; what is said twice at one instant is said once, of both."""
        words: dict[datetime, dict[str, list[str]]] = {}
        for bar in self.bars:
            if bar.text:
                words.setdefault(bar.start, {}).setdefault(bar.text, [])
        for mark in self.marks:
            more = words.setdefault(mark.at, {}).setdefault(mark.text, [])
            more += [mark.by] if mark.by and mark.by not in more else []
        return [(at, "; ".join(f"{text} {', '.join(more)}".strip() for text, more in words[at].items())) for at in sorted(words)]


@define
class Group:
    """One run: what it is, and its lanes."""

    title: str
    lanes: dict[str, Lane] = field(factory=dict)
    _waits: dict[str, tuple[datetime, datetime]] = field(factory=dict)
    _going: dict[str, tuple[datetime, str, Tone]] = field(factory=dict)
    _targets: dict[str, str] = field(factory=dict)
    _offered_by: str = ""

    def lane(self, name: str) -> Lane:
        """The lane called `name`, made where it is not there yet."""
        return self.lanes.setdefault(name, Lane(name or "the climb"))

    def read(self, each: Happening) -> None:
        """Take in one line of the record."""
        self._let_pass(each.at, including=False)
        facts = each.facts
        match each.what:
            case "message":
                self._message(each.at, facts)
            case "decided":
                self._decided(each.at, facts["code"], str(facts.get("subject") or ""))
            case "terminal":
                self._mark(_CLIMB, each.at, f"{facts['step']} shown", "aside")
                if facts["phase"] == "final":
                    self._goes_on(_CLIMB, each.at, "nobody has it", "missed")
            case "obligation":
                self._mark(facts["owner"], each.at, "owes", "aside", _plain(facts["kind"]))
            case "not_delivered" | "nobody_delivers" if facts["key"] in self._targets:
                self._mark(self._targets[facts["key"]], each.at, "not delivered", "missed")
            case "event" if facts.get("type") == "hand_over":
                self._offered_by = str(facts.get("by") or "")

    def end(self, last: datetime) -> None:
        """Nothing comes after `last`: what waits then still waits, what goes on goes on."""
        self._let_pass(last, including=False)
        for person, (start, until) in self._waits.items():
            self.lane(person).bars.append(Bar(start, until, "", "asked"))
            self._mark(person, until, "answer awaited until here", "aside")
        for name, (start, text, tone) in self._going.items():
            self.lane(name).bars.append(Bar(start, None, text, tone))

    def _message(self, at: datetime, facts: dict[str, Any]) -> None:
        person = facts["to"]
        self._targets[facts["key"]] = person
        asked = facts["kind"] in ("ask", "repeat")
        self._mark(person, at, _KINDS[facts["kind"]], "asked" if asked else "aside", facts["channel"])
        if asked and facts.get("until"):
            start = self._waits[person][0] if person in self._waits else at
            self._waits[person] = (start, parse_instant(facts["until"]))

    def _decided(self, at: datetime, code: str, subject: str) -> None:
        kind, _, reason = code.partition(":")
        if kind == "stage_entered":
            self._goes_on(_CLIMB, at, subject, "climb")
        elif kind == "stage_left":
            if reason == "timeout":
                self._let_pass(at, including=True)
            self._ends(_CLIMB, at)
        elif kind == "refused":
            self._mark(subject if subject in self.lanes else _CLIMB, at, f"refused: {_plain(reason)}", "missed")
        elif kind in ("ack", "declined", "un_ack", "ack_timeout", "hold_void", "holder_left", "handed_over"):
            self._answer(at, kind, subject)
        elif kind in ("held", "reopened", "stood_down"):
            self._turn(at, kind, subject)
        elif kind in _PEOPLE:
            self._mark(subject or _CLIMB, at, _PEOPLE[kind], "missed" if kind == "unreachable" else "took")
        elif kind in _BARRIERS:
            self._mark(subject, at, f"not told: {_plain(kind)}", "missed")
        elif kind in _OF_THE_CLIMB:
            self._mark(_CLIMB, at, _OF_THE_CLIMB[kind].format(subject), "missed" if kind == "nobody_on_duty" else "aside")

    def _answer(self, at: datetime, kind: str, person: str) -> None:
        if kind in ("ack", "handed_over"):
            self._stops_waiting(person, at)
            if kind == "handed_over":
                self._ends(self._offered_by, at)
                if self._going.get(_CLIMB, (at, "", "climb"))[2] == "took":
                    self._goes_on(_CLIMB, at, f"held by {person}", "took")
            self._goes_on(person, at, "has it", "took")
        elif kind == "ack_timeout":
            for name in [name for name in self._going if name]:
                self._ends(name, at)
            self._mark(person, at, "had not reached the person", "missed")
        else:
            self._stops_waiting(person, at)
            self._ends(person, at)
            texts = {
                "declined": "said no",
                "un_ack": "gave it back",
                "hold_void": "may not hold this level",
                "holder_left": "left the team",
            }
            self._mark(person, at, texts[kind], "missed")

    def _turn(self, at: datetime, kind: str, person: str) -> None:
        self._ends(_CLIMB, at)
        if kind == "held":
            for name in list(self._waits):
                self._stops_waiting(name, at)
            self._goes_on(_CLIMB, at, f"held by {person}", "took")
        elif kind == "stood_down":
            for name in [*self._waits]:
                self._stops_waiting(name, at)
            for name in [*self._going]:
                self._ends(name, at)
            self._mark(_CLIMB, at, f"stood down by {person}", "aside")

    def _mark(self, name: str, at: datetime, text: str, tone: Tone, by: str = "") -> None:
        self.lane(name).marks.append(Mark(at, text, tone, by))

    def _goes_on(self, name: str, at: datetime, text: str, tone: Tone) -> None:
        self._ends(name, at)
        self._going[name] = (at, text, tone)

    def _ends(self, name: str, at: datetime) -> None:
        if name in self._going:
            start, text, tone = self._going.pop(name)
            self.lane(name).bars.append(Bar(start, at, text, tone))

    def _stops_waiting(self, name: str, at: datetime) -> None:
        if name in self._waits:
            start, _ = self._waits.pop(name)
            self.lane(name).bars.append(Bar(start, at, "", "asked"))

    def _let_pass(self, at: datetime, *, including: bool) -> None:
        """Whoever was awaited until before `at` (or until that very instant) has not answered."""
        for name, (_, until) in list(self._waits.items()):
            if until < at or (including and until == at):
                self._stops_waiting(name, until)
                self._mark(name, until, "no answer", "missed")


def groups_of(happened: Timeline) -> tuple[Group, ...]:
    """The runs in `happened`, in the order in which they were opened."""
    groups: dict[str, Group] = {}
    for each in happened.happenings:
        run = str(each.facts.get("run") or str(each.facts.get("about") or "").split(" ", maxsplit=1)[0])
        if each.what == "run_opened":
            facts = each.facts
            groups[run] = Group(f"{run}: protocol {facts['protocol']} version {facts['version']}, rule {facts['rule']}")
            groups[run].lane(_CLIMB)
        elif run in groups:
            groups[run].read(each)
        elif each.what in ("message", "decided") and run and "run" in each.facts:
            groups[run] = Group(run)
            groups[run].lane(_CLIMB)
            groups[run].read(each)
    for group in groups.values():
        group.end(happened.happenings[-1].at)
    return tuple(groups.values())


def _plain(code: str) -> str:
    return code.replace("_", " ")
