"""Papers that count or do not, as rows: what is so of a paper, and whether a permit and a refusal of which it is so count.

What such rows ask is nearly the same in every world, so it is asked in few: where somebody inside needs to know and no paper was handed in.
Papers that give nothing are asked about all at once, and one by one only where something came of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.testing.consent.asking import Json, changed, records_of, request_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.testing.consent.asking import Decide

__all__ = ["Row", "misjudged", "paper", "plain"]

ALL: Json = {"labels": "*", "categories": "*", "purposes": "*", "recipients": "*", "actions": "*"}


class Row(NamedTuple):
    """What is so, the fields that make it so, and whether a permit and a refusal count then; None: they are not asked about.

    `boxes` are its boxes, each the axes on which it is not for everything. `new` are the fields of a paper that took its place, and
    `ring` says that the old one names that one, too.
    """

    what: str
    fields: Json | None = None
    permit: bool | None = False
    refusal: bool | None = False
    new: Json | None = None
    ring: bool = False
    boxes: tuple[Json, ...] = ({},)

    def papers(self, name: str, polarity: str, *category: str) -> list[Json]:
        """A paper of this id about everything of a category, as the row has it, and whatever took its place."""
        old = {**paper(name, polarity), "boxes": [_box(*category, **axes) for axes in self.boxes], **(self.fields or {})}
        if "format" in old:
            within = {"category": [*category]} if category else {}
            old = _as_tree({"decision": polarity, **old, "root": {**old["root"], **within}})
        if self.new is None:
            return [old]
        new = {**paper(f"{name}-new", "permit", "nothing"), "supersedes": ["nobody's", name], **self.new}
        return [{**old, "supersedes": [new["id"]]} if self.ring else old, _as_tree(new) if "format" in new else new]


def _box(*categories: str, **axes: Any) -> Json:
    """A box for everything, or for everything of some categories, but for some axes; one that is None is not shown at all."""
    box = {**ALL, **({"categories": ["nothing-else", *categories]} if categories else {}), **axes}
    return {axis: values for axis, values in box.items() if values is not None}


def paper(name: str, polarity: str = "permit", *categories: str, **axes: Any) -> Json:
    """A paper in force, of one box."""
    whole = {"status": "active", "discloser": "*", "written": True, "boxes": [_box(*categories, **axes)]}
    return {"id": name, "polarity": polarity, **whole}


def _as_tree(paper: Json) -> Json:
    return {name: value for name, value in paper.items() if name not in ("polarity", "boxes")}


def plain(case: Json, at: str, zone: str | None = "America/Chicago", **facts: Any) -> Json | None:
    """The question with nothing beside it but the papers to come, asked at another instant; None in all but few worlds."""
    request, known = request_of(case), case["given"]["facts"].get("need_to_know") is True
    if case["given"]["directives"] or not known or request["action"] != "use" or not records_of(case):
        return None
    client = {**case["given"]["client"], "zone": zone}
    return changed(case, profiles=[], switches={}, facts=facts, restrictors=[], purposes=["treatment"], client=client, at=at, records=[{}])


def _ask(decide: Decide, case: Json, papers: Iterable[Json], names: Iterable[str]) -> dict[str, str]:
    """The verdicts on one record of each category, otherwise like the one of the case."""
    records = [{**records_of(case)[0], "id": name, "category": name} for name in names]
    found: dict[str, str] = decide(changed(case, directives=[*papers], records=records))["records"]
    return found


def _granted(decide: Decide, case: Json) -> bool:
    """Whether a permit for just this and no more gives a plain record."""
    request = request_of(case)
    just = {"labels": ["SUD"], "categories": ["r1"], "purposes": request["purposes"], "actions": [request["action"]]}
    only = {**paper("just", **just, recipients=[{"person": request["recipient"]["id"]}]), "discloser": request["discloser"].get("id")}
    return _ask(decide, changed(case, records=[{"labels": ["SUD"], "date": "2026-05-01"}]), [only], ["r1"])["r1"] == "permit"


def _gone(decide: Decide, case: Json, rows: list[Row], polarity: str) -> str | None:
    """The first of `rows`, of which no paper of this polarity counts, whose paper does."""
    beside, verdict = ([], "permit") if polarity == "permit" else ([paper("all")], "deny")
    papers = [row.papers(f"g{number}", polarity) for number, row in enumerate(rows)]
    together = [*beside, *(each for one in papers for each in one)]
    if _ask(decide, case, together, ["r1"])["r1"] != verdict:
        return None
    said = "the one permit" if polarity == "permit" else "beside a permit for everything the one refusal"
    became = "released" if polarity == "permit" else "withheld"
    for row, one in zip(rows, papers, strict=True):
        if _ask(decide, case, [*beside, *one], ["r1"])["r1"] == verdict:
            return f"{said} {row.what}, and r1 was {became}"
    _ask(decide, case, together, ["r1"])  # so that it is what was asked last
    return f"there were several papers, of which none counts, and r1 was {became}"


def misjudged(decide: Decide, case: Json, rows: Iterable[Row]) -> str | None:
    """The first of `rows` that counts where it should not, or the other way round, in words; None where something narrows all of it."""
    named = {f"c{number}": row for number, row in enumerate(rows)}
    permits = {name: row for name, row in named.items() if row.permit}
    refusals = {f"d{name}": row for name, row in named.items() if row.refusal}
    if not _granted(decide, case):
        return None
    for polarity, over in (
        ("permit", [row for row in named.values() if row.permit is False]),
        ("deny", [row for row in named.values() if row.refusal is False]),
    ):
        if why := _gone(decide, case, over, polarity):
            return why
    papers = [each for name, row in permits.items() for each in row.papers(name, "permit", name)]
    papers += [each for name, row in refusals.items() for each in row.papers(name, "deny", name)]
    verdicts = _ask(decide, case, [paper("all", "permit", *refusals), *papers], [*permits, *refusals])
    for name, row in permits.items():
        if verdicts[name] == "deny":
            return f"the one permit for {name} {row.what}, and it was withheld"
    return next(
        (f"a refusal of {name} {row.what}, and it was released" for name, row in refusals.items() if verdicts[name] == "permit"), None
    )
