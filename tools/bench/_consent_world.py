"""The workload of the consent bench: papers, people and requests, all synthetic and always the same.

Twenty directives, half of them with several boxes, two of them denies, five of them revoked; thirty people in organisations and roles;
twelve categories, eight purposes, sets of labels; a window of four hundred days.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from attrs import field, frozen

from recoverycore.consent import ClientFacts, Directive, Request
from recoverycore.consent.posets import standard_vocabulary

__all__ = ["CLIENT", "DISCLOSER", "LABELS", "PEOPLE", "PURPOSES", "SEED", "Box", "Flat", "papers", "read", "requests"]

SEED = 20260615
DISCLOSER = "prog:harbor"
CLIENT = ClientFacts(zone="UTC")
DAYS = 400
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORIES = [f"category_{number:02}" for number in range(12)]
PURPOSES = ["treatment", "payment", "research", "peer_support", "housing", "employment", "family_involvement", "audit"]
LABELS = ["SUD", "HIV", "MH", "SEX", "SDV", "OPIOIDUD"]
ORGS = [f"org:{name}" for name in ("clinic", "lab", "peers", "house", "court", "payer")]
ROLES = ["nurse", "peer", "case_manager", "clerk"]
_DRAWN = Random(SEED)  # noqa: S311 - nothing secret is drawn
PEOPLE: list[dict[str, Any]] = [
    {
        "id": f"person:{number:02}",
        "org": _DRAWN.choice(ORGS),
        "roles": [{"role": role, "org": _DRAWN.choice(ORGS)} for role in _DRAWN.sample(ROLES, _DRAWN.choice([0, 1, 2]))],
    }
    for number in range(30)
]


def papers(count: int = 20) -> list[dict[str, Any]]:
    """`count` directives: every tenth is a deny, every fourth is revoked, every other one has two or three boxes."""
    random = Random(SEED)  # noqa: S311 - as above
    return [_paper(random, number) for number in range(count)]


def _paper(random: Random, number: int) -> dict[str, Any]:
    denies = number % 10 == 9  # noqa: PLR2004 - every tenth
    start = FIRST + timedelta(days=random.randrange(200))
    paper: dict[str, Any] = {
        "id": f"g{number:03}",
        "polarity": "deny" if denies else "permit",
        "discloser": DISCLOSER,
        "boxes": [_box(random, denies=denies) for _ in range(random.choice([2, 3]) if number % 2 else 1)],
        "signed_on": start.isoformat(),
        "starts": start.isoformat(),
        "expires": {"kind": "instant", "value": (start + timedelta(days=random.randrange(60, 200))).isoformat()},
    }
    if number % 4 == 2:  # noqa: PLR2004 - every fourth
        paper["revocations"] = [{"at": (start + timedelta(days=random.randrange(10, 60))).isoformat(), "written": True}]
    return paper


def _box(random: Random, *, denies: bool) -> dict[str, Any]:
    person = random.choice(PEOPLE)
    selectors: list[dict[str, str]] = [
        {"person": person["id"]},
        {"person": person["id"], "org": person["org"]},
        {"org": random.choice(ORGS)},
        {"role": random.choice(ROLES)},
        {"role": random.choice(ROLES), "org": random.choice(ORGS)},
    ]
    return {
        "labels": random.sample(LABELS, 1) if denies else "*" if random.random() < 1 / 3 else random.sample(LABELS, 3),
        "categories": random.sample(CATEGORIES, 2 if denies else 5),
        "purposes": random.sample(PURPOSES, 2 if denies else 3),
        "recipients": random.sample(selectors, 2),
        "actions": ["disclose"],
    }


def requests(count: int = 10_000) -> list[dict[str, Any]]:
    """`count` requests as plain data, each for one record with up to two labels, for one purpose."""
    random = Random(SEED + 1)  # noqa: S311 - as above
    return [
        {
            "discloser": {"id": DISCLOSER},
            "recipient": random.choice(PEOPLE),
            "purposes": [random.choice(PURPOSES)],
            "action": "disclose",
            "at": (FIRST + timedelta(seconds=random.randrange(DAYS * 86_400))).isoformat(),
            "records": [
                {
                    "id": f"r{number}",
                    "labels": random.sample(LABELS, random.choice([0, 1, 1, 2])),
                    "category": random.choice(CATEGORIES),
                }
            ],
        }
        for number in range(count)
    ]


def read(data: list[dict[str, Any]]) -> tuple[list[Directive], list[Request]]:
    """The directives and the requests, read."""
    return [Directive.model_validate(each) for each in papers()], [Request.model_validate(each) for each in data]


# -- as a peer sees it -----------------------------------------------------------------------------------------------------
@frozen(slots=True)
class Box:
    """One box of one paper with its times in seconds, every code closed downwards; None is everything.

    `whom` are tokens: a recipient is reached who carries one of them.
    """

    paper: str
    permits: bool
    labels: frozenset[str] | None
    categories: frozenset[str]
    purposes: frozenset[str]
    whom: frozenset[str]
    start: int
    end: int


@frozen(slots=True)
class Flat:
    """A request with its times in seconds and the tokens that its recipient carries."""

    whom: frozenset[str]
    purpose: str
    category: str
    labels: frozenset[str]
    at: int
    person: str = field(default="")


def boxes(data: list[dict[str, Any]]) -> list[Box]:
    """Every box of the papers, in their order."""
    found: list[Box] = []
    for paper in data:
        ends = [paper["expires"]["value"], *(each["at"] for each in paper.get("revocations", ()))]
        found += [
            Box(
                paper["id"],
                paper["polarity"] == "permit",
                None if box["labels"] == "*" else _closed("label", box["labels"], LABELS),
                _closed("category", box["categories"], CATEGORIES),
                _closed("purpose", box["purposes"], PURPOSES),
                frozenset(_token(each) for each in box["recipients"]),
                _seconds(paper["starts"]),
                min(map(_seconds, ends)),
            )
            for box in paper["boxes"]
        ]
    return found


def flat(request: dict[str, Any]) -> Flat:
    """`request` as peers read it."""
    record = request["records"][0]
    return Flat(
        tokens(request["recipient"]),
        request["purposes"][0],
        record["category"],
        frozenset(record["labels"]),
        _seconds(request["at"]),
        request["recipient"]["id"],
    )


def tokens(recipient: dict[str, Any]) -> frozenset[str]:
    """What a selector may name a recipient by."""
    name, org = recipient["id"], recipient["org"]
    held = [token for each in recipient["roles"] for token in (f"role:{each['role']}", f"role:{each['role']}@{each['org']}")]
    return frozenset((name, f"{name}@{org}", org, *held))


def _token(selector: dict[str, str]) -> str:
    if "person" in selector or "role" in selector:
        name = selector["person"] if "person" in selector else f"role:{selector['role']}"
        return f"{name}@{selector['org']}" if "org" in selector else name
    return selector["org"]


def _closed(axis: Any, codes: list[str], every: list[str]) -> frozenset[str]:
    words = standard_vocabulary()
    named = words.read(axis, codes)
    return frozenset(each for each in every if words.covers(axis, named, each))


def _seconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
