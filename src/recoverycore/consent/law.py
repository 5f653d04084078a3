"""What a jurisdiction adds to the core, as one value: a profile of data and a few pure functions.

The core owns the algebra of directives; every rule that comes from law stands in a `Profile`, which a plugin brings and a host names.
A profile owns its own exceptions only and can lift no other's deny. Where one of its functions raises, the answer is deny.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import Factory, field, frozen

from recoverycore.consent.outcome import Timing, timing_of
from recoverycore.consent.profiles import VocabularyAddition
from recoverycore.consent.reading import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recoverycore.consent.facts import Facts, Known
    from recoverycore.consent.matter import Matter
    from recoverycore.consent.posets import Vocabulary
    from recoverycore.consent.requests import Recipient, Request
    from recoverycore.consent.trees import AnyDirective

__all__ = ["Bar", "ClassRow", "Duty", "Profile", "RecipientClass", "Remedy", "Route", "Rule", "Source", "Switch"]

Test: TypeAlias = "Callable[[Matter], bool]"
Params: TypeAlias = "Callable[[Matter], Mapping[str, str]]"
Listing: TypeAlias = "Callable[[Matter], tuple[str, ...]]"
FormCheck: TypeAlias = "Callable[[AnyDirective, Matter], tuple[str, ...]]"
Reach: TypeAlias = "Callable[[AnyDirective, Matter], str | None]"
Passing: TypeAlias = "Callable[[AnyDirective, Matter], bool]"
Changed: TypeAlias = "Callable[[Facts, Request], Facts]"


@reads()
def _always(_: Matter) -> bool:
    return True


@reads()
def _no_params(_: Matter) -> Mapping[str, str]:
    return {}


ABUSER_SIGNED = "abuser_signed"
"""The defect of a form that the person's abuser signed. A release so signed is no client's will, whatever law applies to it."""


@reads()
def _sound(_: AnyDirective, __: Matter) -> tuple[str, ...]:
    return ()


@reads()
def _reaches(_: AnyDirective, __: Matter) -> str | None:
    return None


@reads()
def _nobody(_: AnyDirective, __: Matter) -> tuple[str, ...]:
    return ()


@reads()
def _nothing_listed(_: Matter) -> tuple[str, ...]:
    return ()


@frozen
class Source:
    """Where a rule comes from: the citation, whether its text was read or only told of elsewhere, and when that was last looked at."""

    citation: str
    mark: Literal["read", "secondary"] = "secondary"
    reviewed: date | None = None


@frozen
class Switch:
    """A choice of policy that a host may make otherwise: `choices` lists the values, or is `int` for a number of days or none."""

    name: str
    default: Any
    choices: tuple[Any, ...] | type[int]
    meaning: str = ""

    def takes(self, value: Any) -> bool:
        """Whether `value` is one that may be chosen."""
        if isinstance(self.choices, tuple):
            return any(value is each or (isinstance(each, str) and value == each) for each in self.choices)
        return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


@frozen
class Duty:
    """Something owed for one disclosure. `days` are calendar days from it; 0 is at once, None without a deadline."""

    code: str
    timing: Timing = field(default=Factory(lambda self: timing_of(self.code), takes_self=True))
    days: int | None = None
    params: Params = _no_params
    when: Test = _always


@frozen
class ClassRow:
    """One row of a class: these kinds of recipient for these purposes and what is below them.

    `treating` says whether a treating relationship has to be known, must not be denied, or does not matter.
    """

    purposes: tuple[str, ...]
    kinds: frozenset[str]
    treating: Literal["known", "not_denied", "any"] = "any"

    def holds(self, kind: str | None, treating: Known) -> bool | None:
        """Whether a recipient of this kind is in the row; None where that is not known."""
        if kind is None:
            return None
        if kind not in self.kinds:
            return False
        if self.treating == "any" or treating is True:
            return True
        if treating is False:
            return False
        return True if self.treating == "not_denied" else None


@frozen
class RecipientClass:
    """A class that a selector may name: who is in it depends on the purpose."""

    name: str
    rows: tuple[ClassRow, ...]

    def holds(self, recipient: Recipient, purpose: str, words: Vocabulary) -> bool | None:
        """Whether `recipient` is in the class for `purpose`; None where that is not known."""
        here = [row for row in self.rows if words.covers("purpose", words.read("purpose", row.purposes), purpose)]
        answers = {row.holds(recipient.kind, recipient.treating_relationship) for row in here}
        return True if True in answers else None if None in answers else False

    def ever(self, recipient: Recipient) -> bool:
        """Whether `recipient` is surely in the class for one purpose or another."""
        return any(row.holds(recipient.kind, recipient.treating_relationship) is True for row in self.rows)


@frozen
class Remedy:
    """Something other than a paper that would open what a bar holds back, and how the facts would stand with it."""

    code: str
    apply: Changed


@frozen(kw_only=True)
class Bar:
    """Something that only the forms and the rules named can get past, whatever else permits. It travels with every copy."""

    name: str
    source: Source
    holds: Test
    forms: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    wanted_form: str = "specific"
    remedies: tuple[Remedy, ...] = ()


@frozen(kw_only=True)
class Rule:
    """A permission that the law gives without a directive: an exception, or consent that is implied.

    It covers where every part holds: kind of recipient, purpose (and below), action, category, each line of `needs` (one of its facts
    known to be true), and `holds`. `overriding` beats a deny. A rule for a copy that is passed on names ``redisclose`` among its actions.
    `with_records` is off where a request needs to ask for no record at all.
    """

    name: str
    source: Source
    purposes: tuple[str, ...] | None = None
    kinds: frozenset[str] | None = None
    actions: frozenset[str] = frozenset({"use", "disclose"})
    categories: tuple[str, ...] | None = None
    needs: tuple[tuple[str, ...], ...] = ()
    holds: Test = _always
    overriding: bool = False
    implied: bool = False
    with_records: bool = True
    duties: tuple[Duty, ...] = ()
    entries: Listing = _nothing_listed

    def covers(self, matter: Matter) -> bool:
        """Whether the rule permits what is asked. What is not known is not covered."""
        if matter.action not in self.actions or (matter.record is None and self.with_records):
            return False
        if self.kinds is not None and matter.recipient.kind not in self.kinds:
            return False
        if self.purposes is not None and not matter.within(*self.purposes):
            return False
        if self.categories is not None and not matter.filed_as(*self.categories):
            return False
        return all(any(matter.facts.holds(path) for path in line) for line in self.needs) and self.holds(matter)


@frozen(kw_only=True)
class Route:
    """A way in which somebody who received a copy under a directive may pass it on, within what that directive says.

    `holds` looks at the holder, the new recipient and the directive. With `inside` the new recipient has to be one that the directive
    itself reaches. `duties` left out are those of consent. `outlives` names the switch that lets the route stand after a revocation.
    """

    name: str
    source: Source
    holds: Passing
    inside: bool = False
    duties: tuple[Duty, ...] | None = None
    outlives: str | None = None


@frozen(kw_only=True)
class Profile:
    """Everything that one jurisdiction adds, as one value.

    `applies` is asked for each record. `defects` tells what is wrong with a permit's form, `signers` which roles have still to sign, and
    `reaches` whether its form is made for this record (``bar``) and purpose (``purpose``), or None where it is. `rules` are tried in
    order. `consent_duties` left out are those of the core. `delayed_revocation` names the forms whose `revocable_from` counts.
    """

    id: str
    version: str
    title: str = ""
    reviewed: date | None = None
    applies: Test = _always
    vocabulary: VocabularyAddition = field(factory=VocabularyAddition)
    defects: FormCheck = _sound
    signers: FormCheck = _nobody
    reaches: Reach = _reaches
    bars: tuple[Bar, ...] = ()
    rules: tuple[Rule, ...] = ()
    classes: tuple[RecipientClass, ...] = ()
    routes: tuple[Route, ...] = ()
    consent_duties: tuple[Duty, ...] | None = None
    refusal_duties: tuple[Duty, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()
    wants_writing: bool = False
    delayed_revocation: frozenset[str] = frozenset()
    switches: tuple[Switch, ...] = ()

    def flaws(self, directive: AnyDirective, matter: Matter) -> tuple[str, ...]:
        """`defects`, and that an abuser signed: a release of that kind is effective under no profile, and under none either."""
        found = self.defects(directive, matter)
        return (*found, ABUSER_SIGNED) if directive.abuser_signed else found

    def answers_without_records(self, action: str) -> bool:
        """Whether some rule answers a request of this action that asks for no record."""
        return any(not rule.with_records and action in rule.actions for rule in self.rules)

    def to_rows(self) -> list[dict[str, str]]:
        """One row for each bar, rule and route: its name, its source, whether that was read, and when it was last looked at."""
        return [
            {
                "kind": kind,
                "name": each.name,
                "citation": each.source.citation,
                "mark": each.source.mark,
                "reviewed": str(each.source.reviewed or self.reviewed or ""),
            }
            for kind, group in (("bar", self.bars), ("rule", self.rules), ("route", self.routes))
            for each in group
        ]
