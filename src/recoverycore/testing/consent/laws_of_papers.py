"""Laws about papers: adding, narrowing, ending, revoking, pausing and replacing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.ground.instants import local_date, parse_instant
from recoverycore.testing.consent.asking import Json, basis_of, changed, later, released, same
from recoverycore.testing.consent.stories import box, permit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

NOBODY = "org:nobody-else"


def papers(case: Json, polarity: str | None = None) -> list[Json]:
    """The papers of a case, boxes only; of one polarity, if it is named."""
    return [each for each in case["given"]["directives"] if "format" not in each and polarity in (None, each.get("polarity"))]


def with_paper(case: Json, id: str, **fields: Any) -> Json:  # noqa: A002 - as a paper calls it
    """The case with other fields in one paper."""
    return changed(case, directives=[{**each, **fields} if each["id"] == id else each for each in case["given"]["directives"]])


def plus(case: Json, *new: Json) -> Json:
    """The case with some papers more."""
    return changed(case, directives=[*case["given"]["directives"], *new])


def _bases(case: Json, answer: Json) -> list[Json]:
    """The permits that an answer rests on."""
    return [paper for paper in papers(case, "permit") if answer["decision"] != "deny" and paper["id"] in basis_of(answer)]


def _mattering(case: Json, answer: Json) -> list[Json]:
    """The papers that something may hang on: permits where something was released, others where something was withheld."""
    lost, gained = bool(released(answer)), answer["decision"] != "permit"
    return [each for each in papers(case) if (lost if each.get("polarity") == "permit" else gained)]


def _free(case: Json, paper: Json) -> bool:
    """Nothing else speaks of this paper by its id: no paper replaces it or is replaced, no fact names it."""
    replaced = any(paper["id"] in (each.get("supersedes") or ()) for each in case["given"]["directives"])
    facts = case["given"]["facts"]
    named = (facts.get("held_copy") or {}).get("received_under") == paper["id"]
    named = named or any(paper["id"] in (facts.get(name) or ()) for name in ("flags", "acted_in_reliance"))
    return not (replaced or named or paper.get("supersedes"))


def _waits(case: Json, paper: Json) -> bool:
    """A withdrawal of this paper may be put off: by its form, by reliance, or for copies that are out."""
    relied = paper["id"] in (case["given"]["facts"].get("acted_in_reliance") or ())
    return relied or bool(paper.get("revocable_from")) or "post_revocation_redisclosure" in (case["given"].get("switches") or {})


def nothing_by_itself(decide: Decide, case: Json) -> str | None:
    """L1. With no directive, no fact and no rule, nothing is released."""
    found = released(decide(changed(case, directives=[], facts={}, profiles=[])))
    return f"{', '.join(sorted(found))} was released" if found else None


def a_duplicate_changes_nothing(decide: Decide, case: Json) -> str | None:
    """L3. A second copy of a paper, a purpose or a profile changes nothing."""
    before, given = decide(case), case["given"]
    copies = [{**paper, "id": f"{paper['id']}~"} for paper in papers(case) if _free(case, paper)]
    twice = {"purposes": case["when"]["request"]["purposes"] * 2, "profiles": given["profiles"] * 2}
    after = decide(changed(case, directives=[*given["directives"], *copies], **twice))
    if any(before.get(name) != after.get(name) for name in ("records", "decision", "basis")):
        return f"with a second copy of all of them, {same(before, after)}"
    return None


def a_permit_more_takes_nothing(decide: Decide, case: Json) -> str | None:
    """L4. A permit more, that replaces nothing, never takes away what was released."""
    request = case["when"]["request"]
    wide = box(labels="*", purposes="*", recipients="*", actions="*")
    more = ([wide], [box()], [{**wide, "categories": ["lab"]}])
    new = [permit(f"zz{number}", discloser=request["discloser"].get("id"), boxes=boxes) for number, boxes in enumerate(more)]
    before = released(decide(case))
    lost = before - released(decide(plus(case, *new))) if before else set()
    return f"with one permit more for everything and two for some of it, {', '.join(sorted(lost))} was withheld" if lost else None


def a_deny_more_gives_nothing(decide: Decide, case: Json) -> str | None:
    """L5. A refusal more, that replaces nothing, never releases anything."""
    some, wide = (box(labels=["HIV"]), box(purposes=["payment"])), box(labels="*", purposes="*", recipients="*")
    for told in ([[wide]], [[each] for each in some]) if decide(case)["decision"] != "permit" else ():
        new = [permit(f"zz{number}", polarity="deny", boxes=boxes) for number, boxes in enumerate(told)]
        if gained := released(decide(plus(case, *new))) - released(decide(case)):
            return f"with a refusal more, {', '.join(sorted(gained))} was released"
    return None


def _narrower(axes: Json) -> Iterator[Json]:
    """The box narrowed in one thing, in each way."""
    for axis in ("labels", "purposes", "recipients", "actions", "categories"):
        values = axes.get(axis)
        if values == "*":
            yield {**axes, axis: {"categories": ["lab"], "recipients": [{"org": "org:other"}]}.get(axis, ["other"])}
        elif values:
            yield {**axes, axis: values[1:]}
    if not axes.get("data_period"):
        yield {**axes, "data_period": {"start": "2020-01-01"}}


def narrowing_gives_nothing(decide: Decide, case: Json) -> str | None:
    """L6. Narrowing the box of a permit never releases anything, where its form stays what it is."""
    before = released(decide(case))
    for paper in papers(case, "permit") if decide(case)["decision"] != "permit" else ():
        # What a form of these names decides what it counts as; and whether it lacks a way out of fundraising.
        if paper.get("form") in ("notes", "proceedings") or "fundraising_opt_out" in paper.get("missing_elements", ()):
            continue
        # In place of each box all that are narrower on one axis: together they hold no more than it.
        boxes = [narrow for axes in paper.get("boxes") or () for narrow in _narrower(axes)]
        if boxes and (gained := released(decide(with_paper(case, paper["id"], boxes=boxes))) - before):
            return f"{', '.join(sorted(gained))} was released by less"
    return None


def a_revoked_paper_is_no_basis(decide: Decide, case: Json) -> str | None:
    """L10. After it is revoked, a paper is never a basis, from that very instant."""
    for paper in _bases(case, decide(case)):
        after = decide(with_paper(case, paper["id"], revocations=[{"at": later(case, 0), "written": True}]))
        if not _waits(case, paper) and paper["id"] in basis_of(after) and after["decision"] != "deny":
            return f"{paper['id']} was revoked at the very instant of the question, and is the basis"
    return None


def _told_later(case: Json, paper: Json) -> list[Json]:
    """The paper revoked, paused and replaced one second after the question: all three at once, then each alone."""
    at, name = later(case, 1), paper["id"]
    told = {"revocations": {"at": at, "written": True}, "suspensions": {"from": at, "to": None}}
    fields = {field: [*(paper.get(field) or ()), value] for field, value in told.items()}
    new = permit("zz", starts=at, supersedes=[name], boxes=[])
    alone = [with_paper(case, name, **{field: values}) for field, values in fields.items()]
    return [plus(with_paper(case, name, **fields), new), *alone, plus(case, new)]


def nothing_is_undone_backwards(decide: Decide, case: Json) -> str | None:
    """L11. A revocation, a pause or a replacement changes nothing before its instant."""
    before = decide(case)
    for paper in _mattering(case, before):
        at_once, *alone = _told_later(case, paper)
        if why := same(before, decide(at_once)):
            why = next((found for each in alone if (found := same(before, decide(each)))), why)
            return f"told one second after the question, {why}"
    return _put_off(decide, case)


def _put_off(decide: Decide, case: Json) -> str | None:
    """That a referral by a court was revoked under Part 2 before it could be, and this did something."""
    for paper in papers(case, "permit"):
        if paper.get("form") == "cj_referral" and case["given"]["profiles"] == ["us.42cfr2"]:
            bound = {**paper, "revocable_from": {"kind": "instant", "value": later(case, 1)}, "revocations": []}
            revoked = {**bound, "revocations": [{"at": later(case, -60), "written": True}]}
            before, after = (decide(with_paper(case, **each))["records"] for each in (bound, revoked))
            if before != after:
                return f"{paper['id']} can be revoked from one second after the question on, was revoked before, and counts no more"
    return None


def others_revocations_touch_nobody_else(decide: Decide, case: Json) -> str | None:
    """L12. A revocation for one recipient changes nothing for another."""
    before, revocation = decide(case), {"at": later(case, -60), "written": True, "recipients": [NOBODY]}
    if not _mattering(case, before):
        return None
    told = [
        each if "format" in each else {**each, "revocations": [*(each.get("revocations") or ()), revocation]}
        for each in case["given"]["directives"]
    ]
    why = same(before, decide(changed(case, directives=told)))
    return f"all revoked for somebody else, {why}" if why else None


def revoked_twice_is_revoked_once(decide: Decide, case: Json) -> str | None:
    """L13. Revoking again changes nothing, on the same day or later."""
    for paper in _mattering(case, decide(case)):
        once = [{"at": later(case, 0), "written": True}]
        before = decide(with_paper(case, paper["id"], revocations=once))
        again = [{**once[0], "at": later(case, 60)}, *once]
        if why := same(before, decide(with_paper(case, paper["id"], revocations=[*again, *once]))):
            return f"{paper['id']} revoked at the question, and again then and at {again[0]['at']}: {why}"
    return None


def a_pause_is_a_revocation_while_it_lasts(decide: Decide, case: Json) -> str | None:
    """L14. A pause changes nothing outside its window, and inside it is the same as a revocation."""
    before = decide(case)
    for paper in _mattering(case, before):
        pauses = paper.get("suspensions") or []
        over = decide(with_paper(case, paper["id"], suspensions=[*pauses, {"from": later(case, -60), "to": later(case, 0)}]))
        if why := same(before, over):
            return f"a pause of {paper['id']} ended at the very instant of the question, and {why}"
        now = {"from": later(case, 0), "to": later(case, 1)}
        paused = decide(with_paper(case, paper["id"], suspensions=[*pauses, now]))
        revoked = decide(
            with_paper(case, paper["id"], revocations=[*(paper.get("revocations") or ()), {"at": later(case, 0), "written": True}])
        )
        if any(paused.get(name) != revoked.get(name) for name in ("records", "basis")):
            return f"{paper['id']} revoked at the question, and paused instead: {same(revoked, paused)}"
    return None


def a_permit_works_from_start_to_end(decide: Decide, case: Json) -> str | None:
    """L15. A permit works from its start up to its end, the end outside; an end by date keeps that whole local day."""
    zone = case["given"]["client"].get("zone")
    if "dv_max_days" in (case["given"].get("switches") or {}):
        return None
    today = local_date(parse_instant(later(case, 0)), zone).isoformat() if zone else None
    last = {"kind": "date", "value": today} if today else {"kind": "instant", "value": later(case, 1)}
    ends = "with the local day of the question" if today else "one second after it"
    for paper in _bases(case, decide(case)):

        def rests(paper: Json = paper, **fields: Any) -> bool:
            answer = decide(with_paper(case, paper["id"], **fields))
            return answer["decision"] != "deny" and paper["id"] in basis_of(answer)

        if not rests(starts=later(case, 0), expires=last):
            return f"{paper['id']} starting at the very instant of the question and ending {ends} gives nothing"
        if rests(starts=later(case, 1)):
            return f"{paper['id']} starting one second after the question gives something"
        if rests(expires={"kind": "instant", "value": later(case, 0)}):
            return f"{paper['id']} ending at the very instant of the question gives something"
    return None


def what_is_signed_later_is_not_known_yet(decide: Decide, case: Json) -> str | None:
    """L18. A paper signed, or an event dated, after the instant of the question changes nothing."""
    before, at = decide(case), later(case, 1)
    wide = box(labels="*", purposes="*", recipients="*", actions="*")
    # A refusal where there is something to lose, a permit where there is something to gain.
    signed = [*(["deny"] if released(before) else ()), *(["permit"] if before["decision"] != "permit" else ())]
    told = [plus(case, permit("zz", polarity=polarity, signed_on=at, discloser="*", boxes=[wide])) for polarity in signed]
    facts = case["given"]["facts"]
    waiting = {name: at for name, when in (facts.get("events") or {}).items() if when is None}
    if waiting:
        told.append(changed(case, facts={**facts, "events": {**facts["events"], **waiting}}))
    return next((f"told of it one second early, {why}" for other in told if (why := same(before, decide(other)))), None)


def replaced_is_replaced_for_good(decide: Decide, case: Json) -> str | None:
    """L38. A paper that was replaced is never a basis, whatever became of the one that replaced it."""
    for paper in _bases(case, decide(case)):
        for status in ("active", "inactive"):
            new = permit("zz", status=status, starts="2026-01-01", signed_on="2026-01-01", supersedes=[paper["id"]], boxes=[])
            after = decide(plus(case, {**new, "expires": {"kind": "date", "value": "2026-01-02"}}))
            if after["decision"] != "deny" and paper["id"] in basis_of(after):
                return f"{paper['id']} was replaced, and is the basis"
    return None


def what_cannot_be_read(decide: Decide, case: Json) -> str | None:
    """L40. A refusal that cannot be read refuses what can be read of it; a permit that cannot be read is none."""
    for paper in papers(case):
        if (
            not _free(case, paper)
            or paper.get("status") != "active"
            or not paper.get("boxes")
            or paper.get("polarity") not in ("permit", "deny")
        ):
            continue
        if paper["polarity"] == "permit" and not released(decide(case)):
            continue
        unread = decide(with_paper(case, paper["id"], status="unprocessable"))
        gone = changed(case, directives=[each for each in case["given"]["directives"] if each["id"] != paper["id"]])
        expected = decide(case) if paper["polarity"] == "deny" else decide(gone)
        if unread["records"] != expected["records"]:
            return f"{paper['id']} could not be read: {same(expected, unread)}"
    return None


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (
    nothing_by_itself,
    a_duplicate_changes_nothing,
    a_permit_more_takes_nothing,
    a_deny_more_gives_nothing,
    narrowing_gives_nothing,
    a_revoked_paper_is_no_basis,
    nothing_is_undone_backwards,
    others_revocations_touch_nobody_else,
    revoked_twice_is_revoked_once,
    a_pause_is_a_revocation_while_it_lasts,
    a_permit_works_from_start_to_end,
    what_is_signed_later_is_not_known_yet,
    replaced_is_replaced_for_good,
    what_cannot_be_read,
)
