"""The one root error and its children: fields before text, stable codes, nothing that identifies a person.

Every error holds one or more `Problem`s. A problem names what happened (a stable code), where (a JSON pointer), the
likely slip and the next step. Texts come from the catalogue in ``error_codes/*.toml``; what a user wrote never becomes
part of a message, so an error may be logged anywhere.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = [
    "Conflict",
    "DocumentError",
    "InstantError",
    "NotAllowed",
    "NotFound",
    "PluginError",
    "Problem",
    "RecoveryError",
    "StoreError",
    "StoryError",
    "catalogue",
    "problem",
]


class Problem:
    """One thing that is wrong, with its place and its remedy.

    `code` is stable (``RC1003``), `name` the same in words (``naive_time``), `path` a JSON pointer into what was
    given. `detail` holds ids, numbers and field names only, never a value that somebody wrote.
    """

    __slots__ = ("code", "detail", "did_you_mean", "hint", "message", "name", "path")

    def __init__(self, *, code: str, name: str, path: str, message: str, hint: str, did_you_mean: str | None, detail: str) -> None:
        self.code = code
        self.name = name
        self.path = path
        self.message = message
        self.hint = hint
        self.did_you_mean = did_you_mean
        self.detail = detail

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        detail = f" ({self.detail})" if self.detail else ""
        guess = f" Did you mean {self.did_you_mean!r}?" if self.did_you_mean else ""
        return f"{place}{self.code} {self.name}: {self.message}{detail}{guess} {self.hint}"

    def __repr__(self) -> str:
        return f"<Problem {self.code} {self.name} at {self.path or '/'}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Problem):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.code, self.path, self.detail))

    def under(self, place: str) -> Problem:
        """The same problem as seen from outside: `place`, a JSON pointer, is where what was looked at stands."""
        return Problem(
            code=self.code,
            name=self.name,
            path=place + self.path,
            message=self.message,
            hint=self.hint,
            did_you_mean=self.did_you_mean,
            detail=self.detail,
        )

    def to_dict(self) -> dict[str, str | None]:
        """The problem as plain data, for a host's own log or screen."""
        return {key: getattr(self, key) for key in ("code", "name", "path", "message", "hint", "did_you_mean", "detail")}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every error there is, by name: its stable code, its meaning, its remedy."""
    import tomllib  # only an error needs it

    found: dict[str, dict[str, str]] = {}
    for file in sorted(resources.files("recoverycore").joinpath("error_codes").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            found.update(tomllib.loads(file.read_text("utf-8")))
    return found


def problem(name: str, path: str = "", *, did_you_mean: str | None = None, detail: str = "", hint: str | None = None) -> Problem:
    """Build the `Problem` called `name`; code and texts come from the catalogue."""
    entry = catalogue()[name]
    return Problem(
        code=entry["code"],
        name=name,
        path=path,
        message=entry["meaning"],
        hint=hint or entry["remedy"],
        did_you_mean=did_you_mean,
        detail=detail,
    )


class RecoveryError(Exception):
    """The root of everything this library raises on purpose. Holds every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems: tuple[Problem, ...] = problems

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        return "\n".join([f"{len(self.problems)} problems:", *(f"  {each}" for each in self.problems)])

    @property
    def code(self) -> str:
        """The stable code of the first problem."""
        return self.problems[0].code

    @property
    def name(self) -> str:
        """The first problem's code in words."""
        return self.problems[0].name


class DocumentError(RecoveryError, ValueError):
    """A document that cannot be taken as it stands; nothing was changed."""


class InstantError(RecoveryError, ValueError):
    """An instant, zone or duration that cannot be read."""


class NotFound(RecoveryError, LookupError):
    """Something is named that nobody knows here."""


class Conflict(RecoveryError, RuntimeError):
    """Somebody else changed the same thing in between; read again and decide again."""


class NotAllowed(RecoveryError, PermissionError):
    """The act is real but not for this person, or not now."""


class StoreError(RecoveryError, RuntimeError):
    """The store could not keep or give what was asked; what it held before still stands."""


class PluginError(RecoveryError, RuntimeError):
    """A plugin cannot be used as it is; found when the engine is built, not in the first crisis."""


class StoryError(RecoveryError, AssertionError):
    """A story did not come out as it says it should."""
