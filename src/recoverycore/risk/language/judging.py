"""One leaf and what is known: whether it holds, and if nobody can tell, what to ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from recoverycore.risk.language.comparing import Truth, compare, is_recent, passes
from recoverycore.risk.language.conditions import Among, Both, CountOf, Holds, Leaf, Recent, Trend
from recoverycore.risk.language.declarations import Declaration
from recoverycore.risk.language.knowledge import Choice, Known, Never, Reason, Series, Span, Stretch, Unknown, reason_of
from recoverycore.risk.language.series import Told, count, trend
from recoverycore.risk.language.settings import RuleSettings

__all__ = ["Finding", "World", "judge"]


@frozen
class World:
    """Everything that a leaf is judged by: declarations, what is known, the instant, the host's choices."""

    declared: Mapping[str, Declaration] = field(repr=False)
    known: Mapping[str, Known] = field(repr=False)
    now: datetime
    settings: RuleSettings = field(repr=False)

    def of(self, fact: str) -> Known:
        """What is known of a fact; one that nobody delivered was not recorded."""
        return self.known.get(fact, _NOT_RECORDED)


@frozen
class Finding:
    """Whether a leaf holds; for one that nobody can tell, the facts to ask for, each with its reason."""

    truth: Truth
    ask_for: tuple[tuple[str, Reason], ...] = ()


_NOT_RECORDED = Unknown("not_recorded")
_YES, _NO = Finding(truth=True), Finding(truth=False)


def judge(leaf: Leaf, world: World) -> Finding:
    """Whether `leaf` holds in the `world`."""
    known = world.of(leaf.fact)
    match leaf:
        case Holds(op="is_unknown"):
            return _YES if isinstance(known, Unknown) else _NO
        case Holds():
            return _exists(leaf.fact, known)
        case Both():
            return _both(leaf, known, world.of(leaf.other), world)
        case _ if isinstance(known, Unknown):
            return Finding(None, ((leaf.fact, known.reason),))
        case _ if isinstance(known, Series):
            return _of_series(leaf, known, world)
        case Among():
            truth = passes(leaf.test, known, world.declared[leaf.fact])
        case Recent() if isinstance(known, Never):
            truth = False if leaf.op == "within" else True if world.settings.since_none == "true" else None
        case Recent() if isinstance(known, Stretch):
            truth = is_recent(leaf.op, known, world.now, leaf.length)
        case _:
            truth = None
    return Finding(truth, ((leaf.fact, reason_of(known)),) if truth is None else ())


def _exists(fact: str, known: Known) -> Finding:
    match known:
        case Unknown(_, outdated=True):
            return _YES
        case Unknown(reason):
            return Finding(None, ((fact, reason),))
        case Never() | Series(events=(), known_since=None):
            return _NO
        case Series(events=()):
            return Finding(None, ((fact, "not_known_since"),))
        case _:
            return _YES


def _both(leaf: Both, here: Known, there: Known, world: World) -> Finding:
    sides = ((leaf.fact, here), (leaf.other, there))
    unknown = {fact: known.reason for fact, known in sides if isinstance(known, Unknown)}
    if unknown or isinstance(here, Series) or isinstance(there, Series):
        return Finding(None, tuple(unknown.items()))
    same = leaf.fact == leaf.other
    truth = leaf.op in ("eq", "le", "ge") if same else compare(leaf.op, here, there, world.declared[leaf.fact])
    partial = [fact for fact, known in sides if isinstance(known, Span | Choice) and not known.exact]
    return Finding(truth, tuple((fact, "partial") for fact in partial) if truth is None else ())


def _of_series(leaf: Leaf, series: Series, world: World) -> Finding:
    if len(series.events) > world.settings.limits.max_events_per_leaf:
        return Finding(None, ((leaf.fact, "over_budget"),))
    declaration = world.declared[leaf.fact]
    match leaf:
        case CountOf():
            told = count(leaf, series, declaration, world.now)
        case Trend():
            told = trend(leaf, series, declaration, world.now)
        case _:
            told = Told(None)
    return Finding(told.truth, ((leaf.fact, told.reason),) if told.reason else ())
