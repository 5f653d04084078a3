"""Judging escalation cases: an ideal engine feeds the events and ticks, and what came out is compared with the case."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from recoverycore.escalation import (
    Audit,
    Cancel,
    CodeWord,
    CodeWordMatch,
    ContentFacts,
    Obligation,
    Protocol,
    RunFacts,
    RunState,
    Send,
    Terminal,
    Timer,
    TimerOff,
    check_message,
    event_from,
    match_code_word,
    open_run,
    step,
)
from recoverycore.ground import Sensitive, parse_instant, utc_text

SHIPPED = tuple(Path(__file__).with_name(name) for name in ("escalation.json", "escalation_more.json"))
FACTS = ("team", "contacts", "directory", "client", "consent", "safety")
MAX_CALLS = 5000


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case in `path`, or in both shipped files: how many passed, and a line for each that did not."""
    failures = []
    cases = cases_in(*([path] if path else SHIPPED))
    for case in cases:
        try:
            wrong = judge(case)
        except Exception as error:  # noqa: BLE001 - a case that cannot be read, or breaks what it judges, fails alone
            wrong = [f"{type(error).__name__}: {error}"]
        if wrong:
            failures.append(f"{case['id']} {case['title']}: {'; '.join(wrong)}")
    return len(cases) - len(failures), failures


def cases_in(*paths: Path) -> list[dict[str, Any]]:
    """The cases of these files, in their order."""
    return [case for path in paths for case in json.loads(path.read_text("utf-8"))["cases"]]


def judge(case: dict[str, Any]) -> list[str]:
    """What is wrong with one case; nothing when it passes."""
    if case.get("kind", "run") != "run":
        return _judge_text(case)
    player = Player(case)
    player.play()
    expect = case["expect"]
    wrong = []
    if Counter(map(_row, player.timeline)) != Counter(map(_row, expect["timeline"])):
        here, there = Counter(map(_row, player.timeline)), Counter(map(_row, expect["timeline"]))
        wrong.append(f"timeline: too much {sorted((here - there).elements())}, missing {sorted((there - here).elements())}")
    wrong += _different("state", _state(player.state), expect["state"])
    for number, look in enumerate(expect.get("looks", ())):
        wrong += _different(f"look {number}", player.looks[number], look)
    if "timers" in expect and Counter(map(_row, player.timers)) != Counter(map(_row, expect["timers"])):
        wrong.append(f"timers: {player.timers} instead of {expect['timers']}")
    wrong += [f"audit lacks {listed}" for listed in expect["audit"] if not any(_has(entry, listed) for entry in player.audit)]
    return wrong + player.wrong


def _judge_text(case: dict[str, Any]) -> list[str]:
    given, message = case["given"], case["when"][0]
    text = Sensitive(message["text"])
    known = given.get("code_words", {"key": "", "entries": []})
    entries, key = tuple(CodeWord.model_validate(each) for each in known["entries"]), bytes.fromhex(known["key"])
    if case["kind"] == "content":
        facts = ContentFacts(
            first_name=Sensitive(given["first_name"]) if given.get("first_name") else None,
            forbidden_names=tuple(given.get("forbidden_names", ())),
            max_chars=given.get("max_chars", 160),
            code_words=entries,
            key=key,
        )
        found = list(check_message(message["class"], text, facts))
        return [] if found == case["expect"]["findings"] else [f"findings {found}"]
    got = _match(match_code_word(text, entries, key, parse_instant(message["at"]), message.get("misses", 0)))
    return [] if got == case["expect"] else [f"result {got}"]


def _match(found: CodeWordMatch) -> dict[str, Any]:
    row: dict[str, Any] = {"result": found.result}
    if found.entry is not None:
        row["entry"] = found.entry
    if found.level is not None:
        row["trigger"] = {"kind": "code_word", "level": found.level, "silent": found.silent}
    elif found.result == "decoy":
        row["obligation"] = "safe_check"
    return row


