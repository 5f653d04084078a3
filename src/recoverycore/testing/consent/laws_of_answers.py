"""Laws about answers: order, bundles, time, what an answer rests on, labels, trees, writing, the accounting."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from recoverycore.ground.instants import parse_instant
from recoverycore.testing.consent.asking import (
    REMEMBERED,
    Json,
    basis_of,
    changed,
    copied,
    labels_of,
    later,
    records_of,
    released,
    request_of,
    same,
)
from recoverycore.testing.consent.rows import paper, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS"]

NEUTRAL = ("HIV", "STD", "MH", "N", "R", "V")  # labels that no profile applies by, and no bar holds by
MORE_LABELS = (("N",), ("HIV", "STD", "MH", "R", "V"))  # what is no secret by itself, and all the rest at once
WEEK = timedelta(days=7)
# Between them lie more than a day's hours, and neither is a whole number of hours from UTC.
FAR = (timezone(timedelta(hours=13, minutes=45)), timezone(timedelta(hours=-11, minutes=-30)))
MANY = 100
IN_TWO_DAYS = 2 * 24 * 60 * 60
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
    answer, request = decide(case), request_of(case)
    if answer["decision"] == "permit":
        return None  # nothing is left to be released
    more: Json = {}
    if request["purposes"]:
        more["purposes"] = [*request["purposes"], "break_glass", "treatment"]
    if request["records"]:
        more["records"] = [*request["records"], {**request["records"][0], "id": "zz", "labels": []}]
    gained = released(decide(changed(case, **more))) - released(answer) - {"zz"} if more else set()
    return f"{', '.join(sorted(gained))} was withheld, and released when more was asked for" if gained else None


def a_bundle_is_its_parts(decide: Decide, case: Json) -> str | None:
    """L8, L9. A bundle split, decided one by one and merged is the bundle; size and place in it never matter, and none is no release."""
    whole = decide(case)["records"]
    about_records = whole and request_of(case)["action"] in ("use", "disclose", "redisclose")
    if about_records and decide(case)["decision"] == "permit" and decide(changed(case, records=[]))["decision"] != "deny":
        return "no record was asked for, and that was permitted"
    for record in records_of(case):
        bundles = [[record]] if len(whole) > 1 else []
        for bundle in [*bundles, [{**record, "id": "zz", "category": "other"}, record]]:
            alone = decide(changed(case, records=bundle))["records"][record["id"]]
            if alone != whole[record["id"]]:
                return f"{record['id']} is {whole[record['id']]} in the bundle, {alone} beside fewer"
    return _in_a_crowd(decide, case)


def _in_a_crowd(decide: Decide, case: Json) -> str | None:
    """That one record that is permitted and many that are not are taken for something else, where much is asked about in one world."""
    if (alone := plain(case, request_of(case)["at"])) is None:
        return None
    # Every second one is like the one that is permitted, but for its date.
    records = [{"id": f"n{number}", "category": ("n", "r1")[number % 2], "date": "2020-01-01"} for number in range(MANY)]
    this = {"id": "r1", "category": "r1", "labels": ["unheard-of"], "date": "2026-05-01"}
    permit = paper("g1", "permit", "r1", data_period={"start": "2026-01-01"})
    asked = changed(alone, directives=[permit], records=[*records, this])
    verdicts = decide(asked)["records"]
    wrong = [name for name, verdict in verdicts.items() if (verdict == "permit") is not (name == "r1")]
    if wrong == ["r1"] and decide(changed(asked, records=asked["when"]["request"]["records"][-1:]))["records"]["r1"] == "deny":
        return None  # something narrows all of it
    return f"of {MANY} records and one more only r1 was permitted, and the wrong way round was {', '.join(wrong[:3])}" if wrong else None


def _shifted(value: Any) -> Any:
    """Every instant and date a week later."""
    if isinstance(value, dict):
        return {name: _shifted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_shifted(each) for each in value]
    return _text_shifted(value) if isinstance(value, str) else value


@lru_cache(REMEMBERED)
def _text_shifted(text: str) -> str:
    if not DATED.fullmatch(text):
        return text
    return (parse_instant(text) + WEEK).isoformat() if "T" in text else (date.fromisoformat(text) + WEEK).isoformat()


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
    written = _on_another_day(at).isoformat()
    if why := same(before, decide(changed(case, at=written))):
        return f"the same instant written as {written}, {why}"
    # At a week-end, so that the day of the week is another one, too, in the second way of writing it.
    ending = _at_a_week_end(at)
    first, written = ending.isoformat(), _on_another_day(ending).isoformat()
    asked = changed(case, at=first, client={**case["given"]["client"], "zone": "UTC"})
    after = changed(_shifted(asked), at=(_on_another_day(ending) + WEEK).isoformat())
    if why := same(decide(asked), decide(after)):
        if beside := same(decide(asked), decide(changed(asked, at=written))):
            return f"asked at {first}, and at the same instant written as {written}, {beside}"
        return f"a week later, {why}"
    return _without_offset(decide, case, before)


def _without_offset(decide: Decide, case: Json, before: Json) -> str | None:
    """That a time without offset was taken, where what is asked for is released; where it is not, that would do no harm."""
    if before["decision"] == "deny":
        return None
    try:
        decide(changed(case, at=parse_instant(request_of(case)["at"]).replace(tzinfo=None).isoformat()))
    except ValueError:
        return None
    return "a time without offset was taken"


def the_same_question_has_the_same_answer(decide: Decide, case: Json) -> str | None:
    """L17. Asked twice, the same; and asking changes nothing."""
    first, asked = decide(case), copied(case)
    why = None if first == decide(asked) else "asked again, another answer"
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
        name, own = record["id"], record.get("labels") or []
        if before[name] == "permit":
            fewer = [[each for each in own if each != label] for label in NEUTRAL if label in own]
            if any(decide(_relabelled(case, place, labels))["records"][name] == "deny" for labels in fewer):
                return f"{name} is released, and with one label fewer it is withheld"
            continue
        for labels in MORE_LABELS:
            if decide(_relabelled(case, place, [*own, *labels]))["records"][name] == "permit":
                return f"{name} is withheld, and with the label {' and '.join(labels)} it is released"
    return None


def _bare_and_labelled(case: Json) -> Iterator[Json]:
    """Each record whose source carries labels, first without any and then with just these."""
    for number, record in enumerate(records_of(case)):
        bare = {**record, "labels": []}
        if labels := [*dict.fromkeys(labels_of(case, bare))]:
            yield from ({**bare, "id": f"{number}a"}, {**bare, "id": f"{number}b", "labels": labels})


def no_label_means_that_of_the_source(decide: Decide, case: Json) -> str | None:
    """L26. A record without a label is decided as if it carried the labels of its source."""
    facts, compared = case["given"]["facts"], list[list[Json]]()
    # First where no source is told of: what a programme made itself carries its label all the same.
    for known in ({name: value for name, value in facts.items() if name != "sources"}, facts):
        asked = changed(case, facts=known)
        copies = list(_bare_and_labelled(asked))
        if copies and copies not in compared:
            compared.append(copies)
            verdicts = decide(changed(asked, records=copies))["records"]
            for bare, labelled in zip(copies[::2], copies[1::2], strict=True):
                if (one := verdicts[bare["id"]]) != (other := verdicts[labelled["id"]]):
                    return f"of a record without a label the verdict is {one}, and with the labels that its source carries it is {other}"
    return None


def a_level_more_turns_a_tree_over(decide: Decide, case: Json) -> str | None:
    """L36. A tree below a root of the same polarity and criteria says the opposite where it applied; twice, the same again."""
    trees = [each for each in case["given"]["directives"] if "format" in each]
    text = json.dumps(trees)
    known = all(len(set(labels_of(case, each))) == 1 and {"category", "date", "class"} <= set(each) for each in records_of(case))
    single = len(request_of(case)["purposes"]) == 1 and request_of(case)["purposes"] != ["tpo"]
    # What no record here tells of fits no permit and every refusal, whichever way round the tree stands.
    unknown = any(f'"{each}": ' in text for each in ("expression", "code", "type"))
    if not single or len(trees) != 1 or unknown or not known or trees[0]["status"] != "active":
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
    """L39. The accounting of a ledger is those of its entries together, in time order; what is yet to come is none."""
    ledger, whole = case["given"]["facts"].get("ledger") or [], decide(case).get("entries")
    if whole is None:
        return None

    def listed(*entries: Json) -> list[str]:
        return list(decide(changed(case, facts={**case["given"]["facts"], "ledger": [*entries]})).get("entries", ()))

    if sorted(whole) != sorted(at for entry in ledger for at in listed(entry)):
        return f"it lists {len(whole)} of {len(ledger)} entries, and each asked for alone lists others"
    instants = [parse_instant(each) for each in whole if "T" in each]
    if instants != sorted(instants):
        return "what it lists is not in time order"
    others = {"at": later(case, -60), "basis_kind": "exception"}, {"at": later(case, IN_TWO_DAYS)}
    more = listed(*ledger, *({**each, "purpose": "research"} for each in others))
    return "it lists what is yet to come, or what was released without consent" if more != whole else ""


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
