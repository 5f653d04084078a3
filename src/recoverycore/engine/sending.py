"""Asking for a message of a run: cut to what its target may know now, with the duties that come with telling them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.engine.access import Access
from recoverycore.engine.owing import owe
from recoverycore.engine.shell import programme_of
from recoverycore.errors import RecoveryError
from recoverycore.escalation import class_limits
from recoverycore.ground.instants import utc_text

if TYPE_CHECKING:
    from recoverycore.engine.work import Work
    from recoverycore.escalation import RunState, Send

__all__ = ["send"]


def send(work: Work, body: dict[str, Any], state: RunState, effect: Send) -> None:
    """Ask for a message. What it may tell is cut to what its target may know now; its words are put together when it goes."""
    protocol, client = state.protocol, body["client"]
    told: tuple[str, ...] = ()
    basis: dict[str, Any] = {}
    content_class = effect.content_class
    bounds = class_limits(state, effect)
    purpose, categories = _asked_for(state, effect)
    if effect.kind in ("ask", "inform", "repeat") and categories:
        try:
            access = Access(work, client, level=state.level)
            told, most = access.what_may_be_told(effect.target, categories, purpose)
            found = access.decide(effect.target, categories, purpose)
        except RecoveryError as error:  # what cannot be read releases nothing
            work.note("facts_unreadable", run=state.run, client=client, code=error.code)
            content_class, bounds = "C0", ("unreadable",)
        else:
            if most < content_class:
                content_class, bounds = most, ("consent",)
            basis = {"basis": found.basis} if told else {}
            for duty in access.duties(found):
                _duty(work, client, state.run, effect.target, duty)
    message = {
        "run": state.run, "client": client, "why": body["rule"], "protocol": protocol.id, "version": protocol.version,
        "to": effect.target, "channel": effect.channel, "kind": effect.kind, "class": content_class, "step": effect.step,
        "attempt": effect.attempt, "categories": list(told), "asked": list(categories), "purpose": purpose,
    }  # fmt: skip
    work.unit.enqueue(effect.key, state.level, work.at, message)
    told_of = {name: value for name, value in message.items() if name not in ("asked", "purpose")}
    bounded = {"bounded_by": list(bounds)} if bounds else {}
    work.note("message", key=effect.key, level=state.level, until=_awaited_until(work, state, effect), **told_of, **basis, **bounded)


def _awaited_until(work: Work, state: RunState, effect: Send) -> str | None:
    """Until when an answer to a message is waited for, as text; None where nobody waits, or that instant had passed already."""
    entry = state.entries.get(effect.step)
    if effect.kind not in ("ask", "repeat") or entry is None or entry.deadline is None or entry.deadline <= work.at:
        return None
    return utc_text(entry.deadline)


def _asked_for(state: RunState, effect: Send) -> tuple[str, tuple[str, ...]]:
    """The purpose and categories of a message: those of the target where it names its own, else the protocol's."""
    protocol = state.protocol
    person = state.facts.team.persons.get(effect.target)
    names = {effect.target, *(person.roles if person else ())}
    own = [
        each
        for at in protocol.steps
        if at.id == effect.step
        for each in at.targets
        if names & {each.person, each.role, each.service, each.contact}
    ]
    purpose = next((each.purpose for each in own if each.purpose is not None), protocol.purpose or protocol.kind)
    return purpose, next((each.categories for each in own if each.categories is not None), protocol.categories)


def _duty(work: Work, client: str, run: str, target: str, duty: str) -> None:
    """A duty that comes with telling somebody under an emergency rule: owed once for each run and target."""
    known = (each.body for each in work.unit.all(f"obligation of {client}"))
    about = f"{run} {target}"
    if any(each["kind"] == duty and each.get("about") == about for each in known):
        return
    programme = programme_of(work.unit)
    owe(work, client, duty, programme.review_role, work.at + work.settings.review_within, about=about)
