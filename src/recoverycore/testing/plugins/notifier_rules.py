"""Rules about a plugin that carries messages: each yields a sentence for whatever breaks it."""

from __future__ import annotations

import contextlib
import io
import logging
import threading
from typing import TYPE_CHECKING

from recoverycore.errors import PluginError
from recoverycore.ground import Level, Sensitive
from recoverycore.hooks import Plugins, Receipt
from recoverycore.testing.contract import required_from
from recoverycore.testing.plugins.faults import every_fault
from recoverycore.testing.plugins.host import AT, message, no_network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from recoverycore.hooks import Outcome
    from recoverycore.testing.plugins.notifier import NotifierGiven

__all__ = ["HOOK", "RULES"]

HOOK = "recovery_deliver_message"
_NOBODYS = "contract-nobodys"
"""A channel that no plugin has."""
_TEXT = "canary-text-7731"
_ADDRESS = "+441632960777"
_AT_ONCE = 4


def _deliver(plugin: object, *others: object, **changes: Any) -> Outcome:
    """What came of one message, as an engine hands it over."""
    one = message(**changes)
    report = Plugins.build([plugin, *others]).fan_out(HOOK, now=AT, message=one, key=one.key)
    own = {each.recoverycore_name for each in others}  # type: ignore[attr-defined]  # the faults of this kit
    return next(each for each in report.outcomes if each.plugin not in own)


def is_accepted_by_an_engine(given: NotifierGiven) -> Iterator[str]:
    """An engine takes the plugin and hands it messages."""
    try:
        plugins = Plugins.build([given.make()])
    except PluginError as error:
        yield from (f"an engine refuses the plugin: {each}" for each in error.problems)
        return
    if not plugins.implementing(HOOK):
        yield f"the plugin does not implement {HOOK}, so nobody hands it a message"


def takes_the_messages_of_its_channels(given: NotifierGiven) -> Iterator[str]:
    """Of each of its channels it takes a message, whatever the class, the level and the kind of it."""
    for channel in given.channels:
        for level, content in zip(Level, ("C0", "C0", "C1", "C2", "C2"), strict=True):
            kind = "notice" if level < Level.SAME_DAY else "ask"
            done = _deliver(given.make(), channel=channel, level=level, content_class=content, kind=kind)
            if done.status == "abstained":
                yield f"{channel}: it says that the channel is not its own, although it is said to carry it"
                break
            if done.status != "ok":
                yield f"{channel}: a message of class {content} and level {int(level)} {done.status} ({done.error})"


@required_from("0.2")
def takes_a_message_on(given: NotifierGiven) -> Iterator[str]:
    """Of each of its channels it takes a message on, as its provider is here; one that always fails would keep every other rule."""
    for channel in given.channels:
        receipt = _deliver(given.make(), channel=channel).value
        if isinstance(receipt, Receipt) and not receipt.taken:
            why = f"no message was taken on ({receipt.status}), so nothing shows that it sends"
            yield f"{channel}: {why}; let a stand-in or a test account take one"


def leaves_other_channels_alone(given: NotifierGiven) -> Iterator[str]:
    """Of a channel that is not its own it says None, so that the one whose it is counts."""
    plugin = given.make()
    done = _deliver(plugin, channel=_NOBODYS)
    if done.status != "abstained":
        yield f"asked for a channel that is not its own it answered ({done.status}); it should answer None"
    if given.sent(plugin):
        yield "a message of a channel that is not its own went out"


def can_do_without_an_address(given: NotifierGiven) -> Iterator[str]:
    """A message may come without address and without client: the plugin looks the address up, or says that it failed."""
    for channel in given.channels:
        done = _deliver(given.make(), channel=channel, address=None, client_ref=None, subject_ref=None)
        if done.status not in ("ok", "abstained"):
            yield f"{channel}: a message without an address {done.status} ({done.error}); a receipt can say so, as failed_permanent"


def sends_a_key_once(given: NotifierGiven) -> Iterator[str]:
    """The same key may come again after a crash: one message goes out, and the answer is a receipt again."""
    for channel in given.channels:
        plugin = given.make()
        first, again = (_deliver(plugin, channel=channel, key="twice") for _ in range(2))
        if first.status == "ok" and again.status != "ok":
            yield f"{channel}: the same key for the second time {again.status}; it should get its receipt again"
        if (count := given.sent(plugin)) is not None and count != 1:
            yield f"{channel}: the same key twice made {count} messages; one should go out"


def sends_every_key(given: NotifierGiven) -> Iterator[str]:
    """Two keys are two messages, although all else is alike."""
    for channel in given.channels:
        plugin = given.make()
        for key in ("one", "two"):
            _deliver(plugin, channel=channel, key=key)
        if (count := given.sent(plugin)) is not None and count != 2:  # noqa: PLR2004 - the two above
            yield f"{channel}: two keys made {count} messages; both should go out"


