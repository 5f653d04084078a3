"""Rules about a plugin that brings a profile of law: each yields a sentence for whatever breaks it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from recoverycore.consent import ClientFacts, Directive, Facts, Profile, Request, Rule, Source, decide
from recoverycore.errors import PluginError
from recoverycore.hooks import Plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.consent import Decision

__all__ = ["HOOK", "RULES", "JurisdictionGiven"]

HOOK = "recovery_contribute_consent_profiles"
_AT = datetime(2026, 6, 15, 15, tzinfo=UTC)
_EVERYTHING = {"labels": "*", "categories": "*", "purposes": "*", "recipients": "*", "actions": "*"}
_PERMIT = {"id": "permit", "polarity": "permit", "discloser": "*", "signed_by": ["client"], "boxes": [_EVERYTHING]}
_DENY = {"id": "deny", "polarity": "deny", "discloser": "*", "boxes": [_EVERYTHING]}
_PAPERS: tuple[tuple[dict[str, Any], ...], ...] = ((), (_PERMIT,), (_PERMIT, _DENY))
_RECORDS = [
    {"id": "r-1", "category": "diagnosis", "labels": ["SUD"]},
    {"id": "r-2", "category": "counselling_note", "labels": ["SUD", "SUD_NOTES"], "separated": True},
    {"id": "r-3", "category": "lab", "labels": ["HIV"]},
    {"id": "r-4", "category": "appointments", "labels": []},
]
_KINDS = ("provider", "medical_personnel", "health_plan", "law_enforcement", "client", None)
_PURPOSES = ("treatment", "emergency_treatment", "payment", "proceedings", "research", "break_glass")
_OF_CONTRACT = Source("a rule of this contract")
_OPEN = Profile(
    id="contract.open",
    version="1",
    rules=(Rule(name="open", source=_OF_CONTRACT, actions=frozenset({"use", "disclose", "redisclose"}), implied=True),),
)
_SHUT = Profile(id="contract.shut", version="1", signers=lambda _, __: ("nobody",))
"""A law that releases everything, and one under which no form is ever good enough."""


class JurisdictionGiven:
    """A plugin of law, the one profile that it brings, and what is claimed of it."""

    def __init__(self, make: Callable[[], object], permits_without_consent: bool, overrides_refusals: bool) -> None:  # noqa: FBT001 - claims
        self.make = make
        self.permits_without_consent = permits_without_consent
        self.overrides_refusals = overrides_refusals

    def brought(self) -> tuple[str, tuple[Profile, ...]]:
        """The plugin's name and what it brings, asked as an engine asks. Raises what an engine would refuse."""
        plugins = Plugins.build([self.make()])
        (outcome,) = plugins.contribute(HOOK).outcomes
        return outcome.plugin, outcome.value if outcome.status == "ok" else ()

    @cached_property
    def profile(self) -> Profile | None:
        """The one profile; None where it cannot be had, which a rule of its own tells."""
        try:
            brought = self.brought()[1]
        except (PluginError, ValueError):
            return None
        return brought[0] if len(brought) == 1 else None

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """Questions by everyone whom a rule names, for what and as it names them, and by others for what is asked every day."""
        everyday = product(_KINDS, _PURPOSES, ("disclose",))
        named = [
            one
            for rule in (self.profile.rules if self.profile else ())
            for one in product(sorted(rule.kinds or ("provider",)), rule.purposes or ("treatment",), sorted(rule.actions))
        ]
        return tuple(_request({"kind": kind, "treating_relationship": True}, *rest) for kind, *rest in dict.fromkeys([*everyday, *named]))

    def decided(self, request: Request, papers: tuple[Directive, ...], *profiles: Profile) -> Decision:
        """The decision under `profiles`, while no fact is known."""
        return decide(request, papers, client=ClientFacts(zone="UTC"), facts=Facts(), profiles=profiles)

    def worlds(self) -> Iterator[tuple[Profile, Request, tuple[Directive, ...]]]:
        """The profile with each question and each set of papers; nothing where there is no profile."""
        if self.profile is not None:
            yield from ((self.profile, request, papers) for request in self.requests for papers in _papers())


@cache
def _papers() -> tuple[tuple[Directive, ...], ...]:
    return tuple(tuple(Directive.model_validate(each) for each in papers) for papers in _PAPERS)


def _request(recipient: dict[str, Any], purpose: str, action: str) -> Request:
    asked = {"discloser": {"id": "place"}, "recipient": {"id": "somebody", **recipient}, "purposes": [purpose], "action": action}
    return Request.model_validate({**asked, "at": _AT, "records": _RECORDS})


def _named(request: Request) -> str:
    return f"{request.recipient.kind or 'somebody unknown'} asking to {request.action} for {request.purposes[0]}"


