"""The profiles as plugins: each by its own name, with nothing to set, and every rule with its source."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.hooks import Plugins
from recoverycore_us.profiles import ProfilePlugin, dv, hipaa, part2

if TYPE_CHECKING:
    from collections.abc import Callable

FACTORIES: dict[str, Callable[[Any], ProfilePlugin]] = {"us.42cfr2": part2, "us.hipaa": hipaa, "us.dv": dv}
POINTS = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["recoverycore.plugins"]


@pytest.mark.parametrize("name", FACTORIES)
def test_a_plugin_brings_the_profile_of_its_name(name: str) -> None:
    plugin = FACTORIES[name]({})
    report = Plugins.build([plugin]).contribute("recovery_contribute_consent_profiles")
    [profile] = report.values[name]
    assert profile.id == name == plugin.recoverycore_name


@pytest.mark.parametrize("name", FACTORIES)
def test_the_distribution_offers_it_under_that_name(name: str) -> None:
    module, _, factory = POINTS[name].partition(":")
    assert getattr(import_module(module), factory) is FACTORIES[name]


@pytest.mark.parametrize("name", FACTORIES)
def test_a_setting_that_would_do_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no settings"):
        FACTORIES[name]({"dv_max_days": 30})


@pytest.mark.parametrize("name", FACTORIES)
def test_every_rule_tells_its_source_and_when_it_was_looked_at(name: str) -> None:
    [profile] = FACTORIES[name]({}).recovery_contribute_consent_profiles()
    rows = profile.to_rows()
    assert rows
    assert all(row["citation"] and row["reviewed"] and row["mark"] in ("read", "secondary") for row in rows)
    assert len({(row["kind"], row["name"]) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", FACTORIES)
def test_the_readme_tells_each_rule_with_its_source_and_each_switch(name: str) -> None:
    page = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    [profile] = FACTORIES[name]({}).recovery_contribute_consent_profiles()
    for row in profile.to_rows():
        assert f"| {row['kind']} | `{row['name']}` | {row['citation']} | {row['mark']} |" in page
    assert all(f"| `{switch.name}` |" in page for switch in profile.switches)
