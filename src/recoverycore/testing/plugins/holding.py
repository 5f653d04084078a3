"""A plugin held to the contract of each of its hooks from a terminal, without a file of tests."""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.errors import DocumentError, PluginError, RecoveryError, problem
from recoverycore.ground import nearest
from recoverycore.hooks import Plugins
from recoverycore.hooks.files import file_candidate
from recoverycore.hooks.loading import settings_of
from recoverycore.testing.contract import ended_by
from recoverycore.testing.lines.contract import CrisisLinesContract
from recoverycore.testing.plugins.documents import DocumentsContract
from recoverycore.testing.plugins.host import no_network
from recoverycore.testing.plugins.jurisdiction import JurisdictionContract
from recoverycore.testing.plugins.notifier import NotifierContract
from recoverycore.testing.plugins.store import StoreContract

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from recoverycore.errors import Problem
    from recoverycore.testing.contract import Contract

__all__ = ["CLAIMS", "Held", "held", "main", "maker"]

CONTRACTS: Mapping[str, type[Contract]] = {
    "recovery_contribute_directories": CrisisLinesContract,
    "recovery_contribute_documents": DocumentsContract,
    "recovery_deliver_message": NotifierContract,
    "recovery_provide_store": StoreContract,
    "recovery_contribute_consent_profiles": JurisdictionContract,
}
CLAIMS: tuple[str, ...] = (
    "breaks_glass",
    "call_tested",
    "lasting",
    "overrides_refusals",
    "permits_without_consent",
    "tells_humans",
    "works_offline",
    "worldwide",
)
_ELSEWHERE: Mapping[str, str] = {
    "accepted_findings": "It says what and why, so only a class of tests can hold it: accepted_findings = {...}.",
    "beside": "It names plugins: --beside PLUGIN.",
    "day_and_night": "It names kinds of lines: --day-and-night KIND.",
    "protocols_elsewhere": "It names protocols: --protocol-elsewhere ID.",
}
"""Where to say what a contract knows and a mere claim cannot hold."""
NEW = "{new}"
"""In a setting of a store: a new folder, for each store that is made."""
_KEPT, _BROKEN, _CANNOT = 0, 1, 2
_WITHIN = 600
"""So many seconds may all of it take, unless somebody says otherwise."""
_NO_SETTINGS = "A file gets no settings: let it read its own, or hand over PACKAGE:PLUGIN."
_INSTALL = "Install what brings it, or correct the name; of the plugins of this library it is: pip install recoverycore-{name}"
_OFFLINE = "works_offline"
_WARNING = (
    "The contract hands the deliverer some twenty messages for each channel, {network}: what it sends is sent. "
    "Give it a stand-in or a test account (--settings), never your live gateway.\n"
)


