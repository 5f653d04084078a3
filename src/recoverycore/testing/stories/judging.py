"""Judging a step of a story by values and codes, never by prose: what was expected, what came, and where they differ."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import asdict, field, frozen

from recoverycore.coordination import standing
from recoverycore.ground.instants import utc_text
from recoverycore.ground.text import tokens
from recoverycore.plans import History, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.ground.document import Document
    from recoverycore.testing.stories.documents import StoryStep
    from recoverycore.testing.stories.expectations import LinesAre, Told
    from recoverycore.testing.stories.playing import Player

__all__ = ["Broken", "judge"]

_OVER = ("stood_down", "closed")


@frozen
class Broken:
    """An expectation that did not come true: at which step, which one, what was expected and what came. Ids and codes only."""

    at: datetime
    where: str
    expected: Any = field(repr=False)
    got: Any = field(repr=False)

    def __str__(self) -> str:
        return f"{utc_text(self.at)} {self.where}: expected {self.expected}, got {self.got}"

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {"at": utc_text(self.at), "where": self.where, "expected": self.expected, "got": self.got}


def judge(player: Player, step: StoryStep, rows: list[dict[str, Any]]) -> list[Broken]:
    """What is broken of the expectations of `step`, after it was played; `rows` are what happened in it."""
    looked = _Looked(player, step, rows)
    found = []
    for name in sorted(step.expect.model_fields_set & type(step.expect).model_fields.keys()):
        if getattr(step.expect, name) is not None:
            found += [Broken(step.at, where, expected, got) for where, expected, got in getattr(looked, name)()]
    return found


Difference = tuple[str, Any, Any]


class _Looked:
    """One method for each expectation, under its name: the differences it finds."""

    def __init__(self, player: Player, step: StoryStep, rows: list[dict[str, Any]]) -> None:
        self._player, self._engine, self._client = player, player.engine, player.client
        self._at, self._rows = step.at, rows
        self._expect: Any = step.expect

    def told(self) -> Iterator[Difference]:
        """Closed: exactly these, in any order. Several messages of one kind to one person (an alarm on every channel) are one."""
        left: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        for row in self._rows:
            if row["what"] == "message":
                left.setdefault((row["to"], row["why"], row["kind"]), []).append(row)
        missing = []
        for each in self._expect.told:
            hit = next((key for key, messages in left.items() if any(_is_told(each, row) for row in messages)), None)
            if hit is None:
                missing.append(each.to_data())
            else:
                del left[hit]
        if missing or left:
            more = [name for name in ("about", "channel", "class") if any(name in each for each in missing)]
            rows = [messages[0] for messages in left.values()]
            got = [{"to": row["to"], "why": row["why"], "as": row["kind"], "what": row["categories"], **_some(row, more)} for row in rows]
            yield "told", missing, got

    def runs(self) -> Iterator[Difference]:
        for rule, wanted in self._expect.runs.items():
            state = self._player.run_of(rule)
            here = {
                "status": state.status,
                "level": state.level,
                "holder": state.owner,
                "accompanied_by": state.accompanied_by,
                "debrief_open": state.debrief_open,
            }
            yield from _fields(f"runs/{rule}", wanted, here)

    def open_runs(self) -> Iterator[Difference]:
        here = sum(1 for state in self._engine.runs(client=self._client) if state.status not in _OVER)
        yield from _equal("open_runs", self._expect.open_runs, here)

    def clocks(self) -> Iterator[Difference]:
        here = self._engine.clocks(client=self._client)
        for each in self._expect.clocks:
            yield from _one_of("clocks", each.to_data(), here)

    def no_clocks(self) -> Iterator[Difference]:
        here = sorted({clock["kind"] for clock in self._engine.clocks(client=self._client)} & set(self._expect.no_clocks))
        yield from _equal("no_clocks", [], here)

    def owed(self) -> Iterator[Difference]:
        for each in self._expect.owed:
            yield from _one_of("owed", each.to_data(), self._obligations())

    def still_owed(self) -> Iterator[Difference]:
        here = [each for each in self._obligations() if each["standing"] not in ("discharged", "cancelled")]
        yield from _exactly("still_owed", self._expect.still_owed, here, ("kind", "about", "owner"))

    def _obligations(self) -> list[dict[str, Any]]:
        zone, kept = self._player.story.zone, self._engine.obligations(client=self._client)
        return [{**owed.to_data(), "standing": standing(owed, self._at, zone)} for owed in kept]

    def goals(self) -> Iterator[Difference]:
        here = self._engine.goals(client=self._client, at=self._at)
        for goal, wanted in self._expect.goals.items():
            if goal not in here:
                yield f"goals/{goal}", f"a goal {goal}", sorted(here)
                continue
            found = here[goal]
            flat = {**found.get("rate", {}), **found}
            expected = wanted.to_data()
            here_now = {name: flat.get(name) for name in expected}
            if _plain(expected) != _plain(here_now):
                yield f"goals/{goal}", expected, here_now

    def slips(self) -> Iterator[Difference]:
        here = self._engine.slips(client=self._client, at=self._at)
        yield from _exactly("slips", self._expect.slips, here, ("id", "on", "week_of", "reported_after_minutes"))

    def unchanged(self) -> Iterator[Difference]:
        changed = [kind for kind in self._expect.unchanged if self._player.before.get(kind) != self._player.documents((kind,)).get(kind)]
        yield from _equal("unchanged", [], changed)

    def may_see(self) -> Iterator[Difference]:
        for each in self._expect.may_see:
            here = self._engine.may_see(client=self._client, who=each.who, sees=each.what, why=each.purpose, at=self._at)
            wanted = {key: sorted(value) for key, value in each.to_data().items() if key in ("released", "withheld", "because", "duties")}
            yield from _equal(f"may_see/{each.who}", wanted, {key: sorted(here[key]) for key in wanted})

    def lines(self) -> Iterator[Difference]:
        wanted: LinesAre = self._expect.lines
        here = self._engine.lines(client=self._client, at=self._at).to_dict()
        for name, value in wanted.to_data().items():
            got = self._expected(here[name], value) if name in ("open", "not_offered") else here[name]
            yield from _equal(f"lines/{name}", value, [each for each in got if each in value] if name == "shown" else got)

    def offers(self) -> Iterator[Difference]:
        offered = [row for row in self._rows if row["what"] == "offer"]
        for each in self._expect.offers:
            here = [{**row, "lines": self._expected(row["lines"], each.get("lines"))} if row.get("lines") else row for row in offered]
            yield from _one_of("offers", each, here)

    def _expected(self, lines: Iterable[str], wanted: Any) -> list[str]:
        """Those of `lines` that are expected, or that the story could have expected."""
        return [each for each in lines if each in (wanted or ()) or self._player.expects(each)]

    def windows_active(self) -> Iterator[Difference]:
        yield from _equal(
            "windows_active", sorted(self._expect.windows_active), sorted(self._engine.windows_active(client=self._client, at=self._at))
        )

    def plans(self) -> Iterator[Difference]:
        history = self._engine.get(History, client=self._client) or History()
        for kind, wanted in self._expect.plans.items():
            active = history.active(kind)
            here = active.to_data() if active else {}
            told = ("n", "authors", "because_of", "agreed_by_client", "cites")
            yield from _fields(f"plans/{kind}", wanted, {key: here.get(key) for key in told})

    def plan_at(self) -> Iterator[Difference]:
        for each in self._expect.plan_at:
            found = self._engine.plan_at(each.kind, client=self._client, at=each.at)
            windows = [cue for cue in found.content.cues if cue.window] if found else []
            here = {"n": found.n if found else None, "windows": len(windows)}
            wanted = {name: value for name, value in each.to_data().items() if name in here}
            yield from _equal(f"plan_at/{each.kind}/{utc_text(each.at)}", wanted, {name: here[name] for name in wanted})

    def plan_warnings(self) -> Iterator[Difference]:
        here = [asdict(each) for each in self._engine.plan_warnings(client=self._client, at=self._at)]
        yield from _exactly("plan_warnings", self._expect.plan_warnings, here, ("code", "plan", "entry", "person"))

    def used(self) -> Iterator[Difference]:
        here = [use.to_data() for use in self._engine.kept(Use, client=self._client)]
        for each in self._expect.used:
            yield from _one_of("used", each, here)

    def open_means(self) -> Iterator[Difference]:
        yield from _equal("open_means", list(self._expect.open_means), list(self._engine.open_means(client=self._client, at=self._at)))

    def check_ins(self) -> Iterator[Difference]:
        wanted = self._expect.check_ins
        standing_now = self._engine.check_ins(client=self._client, at=self._at)
        yield from _fields(
            "check_ins",
            wanted,
            {"state": getattr(standing_now, "state", None), "missed_in_row": getattr(standing_now, "missed_in_row", None)},
        )
        here = [row for row in self._rows if row["what"] == "check_ins_opened"]
        for each in wanted.opened or ():
            yield from _one_of("check_ins/opened", each, here)

    def audit(self) -> Iterator[Difference]:
        for each in self._expect.audit:
            yield from _one_of("audit", each, self._rows)

    def terminal(self) -> Iterator[Difference]:
        here = [row for row in self._rows if row["what"] == "terminal"]
        for each in self._expect.terminal:
            yield from _one_of("terminal", each, here)

    def measures(self) -> Iterator[Difference]:
        here = self._engine.measures(client=self._client)
        yield from _equal("measures", self._expect.measures, {name: here.get(name) for name in self._expect.measures})

    def never_in_messages(self) -> Iterator[Difference]:
        said = [tokens(message.text.reveal()) for message in self._player.recorder.messages]
        for number, each in enumerate(self._expect.never_in_messages):
            wanted = tokens(each.reveal())
            hits = sum(1 for words in said if any(words[at : at + len(wanted)] == wanted for at in range(len(words))))
            yield from _equal(f"never_in_messages/{number}", 0, hits)


def _is_told(wanted: Told, row: dict[str, Any]) -> bool:
    given = wanted.to_data()
    kind = given.pop("as", None)
    what = given.pop("what", None)
    asked = row["kind"] == kind if kind is not None else row["kind"] in ("ask", "inform", "notice")
    return (
        asked
        and (what is None or Counter(what) == Counter(row["categories"]))
        and all(row.get(key) == value for key, value in given.items())
    )


def _some(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: row.get(name) for name in names}


def _plain(values: dict[str, Any]) -> dict[str, str | None]:
    """Numbers as they are written: a format that has text only has no others."""
    return {name: None if value is None else str(value) for name, value in values.items()}


def _equal(where: str, expected: Any, got: Any) -> Iterator[Difference]:
    if expected != got:
        yield where, expected, got


def _fields(where: str, wanted: Document, here: dict[str, Any]) -> Iterator[Difference]:
    expected = {key: value for key, value in wanted.to_data().items() if key in here}
    yield from _equal(where, expected, {key: here[key] for key in expected})


def _one_of(where: str, wanted: dict[str, Any], here: list[dict[str, Any]]) -> Iterator[Difference]:
    """That one of `here` has at least the values of `wanted`. Lists are compared without order."""
    if not any(all(_same(value, row.get(key)) for key, value in wanted.items()) for row in here):
        yield where, wanted, [{key: row.get(key) for key in wanted} for row in here]


def _exactly(where: str, wanted: Iterable[Document], here: list[dict[str, Any]], shown: tuple[str, ...]) -> Iterator[Difference]:
    """A closed list: each of `wanted` is one of `here`, and none of them is left."""
    left, missing = list(here), []
    for each in wanted:
        hit = next((row for row in left if all(_same(value, row.get(key)) for key, value in each.to_data().items())), None)
        if hit is None:
            missing.append(each.to_data())
        else:
            left.remove(hit)
    if missing or left:
        yield where, missing, [{key: row.get(key) for key in shown} for row in left]


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, list) and isinstance(got, list):
        return sorted(map(str, expected)) == sorted(map(str, got))
    return expected == got or (isinstance(expected, str) and str(got) == expected)
