"""Timelines for the tests of what is shown: small ones by hand, and the golden records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from recoverycore.ground import Happening, Timeline
from tools.pictures import FOLDER, record

NIGHT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
RECORDS = {file.stem: record(file) for file in sorted(FOLDER.glob("*.json"))}
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]><svg onload=alert(1)>", "a'b`c", "&amp;&#60;", "{step}", "%s",
    "\x00\x08\x0b\x1b", "\ud800", "\ufffe", "a\nb\tc", "\u2028", "\u202egnp.exe", "-->", "</style>", "</title>", "x" * 400, "مرحبا",
    " ", "the climb",
)  # fmt: skip

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "ul",
    "li", "time", "h2", "p", "strong", "span", "dl", "dt", "dd", "code", "svg", "desc", "rect", "line", "text", "g", "path", "circle",
}  # fmt: skip
VOID = {"meta", "rect", "line", "path", "circle"}


class Page(HTMLParser):
    """The elements of a page, and whether each is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def as_xml(text: str) -> ET.Element:
    """The root of `text`, which is our own and has to be valid XML."""
    return ET.fromstring(text)  # noqa: S314 - nobody else wrote it


def opened(run: str = "R", **facts: Any) -> Happening:
    """A run is opened."""
    return Happening(NIGHT, "run_opened", {"run": run, "client": "c", "protocol": "p", "version": 1, "rule": "r", **facts})


def line(minute: float, what: str, run: str = "R", **facts: Any) -> Happening:
    """A line of the record, so many minutes after the run was opened."""
    return Happening(NIGHT + timedelta(minutes=minute), what, {"run": run, **facts})


def decided(minute: float, code: str, subject: str | None = None, **facts: Any) -> Happening:
    """Something that was decided."""
    return line(minute, "decided", code=code, subject=subject, **facts)


def message(minute: float, to: str, kind: str = "ask", *, until: float | None = None, **facts: Any) -> Happening:
    """A message that was asked for; `until` is the minute until which an answer is awaited."""
    due = {} if until is None else {"until": f"{NIGHT + timedelta(minutes=until):%Y-%m-%dT%H:%M:%SZ}"}
    own = {"key": f"{to}/{minute}", "to": to, "kind": kind, "channel": "sms", "class": "C0", "step": "s", "protocol": "p", "version": 1}
    return line(minute, "message", **{**own, "why": "r", **due, **facts})


def told(*lines: Happening) -> Timeline:
    """A timeline of `lines` after the opening of the run."""
    return Timeline((opened(), *lines))


def hostile(text: str) -> Timeline:
    """A record in which `text` stands wherever an id may stand."""
    made = (
        opened(rule=text, protocol=text),
        line(0, "event", type="trigger", by=text),
        decided(0, "activated"),
        decided(0, "stage_entered", text),
        message(0, text, until=5, step=text, channel=text, categories=[text], basis=text),
        decided(1, "consent_blocked", text),
        decided(1, f"refused:{text}", text),
        decided(2, "ack", text, caused_by="ack"),
        decided(2, "held", text),
        line(3, "terminal", step=text, phase="final"),
        line(3, "obligation", about="R", kind=text, owner=text),
        line(4, text, anything=text),
    )
    return Timeline(made)
