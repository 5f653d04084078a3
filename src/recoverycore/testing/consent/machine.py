"""A state machine for hosts: papers come and go, time passes, questions are asked, and the last answers have to stand.

Pure laws cannot see what a store forgets or a cache remembers; this does. It needs the extra ``testing``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from attrs import field, frozen
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from recoverycore.consent import ConsentBook, Decision, Directive, Discloser, Recipient, Record, Request, Suspension
from recoverycore.ground.instants import parse_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BookHost", "ConsentHost", "ConsentMachine"]

START = parse_instant("2026-06-15T15:00:00Z")
SECOND = timedelta(seconds=1)
SPANS = st.sampled_from([SECOND, timedelta(hours=1), timedelta(days=1), timedelta(days=30)])
WHO, WHY = ("per:lee", "per:kim"), ("treatment", "payment")
PEOPLE = st.sampled_from(WHO)
PURPOSES = st.sampled_from([WHY[0], *WHY])
REACHED = st.sampled_from(["*", "*", *WHO])
ABOUT = st.sampled_from(["*", "*", "diagnosis", "lab"])
DISCLOSER = "org:clinic"
FEW = 5
"""So many papers and records are enough for whatever a host may forget, and a story of them is found and made small in seconds."""


class ConsentHost(Protocol):
    """What a host has to have, to be driven: it keeps papers about one client, and decides.

    Every change has an instant, and the machine never goes back in time. `decide` gives a `Decision`, or for each record's id ``permit``
    or ``deny``. A host that keeps papers on a disk may also have ``reopen()``, which gives the host as it is after a restart.
    """

    def sign(self, directive: Directive, at: datetime) -> None:
        """Keep a paper, which may replace older ones."""

    def revoke(self, directive: str, at: datetime, recipients: tuple[str, ...] | None) -> None:
        """Take a paper back in writing, for everybody or for these recipients."""

    def suspend(self, directive: str, start: datetime, end: datetime | None) -> None:
        """Let a paper rest; without `end` until further notice."""

    def decide(self, request: Request) -> Decision | Mapping[str, str]:
        """Whether each record may be released."""


class BookHost:
    """The host that does what the library does: a `ConsentBook`, made anew with each change."""

    def __init__(self) -> None:
        self.book = ConsentBook()

    def sign(self, directive: Directive, at: datetime) -> None:  # noqa: ARG002 - the paper says when it was signed
        """Add the paper."""
        self.book = self.book.with_directive(directive)

    def revoke(self, directive: str, at: datetime, recipients: tuple[str, ...] | None) -> None:
        """Add the revocation to the paper."""
        self.book = self.book.with_revocation(directive, at, written=True, recipients=recipients or ())

    def suspend(self, directive: str, start: datetime, end: datetime | None) -> None:
        """Add the pause to the paper."""
        pause = Suspension.model_validate({"from": start, "to": end})
        kept = self.book.directives
        self.book = ConsentBook([each.evolve(suspensions=(*each.suspensions, pause)) if each.id == directive else each for each in kept])

    def decide(self, request: Request) -> Decision:
        """Ask the book."""
        return self.book.decide(request)


@frozen
class Asked:
    """A question, and what was answered: each record's verdict, and on which papers it rests."""

    request: Request = field(repr=False)
    records: tuple[tuple[str, str], ...]
    basis: tuple[str, ...] | None

    def __str__(self) -> str:
        verdicts = ", ".join(f"{name} {verdict}" for name, verdict in self.records) or "nothing asked for"
        return f"{verdicts} on {', '.join(self.basis)}" if self.basis else verdicts

    @property
    def released(self) -> set[str]:
        """What went out."""
        return {name for name, verdict in self.records if verdict == "permit"}