def brings_the_one_profile_of_its_name(given: JurisdictionGiven) -> Iterator[str]:
    """An engine takes the plugin, and it brings one profile with its own name, so that a host who names it names the law."""
    try:
        name, brought = given.brought()
    except PluginError as error:
        yield from (f"an engine refuses the plugin: {each}" for each in error.problems)
        return
    except ValueError:
        yield f"the plugin does not implement {HOOK}, so nobody asks it for the law"
        return
    if [each.id for each in brought] != [name]:
        found = ", ".join(each.id for each in brought) or "no profile"
        yield f"it brings {found}, and has to bring the one profile of its own name, {name}"


def says_where_each_rule_stands(given: JurisdictionGiven) -> Iterator[str]:
    """Each bar, rule and route has a citation and the day on which that was last looked at."""
    for row in given.profile.to_rows() if given.profile else ():
        if not row["citation"].strip():
            yield f"{row['kind']} {row['name']}: it cites nothing, so nobody can look it up"
        if not row["reviewed"]:
            yield f"{row['kind']} {row['name']}: it does not say when its text was last looked at"


def breaks_on_no_question(given: JurisdictionGiven) -> Iterator[str]:
    """No question makes it raise, whoever asks for what: a law that raises denies, and that is nobody's care."""
    found = {
        _named(request)
        for profile, request, papers in given.worlds()
        if "report_plugin_error" in given.decided(request, papers, profile).codes
    }
    yield from (f"{each}: the profile raises" for each in sorted(found)[:3])


def answers_alike_each_time(given: JurisdictionGiven) -> Iterator[str]:
    """The same question has the same answer, asked twice and of two of it: no clock, no chance, no memory."""
    other = given.brought()[1] if given.profile else ()
    for profile, request, papers in given.worlds():
        first, again = given.decided(request, papers, profile), given.decided(request, papers, *other)
        if (first.records, first.basis, first.codes) != (again.records, again.basis, again.codes):
            yield f"{_named(request)}: asked twice it answers differently"
            return


def permits_nothing_on_what_nobody_knows(given: JurisdictionGiven) -> Iterator[str]:
    """For what is asked every day, somebody of whom nothing is known gets nothing while nobody has signed and no fact is known."""
    for purpose in _PURPOSES if given.profile else ():
        request = _request({}, purpose, "disclose")
        if released := given.decided(request, (), *filter(None, [given.profile])).released:
            yield f"{_named(request)}: {', '.join(released)} released, although nothing is known of who asks"


def permits_without_consent_as_it_claims(given: JurisdictionGiven) -> Iterator[str]:
    """Only a law that claims to releases what nobody has signed for, and a law that claims to has a rule that does."""
    if given.profile is None:
        return
    if given.permits_without_consent and not given.profile.rules:
        yield "it claims to permit without consent (permits_without_consent) and has no rule that does"
    if not given.permits_without_consent:
        yield from (
            f"rule {each.name} permits without consent, which is not claimed (permits_without_consent)" for each in given.profile.rules
        )


def overrides_refusals_as_it_claims(given: JurisdictionGiven) -> Iterator[str]:
    """A refusal holds, unless a law claims to override it; then it has a rule that does."""
    overriding = {each.name for each in given.profile.rules if each.overriding} if given.profile else set()
    if given.profile is not None and given.overrides_refusals and not overriding:
        yield "it claims to override refusals (overrides_refusals) and has no rule that does"
    if not given.overrides_refusals:
        yield from (f"rule {each} overrides a refusal, which is not claimed (overrides_refusals)" for each in sorted(overriding))


def only_narrows_beside_another_law(given: JurisdictionGiven) -> Iterator[str]:
    """Beside a law that releases everything it adds nothing, and beside one that releases nothing it opens nothing."""
    for profile, request, papers in given.worlds():
        alone = {*given.decided(request, papers, _OPEN).released}
        if gained := {*given.decided(request, papers, _OPEN, profile).released} - alone:
            yield f"{_named(request)}: beside another law it released {', '.join(sorted(gained))}, which that law withholds"
        if {*given.decided(request, papers, profile, _SHUT).released} - {*given.decided(request, papers, _SHUT).released}:
            yield f"{_named(request)}: it opened what another law holds back"


RULES: tuple[Callable[[JurisdictionGiven], Iterator[str]], ...] = (
    brings_the_one_profile_of_its_name,
    says_where_each_rule_stands,
    breaks_on_no_question,
    answers_alike_each_time,
    permits_nothing_on_what_nobody_knows,
    permits_without_consent_as_it_claims,
    overrides_refusals_as_it_claims,
    only_narrows_beside_another_law,
)
