"""What the rules say: each condition leaf by leaf in three values, nothing cut short, and the levels joined.

Two truths that are known decide; one that nobody can tell stays so (Kleene 1952, strong tables), and asks a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from recoverycore.ground.instants import require_aware
from recoverycore.risk.language.assessment import Assessment, Outcome, RuleOutcome, join
from recoverycore.risk.language.comparing import Truth, negated
from recoverycore.risk.language.conditions import Condition, Group, Leaf, Negation, Placed
from recoverycore.risk.language.facts import read_facts
from recoverycore.risk.language.judging import Finding, World, judge
from recoverycore.risk.language.knowledge import Reason, foremost
from recoverycore.risk.language.leaves import signal_facts
from recoverycore.risk.language.noticed import read_signals
from recoverycore.risk.language.rule_set import CompiledRule, RuleSet, affected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from recoverycore.risk.language.facts import FactError
    from recoverycore.risk.language.noticed import SignalLike

__all__ = ["evaluate", "reevaluate"]

_OUTCOMES: dict[Truth, Outcome] = {True: "must", False: "cannot", None: "may"}


def evaluate(
    rule_set: RuleSet,
    facts: Mapping[str, Any],
    now: datetime,
    *,
    signals: Iterable[SignalLike] | None = None,
    signals_known_since: Any = None,
    raises: Iterable[Mapping[str, Any]] = (),
    previous: Assessment | Mapping[str, Outcome] | None = None,
) -> Assessment:
    """What every rule says of `facts` as of `now`, an instant with an offset.

    `facts` maps a name to its record, for example ``{"value": 9, "at": "2026-03-19T09:00:00Z"}``; one that is missing is not known.
    `signals` are those that were loaded; None: none were, so nobody can tell. `raises` are what plugins ask for. `previous` is what was
    said before: `newly_must` and `newly_may` tell what is new since then. Wrong facts raise nothing; they are told in `fact_errors`.

    >>> from datetime import UTC, datetime
    >>> from recoverycore.risk import load_rules
    >>> rules = load_rules({
    ...     "facts": {"housed": {"type": "boolean"}},
    ...     "rules": [{"id": "r", "version": "1", "level": 2, "when": {"fact": "housed", "op": "eq", "value": False}}],
    ... })
    >>> evaluate(rules, {}, datetime(2026, 3, 20, tzinfo=UTC)).ask
    ('r',)
    """
    world, errors = _world(rule_set, facts, now, signals, signals_known_since)
    judged = _Judged(world)
    outcomes = {rule.id: _outcome(rule, judged) for rule in rule_set.rules}
    return _assess(rule_set, outcomes, errors, world, raises=raises, previous=previous)


def reevaluate(
    rule_set: RuleSet,
    before: Assessment,
    facts: Mapping[str, Any],
    changed: Iterable[str],
    *,
    signals: Iterable[SignalLike] | None = None,
    signals_known_since: Any = None,
    raises: Iterable[Mapping[str, Any]] = (),
    previous: Assessment | Mapping[str, Outcome] | None = None,
) -> Assessment:
    """What `evaluate` would say at the same instant, now that `changed` facts changed: only the rules that read one are judged again.

    `facts`, `signals` and `raises` are given whole. `before` is what the same rules said of the facts as they were.
    """
    world, errors = _world(rule_set, facts, before.now, signals, signals_known_since)
    judged = _Judged(world)
    again = {*affected(rule_set, changed)}
    outcomes = {rule.id: _outcome(rule, judged) if rule.id in again else before.rules[rule.id] for rule in rule_set.rules}
    return _assess(rule_set, outcomes, errors, world, raises=raises, previous=previous)


def _world(
    rule_set: RuleSet, facts: Mapping[str, Any], now: datetime, signals: Iterable[SignalLike] | None, known_since: Any
) -> tuple[World, list[FactError]]:
    require_aware(now)
    declared = {**rule_set.facts, **signal_facts()}
    known, errors = read_facts(facts, declared, now)
    if signals is not None:
        noticed, wrong = read_signals(signals, known_since, now)
        known |= noticed
        errors += wrong
    return World(declared, known, now, rule_set.settings), errors


@frozen
class _Judged:
    """The findings about one world: a leaf that stands in several rules is judged once."""

    world: World
    findings: dict[Leaf, Finding] = field(factory=dict, repr=False)

    def of(self, leaf: Leaf) -> Finding:
        """Whether `leaf` holds."""
        found = self.findings.get(leaf)
        if found is None:
            found = self.findings[leaf] = judge(leaf, self.world)
        return found


def _decide(condition: Condition, judged: _Judged) -> tuple[Truth, list[Placed]]:
    """Whether a condition holds, and the leaves that decided it: every one of them, whichever was looked at first."""
    match condition:
        case Placed():
            return judged.of(condition.leaf).truth, [condition]
        case Negation(part):
            truth, deciders = _decide(part, judged)
            return negated(truth), deciders
        case Group(kind, parts):
            decided = [_decide(part, judged) for part in parts]
            truths = {truth for truth, _ in decided}
            # One that is enough decides; without it one that nobody can tell leaves the group open; else all agree.
            enough = kind == "any"
            truth = enough if enough in truths else None if None in truths else not enough
            return truth, [placed for one, deciders in decided if one is truth for placed in deciders]


def _outcome(rule: CompiledRule, judged: _Judged) -> RuleOutcome:
    if not rule.in_force(judged.world.now):
        return RuleOutcome("not_in_force")
    try:
        truth, deciders = _decide(rule.when, judged)
    except Exception:  # noqa: BLE001 - whatever goes wrong in here, a person is asked, and the other rules are heard
        return RuleOutcome("may", ("when",))
    reasons: dict[str, set[Reason]] = {}
    if truth is None:
        for placed in deciders:
            for fact, reason in judged.of(placed.leaf).ask_for:
                reasons.setdefault(fact, set()).add(reason)
    decided_by = tuple(sorted(placed.path for placed in deciders))
    return RuleOutcome(_OUTCOMES[truth], decided_by, {fact: foremost(found) for fact, found in sorted(reasons.items())})


def _assess(
    rule_set: RuleSet,
    outcomes: Mapping[str, RuleOutcome],
    errors: list[FactError],
    world: World,
    *,
    raises: Iterable[Mapping[str, Any]],
    previous: Assessment | Mapping[str, Outcome] | None,
) -> Assessment:
    must = [rule for rule in rule_set.rules if outcomes[rule.id].outcome == "must"]
    may = [rule for rule in rule_set.rules if outcomes[rule.id].outcome == "may"]
    raised = join(max((rule.level for rule in must), default=0), raises)
    asked = may if world.settings.ask_below_level == "on" else [rule for rule in may if rule.level >= raised.level]
    before = {rule: said.outcome for rule, said in previous.rules.items()} if isinstance(previous, Assessment) else previous
    return Assessment(
        now=world.now,
        level=raised.level,
        level_may=max([raised.level, *(rule.level for rule in may)]),
        ask=tuple(rule.id for rule in asked),
        rules=outcomes,
        fact_errors=tuple(sorted({*errors}, key=lambda error: (error.fact, error.code))),
        human_review=bool(asked or raised.problems),
        raised_by=raised.by,
        hook_problems=raised.problems,
        newly_must=() if before is None else tuple(rule.id for rule in must if before.get(rule.id) != "must"),
        newly_may=() if before is None else tuple(rule.id for rule in may if before.get(rule.id) not in ("must", "may")),
    )
