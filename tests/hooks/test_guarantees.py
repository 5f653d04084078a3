"""What holds for any mix of plugins: nobody healthy is left out, nothing that went wrong is hidden, and two engines share nothing."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from recoverycore.testing import Recorder, plugin_host
from recoverycore.testing.plugins import Fault
from recoverycore.testing.plugins.faults import How
from tests.hooks.samples import Deliverer, takes

FAULTS = st.sets(st.sampled_from([each for each in get_args(How) if each != "hangs"]))
quick = settings(max_examples=25, deadline=None)


@quick
@given(FAULTS, st.integers(0, 3))
def test_no_mix_of_failing_plugins_keeps_a_healthy_one_from_being_called_or_hides_a_failure(failing: set[How], healthy: int) -> None:
    ear = Recorder()
    well = [Deliverer(f"well_{number}", takes) for number in range(healthy)]
    with plugin_host(ear, *well, *map(Fault, failing)) as host:
        report = host.deliver(deadline=None)
        rows = {row["plugin"]: row["last_problem"] for row in host.plugins.to_rows()}
    wrong = {f"fault_{how}" for how in failing}
    assert [each.calls for each in well] == [1] * healthy
    assert {each.plugin for each in report.bad} == {each.plugin for each in ear.problems} == wrong
    assert {name for name, problem in rows.items() if problem} == wrong
    assert report.delivery == ("delivered" if healthy else "undelivered")


@quick
@given(FAULTS, FAULTS)
def test_what_goes_wrong_in_one_engine_is_nothing_to_another(here: set[How], there: set[How]) -> None:
    with plugin_host(Recorder(("sms",)), *map(Fault, here)) as first, plugin_host(Recorder(("sms",)), *map(Fault, there)) as second:
        first.deliver(deadline=None)
        assert all(row["last_problem"] is None and row["call_seconds"] == 0 for row in second.plugins.to_rows())
        assert len(second.deliver(deadline=None).bad) == len(there)
