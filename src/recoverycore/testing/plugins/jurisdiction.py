"""The class of tests that a plugin which brings the law of a place is held to."""

from __future__ import annotations

from typing import ClassVar

from recoverycore.testing.contract import Contract
from recoverycore.testing.plugins.jurisdiction_rules import RULES, JurisdictionGiven

__all__ = ["JurisdictionContract", "JurisdictionGiven"]


class JurisdictionContract(Contract, rules=RULES):
    """What every profile of law keeps: it fails closed, narrows other laws, and says of each rule where it stands.

    Make a child of it in your tests; pytest, or `check_all`, runs each rule. Whether the law is told rightly, it cannot know: test each
    row of it yourself. Each claim is held both ways: what is claimed must be so, and what is not claimed must not be.

    >>> from recoverycore.consent import Profile
    >>> from recoverycore.hooks import RecoveryHooks, hookimpl
    >>> class Misnamed(RecoveryHooks):
    ...     recoverycore_name = "xx.health"
    ...
    ...     @hookimpl
    ...     def recovery_contribute_consent_profiles(self):
    ...         return [Profile(id="xx.helth", version="1")]
    >>> class TestMisnamed(JurisdictionContract):
    ...     @classmethod
    ...     def make(cls):
    ...         return Misnamed()
    >>> TestMisnamed.check_all()[0]
    'it brings xx.helth, and has to bring the one profile of its own name, xx.health'
    """

    permits_without_consent: ClassVar[bool] = False
    """Whether its law releases anything for which nobody has signed."""
    overrides_refusals: ClassVar[bool] = False
    """Whether its law releases anything against a refusal."""

    @classmethod
    def make(cls) -> object:
        """The plugin, as its factory makes it."""
        raise NotImplementedError

    _given: ClassVar[JurisdictionGiven]

    @classmethod
    def given(cls) -> JurisdictionGiven:
        """The plugin, with what is claimed. Which questions it is asked is worked out once for all rules."""
        if "_given" not in vars(cls):
            cls._given = JurisdictionGiven(cls.make, cls.permits_without_consent, cls.overrides_refusals)
        return cls._given
