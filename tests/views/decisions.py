"""Decisions for the tests of what is shown: the golden one, in which everything occurs, and one with a text wherever an id may stand."""

from __future__ import annotations

from typing import Any

from recoverycore.consent import Decision, Directive, ProfileDocument, Request, decide
from tools.pictures import FOLDER, decision

GOLDEN = decision(FOLDER / "one_of_three.yaml")
BOX = {"labels": "*", "categories": "*", "purposes": "*", "recipients": "*"}


def hostile(text: str) -> Decision:
    """One record is released and one is not, and `text` stands wherever an id may stand."""
    papers = [_paper(text, categories=[text]), _paper(f"{text}2", purposes=[text], recipients=[{"org": text}])]
    profile = {"id": text, "notices": [{"label": text, "notice": text}]}
    request = {
        "discloser": {"id": text, "kind": text},
        "recipient": {"id": text, "org": text, "kind": text},
        "purposes": ["treatment"],
        "action": text,
        "at": "2026-06-10T15:00:00Z",
        "records": [{"id": text, "labels": [text], "category": text}, {"id": f"{text}3", "category": f"{text}3"}],
    }
    return decide(Request.model_validate(request), papers, profile=ProfileDocument.model_validate(profile))


def _paper(name: str, **axes: Any) -> Directive:
    box = {**BOX, **axes, "actions": "*"}
    return Directive.model_validate({"id": name, "polarity": "permit", "form": name, "discloser": "*", "boxes": [box]})
