"""How a plan changes: only by a new revision, with authors, a reason and where each line comes from. Pure.

A command gives the next history, or the codes of everything that keeps it from being carried out; a refused command changes
nothing. Nothing but what `activate` lists ever holds a safety plan up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.ground.instants import require_aware
from recoverycore.plans.documents import Acknowledgement, Content, History, Revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = ["Answer", "acknowledge", "activate", "discard", "draft", "edit", "retire"]

CLIENT = "client"
"""How a plan's authors name the client."""
_PROMISES = ("promise", "contract", "no_harm_contract")
_ACKNOWLEDGED = ("seen", "copy_received", "agreed")
_NEVER_A_REASON_TO_RETIRE = ("lapse", "missed_contact", "score")


@frozen
class Answer:
    """What came of a command: the next history, or the old one and why not, as codes."""

    history: History
    codes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it was carried out."""
        return not self.codes


def draft(history: History, at: datetime, kind: str, *, content: Content, **fields: Any) -> Answer:
    """A new draft of `kind` with the next number. `fields` are those of `Revision`: authors, reason, based_on and so on."""
    n = max((each.n for each in history.revisions if each.kind == kind), default=0) + 1
    made = Revision.model_validate({"kind": kind, "n": n, "drafted_at": require_aware(at), "content": content, **fields}, by_name=True)
    return _accepted(history, (*history.revisions, made))


def edit(history: History, kind: str, n: int, *, by: str, changes: Mapping[str, Any]) -> Answer:
    """A draft with `changes`. Codes: ``revision_unknown``, ``plan_immutable``, ``self_authored_only``."""
    found = _find(history, kind, n)
    if found is None:
        return Answer(history, ("revision_unknown",))
    if found.state != "draft":
        return Answer(history, ("plan_immutable",))
    if found.self_authored and by != CLIENT:
        return Answer(history, ("self_authored_only",))
    return _replaced(history, found, **changes)


def discard(history: History, at: datetime, kind: str, n: int) -> Answer:
    """A draft put aside. Codes: ``revision_unknown``, ``not_draft``."""
    found = _find(history, kind, n)
    if found is None or found.state != "draft":
        return Answer(history, ("revision_unknown" if found is None else "not_draft",))
    return _replaced(history, found, state="discarded", ended_at=require_aware(at))


def acknowledge(history: History, at: datetime, kind: str, n: int, *, by: str, how: str) -> Answer:
    """Somebody has seen it, has a copy or agrees: recorded, and required for nothing.

    Codes: ``revision_unknown``, ``not_current``, ``signature_not_promise``, ``acknowledgement_unknown``.
    """
    found = _find(history, kind, n)
    if found is None:
        return Answer(history, ("revision_unknown",))
    if found.state not in ("draft", "active"):
        return Answer(history, ("not_current",))
    if how in _PROMISES:
        return Answer(history, ("signature_not_promise",))
    if how not in _ACKNOWLEDGED:
        return Answer(history, ("acknowledgement_unknown",))
    given = Acknowledgement.model_validate({"at": require_aware(at), "by": by, "how": how})
    return _replaced(history, found, acknowledgements=(*found.acknowledgements, given))


def retire(history: History, at: datetime, kind: str, n: int, *, by: str | None, reason: str | None, trigger: str | None = None) -> Answer:
    """The active revision ended without another. Never because of a lapse, a missed contact or a score.

    Codes: ``revision_unknown``, ``not_active``, then all of ``actor_missing``, ``reason_missing``, ``trigger_not_allowed``.
    """
    found = _find(history, kind, n)
    if found is None or found.state != "active":
        return Answer(history, ("revision_unknown" if found is None else "not_active",))
    codes = [] if by else ["actor_missing"]
    codes += [] if (reason or "").strip() else ["reason_missing"]
    codes += ["trigger_not_allowed"] if trigger in _NEVER_A_REASON_TO_RETIRE else []
    if codes:
        return Answer(history, tuple(codes))
    return _replaced(history, found, state="retired", ended_at=require_aware(at))


def activate(
    history: History, at: datetime, kind: str, n: int, *, never_contact: Iterable[str] = (), open_hypotheses: Iterable[str] = ()
) -> Answer:
    """A draft becomes the active revision, and the one before it is superseded at the same instant.

    Codes: ``revision_unknown``, ``not_draft``, ``base_superseded``, then everything in the content that keeps it back.
    """
    found = _find(history, kind, n)
    if found is None or found.state != "draft":
        return Answer(history, ("revision_unknown" if found is None else "not_draft",))
    before = history.active(kind)
    if found.based_on != (before.n if before else None):
        return Answer(history, ("base_superseded",))
    first = not any(each.kind == kind and each.activated_at is not None for each in history.revisions)
    codes = _content_problems(found, first=first, never_contact=set(never_contact), open_hypotheses=tuple(open_hypotheses))
    if codes:
        return Answer(history, codes)
    instant = require_aware(at)
    ended = history if before is None else _replaced(history, before, state="superseded", ended_at=instant).history
    started = _replaced(ended, found, state="active", activated_at=instant).history
    return Answer(started.evolve(version=history.version + 1))


def _content_problems(found: Revision, *, first: bool, never_contact: set[str], open_hypotheses: tuple[str, ...]) -> tuple[str, ...]:
    entries = found.content.entries()
    codes = []
    if not found.authors:
        codes.append("authors_missing")
    elif CLIENT not in found.authors and not found.client_absent_reason:
        codes.append("client_voice_missing")
    if not first and not found.reason:
        codes.append("reason_missing")
    if any(entry.by is None for entry in entries):
        codes.append("provenance_missing")
    if any(entry.contact is not None and entry.contact.person in never_contact for entry in entries):
        codes.append("unsafe_person_listed")
    if found.kind == "safety":
        codes += _safety_problems(found.content)
    if found.kind == "relapse_prevention":
        answered = {*found.cites, *(identifier for identifier, why in found.dismisses.items() if why)}
        codes += ["hypothesis_unanswered"] if set(open_hypotheses) - answered else []
    return tuple(codes)


def _safety_problems(content: Content) -> list[str]:
    noted = {gap.section for gap in content.gaps if gap.note}
    codes = []
    for section, code in (("warning_signs", "activate_needs_warning_sign"), ("own_coping", "activate_needs_coping")):
        found = next((each for name, each in content.sections.items() if name == section), None)
        if section not in noted and not (found and (found.entries or found.not_applicable)):
            codes.append(code)
    professionals = content.sections.get("professionals")
    always = professionals and any(entry.contact is not None and entry.contact.hours == "24/7" for entry in professionals.entries)
    if not always and "professionals" not in noted:
        codes.append("activate_needs_24_7")
    return codes


def _find(history: History, kind: str, n: int) -> Revision | None:
    return next((each for each in history.revisions if (each.kind, each.n) == (kind, n)), None)


def _replaced(history: History, old: Revision, **changes: Any) -> Answer:
    made = old.evolve(**changes)
    return _accepted(history, tuple(made if each is old else each for each in history.revisions))


def _accepted(history: History, revisions: tuple[Revision, ...]) -> Answer:
    return Answer(history.evolve(version=history.version + 1, revisions=revisions))
