"""Sets of papers drawn from few values, so that they meet; and what two sets permit, counted cell by cell with the reference decider.

The count shares no code with the plan: it tries everything that is listed. Nobody in these papers exists.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.consent import ClientFacts, Directive, Facts
from recoverycore.consent.plan import ListedVocabulary, compile_plan
from recoverycore.consent.reference import reference_decide
from tests.suite.judge_consent import PROFILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.consent.plan import Plan

Json = dict[str, Any]
LABELS = ["SUD", "HIV", "BH", "OPIOIDUD", "SUD_NOTES"]
CATEGORIES = ["lab", "counselling_note"]
PURPOSES = ["treatment", "emergency_treatment", "payment", "tpo", "proceedings", "break_glass"]
RECIPIENTS: list[Any] = [
    {"org": "org:a"}, {"org": "org:b"}, {"person": "per:p"}, {"person": "per:p", "org": "org:b"}, {"role": "nurse"},
    {"role": "nurse", "org": "org:a"}, {"designation": "treating", "via": "org:hie"}, {"class": "tpo"}, "*",
]  # fmt: skip
STARTS, ENDS = ["2026-01-01", "2026-03-01"], ["2026-06-01", "2026-09-01"]
PEOPLE: list[Json] = [
    {"id": "org:a", "roles": []},
    {"id": "per:p", "org": "org:b", "roles": []},
    {"id": "per:p", "roles": []},
    {"id": "per:p", "org": "org:elsewhere", "roles": []},
    {"id": "per:q", "org": "org:a"},
    {"id": "per:q", "roles": [{"role": "nurse"}]},
    {"id": "per:q", "roles": [{"role": "nurse", "org": "org:a", "until": "2026-06-01"}]},
    {"id": "per:q", "kind": "covered_entity", "treating_relationship": True, "roles": []},
    {"id": "per:q", "via": "org:hie", "treating_relationship": True, "roles": []},
]
LISTED: Json = {
    "discloser": {"id": "org:clinic", "kind": "part2_program"},
    "recipients": PEOPLE,
    "label_sets": [[], ["SUD"], ["HIV"], ["HIV", "SUD"], ["OPIOIDUD", "SUD_NOTES"], ["other"]],
    "categories": ["lab", "counselling_note", "other"],
    "purposes": ["treatment", "emergency_treatment", "payment", "proceedings", "other"],
    "instants": ["2026-02-01T00:00:00Z", "2026-05-31T23:59:59Z", "2026-06-02T00:00:00Z"],
}


class Drawn(NamedTuple):
    """Two sets of papers under the same profiles, client and facts."""

    given: Json
    old: list[Json]
    new: list[Json]

    @property
    def plans(self) -> tuple[Plan, Plan]:
        """Both as plans."""
        return plan_of(self.given, self.old), plan_of(self.given, self.new)


def plan_of(given: Json, papers: list[Json]) -> Plan:
    """Papers as a plan."""
    return compile_plan(
        [Directive.model_validate(each) for each in papers],
        [PROFILES[each] for each in given["profiles"]],
        ClientFacts.model_validate(given["client"]),
        Facts.model_validate(given["facts"]),
    )


def listing(random: Random, size: int = 2) -> ListedVocabulary:
    """A few of the listed values of each axis."""
    some = {name: random.sample(LISTED[name], min(size, len(LISTED[name]))) for name in LISTED if name != "discloser"}
    return ListedVocabulary.model_validate({**LISTED, **some})


def drawn(seed: int, *profiles: str) -> Iterator[Drawn]:
    """Pairs without end: the second set is the first one with a paper or two changed, left out or added."""
    random = Random(seed)  # noqa: S311 - nothing secret is drawn
    while True:
        names = [f"g{number}" for number in range(random.choice([1, 2, 3]))]
        old = [_paper(random, name, names, profiles) for name in names]
        new = list(old)
        for turn in range(random.choice([1, 1, 2])):
            place = random.randrange(len(new) + 1)
            if place == len(new):
                new.append(_paper(random, f"n{turn}", names, profiles))
            elif random.random() < 1 / 3:
                new.pop(place)
            else:
                new[place] = _paper(random, new[place]["id"], names, profiles)
        facts = random.choice([{}, {}, {"events": {"discharge": "2026-05-01"}}, {"events": {"discharge": None}}])
        given = {"profiles": list(profiles), "client": {"zone": random.choice([None, "UTC", "America/Chicago"])}, "facts": facts}
        yield Drawn({key: value if key != "client" or value["zone"] else {} for key, value in given.items()}, old, new)


def _some(random: Random, values: list[Any]) -> Any:
    return "*" if random.random() < 1 / 2 else random.sample(values, random.choice([1, 1, 2]))


def _box(random: Random, shown: float = 1) -> Json:
    axes = {"labels": LABELS, "categories": CATEGORIES, "purposes": PURPOSES, "recipients": RECIPIENTS}
    box = {axis: _some(random, values) for axis, values in axes.items() if random.random() < shown}
    if random.random() < 1 / 4:
        box["actions"] = _some(random, ["disclose", "use", "redisclose"])
    return box


def _paper(random: Random, name: str, names: list[str], profiles: tuple[str, ...]) -> Json:
    paper: Json = {
        "id": name,
        "polarity": random.choice(["permit", "permit", "deny"]),
        "discloser": random.choice(["org:clinic", "*"]),
        "boxes": [_box(random) for _ in range(random.choice([1, 1, 2]))],
        "signed_by": ["client"],
        "written": True,
        "starts": random.choice(STARTS),
    }
    maybe: list[tuple[float, Json]] = [
        (0.3, {"except": [_box(random, 0.5)]}),
        (0.5, {"expires": {"kind": "date", "value": random.choice(ENDS)}}),
        (0.1, {"expires": {"kind": "event", "value": "discharge"}}),
        (0.2, {"suspensions": [{"from": "2026-04-01", "to": "2026-05-31"}]}),
        (0.2, {"revocations": [{"at": "2026-05-15T00:00:00Z", "written": random.choice([True, False])}]}),
        (0.2, {"revocations": [{"at": "2026-05-15T00:00:00Z", "written": True, "recipients": ["org:a", "per:p"]}]}),
        (0.2, {"supersedes": [random.choice(names)]}),
        (0.1, {"abuser_signed": True}),
        (0.5 if profiles else 0, {"form": random.choice(["tpo", "notes", "proceedings", "combined"])}),
        (0.2 if profiles else 0, {"signed_by": []}),
    ]
    for chance, fields in maybe:
        if random.random() < chance:
            paper |= fields
    return paper


def permitted(given: Json, papers: list[Json], listed: ListedVocabulary) -> set[tuple[str, ...]]:
    """The cells of a list that the reference decider permits, each by its values in text."""
    found = set()
    words = listed.to_data()
    axes = words["recipients"], words["label_sets"], words["categories"], words["purposes"], words["instants"]
    for recipient, labels, category, purpose, at in product(*axes):
        record = {"id": "r", "labels": labels, "category": category} | ({"source": words["source"]} if words.get("source") else {})
        request = {
            "discloser": words["discloser"],
            "recipient": recipient,
            "purposes": [purpose],
            "action": "disclose",
            "at": at,
            "records": [record],
        }
        case = {"given": {**given, "directives": papers}, "when": {"request": request}}
        if reference_decide(case)["decision"] == "permit":
            found.add((str(recipient), str(sorted(labels)), category, purpose, at))
    return found
