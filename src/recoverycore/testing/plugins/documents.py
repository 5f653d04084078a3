"""The class of tests that a plugin which brings protocols and rules of a place is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from recoverycore.testing.contract import Contract
from recoverycore.testing.plugins.documents_rules import RULES, DocumentsGiven

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DocumentsContract", "DocumentsGiven"]


class DocumentsContract(Contract, rules=RULES):
    """What every plugin of local documents keeps: they can be read, say where they are from, and may be taken over as they stand.

    Make a child of it in your tests; pytest, or `check_all`, runs each rule. Whether a place has really agreed on what stands there, and
    whether it is right for anybody, it cannot know. Each claim is held both ways: what is claimed must be so, and what is not claimed
    must not be.

    >>> from recoverycore.hooks import RecoveryHooks, hookimpl
    >>> class Hearsay(RecoveryHooks):
    ...     @hookimpl
    ...     def recovery_contribute_documents(self, region):
    ...         rule = {"id": "word", "when": {"event": "code_word"}, "tell": [{"role": "peer"}]}
    ...         return [{"id": "kent.word", "kind": "rule", "region": "GB-KEN", "data": rule}] if region.startswith("GB-KEN") else None
    >>> class TestHearsay(DocumentsContract):
    ...     regions = ("GB-KEN",)
    ...
    ...     @classmethod
    ...     def make(cls):
    ...         return Hearsay()
    >>> TestHearsay.check_all()
    ['kent.word: it names no source, so nobody can ask whether it still holds']
    """

    regions: ClassVar[tuple[str, ...]]
    """The regions that it is for: it must have documents for each, and for no other."""
    worldwide: ClassVar[bool] = False
    """Whether it may have documents for any region."""
    breaks_glass: ClassVar[bool] = False
    """Whether a protocol of it names who may break the glass: from then on somebody outside may be told without consent."""
    protocols_elsewhere: ClassVar[tuple[str, ...]] = ()
    """The protocols that rules of it name and that come from elsewhere: from another plugin, or from whoever takes the rule over."""
    accepted_findings: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """For a crisis protocol that cannot be relied on as it stands: what `verify` finds, by protocol and code, and why it stays."""

    @classmethod
    def make(cls) -> object:
        """A new plugin, as its factory makes it."""
        raise NotImplementedError

    _given: ClassVar[DocumentsGiven]

    @classmethod
    def given(cls) -> DocumentsGiven:
        """The plugin, with what is claimed. What is worked out from its answers is worked out once for all rules."""
        if "_given" not in vars(cls):
            cls._given = DocumentsGiven(
                cls.make,
                cls.regions,
                worldwide=cls.worldwide,
                breaks_glass=cls.breaks_glass,
                protocols_elsewhere=cls.protocols_elsewhere,
                accepted_findings=cls.accepted_findings,
            )
        return cls._given
