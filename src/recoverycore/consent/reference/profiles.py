"""What a profile is: its bars, its rules, how it reads a form and what it makes a release owe. The base class asks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from recoverycore.consent.reference.recipients import holds

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json


class Rule(NamedTuple):
    """A permission that rests on law and facts: to these kinds of recipient, for these purposes, of records for which `holds` is true."""

    name: str
    kinds: str  # words apart; none: anybody
    purposes: str  # each means itself and what is below it; "*": any
    holds: Callable[[Question], bool]
    duties: str
    overrides: bool = False
    held: bool = False  # also for copies passed on
    actions: str = "use disclose"

    def opens(self, question: Question, profile: Profile) -> bool:
        """It covers the record asked for, for this purpose and recipient. What is unknown never opens anything."""
        kind, action = question.recipient.get("kind"), question.action
        if action == "redisclose" and (self.held or profile.copies_are_disclosures):
            action = "disclose"
        return (
            action in self.actions.split()
            and (not self.kinds or kind in self.kinds.split())
            and question.within(*self.purposes.split())
            and self.holds(question)
        )


class Profile:
    """The core where no profile applies, and what every profile says that says nothing else."""

    rules: ClassVar[tuple[Rule, ...]] = ()
    classes: ClassVar[Json] = {}
    wants_writing = False  # of a revocation
    revocable_from: tuple[str, ...] = ()  # forms that may say from when on they can be revoked
    copies_are_disclosures = True  # to its rules, passing on a copy is a disclosure
    alternatives: tuple[str, ...] = ()  # purposes whose refusal offers another way

    def applies(self, question: Question) -> bool:
        """It applies to every record; and a question about no record is nobody's."""
        return bool(question.request.get("records"))

    def defects(self, question: Question, paper: Json) -> list[str]:
        """What is wrong with the form of a paper."""
        del question, paper
        return []

    def flaws(self, question: Question, paper: Json) -> list[str]:
        """What is wrong with the form of a paper, also that an abuser signed it: under any profile such a release is void."""
        return [*self.defects(question, paper), *(["abuser_signed"] if paper.get("abuser_signed") else [])]

    def bars(self, question: Question) -> list[set[str]]:
        """For each bar that holds, the forms and rules that it accepts."""
        del question
        return []

    def kept_from(self, question: Question, paper: Json) -> set[str]:
        """The axes on which the form of a permit keeps it from this record or purpose: a bar that does not accept it, or its reach."""
        del question, paper
        return set()

    def route(self, question: Question, paper: Json) -> str | None:
        """What passing on a copy owes that was received under `paper`; None if there is no way."""
        del question, paper
        return None

    def consent_duties(self, question: Question) -> str:
        """What a release on a directive owes."""
        return logged(question)

    def refusal_duties(self, question: Question) -> str:
        """What a refusal owes."""
        del question
        return ""


def logged(question: Question) -> str:
    """Use within the house, and the client's own reading, are noted as access; everything else as a disclosure."""
    return "log_access" if question.action == "use" or question.recipient.get("kind") == "client" else "log_disclosure"


class Small(Profile):
    """A profile in data: which categories an emergency opens, to whom, and what it then owes. It opens no copy."""

    copies_are_disclosures = False

    def __init__(self, document: dict[str, Any]) -> None:
        self.rules = tuple(self._rule(emergency) for emergency in document.get("emergencies") or ())  # type: ignore[misc]

    @staticmethod
    def _rule(emergency: Json) -> Rule:
        def opens(question: Question) -> bool:
            level, needs = question.fact("open_run_level"), emergency.get("needs") or {}
            return (
                all(name == "open_run_level_at_least" and level is not None and level >= least for name, least in needs.items())
                and question.category_covered(emergency["categories"]) is True
                and any(holds(question, role, None, "permit") for role in emergency["to_roles"])
            )

        duties = " ".join(emergency.get("duties") or ())
        name, purpose, overrides = emergency["name"], emergency["purpose"], bool(emergency.get("overriding"))
        return Rule(name, "", purpose, opens, duties, overrides=overrides)