class Player:
    """An ideal engine: events at their instants, a tick exactly at each due instant after them."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        given = case["given"]
        facts = RunFacts.model_validate({name: given[name] for name in FACTS if name in given})
        self.state = open_run(given["run"], Protocol.model_validate(given["protocol"]), facts)
        self.timeline: list[dict[str, Any]] = []
        self.timers: list[dict[str, Any]] = []
        self.audit: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []
        self.wrong: list[str] = []
        self.auto = case.get("ticks", "auto") == "auto"

    def play(self) -> None:
        """Play the whole case."""
        until = parse_instant(self.case["until"])
        whens = [(parse_instant(when["at"]), when) for when in self.case["when"]]
        calls = 0
        while calls < MAX_CALLS:
            calls += 1
            due = self.state.next_due if self.auto and self.state.next_due and self.state.next_due <= until else None
            if whens and (due is None or whens[0][0] <= due) and whens[0][1].get("type") != "look":
                self._feed(whens.pop(0))
            elif due is not None and (not whens or due <= whens[0][0]):
                self._step({"type": "tick", "gen": self.state.generation}, due)
            elif whens:
                whens.pop(0)
                self.looks.append(_state(self.state))
            else:
                return

    def _feed(self, when: tuple[Any, dict[str, Any]]) -> None:
        at, data = when
        event = {key: value for key, value in data.items() if key not in ("at", "redeliver")}
        if event["type"] == "publish":
            return
        if data.get("redeliver") == "before_commit":
            before = step(self.state, event_from(event), at)
            if before != step(self.state, event_from(event), at):
                self.wrong.append("the same state and event gave different effects")
        self._step(event, at)
        if data.get("redeliver") == "after_commit":
            self._step(event, at)

    def _step(self, event: dict[str, Any], at: Any) -> None:
        self.state, effects = step(self.state, event_from(event), at)
        if RunState.from_dict(json.loads(json.dumps(self.state.to_dict()))) != self.state:
            self.wrong.append("the state does not survive JSON")
        now = utc_text(self.state.last or at)
        for effect in effects:
            match effect:
                case Send():
                    self.timeline.append({"at": now, "do": "send", "key": effect.key, "kind": effect.kind, "class": effect.content_class})
                case Cancel():
                    self.timeline.append({"at": now, "do": "cancel", "key": effect.key})
                case Terminal():
                    self.timeline.append({"at": now, "do": "terminal", "step": effect.step, "phase": effect.phase})
                case Obligation():
                    self.timeline.append(
                        {"at": now, "do": "obligation", "kind": effect.kind, "owner": effect.owner, "due": utc_text(effect.due)}
                    )
                case Timer():
                    self.timers.append({"at": now, "do": "timer", "due": utc_text(effect.due), "gen": effect.gen})
                case TimerOff():
                    self.timers.append({"at": now, "do": "timer_off", "gen": effect.gen})
                case Audit():
                    self.audit.append({"at": now, "code": effect.code, "subject": effect.subject, "minutes": effect.minutes})


def _state(state: RunState) -> dict[str, Any]:
    return {
        "status": state.status,
        "level": state.level,
        "round": state.round,
        "holders": list(state.holders),
        "owner": state.owner,
        "current": list(state.current),
        "accompanied_by": state.accompanied_by,
        "contact_made": state.contact_made,
        "hand_over_to": state.offer.to if state.offer else None,
        "triggers": state.triggers,
        "protocol_version": state.protocol.version,
        "debrief_open": state.debrief_open,
        "generation": state.generation,
        "messages": {key: message.status for key, message in state.messages.items()},
        "deferred_until": utc_text(state.deferred_until) if state.deferred_until else None,
    }


def _plain(value: Any) -> Any:
    return utc_text(parse_instant(value)) if isinstance(value, str) and value[:2] == "20" and "T" in value else value


def _row(entry: dict[str, Any]) -> str:
    return json.dumps({key: _plain(value) for key, value in entry.items()}, sort_keys=True)


def _different(place: str, here: dict[str, Any], there: dict[str, Any]) -> list[str]:
    keys = [key for key in there if key in here]
    return [f"{place}.{key} is {here[key]!r}, not {there[key]!r}" for key in keys if _plain(here[key]) != _plain(there[key])]


def _has(entry: dict[str, Any], listed: dict[str, Any]) -> bool:
    return all(_plain(entry.get(key)) == _plain(value) for key, value in listed.items())
