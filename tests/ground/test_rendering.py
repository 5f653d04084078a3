"""The door through which values are shown."""

from __future__ import annotations

from recoverycore.ground import Document, Id, render


class Shown(Document):
    """Something that a renderer is registered for."""

    id: Id


class Plain(Document):
    """Something that nobody knows how to show."""

    id: Id


@render.register
def _show(value: Shown, medium: str) -> str | None:
    return f"<b>{value.id}</b>" if medium == "text/html" else None


def test_what_nobody_knows_how_to_show_is_not_shown() -> None:
    assert render(Plain(id="a"), "text/html") is None


def test_a_registered_renderer_shows_its_own_kind() -> None:
    assert render(Shown(id="a"), "text/html") == "<b>a</b>"


def test_a_notebook_shows_a_document_in_each_medium_that_has_a_renderer() -> None:
    assert Shown(id="a")._repr_mimebundle_() == {"text/html": "<b>a</b>", "text/plain": "Shown(id='a')"}


def test_a_notebook_shows_only_the_repr_of_what_has_no_renderer() -> None:
    assert Plain(id="a")._repr_mimebundle_() == {"text/plain": "Plain(id='a')"}
