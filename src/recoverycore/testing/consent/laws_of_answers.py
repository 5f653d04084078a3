"""Laws about answers: order, bundles, time, what an answer rests on, labels, trees, writing, the accounting."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from recoverycore.ground.instants import parse_instant
from recoverycore.testing.consent.asking import Json, basis_of, changed, copied, labels_of, records_of, released, request_of, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

NEUTRAL = ("HIV", "STD", "MH", "N", "R", "V")  # labels that no profile applies by, and no bar holds by
WEEK = timedelta(days=7)
KATHMANDU = timezone(timedelta(hours=5, minutes=45))
FAR = (timezone(timedelta(hours=14)), timezone(timedelta(hours=-12)))  # between them lie more than a day's hours
DATED = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")


def _relabelled(case: Json, place: int, labels: list[str]) -> Json:
    return changed(case, records=[{**each, "labels": labels} if at == place else each for at, each in enumerate(records_of(case))])


def order_changes_nothing(decide: Decide, case: Json) -> str | None:
    """L2. The order of papers, records, purposes, profiles and restrictors changes nothing."""
    given, request = case["given"], request_of(case)
    turned = changed(case, **{name: given[name][::-1] for name in ("directives", "profiles", "restrictors") if given.get(name)})
    turned = changed(turned, records=request["records"][::-1], purposes=request["purposes"][::-1])
    why = same(decide(case), decide(turned))
    return f"in another order, {why}" if why else None


def asking_for_more_gives_no_more(decide: Decide, case: Json) -> str | None:
    """L7. Asking for more purposes or records never releases a record that was withheld."""
    before, request = released(decide(case)), request_of(case)
    if decide(case)["decision"] == "permit":
        return None  # nothing is left to be released
    more = [changed(case, purposes=[*request["purposes"], purpose]) for purpose in ("treatment", "break_glass") if request["purposes"]]
    if request["records"]:
        more.append(changed(case, records=[*request["records"], {**request["records"][0], "id": "zz", "labels": []}]))
    gained = {name for other in more for name in released(decide(other)) - before - {"zz"}}
    return f"{', '.join(sorted(gained))} was withheld, and released when more was asked for" if gained else None


def a_bundle_is_its_parts(decide: Decide, case: Json) -> str | None:
    """L8, L9. A bundle split, decided one by one and merged is the bundle; size and place in it never matter."""
    whole = decide(case)["records"]
    for record in records_of(case):
        bundles = [[record]] if len(whole) > 1 else []
        for bundle in [*bundles, [{**record, "id": "zz", "category": "other"}, record]]:
            alone = decide(changed(case, records=bundle))["records"][record["id"]]
            if alone != whole[record["id"]]:
                return f"{record['id']} is {whole[record['id']]} in the bundle, {alone} beside fewer"
    return None


def _shifted(value: Any) -> Any:
    """Every instant and date a week later."""
    if isinstance(value, dict):
        return {name: _shifted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shifted(each) for each in value]
    if isinstance(value, str) and DATED.fullmatch(value):
        return (parse_instant(value) + WEEK).isoformat() if "T" in value else (date.fromisoformat(value) + WEEK).isoformat()
    return value


def _on_another_day(at: datetime) -> datetime:
    """The same instant, written as it is written where it is another day then."""
    return next(other for zone in FAR if (other := at.astimezone(zone)).date() != at.date())


def _at_a_week_end(at: datetime) -> datetime:
    """A Sunday or a Saturday within a week, in UTC, on which it is the Monday or the Friday beside it elsewhere."""
    wanted = 6 if _on_another_day(at := at.astimezone(UTC)).date() > at.date() else 5
    return at + timedelta(days=(wanted - at.weekday()) % 7)


def only_the_distance_in_time_matters(decide: Decide, case: Json) -> str | None:
    """L16. Another offset for the same instant, or all of it a week later, changes nothing; a time without offset is refused."""
    before, at = decide(case), parse_instant(request_of(case)["at"])
    for written in (at.astimezone(KATHMANDU).isoformat(), _on_another_day(at).isoformat()):
        if why := same(before, decide(changed(case, at=written))):
            return f"the same instant written as {written}, {why}"
    fixed = changed(case, client={**case["given"]["client"], "zone": "UTC"})
    if why := same(decide(fixed), decide(_shifted(fixed))):
        return f"a week later, {why}"
    ending = _at_a_week_end(at)
    first, written = ending.isoformat(), _on_another_day(ending).isoformat()
    if why := same(decide(changed(case, at=first)), decide(changed(case, at=written))):
        return f"asked at {first}, and at the same instant written as {written}, {why}"
    try:
        decide(changed(case, at=at.replace(tzinfo=None).isoformat()))
    except ValueError:
        return None
    return "a time without offset was taken"


def the_same_question_has_the_same_answer(decide: Decide, case: Json) -> str | None:
    """L17. Asked twice, the same; and asking changes nothing."""
    first, asked = decide(case), copied(case)
    why = None if first == decide(asked) == decide(asked) else "asked again, another answer"
    return why or (None if asked == case else "the question was changed")


def a_release_rests_on_what_covers_it(decide: Decide, case: Json) -> str | None:
    """L19. What is released has a basis, and is released on that basis alone."""
    answer = decide(case)
    if answer["decision"] == "deny":
        return None
    basis = basis_of(answer)
    if "basis" not in answer:
        return None  # it does not tell on what it rests
    if not basis:
        return "released on no basis"
    alone = changed(case, directives=[each for each in case["given"]["directives"] if each["id"] in basis])
    lost = released(answer) - released(decide(alone))
    return f"{', '.join(sorted(lost))} does not follow from {', '.join(basis)}" if lost else None


def fewer_labels_are_no_harder(decide: Decide, case: Json) -> str | None:
    """L24, L25. Taking away a label never withholds a record, and adding one never releases it, where the same rules apply."""
    before = decide(case)["records"]
    for place, record in enumerate(records_of(case)):
        own = record.get("labels") or []
        for label in NEUTRAL:
            if label in own:
                fewer = decide(_relabelled(case, place, [each for each in own if each != label]))["records"][record["id"]]
                if before[record["id"]] == "permit" and fewer == "deny":
                    return f"{record['id']} is released, and without the label {label} it is withheld"
            elif before[record["id"]] == "deny":
                more = decide(_relabelled(case, place, [*own, label]))["records"][record["id"]]
                if more == "permit":
                    return f"{record['id']} is withheld, and with the label {label} it is released"
    return None


def no_label_means_that_of_the_source(decide: Decide, case: Json) -> str | None:
    """L26. A record without a label is decided as if it carried the labels of its source."""
    for place, record in enumerate(records_of(case)):
        source = (case["given"]["facts"].get("sources") or {}).get(record.get("source"), [])
        if why := same(decide(_relabelled(case, place, [])), decide(_relabelled(case, place, source))):
            return f"{record['id']} without a label, and then with what its source carries: {why}"
    return None


def a_level_more_turns_a_tree_over(decide: Decide, case: Json) -> str | None:
    """L36. A tree below a root of the same polarity and criteria says the opposite where it applied; twice, the same again."""
    trees = [each for each in case["given"]["directives"] if "format" in each]
    text = json.dumps(trees)
    known = all(len(set(labels_of(case, each))) == 1 and {"category", "date", "class"} <= set(each) for each in records_of(case))
    single = len(request_of(case)["purposes"]) == 1 and request_of(case)["purposes"] != ["tpo"]
    if not single or len(trees) != 1 or "expression" in text or '"type"' in text or not known or trees[0]["status"] != "active":
        return None
    alone = changed(
        case, directives=[{name: trees[0][name] for name in ("id", "format", "status", "decision", "root", "provisions")}], profiles=[]
    )

    def below(tree: Json) -> Json:
        return {**tree, "provisions": [{**tree["root"], "provisions": tree["provisions"]}]}

    first = alone["given"]["directives"][0]
    answers = [decide(changed(alone, directives=[tree])) for tree in (first, below(first), below(below(first)))]
    before, once, twice = (answer["records"] for answer in answers)
    said = [name for name in before if basis_of(answers[0]) == [first["id"]] and len(before) == 1]
    if any(once[name] == before[name] for name in said):
        return "it says the same one level lower"
    return None if before == twice else "it does not say the same two levels lower"


def a_round_trip_changes_nothing(decide: Decide, case: Json) -> str | None:
    """L37. Written as JSON and read again, a case is decided the same."""
    why = same(decide(case), decide(json.loads(json.dumps(case))))
    return f"written and read again, {why}" if why else None


def an_accounting_adds_up(decide: Decide, case: Json) -> str | None:
    """L39. The accounting of a ledger is those of its entries together, in time order."""
    ledger, whole = case["given"]["facts"].get("ledger") or [], decide(case).get("entries")
    if whole is None:
        return None
    parts = [decide(changed(case, facts={**case["given"]["facts"], "ledger": [entry]})).get("entries", ()) for entry in ledger]
    return (
        ""
        if sorted(whole) == sorted(at for part in parts for at in part)
        else f"it lists {len(whole)} of {len(ledger)} entries, and each asked for alone lists others"
    )


LAWS: tuple[Callable[[Decide, Json], str | None], ...] = (
    order_changes_nothing,
    asking_for_more_gives_no_more,
    a_bundle_is_its_parts,
    only_the_distance_in_time_matters,
    the_same_question_has_the_same_answer,
    a_release_rests_on_what_covers_it,
    fewer_labels_are_no_harder,
    no_label_means_that_of_the_source,
    a_level_more_turns_a_tree_over,
    a_round_trip_changes_nothing,
    an_accounting_adds_up,
)
