"""What a host may set, by name. Each clinical or operational default says that it is one, and who should look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from attrs import field, frozen

from recoverycore.consent import Profile
from recoverycore.directory import DirectorySettings
from recoverycore.errors import DocumentError, problem
from recoverycore.escalation.codewords import CODE_WORD_MISS_LIMIT
from recoverycore.escalation.verification.findings import CODES
from recoverycore.ground.problems import pointer
from recoverycore.ground.text import nearest

__all__ = ["Settings", "Texts"]


@frozen
class Texts:
    """The words of outgoing messages, by content class. ``{reference}`` is opaque, ``{name}`` the chosen name.

    C0 tells nothing of care; C1 adds the name and how urgent it is; C2 is shown after signing in and adds which parts may be
    looked at. Defaults are starting values: a programme words its own, with the people who get them. Each text is checked
    against its class before it goes out, and a text that says too much is replaced by the one of C0.
    """

    c0: str = "Please open the app and answer. Reference {reference}."
    c1: str = "{name} asks you to answer now. Please open the app. Reference {reference}."
    c2: str = "{name} asks you to answer now. You may look at: {categories}. Reference {reference}."

    def __attrs_post_init__(self) -> None:
        """Put each text together once: a word that no message has is found now, and not in the first crisis."""
        held = {"c0": ("reference",), "c1": ("reference", "name"), "c2": ("reference", "name", "categories")}
        for name, words in held.items():
            try:
                getattr(self, name).format(**dict.fromkeys(words, ""))
            except (LookupError, ValueError, AttributeError):
                found = problem("bad_text", f"/texts/{name}")
            else:
                continue
            raise DocumentError(found)


@frozen(kw_only=True)
class Settings:
    """How an engine works. Every value has a default; a host names what it wants otherwise.

    `code_word_key` is the master key of code words (32 bytes or more); without it, a file beside the database holds one.
    `code_word_keys` are keys of single clients. `deliver_within` is how long a deliverer may take before its answer counts as
    not known; `lease` how long a message that was taken for sending is nobody else's; `retry` the pause before the first
    further try, doubled each time up to `retry_at_most`; `tries` how often at all.
    """

    code_word_key: bytes | None = field(default=None, repr=False)
    code_word_keys: Mapping[str, bytes] = field(factory=dict, repr=False)
    code_word_misses: int = CODE_WORD_MISS_LIMIT
    texts: Texts = Texts()
    directory: DirectorySettings = field(factory=DirectorySettings)
    """How fresh a line has to be, and the programme's own floor: what everybody is shown, whatever fails."""
    consent_profiles: tuple[Profile | str, ...] = ()
    """Profiles of law that count, besides those that named plugins bring. A text is the id of one without which nothing is released."""
    consent_policy: Mapping[str, Any] = field(factory=dict)
    """Switches of the core and of the named profiles that the host chooses otherwise than their defaults, by name."""
    providers: Mapping[str, Sequence[str]] = field(factory=dict)
    """Who carries each channel, by name. A crisis protocol is proved with them: it has to bear that any one of them fails."""
    accepted_findings: Mapping[str, Mapping[str, str]] = field(factory=dict)
    """What a programme lives with though a crisis protocol cannot be relied on: by protocol and code of the finding, with the reason.

    Each is written into the record when the protocol is put. The reason is the programme's own, and never about a client.
    """
    bound_limits: Mapping[int, timedelta | None] = field(factory=dict)
    """Policy, for clinical sign-off: how long a climb may take at a level, None for any time, where it is not as in `BOUND_LIMITS`."""
    proof_horizon: timedelta = timedelta(days=7)
    """How far ahead a protocol is proved: a week sees every hour of a weekly roster."""
    deliver_within: timedelta | None = timedelta(seconds=10)
    look_up_within: timedelta | None = timedelta(seconds=5)
    restrict_within: timedelta | None = timedelta(milliseconds=500)
    """How long plugins that narrow consent may take in one command, all its decisions together, before their answer counts as no.

    Everything waits for them, so it is short.
    """
    lease: timedelta = timedelta(minutes=2)
    retry: timedelta = timedelta(seconds=30)
    retry_at_most: timedelta = timedelta(minutes=10)
    tries: int = 5
    slip_kinds: frozenset[str] = frozenset({"lapse", "return_to_use", "slip"})
    """The kinds of event that tell of a return to use, in the words a programme uses for it."""
    tick_expected: timedelta = timedelta(minutes=3)
    """How long after a clock has run out somebody should have called `tick`; later than that the log says so, loudly."""
    try_clock_again: timedelta = timedelta(minutes=1)
    """When the clock of a run is looked at again that could not be carried on."""
    review_within: timedelta = timedelta(hours=24)
    """Policy, for clinical sign-off: how long a review of emergency access, or a look at a message, may wait."""

    def __attrs_post_init__(self) -> None:
        """A finding that is accepted has a code that there is, and a reason. Errors: ``not_listed``, ``blank``."""
        wrong = []
        for protocol, accepted in self.accepted_findings.items():
            for code, reason in accepted.items():
                place = f"/accepted_findings{pointer((protocol, code))}"
                wrong += [problem("not_listed", place, did_you_mean=nearest(code, CODES))] if code not in CODES else []
                wrong += [problem("blank", place)] if not reason.strip() else []
        if wrong:
            raise DocumentError(*wrong)
