"""The laws about who holds, who is on the line, and who may end or calm down a run (E4, E7, E8, E15-E17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation import Obligation
from recoverycore.escalation.soundness import CRISIS
from recoverycore.testing.escalation.moments import OVER

if TYPE_CHECKING:
    from recoverycore.testing.escalation.moments import Moment

BASES = ("client_said_so", "emergency_service_present", "in_care")


def a_run_that_is_held_is_held_by_somebody(moment: Moment) -> bool | None:
    """A held run has a holder."""
    return bool(moment.after.holders) if moment.after.status == "held" else None


def a_holder_said_so_in_person(moment: Moment) -> bool | None:
    """Nobody becomes a holder but by their own answer."""
    new = set(moment.after.holders) - set(moment.before.holders)
    if not new:
        return None
    spoke = moment.event.type in ("ack", "hand_over_confirm") and not moment.event.auto and not moment.repeated
    return spoke and new == {moment.event.by}


def the_level_falls_only_by_a_permitted_human_with_a_reason(moment: Moment) -> bool | None:
    """Only a permitted human lowers the level, and gives a reason."""
    if moment.after.level >= moment.before.level:
        return None
    event = moment.event
    return event.type == "set_level" and moment.asked_by(moment.before.protocol.stand_down_roles) and bool((event.reason or "").strip())


def only_a_permitted_human_ends_a_run(moment: Moment) -> bool | None:
    """Only a permitted human stands a run down or closes it."""
    if moment.after.status == moment.before.status or moment.after.status not in OVER:
        return None
    wanted = "stand_down" if moment.after.status == "stood_down" else "close"
    return moment.event.type == wanted and moment.asked_by(moment.before.protocol.stand_down_roles)


def only_a_permitted_human_breaks_the_glass(moment: Moment) -> bool | None:
    """With a reason, in a crisis, for a while, and never towards somebody who must not be contacted."""
    before, event = moment.before, moment.event
    new = {target for target, until in moment.after.break_glass.items() if before.break_glass.get(target) != until}
    if not new:
        return None
    asked = event.type == "break_glass" and moment.asked_by(before.protocol.break_glass_roles) and bool((event.reason or "").strip())
    lawful = before.level >= CRISIS and event.target not in before.facts.safety.never_contact
    return asked and lawful and new == {event.target} and event.until is not None and event.until > moment.now


def somebody_on_the_line_stays_until_released(moment: Moment) -> bool | None:
    """Whoever is on the line stays there until the person, an emergency service, a place of care or a confirmed hand-over releases them."""
    before, after, event = moment.before, moment.after, moment.event
    if before.accompanied_by is None:
        return None
    if after.accompanied_by == before.accompanied_by:
        return True
    if event.type == "hand_over_confirm":
        return before.offer is not None and before.offer.by == before.accompanied_by and after.accompanied_by == event.by == before.offer.to
    return event.type == "accompany_end" and event.by == before.accompanied_by and event.basis in BASES


def no_run_ends_while_somebody_is_on_the_line(moment: Moment) -> bool | None:
    """No run is ended while somebody is on the line."""
    if moment.before.accompanied_by is None or moment.before.status in OVER:
        return None
    return moment.after.status not in OVER


def nobody_holds_twice(moment: Moment) -> bool | None:
    """Nobody is a holder twice, and the owner is the first of the holders."""
    holders = moment.after.holders
    return len(set(holders)) == len(holders) and moment.after.owner == holders[0] if holders else None


def what_is_offered_is_in_the_hands_of_whoever_offers_it(moment: Moment) -> bool | None:
    """Whoever offers to hand over still holds it, or is on the line."""
    run = moment.after
    if run.offer is None:
        return None
    return run.offer.to != run.offer.by and (run.offer.by in run.holders or run.offer.by == run.accompanied_by)


def each_stand_down_owes_one_debrief(moment: Moment) -> bool | None:
    """Each stand-down owes one debrief, where the protocol has one."""
    opened = [each for each in moment.effects if isinstance(each, Obligation) and each.kind == "debrief"]
    ends = moment.after.status == "stood_down" != moment.before.status
    if not ends and not opened:
        return None
    owed = 1 if ends and moment.opened.protocol.debrief is not None else 0
    return len(opened) == owed and moment.debriefs + owed <= 1 and moment.after.debrief_open == bool(owed)


def no_run_is_closed_before_its_debrief(moment: Moment) -> bool | None:
    """No run is closed while its debrief is open."""
    if moment.after.status != "closed" or moment.before.status == "closed":
        return None
    return not (moment.before.debrief_open or moment.after.debrief_open)


def a_debrief_ends_only_by_being_held_or_declined(moment: Moment) -> bool | None:
    """A debrief is over when it was held, or the client has declined it."""
    if not moment.before.debrief_open or moment.after.debrief_open:
        return None
    return moment.event.type == "debrief_done" and moment.event.outcome in ("done", "declined_by_client")
