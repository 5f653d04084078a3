"""What a protocol is looked at beside: a file with a team and whatever else is known, or the people of a story."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen
from pydantic import Field, JsonValue

from recoverycore.engine.run_facts import escalation_contacts, escalation_directory, escalation_team
from recoverycore.errors import DocumentError, NotFound, problem
from recoverycore.escalation import Protocol, ProtocolDraft, RunFacts, verify
from recoverycore.escalation.documents import ConsentFact, DirectoryService, Outside, SafetyFact
from recoverycore.escalation.documents import Team as Roster
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Elapsed, Id
from recoverycore.ground.loading import open_envelope, read_file
from recoverycore.ground.text import nearest
from recoverycore.people import Service, Team
from recoverycore.testing.stories import Story, load_story, shipped_stories
from recoverycore.testing.stories.playing import Player

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from recoverycore.escalation import Verification

__all__ = ["Surroundings", "read_protocol", "read_surroundings"]

_OF_A_TEAM = ("id", "zone", "members", "roster", "persons", "shifts")


class _Draft(ProtocolDraft):
    """A protocol in a file, in an envelope too, whatever it would be refused for: that is what somebody wants to know."""

    schema_name: ClassVar[str] = Protocol.schema_name


class Surroundings(Document):
    """A team with its roster, as a programme writes it or as a run knows it, and beside it whatever else is known. No entry is no fact.

    `services` are outside teams as a programme writes them; `directory`, `contacts`, `client`, `consent` and `safety` what a run looks
    at; `providers` who carries each channel; `limits` by when a climb has to end, by level, where it is not the default.
    """

    team: dict[str, JsonValue] = Field(default_factory=dict)
    services: tuple[Service, ...] = ()
    directory: dict[Id, DirectoryService] = Field(default_factory=dict)
    contacts: dict[Id, Outside] = Field(default_factory=dict)
    client: Outside = Outside()
    consent: dict[Id, ConsentFact] = Field(default_factory=dict)
    safety: SafetyFact = SafetyFact()
    providers: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    limits: dict[int, Elapsed | None] = Field(default_factory=dict)


@frozen
class OfFile:
    """What stands in a file."""

    surroundings: Surroundings
    text_only: bool
    team_at: str

    @property
    def story(self) -> None:
        """A file of a team has no protocols of its own."""

    def verified(self, protocol: ProtocolDraft, at: datetime, lasting: timedelta) -> Verification:
        """Whether `protocol` can be left to itself with these people. Error: whatever is wrong with the team."""
        given = self.surroundings
        facts = RunFacts.model_validate(
            {
                **{name: getattr(given, name) for name in ("client", "consent", "safety")},
                **self._people(protocol.zone),
            },
            by_name=True,
        )
        found = verify(protocol, facts, horizon=(at, at + lasting), providers=given.providers, limits=given.limits)
        return found.in_zone(protocol.zone)

    def _people(self, zone: str) -> dict[str, Any]:
        given = self.surroundings
        try:
            if not {"members", "roster"} & given.team.keys():
                roster = open_envelope(given.team, Roster, text_only=self.text_only)
                return {"team": roster, "contacts": given.contacts, "directory": given.directory}
            team = open_envelope({"zone": zone, **given.team}, Team, text_only=self.text_only)
        except DocumentError as error:
            found = tuple(each.under(self.team_at) for each in error.problems)
        else:
            services = escalation_directory(given.services)
            return {
                "team": escalation_team(team, zone),
                "contacts": {**escalation_contacts(team), **given.contacts},
                "directory": {**services, **given.directory},
            }
        raise DocumentError(*found)


@frozen
class OfStory:
    """The people of a story as it begins."""

    story: Story

    def verified(self, protocol: ProtocolDraft, at: datetime, lasting: timedelta) -> Verification:
        """Whether `protocol` can be left to itself with these people."""
        player = Player(self.story)
        try:
            return player.engine.verify(protocol, client=player.client, at=at, lasting=lasting).in_zone(protocol.zone)
        finally:
            player.engine.close()


def read_surroundings(name: str) -> OfFile | OfStory:
    """The people in the file `name`, or of the story that comes along by that name. Errors: ``no_story``, and what is wrong in the file."""
    path = Path(name)
    if not path.suffix:
        return OfStory(load_story(name))
    data, text_only = read_file(path), _text_only(path)
    if not isinstance(data, dict):
        return OfFile(open_envelope(data, Surroundings, text_only=text_only), text_only, "/team")
    if data.get("schema") == Story.schema_name or {"start", "steps"} <= data.keys():
        return OfStory(load_story(path))
    if data.get("schema") == Team.schema_name:
        open_envelope(data, Team, text_only=text_only)
        return OfFile(Surroundings(team=data["data"]), text_only, "/data")
    if "team" in data:
        return OfFile(open_envelope(data, Surroundings, text_only=text_only), text_only, "/team")
    lifted = {key: value for key, value in data.items() if key in _OF_A_TEAM}
    rest = {key: value for key, value in data.items() if key not in lifted}
    return OfFile(open_envelope({**rest, "team": lifted}, Surroundings, text_only=text_only), text_only, "")


def read_protocol(word: str, beside: OfFile | OfStory) -> ProtocolDraft:
    """The protocol in the file `word`; or STORY/ID; or the one of that id in the story it is looked at beside.

    Errors: ``no_story``, ``no_such_protocol``, and whatever is wrong with its fields.
    """
    path = Path(word)
    if path.suffix:
        return open_envelope(read_file(path), _Draft, text_only=_text_only(path))
    name, _, identifier = word.rpartition("/")
    story = load_story(name) if name else beside.story
    known = {each.id: each for each in story.start.protocols} if story is not None else {}
    if identifier not in known:
        raise NotFound(problem("no_such_protocol", "PROTOCOL", did_you_mean=nearest(identifier, known or shipped_stories())))
    return known[identifier]


def _text_only(path: Path) -> bool:
    return path.suffix.lower() in (".yaml", ".yml")
