"""What is said of a run: how many mutants were noticed and by what, which live, and what is wrong with that."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from tools.mutants.battery import Fate
    from tools.mutants.changes import Mutant

__all__ = ["read_list", "told"]

AT_LEAST = 95
"""Of a hundred mutants so many have to be noticed."""
KINDS = (
    ("cases", ("test_suite", "test_reference_cases")),
    ("laws", ("testing/consent/test_laws", "test_properties")),
    ("two deciders compared", ("test_agreement", "plan/test_deciding")),
    ("time-out", ("time-out",)),
    ("import", ("import",)),
)
Key: TypeAlias = tuple[str, str, str, str]


def read_list(file: Path) -> dict[Key, str]:
    """The mutants that are known to live, each with its reason. One entry may tell several changes of one line."""
    if not file.is_file():
        return {}
    entries = tomllib.loads(file.read_text("utf-8"))["lives"]
    return {(each["module"], each["in"], each["line"], change): each["reason"] for each in entries for change in each["changes"]}


def told(
    results: Sequence[tuple[Mutant, Fate]],
    listed: Mapping[Key, str],
    known: Collection[Key],
    *,
    whole: bool = True,
) -> tuple[list[str], list[str]]:
    """What is wrong, and what there is to say.

    In a run that is not `whole` too few are tried for a share to say much, unless nothing at all was noticed.
    """
    noticed = [(mutant, fate) for mutant, fate in results if fate.by]
    living = [mutant for mutant, fate in results if not fate.by]
    lines = [_share(module, of) for module, of in _by_module(results)]
    lines += [f"lives, and why: {mutant}: {listed[mutant.key]}" for mutant in living if mutant.key in listed]
    by_kind = Counter(_kind(fate.by) for _, fate in noticed)
    lines.append("noticed by: " + ", ".join(f"{kind} {number}" for kind, number in by_kind.most_common()))
    lines.append(_share("all modules", results))
    findings = [f"lives and is not listed: {mutant}" for mutant in living if mutant.key not in listed]
    findings += [f"listed as one that lives, and is noticed by {fate.by}: {mutant}" for mutant, fate in noticed if mutant.key in listed]
    findings += [f"listed, and there is no such mutant: {': '.join(key)}" for key in sorted(set(listed) - set(known))]
    if whole and len(noticed) < len(results) * AT_LEAST / 100:
        findings.append(f"fewer than {AT_LEAST} in 100 were noticed")
    if not noticed:
        findings.append("nothing was noticed at all")
    return findings, lines


def _by_module(results: Sequence[tuple[Mutant, Fate]]) -> list[tuple[str, list[tuple[Mutant, Fate]]]]:
    names = sorted({mutant.module for mutant, _ in results})
    return [(name, [each for each in results if each[0].module == name]) for name in names]


def _share(what: str, results: Sequence[tuple[Mutant, Fate]]) -> str:
    noticed = sum(bool(fate.by) for _, fate in results)
    return f"{what}: {noticed} of {len(results)} mutants noticed, {100 * noticed / max(len(results), 1):.1f} %"


def _kind(by: str) -> str:
    return next((kind for kind, parts in KINDS if any(part in by for part in parts)), "tests")
