"""The answer to why: what a run did and what that rests on, and what kept somebody from being told."""

from __future__ import annotations

from typing import Any

from attrs import evolve, frozen

from recoverycore.escalation.barriers import Barrier
from recoverycore.escalation.causes import Cause
from recoverycore.ground.instants import zone_info
from recoverycore.ground.rendering import bundle
from recoverycore.ground.timeline import clock_text

__all__ = ["Explanation"]


@frozen(kw_only=True)
class Explanation:
    """Why a run did what it did or, of one person, why they were told and why not. Ids and codes only, for staff.

    `to` is the person that was asked about; None where the whole run was. `causes` are effects, oldest first; `barriers` say
    for each step that names the person what kept it from reaching them, in the order of the protocol.
    """

    run: str | None = None
    to: str | None = None
    causes: tuple[Cause, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    zone: str = "UTC"

    @property
    def told(self) -> bool:
        """Whether a message to the person went out or still may: every other one was taken back or could not be delivered."""
        asked = {each.step for each in self.causes if each.what == "message"}
        return bool(asked - {each.step for each in self.barriers})

    def in_zone(self, zone: str) -> Explanation:
        """The same for a reader in `zone`. Error: ``bad_zone``."""
        zone_info(zone)
        return evolve(self, zone=zone)

    def explain(self) -> str:
        """Every effect with its reasons and every barrier, in plain words."""
        lines = []
        for each in self.causes:
            lines.append(f"{clock_text(each.at, self.zone)}  {each.effect}")
            lines += [f"    {reason}" for reason in each.reasons(self.zone)]
        if self.to is not None and self.barriers:
            about = "nothing more" if self.causes else "not told"
            lines += [f"{self.to}, {about}:", *(f"    {each.text_in(self.zone)}" for each in self.barriers)]
        return "\n".join(lines)

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each effect, with its reasons in words under ``why``; then one for each barrier, whose ``what`` is ``not_told``."""
        told = [{**each.to_dict(), "why": each.reasons(self.zone)} for each in self.causes]
        return [*told, *({"what": "not_told", **each.to_dict(), "why": [each.text_in(self.zone)]} for each in self.barriers)]

    def __str__(self) -> str:
        return self.explain()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - notebooks call it so
        return bundle(self)
