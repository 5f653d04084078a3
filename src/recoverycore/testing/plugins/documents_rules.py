"""Rules about a plugin that brings protocols and rules of a place: each yields a sentence for whatever breaks it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

from recoverycore.directory import LocalDocument, built_in_local
from recoverycore.directory.documents import WORLD
from recoverycore.engine.local import document_problems
from recoverycore.escalation import Protocol, ProtocolDraft, RunFacts, verify
from recoverycore.escalation.verification.wording import finding_text
from recoverycore.risk import Rule
from recoverycore.testing.plugins import contributed
from recoverycore.testing.plugins.contributed import ContributedGiven
from recoverycore.testing.plugins.host import AT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jsonschema import Draft202012Validator

    from recoverycore.escalation import Finding

__all__ = ["RULES", "DocumentsGiven"]

_CRISIS = 3
_EACH = 9
"""So many people are on duty in each role when a protocol is proved: whatever is found then, no roster mends."""
_MISFIT = "schema_mismatch"
"""What the rule about schemas tells; the rule about meaning leaves it out."""
_MOST_PARTS = 3
"""A country, a part of it, and a county: nothing is smaller."""


class DocumentsGiven(ContributedGiven):
    """A plugin of local documents, and what is claimed of it."""

    hook = "recovery_contribute_documents"
    noun = "document"

    def __init__(
        self,
        make: Callable[[], object],
        regions: tuple[str, ...],
        *,
        worldwide: bool = False,
        breaks_glass: bool = False,
        protocols_elsewhere: tuple[str, ...] = (),
        accepted_findings: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__(make(), regions, worldwide=worldwide)
        self.make = make
        self.breaks_glass = breaks_glass
        self.protocols_elsewhere = protocols_elsewhere
        self.accepted_findings = accepted_findings or {}

    @cached_property
    def read(self) -> dict[str, LocalDocument]:
        """The documents that are sound, by their label; what is wrong with the others, rules of their own tell."""
        sound = (each for each in self.documents.items() if not document_problems(each[1]))
        return {label: LocalDocument.model_validate(document) for label, document in sound}

    @cached_property
    def protocols(self) -> dict[str, Protocol]:
        """The protocols in them, by the label of the document."""
        return {label: Protocol.model_validate(each.data) for label, each in self.read.items() if each.kind == "protocol"}

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules in them, by the label of the document."""
        return {label: Rule.model_validate(each.data) for label, each in self.read.items() if each.kind == "rule"}


@cache
def _published() -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker  # a host that runs no contract pays nothing for it

    return Draft202012Validator(LocalDocument.model_json_schema(), format_checker=FormatChecker())


def fits_the_schema(given: DocumentsGiven) -> Iterator[str]:
    """Each document fits the published schema of a local document, and what it holds that of its kind (JSON Schema 2020-12)."""
    for label, document in given.documents.items():
        wrong = [(each.json_path, str(each.validator)) for each in _published().iter_errors(document)]
        yield from (f"{label}: at {place} it does not fit the schema of a local document ({word})" for place, word in wrong)
        found = () if wrong else document_problems(document)
        for each in found:
            if each.name == _MISFIT:
                yield f"{label}: at {each.path} it does not fit the schema of a {document['kind']} ({each.detail})"


def makes_sense(given: DocumentsGiven) -> Iterator[str]:
    """Each document that fits its schemas can also be read by what it means, and no id stands for two things."""
    for label, document in given.documents.items():
        if _published().is_valid(document):
            found = [each for each in document_problems(document) if each.name != _MISFIT]
            yield from (f"{label}: at {each.path}: {each.message} {each.hint} ({each.name})" for each in found)
    ids = Counter(str(each.get("id")) for each in given.documents.values())
    yield from (f"{each}: {number} documents have this id, and differ" for each, number in sorted(ids.items()) if number > 1)


