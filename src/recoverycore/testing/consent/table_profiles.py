"""The profiles that a table names, each from the installed plugin of the same name: installed is not enabled, and named is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.errors import problem
from recoverycore.ground.text import nearest
from recoverycore.hooks import Plugins, discover
from recoverycore.hooks.profiles import brought_profiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.consent import Profile
    from recoverycore.errors import Problem

__all__ = ["named_profiles"]


def named_profiles(wanted: Mapping[str, str]) -> tuple[dict[str, Profile], tuple[Problem, ...]]:
    """The profiles of these names, from the installed plugins of the same names, and what is wrong with those that are not there.

    `wanted` gives for each name the place where it was named. Problems: ``plugin_unknown``, ``profile_not_brought``, and those of loading.
    """
    installed = {each.name for each in discover()} if wanted else set()
    names = sorted(name for name in wanted if name in installed)
    plugins = Plugins.build(names, on_failure="report")
    found = {each.id: each for each in brought_profiles(plugins) if not isinstance(each, str) and each.id in wanted}
    problems = [
        problem("plugin_unknown", place, did_you_mean=nearest(name, installed), detail=name)
        for name, place in wanted.items()
        if name not in installed
    ]
    broken = {}
    for each in plugins.problems:
        name = names[int(each.path.split("/")[2])]  # as it was asked for: /plugins/0
        broken[name] = problem(each.name, wanted[name], detail=each.detail)
    lacking = (name for name in names if name not in found)
    problems += [broken.get(name) or problem("profile_not_brought", wanted[name], detail=name) for name in lacking]
    return found, tuple(problems)
