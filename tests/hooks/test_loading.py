"""What is wrong with a plugin is told when the plugins are built, all of it at once."""

from __future__ import annotations

import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.engine import Engine
from recoverycore.errors import PluginError, Problem
from recoverycore.hooks import Installed, OutgoingMessage, Plugins, Receipt, RecoveryHooks, answers, discover, hookimpl
from recoverycore.hooks.marks import hookspec
from tests.hooks.samples import CANARY, Deliverer, Directory, abstains, deliver, takes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Offer = Callable[..., None]


def problems_of(*asked: object, **more: Any) -> list[Problem]:
    with pytest.raises(PluginError) as caught:
        Plugins.build(asked, **more)
    return list(caught.value.problems)


def only(*asked: object, **more: Any) -> Problem:
    (found,) = problems_of(*asked, **more)
    return found


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Install a distribution of one module, whose entry points lead to that module's functions."""
    monkeypatch.syspath_prepend(tmp_path)
    installed = []

    def install(dist: str, source: str, **points: str) -> None:
        module = dist.replace("-", "_")
        installed.append(module)
        (tmp_path / f"{module}.py").write_text(source, "utf-8")
        info = tmp_path / f"{module}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.2\n", "utf-8")
        lines = [f"{name} = {module}:{function}" for name, function in points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[recoverycore.plugins]", *lines]), "utf-8")

    yield install
    for module in installed:
        sys.modules.pop(module, None)


LINES = """
from recoverycore.hooks import RecoveryHooks, hookimpl

class Lines(RecoveryHooks):
    def __init__(self, settings):
        self.settings = settings

    @hookimpl
    def recovery_contribute_directories(self, region):
        return [{"id": self.settings.get("id", "none")}]

def plugin(settings):
    return Lines(settings)

def broken(settings):
    raise ValueError("bluebird-7731")

def forgetful(settings):
    Lines(settings)

def careless(settings):
    return Lines
"""


# Found by name


def test_an_installed_plugin_is_made_with_its_own_settings(offer: Offer) -> None:
    offer("test-lines", LINES, lines="plugin")
    plugins = Plugins.build(["lines"], settings={"lines": {"id": "zz.help"}})
    assert plugins.contribute("recovery_contribute_directories", region="ZZ").values == {"lines": ({"id": "zz.help"},)}


def test_what_is_installed_can_be_listed_without_importing_it(offer: Offer) -> None:
    offer("test-lines", "raise RuntimeError", lines="plugin")
    assert Installed("lines", "test-lines", "1.2", "test_lines:plugin") in discover()


def test_what_is_installed_is_not_used_unless_it_is_asked_for(offer: Offer) -> None:
    offer("test-lines", LINES, lines="plugin")
    assert Plugins.build([]).implementing("recovery_contribute_directories") == ()


def test_an_unknown_name_is_told_with_a_guess(offer: Offer) -> None:
    offer("test-lines", LINES, zz_lines="plugin")
    found = only("zz_linse")
    assert (found.name, found.path, found.did_you_mean) == ("plugin_unknown", "/plugins/0", "zz_lines")


def test_a_name_that_two_distributions_offer_is_refused(offer: Offer) -> None:
    offer("test-lines", LINES, lines="plugin")
    offer("other-lines", LINES, lines="plugin")
    found = only("lines")
    assert (found.name, found.detail) == ("plugin_ambiguous", "lines: other-lines, test-lines")


@pytest.mark.parametrize(("source", "doing"), [("raise RuntimeError('bluebird-7731')", "imported"), (LINES, "made")])
def test_a_plugin_that_raises_while_it_loads_is_told_by_class_only(offer: Offer, source: str, doing: str) -> None:
    offer(f"test-{doing}", source, lines="broken")
    found = only("lines")
    assert found.name == "plugin_load_failed"
    assert found.detail.endswith(f"Error while {doing}")
    assert CANARY not in str(found)


@pytest.mark.parametrize("error", ["SystemExit", "GeneratorExit", "BaseException", "type('Cancelled', (BaseException,), {})"])
def test_whatever_a_plugin_raises_while_it_is_imported_the_others_are_loaded(offer: Offer, error: str) -> None:
    offer("test-broken", f"raise {error}('bluebird-7731')", broken="broken")
    plugins = Plugins.build([Deliverer("pager", takes), "broken"], on_failure="report")
    assert plugins.names == ("pager",)
    assert [each.name for each in plugins.problems] == ["plugin_load_failed"]
    assert CANARY not in str(plugins.problems)


def test_a_factory_that_forgets_to_return_is_not_taken_for_a_plugin(offer: Offer) -> None:
    offer("test-forgetful", LINES, lines="forgetful")
    assert "plugin_no_hooks" in [each.name for each in problems_of("lines")]


def test_a_factory_that_gives_its_class_is_told_so(offer: Offer) -> None:
    offer("test-careless", LINES, lines="careless")
    assert only("lines").name == "plugin_is_class"


def test_settings_for_a_plugin_that_is_not_loaded_are_a_problem(offer: Offer) -> None:
    offer("test-lines", LINES, lines="plugin")
    found = only("lines", settings={"linse": {}})
    assert (found.name, found.did_you_mean) == ("settings_unused", "lines")


# Looked at


def test_two_plugins_of_one_name_are_both_at_fault() -> None:
    found = problems_of(Deliverer("pager", takes), Deliverer("pager", takes), Deliverer("mail", takes))
    assert [(each.name, each.path) for each in found] == [("plugin_duplicate", "/plugins/0"), ("plugin_duplicate", "/plugins/1")]


def test_a_plugin_without_a_hook_is_refused() -> None:
    assert only(RecoveryHooks()).name == "plugin_no_hooks"


def test_a_hook_that_was_not_marked_is_refused() -> None:
    class Forgot(RecoveryHooks):
        def recovery_on_audit(self, entry: Any) -> None: ...

    assert [each.name for each in problems_of(Forgot())] == ["hook_unmarked"]


@pytest.mark.parametrize("mark", [hookimpl, lambda function: function], ids=["marked", "unmarked"])
def test_a_misspelt_hook_is_told_with_a_guess(mark: Callable[[object], object]) -> None:
    class Typo(RecoveryHooks):
        def recovery_deliver_mesage(self, message: OutgoingMessage, key: str) -> None: ...

        mark(recovery_deliver_mesage)

    found = only(Typo())
    assert (found.name, found.did_you_mean) == ("hook_unknown", "recovery_deliver_message")


def test_a_coroutine_function_is_refused() -> None:
    class Async(RecoveryHooks):
        @hookimpl
        async def recovery_on_audit(self, entry: Any) -> None: ...  # type: ignore[override]  # the mistake that is tested

    assert only(Async()).name == "hook_async"


def test_a_generator_function_is_refused() -> None:
    class Yields(RecoveryHooks):
        @hookimpl
        def recovery_contribute_directories(self, region: str) -> Any:
            yield {"id": region}

    assert only(Yields()).name == "hook_async"


def test_a_class_instead_of_an_object_is_refused() -> None:
    found = only(Deliverer)
    assert (found.name, found.detail) == ("plugin_is_class", "Deliverer")


@pytest.mark.parametrize("version", [0, 2, "1", True, None])
def test_another_version_of_the_hooks_is_refused(version: object) -> None:
    plugin = Deliverer("pager", takes)
    plugin.__dict__["recoverycore_api"] = version
    assert only(plugin).name == "plugin_api"


@pytest.mark.parametrize("option", ["tryfirst", "trylast", "wrapper", "hookwrapper", "optionalhook"])
def test_a_hook_with_an_option_is_refused(option: str) -> None:
    class Pushy(RecoveryHooks):
        def recovery_on_audit(self, entry: Any) -> Any:
            yield entry

        mark: Any = hookimpl
        mark(**{option: True})(recovery_on_audit)

    assert "hook_trick" in [each.name for each in problems_of(Pushy())]


def test_a_parameter_that_no_specification_has_is_told_with_a_guess() -> None:
    class Wants(RecoveryHooks):
        @hookimpl
        def recovery_deliver_message(self, messages: OutgoingMessage, key: str) -> None: ...

    found = only(Wants())
    assert (found.name, found.did_you_mean) == ("hook_argument", "message")


@pytest.mark.parametrize("signature", ["self, *args", "self, **more", "self, entry, /"])
def test_a_parameter_that_takes_by_star_or_place_is_refused(signature: str) -> None:
    space: dict[str, Any] = {}
    exec(f"def recovery_on_audit({signature}): ...", space)  # noqa: S102 - three signatures of one function
    plugin = type("Starred", (RecoveryHooks,), {"recovery_on_audit": hookimpl(space["recovery_on_audit"])})()
    assert only(plugin).name == "hook_argument"


def test_two_providers_of_one_thing_are_both_at_fault() -> None:
    class Store(RecoveryHooks):
        def __init__(self, name: str) -> None:
            self.recoverycore_name = name

        @hookimpl
        def recovery_provide_store(self, settings: Any) -> object:
            return settings

    found = problems_of(Store("one"), Store("two"))
    assert [(each.name, each.path) for each in found] == [("provider_twice", "/plugins/0"), ("provider_twice", "/plugins/1")]


@pytest.mark.parametrize("name", [7, "two\nlines"])
def test_a_name_that_no_report_can_show_is_refused(name: Any) -> None:
    assert only(Deliverer(name, takes)).name == "plugin_name"


def test_a_name_that_raises_is_told_by_class_only() -> None:
    class Secretive(RecoveryHooks):
        @property
        def recoverycore_name(self) -> str:  # type: ignore[override]  # the mistake that is tested
            raise ValueError(CANARY)

    found = only(Secretive())
    assert found.name == "plugin_load_failed"
    assert CANARY not in str(found)


def test_a_plugin_that_raises_while_it_is_looked_at_is_told_by_class_only() -> None:
    class Secretive(Deliverer):
        @property
        def recoverycore_api(self) -> int:  # type: ignore[override]  # the mistake that is tested
            raise ValueError(CANARY)

    found = only(Secretive("pager", takes))
    assert (found.name, found.detail) == ("plugin_load_failed", "pager: ValueError while inspected")


@pytest.mark.parametrize("property_name", ["recoverycore_name", "recoverycore_api", "recovery_deliver_message"])
def test_a_property_that_raises_anything_at_all_keeps_no_other_plugin_from_loading(property_name: str) -> None:
    def raises_anything(_: object) -> str:
        raise BaseException(CANARY)  # noqa: TRY002 - the mischief that is tested

    secretive = type("Secretive", (Deliverer,), {property_name: property(raises_anything), "__init__": object.__init__})
    plugins = Plugins.build([Deliverer("pager", takes), secretive()], on_failure="report")
    assert plugins.names == ("pager",)
    assert CANARY not in str(plugins.problems)


def test_nothing_of_a_plugin_runs_while_it_is_looked_at() -> None:
    class Lazy(Deliverer):
        @property
        def connection(self) -> object:
            raise AssertionError

    assert Plugins.build([Lazy("pager", takes)]).names == ("pager",)


def test_what_pluggy_refuses_is_a_problem_like_any_other() -> None:
    class Host(RecoveryHooks):
        @hookspec(answers.nothing)
        def recovery_on_visit(self, *, room: str) -> None: ...

    class Visits(RecoveryHooks):
        @hookimpl
        def recovery_on_visit(self, room: str) -> None: ...

        @hookimpl
        def recovery_on_audit(self, entry: Any) -> None: ...

    found = only(Visits(), specs=Host)
    assert (found.name, found.detail) == ("plugin_load_failed", "Visits: PluginValidationError while registered")
    assert Plugins.build([Visits()], specs=Host, on_failure="report").implementing("recovery_on_audit") == ()


# Altogether


def test_every_problem_is_told_at_once_with_its_place() -> None:
    found = problems_of("no-such-plugin", Deliverer, RecoveryHooks(), Deliverer("fine", takes), settings={"nobody": {}})
    assert [(each.name, each.path) for each in found] == [
        ("plugin_unknown", "/plugins/0"),
        ("plugin_is_class", "/plugins/1"),
        ("plugin_no_hooks", "/plugins/2"),
        ("settings_unused", "/settings"),
    ]


def test_where_failures_are_reported_the_good_plugins_are_used_and_the_problems_kept() -> None:
    plugins = Plugins.build([Deliverer("pager", takes), RecoveryHooks(), Deliverer], on_failure="report")
    assert plugins.names == plugins.implementing("recovery_deliver_message") == ("pager",)
    assert [each.name for each in plugins.problems] == ["plugin_no_hooks", "plugin_is_class"]


def test_a_plugin_that_stands_well_has_no_problems() -> None:
    plugins = Plugins.build([Deliverer("pager", abstains), Directory("lines", [])])
    assert plugins.problems == ()
    assert plugins.names == ("lines", "pager")


def test_a_module_can_be_a_plugin() -> None:
    def recovery_deliver_message(message: OutgoingMessage) -> Receipt:
        return Receipt("accepted", provider=message.key)

    module = types.ModuleType("pager_module")
    module.__dict__.update(recoverycore_api=1, recovery_deliver_message=hookimpl(recovery_deliver_message))
    assert Plugins.build([module]).implementing("recovery_deliver_message") == ("pager_module",)


def test_two_plugins_may_share_one_function() -> None:
    class Shared(RecoveryHooks):
        def __init__(self, name: str) -> None:
            self.recoverycore_name = name

        @staticmethod
        @hookimpl
        def recovery_on_audit(entry: Any) -> None: ...

    assert Plugins.build([Shared("a"), Shared("b")]).implementing("recovery_on_audit") == ("a", "b")


def test_a_plugin_without_a_name_has_that_of_its_class() -> None:
    assert Plugins.build([Deliverer("", takes)]).names == ("Deliverer",)


def test_each_plugin_asked_for_has_its_row(offer: Offer) -> None:
    offer("test-lines", LINES, lines="plugin")
    rows = Plugins.build(["lines", RecoveryHooks()], on_failure="report").to_rows()
    assert [(row["plugin"], row["dist"], row["version"], row["hooks"], row["status"], row["last_problem"]) for row in rows] == [
        ("RecoveryHooks", "", "", (), "refused", "RC9007 plugin_no_hooks"),
        ("lines", "test-lines", "1.2", ("recovery_contribute_directories",), "ready", None),
    ]


SET = """
from recoverycore.ground import Document
from recoverycore.hooks import Receipt, RecoveryHooks, hookimpl

class PagerSettings(Document):
    channel: str

class Pager(RecoveryHooks):
    recoverycore_settings = PagerSettings

    def __init__(self, settings):
        self.channel = settings.channel

    @hookimpl
    def recovery_deliver_message(self, message, key):
        return Receipt("accepted") if message.channel == self.channel else None
"""


# Settings that are validated first


def test_a_factory_that_names_its_settings_gets_them_validated(offer: Offer) -> None:
    offer("test-pager", SET, pager="Pager")
    plugins = Plugins.build(["pager"], settings={"pager": {"channel": "sms"}})
    assert deliver(plugins).values == {"pager": Receipt("accepted")}


def test_settings_that_do_not_fit_are_told_with_their_places_and_without_what_they_hold(offer: Offer) -> None:
    offer("test-pager", SET, pager="Pager")
    told = only("pager", settings={"pager": {"chanel": CANARY}})
    assert (told.name, told.path, told.did_you_mean) == ("unknown_field", "/plugins/0/settings/chanel", "channel")
    assert CANARY not in str(told)
    assert only("pager").name == "missing_field"


# Left out, or never


def test_a_critical_plugin_that_cannot_be_used_is_an_error_where_others_are_left_out() -> None:
    asked = [Deliverer("pager", takes), RecoveryHooks()]
    assert Plugins.build(asked, on_failure="report", critical=["pager"]).names == ("pager",)
    assert [each.name for each in problems_of(*asked, on_failure="report", critical=["RecoveryHooks"])] == ["plugin_no_hooks"]


def test_a_critical_plugin_that_nobody_asked_for_is_told_with_a_guess() -> None:
    found = only(Deliverer("pager", takes), on_failure="report", critical=["pagr"])
    assert (found.name, found.path, found.did_you_mean) == ("plugin_unknown", "/critical", "pager")


def test_a_misspelt_choice_stops_and_does_not_report() -> None:
    assert only(RecoveryHooks(), on_failure="reprot").path == "/on_plugin_failure"


def test_an_engine_stops_for_a_critical_plugin() -> None:
    with pytest.raises(PluginError, match="plugin_no_hooks"):
        Engine.in_memory([RecoveryHooks()], on_plugin_failure="report", critical=["RecoveryHooks"])
    with Engine.in_memory([RecoveryHooks()], on_plugin_failure="report") as engine:
        assert engine.plugins.to_rows()[0]["status"] == "refused"


def test_the_time_that_calls_take_is_told_by_plugin() -> None:
    plugins = Plugins.build([Deliverer("pager", takes), Deliverer("idle", abstains)])
    assert [row["call_seconds"] for row in plugins.to_rows()] == [0.0, 0.0]
    spent = {each.plugin: each.seconds for _ in range(2) for each in deliver(plugins, None).outcomes}
    assert all(row["call_seconds"] >= spent[row["plugin"]] for row in plugins.to_rows())
    assert all(row["load_seconds"] >= 0 for row in plugins.to_rows())
