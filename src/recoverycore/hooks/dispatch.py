"""One guarded call of one plugin: whatever it does, an outcome comes of it.

pluggy's own call loop stops at the first exception and loses the results it had; so no hook is ever called through it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from time import monotonic

from attrs import frozen

from recoverycore.hooks.outcome import Outcome, OutcomeStatus
from recoverycore.hooks.policies import Hook, Unfit

__all__ = ["Call", "Implementation"]


@frozen(eq=False)
class Implementation:
    """A plugin's own function for one hook, and the parameters that it names."""

    plugin: str
    function: Callable[..., object]
    wants: tuple[str, ...]


@frozen(eq=False)
class Call:
    """One implementation with the arguments of one call."""

    hook: Hook
    implementation: Implementation
    arguments: Mapping[str, object]

    @property
    def plugin(self) -> str:
        """The name of the plugin that is called."""
        return self.implementation.plugin

    def run(self) -> Outcome:
        """Call it and check its answer. `KeyboardInterrupt` and cancellation pass; nothing else does."""
        began = monotonic()
        try:
            answer = self.implementation.function(**{name: self.arguments[name] for name in self.implementation.wants})
        except (Exception, SystemExit) as error:
            return self.outcome("failed", type(error).__name__, seconds=monotonic() - began)
        try:
            if inspect.iscoroutine(answer):
                answer.close()
            if answer is None:
                refused = "answered nothing" if self.hook.when_none == "invalid" else ""
                return self.outcome(self.hook.when_none, refused, seconds=monotonic() - began)
            return self.outcome("ok", value=self.hook.check(answer), seconds=monotonic() - began)
        except Unfit as error:
            return self.outcome("invalid", str(error), seconds=monotonic() - began)
        except (Exception, SystemExit) as error:
            return self.outcome("invalid", f"{type(error).__name__} while its answer was read", seconds=monotonic() - began)

    def outcome(self, status: OutcomeStatus, error: str = "", *, value: object = None, seconds: float = 0.0) -> Outcome:
        """An outcome of this plugin; `error` is an exception's class or our own words, never an exception's text."""
        return Outcome(self.plugin, status, value, f"{self.plugin}: {error}" if error else "", seconds)
