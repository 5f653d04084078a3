"""Risk windows in the engine: when one begins, what was agreed for it is offered and its check-ins are expected."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.coordination import Cadence, check_in, expected
from recoverycore.engine.owing import WATCH
from recoverycore.engine.shell import all_of, client_of, one_of, programme_of
from recoverycore.ground.instants import parse_instant, utc_text
from recoverycore.plans import History, RiskWindow, active_at, checkins, next_edge, next_start, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from recoverycore.coordination import CheckIns
    from recoverycore.engine.work import Work
    from recoverycore.plans import CheckInPlan, Occurrence, Revision

__all__ = [
    "ALARM",
    "answer_check_ins",
    "answers_of",
    "check_in_standing",
    "latest_series",
    "look_at_windows",
    "windows_active",
]

_TICK = timedelta(microseconds=1)
_AHEAD = timedelta(days=40)
"""How far leads are looked for; after that the next look finds the rest."""
ALARM = "windows of "
"""The beginning of the name under which a client's next look at their windows is timed."""


def look_at_windows(work: Work, client: str) -> None:
    """Offer what was agreed for every window that has begun or is about to, open its check-ins, and time the next look."""
    zone = _zone(work, client)
    windows = _windows(work, client)
    kept = work.unit.get("season", client)
    seen: dict[str, Any] = dict(kept.body) if kept else {}
    for window in windows:
        for stretch in _now(work, window, zone):
            _begin(work, client, stretch, seen)
    work.keep("season", client, seen)
    now_kept = work.unit.get("season", client)
    if kept is None or now_kept is None or now_kept.rev != kept.rev:  # rules may speak about check-ins that are expected from now on
        work.unit.set_timer(WATCH + client, work.at, 0, 0)
    _offer_ahead(work, client, zone)
    edges = [edge for window in windows if (edge := next_edge(window, work.at, zone)) is not None]
    leads = [each.at for each in checkins(windows, work.at + _TICK, work.at + _AHEAD, zone)]
    if edges or leads:
        work.unit.set_timer(ALARM + client, min([*edges, *leads]), 0, 0)
    else:
        work.unit.clear_timer(ALARM + client)


def _offer_ahead(work: Work, client: str, zone: str) -> None:
    """Offer the coping of each cue whose window is about to begin: once for each lead that has come since the last look."""
    kept = work.unit.get("ahead", client)
    since = parse_instant(kept.body["at"]) if kept else work.at
    for plan in _active_plans(work, client):
        for cue in plan.content.cues:
            begun = max(since, plan.activated_at or since)
            for each in checkins([cue.window] if cue.window else [], begun, work.at + _TICK, zone):
                start = next_start([cue.window], each.at, zone) if cue.window else None
                if each.at > since or kept is None:
                    work.note("offer", client=client, why=cue.id, entries=list(cue.coping), start=start and utc_text(start))
    work.keep("ahead", client, {"at": max(since, work.at).isoformat()})  # what comes late sets nothing back


def _windows(work: Work, client: str) -> tuple[RiskWindow, ...]:
    """The client's windows, and those of the cues in their active plans."""
    cues = [cue.window for plan in _active_plans(work, client) for cue in plan.content.cues if cue.window]
    return (*all_of(work.unit, RiskWindow, client), *cues)


def windows_active(work: Work, client: str) -> tuple[str, ...]:
    """The ids of the windows that are active now."""
    return active_at(_windows(work, client), work.at, _zone(work, client)).windows


def answer_check_ins(work: Work, client: str, instants: tuple[str, ...]) -> dict[str, Any]:
    """Instants at which the client was in touch. They add up; nothing is taken back."""
    client_of(work.unit, client)
    kept = work.unit.get("answers", client)
    known = sorted({*(kept.body["at"] if kept else ()), *instants})
    work.keep("answers", client, {"at": known})
    work.note("check_ins_answered", client=client, count=len(instants))
    return {"count": len(instants)}


def check_in_standing(work: Work, client: str) -> CheckIns | None:
    """How the client's check-ins stand: those of the season that began last. None when there were never any."""
    series = latest_series(work, client)
    return None if series is None else check_in(series, answers_of(work, client), work.at, _zone(work, client))


def latest_series(work: Work, client: str) -> Cadence | None:
    """The check-ins of the season that began last, if there were ever any."""
    kept = work.unit.get("season", client)
    series = [each for stretch in (kept.body.values() if kept else ()) for each in stretch["check_ins"].values()]
    return Cadence.model_validate(max(series, key=lambda each: (each["from"], each["until"], each["times"]))) if series else None


def answers_of(work: Work, client: str) -> list[datetime]:
    """The instants at which the client answered a check-in, as they were written down."""
    answers = work.unit.get("answers", client)
    return [parse_instant(each) for each in (answers.body["at"] if answers else ())]


def _begin(work: Work, client: str, stretch: Occurrence, seen: dict[str, Any]) -> None:
    """What a stretch brings, each once: the offer when it begins, a series of check-ins when it is first agreed for it."""
    name = f"{stretch.window} {stretch.first.isoformat()}"
    here = seen.setdefault(name, {"offered": False, "check_ins": {}})
    plans = _active_plans(work, client)
    if not here["offered"]:
        here["offered"] = True
        entries = [entry.id for plan in plans for entry in plan.content.entries() if stretch.window in entry.when]
        work.note("offer", client=client, why=stretch.window, entries=entries)
    for plan in plans:
        for agreed in plan.content.check_ins:
            if agreed.when == stretch.window and agreed.id not in here["check_ins"]:
                series = _series(work, client, stretch, agreed)
                if series is not None:
                    here["check_ins"][agreed.id] = series


def _series(work: Work, client: str, stretch: Occurrence, agreed: CheckInPlan) -> dict[str, Any] | None:
    first = max(stretch.first, agreed.from_ or stretch.first)
    if first > stretch.last:
        return None
    cadence = {"times": list(agreed.times), "from": first.isoformat(), "until": stretch.last.isoformat()}
    count = len(tuple(expected(Cadence.model_validate(cadence), first, stretch.last, _zone(work, client))))
    work.note("check_ins_opened", client=client, owner=agreed.owner, first=cadence["from"], last=cadence["until"], count=count)
    return cadence


def _now(work: Work, window: RiskWindow, zone: str) -> Iterator[Occurrence]:
    for each in occurrences(window, work.at, work.at + timedelta(seconds=1), zone):
        if each.start <= work.at < each.end:
            yield each


def _active_plans(work: Work, client: str) -> list[Revision]:
    history = one_of(work.unit, History, client) or History()
    return sorted((each for each in history.revisions if each.state == "active"), key=lambda each: each.kind)


def _zone(work: Work, client: str) -> str:
    return client_of(work.unit, client).zone or programme_of(work.unit).zone