def is_the_same_for_every_engine(given: DocumentsGiven) -> Iterator[str]:
    """Another of its kind, asked for its regions the other way round, gives the same: an id is the same for ever, and no order matters."""
    other = DocumentsGiven(given.make, given.regions) if given.accepted else given
    answers = {region: other.answer(region) for region in reversed(given.regions)}
    for region in given.regions:
        first, second = ({str(each.get("id")): each for each in one} for one in (given.answer(region), answers[region]))
        if first.keys() != second.keys():
            new = ", ".join(sorted(second.keys() - first.keys())) or "fewer"
            yield f"asked for {region} another of its kind gives other ids ({new}); a programme refers to an id for ever"
        else:
            changed = sorted(each for each in first if first[each] != second[each])
            yield from (f"{each}: another of its kind, asked in another order, gives it with another content" for each in changed)


def tells_where_it_is_from(given: DocumentsGiven) -> Iterator[str]:
    """Each document names its source, none rests on somebody's memory alone, and none was looked at after the newest copy that it names."""
    for label, each in given.read.items():
        sources = each.source if isinstance(each.source, tuple) else ()
        newest = max((one.copy_date for one in sources if one.copy_date), default=None)
        if not each.source:
            yield f"{label}: it names no source, so nobody can ask whether it still holds"
        elif sources and all(one.quality == "memory" for one in sources):
            yield f"{label}: it rests on memory alone; leave it out until somebody there has confirmed it"
        if each.verified_on and newest and each.verified_on > newest:
            yield f"{label}: it says that it was looked at on {each.verified_on}, but the newest copy that it names is of {newest}"


def stands_in_its_region(given: DocumentsGiven) -> Iterator[str]:
    """Each document holds within the regions that the plugin is for."""
    for label, each in given.read.items():
        if not given.worldwide and not any(f"{each.region}-".startswith(f"{own}-") for own in given.regions):
            yield f"{label}: its region {each.region} is no part of {', '.join(given.regions)}, for which the plugin answers"


def is_given_wherever_it_holds(given: DocumentsGiven) -> Iterator[str]:
    """Whoever is in the region of a document, or in a part of that, is given it: they ask by where they are, and not by where it holds."""
    for label, each in given.read.items():
        own = given.regions[0] if each.region == WORLD else each.region
        part = f"{own}-X1" if own.count("-") + 1 < _MOST_PARTS else own
        for region in dict.fromkeys((own, part)):
            if each.id not in {one.get("id") for one in given.answer(region)}:
                yield f"{label}: it holds for {each.region}, and whoever asks for {region} is not given it"


def leaves_the_floor_alone(given: DocumentsGiven) -> Iterator[str]:
    """No document is marked as the floor or takes the place of a part of it: that comes with the library, or from the host."""
    floor = {each.id for each in built_in_local()}
    for label, document in given.documents.items():
        if document.get("remove") is True:
            yield f"{label}: it takes something away; only a host can"
        elif document.get("id") in floor:
            yield f"{label}: the floor that comes with the library has this id, and only a host may replace that"
        elif document.get("floor") is True:
            yield f"{label}: it says that it is the floor, which is not for a plugin to say"


def opens_nothing_that_it_does_not_claim(given: DocumentsGiven) -> Iterator[str]:
    """No protocol names who may break the glass, unless that is claimed; then one does. No document can widen consent in another way."""
    breaking = {label: each.break_glass_roles for label, each in given.protocols.items() if each.break_glass_roles}
    if given.breaks_glass and not breaking:
        yield "it claims to say who may break the glass (breaks_glass), and no protocol of it does"
    for label, roles in ({} if given.breaks_glass else breaking).items():
        yield f"{label}: {', '.join(roles)} may break the glass and tell somebody without consent, which is not claimed (breaks_glass)"


def names_nobody_of_one_clinic(given: DocumentsGiven) -> Iterator[str]:
    """Whom a document asks or tells is a role, a service or the client: elsewhere nobody knows a person by that id."""
    for label, protocol in given.protocols.items():
        for step in protocol.steps:
            named = sorted({kind for kind, _ in (each.kind_and_id for each in step.targets)} & {"person", "contact"})
            yield from (f"{label}: step {step.id} names one {each}, whom only one programme knows; name a role" for each in named)
    for label, rule in given.rules.items():
        if any(each.person for each in rule.tell):
            yield f"{label}: it tells one person, whom only one programme knows; name a role"


