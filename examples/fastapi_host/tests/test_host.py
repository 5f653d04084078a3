"""What a program or a person gets from the example, over real HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from examples.fastapi_host.tests.serving import ME, Host, served
from recoverycore.consent import REFUSAL
from recoverycore.consent.documents import SignedPaper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIGNALS = f"/clients/{ME}/signals"
CONSENT = f"/clients/{ME}/consent"
CANARY = "CanaryYellow"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with served(tmp_path / "clinic.db") as found:
        yield found


@pytest.fixture(scope="module")
def quiet_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """One for all tests that change nothing."""
    with served(tmp_path_factory.mktemp("quiet") / "clinic.db") as found:
        yield found


@pytest.fixture(scope="module")
def busy_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """One for all tests that do not mind what others have added."""
    with served(tmp_path_factory.mktemp("busy") / "clinic.db") as found:
        yield found


def reported(host: Host, *commands: str) -> list[tuple[str, str]]:
    """The kind and the author of each signal in the record that came by one of these commands."""
    rows = host.on_engine(lambda its: its.timeline().to_rows())
    return [(row["kind"], row["by"]) for row in rows if row["what"] == "reported" and row["signal"].rpartition(":")[2] in commands]


def question(command: str = "q-1", *sees: str) -> dict[str, Any]:
    return {"command_id": command, "sees": sees or ("contact", "goals"), "why": "crisis"}


# -- what is going on -------------------------------------------------------------------------------------------------------
def test_somebody_on_the_team_sees_the_call_and_who_is_asked(quiet_host: Host) -> None:
    page = quiet_host.get("/").text
    assert quiet_host.place in page
    assert "Nobody has it yet" in page
    assert "peer_ade is asked to answer by 22:52 on 4 November." in page


def test_the_page_of_a_run_holds_the_librarys_own_picture_and_every_line(quiet_host: Host) -> None:
    page = quiet_host.get(quiet_host.place).text
    assert page.count("<svg") == 1
    assert "peer_ade was asked over voice" in page
    assert "times in Europe/London" in page


def test_without_a_sign_in_a_person_is_led_to_it_and_a_program_is_refused(quiet_host: Host) -> None:
    led = quiet_host.get("/", None, page=True)
    assert (led.status, led.headers["location"]) == (303, "/sign-in")
    refused = quiet_host.get("/", None)
    assert (refused.status, refused.codes) == (401, ["host.not_signed_in"])


def test_signing_in_is_only_for_people_on_a_team(quiet_host: Host) -> None:
    came_in = quiet_host.post("/sign-in/peer_ade", None)
    assert came_in.status == 303
    assert "acting_as=peer_ade; HttpOnly; Path=/; SameSite=strict" in came_in.headers["set-cookie"]
    stranger = quiet_host.post("/sign-in/stranger", None)
    assert (stranger.status, stranger.codes) == (403, ["host.not_on_a_team"])


@pytest.mark.parametrize("who", ["stranger", "friend_bea"])
@pytest.mark.parametrize(("method", "path"), [("GET", "runs/{run}"), ("POST", "runs/{run}/acknowledge?command_id=c"), ("GET", "consent")])
def test_who_is_no_staff_around_a_client_is_told_as_of_a_client_whom_nobody_knows(
    quiet_host: Host, who: str, method: str, path: str
) -> None:
    path = path.format(run=quiet_host.run)
    here = quiet_host.ask(method, f"/clients/{ME}/{path}", who)
    assert (here.status, here.codes) == (404, ["RC9109"])
    assert here.text == quiet_host.ask(method, f"/clients/nobody/{path}", who).text
    assert here.json["problems"][0]["hint"] == "Check the id. A client whose team you are not on is answered the same."


def test_who_is_around_nobody_sees_no_call(quiet_host: Host) -> None:
    assert "No call is open around the clients whose team you are on." in quiet_host.get("/", "stranger").text


def test_a_run_that_nobody_knows_is_not_found(quiet_host: Host) -> None:
    found = quiet_host.get(f"/clients/{ME}/runs/no-such-run")
    assert (found.status, found.codes) == (404, ["RC9112"])


# -- acknowledging ----------------------------------------------------------------------------------------------------------
def test_whoever_takes_a_run_has_it(host: Host) -> None:
    assert host.take("peer_ade").json == {"yours": True, "status": "held", "holders": ["peer_ade"]}
    assert "You have it" in host.get(host.place, "peer_ade").text
    assert "peer_ade has it" in host.get(host.place).text


@pytest.mark.parametrize("command", ["c-1", "c-2"])
def test_who_acknowledges_twice_still_has_it(host: Host, command: str) -> None:
    host.take("peer_ade", "c-1")
    again = host.take("peer_ade", command)
    assert (again.status, again.json["holders"]) == (200, ["peer_ade"])


def test_whoever_comes_too_late_is_told_who_has_it(host: Host) -> None:
    host.take("peer_ade")
    late = host.take("cm_quinn")
    assert (late.status, late.json) == (409, {"yours": False, "status": "held", "holders": ["peer_ade"]})
    page = host.take("cm_quinn", "c-2", page=True)
    assert page.status == 409
    assert "It did not become yours" in page.text


def test_the_button_leads_back_to_the_page_of_the_run(host: Host) -> None:
    pressed = host.take("peer_ade", page=True)
    assert (pressed.status, pressed.headers["location"]) == (303, host.place)


def test_of_two_who_answer_at_once_exactly_one_has_it(host: Host) -> None:
    place = host.place
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda who: host.post(f"{place}/acknowledge?command_id=c", who), ["peer_ade", "cm_quinn"]))
    assert sorted(each.status for each in answers) == [200, 409]
    assert {tuple(each.json["holders"]) for each in answers} in ({("peer_ade",)}, {("cm_quinn",)})


# -- signals ----------------------------------------------------------------------------------------------------------------
def test_a_signal_sets_going_what_the_rules_ask_for_and_counts_once(busy_host: Host) -> None:
    for _ in range(2):
        answer = busy_host.post(SIGNALS, "cn_shah", body={"command_id": "s-1", "kind": "go_now_signal"})
        assert (answer.status, answer.json) == (202, {"received": True})
    assert {state.level for state in busy_host.on_engine(lambda its: its.runs(client=ME))} == {3, 4}
    assert reported(busy_host, "s-1") == [("go_now_signal", "cn_shah")]


def test_a_supporter_may_report_and_is_not_told_what_came_of_it(busy_host: Host) -> None:
    answer = busy_host.post(SIGNALS, "friend_bea", body={"command_id": "b-1", "kind": "go_now_signal"})
    nothing = busy_host.post(SIGNALS, "friend_bea", body={"command_id": "b-2", "kind": "quiet_day"})
    assert (answer.status, answer.text) == (nothing.status, nothing.text) == (202, '{"received":true}')


def test_signals_that_come_at_once_are_all_counted(busy_host: Host) -> None:
    with ThreadPoolExecutor(8) as many:
        bodies = [{"command_id": f"m-{number}", "kind": "quiet_day"} for number in range(16)]
        answers = list(many.map(lambda body: busy_host.post(SIGNALS, body=body), bodies))
    assert {each.status for each in answers} == {202}
    assert reported(busy_host, *(each["command_id"] for each in bodies)) == [("quiet_day", "cm_quinn")] * 16


def test_an_id_that_belongs_to_another_command_is_a_conflict(busy_host: Host) -> None:
    busy_host.post(SIGNALS, body={"command_id": "o-1", "kind": "quiet_day"})
    other = busy_host.post(SIGNALS, body={"command_id": "o-1", "kind": "go_now_signal"})
    assert (other.status, other.codes) == (409, ["RC9105"])


@pytest.mark.parametrize("path", ["/clients/nobody/signals", SIGNALS])
def test_a_signal_about_somebody_whom_one_is_not_around_is_not_taken(quiet_host: Host, path: str) -> None:
    answer = quiet_host.post(path, "stranger", body={"command_id": "s-9", "kind": "quiet_day"})
    assert (answer.status, answer.codes) == (404, ["RC9109"])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f'{{"kind": "{CANARY}', [("bad_syntax", "")]),
        (f'{{"command_id": "s", "command_id": "{CANARY}", "kind": "k"}}', [("duplicate_key", "")]),
        (f'["{CANARY}"]', [("wrong_type", "")]),
        ({"command_id": "s", "kind": "k", "observed_at": "2026-11-04T22:47"}, [("naive_time", "/observed_at")]),
        ({"command_id": "s", CANARY: CANARY}, [("unknown_field", "/?"), ("missing_field", "/kind")]),
        ("x" * 70_000, [("too_large", "")]),
        (b"\xff", [("not_text", "")]),
    ],
)
def test_what_cannot_be_read_is_told_by_code_place_and_hint_and_not_repeated(
    quiet_host: Host, body: Any, found: list[tuple[str, str]]
) -> None:
    answer = quiet_host.post(SIGNALS, body=body)
    assert answer.status == 422
    assert sorted((each["name"], each["path"]) for each in answer.json["problems"]) == sorted(found)
    assert all(each["hint"] for each in answer.json["problems"])
    assert CANARY not in answer.text


def test_what_the_framework_itself_cannot_read_is_not_repeated_either(quiet_host: Host) -> None:
    answer = quiet_host.post(f"{quiet_host.place}/acknowledge?{CANARY}={CANARY}")
    assert (answer.status, [(each["name"], each["path"]) for each in answer.json["problems"]]) == (
        422,
        [("missing_field", "/query/command_id")],
    )
    assert CANARY not in answer.text


def test_a_person_is_told_what_is_wrong_on_a_page(quiet_host: Host) -> None:
    answer = quiet_host.get("/clients/nobody/consent", page=True)
    assert answer.status == 404
    assert "There is nobody here by this id." in answer.text
    assert "You act as <strong>cm_quinn</strong>." in answer.text


# -- consent ----------------------------------------------------------------------------------------------------------------
def test_whoever_asks_is_told_what_is_released_and_it_is_written_down(busy_host: Host) -> None:
    assert busy_host.post(CONSENT, "friend_bea", body=question()).text == '{"released": ["contact"]}'
    entry = busy_host.on_engine(lambda its: its.ledger(client=ME)).entries[-1]
    assert (entry.recipient, [each.category for each in entry.records]) == ("friend_bea", ["contact"])


@pytest.mark.parametrize(
    ("path", "who"), [(CONSENT, "stranger"), ("/clients/nobody/consent", "friend_bea"), ("/clients/a%00b/consent", "x")]
)
def test_every_refusal_is_the_same_bytes(quiet_host: Host, path: str, who: str) -> None:
    answer = quiet_host.post(path, who, body=question("q-9", "goals"))
    assert (answer.status, answer.text) == (200, REFUSAL)


def test_what_was_released_before_a_consent_was_withdrawn_is_not_released_again(host: Host) -> None:
    host.post(CONSENT, "friend_bea", body=question())
    host.on_engine(lambda its: its.withdraw("c2", client=ME, by=ME))
    assert host.post(CONSENT, "friend_bea", body=question()).text == REFUSAL


def test_staff_are_shown_why_and_looking_releases_nothing(host: Host) -> None:
    before = host.on_engine(lambda its: its.export())
    page = host.get(f"{CONSENT}?who=friend_bea&why=crisis&sees=contact&sees=goals").text
    assert "In part: some of what was asked for may be released" in page
    assert "{&quot;released&quot;: [&quot;contact&quot;]}" in page
    assert host.on_engine(lambda its: its.export()) == before


def test_the_people_whom_a_question_may_be_about_are_those_around_the_client(quiet_host: Host) -> None:
    page = quiet_host.get(CONSENT).text
    papers = quiet_host.on_engine(lambda its: its.kept(SignedPaper, client=ME))
    assert papers
    assert '<option value="friend_bea">' in page
    assert '<option value="mobile_team">' in page
