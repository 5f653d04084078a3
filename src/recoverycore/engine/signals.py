"""What comes in: a message that may hold a code word, an event that somebody reports. Rules answer, and set runs going."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.engine.runs import is_silent
from recoverycore.engine.shell import all_of, client_of, one_of, put, team_of
from recoverycore.engine.speaking import owe_a_look, rules_of, speak
from recoverycore.errors import NotFound, problem
from recoverycore.escalation import CodeWord, match_code_word
from recoverycore.ground.instants import parse_instant, utc_text
from recoverycore.risk import Signal, speaking

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.engine.work import Work
    from recoverycore.ground.sensitive import Sensitive

__all__ = ["keep_signal", "message_mark", "report", "retract", "source_of", "take_message"]

_MISS_WINDOW = timedelta(hours=1)
CODE_WORD = "code_word"
MESSAGE = "message"
"""The kind of signal that the client was in touch; what was written is not kept."""


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
        silent = silent or is_silent(work, client)
        runs = _answer(work, client, CODE_WORD, {"id": command, "level": found.level, "silent": silent})
        if not runs:
            owe_a_look(work, client, command)
    elif found.result in ("decoy", "to_human"):
        owe_a_look(work, client, command)
    if found.result in ("no_match", "to_human"):
        work.keep("misses", client, {"at": [*(utc_text(each) for each in missed), utc_text(work.at)]})
    keep_signal(work, client, kind=MESSAGE, identifier=command, by=client)
    return {"runs": runs, "silent": silent}


def report(work: Work, client: str, signal: Signal) -> dict[str, Any]:
    """Something that somebody noticed, kept as it was noticed: every rule that speaks about its kind answers."""
    client_of(work.unit, client)
    put(work.unit, signal, client)
    work.note("reported", client=client, kind=signal.kind, by=signal.observed_by, signal=signal.id)
    silent = is_silent(work, client)
    return {"runs": _answer(work, client, signal.kind, {"id": signal.id, "by": signal.observed_by, "silent": silent}), "silent": silent}


def keep_signal(work: Work, client: str, *, kind: str, identifier: str, by: str | None) -> None:
    """Keep that something happened with the person which no rule speaks about by itself: a contact, whoever wrote it down."""
    noticed = {"id": identifier, "kind": kind, "observed_at": work.at, "recorded_at": work.at, "observed_by": by}
    put(work.unit, Signal.model_validate({**noticed, "source": source_of(work, client, by)}), client)


def source_of(work: Work, client: str, by: str | None) -> str:
    """Who says it, as far as the team tells: the client, a peer, a supporter, else staff."""
    if by == client:
        return "self"
    member = team_of(work.unit, client).member(by or "")
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
    spoken = [speak(work, client, rule, {**trigger, "kind": kind}) for rule in speaking(rules_of(work), kind)]
    return [run for run in spoken if run is not None]


def _recent_misses(work: Work, client: str) -> list[datetime]:
    """The instants of the messages of the running hour that matched nothing."""
    kept = work.unit.get("misses", client)
    known = [parse_instant(each) for each in (kept.body["at"] if kept else ())]
    return [each for each in known if work.at - _MISS_WINDOW < each <= work.at]
