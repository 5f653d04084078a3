"""The commands. Errors of the library are told in one line each, with code, place and next step; nothing is a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["recoverycore"]

_PLACES: Final = {
    "check-consent": ("consent", "check_consent_command"),
    "compare": ("compare", "compare_command"),
    "demo": ("stories", "demo_command"),
    "explain": ("consent", "explain"),
    "new-plugin": ("new_plugin", "new_plugin_command"),
    "plugins": ("plugins", "plugins_command"),
    "run": ("stories", "run_command"),
    "verify": ("verify", "verify_command"),
}
"""The module beside this one that holds each command, and its name there."""


class _Commands(Mapping[str, click.Command]):
    """A command is imported when it is asked for: each needs other rooms of the library, and none needs all."""

    def __getitem__(self, name: str) -> click.Command:
        module, attribute = _PLACES[name]
        found: click.Command = getattr(import_module(f"recoverycore.cli.{module}"), attribute)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


@click.group(
    commands=_Commands(),
    help="Recovery support rules as values: run a story, see what the rules decide and why. Nothing is sent anywhere.",
)
@click.version_option(package_name="recoverycore")
def recoverycore() -> None:
    """The group of all commands."""
