"""Rules with a condition: looked at after whatever happens to a person, and when time alone may have made one true.

A rule speaks when its condition begins to hold, also where nobody looked at that instant: what became true in between is
made up once, in order. It does not speak again while the condition holds, and says nothing when it ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, frozen

from recoverycore.consent import AnyDirective, ends_by_itself
from recoverycore.coordination import Cadence, Obligation, check_in, due_of, standing
from recoverycore.engine.kept_runs import listed_for
from recoverycore.engine.owing import WATCH
from recoverycore.engine.plan_contacts import named_in_plans, note_plan_warnings
from recoverycore.engine.runs import is_silent
from recoverycore.engine.seasons import answers_of, latest_series
from recoverycore.engine.shell import client_of, one_of, papers_of, programme_of, readable_of, rows_of
from recoverycore.engine.speaking import ABOUT_A_RULE, owe_a_look, rules_of, speak
from recoverycore.ground.canonical import digest
from recoverycore.ground.instants import parse_instant, utc_text
from recoverycore.people import Client
from recoverycore.risk import Known, Rule, Signal, changes_at, derive, judged, looks_back, standing_signals, watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.engine.work import Work

__all__ = ["WATCH", "has_to_watch", "look_at_rules", "rules_holding"]

_CLOCK_WAS_WRONG = timedelta(days=1)
"""So far back only a clock goes that was wrong; what arrives late comes sooner."""
_OPEN = ("not_yet", "no_clock", "overdue", "lead", "waiting")


def has_to_watch(work: Work, client: str) -> bool:
    """Whether anything asks for a look: a rule with a condition, somebody in a plan, or a look that was already timed."""
    return bool(watching(rules_of(work))) or bool(named_in_plans(work, client)) or work.unit.get("watch", client) is not None


def look_at_rules(work: Work, client: str) -> None:
    """Let every rule speak whose condition has begun to hold since the last look, and time the next look.

    What a rule opens by speaking is looked at with the next tick, and not in this very look.
    """
    if one_of(work.unit, Client, identifier=client) is None:  # something was put for somebody nobody has put yet
        work.unit.clear_timer(WATCH + client)
        return
    rules = watching(rules_of(work))
    watch = _Watch.of(work, client, rules)
    looking = _Looking.of(work, client, rules, watch.began)
    _ask_about_damage(work, client, looking.damaged)
    now = max(work.at, watch.at or work.at)
    moment = None if watch.at is None else looking.next_change(watch.at)
    while moment is not None and moment < now:
        _look(work, looking, moment, watch)
        moment = looking.next_change(moment)
    _look(work, looking, now, watch)
    work.keep("watch", client, watch.to_data(now))
    opened = len(rows_of(work.unit, Obligation, client)) > looking.kept
    changes = [now if opened else looking.next_change(now), note_plan_warnings(work, client)]
    following = min((each for each in changes if each is not None), default=None)
    if following is None:
        work.unit.clear_timer(WATCH + client)
    else:
        work.unit.set_timer(WATCH + client, following, 0, 0)


def rules_holding(work: Work, client: str) -> tuple[str, ...]:
    """The rules with a condition that held at the last look, by id; with the obligation or directive, where they are about one."""
    kept = work.unit.get("watch", client)
    return tuple(sorted(name for name, outcome in (kept.body["said"] if kept else {}).items() if outcome == "must"))


def _ask_about_damage(work: Work, client: str, damaged: tuple[str, ...]) -> None:
    """Rules go on with what can be read. What cannot might have made one speak: somebody is asked to look, once."""
    asked = {each.body.get("about") for each in rows_of(work.unit, Obligation, client)} if damaged else ()
    for about in damaged:
        if about not in asked:
            work.note("record_unreadable", client=client, record=about)
            owe_a_look(work, client, about)


def _look(work: Work, looking: _Looking, moment: datetime, watch: _Watch) -> None:
    """Hear what every rule says as of `moment`; those speak that hold, or are not to be told, and did not or were before."""
    now: dict[str, str] = {}
    for rule, subject, outcome in looking.outcomes(moment):
        name = rule.id if subject is None else f"{rule.id} {subject}"
        now[name] = outcome
        before = watch.said.get(name)
        if outcome == "must" and before != "must":
            watch.spoken += 1
            occasion = f"{name} {utc_text(moment)} {watch.spoken}"
            silent = is_silent(work, looking.client)
            speak(work, looking.client, rule, {"id": occasion, "kind": rule.id, "silent": silent}, about=subject)
        elif outcome == "may" and before not in ("must", "may"):
            work.note("nobody_can_tell", client=looking.client, rule=rule.id, about=subject)
            owe_a_look(work, looking.client, ABOUT_A_RULE + name)
    watch.said = now


@define
class _Watch:
    """What was said at the last look, by rule and by what it is about; and how often anything was ever said, so that no two are one.

    A rule that was changed since begins anew. `at` is the last look; None before the first.
    """

    at: datetime | None
    began: datetime
    rules: dict[str, str]
    said: dict[str, str]
    spoken: int

    @classmethod
    def of(cls, work: Work, client: str, rules: tuple[Rule, ...]) -> _Watch:
        """The watch over a client as it was left. A clock that had gone far ahead is noted, and the watch goes on from now."""
        marks = {each.id: digest(each.to_data()) for each in rules}
        found = work.unit.get("watch", client)
        if found is None:
            return cls(None, work.at, marks, {}, 0)
        kept, last = found.body, parse_instant(found.body["at"])
        if last - work.at > _CLOCK_WAS_WRONG:
            work.note("clock_back", client=client)
            last = work.at
        changed = {each for each, mark in marks.items() if kept["rules"].get(each, mark) != mark}
        said = {name: outcome for name, outcome in kept["said"].items() if name.partition(" ")[0] not in changed}
        return cls(last, parse_instant(kept["began"]), marks, said, kept["spoken"])

    def to_data(self, now: datetime) -> dict[str, Any]:
        """The watch as it is kept, to the microsecond: the far edge of a window lies one later."""
        return {
            "at": now.isoformat(), "began": self.began.isoformat(), "rules": self.rules, "said": self.said, "spoken": self.spoken,
        }  # fmt: skip


@frozen
class _Looking:
    """The rules with a condition, and what is kept about one client that they look at: read once, looked at as of any instant."""

    client: str
    zone: str
    began: datetime
    since: datetime | None
    rules: tuple[Rule, ...]
    signals: tuple[Signal, ...]
    owed: tuple[Obligation, ...]
    papers: tuple[AnyDirective, ...]
    series: Cadence | None
    answers: tuple[datetime, ...]
    raised: frozenset[str]
    """The runs that were opened about an obligation: no rule speaks about what they left to do."""
    kept: int
    """How many obligations there are, with those that cannot be read."""
    damaged: tuple[str, ...]
    """The signals and obligations that cannot be read, as a look that is owed names them."""

    @classmethod
    def of(cls, work: Work, client: str, rules: tuple[Rule, ...], began: datetime) -> _Looking:
        """Everything as it is kept now. `began` is the first look: of what was before it nobody can tell who was in touch."""
        person = client_of(work.unit, client)
        signals, unread = readable_of(work.unit, Signal, client)
        owed, unread_owed = readable_of(work.unit, Obligation, client)
        return cls(
            client=client,
            zone=person.zone or programme_of(work.unit).zone,
            began=began,
            since=person.rules_watch_from,
            rules=rules,
            signals=signals,
            owed=owed,
            papers=papers_of(work.unit, client),
            series=latest_series(work, client),
            answers=tuple(answers_of(work, client)),
            raised=frozenset(each.id for each in work.unit.all(listed_for(client)) if each.body.get("about") is not None),
            kept=len(owed) + len(unread_owed),
            damaged=(*(f"signal {each}" for each in unread), *(f"obligation {each}" for each in unread_owed)),
        )

    def outcomes(self, at: datetime) -> Iterator[tuple[Rule, str | None, str]]:
        """What each rule says as of `at` about each thing it is asked about."""
        signals = standing_signals(self.signals, at)
        for rule in self.rules:
            for subject, known in self._subjects(rule, at):
                records = {name: derive(fact, known, at) for name, fact in rule.facts.items()}
                when: Any = rule.when
                yield rule, subject, judged(when, rule.facts, records, at, signals=signals, since=known.since).outcome

    def next_change(self, after: datetime) -> datetime | None:
        """The first instant later than `after` at which time alone may change what a rule says."""
        return min((each for each in self._changes(after) if each > after), default=None)

    def _changes(self, after: datetime) -> Iterator[datetime]:
        for rule in self.rules:
            facts = rule.facts.values()
            for _, known in self._subjects(rule, after):
                for fact in facts:
                    yield from changes_at(fact, known, after)
            if self.series is not None and any(fact.of == "missed_check_ins" for fact in facts):
                coming = check_in(self.series, (), after - self.series.grace, self.zone).next
                yield from () if coming is None else (coming + self.series.grace,)
            for length in looks_back(rule.when):
                yield from (each.observed_at + length for each in self.signals if each.observed_at is not None)

    def _subjects(self, rule: Rule, at: datetime) -> Iterator[tuple[str | None, Known]]:
        """What is known as of `at` for each thing that the rule is asked about; None where it is about the person alone."""
        known = self._known(at)
        match rule.each:
            case None:
                yield None, known
            case "obligation":
                for owed in self.owed:
                    if standing(owed, at, self.zone) in _OPEN and not self._own(owed):
                        yield owed.id, evolve(known, due=due_of(owed, at, self.zone))
            case "directive":
                for paper in self.papers:
                    yield paper.id, evolve(known, due=ends_by_itself(paper, self.zone, at))

    def _own(self, owed: Obligation) -> bool:
        """Whether rules have opened it by speaking about obligations: speaking about it in turn would have no end."""
        return owed.about in self.raised or (owed.about or "").startswith(ABOUT_A_RULE)

    def _known(self, at: datetime) -> Known:
        answers = [each for each in self.answers if each <= at]
        missed = 0 if self.series is None else check_in(self.series, answers, at, self.zone).missed_in_row
        return Known(self.signals, self.zone, self.since, max([self.began, *answers]), missed)
