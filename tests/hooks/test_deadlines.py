"""A plugin that hangs costs the deadline and nothing more."""

from __future__ import annotations

import contextvars
import logging
import subprocess
import sys
import threading
from datetime import timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from recoverycore.hooks import Outcome, Plugins, Receipt, hookimpl
from tests.hooks.samples import CANARY, LONG, NOON, SHORT, SOON, Deliverer, Gate, Watcher, deliver, raises, takes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.hooks import Report


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def statuses(report: Report) -> dict[str, str]:
    return {each.plugin: each.status for each in report.outcomes}


def eventually(holds: Callable[[], bool]) -> None:
    end = monotonic() + 60
    while not holds():
        assert monotonic() < end, "it never came to hold"
        sleep(0.005)


def test_a_plugin_that_hangs_is_told_late_and_the_others_are_called(gate: Gate) -> None:
    plugins = Plugins.build([Deliverer("a", takes), Deliverer("b", gate.wait), Deliverer("c", takes)])
    report = deliver(plugins, SOON)
    assert statuses(report) == {"a": "ok", "b": "timeout", "c": "ok"}
    assert report.bad[0].error == "b: no answer within 1 s"


def test_the_caller_goes_on_at_the_deadline_however_many_hang(gate: Gate) -> None:
    asked = [Deliverer(f"p{place}", gate.wait) for place in range(5)]
    watchers = [Watcher("w1", gate.wait), Watcher("w2", gate.wait)]
    plugins = Plugins.build([*asked, *watchers])
    began = monotonic()
    deliver(plugins, timedelta(seconds=0.2))
    assert monotonic() - began < 5  # one deadline and a slow machine; the gate itself would be a minute


def test_nobody_waits_for_the_deadline_when_everyone_has_answered() -> None:
    began = monotonic()
    assert statuses(deliver(Plugins.build([Deliverer("a", takes)]), LONG)) == {"a": "ok"}
    assert monotonic() - began < 30


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_deadline_that_is_over_waits_for_nobody_but_calls_everyone(seconds: int, gate: Gate) -> None:
    hung = Deliverer("a", gate.wait)
    assert statuses(deliver(Plugins.build([hung]), timedelta(seconds=seconds))) == {"a": "timeout"}
    eventually(lambda: hung.calls == 1)


def test_the_longest_deadline_there_is_can_be_waited_for() -> None:
    assert timedelta.max.total_seconds() > threading.TIMEOUT_MAX
    assert statuses(deliver(Plugins.build([Deliverer("a", lambda: sleep(0.1))]), timedelta.max)) == {"a": "abstained"}


def test_what_comes_late_is_unconfirmed_and_not_undelivered(gate: Gate) -> None:
    assert deliver(Plugins.build([Deliverer("a", gate.wait)]), SHORT).delivery == "unconfirmed"


def test_what_comes_late_beside_a_receipt_is_delivered(gate: Gate) -> None:
    plugins = Plugins.build([Deliverer("a", gate.wait), Deliverer("b", takes)])
    assert deliver(plugins, SOON).delivery == "delivered"


def test_a_late_outcome_is_handed_over_when_it_comes(gate: Gate) -> None:
    late: list[Outcome] = []
    deliver(Plugins.build([Deliverer("a", gate.wait), Deliverer("b", takes)]), SOON, on_late=late.append)
    assert late == []
    gate.open()
    eventually(lambda: bool(late))
    assert late == [Outcome("a", "ok", Receipt("accepted"))]


