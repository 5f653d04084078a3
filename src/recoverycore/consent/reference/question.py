"""One question: may this recipient have this record, for this purpose, now? When a paper counts for it, and what a paper covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.consent.reference.copies import released_before
from recoverycore.consent.reference.recipients import reached
from recoverycore.consent.reference.trees import named, says
from recoverycore.consent.reference.words import (
    ABOVE,
    ABSENT,
    CLEARANCE,
    CLOSES,
    EVERYTHING,
    OPENS,
    OTHER,
    SINCE_EVER,
    UNSHOWN,
    Json,
    begins,
    ends,
    values_of,
)
from recoverycore.ground.instants import parse_day, parse_instant

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent.reference.profiles import Profile


class Question(NamedTuple):
    """May this recipient have this record, for this purpose, now?"""

    given: Json
    request: Json
    record: Json
    purpose: str
    recipient: Json  # who would receive it; the holder, when it is asked how a copy came to be held
    action: str
    switches: Json
    profiles: tuple[Profile, ...] = ()  # that apply to the record; the one that asks nothing, if none does
    classes: tuple[tuple[str, Any], ...] = ()

    @property
    def at(self) -> datetime:
        """The instant asked about."""
        return parse_instant(self.request["at"])

    @property
    def client(self) -> Json:
        """What is known of the client."""
        return self.given.get("client") or {}

    @property
    def zone(self) -> str | None:
        """Where the client's days begin and end."""
        return self.client.get("zone")

    def fact(self, path: str, absent: Any = None) -> Any:
        """What the host asserts; `absent` if it asserts nothing."""
        found: Any = self.given.get("facts")
        for name in path.split("."):
            if not isinstance(found, dict) or name not in found:
                return absent
            found = found[name]
        return found

    def recipient_is_discloser(self) -> bool:
        """Whoever discloses, or one of their people, would receive."""
        program = self.request["discloser"].get("id")
        return program is not None and program in (self.recipient.get("id"), self.recipient.get("org"))

    def papers(self) -> list[Json]:
        """Documents that exist. One of unknown polarity counts as a deny, and a tree has the polarity of what it says here."""
        found = []
        for paper in self.given.get("directives") or ():
            shown: Json = {"polarity": "permit" if paper.get("polarity") == "permit" else "deny"}
            if "format" in paper:
                shown = {"polarity": says(self, paper) or paper["decision"], "boxes": named(paper)}  # as far as a form looks at boxes
            if paper.get("status") not in ABSENT:
                found.append({**paper, **shown})
        return found

    def reaches(self, axis: str, written: Any, point: str) -> bool:
        """A value written means itself and everything below it; ``*`` means every value, also one that nobody listed."""
        above = dict(ABOVE.get(axis, {}))
        if axis == "labels" and self.switches["label_order"] == "clearance":
            above |= CLEARANCE
        if axis == "purposes" and self.switches["break_glass_subsumed"]:
            above["break_glass"] = "treatment"
        values = values_of(axis, written)
        [step] = values_of(axis, [point])
        while step not in values and step in above:
            step = above[step]
        return step in values or "*" in values

    def within(self, *purposes: str) -> bool:
        """The purpose asked for is one of these, or below one."""
        return self.reaches("purposes", purposes, self.purpose)

    def labels(self) -> list[str]:
        """Effective labels: the record's own, those of its source, and SUD for what a Part 2 program made itself."""
        source, discloser = self.record.get("source"), self.request["discloser"]
        own = [*(self.record.get("labels") or ()), *((self.fact("sources") or {}).get(source) or ())]
        if source is not None and source == discloser.get("id") and discloser.get("kind") == "part2_program":
            own.append("SUD")
        return values_of("labels", own)

    # When a paper counts. Intervals are half open: the instant of a beginning is inside, that of an end is outside.

    def stopped_by(self, paper: Json, profile: Profile) -> set[str]:
        """Why a paper does not count now, for this recipient, where `profile` decides; nothing where it is live."""
        polarity, status = paper["polarity"], paper.get("status", "active")
        found = {
            "status": not (status == "active" or (status != "inactive" and polarity == "deny")),
            "not_started": self.at < self.start(paper, OPENS[polarity]),
            "ended": self.ended(paper),
            "revoked": bool(self.revocations(paper, profile)),
            "suspended": self.suspended(paper, profile),
            "superseded": self.superseded(paper),
        }
        return {axis for axis, stops in found.items() if stops}

    def start(self, paper: Json, choose: Any) -> datetime:
        """The later of `starts` and `signed_on`."""
        bounds: list[datetime] = [choose(begins(paper[name], self.zone)) for name in ("starts", "signed_on") if paper.get(name)]
        return max(bounds, default=SINCE_EVER)

    def come(self, text: str, polarity: str) -> bool:
        """A moment known by its date alone stops a permit at the start of that local day and a deny at its end."""
        return bool(self.at >= CLOSES[polarity](begins(text, self.zone) + ends(text, self.zone)))

    def event(self, name: str) -> str | None:
        """When it happened; None if it has not, ``unknown`` if nobody said."""
        happened: str | None = (self.fact("events") or {}).get(name, "unknown")
        return happened

    def ended(self, paper: Json) -> bool:
        """The end date, instant or event is past. An event of which nothing is known ends a permit and does not end a deny."""
        end, polarity = paper.get("expires") or {"kind": "none"}, paper["polarity"]
        if end["kind"] in ("date", "instant"):
            return bool(self.at >= CLOSES[polarity](ends(end["value"], self.zone)))
        happened = None if end["kind"] == "none" else self.event(end["value"])
        if happened == "unknown":
            return bool(polarity == "permit")
        return happened is not None and self.come(happened, self.event_day(polarity))

    def event_day(self, polarity: str) -> str:
        """As which polarity the day of an event is read: the host may let a permit live to the end of it."""
        return "deny" if self.switches["event_day"] == "end_of_day" else polarity

    def relied_on(self, paper: Json) -> bool:
        """Acts done in reliance are paid for: no withdrawal of the paper counts for them."""
        return self.record.get("id") in (self.fact("acted_in_reliance") or {}).get(paper["id"], ()) and self.within("payment")

    def withdrawal_waits(self, paper: Json, profile: Profile) -> bool:
        """Forms that the profile lists may say from when on they can be revoked."""
        bound = paper.get("revocable_from") or {"kind": "none"}
        if bound["kind"] == "none" or paper.get("form") not in profile.revocable_from:
            return False
        if bound["kind"] != "event":
            return not self.come(bound["value"], paper["polarity"])
        happened = self.event(bound["value"])
        if happened == "unknown":
            return bool(paper["polarity"] == "deny")  # it works at once, but what is unknown never lifts a deny
        return happened is None or not self.come(happened, self.event_day(paper["polarity"]))

    def withdrawals(self, paper: Json, profile: Profile) -> list[Json]:
        """The revocations that have come and touch this recipient, whether they work or not."""
        found = []
        for each in () if self.withdrawal_waits(paper, profile) else paper.get("revocations") or ():
            named, who = each.get("recipients"), self.recipient
            if (named is None or who.get("id") in named or who.get("org") in named) and self.come(each["at"], paper["polarity"]):
                found.append(each)
        return found

    def revocations(self, paper: Json, profile: Profile) -> list[Json]:
        """Those of them that work. Where writing is wanted, one by word of mouth does not lift a deny."""
        spoken_will_do = paper["polarity"] == "permit" and self.switches["unwritten_revocation_stops_permit"]
        come = [] if self.relied_on(paper) else self.withdrawals(paper, profile)
        return [each for each in come if spoken_will_do or not profile.wants_writing or each.get("written") is True]

    def suspended(self, paper: Json, profile: Profile) -> bool:
        """The same as revoked, while it lasts."""
        polarity = paper["polarity"]
        for each in () if self.relied_on(paper) or self.withdrawal_waits(paper, profile) else paper.get("suspensions") or ():
            over = each.get("to") is not None and self.at >= OPENS[polarity](ends(each["to"], self.zone))
            if self.at >= CLOSES[polarity](begins(each["from"], self.zone)) and not over:
                return True
        return False

    def replaces(self, new: Json, old: Json) -> bool:
        """`new` supersedes `old` from its own start on, for good. A deny yields only to a paper that is read and has no defect."""
        if old["id"] not in (new.get("supersedes") or ()) or self.at < self.start(new, CLOSES[old["polarity"]]):
            return False
        read = new.get("status", "active") in ("active", "inactive")
        return old["polarity"] == "permit" or (read and not any(profile.flaws(self, new) for profile in self.profiles))

    def superseded(self, paper: Json) -> bool:
        """Some document replaces it. Where documents replace each other in a circle, permits are dead and denies stay."""
        papers = self.papers()
        replacing = [each for each in papers if self.replaces(each, paper)]
        replaced = [paper]
        for link in replaced:  # grows as it is walked: all that this one replaces, at any remove
            replaced += [each for each in papers if self.replaces(link, each) and each not in replaced]
        return any(paper["polarity"] == "permit" or each not in replaced for each in replacing)

    # What a paper covers. None is an unknown fact: not covered for a permit, covered for a deny.

    def covers(self, paper: Json) -> bool:
        """It reaches the discloser, and what it says covers the rest."""
        if "format" in paper:
            return self.discloser_covered(paper) and says(self, paper) is not None
        return self.discloser_covered(paper) and self.inside(paper)

    def inside(self, paper: Json) -> bool:
        """One of its boxes covers, and no except-box takes it away."""
        return any(not self.missed(box, paper) for box in self.boxes(paper)) and not self.excepted(paper)

    def holds(self, paper: Json) -> bool:
        """One of its boxes holds the record for the purpose, whoever it went to, and no except-box takes it away from anybody."""
        held = any({"recipient"}.issuperset(self.missed(box, paper)) for box in self.boxes(paper))
        return held and not self.excepted(paper, apart=("recipient",))

    def boxes(self, paper: Json) -> list[Json]:
        """As written. What could not be read denies everything that it does not show."""
        written: list[Json] = paper.get("boxes") or ([] if paper.get("status", "active") == "active" else [{}])
        return written

    def missed(self, box: Json, paper: Json) -> list[str]:
        """The axes on which this box of a paper does not cover. One box covers only what it covers on every axis by itself."""
        polarity = paper["polarity"]
        axes = self.axes(box, UNSHOWN[polarity], polarity, ("disclose", "redisclose"))
        return [axis for axis, covered in axes.items() if not (polarity == "deny" if covered is None else covered)]

    def limited_to(self, box: Json) -> bool:
        """A box that came with a copy covers; what it does not show is everything."""
        return all(covered is True for covered in self.axes(box, EVERYTHING, "permit", ()).values())

    def excepted(self, paper: Json, apart: tuple[str, ...] = ()) -> bool:
        """An except-box matches like a deny in a permit, and like a permit in a deny. What it does not show is everything."""
        like = OTHER[paper["polarity"]]
        # A copy passed on leaves a deny only where the except-box says so.
        passing_on = ("disclose", "redisclose") if like == "deny" else ("redisclose",)
        for box in paper.get("except") or ():
            judged = [covered for axis, covered in self.axes(box, EVERYTHING, like, passing_on).items() if axis not in apart]
            if all(like == "deny" if covered is None else covered for covered in judged):
                return True
        return False

    def axes(self, box: Json, unshown: Json, like: str, passing_on: tuple[str, ...]) -> dict[str, bool | None]:
        """Each axis of a box judged by itself."""
        shown = {**unshown, **{axis: values for axis, values in box.items() if values is not None}}
        actions = passing_on if self.action == "redisclose" else (self.action,)
        return {
            "recipient": reached(self, shown["recipients"], like),
            "purpose": self.reaches("purposes", shown["purposes"], self.purpose),
            "action": any(self.reaches("actions", shown["actions"], action) for action in actions),
            "label": self.labels_covered(shown["labels"], like),
            "category": self.category_covered(shown["categories"]),
            "data_period": self.date_covered(box["data_period"]) if box.get("data_period") else True,
        }

    def discloser_covered(self, paper: Json) -> bool:
        """A permit names the discloser, or everybody; a deny also binds where it names nobody, and the copies of what it binds."""
        named, asked = paper.get("discloser"), self.request["discloser"].get("id")
        if paper["polarity"] == "permit":
            named = named or ("*" if "format" in paper else None)
            # Only a permit that names the holder itself lets a copy go on.
            return (named == "*" and self.action != "redisclose") or (asked is not None and named == asked)
        return named in (None, "*", asked) or asked is None or not {None, named}.isdisjoint(released_before(self))

    def held_copy(self) -> Json | None:
        """Where the copy came from, if it is this discloser's."""
        copy: Json | None = self.fact("held_copy")
        return copy if copy and copy.get("holder") == self.request["discloser"].get("id") else None

    def labels_covered(self, written: Any, like: str) -> bool:
        """A permit needs all effective labels, a deny any; a record without labels is denied by ``*`` only. None listed: none meant."""
        if written == []:
            return False
        reached = [self.reaches("labels", written, label) for label in self.labels()]
        return all(reached) if like == "permit" else any(reached) or "*" in written

    def category_covered(self, written: Any) -> bool | None:
        """The record's category is written, or every one is."""
        category = self.record.get("category")
        return "*" in written or (None if category is None else category in written)

    def date_covered(self, period: Json) -> bool | None:
        """The record's civil date lies in the period, both ends included."""
        start, end = period.get("start") or "0001-01-01", period.get("end") or "9999-12-31"
        made = self.record.get("date")
        return parse_day(start) <= parse_day(made) <= parse_day(end) if made else None
