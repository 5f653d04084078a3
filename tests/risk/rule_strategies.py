"""Rule sets and facts of every shape, for the properties of the rule language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
FACTS: dict[str, dict[str, Any]] = {
    "score": {"type": "integer", "min": 0, "max": 6},
    "pain": {"type": "number", "min": 0, "max": 10},
    "limit": {"type": "number", "min": 0, "max": 10, "stale_after": "P7D"},
    "housed": {"type": "boolean"},
    "urgency": {"type": "code", "values": ["none", "low", "high"], "ordered": True},
    "place": {"type": "code", "values": ["home", "street", "ward"]},
    "taken": {"type": "codes", "values": ["alcohol", "opioids"]},
    "last_seen": {"type": "instant"},
    "log": {"type": "integer", "series": True, "min": 0, "max": 10, "worse": "higher", "stale_after": "P28D"},
    "mood": {"type": "number", "series": True, "worse": "lower"},
}
NUMBERS = ("score", "pain", "limit")
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
DURATIONS = ("P1D", "P3D", "PT36H", "P2W")


def pick(*values: Any) -> st.SearchStrategy[Any]:
    """One of `values`."""
    return st.sampled_from(values)


def leaf(**parts: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A leaf with these parts, each a value or a strategy."""
    return st.fixed_dictionaries({key: part if isinstance(part, st.SearchStrategy) else st.just(part) for key, part in parts.items()})


small = st.integers(0, 6)
SIMPLE = st.one_of(
    leaf(fact="score", op=pick(*COMPARISONS), value=small),
    leaf(fact="score", op=pick("in", "not_in"), value=st.lists(small, min_size=1, max_size=3)),
    leaf(fact="pain", op=pick(*COMPARISONS), value=pick(0, 2.5, 5, 10)),
    leaf(fact="housed", op=pick("eq", "ne"), value=st.booleans()),
    leaf(fact="urgency", op=pick(*COMPARISONS), value=pick("none", "low", "high")),
    leaf(fact="place", op=pick("in", "not_in"), value=st.lists(pick("home", "street", "ward"), min_size=1, max_size=2)),
    leaf(fact="taken", op="has", value=pick("alcohol", "opioids")),
)
RICH = st.one_of(
    SIMPLE,
    leaf(fact=pick(*NUMBERS), op=pick(*COMPARISONS), value_of=pick(*NUMBERS)),
    leaf(fact="last_seen", op=pick("within", "since"), duration=pick(*DURATIONS)),
    leaf(
        count=leaf(fact="log", last=pick(*DURATIONS), where=leaf(op=pick("lt", "ge", "ne"), value=small)),
        op=pick(*COMPARISONS),
        value=small,
    ),
    leaf(count=leaf(fact=pick("log", "mood", "signal.craving"), last=pick(*DURATIONS)), op=pick(*COMPARISONS), value=small),
    leaf(fact="log", op="worse_by", value=st.integers(1, 5), baseline=pick("first", "previous", "best")),
    leaf(fact="mood", op="worse_by", value=pick(0.5, 2), baseline=pick("first", "previous", "best")),
)
STATES = leaf(fact=pick(*FACTS, "signal.craving"), op=pick("exists", "is_unknown"))


def conditions(leaves: st.SearchStrategy[dict[str, Any]], most: int = 8) -> st.SearchStrategy[dict[str, Any]]:
    """Groups of `leaves`, nested."""

    def grouped(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        parts = st.lists(below, min_size=1, max_size=3)
        return st.one_of(leaf(all=parts), leaf(any=parts), leaf(**{"not": below}))

    return st.recursive(leaves, grouped, max_leaves=most)


def rule_sets(leaves: st.SearchStrategy[dict[str, Any]], most_rules: int = 4) -> st.SearchStrategy[dict[str, Any]]:
    """Rule sets over `FACTS`."""
    rule = st.fixed_dictionaries({"level": st.integers(1, 4), "when": conditions(leaves)})
    numbered = st.lists(rule, min_size=1, max_size=most_rules).map(
        lambda rules: [{"id": f"r{index}", "version": "1", **each} for index, each in enumerate(rules)]
    )
    return numbered.map(lambda rules: {"facts": FACTS, "rules": rules})


def at(hours: int) -> str:
    """The instant so many hours before `NOW`, as text."""
    return (NOW - timedelta(hours=hours)).isoformat()


hours = st.integers(-48, 24 * 20)
times = hours.map(at)
_SURE = {
    "score": small,
    "pain": pick(0, 1, 2.5, 5, 7.5, 10),
    "limit": pick(0, 1, 2.5, 5, 10),
    "housed": st.booleans(),
    "urgency": pick("none", "low", "high"),
    "place": pick("home", "street", "ward"),
    "taken": st.lists(pick("alcohol", "opioids"), unique=True),
    "last_seen": times,
}


def sure(name: str) -> st.SearchStrategy[Any]:
    """A record of the fact `name` that is wholly known."""
    if name == "log":
        return st.lists(leaf(at=times, value=small), max_size=5).map(lambda events: {"events": events})
    if name == "mood":
        return st.lists(leaf(at=times, value=pick(-1, 0.5, 3)), max_size=5).map(lambda events: {"events": events})
    record = leaf(value=_SURE[name], at=st.integers(0, 24 * 6).map(at))
    return st.one_of(record, st.just({"none": True})) if name == "last_seen" else record


def _ordered(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(values, values).map(lambda ends: {"bounds": sorted(ends), "at": at(1)})


_unknown = st.one_of(st.none(), leaf(value=None, why=pick("refused", "unanswered", "nonsense")))
_events = {
    "log": st.one_of(
        leaf(at=st.one_of(st.none(), times), value=small), leaf(at=times, value=st.none(), why=pick("refused", "")), _ordered(small)
    ),
    "mood": st.one_of(leaf(at=times, value=pick(-1, 0.5, 3)), leaf(at=times)),
}


def vague(name: str) -> st.SearchStrategy[Any]:
    """A record of the fact `name` that is known, known in part, not known, or wrong."""
    shapes = [sure(name), _unknown, st.just({"value": {}}), pick({}, [], 7, {"value": "x"}, {"at": "2026-03-01T10:00:00"})]
    if name in NUMBERS:
        shapes += [_ordered(_SURE[name]), st.just({"bounds": [None, 3], "at": at(1)})]
    if name in ("urgency", "place"):
        shapes.append(leaf(one_of=st.lists(_SURE[name], min_size=1, unique=True)))
    if name == "taken":
        shapes.append(leaf(value=_SURE[name], open=st.just(value=True)))
    if name == "last_seen":
        shapes.append(st.tuples(hours, hours).map(lambda ends: {"bounds": [at(max(ends)), at(min(ends))]}))
    if name in _events:
        shapes.append(leaf(events=st.lists(_events[name], max_size=4), known_since=st.one_of(st.none(), times)))
    return st.one_of(shapes)


all_sure = st.fixed_dictionaries({name: sure(name) for name in FACTS})
some_vague = st.fixed_dictionaries({}, optional={name: vague(name) for name in FACTS})
signals = st.lists(
    leaf(
        id=pick("a", "b", "c"),
        kind=pick("craving", "lapse"),
        observed_at=st.one_of(st.none(), times),
        retracted_at=st.one_of(st.none(), times),
    ),
    max_size=4,
)
