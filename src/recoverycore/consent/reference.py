"""Consent decided the slow and plain way: one function for each sentence of the rules, plain loops, no compiled form.

The fast decision is held against it, so the two share no code; it is meant to be read at one sitting. It reads JSON as it stands, knows
directives made of boxes and a profile of emergencies, and refuses trees and copies passed on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, NamedTuple

from recoverycore.ground.instants import local_day_start, parse_day, parse_instant

__all__ = ["reference_decide"]

# A value and what stands directly above it; whatever is not named stands alone. Then the other names of values: `tpo` means three.
_LABELS = "SUD<BH MH<BH ETHUD<SUD OPIOIDUD<SUD SUD_NOTES<SUD PSY<MH PSYTHPN<PSY SDV<VIO"
_PURPOSES = """emergency_treatment<treatment care_coordination<treatment billing_support<operations training<operations
    quality_improvement<operations civil_proceedings<proceedings criminal_proceedings<proceedings
    administrative_proceedings<proceedings legislative_proceedings<proceedings"""
_CODES = """TREAT=treatment ETREAT=emergency_treatment BTG=break_glass COC=care_coordination HPAYMT=payment HOPERAT=operations
    HRESCH=research HLEGAL=proceedings HMARKT=marketing PATRQT=client_request FAMRQT=family_involvement PUBHLTH=public_health
    tpo=treatment+payment+operations"""
ABOVE = {axis: dict(pair.split("<") for pair in text.split()) for axis, text in (("labels", _LABELS), ("purposes", _PURPOSES))}
ALIASES = {
    "labels": {"ETH": ["SUD"], "42CFRPart2CD": ["SUD_NOTES"], "HIPAAPsyNotes": ["PSYTHPN"]},
    "purposes": {code: names.split("+") for code, names in (pair.split("=") for pair in _CODES.split())},
    "actions": {"access": ["disclose"]},
}
# What a box means on the axes that it does not show.
EVERYTHING = dict.fromkeys(("labels", "categories", "purposes", "recipients", "actions"), "*")
UNSHOWN: dict[str, Any] = {"permit": {**dict.fromkeys(EVERYTHING, ()), "actions": ["disclose"]}, "deny": EVERYTHING}
SINCE_EVER = datetime.min.replace(tzinfo=UTC)
# Where a date may mean several instants, the one that gives a permit the least time and a deny the most.
OPENS: dict[str, Any] = {"permit": max, "deny": min}
CLOSES: dict[str, Any] = {"permit": min, "deny": max}
Json = dict[str, Any]


def reference_decide(request: Json, directives: list[Json], client: Json, facts: Json, profile: Json | None = None) -> Json:
    """The verdict on `request`, the verdict on each record by id, the ids withheld where the verdict is partial, and the basis.

    A record is permitted if every purpose asked for is. ValueError: a tree, or a copy passed on.

    >>> request = {"discloser": {"id": "a"}, "recipient": {"id": "b"}, "purposes": ["payment"], "action": "disclose",
    ...            "at": "2026-06-15T10:00:00Z", "records": [{"id": "r1", "category": "bill"}]}
    >>> reference_decide(request, [], {}, {})
    {'decision': 'deny', 'records': {'r1': 'deny'}, 'withheld': [], 'basis': None}
    """
    if request["action"] == "redisclose" or any("format" in directive for directive in directives):
        raise ValueError("trees and copies passed on are not decided here")
    # A document of unknown polarity counts as a deny.
    papers = [{**each, "polarity": "permit" if each.get("polarity") == "permit" else "deny"} for each in directives]
    at, zone, purposes = parse_instant(request["at"]), client.get("zone"), _values("purposes", request["purposes"])
    records: dict[str, str] = {}
    reasons: dict[str, set[str | None]] = {"permit": set(), "deny": set()}
    for record in request["records"]:
        answers = [Question(request, record, purpose, at, zone, facts).decide(papers, profile or {}) for purpose in purposes]
        verdict = "permit" if answers and all(answer == "permit" for answer, _ in answers) else "deny"
        records[record["id"]] = verdict
        reasons[verdict] |= {basis for answer, basis in answers if answer == verdict}
    denied = sorted(name for name, verdict in records.items() if verdict == "deny")
    decision = "deny" if len(denied) == len(records) else "partial" if denied else "permit"
    basis = sorted(filter(None, reasons["deny" if decision == "deny" else "permit"]), key=lambda text: (text.startswith("rule:"), text))
    withheld = denied if decision == "partial" else []
    return {"decision": decision, "records": records, "withheld": withheld, "basis": basis[0] if len(basis) == 1 else basis or None}


def _values(axis: str, written: list[str]) -> list[str]:
    """What is written on an axis, each under one name. A bare ``"*"`` reads like a list that holds it."""
    return [name for value in written for name in ALIASES.get(axis, {}).get(value, [value])]


def _reaches(axis: str, written: list[str], point: str) -> bool:
    """A value written means itself and everything below it; ``*`` means every value, also one that nobody listed."""
    values = _values(axis, written)
    [step] = _values(axis, [point])
    while step not in values and step in ABOVE.get(axis, {}):
        step = ABOVE[axis][step]
    return step in values or "*" in values


def _begins(text: str, zone: str | None) -> list[datetime]:
    """An instant is itself; a day begins at its first local instant, and without a zone somewhere from UTC+14 to UTC-12."""
    if "T" in text:
        return [parse_instant(text)]
    if zone is not None:
        return [local_day_start(parse_day(text), zone)]
    return [datetime.combine(parse_day(text), time(), timezone(timedelta(hours=hours))) for hours in (14, -12)]


def _ends(text: str, zone: str | None) -> list[datetime]:
    """The first instant outside: an end instant itself, and of a day the beginning of the next one. The calendar's last day has no end."""
    if text == date.max.isoformat():
        return [datetime.max.replace(tzinfo=UTC)]
    return _begins(text if "T" in text else (parse_day(text) + timedelta(days=1)).isoformat(), zone)


