"""What a rule looks at: one record, for one purpose, to one recipient, now, beside everything the host has said.

The `Setting` is what stays the same for every request about one client: their facts, the profiles that the host has named, the words and
the days they are read in, and the choices of policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from recoverycore.consent.documented import profile_of
from recoverycore.consent.facts import Facts
from recoverycore.consent.law import Profile, RecipientClass, Switch
from recoverycore.consent.posets import Vocabulary, standard_vocabulary
from recoverycore.consent.profiles import ProfileDocument
from recoverycore.consent.requests import ClientFacts, Recipient, Record, Request
from recoverycore.consent.times import Calendar, Moment
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.text import nearest

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["CORE_SWITCHES", "Matter", "Setting"]

CORE_SWITCHES = (
    Switch("label_order", "literal", ("literal", "clearance"), "whether confidentiality codes U to V cover each other"),
    Switch("break_glass_subsumed", False, (True, False), "whether treatment covers a break-glass claim"),  # noqa: FBT003 - a value, not a mode
    Switch("unwritten_revocation_stops_permit", True, (True, False), "whether words alone stop a permit where writing is wanted"),  # noqa: FBT003
    Switch("event_day", "cautious", ("cautious", "end_of_day"), "when on its day an event known by its date ends a permit"),
    Switch("tell_withheld", False, (True, False), "whether who asked is told that something was withheld"),  # noqa: FBT003
)
"""The choices of policy that the core itself knows; profiles add their own."""

_CLEARANCE = {"V": ("R",), "R": ("N",), "N": ("M",), "M": ("L",), "L": ("U",)}


@frozen
class Setting:
    """A client, the profiles that count, and the words, days and choices they are read in. Made by `of`.

    `missing` are the ids of profiles that were asked for and are not there: with any of them nothing is released.
    """

    client: ClientFacts
    profiles: tuple[Profile, ...]
    missing: tuple[str, ...]
    words: Vocabulary
    calendar: Calendar
    classes: Mapping[str, tuple[RecipientClass, ...]]
    policy: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        client: ClientFacts,
        profiles: Iterable[Profile | ProfileDocument | str] = (),
        policy: Mapping[str, Any] | None = None,
    ) -> Setting:
        """The setting for `client`. A text among `profiles` is the id of one that is wanted and not loaded.

        Errors: ``duplicate_profile``, ``unknown_switch``, ``bad_switch``, and those of a vocabulary.
        """
        named = tuple(profiles)
        missing = {each for each in named if isinstance(each, str)}
        loaded = [profile_of(each) if isinstance(each, ProfileDocument) else each for each in named if not isinstance(each, str)]
        loaded.sort(key=lambda each: each.id)
        ids = [each.id for each in loaded]
        if len(set(ids)) < len(ids):
            raise DocumentError(problem("duplicate_profile", "/profiles"))
        chosen = _policy(loaded, policy or {})
        words = standard_vocabulary()
        for each in loaded:
            if each.vocabulary.order or each.vocabulary.aliases:
                words = words.extended(each.vocabulary.order, each.vocabulary.aliases)
        if chosen["label_order"] == "clearance":
            words = words.extended({"label": _CLEARANCE}, {})
        if chosen["break_glass_subsumed"]:
            words = words.extended({"purpose": {"treatment": ("break_glass",)}}, {})
        classes: dict[str, tuple[RecipientClass, ...]] = {}
        for each in loaded:
            for one in each.classes:
                classes[one.name] = (*classes.get(one.name, ()), one)
        return cls(client, tuple(loaded), tuple(sorted(missing - set(ids))), words, Calendar(client.zone), classes, chosen)

    def in_class(self, name: str, recipient: Recipient, purpose: str) -> bool | None:
        """Whether `recipient` is in the class; None where nobody has defined it, or not all who did agree."""
        answers = {each.holds(recipient, purpose, self.words) for each in self.classes.get(name, ())}
        return answers.pop() if len(answers) == 1 else None


def _policy(profiles: list[Profile], chosen: Mapping[str, Any]) -> dict[str, Any]:
    known = {switch.name: switch for each in profiles for switch in each.switches} | {each.name: each for each in CORE_SWITCHES}
    for name, value in chosen.items():
        if name not in known:
            raise DocumentError(problem("unknown_switch", "/policy", did_you_mean=nearest(name, known), detail=name))
        if not known[name].takes(value):
            raise DocumentError(problem("bad_switch", f"/policy/{name}"))
    return {name: switch.default for name, switch in known.items()} | dict(chosen)


@frozen(kw_only=True)
class Matter:
    """One point on every axis, and what is known around it. `labels` are the effective ones; without a `record` none was asked for."""

    request: Request
    record: Record | None
    labels: frozenset[str]
    category: str | None
    purpose: str
    action: str
    recipient: Recipient
    facts: Facts
    setting: Setting

    @property
    def at(self) -> datetime:
        """The instant of the request."""
        return self.request.at

    @property
    def discloser(self) -> str | None:
        """The id of who would release; None where nobody said."""
        return None if self.request.discloser is None else self.request.discloser.id

    @property
    def discloser_kind(self) -> str | None:
        """What kind of discloser it is, where that is known."""
        return None if self.request.discloser is None else self.request.discloser.kind

    @property
    def client(self) -> ClientFacts:
        """The client whom it is about."""
        return self.setting.client

    @property
    def policy(self) -> Mapping[str, Any]:
        """What the host has chosen, switch by switch."""
        return self.setting.policy

    def within(self, *purposes: str) -> bool:
        """Whether the purpose is one of these or below one."""
        words = self.setting.words
        return words.covers("purpose", words.read("purpose", purposes), self.purpose)

    def labelled(self, *labels: str) -> bool:
        """Whether an effective label is one of these or below one."""
        words = self.setting.words
        read = words.read("label", labels)
        return any(words.covers("label", read, each) for each in self.labels)

    def filed_as(self, *categories: str) -> bool:
        """Whether the record's category is known and one of these, or below one."""
        words = self.setting.words
        return self.category is not None and words.covers("category", words.read("category", categories), self.category)

    def come(self, moment: Moment | None) -> bool:
        """Whether a moment has come; one known by its date alone comes as early as it can."""
        return moment is not None and self.at >= self.setting.calendar.stops(moment, permit=True)

    def about(self, purpose: str) -> Matter:
        """The same matter for another purpose. Every record is asked about so, and `evolve` takes far longer."""
        return Matter(
            request=self.request,
            record=self.record,
            labels=self.labels,
            category=self.category,
            purpose=purpose,
            action=self.action,
            recipient=self.recipient,
            facts=self.facts,
            setting=self.setting,
        )

    def to(self, recipient: Recipient) -> Matter:
        """The same matter with another recipient."""
        return evolve(self, recipient=recipient)
