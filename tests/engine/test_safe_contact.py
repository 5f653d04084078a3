"""Safe contact in the engine: nothing goes to somebody on the never list, nor over a channel that is not safe; and it is live."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore import Client, Engine, History, NotAllowed, OutgoingMessage, Protocol, Receipt, Rule, Team
from recoverycore.people import ContactSafety
from tests.engine.clinic import ME, MINUTE, NIGHT, Deliverer, call, clinic, rows, told

PEOPLE = st.sampled_from(["client", "friend", "cousin"])
CHANNELS = st.lists(st.sampled_from(["app", "sms", "voice"]), unique=True).map(tuple)


BY_PERSON = st.dictionaries(PEOPLE, CHANNELS)
SAFETY = st.builds(
    lambda dv, safe, unsafe, no_contact, never: ContactSafety(
        dv=dv, safe_channels=safe, unsafe_channels=unsafe, no_contact=no_contact, never_contact=never
    ),
    st.booleans(),
    BY_PERSON,
    BY_PERSON,
    st.booleans(),
    st.lists(PEOPLE, max_size=1).map(tuple),
)


@given(SAFETY, PEOPLE, CHANNELS)
def test_what_is_usable_is_what_a_plain_look_allows(safety: ContactSafety, who: str, channels: tuple[str, ...]) -> None:
    wanted = []
    for channel in channels:
        barred = who in safety.never_contact or (who == "client" and safety.no_contact)
        barred = barred or channel in safety.unsafe_channels.get(who, ())
        barred = barred or (safety.dv and channel not in safety.safe_channels.get(who, ()))
        wanted += [] if barred else [channel]
    assert safety.usable(who, channels) == tuple(wanted)


def safe(engine: Engine, at: Any = NIGHT, **safety: Any) -> Engine:
    """The same clinic, in which this was said about safe contact."""
    person = engine.get(Client, ME)
    assert person is not None
    engine.put(Client.model_validate({**person.to_data(), "safety": safety}), at=at)
    return engine


def test_somebody_on_the_never_list_is_passed_over_and_the_next_is_asked_at_once() -> None:
    engine = safe(clinic(), never_contact=["peer_ade"])
    call(engine)
    assert "peer_ade" not in {who for who, _ in told(engine)}
    assert ("cm_quinn", "sms") in told(engine)
    assert "never_contact" in {row["code"] for row in rows(engine, "decided")}


def with_a_friend(engine: Engine) -> Engine:
    """The protocol tells a friend of hers first, who has a phone and the app."""
    team = engine.get(Team, client=ME)
    protocol = engine.get(Protocol, "p_code")
    assert team is not None
    assert protocol is not None
    members = [{**each, "channels": ["sms", "app"]} if each["id"] == "friend_bea" else each for each in team.to_data()["members"]]
    engine.put(Team.model_validate({**team.to_data(), "members": members}), client=ME, at=NIGHT)
    inform = {"id": "friend", "group": "first", "targets": [{"contact": "friend_bea"}], "quorum": "none"}
    first, *rest = protocol.to_data()["steps"]
    engine.put(Protocol.model_validate({**protocol.to_data(), "steps": [inform, {**first, "group": "first"}, *rest]}), at=NIGHT)
    return engine


@pytest.mark.parametrize(
    ("safety", "channels"),
    [
        ({}, ["sms"]),
        ({"dv": True}, []),
        ({"dv": True, "safe_channels": {"friend_bea": ["app"]}}, ["app"]),
        ({"unsafe_channels": {"friend_bea": ["sms"]}}, ["app"]),
        ({"never_contact": ["friend_bea"]}, []),
    ],
)
def test_where_there_is_violence_only_what_was_named_as_safe_is_used(safety: dict[str, Any], channels: list[str]) -> None:
    engine = safe(with_a_friend(clinic()), **safety)
    call(engine)
    assert [channel for who, channel in told(engine) if who == "friend_bea"] == channels


def test_what_is_said_while_a_message_waits_holds_before_it_goes() -> None:
    def busy(message: OutgoingMessage) -> Receipt:
        return Receipt("failed_transient" if message.to == "friend_bea" else "handed_over")

    deliverer = Deliverer(busy)
    engine = with_a_friend(clinic([deliverer]))
    call(engine)
    safe(engine, NIGHT + MINUTE, unsafe_channels={"friend_bea": ["sms", "app"]})
    engine.deliver(NIGHT + 2 * MINUTE)
    assert [message.channel for message in deliverer.seen if message.to == "friend_bea"] == ["sms"]
    assert rows(engine, "not_sent")


def notice(engine: Engine) -> None:
    tell = [{"client": True}, {"person": "friend_bea", "purpose": "crisis"}, {"role": "supervisor"}]
    engine.put(Rule.model_validate({"id": "r_word", "when": {"event": "news"}, "tell": tell}), at=NIGHT)
    engine.report(client=ME, kind="news", at=NIGHT + MINUTE)


@pytest.mark.parametrize(
    ("safety", "heard"),
    [
        ({}, {"monique", "friend_bea", "lead_noor"}),
        ({"no_contact": True}, {"friend_bea", "lead_noor"}),
        ({"dv": True, "safe_channels": {"client": ["sms"]}}, {"monique", "lead_noor"}),
        ({"unsafe_channels": {"client": ["sms"]}}, {"friend_bea", "lead_noor"}),
        ({"never_contact": ["lead_noor"]}, {"monique", "friend_bea"}),
    ],
)
def test_a_notice_goes_only_where_it_is_safe(safety: dict[str, Any], heard: set[str]) -> None:
    engine = safe(with_a_friend(clinic()), **safety)
    notice(engine)
    assert {who for who, _ in told(engine)} == heard


def test_a_plan_that_counts_on_somebody_unsafe_is_refused() -> None:
    engine = safe(clinic(), never_contact=["friend_bea"])
    history = engine.get(History, client=ME)
    active = history and history.active("safety")
    assert active is not None
    with pytest.raises(NotAllowed) as caught:
        engine.revise("safety", active.content, client=ME, provenance={"authors": ["client"], "reason": "as it was"}, at=NIGHT)
    assert "unsafe_person_listed" in {each.detail for each in caught.value.problems}


def test_agreed_safety_yields_to_no_level() -> None:
    engine = safe(with_a_friend(clinic()), dv=True)
    engine.report(client=ME, kind="go_now_signal", by="peer_ade", at=NIGHT)
    engine.tick(NIGHT + timedelta(hours=1))
    assert "friend_bea" not in {who for who, _ in told(engine)}