def names_protocols_that_there_are(given: DocumentsGiven) -> Iterator[str]:
    """The protocol that answers a rule is among the documents, unless it is said to come from elsewhere."""
    here, elsewhere = {each.id for each in given.protocols.values()}, {*given.protocols_elsewhere}
    named = {label: each.protocol for label, each in given.rules.items() if each.protocol is not None}
    for label, protocol in named.items():
        if protocol not in here | elsewhere:
            yield f"{label}: the protocol {protocol} is not among the documents; if it comes from elsewhere, say so (protocols_elsewhere)"
    for each in sorted(elsewhere & here):
        yield f"{each} is said to come from elsewhere (protocols_elsewhere), and is among the documents"
    for each in sorted(elsewhere - here - {*named.values()}):
        yield f"{each} is said to come from elsewhere (protocols_elsewhere), and no rule names it"


def can_be_relied_on_in_a_crisis(given: DocumentsGiven) -> Iterator[str]:
    """A protocol that a crisis calls can be proved around a team in which nobody is missing, or it is said why not."""
    for label, protocol in given.protocols.items():
        accepted = given.accepted_findings.get(protocol.id, {})
        found = {each.code: each for each in _errors(protocol, given.rules.values())}
        for code, finding in found.items():
            if code not in accepted:
                told = finding_text(finding, protocol.zone)
                yield f"{label}: it cannot be relied on: {told} ({code}); mend it, or say why it stays (accepted_findings)"
            elif not accepted[code].strip():
                yield f"{label}: {code} is accepted (accepted_findings) without a reason"
        yield from (f"{label}: {code} is accepted (accepted_findings), and is not found" for code in sorted(accepted.keys() - found.keys()))
    for unknown in sorted(given.accepted_findings.keys() - {each.id for each in given.protocols.values()}):
        yield f"{unknown}: findings of it are accepted (accepted_findings), and no document holds this protocol"


def _errors(protocol: Protocol, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """What keeps `protocol` from being relied on at the highest level at which it is called, however many people there are."""
    level = max([protocol.level, *(each.level or 0 for each in rules if each.protocol == protocol.id)])
    if level < _CRISIS:
        return ()
    called = ProtocolDraft.model_validate({**protocol.to_data(), "level": level})
    providers = dict.fromkeys(protocol.channels, ("one", "another"))
    return verify(called, _everybody(protocol), horizon=(AT, AT + timedelta(days=7)), providers=providers).errors


def _everybody(protocol: Protocol) -> RunFacts:
    """Enough people in every role at every hour, reached over every channel; every person, contact and service that is named is there."""
    named: dict[str, set[str]] = {kind: set() for kind in ("role", "person", "contact", "service", "client")}
    for step in protocol.steps:
        for each in step.targets:
            kind, identifier = each.kind_and_id
            named[kind].add(identifier)
    roles = sorted({*named["role"], *protocol.hold_roles, *protocol.exhausted.alarm_roles, protocol.owner_role})
    over = list(protocol.channels)
    persons = {f"{role}.{number}": {"roles": [role], "channels": over} for role in roles for number in range(_EACH)}
    persons |= {each: {"roles": list(protocol.hold_roles), "channels": over} for each in named["person"]}
    ever = {"from": _text(AT - timedelta(days=1)), "to": _text(AT + timedelta(days=30))}
    shifts = [{"person": each, "role": role, **ever} for each, known in persons.items() for role in known["roles"]]
    return RunFacts.model_validate({
        "team": {"persons": persons, "shifts": shifts},
        "contacts": {each: {"channels": over} for each in named["contact"]},
        "directory": {each: {"channels": over} for each in named["service"]},
        "client": {"channels": over},
        "consent": {each: {"contact": "permit", "max_class": "C2"} for each in (*named["contact"], *named["service"], "client")},
    })  # fmt: skip


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


RULES: tuple[Callable[[DocumentsGiven], Iterator[str]], ...] = (
    *contributed.RULES,
    fits_the_schema,
    makes_sense,
    is_the_same_for_every_engine,
    tells_where_it_is_from,
    stands_in_its_region,
    is_given_wherever_it_holds,
    leaves_the_floor_alone,
    opens_nothing_that_it_does_not_claim,
    names_nobody_of_one_clinic,
    names_protocols_that_there_are,
    can_be_relied_on_in_a_crisis,
)
