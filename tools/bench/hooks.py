"""What it costs that no plugin stops another: calls and loading, against the same plugins in a bare pluggy manager.

Twenty deliverers are called without a deadline, five restrictions are joined, and ten plugins are loaded with every check. A bare manager
stops at the first exception, binds nothing, checks no answer and times nothing; it is the floor and not a rival. Both are given the same
plugins and the same arguments in turn, and their answers are checked to be the same.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import pluggy

from recoverycore.consent import Recipient, Request, Restriction
from recoverycore.hooks import OutgoingMessage, Plugins, Receipt, RecoveryHooks, hookimpl

GOALS = {"fanout_20_vs_pluggy": 6, "restrict_5_vs_pluggy": 12, "load_10_vs_bare_manager": 3}
TIMES = 41
CALLS = 200
LOADS = 5
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
MESSAGE = OutgoingMessage(
    key="k-1", run="r-1", to="peer:dana", channel="sms", kind="ask", content_class="C0", level=3, text="Please open the app."
)
REQUEST = Request(recipient=Recipient(id="works"), purposes=("employment",), at=AT)


class Carries(RecoveryHooks):
    """Takes every message on."""

    def __init__(self, number: int) -> None:
        self.recoverycore_name = f"carries_{number:02}"

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt:  # noqa: ARG002 - the hook's own signature
        """Say so, under the key."""
        return Receipt("accepted", provider=key)


class Withholds(RecoveryHooks):
    """Withholds one record."""

    def __init__(self, number: int) -> None:
        self.recoverycore_name = f"withholds_{number:02}"
        self.answer = Restriction(self.recoverycore_name, records=frozenset({f"r-{number}"}))

    @hookimpl
    def recovery_restrict_consent(self, client: str, request: Request) -> Restriction:  # noqa: ARG002 - as above
        """The same each time."""
        return self.answer


def bare(asked: list[Any]) -> pluggy.PluginManager:
    """The same plugins in a manager and nothing else."""
    manager = pluggy.PluginManager("recoverycore")
    manager.add_hookspecs(RecoveryHooks)
    for each in asked:
        manager.register(each, name=each.recoverycore_name)
    return manager


def run() -> tuple[dict[str, float], dict[str, str]]:
    """Measure it. Error: `ValueError` when the two do not answer the same."""
    carries, withholds = [Carries(number) for number in range(20)], [Withholds(number) for number in range(5)]
    ours, theirs = Plugins.build([*carries, *withholds]), bare([*carries, *withholds])
    deliver, restrict = theirs.hook.recovery_deliver_message, theirs.hook.recovery_restrict_consent

    def fanned() -> Any:
        return ours.fan_out("recovery_deliver_message", now=AT, message=MESSAGE, key="k-1")

    def joined() -> Any:
        return ours.joined("recovery_restrict_consent", now=AT, client="c-17", request=REQUEST)

    check(list(fanned().values.values()), deliver(message=MESSAGE, key="k-1"))
    check(joined().value, frozenset().union(*(each.records for each in restrict(client="c-17", request=REQUEST))))
    ten = [*carries[:5], *withholds]
    check(list(Plugins.build(ten).names), sorted(name for name, _ in bare(ten).list_name_plugin()))
    ratios = {
        "fanout_20_vs_pluggy": ratio(fanned, lambda: deliver(message=MESSAGE, key="k-1"), CALLS),
        "restrict_5_vs_pluggy": ratio(joined, lambda: restrict(client="c-17", request=REQUEST), CALLS),
        "load_10_vs_bare_manager": ratio(lambda: Plugins.build(ten), lambda: bare(ten), LOADS),
    }
    return ratios, {"pluggy": version("pluggy")}


def check(found: object, expected: object) -> None:
    """Both say the same. Error: `ValueError`."""
    if found != expected:
        message = f"two that are compared do not answer the same: {found} and {expected}"
        raise ValueError(message)


def ratio(ours: Callable[[], object], theirs: Callable[[], object], calls: int) -> float:
    """How many times as long as `theirs` one call of `ours` takes: medians of CPU time, measured in turn."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(TIMES):
        for act, times in zip((ours, theirs), taken, strict=True):
            begun = time.process_time()
            for _ in range(calls):
                act()
            times.append(time.process_time() - begun)
    mine, floor = (statistics.median(each) for each in taken)
    return round(mine / floor, 3)
