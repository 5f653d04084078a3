"""A client's consents as one value: read once, asked often, and changed only by making a new book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from attrs import evolve, field, frozen

from recoverycore.consent.compiled import CompiledConsents, compile_consents
from recoverycore.consent.consents import Consents
from recoverycore.consent.decision import decide_compiled
from recoverycore.consent.documents import Revocation
from recoverycore.consent.facts import Facts
from recoverycore.consent.law import Profile
from recoverycore.consent.matter import Setting
from recoverycore.consent.profiles import ProfileDocument
from recoverycore.consent.requests import ClientFacts, Discloser, Recipient, Record, Request, RoleHeld
from recoverycore.consent.trees import AnyDirective
from recoverycore.errors import DocumentError, NotFound, problem
from recoverycore.ground.loading import load_file
from recoverycore.ground.text import one_or_more

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from recoverycore.consent.outcome import Decision, Restriction
    from recoverycore.consent.plan import Comparison, Never, Plan

__all__ = ["ConsentBook"]

Sees: TypeAlias = str | Record | Iterable[str | Record]
_NO_FACTS = Facts()


def _by_id(directives: Iterable[AnyDirective]) -> tuple[AnyDirective, ...]:
    return tuple(sorted(directives, key=lambda directive: directive.id))


def _ids(named: Iterable[AnyDirective | Profile | ProfileDocument | str]) -> str:
    """What may be shown of papers and profiles anywhere: their ids."""
    return f"[{', '.join(each if isinstance(each, str) else each.id for each in named)}]"


@frozen
class ConsentBook:
    """Every directive of one client, in any order, with the client's facts and the profiles that the host has named.

    `profile` is a data-only one, `profiles` are more of any kind; a text among them is the id of one that is wanted and not loaded,
    and then nothing is released. `policy` chooses switches otherwise than their defaults.
    Ask it in full with a `Request`, or in short: who sees what, why, when.
    Errors: ``duplicate_directive``, ``duplicate_profile``, ``unknown_switch``, ``bad_switch``.

    >>> from datetime import UTC, datetime
    >>> from recoverycore.consent import Directive
    >>> box = {"labels": "*", "categories": ["safety_plan"], "purposes": ["treatment"], "recipients": [{"person": "peer:dana"}]}
    >>> paper = Directive.model_validate({"id": "c1", "polarity": "permit", "discloser": "*", "boxes": [box]})
    >>> book = ConsentBook([paper])
    >>> decision = book.decide(who="peer:dana", sees="safety_plan", why="treatment", at=datetime(2026, 11, 4, tzinfo=UTC))
    >>> decision.permitted, decision.basis
    (True, 'c1')
    """

    directives: tuple[AnyDirective, ...] = field(default=(), converter=_by_id, repr=_ids)
    profile: ProfileDocument | None = field(default=None, repr=False)
    client: ClientFacts = field(factory=ClientFacts, repr=False)
    profiles: tuple[Profile | ProfileDocument | str, ...] = field(default=(), converter=one_or_more, repr=_ids)
    policy: Mapping[str, Any] = field(factory=dict, hash=False, repr=False)
    _compiled: CompiledConsents = field(init=False, repr=False, eq=False)

    @_compiled.default
    def _compile(self) -> CompiledConsents:
        named = (*self.profiles, *(() if self.profile is None else (self.profile,)))
        return compile_consents(self.directives, Setting.of(self.client, named, self.policy))

    @property
    def setting(self) -> Setting:
        """The client, the profiles that count, and the words, days and choices that the papers are read in."""
        return self._compiled.setting

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The book in a file: a `Consents` document as JSON, TOML or YAML, in its envelope or bare.

        Errors: whatever is wrong with the file, every problem at once with its place; ``duplicate_directive``.
        """
        found = load_file(path, Consents)
        return cls(found.directives, found.profile, found.client)

    def decide(
        self,
        request: Request | None = None,
        /,
        *,
        who: str | Recipient | None = None,
        sees: Sees | None = None,
        why: str | Iterable[str] | None = None,
        at: datetime | None = None,
        org: str | None = None,
        roles: str | RoleHeld | Iterable[str | RoleHeld] | None = None,
        labels: str | Iterable[str] = (),
        discloser: str | Discloser | None = None,
        facts: Facts = _NO_FACTS,
        restrictions: Iterable[Restriction] = (),
    ) -> Decision:
        """Whether somebody may see something, for a purpose, at an instant: by a whole request, or in short.

        In short `who` is a recipient, or an id with `org` and `roles` beside it: every role that is held, or left out where nobody
        asked, so that a refusal for some role holds and a permit for it does not reach. `sees` names categories or records; `why`
        is one purpose or several; `labels` is what each category asked for carries. Without a `discloser` nobody knows who
        would release, so only permits from every discloser reach. Errors: ``ask_one_way``, and those of a request.
        """
        if request is None and who is not None and sees is not None and why is not None and at is not None:
            recipient = who if isinstance(who, Recipient) else _recipient(who, org, roles)
            asked, carried = one_or_more(sees, Record), one_or_more(labels)
            made = Request(
                discloser=Discloser(id=discloser) if isinstance(discloser, str) else discloser,
                recipient=recipient,
                purposes=one_or_more(why),
                at=at,
                records=tuple(each if isinstance(each, Record) else Record(id=each, category=each, labels=carried) for each in asked),
            )
            return decide_compiled(self._compiled, made, facts, restrictions)
        if request is None or not (who is None and sees is None and why is None and at is None):
            raise DocumentError(problem("ask_one_way"))
        return decide_compiled(self._compiled, request, facts, restrictions)

    def plan(self, facts: Facts = _NO_FACTS) -> Plan:
        """The book as a plan, to be decided on often and asked what it permits to anybody at any time."""
        from recoverycore.consent.plan import Plan

        return Plan(self.directives, self._compiled, facts)

    def compare(self, draft: ConsentBook | AnyDirective, from_: datetime | None = None, *, facts: Facts = _NO_FACTS) -> Comparison:
        """What would change with `draft`: another book, or one paper that is added, or that takes the place of the one of its id.

        The verdict is ``equal``, ``narrower``, ``wider`` or ``both``, with a cell for each direction and the change in plain words.
        Errors: those of `recoverycore.consent.plan.compare`.
        """
        from recoverycore.consent.plan import compare

        if not isinstance(draft, ConsentBook):
            draft = evolve(self, directives=(*(each for each in self.directives if each.id != draft.id), draft))
        return compare(self.plan(facts), draft.plan(facts), from_)

    def never(
        self,
        *,
        label: str | Iterable[str] | None = None,
        sees: str | Iterable[str] | None = None,
        why: str | Iterable[str] | None = None,
        who: str | Iterable[str] | None = None,
        person: str | Iterable[str] | None = None,
        action: str | Iterable[str] | None = None,
        discloser: str | Discloser | None = None,
        facts: Facts = _NO_FACTS,
    ) -> Never:
        """Whether nobody can ever see that: a proof, or a cell that is permitted. What is not named is free.

        `label` is one that a record carries, `sees` a category, `why` a purpose, `who` a recipient by id or organisation, that is with
        everybody there, and `person` somebody by id alone; each with all that is below it. A `discloser` that is given whole, with its
        kind, is asked about its own records.
        Errors: those of `recoverycore.consent.plan.Plan.never`.

        >>> from recoverycore.consent import ConsentBook
        >>> bool(ConsentBook().never(label="HIV", why="payment"))
        True
        """
        axes = {"label": label, "category": sees, "purpose": why, "recipient": who, "person": person, "action": action}
        where = {axis: values for axis, values in axes.items() if values is not None}
        if isinstance(discloser, Discloser):
            return self.plan(facts).never(where, discloser=discloser, source=discloser.id)
        return self.plan(facts).never(where if discloser is None else {**where, "discloser": discloser})

    def next_change(self, at: datetime) -> datetime | None:
        """The next instant after `at` at which time alone may change an answer: a paper begins, ends, rests or is revoked.

        It counts what the papers say. A role that is held until some day, or an event in the facts, is the asker's to watch.
        """
        return min((each for each in self._compiled.instants if each > at), default=None)

    def with_directive(self, directive: AnyDirective) -> ConsentBook:
        """A new book that also holds `directive`. Error: ``duplicate_directive``."""
        return evolve(self, directives=(*self.directives, directive))

    def with_revocation(
        self, directive: str, at: datetime, *, written: bool | None = None, recipients: str | Iterable[str] = ()
    ) -> ConsentBook:
        """A new book in which the directive of this id is revoked from `at` on, for everybody or for the `recipients` named.

        Errors: ``unknown_directive``, ``naive_time``.
        """
        found = next((each for each in self.directives if each.id == directive), None)
        if found is None:
            raise NotFound(problem("unknown_directive"))
        revocation = Revocation(at=at, written=written, recipients=one_or_more(recipients) or None)
        changed = found.evolve(revocations=(*found.revocations, revocation))
        return evolve(self, directives=tuple(changed if each is found else each for each in self.directives))


def _recipient(who: str, org: str | None, roles: str | RoleHeld | Iterable[str | RoleHeld] | None) -> Recipient:
    given = None if roles is None else one_or_more(roles, RoleHeld)
    held = None if given is None else tuple(each if isinstance(each, RoleHeld) else RoleHeld(role=each) for each in given)
    return Recipient(id=who, org=org, roles=held)
