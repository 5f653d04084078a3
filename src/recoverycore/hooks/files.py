"""A programme's own plugins, each a single file in one folder: code as ``.py``, crisis lines as ``.json``, ``.toml`` or ``.yaml``.

Read is what lies in the folder itself with one of these endings. Left alone are names that begin with a dot, ``__pycache__`` and
every other folder, and other endings: editors and file systems put such things everywhere. Refused, and told, is a link that
leads out of the folder: who may write in the folder decides what its plugins do, and nobody else should.

Naming the folder enables everything in it, and a plugin sees health data.
"""

from __future__ import annotations

import inspect
import sys
from importlib.abc import ExecutionLoader
from importlib.machinery import ModuleSpec
from importlib.util import decode_source, module_from_spec
from pathlib import Path
from time import perf_counter
from traceback import walk_tb
from typing import TYPE_CHECKING

from recoverycore.errors import PluginError, RecoveryError, problem
from recoverycore.ground import digest
from recoverycore.ground.limits import MAX_BYTES
from recoverycore.ground.loading import format_of, read_text
from recoverycore.hooks.checks import MARK, check_alone, check_together
from recoverycore.hooks.dispatch import pass_on_interrupt
from recoverycore.hooks.lines import plugin_of, read_lines
from recoverycore.hooks.loading import Candidate, from_object, load_failed
from recoverycore.hooks.policies import hooks_of
from recoverycore.hooks.specs import RecoveryHooks
from recoverycore.hooks.values import read_only

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["PLACE", "checked_files", "file_candidate", "file_candidates", "plugins_in"]

_CODE = ".py"
_ENDINGS = frozenset({_CODE, ".json", ".toml", ".yaml", ".yml"})
PLACE = "/plugin_folder"
"""Where the files stand for whoever is told of a problem; the name of the file follows."""


def plugins_in(folder: str | Path) -> list[object]:
    """The plugins in `folder`, sorted by file: each with the name of its file, unless it says another itself.

    A ``.py`` file is a module with ``recoverycore_api = 1`` and functions under ``@hookimpl``, or ends in ``plugin``: the plugin
    itself, or a function that gets the settings (here none) and makes it. The other files hold
    ``{"name"?, "region", "entries": [directory entries], "documents": [local documents]}``.

    Errors: every problem of every file as `PluginError`, each with the file and the place in it.
    """
    found = checked_files(folder)
    problems = [each for one in found for each in one.problems]
    if problems:
        raise PluginError(*problems)
    return [each.plugin for each in found]


def checked_files(folder: str | Path) -> list[Candidate]:
    """What `folder` holds, each with its hooks or whatever is wrong with it, alone and beside the others."""
    hooks = hooks_of(RecoveryHooks)
    found = file_candidates(folder)
    for each in found:
        check_alone(each, hooks)
    check_together(found, hooks, {}, ())
    return found


def file_candidates(folder: str | Path) -> list[Candidate]:
    """One candidate for each file of `folder` that is to be a plugin. One that cannot be taken has the name of its file."""
    try:
        home = Path(folder).resolve(strict=True)
        files = sorted(each for each in home.iterdir() if each.suffix.lower() in _ENDINGS and each.name[0] != "." and not _is_folder(each))
    except (OSError, RuntimeError, ValueError):  # a circle of links; a NUL
        return [Candidate("plugin_folder", PLACE, problems=[problem("plugin_folder_unreadable", PLACE)])]
    by_name: dict[str, list[Path]] = {}
    for each in files:
        by_name.setdefault(each.stem.casefold(), []).append(each)  # for some file systems A.json and a.json are one
    return [_candidate(each, home, by_name[each.stem.casefold()]) for each in files]


def file_candidate(path: Path, place: str) -> Candidate:
    """The candidate that one file is, which the host named itself. Its neighbours are left alone; a link may lead on in its own folder."""
    try:
        home = path.parent.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # as for a folder
        return Candidate(_printable(path.name), place, problems=[problem("file_unreadable", place, detail="file")])
    return _from_file(home / path.name, home, place)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # behind a link that may not be followed
        return False


def _candidate(file: Path, home: Path, alike: list[Path]) -> Candidate:
    name = _printable(file.name)
    place = f"{PLACE}/{name.replace('~', '~0')}"
    if len(alike) > 1:
        both = ", ".join(_printable(each.name) for each in alike)
        return Candidate(name, place, problems=[problem("plugin_file_twice", place, detail=both)])
    return _from_file(file, home, place)