def test_whoever_takes_a_late_outcome_and_raises_costs_a_line_in_the_log(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    def refuses(_: Outcome) -> None:
        raise BaseException(CANARY)  # noqa: TRY002 - the worst that can be raised

    deliver(Plugins.build([Deliverer("a", gate.wait)]), SHORT, on_late=refuses)
    gate.open()
    eventually(lambda: "late outcome of a was not taken: BaseException" in caplog.text)
    assert CANARY not in caplog.text


# Too many late calls


def test_a_plugin_with_too_many_late_calls_is_left_alone(gate: Gate) -> None:
    hung, fine = Deliverer("a", gate.wait), Deliverer("b", takes)
    plugins = Plugins.build([hung, fine], late_calls=2)
    reports = [deliver(plugins, SOON) for _ in range(4)]
    assert [statuses(each)["a"] for each in reports] == ["timeout", "timeout", "failed", "failed"]
    assert [statuses(each)["b"] for each in reports] == ["ok"] * 4
    assert hung.calls == 2
    assert [row["status"] for row in plugins.to_rows()] == ["quarantined", "ready"]


class Carrier(Watcher):
    """Watches, and carries messages too."""

    @hookimpl
    def recovery_deliver_message(self) -> Receipt:
        return Receipt("accepted")


def test_a_plugin_that_one_hook_leaves_alone_is_called_for_its_others(gate: Gate) -> None:
    plugins = Plugins.build([Carrier("both", gate.wait), Deliverer("broken", raises(ValueError()))], late_calls=1)
    assert [statuses(deliver(plugins, SOON))["both"] for _ in range(2)] == ["ok"] * 2
    assert [row["status"] for row in plugins.to_rows()] == ["quarantined", "ready"]


def test_a_plugin_is_left_alone_also_by_calls_without_a_deadline(gate: Gate) -> None:
    hung = Deliverer("a", gate.wait)
    plugins = Plugins.build([hung], late_calls=1)
    deliver(plugins, SHORT)
    (found,) = deliver(plugins, None).outcomes
    assert found.error == "a: quarantined, too many late calls still run"


def test_a_plugin_is_called_again_when_its_late_calls_have_ended(gate: Gate) -> None:
    plugins = Plugins.build([Deliverer("a", gate.wait)], late_calls=1)
    deliver(plugins, SHORT)
    gate.open()
    eventually(lambda: statuses(deliver(plugins)) == {"a": "ok"})


def test_a_plugin_without_a_late_call_is_always_called() -> None:
    assert statuses(deliver(Plugins.build([Deliverer("a", takes)], late_calls=0))) == {"a": "ok"}


def test_late_calls_of_one_set_of_plugins_do_not_count_in_another(gate: Gate) -> None:
    hung = Deliverer("a", gate.wait)
    one, other = Plugins.build([hung], late_calls=1), Plugins.build([hung], late_calls=1)
    deliver(one, SHORT)
    deliver(other, SHORT)
    assert hung.calls == 2


# Who watches


def test_who_watches_is_told_also_when_the_deadline_is_used_up(gate: Gate) -> None:
    watcher = Watcher()
    deliver(Plugins.build([watcher, Deliverer("a", gate.wait)]), SHORT)
    assert watcher.heard.wait(60)
    assert [(each.plugin, each.status, each.at) for each in watcher.told] == [("a", "timeout", NOON)]


def test_who_watches_and_hangs_is_named_in_the_log(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    plugins = Plugins.build([Watcher("w", gate.wait), Deliverer("a", raises(ValueError(CANARY)))])
    with caplog.at_level(logging.WARNING, "recoverycore.hooks"):
        report = deliver(plugins, SOON)
    assert statuses(report) == {"a": "failed"}
    assert "recovery_on_problem: timeout, w: no answer within" in caplog.text


def test_many_problems_at_once_are_one_call_to_who_watches(gate: Gate) -> None:
    watcher = Watcher("w", gate.wait)
    plugins = Plugins.build([watcher, *(Deliverer(f"p{place}", raises(ValueError())) for place in range(6))], late_calls=2)
    deliver(plugins, SOON)
    assert plugins.to_rows()[-1]["status"] == "ready"
    gate.open()
    eventually(lambda: len(watcher.told) == 6)


# Threads


def test_plugins_see_the_context_of_the_caller_and_cannot_change_it() -> None:
    current: contextvars.ContextVar[str] = contextvars.ContextVar("current", default="none")
    seen: list[str] = []

    def act() -> None:
        seen.append(current.get())
        current.set("changed")

    current.set("caller")
    deliver(Plugins.build([Deliverer("a", act), Deliverer("b", act)]))
    assert seen == ["caller", "caller"]
    assert current.get() == "caller"


def test_without_a_deadline_plugins_run_in_the_thread_of_the_caller() -> None:
    threads: list[threading.Thread] = []
    deliver(Plugins.build([Deliverer("a", lambda: threads.append(threading.current_thread()))]), None)
    assert threads == [threading.current_thread()]


def test_a_system_without_threads_left_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_: threading.Thread) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(threading.Thread, "start", refuses)
    (found,) = deliver(Plugins.build([Deliverer("a", takes)])).outcomes
    assert (found.status, found.error) == ("failed", "a: RuntimeError")


def test_an_interrupt_while_waiting_passes_and_counts_what_still_runs_as_late(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_presses_a_key(*_: object) -> None:
        raise KeyboardInterrupt

    plugins = Plugins.build([Deliverer("a", gate.wait)], late_calls=1)
    monkeypatch.setattr(threading.Condition, "wait_for", somebody_presses_a_key)
    with pytest.raises(KeyboardInterrupt):
        deliver(plugins)
    assert [row["status"] for row in plugins.to_rows()] == ["quarantined"]


def test_an_interrupt_while_calls_are_started_leaves_the_count_of_late_calls_right(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def started_and_interrupted(thread: threading.Thread) -> None:
        start(thread)
        raise KeyboardInterrupt

    late: list[Outcome] = []
    hung = Deliverer("a", gate.wait)
    plugins = Plugins.build([hung], late_calls=1)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", started_and_interrupted)
        with pytest.raises(KeyboardInterrupt):
            deliver(plugins, on_late=late.append)
    gate.open()
    eventually(lambda: bool(late))
    second = Gate()
    hung.act = second.wait
    deliver(plugins, SHORT)
    assert plugins.to_rows()[0]["status"] == "quarantined"
    second.open()


HANGS = """
import time
from datetime import timedelta
from tests.hooks.samples import Deliverer, deliver
from recoverycore.hooks import Plugins
print(deliver(Plugins.build([Deliverer("a", lambda: time.sleep(300))]), timedelta(seconds=0.1)).delivery)
"""


def test_a_process_ends_while_a_plugin_still_hangs() -> None:
    done = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "unconfirmed\n", "")
