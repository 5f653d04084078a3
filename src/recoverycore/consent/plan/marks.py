"""Marks: patches that stand for nothing but the difference between values that some function of a profile tells apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from recoverycore.consent.plan.patches import Bond, Patch, Standing
    from recoverycore.consent.plan.tables import Held
    from recoverycore.consent.posets import Axis, Vocabulary
    from recoverycore.consent.reading import Reads

__all__ = ["marks_of", "named_kind", "one_of"]


def marks_of(base: Patch, looks: Reads, words: Vocabulary, disclosers: Collection[str], parties: Collection[str]) -> Iterator[Patch]:
    """A mark inside `base` for each value that a function with these looks tells apart."""
    for label in looks.labels:
        yield evolve(base, loose=True, labels=words.read("label", [label]))
    axes: tuple[tuple[Axis, frozenset[str]], ...] = (("category", looks.categories), ("purpose", looks.purposes))
    for axis, codes in axes:
        for code in codes:
            for own in words.read(axis, [code]):
                yield base.asking(axis, _is, own)
                yield base.asking(axis, _below, words, axis, own)
    for action in words.read("action", looks.actions):
        yield base.asking("action", _is, action)
    for kind in _or_unknown(looks.kinds):
        yield base.asking("standing", _part_is, 0, kind)
    for kind in _or_unknown(looks.discloser_kinds):
        yield base.asking("discloser", _part_is, 1, kind)
    for treating in (True, False) if looks.treating else ():
        yield base.asking("standing", _part_is, 1, treating)
    for relationship in looks.relationships:
        yield base.asking("bond", _part_is, 0, relationship)
    yield from _of_people(base, looks, disclosers, parties)
    yield from _finely(base, looks, words)


def _finely(base: Patch, looks: Reads, words: Vocabulary) -> Iterator[Patch]:
    """Which of the labels told a record carries itself, which it stands below, and that it carries nothing else; and what is not known.

    Few functions look so finely, and without these marks there is much less to look through.
    """
    if not looks.finely:
        return
    told = words.read("label", looks.labels)
    below = {words.upward("label", each) & told for each in words.codes("label") - told} - {frozenset()}
    for label in sorted(told):
        yield base.but(loose=True, labels=frozenset({label})).asking("label", _is, label)
    for above in sorted(below, key=sorted):
        yield base.but(loose=True, labels=above).asking("label", _right_below, words, told, above)
    if told:
        yield base.but(labels=told)
    if looks.categories:
        yield base.asking("category", _is, None)
    if looks.relationships:
        yield base.asking("bond", _part_is, 0, None)


def _of_people(base: Patch, looks: Reads, disclosers: Collection[str], parties: Collection[str]) -> Iterator[Patch]:
    """Who is who: a recipient at the discloser, a party to an agreement, the holder of a role here."""
    names = {*(disclosers if looks.own or looks.roles else ()), *(parties if looks.parties else ())}
    for name in sorted(names):
        yield base.asking("discloser", _part_is, 0, name)
        if looks.own or looks.parties:
            yield base.asking("who", _part_is, 0, name)
            yield base.asking("who", _part_is, 1, name)
            yield base.asking("bond", _controls, name)
    for role in sorted(looks.roles):
        for place in (None, *sorted(disclosers)):
            yield base.asking("roles", _holds, role, place)
    if looks.roles:
        yield base.asking("roles", _is, None)


def _or_unknown(kinds: frozenset[str]) -> tuple[str | None, ...]:
    return (None, *sorted(kinds)) if kinds else ()


def one_of(wanted: frozenset[str], value: str) -> bool:
    """Whether a code is one of these by its own name."""
    return value in wanted


def named_kind(kinds: frozenset[str], standing: Standing) -> bool:
    """Whether a recipient is of one of these kinds."""
    return standing[0] in kinds


def _is(wanted: Any, value: Any) -> bool:
    return bool(value == wanted)


def _below(words: Vocabulary, axis: Axis, code: str, value: Any) -> bool:
    return code in words.upward(axis, value)


def _right_below(words: Vocabulary, told: frozenset[str], above: frozenset[str], value: str) -> bool:
    """Whether a label is none of those told, and stands below just these of them."""
    return value not in told and words.upward("label", value) & told == above


def _part_is(place: int, wanted: Any, value: tuple[Any, ...]) -> bool:
    return bool(value[place] == wanted)


def _controls(name: str, bond: Bond) -> bool:
    return name in bond[1]


def _holds(role: str, org: str | None, held: Held) -> bool:
    return held is not None and any(name == role and org in (None, place) for name, place in held[0])
