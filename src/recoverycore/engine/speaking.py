"""A rule speaks: a run is set going, or somebody is told; and whatever has to be done besides is owed from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.engine.kept_runs import listed_for, run_state
from recoverycore.engine.notices import notify
from recoverycore.engine.owing import owe
from recoverycore.engine.runs import set_going
from recoverycore.engine.shell import client_of, programme_of, rows_of
from recoverycore.errors import RecoveryError
from recoverycore.escalation.targets import on_duty
from recoverycore.ground.instants import local_date
from recoverycore.risk import Rule

if TYPE_CHECKING:
    from recoverycore.engine.work import Work
    from recoverycore.risk import RuleTask

__all__ = ["ABOUT_A_RULE", "owe_a_look", "rules_of", "speak"]

LOOK = "safety_check"
"""The obligation that somebody looks: at a message that may be more than it seems, at a rule of which nobody can tell."""
ABOUT_A_RULE = "rule:"
"""How a look that is about a rule begins: no rule speaks about it in turn."""


def speak(work: Work, client: str, rule: Rule, trigger: dict[str, Any], *, about: str | None = None) -> str | None:
    """Do what `rule` asks for because of `trigger`, an event of the machine with its id. The run comes back, if there is one.

    `about` is the one obligation or directive that the rule is about. A rule that cannot be answered keeps no other from being:
    somebody is asked to look.
    """
    level = max(rule.level or 0, trigger.get("level") or 0)
    before = len(work.unit.all(listed_for(client)))
    try:
        if rule.level is None:
            notify(work, client, rule, trigger["id"], subject=about, silent=bool(trigger.get("silent")))
            return None
        run = set_going(work, client, rule, {**trigger, "type": "trigger", "level": level, "client": client}, about=about)
    except RecoveryError as error:  # a protocol that is not there, a document that cannot be read
        work.note("rule_failed", client=client, rule=rule.id, code=error.code)
        owe_a_look(work, client, ABOUT_A_RULE + rule.id)
        return None
    if len(work.unit.all(listed_for(client))) > before:
        for task in rule.also:
            _start_task(work, client, run, task)
    return run


def rules_of(work: Work) -> tuple[Rule, ...]:
    """Every rule that can be read. One that cannot keeps no other from speaking, and is noted."""
    found = []
    for row in rows_of(work.unit, Rule):
        try:
            found.append(Rule.model_validate(row.body))
        except RecoveryError as error:
            work.note("rule_unreadable", rule=row.id, code=error.code)
    return tuple(found)


def owe_a_look(work: Work, client: str, about: str) -> None:
    """Somebody has to look at `about`: the role that looks after whatever nobody else owns."""
    owe(work, client, LOOK, programme_of(work.unit).care_owner_role, work.at + work.settings.review_within, about=about)


def _start_task(work: Work, client: str, run: str, task: RuleTask) -> None:
    """Something to be done besides: by the first on duty in the role, or by the role where nobody is; due today."""
    zone = client_of(work.unit, client).zone or programme_of(work.unit).zone
    today = local_date(work.at, zone)
    last = None if task.slot_within is None else today + task.slot_within
    owner = next(iter(on_duty(run_state(work, run), task.owner_role, work.at)), task.owner_role)
    owe(work, client, task.kind, owner, None, about=run, due_on=today, result_by=last, zone=zone)
