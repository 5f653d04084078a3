"""A host for a plugin under test: fresh, still, without a network, gone afterwards; and the plugins that stand beside it."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from recoverycore.errors import PluginError
from recoverycore.hooks import RecoveryHooks
from recoverycore.testing import Recorder, plugin_host
from recoverycore.testing.plugins import Fault, NetworkRefused, every_fault, no_network
from recoverycore.testing.plugins.faults import How

MIDNIGHT = datetime(2026, 10, 25, tzinfo=UTC)


def test_the_clock_stands_still_until_it_is_moved() -> None:
    with plugin_host(ear := Recorder(), at=MIDNIGHT) as host:
        host.tick()
        host.tick(timedelta(hours=1))
    assert ear.ticks == [MIDNIGHT, MIDNIGHT + timedelta(hours=1)]


def test_there_is_no_network_inside_and_there_is_afterwards() -> None:
    with plugin_host(Recorder()), pytest.raises(NetworkRefused):
        socket.create_connection(("127.0.0.1", 9))
    before = socket.socket
    with pytest.raises(ZeroDivisionError), no_network():
        raise ZeroDivisionError
    assert socket.socket is before
    with plugin_host(Recorder(), network=True):
        socket.socket().close()


def test_what_is_wrong_with_a_plugin_is_an_error_as_for_a_host() -> None:
    with pytest.raises(PluginError, match="plugin_no_hooks"), plugin_host(RecoveryHooks()):
        pass


def test_two_hosts_share_nothing() -> None:
    ears = Recorder(("sms",)), Recorder(("sms",))
    with plugin_host(ears[0]) as first, plugin_host(ears[1]) as second:
        first.deliver()
        assert first.plugins.names == second.plugins.names == ("recorder",)
    assert [len(ear.messages) for ear in ears] == [1, 0]


def test_a_host_is_closed_at_its_end() -> None:
    with plugin_host(Recorder()) as host:
        pass
    with pytest.raises(Exception, match="store_closed"):
        host.tick()


@pytest.mark.parametrize("how", [each for each in get_args(How) if each != "hangs"])
def test_each_fault_is_told_to_the_ear_and_the_ear_hears_the_message(how: How) -> None:
    ear = Recorder(("sms",))
    with plugin_host(Fault(how), ear) as host:
        assert host.deliver().delivery == "delivered"
        bad = {each.plugin: each.status for each in host.lines("GB").bad}
    assert [each.key for each in ear.messages] == ["key-1"]
    wanted = {"raises": "failed", "exits": "failed", "rubbish": "invalid", "unfinished": "invalid", "meddles": "failed"}
    assert {each.status for each in ear.problems} == {wanted[how]} == {*bad.values()}


def test_one_that_hangs_is_late_and_can_be_let_go() -> None:
    hangs = Fault("hangs")
    with plugin_host(hangs, Recorder(("sms",))) as host:
        assert host.deliver(channel="voice", deadline=timedelta(milliseconds=20)).delivery == "unconfirmed"
    hangs.release()


def test_all_faults_together_keep_nobody_from_being_called() -> None:
    with plugin_host(*every_fault(), ear := Recorder(("sms",))) as host:
        report = host.deliver()
    assert (report.delivery, len(report.bad), len(ear.messages)) == ("delivered", len(every_fault()), 1)
