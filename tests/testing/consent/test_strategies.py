"""Strategies: a valid value of every public type, drawn without throwing any away, with the edges of clocks among them."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from recoverycore import consent
from recoverycore.consent import Directive, Request
from recoverycore.ground import Document, parse_instant
from recoverycore.testing.consent import strategies
from recoverycore.testing.consent.moments import CHANGES, INSTANTS, SPANS, ZONES
from recoverycore.testing.consent.strategies import register_strategies, requests, strategies_by_type

if TYPE_CHECKING:
    from collections.abc import Callable

BY_TYPE = strategies_by_type()
DRAW = settings(max_examples=30, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=[])


def drawn(strategy: st.SearchStrategy[Any], count: int = 30) -> list[Any]:
    """Some values, with every health check on."""
    found: list[Any] = []

    @settings(DRAW, max_examples=count)
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found


def test_every_public_type_has_a_strategy() -> None:
    public = {getattr(consent, name) for name in consent.__all__}
    assert set(BY_TYPE) == {each for each in public if inspect.isclass(each)}


@pytest.mark.parametrize("kind", BY_TYPE, ids=lambda kind: kind.__name__)
def test_every_value_is_one_of_its_type_and_comes_back_from_its_own_json(kind: Any) -> None:
    values = drawn(BY_TYPE[kind])
    assert all(isinstance(each, kind) for each in values)
    for each in values if issubclass(kind, Document) else ():
        assert kind.model_validate_json(json.dumps(each.to_data())) == each


@pytest.mark.parametrize("kind", [Directive, Request, consent.Facts, consent.Suspension], ids=lambda kind: kind.__name__)
def test_most_values_differ(kind: Any) -> None:
    assert len({each.model_dump_json() for each in drawn(BY_TYPE[kind])}) > 15


def test_no_health_check_is_switched_off() -> None:
    assert not DRAW.suppress_health_check
    assert HealthCheck.filter_too_much in HealthCheck


def test_instants_lie_at_the_changes_of_clocks() -> None:
    found = {request.at for request in drawn(requests(), 200)}
    changes = {parse_instant(text) for _, text in CHANGES}
    assert len({each for each in changes if each in found}) > 3
    assert any(each - timedelta(seconds=1) in found for each in changes)


@pytest.mark.parametrize(("zone", "text"), CHANGES)
def test_the_clocks_of_the_zone_do_change_there(zone: str, text: str) -> None:
    at, place = parse_instant(text), ZoneInfo(zone)
    assert at.astimezone(place).utcoffset() != (at - timedelta(seconds=1)).astimezone(place).utcoffset()


def test_values_shrink_to_the_dullest() -> None:
    assert find(requests(), lambda _: True, settings=settings(database=None)).at == INSTANTS[0]
    assert ZONES[0] == "UTC"


def test_spans_are_in_order_wherever_days_are_read() -> None:
    for start, end in SPANS:
        consent.Suspension.model_validate({"from": start, "to": end})


@dataclass(frozen=True)
class Filed:
    """A user's own type that holds one of the library's."""

    paper: Directive
    on: datetime


@pytest.fixture
def registered() -> Any:
    register_strategies()
    yield
    for kind in BY_TYPE:
        st.register_type_strategy(kind, BY_TYPE[kind])


@pytest.mark.usefixtures("registered")
def test_types_of_ones_own_may_hold_ours() -> None:
    assert all(isinstance(each.paper, Directive) for each in drawn(st.builds(Filed, on=st.just(INSTANTS[0])), 10))
    assert all(isinstance(each, Request) for each in drawn(st.from_type(Request), 10))


def test_importing_registers_nothing() -> None:
    program = "from hypothesis.strategies._internal.types import _global_type_lookup as known; before = set(known); "
    program += "import recoverycore.testing.consent.strategies; assert set(known) == before"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_each_strategy_says_what_it_draws() -> None:
    made: list[Callable[..., Any]] = [getattr(strategies, name) for name in strategies.__all__]
    assert all(each.__doc__ for each in made)
