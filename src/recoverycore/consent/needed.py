"""What would be needed for a permit: changes tried one by one by deciding again, and kept only where each of them is necessary.

Nothing here suggests an emergency, a finding or a fact that somebody would have to make up. What a paper that nobody could read
would say once it is read, and what a profile that is not there would say, is taken to be nothing against.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from recoverycore.consent.compiled import Paper, Region, compile_paper
from recoverycore.consent.documents import Box, Directive, ExpiresAt
from recoverycore.consent.judging import Judge
from recoverycore.consent.outcome import listed
from recoverycore.consent.posets import STAR
from recoverycore.consent.times import EVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverycore.consent.case import Case
    from recoverycore.consent.law import Profile, Remedy
    from recoverycore.consent.matter import Matter
    from recoverycore.consent.outcome import Decision
    from recoverycore.consent.trees import AnyDirective

__all__ = ["needed"]

Changing: TypeAlias = "Callable[[Case], Case]"
_AT_MOST = 12
"""More changes than these are no help to anybody: nothing is suggested then."""
_MENDED = "needed"


@frozen(eq=False)
class _Change:
    """One change that would help, by its code, and the case as it would be with it."""

    code: str
    apply: Changing


def needed(decision: Decision) -> tuple[tuple[str, ...], ...]:
    """Alternatives, each a smallest set of codes that turns a refusal into a permit; none where it is a permit already."""
    if decision.verdict == "permit" or "report_plugin_error" in decision.codes:
        return ()  # while a profile or a plugin cannot answer, nobody can say what would help
    case = _of_the_refused(decision)
    found: set[tuple[str, ...]] = set()
    for first in _first(case):
        inner = _with(case, first)
        for lifted in _lifting(inner, _decide(inner)):
            for offered in _offers(inner):
                changes = [*first, *lifted, *offered]
                if len(changes) <= _AT_MOST and _flips(case, changes):
                    for order in (changes, changes[::-1]):
                        found.add(tuple(sorted({each.code for each in _smallest(case, order)})))
    return tuple(sorted(each for each in found if not any(set(other) < set(each) for other in found)))


def _of_the_refused(decision: Decision) -> Case:
    """The case with the records that were refused only."""
    case = decision.case
    records = tuple(each for each in case.request.records if decision.records[each.id] != "permit")
    return evolve(case, request=case.request.evolve(records=records))


def _decide(case: Case) -> Decision:
    from recoverycore.consent.decision import decide_compiled

    return decide_compiled(case.consents, case.request, case.facts, case.restrictions)


def _with(case: Case, changes: Iterable[_Change]) -> Case:
    for each in changes:
        case = each.apply(case)
    return case


def _flips(case: Case, changes: Iterable[_Change]) -> bool:
    return _decide(_with(case, changes)).permitted


def _smallest(case: Case, changes: list[_Change]) -> list[_Change]:
    """`changes` without each one that is not necessary."""
    kept = list(changes)
    for each in changes:
        rest = [other for other in kept if other is not each]
        if _flips(case, rest):
            kept = rest
    return kept


# -- what nothing else can be asked before --------------------------------------------------------------------------------
def _first(case: Case) -> list[list[_Change]]:
    """What comes before anything else: profiles that are wanted and not there, and a purpose where none was named."""
    loaded = [_Change(f"profile:{name}", _loading(name)) for name in case.consents.setting.missing]
    if case.request.purposes:
        return [loaded]
    named = {each for paper in case.consents.papers for box in _giving(paper) for each in box.purposes if each != STAR}
    return [[*loaded, _Change("request:purpose", _asking((each,)))] for each in sorted(named | {"treatment"})[:_AT_MOST]]


def _giving(paper: Paper) -> tuple[Region, ...]:
    """The boxes in which `paper` permits anything; of a tree what its permits name."""
    if paper.branch is not None:
        return tuple(each.region for each in paper.branch.everywhere() if each.permits)
    return paper.boxes if paper.permits else ()


# -- what stands against it ---------------------------------------------------------------------------------------------
def _lifting(case: Case, refused: Decision) -> list[list[_Change]]:
    """Ways of lifting whatever denies: papers withdrawn, repaired, or ended by an event that nobody has told of."""
    papers = {each.id: each for each in case.consents.papers}
    deciding = [papers[name] for name in (*listed(refused.basis), *refused.also) if name in papers]
    denying = [each for each in deciding if each.branch or not each.permits]
    withdrawn = [_Change(f"withdraw:{each.id}", _without(each)) for each in denying]
    repaired = [_Change(f"repair:{each.id}", _without(each)) if each.status == "unprocessable" else None for each in denying]
    told = [_told(event, happened=True) if (event := _unknown_event(each, case)) else None for each in denying]
    others = (way for way in (repaired, told) if any(way))
    return [withdrawn, *([new or old for new, old in zip(way, withdrawn, strict=True)] for way in others)]


def _loading(name: str) -> Changing:
    def apply(case: Case) -> Case:
        setting = case.consents.setting
        loaded = evolve(setting, missing=tuple(each for each in setting.missing if each != name))
        return evolve(case, consents=evolve(case.consents, setting=loaded))

    return apply


def _without(paper: Paper) -> Changing:
    return lambda case: _with_papers(case, tuple(each for each in case.consents.papers if each.id != paper.id))


def _with_papers(case: Case, papers: tuple[Paper, ...]) -> Case:
    return evolve(case, consents=evolve(case.consents, papers=tuple(sorted(papers, key=lambda each: each.rank))))


def _unknown_event(paper: Paper, case: Case) -> str | None:
    """The event that ends `paper`, where nobody knows whether it has happened."""
    return paper.end_event if case.facts.events.get(paper.end_event or "", "unknown") == "unknown" else None


def _told(event: str, *, happened: bool) -> _Change:
    """That it is known whether `event` has happened: long ago, or not yet."""

    def apply(case: Case) -> Case:
        return evolve(case, facts=case.facts.evolve(events={**case.facts.events, event: EVER if happened else None}))

    return _Change(f"fact:events.{event}", apply)


# -- what would speak for it --------------------------------------------------------------------------------------------
def _offers(case: Case) -> list[list[_Change]]:
    """Ways of giving what is missing: nothing, a paper mended, a fact told, another purpose, a new paper, an order."""
    offers: list[list[_Change]] = [[], *(_mending(paper, case) for paper in case.consents.papers if paper.permits or paper.branch)]
    if case.request.recipient.treating_relationship in (None, "unknown"):
        offers.append([_TREATING])
    offers += _purposes(case)
    offers += _papers_and_orders(case)
    return offers


def _treating(case: Case) -> Case:
    request = case.request
    return evolve(case, request=request.evolve(recipient=request.recipient.evolve(treating_relationship=True)))


_TREATING = _Change("fact:recipient.treating_relationship", _treating)


def _mending(paper: Paper, case: Case) -> list[_Change]:
    """What is wrong with `paper` and could be put right on it, and what has to be known for it to reach."""
    event = _unknown_event(paper, case)
    changes = [_told(event, happened=False)] if event else []
    if case.request.recipient.treating_relationship in (None, "unknown"):
        changes.append(_TREATING)
    codes: set[str] = set()
    for matter, profile in _matters(case):
        for defect in profile.flaws(paper.document, matter):
            if defect == "signer":
                codes |= {f"signature:{role}" for role in profile.signers(paper.document, matter)}
            else:
                codes.add("element:expiration" if defect == "no_expiration" else defect)
    return changes + [_Change(code, _mended(paper, code)) for code in sorted(codes) if code.startswith(("element:", "signature:"))]


def _mended(paper: Paper, code: str) -> Changing:
    """The case in which `code` is put right on `paper`, if that is still there."""
    kind, _, what = code.partition(":")

    def mended(old: AnyDirective, case: Case) -> AnyDirective:
        if kind == "signature":
            return old.evolve(signed_by=(*old.signed_by, what))
        ended = {"expires": _tomorrow(case)} if what == "expiration" and old.expires.kind == "none" else {}
        return old.evolve(missing_elements=tuple(each for each in old.missing_elements if each != what), **ended)

    def apply(case: Case) -> Case:
        consents = case.consents
        return _with_papers(
            case,
            tuple(
                compile_paper(mended(each.document, case), consents.setting) if each.id == paper.id else each for each in consents.papers
            ),
        )

    return apply


def _tomorrow(case: Case) -> ExpiresAt:
    return ExpiresAt(kind="instant", value=case.request.at + timedelta(days=1))


def _purposes(case: Case) -> list[list[_Change]]:
    """Asking only for those of several purposes that would do alone."""
    asked = case.consents.setting.words.read("purpose", case.request.purposes)
    alone = tuple(sorted(each for each in asked if _decide(_asking((each,))(case)).permitted))
    return [[_Change("request:purpose", _asking(alone))]] if alone else []


def _asking(purposes: tuple[str, ...]) -> Changing:
    return lambda case: evolve(case, request=case.request.evolve(purposes=purposes))


def _papers_and_orders(case: Case) -> list[list[_Change]]:
    """New papers of the forms that the bars want, a specific one where none does, and what else gets past a bar."""
    under: dict[str, list[Matter]] = {}
    remedies: dict[str, _Change] = {}
    for matter, profile in _matters(case):
        bars = [bar for bar in profile.bars if bar.holds(matter)]
        for form in {bar.wanted_form for bar in bars} or {"specific"}:
            under.setdefault(form, []).append(matter)
        for remedy in (each for bar in bars for each in bar.remedies):
            remedies[remedy.code] = _Change(remedy.code, _remedied(remedy))
    papers = [_Change(f"directive:{form}", _signed(form, matters)) for form, matters in sorted(under.items())]
    ordinary = _Change("directive:specific", _signed("specific", [matter for matter, _ in _matters(case)]))
    opened = [offer for each in remedies.values() for offer in ([each], [each, ordinary])]
    return [*([each] for each in papers), papers, *opened]


def _remedied(remedy: Remedy) -> Changing:
    return lambda case: evolve(case, facts=remedy.apply(case.facts, case.request))


def _matters(case: Case) -> list[tuple[Matter, Profile]]:
    """Every matter of a case, with each profile that applies to it."""
    judge = Judge.of(case.consents, case.request, case.facts)
    return [each for record in case.request.records or (None,) for each in judge.matters(record)]


def _signed(form: str, matters: list[Matter]) -> Changing:
    """A new paper of this form that says what is asked, well made, signed by everybody who has to, and just signed."""

    def apply(case: Case) -> Case:
        request, setting = case.request, case.consents.setting
        labels = sorted({label for each in matters for label in each.labels})
        box = Box(
            labels=tuple(labels) or None,
            categories="*",
            purposes=tuple(sorted({each.purpose for each in matters})),
            recipients="*",
            actions=(request.action,),
        )
        paper = Directive(
            id=f"{_MENDED}:{form}",
            polarity="permit",
            form=form,
            discloser="*" if request.discloser is None else request.discloser.id,
            boxes=(box,),
            written=True,
            signed_on=request.at,
            starts=request.at,
            expires=_tomorrow(case),
        )
        for profile in setting.profiles:
            for each in matters:
                paper = paper.evolve(signed_by=(*paper.signed_by, *profile.signers(paper, each)))
        return _with_papers(case, (*case.consents.papers, compile_paper(paper, setting)))

    return apply
