"""Made-up signals of one person, for the tests of whatever is derived from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from recoverycore.risk import Signal

NOW = datetime(2026, 5, 18, 21, tzinfo=UTC)


def sign(identifier: str, days_ago: float | None, *codes: str, **more: Any) -> Signal:
    """An early sign so many days ago; None: nobody knows when."""
    at = NOW - timedelta(days=days_ago or 0)
    given = {"id": identifier, "kind": "early_warning_sign", "observed_at": None if days_ago is None else at, "recorded_at": at}
    return Signal.model_validate({**given, "codes": codes, **more})


SIGNALS = st.lists(
    st.builds(
        lambda number, days, codes, gone, kind, source: sign(
            f"s{number}", days, *codes, kind=kind, source=source, **({"retracted_at": NOW - timedelta(days=gone)} if gone else {})
        ),
        st.integers(0, 9),
        st.one_of(st.none(), st.floats(0, 14, allow_nan=False)),
        st.lists(st.sampled_from(["sleep", "irritable", "withdraw"]), max_size=3),
        st.integers(0, 5),
        st.sampled_from(["early_warning_sign", "appointment_missed", "craving"]),
        st.sampled_from(["self", "staff", "peer"]),
    ),
    unique_by=lambda signal: signal.id,
)