def sends_a_key_once_at_once(given: NotifierGiven) -> Iterator[str]:
    """Called by several threads at once, one key is still one message, and nobody fails."""
    for channel in given.channels:
        plugin = given.make()
        found: list[Outcome] = []
        start = threading.Barrier(_AT_ONCE)

        def call(plugin: object = plugin, channel: str = channel, found: list[Outcome] = found, start: threading.Barrier = start) -> None:
            start.wait()
            found.append(_deliver(plugin, channel=channel, key="at once"))

        threads = [threading.Thread(target=call) for _ in range(_AT_ONCE)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        bad = sorted({each.status for each in found} - {"ok", "abstained"})
        if bad:
            yield f"{channel}: called by {_AT_ONCE} threads at once it {', '.join(bad)}"
        if (count := given.sent(plugin)) is not None and count != 1:
            yield f"{channel}: one key from {_AT_ONCE} threads at once made {count} messages; one should go out"


def repeats_nothing_of_a_message(given: NotifierGiven) -> Iterator[str]:
    """Neither the text nor the address gets into a receipt, an error, a log, the screen or the plugin's own repr."""
    for channel in given.channels:
        plugin = given.make()
        with _overheard() as heard:
            done = _deliver(plugin, channel=channel, text=Sensitive(_TEXT), address=Sensitive(_ADDRESS), key="quiet")
        receipt = done.value if isinstance(done.value, Receipt) else None
        places = {
            "its receipt": receipt.provider if receipt else "",
            "its error": done.error,
            "its repr": repr(plugin),
            "the log": heard["log"].getvalue(),
            "the screen": heard["screen"].getvalue(),
        }
        for place, said in places.items():
            for what, canary in (("text", _TEXT), ("address", _ADDRESS)):
                if canary in said:
                    yield f"{channel}: the {what} of a message stands in {place}"


@contextlib.contextmanager
def _overheard() -> Iterator[dict[str, io.StringIO]]:
    """What is logged and printed meanwhile."""
    heard = {"log": io.StringIO(), "screen": io.StringIO()}
    handler, root = logging.StreamHandler(heard["log"]), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stdout(heard["screen"]), contextlib.redirect_stderr(heard["screen"]):
            yield heard
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def says_what_it_can_know_of_humans(given: NotifierGiven) -> Iterator[str]:
    """A receipt says that a person answered only where the plugin can tell, and then it does for some channel."""
    done = [_deliver(given.make(), channel=channel) for channel in given.channels]
    human = [channel for channel, each in zip(given.channels, done, strict=True) if isinstance(each.value, Receipt) and each.value.human]
    if human and not given.tells_humans:
        yield f"{', '.join(human)}: a receipt says that a person answered, and the plugin does not claim to know (tells_humans)"
    if given.tells_humans and not human:
        yield "it claims to know when a person answers (tells_humans), and no receipt says so; let the stand-in answer as a person once"


def knows_what_it_can_do_offline(given: NotifierGiven) -> Iterator[str]:
    """Without a network it says that nothing was taken on, unless it claims to do without one; then the message is taken on."""
    for channel in given.channels:
        plugin = given.make()
        with no_network():
            done = _deliver(plugin, channel=channel)
        taken = isinstance(done.value, Receipt) and done.value.taken
        if taken and not given.works_offline:
            yield f"{channel}: without a network it says that the message was taken on; nobody has it (works_offline is not claimed)"
        if given.works_offline and not taken:
            yield f"{channel}: it claims works_offline, and without a network the message is not taken on ({done.status})"


def stands_beside_others_that_fail(given: NotifierGiven) -> Iterator[str]:
    """Beside plugins that raise, exit and answer nonsense it does what it does alone."""
    for channel in given.channels:
        alone, beside = _deliver(given.make(), channel=channel), _deliver(given.make(), *every_fault(), channel=channel)
        if alone.status != beside.status:
            yield f"{channel}: alone it {alone.status}, beside plugins that fail it {beside.status}"


def shares_nothing_with_another_of_its_kind(given: NotifierGiven) -> Iterator[str]:
    """Two engines have two of it: what one has sent, the other sends all the same."""
    for channel in given.channels:
        first, second = given.make(), given.make()
        for plugin in (first, second):
            _deliver(plugin, channel=channel, key="shared")
        if first is second:
            yield "make gives the same plugin twice; it has to give a new one each time"
            return
        if given.sent(second) == 0:
            yield f"{channel}: what one of it has sent, another does not send; two engines would share what they know"


RULES: tuple[Callable[[NotifierGiven], Iterator[str]], ...] = (
    is_accepted_by_an_engine,
    takes_the_messages_of_its_channels,
    takes_a_message_on,
    leaves_other_channels_alone,
    can_do_without_an_address,
    sends_a_key_once,
    sends_every_key,
    sends_a_key_once_at_once,
    repeats_nothing_of_a_message,
    says_what_it_can_know_of_humans,
    knows_what_it_can_do_offline,
    stands_beside_others_that_fail,
    shares_nothing_with_another_of_its_kind,
)
