"""Rules that come later: until the release that requires them they warn, from then on they fail, and whoever wants it may begin early."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.testing import ContractWarning
from recoverycore.testing import contract as module
from recoverycore.testing.contract import Contract, required_from
from recoverycore.testing.plugins.holding import CONTRACTS, held, main
from recoverycore.testing.plugins.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = "7.1.0"
"""A made-up release of the library, so that no real one makes these tests say something else."""


def is_even(number: int) -> Iterator[str]:
    """It is even."""
    if number % 2:
        yield f"{number} is odd"


@required_from("7.2")
def is_small(number: int) -> Iterator[str]:
    """It is small."""
    if number > 9:
        yield f"{number} is large"


class NumberContract(Contract, rules=[is_even, is_small]):
    number: int

    @classmethod
    def given(cls) -> int:
        return cls.number


class Twelve(NumberContract):
    number = 12


class Thirteen(NumberContract):
    number = 13


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets which release of the library it says that it is."""

    def say(number: str) -> None:
        monkeypatch.setattr(module, "version", lambda _: number)

    say(NOW)
    return say


def small(contract: type[Contract]) -> None:
    """Run the test of the later rule, as pytest does."""
    getattr(contract(), "test_is_small")()  # noqa: B009 - the contract makes it where its class is made


@pytest.mark.usefixtures("release")
def test_before_its_release_a_broken_rule_warns_and_passes() -> None:
    with pytest.warns(ContractWarning) as warned:
        small(Twelve)
    assert [str(each.message) for each in warned] == ["12 is large [is_small: required from recoverycore 7.2 on]"]


@pytest.mark.parametrize("number", ["7.2", "7.2.0", "7.2.0rc1", "7.2.0.dev3", "7.10.1", "8"])
def test_from_its_release_on_a_broken_rule_fails(number: str, release: Callable[[str], None]) -> None:
    release(number)
    with pytest.raises(AssertionError, match=r"^12 is large$"):
        small(Twelve)


@pytest.mark.parametrize("number", ["7.1.9", "7.1.99rc2", "6.9", "7"])
def test_an_earlier_release_only_warns(number: str, release: Callable[[str], None]) -> None:
    release(number)
    with pytest.warns(ContractWarning):
        small(Twelve)


@pytest.mark.usefixtures("release")
def test_a_rule_without_a_release_always_holds() -> None:
    with pytest.raises(AssertionError, match="13 is odd"):
        getattr(Thirteen(), "test_is_even")()  # noqa: B009 - as above


@pytest.mark.usefixtures("release")
def test_whoever_is_strict_begins_early() -> None:
    class Strict(Twelve):
        strict = True

    with pytest.raises(AssertionError, match=r"^12 is large$"):
        small(Strict)
    assert Strict.check_all() == ["12 is large"]


@pytest.mark.usefixtures("release")
def test_without_a_runner_what_is_to_come_is_told_apart() -> None:
    with pytest.warns(ContractWarning, match="12 is large"):
        assert Twelve.check_all() == []
    assert Thirteen.findings() == (["13 is odd"], ["13 is large [is_small: required from recoverycore 7.2 on]"])


@pytest.mark.usefixtures("release")
def test_a_rule_that_is_kept_says_nothing(recwarn: pytest.WarningsRecorder) -> None:
    class Four(NumberContract):
        number = 4

    small(Four)
    assert Four.check_all() == []
    assert not recwarn.list


@pytest.mark.parametrize("written", ["v7.2", "7.2rc1", "next", "", "7."])
def test_a_misspelt_release_is_told_where_it_is_written(written: str) -> None:
    with pytest.raises(ValueError, match="is no release"):
        required_from(written)


@required_from("7.2")
def has_a_motto(_: Any) -> Iterator[str]:
    """It has a motto."""
    yield "it has no motto"


@pytest.fixture
def with_a_motto(monkeypatch: pytest.MonkeyPatch, release: Callable[[str], None]) -> Callable[[str], None]:
    """The contract of deliverers with one rule that is to come."""

    class Later(CONTRACTS["recovery_deliver_message"], rules=[has_a_motto]):  # type: ignore[misc]  # a class of a table
        """As it will be."""

    monkeypatch.setattr("recoverycore.testing.plugins.holding.CONTRACTS", {**CONTRACTS, "recovery_deliver_message": Later})
    monkeypatch.setattr("recoverycore.testing.plugins.holding.NotifierContract", Later)
    return release


WORDS = [f"{Recorder.__module__}:mine", "--channel", "sms", "--claim", "works_offline"]


@pytest.mark.usefixtures("with_a_motto")
@pytest.mark.parametrize("more", [[], ["--strict"]])
def test_a_terminal_tells_what_is_to_come_apart_from_what_is_broken(
    more: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(f"{Recorder.__module__}.mine", lambda _: Recorder(("sms",)), raising=False)
    assert main([*WORDS, *more]) == (1 if more else 0)
    said = capsys.readouterr().out.splitlines()
    if more:
        assert said == ["Later: 1 broken", "  it has no motto"]
    else:
        assert said == ["Later: kept, 1 to come", "  to come: it has no motto [has_a_motto: required from recoverycore 7.2 on]"]


@pytest.mark.usefixtures("with_a_motto")
def test_from_python_it_is_told_apart_too() -> None:
    (found,) = held(lambda: Recorder(("sms",)), channels=["sms"], claims=["works_offline"])
    assert (found.broken, len(found.to_come)) == ((), 1)


def test_each_rule_that_the_first_release_did_not_have_says_from_when_on_it_is_required() -> None:
    """Otherwise a plugin that was well would fail with the next release of the library, and nobody would have been told."""
    first = set(Path(__file__).with_name("rules_of_0_1.txt").read_text("utf-8").splitlines())
    rules = [(contract.__name__, name, rule) for contract in CONTRACTS.values() for name, rule in contract._rules.items()]
    without = {f"{contract} {name}" for contract, name, rule in rules if not hasattr(rule, "required_from")}
    assert without <= first, f"put @required_from above {sorted(without - first)}"
    assert first <= without, "a rule of the first release is gone; say so in a changelog fragment, and take it out of the list"
