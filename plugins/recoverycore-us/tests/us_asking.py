"""A programme, its papers and a request in plain data; each test says what is different. Nobody in them exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent import ClientFacts, Decision, Directive, Facts, Profile, Request, decide
from recoverycore_us.part2 import PART2

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]
AT = "2026-06-15T10:00:00-05:00"
ADULT: Json = {"zone": "America/Chicago"}
DOCTOR: Json = {"id": "per:drer", "kind": "medical_personnel", "org": "org:er"}
CLIENT: Json = {"id": "client", "kind": "client"}
NOTE: Json = {"id": "r1", "labels": ["SUD", "SUD_NOTES"], "category": "counselling_note", "originator": "per:ava"}


def box(**axes: Any) -> Json:
    """Everything about SUD, for treatment, to Lakeside."""
    whole = {"labels": ["SUD"], "categories": "*", "purposes": ["treatment"], "recipients": [{"org": "org:lakeside"}]}
    return {**whole, "actions": ["disclose"], **axes}


def paper(name: str = "g1", **fields: Any) -> Json:
    """A permit in good order until the end of the year."""
    whole = {"id": name, "polarity": "permit", "form": "specific", "discloser": "prog:harbor", "boxes": [box()], "written": True}
    dates = {"signed_by": ["client"], "signed_on": "2026-03-01", "starts": "2026-03-01"}
    return {**whole, **dates, "expires": {"kind": "date", "value": "2026-12-31"}, **fields}


def tpo(name: str = "g1", **fields: Any) -> Json:
    """A consent for all future treatment, payment and operations."""
    boxes = [box(purposes=["tpo"], recipients=[{"class": "tpo"}])]
    return paper(name, **{"form": "tpo", "boxes": boxes, "expires": {"kind": "none"}, **fields})


def deny(name: str = "d1", **fields: Any) -> Json:
    """A refusal of everything to everybody."""
    return {
        "id": name,
        "polarity": "deny",
        "boxes": [dict.fromkeys(("labels", "categories", "purposes", "recipients", "actions"), "*")],
        **fields,
    }


def ask(
    *papers: Json,
    to: Json | None = None,
    purpose: str | list[str] = "treatment",
    record: Json | None = None,
    facts: Json | None = None,
    client: Json | None = None,
    profiles: Iterable[Profile | str] = (PART2,),
    policy: Json | None = None,
    **request: Any,
) -> Decision:
    """The decision on one record of the programme, asked for by Lakeside, which treats the client."""
    whole = {
        "discloser": {"id": "prog:harbor", "kind": "part2_program"},
        "recipient": to or {"id": "org:lakeside", "kind": "covered_entity", "treating_relationship": True},
        "purposes": [purpose] if isinstance(purpose, str) else purpose,
        "at": AT,
        "records": [{"id": "r1", "labels": ["SUD"], "category": "diagnosis", "date": "2026-05-01", **(record or {})}],
        **request,
    }
    return decide(
        Request.model_validate(whole),
        [Directive.model_validate(each) for each in papers],
        client=ClientFacts.model_validate({**ADULT, **(client or {})}),
        facts=Facts.model_validate(facts or {}),
        profiles=profiles,
        policy=policy,
    )


def defects(decision: Decision, name: str = "g1") -> tuple[str, ...]:
    """What was found wrong with the form of a paper."""
    return tuple(decision.defects.get("r1", {}).get(name, ()))


def failed(decision: Decision, name: str = "g1") -> tuple[str, ...]:
    """The axes on which a paper failed."""
    return tuple(decision.failed.get("r1", {}).get(name, ()))