def _from_file(file: Path, home: Path, place: str) -> Candidate:
    began = perf_counter()
    made = _read(file, home, place)
    made.seconds = perf_counter() - began
    return made


def _read(file: Path, home: Path, place: str) -> Candidate:
    name = _printable(file.name)
    try:
        raw = _bytes_of(file, home)
        if file.suffix.lower() == _CODE:
            return _from_code(file, raw, name, place)
        form = format_of(file)
        lines = read_lines(read_text(raw, form), text_only=form == "yaml")
        return from_object(plugin_of(lines.name or file.stem, lines), place)
    except RecoveryError as error:
        return Candidate(name, place, problems=[each.under(place) for each in error.problems])


def _bytes_of(file: Path, home: Path) -> bytes:
    """What the file holds. A link may lead to another place in the folder, and nowhere else."""
    try:
        real = file.resolve(strict=True)
        leads_out = not real.is_relative_to(home)
    except (OSError, RuntimeError):
        leads_out = True
    if leads_out:
        raise PluginError(problem("plugin_file_link"))
    raw = None
    try:
        if real.is_file():  # reading a pipe would wait for ever
            with real.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
    except OSError:
        pass
    if raw is None:
        raise PluginError(problem("file_unreadable", detail="file"))
    if len(raw) > MAX_BYTES:
        raise PluginError(problem("too_large", detail=f"limit {MAX_BYTES} bytes"))
    return raw


class _OneFile(ExecutionLoader):
    """Runs the text that was read, so that no compiled copy of it is written beside it."""

    def __init__(self, path: str, raw: bytes) -> None:
        self._path = path
        self._raw = raw

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002 - the loader's own signature
        """Where the text stands, for whoever looks for a mistake in it."""
        return self._path

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 - as above
        """The text, in the encoding that it says it has."""
        return decode_source(self._raw)


def _from_code(file: Path, raw: bytes, name: str, place: str) -> Candidate:
    """The candidate that the file's own code makes. Whatever that raises is told by its class, and by the line of the file."""
    doing = "imported"
    try:
        module = _run(file, raw)
        own = vars(module)
        marked = any(inspect.isfunction(each) and hasattr(each, MARK) for each in own.values())
        if marked and "plugin" in own:
            return Candidate(name, place, problems=[problem("plugin_file_both", place)])
        if not marked and not own.keys() & {"plugin", "recoverycore_api"}:
            return Candidate(name, place, problems=[problem("plugin_file_empty", place)])
        doing = "made"
        plugin = own.get("plugin", module)
        if inspect.isroutine(plugin):
            plugin = plugin(read_only({}))
        doing = "named"
        return _named(plugin, file.stem, place)
    except BaseException as error:  # noqa: BLE001 - one broken plugin must not keep the others from loading
        pass_on_interrupt(error)
        line = _line(error, str(file))
        return Candidate(name, place, problems=[load_failed(place, name, error, f"{doing}, line {line}" if line else doing)])


def _run(file: Path, raw: bytes) -> ModuleType:
    """The module that `raw` is. It is known to Python under a name of its own, as dataclasses and pickles need it."""
    name = f"recoverycore_file_{digest(ascii(file))[:16]}"
    loader = _OneFile(str(file), raw)
    spec = ModuleSpec(name, loader, origin=str(file))
    spec.has_location = True  # its __file__ tells where it stands
    module = sys.modules[name] = module_from_spec(spec)
    try:
        loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _named(plugin: object, stem: str, place: str) -> Candidate:
    """The plugin under the name that it has, or else the file's, which it keeps wherever it is handed over."""
    if hasattr(plugin, "recoverycore_api") and not isinstance(plugin, type) and not getattr(plugin, "recoverycore_name", ""):
        plugin.recoverycore_name = stem  # type: ignore[attr-defined]  # whatever it is, it may have one
    return from_object(plugin, place)


def _line(error: BaseException, file: str) -> int | None:
    """The last line of `file` that the error came through; its text is left alone."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    return next((line for frame, line in reversed([*walk_tb(error.__traceback__)]) if frame.f_code.co_filename == file), None)


def _printable(name: str) -> str:
    """A file's name as a line of text can show it."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)
