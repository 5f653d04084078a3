"""What comes in: a message that may hold a code word, an event that somebody reports. Rules answer, and set runs going."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.engine.notices import notify
from recoverycore.engine.owing import owe
from recoverycore.engine.runs import run_state, set_going
from recoverycore.engine.shell import all_of, client_of, one_of, programme_of, put, team_of
from recoverycore.errors import NotFound, RecoveryError, problem
from recoverycore.escalation import CodeWord, match_code_word
from recoverycore.escalation.targets import on_duty
from recoverycore.ground.instants import local_date, parse_instant, utc_text
from recoverycore.risk import Rule, Signal, speaking

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.engine.work import Work
    from recoverycore.ground.sensitive import Sensitive
    from recoverycore.risk import RuleTask

__all__ = ["keep_signal", "message_mark", "report", "retract", "source_of", "take_message"]

_MISS_WINDOW = timedelta(hours=1)
CODE_WORD = "code_word"
LOOK = "safety_check"
"""The obligation that somebody looks at a message: after a decoy, after many misses, when no rule answers a code word."""


def message_mark(text: Sensitive, key: bytes) -> str:
    """What tells two messages with one id apart, and nothing about either: keyed, with its own prefix."""
    return hmac.new(key, b"message\x00" + text.reveal().encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def take_message(work: Work, client: str, text: Sensitive, key: bytes, command: str) -> dict[str, Any]:
    """Match a message against the client's code words, and do what it means. The text is not kept.

    The visible answer to the sender is the host's and must be the same whatever this comes to.
    """
    client_of(work.unit, client)
    missed = _recent_misses(work, client)
    found = match_code_word(text, all_of(work.unit, CodeWord, client), key, work.at, len(missed), miss_limit=work.settings.code_word_misses)
    runs: list[str] = []
    silent = found.silent
    if found.result in ("help", "duress"):
        work.note("code_word", client=client, entry=found.entry)
        silent = silent or _any_silent(work, _going_runs(work, client))
        runs = _answer(work, client, CODE_WORD, {"id": command, "level": found.level, "silent": silent})
        if not runs:
            _look(work, client, command)
    elif found.result in ("decoy", "to_human"):
        _look(work, client, command)
    if found.result in ("no_match", "to_human"):
        work.keep("misses", client, {"at": [*(utc_text(each) for each in missed), utc_text(work.at)]})
    return {"runs": runs, "silent": silent}


def _any_silent(work: Work, runs: Iterable[str]) -> bool:
    """Whether one of these runs was begun by a duress word: then nothing is shown to the person, whatever comes after."""
    for run in runs:
        with contextlib.suppress(RecoveryError, KeyError):  # one that cannot be read says nothing
            if run_state(work, run).silent:
                return True
    return False


def _going_runs(work: Work, client: str) -> list[str]:
    return [each.id for each in work.unit.all(f"run of {client}") if not each.body["over"]]


def report(work: Work, client: str, signal: Signal) -> dict[str, Any]:
    """Something that somebody noticed, kept as it was noticed: every rule that speaks about its kind answers."""
    client_of(work.unit, client)
    put(work.unit, signal, client)
    work.note("reported", client=client, kind=signal.kind, by=signal.observed_by, signal=signal.id)
    silent = _any_silent(work, _going_runs(work, client))
    return {"runs": _answer(work, client, signal.kind, {"id": signal.id, "by": signal.observed_by, "silent": silent}), "silent": silent}


def keep_signal(work: Work, client: str, *, kind: str, identifier: str, by: str | None) -> None:
    """Keep that something happened with the person which no rule speaks about by itself: a contact, whoever wrote it down."""
    noticed = {"id": identifier, "kind": kind, "observed_at": work.at, "recorded_at": work.at, "observed_by": by}
    put(work.unit, Signal.model_validate({**noticed, "source": source_of(work, client, by)}), client)


def source_of(work: Work, client: str, by: str | None) -> str:
    """Who says it, as far as the team tells: the client, a peer, a supporter, else staff."""
    member = team_of(work.unit, client).member(by or "")
    if by == client:
        return "self"
    if member is not None and member.supporter:
        return "supporter"
    return "peer" if member is not None and "peer" in member.roles else "staff"


def retract(work: Work, client: str, signal: str, by: str, reason: str) -> dict[str, Any]:
    """Take back what was reported by mistake: it stays in the record, is not counted from now on, and lowers nothing by itself.

    What it had caused comes back, so that somebody can look after it. Error: ``unknown_signal``.
    """
    kept = one_of(work.unit, Signal, client, signal)
    if kept is None:
        raise NotFound(problem("unknown_signal"))
    if kept.retracted_at is None:
        put(work.unit, kept.evolve(retracted_at=work.at, retracted_by=by, retraction_reason=reason), client)
        work.note("retracted", client=client, signal=signal, kind=kept.kind, by=by)
    caused = work.unit.command(signal)
    return {"signal": signal, "caused": caused["result"]["rows"] if caused else []}


def _answer(work: Work, client: str, kind: str, trigger: dict[str, Any]) -> list[str]:
    runs = []
    for rule in speaking(all_of(work.unit, Rule), kind):
        if rule.level is None:
            notify(work, client, rule, trigger["id"], silent=bool(trigger.get("silent")))
            continue
        level = max(rule.level, trigger.get("level") or 0)
        before = len(work.unit.all(f"run of {client}"))
        try:
            run = set_going(work, client, rule, {**trigger, "type": "trigger", "kind": kind, "level": level, "client": client})
        except NotFound as error:  # one rule that cannot be answered keeps no other from being
            work.note("rule_failed", client=client, rule=rule.id, code=error.code)
            _look(work, client, trigger["id"])
            continue
        runs.append(run)
        if len(work.unit.all(f"run of {client}")) > before:
            for task in rule.also:
                _start_task(work, client, run, task)
    return runs


def _start_task(work: Work, client: str, run: str, task: RuleTask) -> None:
    """Something to be done besides: by the first on duty in the role, or by the role where nobody is; due today."""
    zone = client_of(work.unit, client).zone or programme_of(work.unit).zone
    today = local_date(work.at, zone)
    last = None if task.slot_within is None else today + task.slot_within
    owner = next(iter(on_duty(run_state(work, run), task.owner_role, work.at)), task.owner_role)
    owe(work, client, task.kind, owner, None, about=run, due_on=today, result_by=last, zone=zone)


def _look(work: Work, client: str, command: str) -> None:
    programme = programme_of(work.unit)
    owe(work, client, LOOK, programme.care_owner_role, work.at + work.settings.review_within, about=command)


def _recent_misses(work: Work, client: str) -> list[datetime]:
    """The instants of the messages of the running hour that matched nothing."""
    kept = work.unit.get("misses", client)
    known = [parse_instant(each) for each in (kept.body["at"] if kept else ())]
    return [each for each in known if work.at - _MISS_WINDOW < each <= work.at]
