"""What came of a question held against what was expected: each difference is a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.ground.instants import parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.consent import Decision
    from recoverycore.testing.consent.table_documents import Expectation

__all__ = ["differences"]


def differences(decision: Decision, expect: Expectation) -> tuple[str, ...]:
    """In what `decision` is otherwise than expected, a sentence each. What is not expected is not judged."""
    return tuple(_differences(decision, expect))


def _differences(decision: Decision, expect: Expectation) -> Iterator[str]:
    if expect.decision not in (None, decision.verdict):
        yield f"the decision is {decision.verdict}, not {expect.decision}"
    if "basis" in expect.model_fields_set and sorted(_names(decision.basis)) != sorted(_names(expect.basis)):
        yield f"it rests on {_told(_names(decision.basis))}, not on {_told(_names(expect.basis))}"
    if expect.withheld is not None and sorted(decision.withheld) != sorted(expect.withheld):
        yield f"withheld is {_told(decision.withheld)}, not {_told(sorted(expect.withheld))}"
    yield from (f"obligation {each} is missing" for each in expect.obligations if each not in decision.codes)
    yield from (f"obligation {each} is there" for each in expect.obligations_absent if each in decision.codes)
    for directive, records in expect.failed.items():
        for record, axes in records.items():
            failing = sorted(decision.failed.get(record, {}).get(directive, ()))
            if failing != sorted(axes):
                yield f"{directive} fails for {record} on {_told(failing)}, not on {_told(sorted(axes))}"
    if expect.needed:
        offered = {code for each in decision.explanation.needed for code in each}
        yield from (f"{each} is not among what would be needed" for each in expect.needed if each not in offered)
    if expect.entries is not None and list(map(_moment, decision.entries)) != list(map(_moment, expect.entries)):
        yield f"the entries are {_told(decision.entries)}, not {_told(expect.entries)}"


def _names(basis: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (basis,) if isinstance(basis, str) else basis or ()


def _told(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def _moment(text: str) -> object:
    """An instant by what it is and not by its offset; a date as it stands."""
    return parse_instant(text) if "T" in text else text
