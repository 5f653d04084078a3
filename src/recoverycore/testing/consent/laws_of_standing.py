"""Laws about when a paper counts at all: its days, its state, what came of it, and what took its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.testing.consent.asking import Json, changed, request_of
from recoverycore.testing.consent.rows import Row, misjudged, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

SOMEBODY = "org:somebody-else"
RELIED = [f"g{number}" for number in range(40)]  # all papers that give nothing: for another purpose, or another record


def _end(value: str, kind: str = "date") -> Json:
    return {"expires": {"kind": kind, "value": value}}


def _revoked(*days: str, **more: Any) -> Json:
    return {"revocations": [{"at": at, "written": True, **more} for at in days]}


def _paused(*spans: tuple[str, str | None]) -> Json:
    return {"suspensions": [{"from": start, "to": end} for start, end in spans]}


# The last half second of a day of 25 hours; elsewhere it is the next day. Instants beside it are written where that reads the other way.
LATE = "2026-11-01T23:59:59.500000-06:00"
BEFORE, NOW, AFTER = "2026-11-02T05:59:59.250000Z", "2026-11-02T05:59:59.500000Z", "2026-11-01T17:59:59.750000-12:00"
EVENTS: dict[str, str | None] = {"over": "2026-10-31", "now": NOW, "today": "2026-11-01", "soon": AFTER, "waits": None, "asked": "unknown"}
ENDED = Row("ended with the client's own day before", _end("2026-10-31"))
PAUSED = Row("is paused until the end of the client's own day", _paused(("2026-10-30", "2026-11-01")))
REVOKED = Row("was revoked a quarter of a second ago", _revoked(BEFORE))
EARLY = Row("starts in a quarter of a second", {"starts": AFTER})
OF_A_DAY = (
    ENDED,
    PAUSED,
    REVOKED,
    EARLY,
    Row("ends with the client's own day, which is not over", _end("2026-11-01"), permit=True, refusal=True),
    Row("starts with the client's own day", {"starts": "2026-11-01"}, permit=True, refusal=True),
    Row("starts with the client's next day", {"starts": "2026-11-02"}),
    Row("is signed on the client's next day", {"signed_on": "2026-11-02"}),
    Row("ended a quarter of a second ago", _end(BEFORE, "instant")),
    Row("ends at this very instant", _end(NOW, "instant")),
    Row("ends in a quarter of a second", _end(AFTER, "instant"), permit=True, refusal=True),
    Row("started at this very instant", {"starts": NOW}, permit=True, refusal=True),
    Row("was paused until the day before", _paused(("2026-10-30", "2026-10-31")), permit=True, refusal=True),
    Row("was paused before, and is again", _paused(("2026-10-01", "2026-10-02"), (BEFORE, None))),
    Row("is paused, and will be again", _paused((BEFORE, None), ("2026-12-01", None))),
    Row("is revoked on this day", _revoked("2026-11-01"), refusal=True),
    Row("was revoked on the day before", _revoked("2026-10-31")),
    Row("will be revoked in a quarter of a second", _revoked(AFTER), permit=True, refusal=True),
    Row("ends with an event that came on the day before", _end("over", "event")),
    Row("ends with an event that came at this very instant", _end("now", "event")),
    Row("ends with an event that comes on this day", _end("today", "event"), refusal=True),
    Row("ends with an event that comes in a quarter of a second", _end("soon", "event"), permit=True, refusal=True),
    Row("ends with an event that has not come", _end("waits", "event"), permit=True, refusal=True),
    Row("ends with an event that nobody can tell of", _end("asked", "event"), refusal=True),
    Row("ends with an event that nobody has told of", _end("untold", "event"), refusal=True),
)
BEGINS = "2026-11-01T00:00:00-05:00"
OF_A_DAY_THAT_BEGINS = (
    Row("starts with the day that begins now", {"starts": "2026-11-01"}, permit=True, refusal=True),
    Row("is signed on the day that begins now", {"signed_on": "2026-11-01"}, permit=True, refusal=True),
    Row("starts with the day after", {"starts": "2026-11-02"}),
    Row("ended with the day that ends now", _end("2026-10-31")),
    Row("ends with the day that begins now", _end("2026-11-01"), permit=True, refusal=True),
    Row("is revoked on the day that begins now", _revoked("2026-11-01"), refusal=True),
    Row("is paused from the day that begins now", _paused(("2026-11-01", None))),
    Row("was paused until the day that ends now", _paused(("2026-10-01", "2026-10-31")), permit=True, refusal=True),
)
# Where nobody knows the zone: the first of November has not begun everywhere, and the last of October is not over everywhere.
SOMEWHERE = "2026-11-01T11:59:59.500000Z"
OF_SOME_DAY = (
    Row("ended on a day that is over everywhere", _end("2026-10-30")),
    Row("ends on a day that is over in some places", _end("2026-11-01"), refusal=True),
    Row("ended on a day that is not over everywhere", _end("2026-10-31"), refusal=True),
    Row("starts on a day that has not begun everywhere", {"starts": "2026-11-01"}, refusal=True),
    Row("is paused from a day that has not begun everywhere", _paused(("2026-11-01", None)), refusal=True),
    Row("is paused until a day that is not over everywhere", _paused(("2026-10-01", "2026-10-31")), refusal=True),
    Row("is revoked on a day that has not begun everywhere", _revoked("2026-11-01"), refusal=True),
    Row("was revoked on a day that is not over everywhere", _revoked("2026-10-31"), refusal=True),
)
TREE: Json = {"format": "fhir-r5", "root": {}, "provisions": []}
OF_A_STATE = (
    *(Row(f"is {each}", {"status": each}) for each in ("draft", "proposed", "rejected", "entered-in-error", "inactive")),
    Row("could not be read", {"status": "unprocessable"}, refusal=True),
    Row(
        "could not be read but for its category",
        {"status": "unprocessable"},
        refusal=True,
        boxes=(dict.fromkeys(("labels", "purposes", "recipients", "actions")),),
    ),
    Row("is neither a permit nor a refusal", {"polarity": "who-knows"}, permit=None, refusal=True),
    Row("names nobody who discloses", {"discloser": None}, refusal=True),
    Row("is about what another discloser holds", {"discloser": SOMEBODY}),
    Row("was signed by an abuser", {"abuser_signed": True}, refusal=True),
    Row("was revoked in words", _revoked(BEFORE, written=False)),
    Row("was revoked, and nobody knows how", _revoked(BEFORE, written=None)),
    Row("was revoked for somebody else", _revoked(BEFORE, recipients=[SOMEBODY]), permit=True, refusal=True),
    Row("was revoked, though not before December", {**_revoked(BEFORE), "revocable_from": {"kind": "date", "value": "2026-12-01"}}),
    Row("was revoked, and will be again", _revoked(BEFORE, "2026-12-01")),
    Row("was revoked, and will be again, which is told first", _revoked("2026-12-01", BEFORE)),
    *(Row(f"is a tree that {each.what}", {**TREE, **(each.fields or {})}, refusal=None) for each in (ENDED, PAUSED, REVOKED, EARLY)),
    Row("was replaced", new={}),
    Row("was replaced by a tree", new={**TREE, "decision": "deny", "root": {"purpose": ["nothing"]}}),
    Row("was replaced at this very instant", new={"starts": NOW}),
    Row("was replaced by one that was signed before it", {"signed_on": "2026-02-01"}, new={"signed_on": "2026-01-01"}),
    Row("was replaced by one that has ended", new=ENDED.fields),
    Row("was replaced by one that is paused", new=PAUSED.fields),
    Row("was replaced by one that was revoked", new=REVOKED.fields),
    Row("was replaced by one that was revoked on a day before", new=_revoked("2026-10-01")),
    Row("was replaced by one that is inactive", new={"status": "inactive"}),
    Row("was replaced by one that could not be read", refusal=True, new={"status": "unprocessable"}),
    Row("was replaced by one that it replaces", refusal=True, new={}, ring=True),
    Row("stands beside one that takes everything away", permit=True, refusal=None, new={"supersedes": [], "except": [{}]}),
    Row("is replaced in a quarter of a second", permit=True, refusal=True, new={"starts": AFTER}),
)


def a_day_is_the_clients_own(decide: Decide, case: Json) -> str | None:
    """L15. Dates are whole days of the client's own; where nobody knows their zone, a permit gets the least time and a refusal the most."""
    if (here := plain(case, LATE, events=EVENTS, acted_in_reliance={name: ["r1"] for name in RELIED})) is None or (
        nowhere := plain(case, SOMEWHERE, None)
    ) is None:
        return None
    why = misjudged(decide, here, OF_A_DAY) or misjudged(decide, changed(here, at=BEGINS), OF_A_DAY_THAT_BEGINS)
    return why or misjudged(decide, nowhere, OF_SOME_DAY)


def a_paper_counts_while_it_stands(decide: Decide, case: Json) -> str | None:
    """L10, L38, L40. A paper counts while it is active and neither taken back for who asks nor replaced; in doubt a refusal counts."""
    if (alone := plain(case, LATE, acted_in_reliance={name: ["r2"] for name in RELIED})) is None:
        return None
    alone = changed(alone, purposes=["payment"])
    who = request_of(case)["recipient"]
    reached = [each for each in (who["id"], who.get("org")) if each]
    taken = [Row(f"was revoked for {each}", _revoked(BEFORE, recipients=[SOMEBODY, each])) for each in reached]
    return misjudged(decide, alone, [*OF_A_STATE, *taken])


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (a_day_is_the_clients_own, a_paper_counts_while_it_stands)
