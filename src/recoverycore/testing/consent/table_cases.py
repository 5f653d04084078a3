"""Tables made ready to run: each question whole, with the papers that it is decided on compiled once for all that share them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from recoverycore.consent import ConsentBook, Decision, Discloser, Facts, Recipient, Record, Request, Restriction, RoleHeld
from recoverycore.errors import DocumentError, RecoveryError, problem
from recoverycore.testing.consent.table_documents import Case, Expectation, Given, Question, Row
from recoverycore.testing.consent.table_judging import differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recoverycore.consent import Profile
    from recoverycore.testing.consent.table_documents import ConsentTable, Seen
    from recoverycore.testing.consent.table_reading import ReadTable

__all__ = ["Asked", "DecisionCase", "asked_in", "made", "request_of"]

_ABOUT_NO_RECORD = ("list_disclosures", "accounting")
_OF_RECIPIENT = ("kind", "org", "via", "treating_relationship")


@frozen(eq=False)
class Papers:
    """What several questions are decided on: the papers, compiled once, and what is known beside them."""

    book: ConsentBook
    facts: Facts
    restrictions: tuple[Restriction, ...]


@frozen(eq=False)
class Asked:
    """One question of a table as it stands in the file, with everything that it shares with others put in.

    `place` is where it stands in the file, `given_at` where what is given for it does.
    """

    id: str
    title: str
    place: str
    given: Given
    given_at: str
    question: Question
    expect: Expectation | None

    @property
    def wanted(self) -> dict[str, str]:
        """For each profile that has to be loaded the place where it is named."""
        loaded = self.given.loaded
        named = enumerate(self.given.profiles)
        return {name: f"{self.given_at}/profiles/{index}" for index, name in named if loaded is None or name in loaded}

    def asking(self, over: Question) -> Asked:
        """The same with parts of the question put in the place of its own."""
        return evolve(self, question=over.over(self.question))


@frozen(eq=False)
class DecisionCase:
    """One question with what it is decided on and what has to come of it. `place` is a JSON pointer to where it stands in its file.

    Its ``__name__`` is its id: pytest calls a parameter by it.
    """

    id: str
    title: str
    place: str
    request: Request
    papers: Papers = field(repr=False)
    expect: Expectation | None = field(default=None, repr=False)

    @property
    def __name__(self) -> str:
        return self.id

    @cached_property
    def decision(self) -> Decision:
        """What is decided."""
        return self.papers.book.decide(self.request, facts=self.papers.facts, restrictions=self.papers.restrictions)

    def with_papers(self, book: ConsentBook) -> DecisionCase:
        """The same question about other papers."""
        return evolve(self, papers=evolve(self.papers, book=book))

    def differences(self) -> tuple[str, ...]:
        """What came out otherwise than expected, a sentence each; nothing where all came true."""
        return () if self.expect is None else differences(self.decision, self.expect)

    def to_dict(self) -> dict[str, Any]:
        """How it came out, as plain data."""
        wrong = self.differences()
        return {"id": self.id, "title": self.title, "passed": not wrong, "differences": list(wrong)}


def asked_in(read: ReadTable) -> Iterator[Asked]:
    """Every question of a table: of its cases, of its rows, or its own where it has neither."""
    table, root, shared = read.table, read.root, read.given_at
    if not table.cases and not table.rows:
        yield Asked(table.id or "case", table.title, root, table.given, shared, table.when, _expected(table, table))
    for number, each in zip(read.kept or range(len(table.cases)), table.cases, strict=True):
        name = f"cases/{number}"
        given_at = f"{root}/{name}/given" if each.given.model_fields_set else shared
        given, question = _over(each.given, table.given), each.when.over(table.when)
        yield Asked(each.id or name, each.title, f"{root}/{name}", given, given_at, question, _expected(each, table))
    for number, row in enumerate(table.rows):
        name = f"rows/{number}"
        question = row.over(table.when)
        yield Asked(row.id or name, row.title, f"{root}/{name}", table.given, shared, question, _expected(row, table))


def made(asked: Iterable[Asked], profiles: Mapping[str, Profile], more: Iterable[str] = ()) -> tuple[DecisionCase, ...]:
    """The cases that may be run. A profile that is named and not among `profiles` is wanted and not there. `more` are named everywhere.

    Errors: ``ask_incomplete`` and those of a request or a book, with the place.
    """
    compiled: dict[int, Papers] = {}
    found, problems = [], []
    for each in asked:
        place = each.place
        try:
            request = request_of(each.question)
            place = each.given_at
            papers = compiled.get(id(each.given)) or _papers(each.given, profiles, tuple(more))
        except RecoveryError as error:
            problems += [one.under(place) for one in error.problems]
        else:
            compiled[id(each.given)] = papers
            found.append(DecisionCase(each.id, each.title, each.place, request, papers, each.expect))
    if problems:
        raise DocumentError(*dict.fromkeys(problems))
    return tuple(found)


def request_of(question: Question) -> Request:
    """The request that a question asks, in short or in full. Error: ``ask_incomplete``, and those of a request."""
    whole = question.request
    about_records = question.action not in _ABOUT_NO_RECORD
    needed = ("who", "why", "at", *(("sees",) if about_records else ())) if whole is None else ()
    missing = [name for name in needed if getattr(question, name) is None]
    if missing:
        raise DocumentError(problem("ask_incomplete", detail=f"missing: {', '.join(missing)}"))
    parts: dict[str, Any] = {"recipient": _recipient(question)}
    if question.discloser is not None:
        parts["discloser"] = Discloser(id=question.discloser) if isinstance(question.discloser, str) else question.discloser
    if question.why is not None:
        parts["purposes"] = (question.why,) if isinstance(question.why, str) else question.why
    if question.sees is not None:
        parts["records"] = _records(question.sees, question.labels)
    parts |= {name: getattr(question, name) for name in ("at", "action") if getattr(question, name) is not None}
    return Request(**parts) if whole is None else whole.evolve(**parts)


def _recipient(question: Question) -> Recipient:
    """Who would receive: as the question says, or as its whole request does, with whatever the question says of them beside it."""
    if isinstance(question.who, Recipient):
        known = question.who
    elif question.who is None and question.request is not None:
        known = question.request.recipient
    else:
        known = Recipient(id=question.who or "")
    said = {name: getattr(question, name) for name in _OF_RECIPIENT if getattr(question, name) is not None}
    if question.roles is not None:
        said["roles"] = tuple(RoleHeld(role=each) if isinstance(each, str) else each for each in question.roles)
    return known.evolve(**said) if said else known


def _records(sees: Seen, labels: tuple[str, ...]) -> tuple[Record, ...]:
    listed = (sees,) if isinstance(sees, str | Record) else sees
    return tuple(Record(id=each, category=each, labels=labels) if isinstance(each, str) else each for each in listed)


def _over(own: Given, shared: Given) -> Given:
    """What is given for a case, with what it leaves out taken from what all share."""
    said = {name: getattr(own, name) for name in Given.model_fields if name in own.model_fields_set}
    return shared.evolve(**said) if said else shared


def _expected(case: Case | Row, table: ConsentTable) -> Expectation | None:
    found = table.expect if case.expect is None else case.expect
    return Expectation(decision=found) if isinstance(found, str) else found


def _papers(given: Given, profiles: Mapping[str, Profile], more: tuple[str, ...]) -> Papers:
    there = [*(name for name in given.profiles if given.loaded is None or name in given.loaded), *more]
    wanted = dict.fromkeys([*given.profiles, *more])
    named = [profiles.get(name, name) if name in there else name for name in wanted]
    restrictions = tuple(
        Restriction(each.name, each.answer, None if each.records is None else frozenset(each.records)) for each in given.restrictors
    )
    book = ConsentBook(given.directives, given.profile, given.client, tuple(named), given.chosen)
    return Papers(book, given.facts, restrictions)
