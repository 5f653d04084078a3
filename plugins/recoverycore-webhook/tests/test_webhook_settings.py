"""What a host may set, and what is refused before the first message."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore import DocumentError, Sensitive
from recoverycore.hooks import Plugins
from recoverycore_webhook import Webhook, WebhookSettings, plugin

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example
FULL = {"url": "https://example.org/in", "secrets": [SECRET], "channels": ["sms"]}


def refused(**changes: Any) -> list[tuple[str, str]]:
    """Code and place of everything that is wrong with the settings."""
    with pytest.raises(DocumentError) as caught:
        plugin({**FULL, **changes})
    return [(problem.name, problem.path) for problem in caught.value.problems]


def test_an_address_a_secret_and_the_channels_are_enough() -> None:
    assert isinstance(plugin(FULL), Webhook)


def test_a_sealed_secret_is_a_secret() -> None:
    assert WebhookSettings.model_validate({**FULL, "secrets": [Sensitive(SECRET)]}).secrets == (Sensitive(SECRET),)


@pytest.mark.parametrize("name", sorted(FULL))
def test_none_of_the_three_may_be_missing(name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        plugin({key: value for key, value in FULL.items() if key != name})
    assert [(problem.name, problem.path) for problem in caught.value.problems] == [("missing_field", f"/{name}")]


def test_a_setting_that_there_is_not_is_refused_with_its_code() -> None:
    with pytest.raises(DocumentError) as caught:
        plugin({**FULL, "answer_withn": 3})
    assert caught.value.code == "RC1002"
    assert caught.value.problems[0].did_you_mean == "answer_within"


BAD_ADDRESSES = [
    "http://example.org/in",
    "http://localhost/in",
    "http://127.0.0.1:8080/in",
    "ftp://example.org/in",
    "example.org/in",
    "//example.org/in",
    "https://",
    "https:///in",
    "https://user@example.org/",
    "https://user:word@example.org/",
    "https://example.org/#part",
    "https://example.org/#",
    "https://example.org:port/",
    "https://example.org:0/",
    "https://example.org:70000/",
    "https://exa mple.org/",
    "https://example.org/\r\nX-Evil: 1",
    "https://exämple.org/",
    "https://a..b/",
    "https://.example.org/",
    "https://[::1/",
    f"https://{'a' * 64}.example.org/",
]


@pytest.mark.parametrize("url", BAD_ADDRESSES)
def test_an_address_that_is_not_safe_or_not_whole_is_refused(url: str) -> None:
    assert refused(url=url) == [("bad_value", "/url")]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080"])
def test_plain_http_goes_to_this_machine_where_the_host_says_so(host: str) -> None:
    assert not WebhookSettings.model_validate({**FULL, "url": f"http://{host}/in", "http_on_localhost": True}).encrypted


@pytest.mark.parametrize("host", ["example.org", "localhost.example.org", "127.0.0.2", "0.0.0.0", "192.168.0.1", "localhost."])  # noqa: S104 - refused
def test_plain_http_goes_nowhere_else_even_then(host: str) -> None:
    assert refused(url=f"http://{host}/in", http_on_localhost=True) == [("bad_value", "/url")]


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8=",
        "whsec_not base64 at all!",
        "whsec_" + "AAAA" * 22,
        "whsek_x",
        "whsec_ä",
    ],
)
def test_a_secret_that_is_none_is_refused_by_its_place(secret: str) -> None:
    assert refused(secrets=[SECRET, secret]) == [("bad_value", "/secrets/1")]


@pytest.mark.parametrize("name", ["secrets", "channels"])
def test_there_must_be_at_least_one(name: str) -> None:
    assert refused(**{name: []}) == [("blank", f"/{name}")]


@pytest.mark.parametrize(("within", "deadline"), [(10, 10), (11, 10), (8, 5)])
def test_an_answer_must_come_before_the_engine_gives_up(within: float, deadline: float) -> None:
    assert refused(answer_within=within, deliver_within=deadline) == [("bad_value", "/answer_within")]


@pytest.mark.parametrize("changes", [{"answer_within": 0}, {"answer_within": -1}, {"deliver_within": 601}, {"answer_within": "soon"}])
def test_a_time_that_is_none_is_refused(changes: dict[str, Any]) -> None:
    assert [path for _, path in refused(**changes)] == [f"/{name}" for name in changes]


def test_a_class_that_there_is_not_is_refused() -> None:
    assert refused(text_of=["C3"]) == [("not_listed", "/text_of/0")]


def test_an_engine_can_have_several_by_name() -> None:
    settings = WebhookSettings.model_validate(FULL)
    assert Plugins.build([Webhook(settings), Webhook(settings, name="webhook.app")]).names == ("webhook", "webhook.app")


def test_settings_that_an_engine_hands_over_are_understood() -> None:
    from recoverycore.hooks.values import read_only

    assert plugin(read_only(FULL)).recoverycore_name == "webhook"
