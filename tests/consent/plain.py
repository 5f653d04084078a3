"""Plain documents for hand-worked examples: one clinic, one recipient, one record; each example changes what it is about."""

from __future__ import annotations

from typing import Any

from recoverycore.consent.reference import reference_decide

Json = dict[str, Any]

AT = "2026-06-15T10:00:00-05:00"
CHICAGO = {"zone": "America/Chicago"}


def box(**axes: Any) -> Json:
    """Everything about SUD, for treatment, to the people of Lakeside."""
    whole = {
        "labels": ["SUD"],
        "categories": "*",
        "purposes": ["treatment"],
        "recipients": [{"org": "org:lakeside"}],
        "actions": ["disclose"],
    }
    return {**whole, **axes}


def permit(name: str = "g1", **fields: Any) -> Json:
    """A permit in force since March, without an end."""
    whole = {"polarity": "permit", "status": "active", "discloser": "org:clinic", "boxes": [box()], "signed_on": "2026-03-01"}
    return {"id": name, **whole, "starts": "2026-03-01", "expires": {"kind": "none"}, **fields}


def deny(name: str = "d1", **fields: Any) -> Json:
    """A deny in force since March, without an end."""
    return permit(name, **{"polarity": "deny", **fields})


def record(name: str = "r1", **fields: Any) -> Json:
    """A diagnosis that carries SUD, made in May."""
    return {"id": name, "labels": ["SUD"], "category": "diagnosis", "date": "2026-05-01", **fields}


def request(**fields: Any) -> Json:
    """Dr. Lee of Lakeside asks for one record, for treatment, on a morning in June."""
    whole = {"discloser": {"id": "org:clinic"}, "recipient": recipient(), "purposes": ["treatment"], "action": "disclose", "at": AT}
    return {**whole, "records": [record()], **fields}


def recipient(**fields: Any) -> Json:
    """Dr. Lee, who holds no role."""
    return {"id": "per:lee", "org": "org:lakeside", "roles": [], **fields}


def answered(
    *directives: Json,
    at: str = AT,
    client: Json = CHICAGO,
    facts: Json | None = None,
    profiles: Any = (),
    given: Json | None = None,
    **asked: Any,
) -> Json:
    """The whole answer to a request changed by `asked`."""
    case = {"profiles": list(profiles), "directives": list(directives), "client": client, "facts": facts or {}, **(given or {})}
    return reference_decide({"given": case, "when": {"request": request(at=at, **asked)}})


def decided(*directives: Json, **world: Any) -> Json:
    """Verdict, records, withheld and basis."""
    answer = answered(*directives, **world)
    return {name: answer[name] for name in ("decision", "records", "withheld", "basis")}


def verdict(*directives: Json, **world: Any) -> str:
    """The verdict alone."""
    answer: str = answered(*directives, **world)["decision"]
    return answer


def basis(*directives: Json, **world: Any) -> Any:
    """What the answer rests on."""
    return answered(*directives, **world)["basis"]
