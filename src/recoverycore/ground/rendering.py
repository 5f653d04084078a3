"""The one door through which values are shown. Renderers live in views and register here, so no domain imports them."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

__all__ = ["bundle", "render"]

_IN_A_NOTEBOOK = ("text/html", "image/svg+xml", "text/plain")


@singledispatch
def render(value: Any, medium: str) -> str | None:
    """`value` as text of `medium` (``text/plain``, ``text/html``), or None when nobody registered a way to show it.

    ``text/html`` is a part for a page of yours; ``text/html;page`` is a page of its own. Neither asks for anything from
    elsewhere.
    """
    import recoverycore.views.renderers  # noqa: F401 - the one import that runs upwards: what is shown first loads what shows it

    found = render.dispatch(type(value))
    return None if found is _NOBODY else found(value, medium)


_NOBODY = render.dispatch(object)


def bundle(value: Any) -> dict[str, str]:
    """`value` in each medium that a notebook may choose from; text is always among them."""
    shown = {medium: render(value, medium) for medium in _IN_A_NOTEBOOK}
    return {"text/plain": repr(value), **{medium: text for medium, text in shown.items() if text}}
