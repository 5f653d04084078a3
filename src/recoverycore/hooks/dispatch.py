"""One guarded call of one plugin: whatever it does, an outcome comes of it.

pluggy's own call loop stops at the first exception and loses the results it had; so no hook is ever called through it.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping
from time import monotonic

from attrs import frozen

from recoverycore.hooks.outcome import Outcome, OutcomeStatus
from recoverycore.hooks.policies import Hook, Unfit
from recoverycore.hooks.values import class_name

__all__ = ["Call", "Implementation", "pass_on_interrupt"]


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
        """Call it and check its answer. Whatever it raises is an outcome.

        Only a `KeyboardInterrupt` in the main thread passes: there somebody pressed a key. Elsewhere the plugin raised it.
        """
        began = monotonic()
        try:
            answer = self.implementation.function(**{name: self.arguments[name] for name in self.implementation.wants})
        except BaseException as error:  # noqa: BLE001 - one plugin must not keep the others from being called
            pass_on_interrupt(error)
            return self.outcome("failed", class_name(error), seconds=monotonic() - began)
        try:
            _refuse_unfinished(answer)
            if answer is None:
                refused = "answered nothing" if self.hook.when_none == "invalid" else ""
                return self.outcome(self.hook.when_none, refused, seconds=monotonic() - began)
            return self.outcome("ok", value=self.hook.check(answer), seconds=monotonic() - began)
        except Unfit as error:
            return self.outcome("invalid", str(error), seconds=monotonic() - began)
        except BaseException as error:  # noqa: BLE001 - reading an answer runs the plugin's code too
            pass_on_interrupt(error)
            return self.outcome("invalid", f"{class_name(error)} while its answer was read", seconds=monotonic() - began)

    def outcome(self, status: OutcomeStatus, error: str = "", *, value: object = None, seconds: float = 0.0) -> Outcome:
        """An outcome of this plugin; `error` is an exception's class or our own words, never an exception's text."""
        return Outcome(self.plugin, status, value, f"{self.plugin}: {error}" if error else "", seconds)


def pass_on_interrupt(error: BaseException) -> None:
    """Raise a `KeyboardInterrupt` of the main thread again: there somebody pressed a key. Elsewhere a plugin raised it."""
    if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
        raise error


def _refuse_unfinished(answer: object) -> None:
    """Refuse an answer that has still to be run. What can be closed is closed, so that Python does not warn of it later."""
    if inspect.iscoroutine(answer) or inspect.isgenerator(answer):
        answer.close()
    elif not (inspect.isasyncgen(answer) or inspect.isawaitable(answer)):
        return
    message = f"answered {class_name(answer)}, expected a finished answer"
    raise Unfit(message)