class Question(NamedTuple):
    """May this recipient have this record, for this purpose, now?"""

    request: Json
    record: Json
    purpose: str
    at: datetime
    zone: str | None
    facts: Json

    def decide(self, directives: list[Json], profile: Json) -> tuple[str, str | None]:
        """In this order: an overriding emergency, a deny, a permit, another emergency; and else deny."""
        emergencies = [rule for rule in profile.get("emergencies", ()) if self.opens(rule)]
        covering = [each for each in directives if self.live(each, directives) and self.covers(each)]
        denies = [each for each in covering if each["polarity"] == "deny"]
        for rule in emergencies:
            if rule.get("overriding"):
                return "permit", f"rule:{rule['name']}"
        if covering:
            return ("deny", self.first(denies)) if denies else ("permit", self.first(covering))
        return ("permit", f"rule:{emergencies[0]['name']}") if emergencies else ("deny", None)

    def first(self, directives: list[Json]) -> str:
        """Of several that would do, the one that is first by (signed_on, id); what nobody signed comes last."""
        order = [(OPENS[each["polarity"]](_begins(each.get("signed_on") or "9999-12-31", self.zone)), each["id"]) for each in directives]
        return str(min(order)[1])

    # When a directive counts. Intervals are half open: the instant of a beginning is inside, that of an end is outside.

    def live(self, directive: Json, directives: list[Json]) -> bool:
        """Active, or a deny that could not be read; started, not ended, not withdrawn here, not superseded."""
        polarity, status = directive["polarity"], directive.get("status", "active")
        return (
            (status == "active" or (status == "unprocessable" and polarity == "deny"))
            and self.at >= self.start(directive, OPENS[polarity])
            and not self.ended(directive, polarity)
            and not self.withdrawn(directive, polarity)
            and not self.superseded(directive, directives)
        )

    def start(self, directive: Json, choose: Any) -> datetime:
        """The later of `starts` and `signed_on`."""
        bounds: list[datetime] = [choose(_begins(directive[name], self.zone)) for name in ("starts", "signed_on") if directive.get(name)]
        return max(bounds, default=SINCE_EVER)

    def stopped(self, text: str, polarity: str) -> bool:
        """A moment known by its date alone stops a permit at the start of that local day and a deny at its end."""
        return bool(self.at >= CLOSES[polarity](_begins(text, self.zone) + _ends(text, self.zone)))

    def ended(self, directive: Json, polarity: str) -> bool:
        """The end date, instant or event is past. An event of which nothing is known ends a permit and does not end a deny."""
        end = directive.get("expires") or {"kind": "none"}
        if end["kind"] in ("date", "instant"):
            return bool(self.at >= CLOSES[polarity](_ends(end["value"], self.zone)))
        happened = None if end["kind"] == "none" else (self.facts.get("events") or {}).get(end["value"], "unknown")
        if happened == "unknown":
            return polarity == "permit"
        return happened is not None and self.stopped(happened, polarity)

    def withdrawn(self, directive: Json, polarity: str) -> bool:
        """Revoked for this recipient, or suspended, which is the same while it lasts; but not for payment where records were relied on."""
        relied_on = (self.facts.get("acted_in_reliance") or {}).get(directive["id"], ())
        if self.record["id"] in relied_on and _reaches("purposes", ["payment"], self.purpose):
            return False
        for each in directive.get("revocations") or ():
            named, who = each.get("recipients"), self.request["recipient"]
            touched = named is None or who["id"] in named or who.get("org") in named
            if touched and self.stopped(each["at"], polarity):
                return True
        for each in directive.get("suspensions") or ():
            over = each.get("to") is not None and self.at >= OPENS[polarity](_ends(each["to"], self.zone))
            if self.at >= CLOSES[polarity](_begins(each["from"], self.zone)) and not over:
                return True
        return False

    def replaces(self, new: Json, old: Json) -> bool:
        """`new` supersedes `old` from its own start on, for good. One that could not be read supersedes permits only."""
        able = ("active", "inactive", "unprocessable") if old["polarity"] == "permit" else ("active", "inactive")
        named = old["id"] in (new.get("supersedes") or ())
        return named and new.get("status", "active") in able and self.at >= self.start(new, CLOSES[old["polarity"]])

    def superseded(self, directive: Json, directives: list[Json]) -> bool:
        """Some document replaces it. Where documents replace each other in a circle, permits are dead and denies stay."""
        replacing = [each for each in directives if self.replaces(each, directive)]
        replaced = [directive]
        for link in replaced:  # grows as it is walked: all that this one replaces, at any remove
            replaced += [each for each in directives if self.replaces(link, each) and each not in replaced]
        return any(directive["polarity"] == "permit" or each not in replaced for each in replacing)

    # What a directive covers. None is an unknown fact: not covered for a permit, covered for a deny.

    def covers(self, directive: Json) -> bool:
        """One of its boxes covers, and no except-box takes it away: that one matches like the other polarity."""
        polarity, other = ("permit", "deny") if directive["polarity"] == "permit" else ("deny", "permit")
        discloser = directive.get("discloser") or ("*" if polarity == "deny" else None)
        boxes = directive.get("boxes") or ([{}] if directive.get("status") == "unprocessable" else [])
        return (
            discloser in (self.request["discloser"]["id"], "*")
            and any(self.inside(box, UNSHOWN[polarity], polarity) for box in boxes)
            and not any(self.inside(box, EVERYTHING, other) for box in directive.get("except") or ())
        )

    def inside(self, box: Json, unshown: Json, like: str) -> bool:
        """One box covers only what it covers on every axis by itself."""
        shown = {**unshown, **{axis: values for axis, values in box.items() if values is not None}}
        selected = [self.selects(selector, like) for selector in shown["recipients"]]
        axes = (
            self.labels_covered(shown["labels"], like),
            self.category_covered(shown["categories"]),
            _reaches("purposes", shown["purposes"], self.purpose),
            _reaches("actions", shown["actions"], self.request["action"]),
            True if True in selected else None if None in selected else False,
            self.date_covered(box["data_period"]) if box.get("data_period") else True,
        )
        return all(like == "deny" if axis is None else axis for axis in axes)

    def labels_covered(self, written: list[str], like: str) -> bool:
        """A permit needs all effective labels, a deny any; a deny covers a record without labels by ``*`` only."""
        source, discloser = self.record.get("source"), self.request["discloser"]
        labels = [*self.record.get("labels", ()), *(self.facts.get("sources") or {}).get(source, ())]
        if source == discloser["id"] and discloser.get("kind") == "part2_program":
            labels.append("SUD")
        reached = [_reaches("labels", written, label) for label in labels]
        return all(reached) if like == "permit" else any(reached) or "*" in written

    def category_covered(self, written: list[str]) -> bool | None:
        """The record's category is written, or every one is."""
        category = self.record.get("category")
        return "*" in written or (None if category is None else category in written)

    def date_covered(self, period: Json) -> bool | None:
        """The record's civil date lies in the period, both ends included."""
        start, end = period.get("start") or "0001-01-01", period.get("end") or "9999-12-31"
        made = self.record.get("date")
        return parse_day(start) <= parse_day(made) <= parse_day(end) if made else None

    def selects(self, selector: Any, like: str) -> bool | None:
        """Anyone; a person, and if said there only; a role held; treating, by that way; an organisation and its people."""
        who = self.request["recipient"]
        if selector == "*":
            return True
        if "person" in selector:
            return who["id"] == selector["person"] and selector.get("org") in (None, who.get("org"))
        if "role" in selector:
            return self.holds(selector["role"], selector.get("org"), like)
        if selector.get("designation") == "treating":
            treating: bool | None = who.get("treating_relationship")
            return treating if who.get("via") == selector["via"] else False
        return selector["org"] in (who["id"], who.get("org")) if "org" in selector else None  # a class nobody defined

    def holds(self, role: str, org: str | None, like: str) -> bool | None:
        """A membership held now; unknown if nobody said which roles the recipient has."""
        roles = self.request["recipient"].get("roles")
        for held in roles or ():
            running = held.get("until") is None or self.at < CLOSES[like](_ends(held["until"], self.zone))
            if held["role"] == role and org in (None, held.get("org")) and running:
                return True
        return None if roles is None else False

    def opens(self, rule: Json) -> bool:
        """An emergency opens to one who holds a role it names, for its purpose and categories, if all it needs is known to hold."""
        level, needs = self.facts.get("open_run_level"), rule.get("needs", {})
        return (
            all(name == "open_run_level_at_least" and level is not None and level >= least for name, least in needs.items())
            and _reaches("purposes", [rule["purpose"]], self.purpose)
            and self.category_covered(rule["categories"]) is True
            and any(self.holds(role, None, "permit") for role in rule["to_roles"])
        )