class ConsentMachine(RuleBasedStateMachine):
    """Drives a host through signing, revoking, suspending, replacing, asking and waiting, and holds it to what consent means.

    Give it your host by overriding `new_host`, and run ``YourMachine.TestCase`` as a test. After every step the last questions are asked
    again, for the instants they were asked at: no answer may have changed (L11). Then each is asked for now: a paper that was revoked,
    suspended or replaced is never what a release rests on (L10, L14, L38), and every verdict is the one of a `ConsentBook`; with
    `narrower` a host may release less than that, and never more.
    """

    papers = Bundle("papers")
    narrower = False

    def __init__(self) -> None:
        super().__init__()
        self.host: Any = self.new_host()
        self.model = BookHost()
        self.now = START
        self.asked: list[Asked] = []
        self.records = [Record(id="r1", category="diagnosis")]
        self.names = 0

    def new_host(self) -> ConsentHost:
        """A host with no papers. Override this."""
        return BookHost()

    def _pass(self, span: timedelta = SECOND) -> datetime:
        self.now += span
        return self.now

    @initialize(target=papers, lasts=SPANS | st.none())
    def first(self, lasts: timedelta | None) -> str:
        """Everything is permitted to everybody for treatment: then there is something to be taken away."""
        return self._signed("permit", ("*", WHY[0], "*"), lasts=lasts)

    @precondition(lambda self: self.names < FEW)
    @rule(
        target=papers,
        polarity=st.sampled_from(["permit", "permit", "deny"]),
        who=REACHED,
        why=PURPOSES,
        what=ABOUT,
        lasts=SPANS | st.none(),
    )
    def sign(self, polarity: str, who: str, why: str, what: str, lasts: timedelta | None) -> str:
        """The client signs a paper, with an end or without."""
        return self._signed(polarity, (who, why, what), lasts=lasts)

    @precondition(lambda self: self.names < FEW)
    @rule(target=papers, old=papers, polarity=st.sampled_from(["permit", "deny"]), who=REACHED, why=PURPOSES, what=ABOUT)
    def replace(self, old: str, polarity: str, who: str, why: str, what: str) -> str:
        """The client signs a paper in place of an older one."""
        return self._signed(polarity, (who, why, what), instead_of=(old,))

    def _signed(self, polarity: str, said: tuple[str, str, str], lasts: timedelta | None = None, instead_of: tuple[str, ...] = ()) -> str:
        at = self._pass()
        who, why, what = said
        self.names += 1
        whom, kinds = "*" if who == "*" else [{"person": who}], "*" if what == "*" else [what]
        box = {"labels": "*", "categories": kinds, "purposes": [why], "recipients": whom, "actions": ["disclose"]}
        end = {"kind": "none"} if lasts is None else {"kind": "instant", "value": at + lasts}
        told = {"id": f"g{self.names}", "polarity": polarity, "discloser": DISCLOSER, "boxes": [box], "supersedes": instead_of}
        paper = Directive.model_validate({**told, "signed_on": at, "starts": at, "expires": end, "signed_by": ["client"], "written": True})
        for each in (self.host, self.model):
            each.sign(paper, at)
        return paper.id

    @rule(paper=papers, who=st.none() | PEOPLE)
    def revoke(self, paper: str, who: str | None) -> None:
        """The client takes a paper back, for everybody or for one recipient."""
        at = self._pass()
        for each in (self.host, self.model):
            each.revoke(paper, at, None if who is None else (who,))

    @rule(paper=papers, lasts=st.none() | SPANS)
    def suspend(self, paper: str, lasts: timedelta | None) -> None:
        """The client lets a paper rest."""
        at = self._pass()
        for each in (self.host, self.model):
            each.suspend(paper, at, None if lasts is None else at + lasts)

    @precondition(lambda self: len(self.records) < FEW)
    @rule(what=st.sampled_from(["diagnosis", "lab"]))
    def record_added(self, what: str) -> None:
        """Somebody writes another record."""
        self._pass()
        self.records.append(Record(id=f"r{len(self.records) + 1}", category=what))

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        """Nothing happens for a while."""
        self._pass(span)

    @precondition(lambda self: self.model.book.next_change(self.now) is not None)
    @rule()
    def time_passes_until_something_ends(self) -> None:
        """Nothing happens until the very instant at which a paper ends or works again."""
        self.now = self.model.book.next_change(self.now) or self.now

    @precondition(lambda self: hasattr(self.host, "reopen"))
    @rule()
    def restart(self) -> None:
        """The host goes down and comes up again."""
        self.host = self.host.reopen()

    @invariant()
    def the_answers_stand_and_follow_from_the_papers(self) -> None:
        """What was answered for an instant stays the answer for that instant; and everything is asked again now."""
        for asked in self.asked:
            self._stands(asked)
        self.asked = [self._ask(who, why) for who in WHO for why in WHY]

    def _stands(self, asked: Asked) -> None:
        again = self._answer(asked.request)
        if again != asked:
            message = f"{self._told(asked)}; asked again for that same instant at {self.now.isoformat()} it is {again}"
            _broken(message)

    def _told(self, asked: Asked) -> str:
        request = asked.request
        return f"{request.recipient.id} asked for {request.purposes[0]} at {request.at.isoformat()}: the answer was {asked}"

    def _ask(self, who: str, why: str) -> Asked:
        recipient, discloser = Recipient(id=who), Discloser(id=DISCLOSER)
        request = Request(discloser=discloser, recipient=recipient, purposes=(why,), at=self.now, records=tuple(self.records))
        answer, expected = self._answer(request), _read(request, self.model.decide(request))
        dead = {name for name in answer.basis or () if answer.released and self._dead(name, who)}
        if dead:
            message = f"{self._told(answer)}, and {', '.join(sorted(dead))} was revoked, suspended or replaced by then"
            _broken(message)
        more, less = answer.released - expected.released, expected.released - answer.released
        if more or (less and not self.narrower):
            message = f"{self._told(answer)}, and by its papers it should have been {expected}"
            _broken(message)
        return answer

    def _answer(self, request: Request) -> Asked:
        return _read(request, self.host.decide(request))

    def _dead(self, name: str, who: str) -> bool:
        """A paper that was taken back from this recipient, that rests, or that another has replaced."""
        paper = next((each for each in self.model.book.directives if each.id == name), None)
        if paper is None:
            return False
        revoked = any(each.recipients is None or who in each.recipients for each in paper.revocations)
        rests = any(_instant(each.from_) <= self.now and (each.to is None or self.now < _instant(each.to)) for each in paper.suspensions)
        return revoked or rests or any(name in each.supersedes for each in self.model.book.directives)


def _broken(message: str) -> NoReturn:
    """Raised at one place: what is raised at several is made small several times."""
    raise AssertionError(message)


def _instant(moment: Any) -> datetime:
    """The machine writes instants only."""
    found: datetime = moment
    return found


def _read(request: Request, answer: Decision | Mapping[str, str]) -> Asked:
    if isinstance(answer, Decision):
        basis = (answer.basis,) if isinstance(answer.basis, str) else answer.basis or ()
        return Asked(request, tuple(sorted(answer.records.items())), basis)
    return Asked(request, tuple(sorted(answer.items())), None)
