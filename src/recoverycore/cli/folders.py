"""The plugins of a folder as a story has them: asked for what they know, and handed or told nothing that they could send on."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.errors import PluginError
from recoverycore.hooks import RecoveryHooks
from recoverycore.hooks.files import checked_files
from recoverycore.hooks.lines import PluginFile
from recoverycore.hooks.policies import hooks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["ForAStory", "for_a_story"]


@frozen
class ForAStory:
    """What a story gets of a folder: plugins that are only asked, and what of them is left alone, by name."""

    plugins: tuple[object, ...] = ()
    not_called: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The name of each plugin that would be handed messages or be told what happens, and its hooks for that."""
    runs_code: bool = False
    """Whether any of it is code, which may do anything while it is imported and asked."""


def for_a_story(folder: Path) -> ForAStory:
    """What a story gets of `folder`. A gateway that lies there is never handed a message: whoever plays a story wants nothing sent.

    Errors: every problem of every file as `PluginError`, as `plugins_in` has them.
    """
    found = checked_files(folder)
    problems = [each for one in found for each in one.problems]
    if problems:
        raise PluginError(*problems)
    hooks = hooks_of(RecoveryHooks)
    plugins: list[object] = []
    left_alone = []
    for each in found:
        told = tuple(name for name in each.hooks if hooks[name].policy == "fan_out")
        asked = [name for name in each.hooks if name not in told]
        if told:
            left_alone.append((each.name, told))
        if asked:
            plugins.append(_only(each.name, each.plugin, asked) if told else each.plugin)
    return ForAStory(tuple(plugins), tuple(left_alone), any(not isinstance(each.plugin, PluginFile) for each in found))


def _only(name: str, plugin: object, hooks: Iterable[str]) -> object:
    """A plugin that has these hooks of `plugin`, under its name, and no other."""
    made = {hook: staticmethod(_passed_on(getattr(plugin, hook))) for hook in hooks}
    kind: type[RecoveryHooks] = type("Asked", (RecoveryHooks,), {"recoverycore_name": name, **made})
    return kind()


def _passed_on(hook: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(hook)  # its mark and its parameters too: that is how a hook is known
    def asked(*given: object, **named: object) -> Any:
        return hook(*given, **named)

    return asked
