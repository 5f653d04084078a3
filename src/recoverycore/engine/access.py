"""Who may see what: the kept directives and the team put before the decision on consent, and what it comes to for a message."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, Self

from recoverycore.consent import (
    ClientFacts,
    ConsentBook,
    Discloser,
    Facts,
    ProfileDocument,
    Recipient,
    Record,
    Request,
    RoleHeld,
    read_directive,
)
from recoverycore.consent.ledger import LOGGING
from recoverycore.engine.documents import kept_kind
from recoverycore.engine.kept_runs import listed_for
from recoverycore.engine.narrowing import HOOK
from recoverycore.engine.shell import row_of
from recoverycore.errors import NotFound, problem
from recoverycore.escalation.documents import ConsentFact
from recoverycore.people import Client, Programme, Service, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from recoverycore.consent import Decision, LedgerEntry, Restriction
    from recoverycore.engine.stores import Stored, Unit
    from recoverycore.engine.work import Work
    from recoverycore.escalation import ProtocolDraft
    from recoverycore.hooks.values import ContentClass

__all__ = ["Access", "Rows", "because", "open_level"]

_DONE_ANYWAY = LOGGING | {"minimum_necessary"}
"""Every release is written into the ledger, and no more is released than was asked for."""
CONTACT = "contact"
"""The category that stands for being in touch about somebody at all."""


class Rows(NamedTuple):
    """Everything kept that decisions about one client rest on, as it stands and unread: equal rows, equal decisions."""

    programme: Stored | None
    client: Stored | None
    team: Stored | None
    profile: Stored | None
    services: tuple[Stored, ...]
    directives: tuple[Stored, ...]
    open_level: int

    @classmethod
    def of(cls, work: Work, client: str) -> Self:
        """The rows around `client`, put in order again only when one of them is another than the last time."""
        team, directives, runs = kept_kind("team", client), kept_kind("directive", client), listed_for(client)
        given = work.unit.all("programme", "profile", "service", team, directives, runs), row_of(work.unit, Client, identifier=client)
        known: Self | None = work.memo.get(("rows", client), given)
        if known is not None:
            return known
        kept, person = given
        rows: defaultdict[str, list[Stored]] = defaultdict(list)
        for each in kept:
            rows[each.kind].append(each)
        programme, profile, its_team = (next(iter(rows[kind]), None) for kind in ("programme", "profile", team))
        found = cls(programme, person, its_team, profile, tuple(rows["service"]), tuple(rows[directives]), _highest(rows[runs]))
        work.memo.keep(("rows", client), given, found)
        return found


class Access:
    """The decisions on consent about one client at one instant, with everything kept about it read once."""

    def __init__(self, work: Work, client: str, *, level: int = 0) -> None:
        """`level` counts as the level of an open run besides those that are kept: a run about to be opened.

        Nothing is read but the rows and the settings. Errors: ``no_programme``, ``unknown_client``.
        """
        rows, settings = Rows.of(work, client), work.settings
        if rows.programme is None:
            raise NotFound(problem("no_programme"))
        if rows.client is None:
            raise NotFound(problem("unknown_client"))
        self._work = work
        self._at = work.at
        self.programme = Programme.model_validate(rows.programme.body)
        self.client = Client.model_validate(rows.client.body)
        self.team = Team.model_validate(rows.team.body) if rows.team else Team()
        self.services = {each.id: Service.model_validate(each.body) for each in rows.services}
        self._facts = Facts(open_run_level=max(level, rows.open_level))
        known = ClientFacts(zone=self.client.zone or self.programme.zone, minor=bool(self.client.minor))
        profile = ProfileDocument.model_validate(rows.profile.body) if rows.profile else None
        directives = [read_directive(each.body) for each in rows.directives]
        self._book = ConsentBook(directives, profile, known, settings.consent_profiles, settings.consent_policy)

    def next_change(self) -> datetime | None:
        """The next instant at which time alone may change a decision, as long as nothing that is kept changes. None without one."""
        return self._book.next_change(self._at)

    def decide(self, who: str, categories: Iterable[str], purpose: str, *, via: str | None = None) -> Decision:
        """Whether `who`, reached through `via` if anybody, may see records of `categories` for `purpose`: one a category, named by it."""
        here, labels = self.programme.id, self.programme.labels
        request = Request(
            discloser=Discloser(id=here, kind=self.programme.kind),
            recipient=self._recipient(who).evolve(via=via),
            purposes=(purpose,),
            at=self._at,
            records=tuple(Record(id=each, category=each, labels=labels.get(each, ()), source=here) for each in dict.fromkeys(categories)),
        )
        return self._book.decide(request, facts=self._facts, restrictions=self._withheld(request))

    def of_the_person(self, action: str, *, in_writing: bool | None = None) -> Callable[[Iterable[LedgerEntry]], Decision]:
        """The decision on `action`, a list of disclosures that the person asks for, over whichever entries of the ledger it is asked."""
        request = Request(
            discloser=Discloser(id=self.programme.id, kind=self.programme.kind),
            recipient=self._recipient(self.client.id),
            purposes=("client_request",),
            action=action,
            at=self._at,
        )
        facts, withheld = self._facts.evolve(request_in_writing=in_writing), self._withheld(request)
        return lambda entries: self._book.decide(request, facts=facts.evolve(ledger=tuple(entries)), restrictions=withheld)

    def _withheld(self, request: Request) -> tuple[Restriction, ...]:
        """What plugins withhold of `request`. One that gave no answer is noted."""
        found, broken = self._work.narrowing.of(self.client.id, request, self._at)
        for each in broken:
            self._work.note("plugin_error", client=self.client.id, hook=HOOK, plugin=each.plugin, status=each.status)
        return found

    def duties(self, found: Decision) -> tuple[str, ...]:
        """What is owed for using rules of law, where `found` rests on any, beyond what an engine does anyway."""
        rules = {f"rule:{rule.name}": rule for profile in self._book.setting.profiles for rule in profile.rules}
        used = [rules[name] for name in _names(found.basis) if name in rules] if found.released else []
        return tuple(sorted({duty.code for rule in used for duty in rule.duties} - _DONE_ANYWAY))

    def may_be_told(self, who: str, protocol: ProtocolDraft) -> ConsentFact:
        """What consent comes to for messages of `protocol` to `who`: contact, and the most that a message may hold."""
        found = self.decide(who, (CONTACT, *protocol.categories), protocol.purpose or protocol.kind)
        if found.records[CONTACT] != "permit":
            denied = any(rule.startswith("directive:") for rule in found.rules.get(CONTACT, ()))
            return ConsentFact(contact="deny" if denied else "unknown")
        everything = bool(protocol.categories) and all(found.records[each] == "permit" for each in protocol.categories)
        return ConsentFact(contact="permit", max_class="C2" if everything else "C1")

    def what_may_be_told(self, who: str, categories: Iterable[str], purpose: str) -> tuple[tuple[str, ...], ContentClass]:
        """Which of `categories` a message to `who` may tell of, and the most that it may hold: all of them, the name, or nothing."""
        wanted = tuple(categories)
        found = self.decide(who, (CONTACT, *wanted), purpose)
        told = tuple(each for each in wanted if found.records[each] == "permit")
        if found.records[CONTACT] != "permit":
            return told, "C0"
        return told, "C2" if wanted and told == wanted else "C1"

    def everybody(self) -> tuple[str, ...]:
        """Whoever a message could go to: the team, supporters, outside services."""
        return (*(member.id for member in self.team.members), *self.services)

    def _recipient(self, who: str) -> Recipient:
        """`who` as consent knows them. Somebody nobody knows has no organisation and no role, and is told nothing."""
        if who == self.client.id:
            return Recipient(id=who, kind="client")
        member = self.team.member(who)
        if member is not None:
            kind = "individual" if member.supporter else "staff"
            return Recipient(id=who, kind=kind, org=member.org, roles=tuple(RoleHeld(role=role, org=member.org) for role in member.roles))
        service = self.services.get(who)
        if service is not None:
            return Recipient(id=who, kind="organisation", org=service.org, roles=(RoleHeld(role=service.role, org=service.org),))
        return Recipient(id=who, kind="individual")


def because(found: Decision) -> tuple[str, ...]:
    """What a decision rests on; where nothing is released and nothing denies, the permits that come nearest.

    Nearest are those whose recipients reach the asker and which fail on the fewest other axes.
    """
    if found.basis is not None:
        return _names(found.basis)
    failed: dict[str, set[str]] = {}
    for axes in found.failed.values():
        for directive, wrong in axes.items():
            failed.setdefault(directive, set()).update(wrong)
    reaching = {directive: len(wrong) for directive, wrong in failed.items() if "recipient" not in wrong}
    return tuple(sorted(directive for directive, count in reaching.items() if count == min(reaching.values())))


def _names(basis: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (basis,) if isinstance(basis, str) else basis or ()


def open_level(unit: Unit, client: str) -> int:
    """The highest level of a run that is still going; 0 without one."""
    return _highest(unit.all(listed_for(client)))


def _highest(listed: Iterable[Stored]) -> int:
    return max((each.body["level"] for each in listed if not each.body["over"]), default=0)
