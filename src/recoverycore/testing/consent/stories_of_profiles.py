"""Stories made of a profile's own data: for each of its rules a request that the rule is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent.law import Profile, Rule
from recoverycore.testing.consent.asking import Json, changed
from recoverycore.testing.consent.stories import LEE, permit, record, story

if TYPE_CHECKING:
    from recoverycore.consent.profiles import Emergency, ProfileDocument

__all__ = ["stories_of"]


def stories_of(profile: Profile | ProfileDocument) -> dict[str, Json]:
    """A case for each rule or emergency, by a name that says which: its kind of recipient, purpose, category, and the facts it needs.

    What a rule asks for in code cannot be read from it; such a case may be refused, and is a world all the same.
    """
    made = [(each.name, _of_rule(each)) for each in profile.rules] if isinstance(profile, Profile) else []
    made += [(each.name, _of_emergency(each)) for each in profile.emergencies] if not isinstance(profile, Profile) else []
    return {f"{profile.id}: {name}": changed(case, profiles=[profile.id]) for name, case in made}


def _of_rule(rule: Rule) -> Json:
    facts: Json = {}
    for line in rule.needs:
        *places, last = line[0].split(".")
        at = facts
        for place in places:
            at = at.setdefault(place, {})
        at[last] = True
    kinds, categories = sorted(rule.kinds or ()), rule.categories or ()
    return story(
        recipient={**LEE, **({"kind": kinds[0]} if kinds else {})},
        purposes=[(rule.purposes or ("treatment",))[0]],
        action=min(rule.actions & {"use", "disclose"} or rule.actions),
        records=[record(**({"category": categories[0]} if categories else {}))],
        facts=facts,
    )


def _of_emergency(emergency: Emergency) -> Json:
    categories: Any = emergency.categories
    return story(
        permit(),
        recipient={**LEE, "roles": [{"role": emergency.to_roles[0]}]},
        purposes=[emergency.purpose],
        records=[record(category="diagnosis" if categories == "*" else categories[0])],
        facts={"open_run_level": emergency.needs.open_run_level_at_least},
    )
