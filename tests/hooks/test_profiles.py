"""The profiles that named plugins bring: each the one of its own name, and the bare name where it does not."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent import Profile
from recoverycore.hooks import Plugins, RecoveryHooks, hookimpl
from recoverycore.hooks.profiles import brought_profiles

LAW = Profile(id="xx.law", version="1")


class Bringer(RecoveryHooks):
    def __init__(self, name: str, answer: Any) -> None:
        self.recoverycore_name = name
        self._answer = answer

    @hookimpl
    def recovery_contribute_consent_profiles(self) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    ("answer", "brought"),
    [
        ([LAW], (LAW,)),
        (None, ()),
        ([], ("xx.law",)),
        ([Profile(id="yy", version="1")], ("xx.law",)),
        ([LAW, Profile(id="yy", version="1")], ("xx.law",)),
        (ValueError("a client's name"), ("xx.law",)),
        ("rubbish", ("xx.law",)),
    ],
)
def test_a_plugin_brings_the_profile_of_its_name_or_its_name_stands_there(answer: Any, brought: tuple[Any, ...]) -> None:
    assert brought_profiles(Plugins.build([Bringer("xx.law", answer)])) == brought


def test_plugins_that_bring_no_law_bring_nothing() -> None:
    assert brought_profiles(Plugins.build(["us"])) == ()
