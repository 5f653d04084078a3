"""The one door through which values are shown. Renderers live in views and register here, so no domain imports them."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

__all__ = ["render"]


@singledispatch
def render(value: Any, medium: str) -> str | None:  # noqa: ARG001 - what every renderer takes
    """`value` as text of `medium` (``text/plain``, ``text/html``), or None when nobody registered a way to show it."""
    return None
