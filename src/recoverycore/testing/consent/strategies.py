"""Strategies for hypothesis: near-miss worlds that shrink. They need the extra ``testing``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from recoverycore.testing.consent.drawing import OFTEN_TOLD, World, world_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["near_misses"]


@st.composite
def near_misses(draw: st.DrawFn, stories: Sequence[str] = OFTEN_TOLD) -> World:
    """Worlds as `worlds` draws them; a failing one shrinks to the first story and the fewest moves that still fail."""
    return world_of(lambda values: draw(st.sampled_from(values)), stories)