class Held(NamedTuple):
    """A contract that a plugin was held to, what is broken of it, and what a later release will not let pass; in sentences."""

    contract: str
    broken: tuple[str, ...]
    to_come: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The same for a terminal."""
        stands = f"{len(self.broken)} broken" if self.broken else "kept"
        warned = f", {len(self.to_come)} to come" if self.to_come else ""
        return [
            f"{self.contract}: {stands}{warned}",
            *(f"  {each}" for each in self.broken),
            *(f"  to come: {each}" for each in self.to_come),
        ]


def maker(target: str, settings: Mapping[str, Any]) -> Callable[[], object]:
    """How to make the plugin at ``module:name``, by its factory or class, or the object itself; or the one that a file is.

    Errors: ``plugin_unknown``; what is wrong with the settings, or with the file; ``settings_unused`` for a file, which gets none.
    """
    if Path(target).suffix and Path(target).is_file():
        if settings:
            raise PluginError(problem("settings_unused", "/settings", detail=target, hint=_NO_SETTINGS))
        return lambda: _of_file(Path(target))
    module, _, name = target.partition(":")
    try:
        found = getattr(import_module(module), name or "plugin")
    except (ImportError, AttributeError, ValueError) as error:
        raise PluginError(problem("plugin_unknown", detail=f"{target}: {type(error).__name__}")) from None
    if not callable(found):
        return lambda: found
    given = settings_of(found, settings)
    return lambda: found(given)


def _of_file(path: Path) -> object:
    found = file_candidate(path, "/file")
    if found.problems:
        raise PluginError(*found.problems)
    return found.plugin


def held(
    make: Callable[[], object],
    *,
    regions: Sequence[str] = (),
    channels: Sequence[str] = (),
    claims: Sequence[str] = (),
    beside: Sequence[object] = (),
    day_and_night: Sequence[str] = (),
    protocols_elsewhere: Sequence[str] = (),
    store_settings: Mapping[str, Any] | None = None,
    strict: bool = False,
) -> list[Held]:
    """The plugin that `make` makes, held to the contract of each hook that it implements and that has one.

    Lines stand beside the plugins that `beside` names. With `strict` what a later release will require is required at once. A deliverer
    is handed messages, and what it sends is sent; only one that claims `works_offline` has no network meanwhile.

    Errors: whatever keeps an engine from taking the plugin; ``not_listed`` for a claim there is not; ``missing_field`` where nobody says
    which regions or channels are its own.

    >>> import io
    >>> from recoverycore.hooks import PrintingDeliverer
    >>> found = held(lambda: PrintingDeliverer(io.StringIO()), channels=["sms"], claims=["works_offline"])
    >>> for line in found[0].lines():
    ...     print(line)
    NotifierContract: 1 broken
      asked for a channel that is not its own it answered (ok); it should answer None
    """
    if unknown := sorted({*claims} - {*CLAIMS}):
        guess, hint = nearest(unknown[0], CLAIMS), _ELSEWHERE.get(unknown[0])
        raise DocumentError(problem("not_listed", "/claim", did_you_mean=guess, detail=f"possible: {', '.join(CLAIMS)}", hint=hint))
    _check_beside(beside)
    plugins = Plugins.build([make()])
    contracts = [contract for hook, contract in CONTRACTS.items() if plugins.implementing(hook)]
    needed = ((CrisisLinesContract, "region", regions), (DocumentsContract, "region", regions), (NotifierContract, "channel", channels))
    for contract, name, told in needed:
        if contract in contracts and not told:  # with none of them every rule would be kept
            raise DocumentError(problem("missing_field", f"/{name}", detail=f"say with --{name} which are its own"))
    given: dict[str, Any] = {
        "channels": tuple(channels),
        "regions": tuple(regions),
        "beside": tuple(beside),
        **({"day_and_night": tuple(day_and_night)} if day_and_night else {}),
        "protocols_elsewhere": tuple(protocols_elsewhere),
        **dict.fromkeys(claims, True),
        "strict": strict,
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        return [_held(contract, {**given, **_made(contract, make, store_settings or {}, home)}) for contract in contracts]


def _check_beside(beside: Sequence[object]) -> None:
    """Whether those that are to stand beside can be had. Errors: those of each, at its place in `beside`."""
    wrong = Plugins.build(beside, on_failure="report").problems
    if wrong:
        raise PluginError(*(_at_its_place(each) for each in wrong))


def _at_its_place(wrong: Problem) -> Problem:
    path = wrong.path.replace("/plugins/", "/beside/", 1)
    hint = _INSTALL.format(name=wrong.detail) if wrong.name == "plugin_unknown" else wrong.hint
    return problem(wrong.name, path, did_you_mean=wrong.did_you_mean, detail=wrong.detail, hint=hint)


def _held(contract: type[Contract], given: Mapping[str, Any]) -> Held:
    held_to: type[Contract] = type(contract.__name__, (contract,), dict(given))
    closed = contract is NotifierContract and given.get(_OFFLINE)
    with no_network() if closed else contextlib.nullcontext():
        broken, to_come = held_to.findings()
    return Held(contract.__name__, tuple(broken), tuple(to_come))


def _made(contract: type[Contract], make: Callable[[], object], store_settings: Mapping[str, Any], home: str) -> dict[str, Any]:
    if contract is CrisisLinesContract:
        return {"plugin": make()}
    if contract is not StoreContract:
        return {"make": staticmethod(make)}
    newest: dict[str, Any] = {}

    def opened() -> Any:
        return Plugins.build([make()]).provide("recovery_provide_store", settings=newest)

    def empty() -> Any:
        newest.clear()
        newest.update({name: _in_a_new_folder(value, home) for name, value in store_settings.items()})
        return opened()

    return {"make": staticmethod(empty), "reopen": staticmethod(lambda _: opened())}


def _in_a_new_folder(value: Any, home: str) -> Any:
    return value.replace(NEW, tempfile.mkdtemp(dir=home)) if isinstance(value, str) and NEW in value else value


def main(words: Sequence[str]) -> int:
    """Hold one plugin to its contracts, and tell what is broken."""
    parser = argparse.ArgumentParser(prog="python -m recoverycore.testing", description="Hold a plugin to the contracts of its hooks.")
    parser.add_argument("plugin", metavar="PACKAGE:PLUGIN", help="where its factory, its class or the plugin itself is; or a file")
    parser.add_argument("--region", action="append", default=[], help="a region that its lines are for; may be repeated")
    parser.add_argument("--channel", action="append", default=[], help="a channel that it carries; may be repeated")
    parser.add_argument("--claim", action="append", default=[], metavar="CLAIM", help=f"what it claims: {', '.join(CLAIMS)}")
    parser.add_argument("--beside", action="append", default=[], help="an installed plugin beside which its lines stand; may be repeated")
    parser.add_argument("--day-and-night", action="append", default=[], metavar="KIND", help="a kind of which somebody always answers")
    parser.add_argument("--protocol-elsewhere", action="append", default=[], metavar="ID", help="a protocol that its rules name only")
    parser.add_argument("--settings", default="{}", metavar="JSON", help="the settings that its factory gets")
    parser.add_argument("--store-settings", default="{}", metavar="JSON", help=f"those of a store; {NEW} stands for a new folder")
    parser.add_argument("--strict", action="store_true", help="require at once what a later release will require")
    parser.add_argument("--within", type=float, default=_WITHIN, metavar="SECONDS", help="then it ends, and says where a plugin hangs")
    asked = parser.parse_args(words)
    if sys.__stderr__ is not None:  # a plugin that hangs answers nobody: the program ends, with the line at which it hangs
        faulthandler.dump_traceback_later(asked.within, exit=True, file=sys.__stderr__)
    try:
        settings, of_store = (_read(each) for each in (asked.settings, asked.store_settings))
        make = maker(asked.plugin, settings)
        if asked.channel and Plugins.build([make()]).implementing("recovery_deliver_message"):
            network = "with the network closed" if _OFFLINE in asked.claim else "with the network open but for one rule"
            sys.stderr.write(_WARNING.format(network=network))
            sys.stderr.flush()
        found = held(
            make,
            regions=asked.region,
            channels=asked.channel,
            claims=asked.claim,
            beside=asked.beside,
            day_and_night=asked.day_and_night,
            protocols_elsewhere=asked.protocol_elsewhere,
            store_settings=of_store,
            strict=asked.strict,
        )
    except RecoveryError as error:
        sys.stdout.write("".join(f"{each}\n" for each in error.problems))
        return _CANNOT
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a plugin that says SystemExit(0) would pass for one that keeps everything
        sys.stdout.write(f"{asked.plugin}: {ended_by(error)}\n")
        return _CANNOT
    finally:
        faulthandler.cancel_dump_traceback_later()
    lines = [line for each in found for line in each.lines()] or ["No hook of this plugin has a contract; an engine takes it as it is."]
    text = "\n".join([*lines, ""])
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode())  # an id may hold what no terminal can show
    return _BROKEN if any(each.broken for each in found) else _KEPT


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DocumentError(problem("wrong_type", "/settings", detail="expected a JSON object"))
    return found
