"""Contact methods: each kind's form, what is shown as given, what is dialled in normal form."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.ground.contact import ContactMethod, check_contact, sms_uri


@pytest.mark.parametrize("value", ["+12345678", "+123456789012345", "+448081640123"])
def test_an_international_number_has_eight_to_fifteen_digits(value: str) -> None:
    assert check_contact("e164", value).uri == f"tel:{value}"


@pytest.mark.parametrize(
    "value", ["12345678", "+0123456789", "+1234567", "+1234567890123456", "+1 800 273 8255", "+١٢٣٤٥٦٧٨", "", "+12345678\n"]
)
def test_what_is_no_international_number_is_refused(value: str) -> None:
    assert check_contact("e164", value).problems == ("bad_value",)


@pytest.mark.parametrize("value", ["98", "1234567", "9 8 8", "#988"])
def test_a_short_code_has_three_to_six_digits(value: str) -> None:
    assert check_contact("short_code", value, "US").problems == ("bad_value",)


def test_a_text_code_may_have_eight_digits() -> None:
    assert check_contact("sms_code", "12345678", "US").uri == "sms:12345678"


@pytest.mark.parametrize("kind", ["short_code", "sms_code"])
def test_a_code_without_its_region_is_refused(kind: str) -> None:
    assert check_contact(kind, "98888").problems == ("region_required",)


def test_every_problem_is_told_at_once() -> None:
    assert check_contact("sms_code", "12").problems == ("bad_value", "region_required")


def test_a_prefix_before_a_short_code_is_named_as_that() -> None:
    assert check_contact("sms_code", "+44 85258", "GB").problems == ("prefix_on_short_code",)


def test_an_international_number_needs_no_region() -> None:
    assert check_contact("e164", "+448081640123", None).valid


@pytest.mark.parametrize("value", ["a@b", "a b@c.org", "a@b@c.org", "@c.org", "a@c org."])
def test_what_is_no_address_for_mail_is_refused(value: str) -> None:
    assert check_contact("email", value).problems == ("bad_value",)


def test_a_question_mark_cannot_add_headers_to_a_mail() -> None:
    assert check_contact("email", "a?bcc=b@c.org").uri == "mailto:a%3Fbcc%3Db@c.org"


@pytest.mark.parametrize("value", ["http://a.org", "a.org", "javascript:alert(1)", "https://"])
def test_a_page_without_https_is_refused(value: str) -> None:
    assert check_contact("url", value).problems == ("not_https",)


def test_a_page_is_its_own_address() -> None:
    assert check_contact("url", "https://example.org/chat").uri == "https://example.org/chat"


def test_a_reference_in_an_app_has_no_address_outside_it() -> None:
    found = check_contact("in_app", "room-7")
    assert found.valid
    assert found.uri is None


@pytest.mark.parametrize("kind", ["fax", "E164", "", "bad_value"])
def test_a_kind_that_nobody_knows_is_not_guessed(kind: str) -> None:
    assert check_contact(kind, "+12345678", "US").problems == ("unknown_kind",)


@given(st.text(min_size=1), st.sampled_from(["741741", "85258"]))
def test_a_body_survives_its_address_and_nothing_of_it_stands_bare(body: str, value: str) -> None:
    address = sms_uri(value, body)
    number, _, written = address.partition("?body=")
    assert number == f"sms:{value}"
    assert unquote(written) == body
    assert not set(written) & set(" ?&=/#+:;,")


NEARLY = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"\+?[0-9]{2,16}", fullmatch=True),
    st.from_regex(r"https?://[a-z]{0,3}", fullmatch=True),
    st.from_regex(r"[a-z ]{0,2}@[a-z]{0,2}\.?[a-z]{0,2}", fullmatch=True),
)


@given(st.sampled_from(["e164", "short_code", "sms_code", "email", "url", "in_app"]), NEARLY, st.sampled_from([None, "US"]))
def test_the_document_takes_exactly_what_the_check_takes(kind: str, value: str, region: str | None) -> None:
    try:
        ContactMethod.model_validate({"kind": kind, "value": value, "region": region})
    except DocumentError:
        taken = False
    else:
        taken = True
    assert taken == check_contact(kind, value, region).valid


def test_the_document_tells_a_bad_value_and_a_missing_region_at_once() -> None:
    with pytest.raises(DocumentError) as caught:
        ContactMethod.model_validate({"kind": "short_code", "value": "+1988"})
    assert [(each.name, each.path) for each in caught.value.problems] == [
        ("region_required", ""),
        ("prefix_on_short_code", "/value"),
    ]


def test_what_is_shown_is_as_given_and_what_is_dialled_is_not() -> None:
    method = ContactMethod(kind="short_code", value="988", region="US", display="988, press 2")
    assert method.shown == "988, press 2"
    assert method.dialled == "tel:988"


def test_a_text_code_is_shown_with_its_key_word() -> None:
    assert ContactMethod(kind="sms_code", value="85258", region="GB", body="SHOUT").shown == "text SHOUT to 85258"


def test_a_text_code_without_a_key_word_still_says_to_text() -> None:
    assert ContactMethod(kind="sms_code", value="988", region="US").shown == "text 988"


def test_no_repr_shows_where_somebody_is_reached() -> None:
    assert "448081640123" not in repr(check_contact("e164", "+448081640123")) + repr(ContactMethod(kind="e164", value="+448081640123"))
