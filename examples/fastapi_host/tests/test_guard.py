"""What the example keeps out, and what every answer says to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import Request

from examples.fastapi_host.tests.serving import Host, served
from fastapi_host import pages
from fastapi_host.guard import kept_out

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with served(tmp_path_factory.mktemp("guarded") / "clinic.db") as found:
        yield found


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
def test_a_form_of_another_site_changes_nothing(host: Host, headers: dict[str, str]) -> None:
    answer = host.take("cm_quinn", **headers)
    assert (answer.status, answer.codes) == (403, ["host.kept_out"])
    assert host.on_engine(lambda its: its.run(its.runs(client="monique")[0].run).status) == "open"


def test_another_port_of_this_machine_is_another_site(host: Host) -> None:
    assert host.post("/sign-in/cm_quinn", Origin=f"http://127.0.0.1:{host.port + 1}").status == 403


def test_a_form_of_its_own_is_let_in(host: Host) -> None:
    assert host.post("/sign-in/cm_quinn", Origin=host.address, Sec_Fetch_Site="same-origin").status == 303


def test_under_a_name_that_is_not_its_own_it_does_not_answer(host: Host) -> None:
    assert host.get("/", Host="elsewhere.example").status == 400


@pytest.mark.parametrize(("address", "out"), [("127.0.0.1", False), ("::1", False), ("192.0.2.7", True), ("10.0.0.1", True)])
def test_another_machine_is_kept_out(address: str, *, out: bool) -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "client": (address, 5)}
    assert kept_out(Request(scope)) is out


@pytest.mark.parametrize("path", ["/", "/sign-in", "/health", "/clients/nobody/consent", "/no-such-page"])
@pytest.mark.parametrize("who", [None, "cm_quinn"])
def test_every_answer_tells_browsers_to_run_and_fetch_nothing_and_to_keep_nothing(host: Host, path: str, who: str | None) -> None:
    headers = host.get(path, who).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_there_is_no_page_that_loads_scripts_from_elsewhere(host: Host, path: str) -> None:
    assert host.get(path).status == 404


def test_a_hostile_id_is_text_and_nothing_else() -> None:
    hostile = "\"><script>alert(1)</script><img src=x onerror='x'>"
    shown = [pages.consent(hostile, [hostile], {hostile}, None, hostile), pages.page(hostile, "", hostile)]
    assert [each for each in shown if "<script" in each or "<img" in each] == []
