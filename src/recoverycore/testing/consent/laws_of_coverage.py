"""Laws about what a paper covers: just what it says, on each axis and in time; refused or taken back, nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.testing.consent.asking import Json, basis_of, changed, labels_of, later, records_of, released, request_of
from recoverycore.testing.consent.stories import box, permit

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

BESIDE = "nothing-else"
ONE = {"categories": "category", "data_period": "time of making"}


def _paper(case: Json, record: Json, polarity: str) -> Json:
    """A paper for this record and question and for nothing else, in force for one second from the very instant of the question."""
    request, labels = request_of(case), labels_of(case, record)
    made = {"data_period": {"start": record["date"], "end": record["date"]}} if record.get("date") else {}
    box = {
        "labels": labels or ("*" if polarity == "deny" else ["HIV"]),
        "categories": [record["category"]],
        "purposes": request["purposes"],
        **made,
    }
    box |= {"recipients": [{"person": request["recipient"]["id"]}], "actions": [request["action"]]}
    span = {"signed_on": later(case, 0), "starts": later(case, 0), "expires": {"kind": "instant", "value": later(case, 1)}}
    return permit("g1", polarity=polarity, discloser=request["discloser"]["id"], boxes=[box], **span)


def _beside(case: Json, record: Json, paper: Json) -> dict[str, Json]:
    """For each thing in which the paper can be moved aside, the fields that do so."""
    axes: Json = {name: [BESIDE] for name in ("labels", "categories", "purposes", "actions")}
    axes["recipients"] = [{"person": BESIDE}]
    if not labels_of(case, record):
        del axes["labels"]  # a record without a label is reached by any of them
    if record.get("date"):
        axes["data_period"] = {"start": "2031-01-01"}
    [box], before = paper["boxes"], later(case, -1)
    boxes = {ONE.get(name) or name.removesuffix("s"): {**box, name: value} for name, value in axes.items()}
    boxes["purpose, none at all,"] = {**box, "purposes": []}
    return {what: {"boxes": [each]} for what, each in boxes.items()} | {
        "discloser": {"discloser": BESIDE},
        "start": {"starts": later(case, 1), "expires": {"kind": "none"}},
        "end": {"starts": before, "signed_on": before, "expires": {"kind": "instant", "value": later(case, 0)}},
    }


def _plain(case: Json) -> tuple[Json, Json] | None:
    """The question about the first record, with nothing beside it but the papers to come, and that record; None where law alone answers."""
    request = request_of(case)
    records = [each for each in records_of(case) if each.get("category")]
    if not records or not request["purposes"] or not request["discloser"].get("id") or request["action"] not in ("use", "disclose"):
        return None
    facts = {"sources": case["given"]["facts"].get("sources") or {}}
    return changed(case, profiles=[], facts=facts, restrictors=[], directives=[], records=records[:1]), records[0]


def a_permit_covers_just_what_it_says(decide: Decide, case: Json) -> str | None:
    """L15. A permit releases what it says, from its start to its end; one beside that in any one thing does not, nor do several."""
    if (found := _plain(case)) is None:
        return None
    plain, record = found
    paper = _paper(plain, record, "permit")
    name = record["id"]
    more = {**record, "id": "zz", "labels": [*(record.get("labels") or ()), "VIO"]}
    # One for each purpose: different purposes may rest on different papers.
    whole = [
        {**paper, "id": f"g{number}", "boxes": [{**paper["boxes"][0], "purposes": [purpose]}]}
        for number, purpose in enumerate(request_of(case)["purposes"], 1)
    ]
    verdicts = decide(changed(plain, directives=whole, records=[record, more]))["records"]
    if verdicts[name] != "permit":
        return f"a permit for just this, and for no law's profile, was all there was, and {name} was withheld"
    if verdicts["zz"] == "permit" and labels_of(case, record):
        return f"the record zz carried one label more than {name} and than the one permit names, and was released"
    beside = _beside(plain, record, paper)
    # All at once, since a box or a permit more takes nothing away (L4); then one by one, to see which it was.
    boxes = [each for fields in beside.values() for each in fields.get("boxes", ())]
    others = [{**paper, **fields, "id": f"g{number}"} for number, fields in enumerate(beside.values(), 2) if "boxes" not in fields]
    together = changed(plain, directives=[{**paper, "boxes": boxes}, *others])
    if decide(together)["records"][name] == "deny":
        return None
    for what, fields in beside.items():
        if decide(changed(plain, directives=[{**paper, **fields}]))["records"][name] == "permit":
            return f"the one permit had another {what} than what was asked, and {name} was released"
    decide(together)  # so that it is what was asked last
    return f"each permit had something else than what was asked, and together they released {name}"


def a_refusal_beats_a_permit(decide: Decide, case: Json) -> str | None:
    """L5. What a live refusal covers is withheld, whatever permits it; a refusal that lies beside it does not matter."""
    if (found := _plain(case)) is None:
        return None
    plain, record = found
    other, name = {**record, "id": "zz", "category": BESIDE}, record["id"]
    papers = [
        _paper(plain, record, "permit"),
        {**_paper(plain, other, "permit"), "id": "g2"},
        {**_paper(plain, record, "deny"), "id": "d1"},
    ]
    refusal = _paper(plain, other, "deny")
    aside = _beside(plain, other, refusal)
    beside = {what: {**refusal, **aside[what], "id": f"d-{what}"} for what in ("purpose", "end")}
    # All at once, since a refusal more releases nothing; then one by one, to see which it was.
    asked = changed(plain, records=[record, other])
    together = changed(asked, directives=[*papers, *beside.values()])
    verdicts = decide(together)["records"]
    if verdicts[name] == "permit":
        return f"there were a permit and a refusal of just this, and {name} was released"
    if verdicts["zz"] == "permit":
        return None
    for what, each in beside.items():
        if decide(changed(asked, directives=[*papers, each]))["records"]["zz"] == "deny":
            return f"a refusal had another {what} than what was asked, beside a permit for just zz, and it was withheld"
    decide(together)
    return "refusals that had something else than what was asked, beside a permit for just zz, withheld it together"


def an_unreadable_refusal_refuses(decide: Decide, case: Json) -> str | None:
    """L40. A refusal that could not be read refuses what can be read of it, and where nothing can, everything."""
    if (found := _plain(case)) is None:
        return None
    plain, record = found
    unread = {**_paper(plain, record, "deny"), "status": "unprocessable"}
    permits = {**_paper(plain, record, "permit"), "id": "g2"}
    answer = decide(changed(plain, directives=[permits, unread]))
    if answer["records"][record["id"]] == "permit":
        return f"beside a permit for just this there was a refusal that could not be read, and {record['id']} was released"
    if "basis" in answer and basis_of(answer) != [unread["id"]] and released(decide(changed(plain, directives=[permits]))):
        return "a refusal that could not be read was why, and it is not named"
    if decide(changed(plain, directives=[permits, {**unread, "boxes": []}]))["records"][record["id"]] == "permit":
        return f"beside a permit for just this there was a refusal of which nothing could be read, and {record['id']} was released"
    return None


def each_record_is_decided_by_itself(decide: Decide, case: Json) -> str | None:
    """L8. Of two records asked for together the one that is permitted is released, and the other is not."""
    if (found := _plain(case)) is None:
        return None
    plain, record = found
    other = {**record, "id": "zz", "category": BESIDE, "labels": [*(record.get("labels") or ()), "VIO"]}
    answer = decide(changed(plain, directives=[_paper(plain, record, "permit")], records=[record, other]))
    verdicts = answer["records"]
    if verdicts != {record["id"]: "permit", "zz": "deny"}:
        return f"of two records one was permitted, and the verdicts were {verdicts[record['id']]} on it and {verdicts['zz']} on the other"
    if answer["decision"] != "partial" or answer.get("withheld", ["zz"]) != ["zz"]:
        return (
            f"of two records one was permitted and the other not, and this was called {answer['decision']}, or what is withheld not named"
        )
    return None if "redact" in answer.get("obligations", ("redact",)) else "of two records one was withheld, and nothing is to be redacted"


def what_is_taken_away_is_not_given(decide: Decide, case: Json) -> str | None:
    """L5. What a permit takes away again it does not give; what it takes away beside that does not matter."""
    if (found := _plain(case)) is None:
        return None
    plain, record = found
    paper, name = _paper(plain, record, "permit"), record["id"]
    both = [{**paper["boxes"][0], "categories": [record["category"], BESIDE]}]
    papers = [{**paper, "boxes": both, "except": [{"categories": [BESIDE]}]}]
    verdicts = decide(changed(plain, directives=papers, records=[record, {**record, "id": "zz", "category": BESIDE}]))["records"]
    if verdicts["zz"] == "permit":
        return "the one permit takes away all of the category of zz, and it was released"
    return f"the one permit takes away another category, and {name} was withheld" if verdicts[name] == "deny" else None


def _taken_back(case: Json) -> dict[str, list[Json]]:
    """A permit for everything that gives nothing any more: by how that came, the permit and what took its place."""
    wide = box(labels="*", categories="*", purposes="*", recipients="*", actions="*")
    before, now = later(case, -60), later(case, 0)
    since: Json = {"discloser": "*", "signed_on": before, "starts": before, "expires": {"kind": "none"}, "boxes": [wide]}
    ways: dict[str, Json] = {
        "revoked at the very instant of the question": {"revocations": [{"at": now, "written": True}]},
        "paused from that instant on": {"suspensions": [{"from": now, "to": None}]},
        "signed by an abuser": {"abuser_signed": True},
    }
    found = {how: [permit(f"g{number}", **since, **way)] for number, (how, way) in enumerate(ways.items(), 1)}
    for number, status in enumerate(("active", "inactive"), 4):
        old = permit(f"g{number}", **since)
        new = permit(f"g{number}new", **{**since, "boxes": []}, status=status, supersedes=[old["id"]])
        found[f"replaced by one that is {status}"] = [old, new]
    return found


def what_was_taken_back_gives_nothing(decide: Decide, case: Json) -> str | None:
    """L10. Where all permits are revoked, paused, replaced or signed by an abuser, nothing is released."""
    if (found := _plain(case)) is None:
        return None
    plain, record = found
    ways, name = _taken_back(case), record["id"]
    together = changed(plain, directives=[each for papers in ways.values() for each in papers])
    if decide(together)["records"][name] == "deny":
        return None
    for how, papers in ways.items():
        if decide(changed(plain, directives=papers))["records"][name] == "permit":
            return f"the one permit was {how}, and {name} was released"
    decide(together)
    return f"each permit was {', or '.join(ways)}, and {name} was released"


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (
    a_permit_covers_just_what_it_says,
    a_refusal_beats_a_permit,
    an_unreadable_refusal_refuses,
    each_record_is_decided_by_itself,
    what_is_taken_away_is_not_given,
    what_was_taken_back_gives_nothing,
)
