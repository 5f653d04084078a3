"""Strategies for what is no document: books, decisions and their parts, and the values that a jurisdiction's profile is made of."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from recoverycore.consent import (
    Bar,
    ClassRow,
    ConsentBook,
    Decision,
    Duty,
    Explanation,
    Matter,
    Obligation,
    Profile,
    Reads,
    RecipientClass,
    Record,
    Remedy,
    Restriction,
    Route,
    Rule,
    Source,
    Switch,
    TreeFinding,
    Vocabulary,
    standard_vocabulary,
)
from recoverycore.testing.consent.drawn_papers import directives, tree_directives
from recoverycore.testing.consent.drawn_parts import KINDS, LABELS, PURPOSES, instants
from recoverycore.testing.consent.drawn_profiles import ADDED
from recoverycore.testing.consent.drawn_requests import client_facts, requests

__all__ = [
    "bars",
    "class_rows",
    "consent_books",
    "decisions",
    "duties",
    "explanations",
    "matters",
    "obligations",
    "profiles",
    "reads",
    "recipient_classes",
    "remedies",
    "restrictions",
    "routes",
    "rules",
    "sources",
    "switches",
    "tree_findings",
    "vocabularies",
]

SOURCE = Source("Invented Act, s. 1")
CODES = ("log_disclosure", "minimum_necessary", "post_review", "non_revealing_refusal")


def _yes(*_: Any) -> bool:
    return True


def _no(*_: Any) -> bool:
    return False


ASKED = st.sampled_from([_yes, _no])


def vocabularies() -> st.SearchStrategy[Vocabulary]:
    """The standard vocabulary, as it is or with something added."""
    return st.sampled_from(ADDED).map(lambda added: standard_vocabulary().extended(added.get("order", {}), added.get("aliases", {})))


def restrictions() -> st.SearchStrategy[Restriction]:
    """What narrowing plugins answer, also what none may."""
    records = st.none() | st.frozensets(st.sampled_from(["r1", "r2"]), max_size=2)
    return st.builds(Restriction, st.sampled_from(["state", "county"]), st.sampled_from(["none", "deny", "permit", "error"]), records)


def obligations() -> st.SearchStrategy[Obligation]:
    """Duties, with a deadline or without."""
    codes, params = st.sampled_from(CODES), st.sampled_from([(), (("of", "g1"),)])
    return st.builds(Obligation, st.sampled_from(["before", "with", "after"]), codes, st.none() | instants(), params)


def sources() -> st.SearchStrategy[Source]:
    """Where a rule comes from."""
    return st.builds(Source, st.just(SOURCE.citation), st.sampled_from(["read", "secondary"]))


def switches() -> st.SearchStrategy[Switch]:
    """A choice of policy."""
    return st.sampled_from([Switch("own_choice", "one", ("one", "other")), Switch("own_days", None, int)])


def duties() -> st.SearchStrategy[Duty]:
    """What is owed, at once, within days or without a deadline."""
    return st.builds(Duty, st.sampled_from(CODES), days=st.sampled_from([None, 0, 7]))


def class_rows() -> st.SearchStrategy[ClassRow]:
    """One row of a class."""
    kinds = st.frozensets(KINDS, min_size=1, max_size=2)
    return st.builds(ClassRow, st.tuples(PURPOSES), kinds, st.sampled_from(["any", "known", "not_denied"]))


def recipient_classes() -> st.SearchStrategy[RecipientClass]:
    """A class that a selector may name."""
    return st.builds(RecipientClass, st.sampled_from(["tpo", "own"]), st.lists(class_rows(), max_size=2).map(tuple))


def remedies() -> st.SearchStrategy[Remedy]:
    """Something other than a paper that opens."""
    return st.builds(Remedy, st.just("order"), st.just(_same_facts))


def _same_facts(facts: Any, _: Any) -> Any:
    return facts


def reads() -> st.SearchStrategy[Reads]:
    """What a function of a profile looks at."""
    codes = {"labels": st.frozensets(LABELS, max_size=2), "purposes": st.frozensets(PURPOSES, max_size=2)}
    return st.builds(Reads, **codes, kinds=st.frozensets(KINDS, max_size=2), treating=st.booleans(), own=st.booleans())


def bars() -> st.SearchStrategy[Bar]:
    """Something that only some forms get past."""
    forms = st.sampled_from([frozenset[str](), frozenset({"notes"})])
    return st.builds(Bar, name=st.sampled_from(["notes", "hiv"]), source=sources(), holds=ASKED, forms=forms)


def rules() -> st.SearchStrategy[Rule]:
    """Exceptions and implied permissions."""
    kinds = st.none() | st.frozensets(KINDS, min_size=1, max_size=2)
    flags = {"holds": ASKED, "overriding": st.booleans(), "implied": st.booleans()}
    names = st.sampled_from(["own", "other"])
    return st.builds(Rule, name=names, source=sources(), purposes=st.none() | st.tuples(PURPOSES), kinds=kinds, **flags)


def routes() -> st.SearchStrategy[Route]:
    """Ways in which a copy may go on."""
    return st.builds(Route, name=st.just("own"), source=sources(), holds=ASKED, inside=st.booleans())


def profiles() -> st.SearchStrategy[Profile]:
    """Whole profiles: a bar, a rule and a route, or fewer."""

    def few(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
        return st.lists(of, max_size=1).map(tuple)

    parts = {"bars": few(bars()), "rules": few(rules()), "routes": few(routes()), "consent_duties": st.none() | few(duties())}
    ids = st.sampled_from(["xx.own", "xx.other"])
    return st.builds(Profile, id=ids, version=st.just("1"), applies=ASKED, wants_writing=st.booleans(), **parts)


def consent_books() -> st.SearchStrategy[ConsentBook]:
    """Books of up to three papers with different ids."""
    papers = st.lists(directives() | tree_directives(), unique_by=lambda paper: paper.id, max_size=3)
    return st.builds(ConsentBook, papers, client=client_facts(), profiles=st.lists(profiles(), max_size=1))


def decisions() -> st.SearchStrategy[Decision]:
    """What books answer."""
    return st.builds(lambda book, request: book.decide(request), consent_books(), requests())


def explanations() -> st.SearchStrategy[Explanation]:
    """Why."""
    return decisions().map(lambda decision: decision.explanation)


def tree_findings() -> st.SearchStrategy[TreeFinding]:
    """What the author of a tree should look at."""
    return st.builds(
        TreeFinding,
        st.sampled_from(["empty_provision", "repeats_parent"]),
        st.sampled_from(["/provisions/0", "/provisions/0/provisions/1"]),
    )


def matters() -> st.SearchStrategy[Matter]:
    """What the functions of a profile are asked about."""
    return st.builds(_matter, directives(), requests())


def _matter(paper: Any, request: Any) -> Matter:
    seen: list[Matter] = []

    def applies(matter: Matter) -> bool:
        seen.append(matter)
        return True

    told = request.evolve(purposes=request.purposes or ("treatment",), records=request.records or (Record(id="r1"),))
    ConsentBook([paper], profiles=[Profile(id="xx.looks", version="1", applies=applies)]).decide(told)
    return seen[0]  # a profile is asked about every record and every purpose
