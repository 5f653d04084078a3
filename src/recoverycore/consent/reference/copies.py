"""Where a copy that is passed on came from: its hops, and who had it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json


def hops_of(copy: Json) -> list[Json]:
    """Every hop of a copy, the oldest first and the last one at the end."""
    earlier = [hop if isinstance(hop, dict) else {"received_under": hop} for hop in copy.get("chain") or ()]
    return [*earlier, copy]


def released_before(question: Question) -> set[str | None]:
    """Who released the copy that is asked for, or held it, before; None among them: nobody knows them all. Nobody, of what is no copy."""
    if question.action != "redisclose":
        return set()
    hops = hops_of(question.held_copy() or {})
    known = {paper["id"]: paper.get("discloser") for paper in question.papers()}
    disclosers = [known.get(hop.get("received_under")) for hop in hops]
    return {hop["holder"] for hop in hops if hop.get("holder")} | {None if each == "*" else each for each in disclosers}
