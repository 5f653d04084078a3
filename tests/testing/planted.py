"""Plugins with one planted fault each, and the tests that their authors would write: above each stand the words in which it has to fail.

It imports what an author would, so that it can be run anywhere.
"""

from __future__ import annotations

import copy
from typing import Any

from recoverycore import Receipt, RecoveryHooks, hookimpl
from recoverycore.consent import Profile, Rule, Source
from recoverycore.engine.stores import MemoryStore
from recoverycore.testing import CrisisLinesContract, DocumentsContract, JurisdictionContract, NotifierContract, StoreContract


class Lines(RecoveryHooks):
    """A crisis line of a made-up county, with changes. Its number belongs to nobody."""

    def __init__(self, **changes: Any) -> None:
        reach = {"kind": "e164", "value": "+441632960001"}
        channel = {"id": "call", "type": "voice", "reach": reach, "hours": "always", "languages": ["en"]}
        known = {"id": "night", "name": "Night line", "service_kinds": ["warm_line"], "region": "GB", "verified_on": "2026-10-07"}
        self.entry = {**known, "source": "told by its operator", "channels": [channel], **changes}

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:
        return [copy.deepcopy(self.entry)] if region.startswith("GB") else None


class ItsOwn(Lines):
    """Hands out what it keeps."""

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:
        return [self.entry] if region.startswith("GB") else None


class TestNoEmergencyNumber(CrisisLinesContract):
    """for GB the first line shown is floor.emergency, which is no emergency number of the country"""

    plugin, regions = Lines(), ("GB",)


class TestNoSource(CrisisLinesContract):
    """night: it names no source, so nobody can look it up again"""

    plugin, regions = Lines(source=None), ("GB",)


class TestItsOwnList(CrisisLinesContract):
    """asked twice for GB the plugin answered differently: whoever changed the first answer changed the second"""

    plugin, regions = ItsOwn(), ("GB",)


class TestElsewhere(CrisisLinesContract):
    """asked for IE, for which it is, the plugin has no line"""

    plugin, regions = Lines(), ("IE",)


class Documents(RecoveryHooks):
    """A rule of a made-up county, with changes."""

    def __init__(self, **changes: Any) -> None:
        rule = {"id": "word", "when": {"event": "code_word"}, "tell": [{"role": "peer"}]}
        self.known = {"id": "kent.word", "kind": "rule", "region": "GB", "source": "the crisis group", "data": rule, **changes}

    @hookimpl
    def recovery_contribute_documents(self, region: str) -> Any:
        return [copy.deepcopy(self.known)] if region.startswith("GB") else None


class OfDocuments(DocumentsContract):
    changes: dict[str, Any]
    regions = ("GB",)

    @classmethod
    def make(cls) -> object:
        return Documents(**cls.changes)


class TestNoRule(OfDocuments):
    """kent.word: at /data it does not fit the schema of a rule (required)"""

    changes = {"data": {"id": "word"}}  # noqa: RUF012 - as an author would write it


class TestNobodysProtocol(OfDocuments):
    """kent.word: the protocol clam is not among the documents; if it comes from elsewhere, say so (protocols_elsewhere)"""

    changes = {"data": {"id": "word", "when": {"event": "code_word"}, "level": 1, "protocol": "clam"}}  # noqa: RUF012 - as above


class TestOnePerson(OfDocuments):
    """kent.word: it tells one person, whom only one programme knows; name a role"""

    changes = {"data": {"id": "word", "when": {"event": "code_word"}, "tell": [{"person": "dana"}]}}  # noqa: RUF012 - as above


class TestTheFloor(OfDocuments):
    """floor.rule: the floor that comes with the library has this id, and only a host may replace that"""

    changes = {"id": "floor.rule"}  # noqa: RUF012 - as above


class Pager(RecoveryHooks):
    """A deliverer whose provider is a list."""

    once = True
    takes_all = False
    human = False

    def __init__(self) -> None:
        self.out: list[str] = []

    @hookimpl
    def recovery_deliver_message(self, message: Any, key: str) -> Any:
        if message.channel != "pager" and not self.takes_all:
            return None
        if key not in self.out or not self.once:
            self.out.append(key)
        return Receipt("answered" if self.human else "accepted", human=self.human)


class OfPagers(NotifierContract):
    channels = ("pager",)
    works_offline = True
    kind: type[Pager] = Pager

    @classmethod
    def make(cls) -> object:
        return cls.kind()

    @classmethod
    def sent(cls, plugin: Any) -> int:
        return len(plugin.out)


class Twice(Pager):
    once = False


class Greedy(Pager):
    takes_all = True


class Human(Pager):
    human = True


class Telling(Pager):
    @hookimpl
    def recovery_deliver_message(self, message: Any, key: str) -> Any:
        print(message.text.reveal())  # noqa: T201 - that is the fault
        return super().recovery_deliver_message(message, key)


class TestTwice(OfPagers):
    """pager: the same key twice made 2 messages; one should go out"""

    kind = Twice


class TestGreedy(OfPagers):
    """asked for a channel that is not its own it answered (ok); it should answer None"""

    kind = Greedy


class TestTelling(OfPagers):
    """pager: the text of a message stands in the screen"""

    kind = Telling


class TestHumanThatIsNotClaimed(OfPagers):
    """pager: a receipt says that a person answered, and the plugin does not claim to know (tells_humans)"""

    kind = Human


class TestHumanThatIsClaimed(OfPagers):
    """it claims to know when a person answers (tells_humans), and no receipt says so"""

    tells_humans = True


class TestOfflineThatIsNotClaimed(OfPagers):
    """pager: without a network it says that the message was taken on; nobody has it (works_offline is not claimed)"""

    works_offline = False


class TestLastingThatIsClaimed(StoreContract):
    """it claims to be lasting"""

    lasting = True

    @classmethod
    def make(cls) -> Any:
        return MemoryStore()


class OfLaws(JurisdictionContract):
    rule = Rule(name="care", source=Source("An Act", "read"), purposes=("treatment",), holds=lambda matter: True)  # noqa: ARG005 - the fault
    name = "xx.law"

    @classmethod
    def make(cls) -> object:
        class Law(RecoveryHooks):
            recoverycore_name = cls.name

            @hookimpl
            def recovery_contribute_consent_profiles(self) -> Any:
                return [Profile(id="xx.law", version="1", rules=(cls.rule,))]

        return Law()


class TestMisnamed(OfLaws):
    """it brings xx.law, and has to bring the one profile of its own name, xx.lore"""

    name = "xx.lore"


class TestOnNothing(OfLaws):
    """although nothing is known"""

    permits_without_consent = True


class TestUnclaimed(OfLaws):
    """rule care permits without consent, which is not claimed"""
