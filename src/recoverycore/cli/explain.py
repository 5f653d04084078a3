"""The group ``explain``: why something was decided as it was. Each subject has a file of its own that adds its command here."""

from __future__ import annotations

import click

__all__ = ["explain"]


@click.group()
def explain() -> None:
    """Say why something is decided as it is, and what would change it."""
