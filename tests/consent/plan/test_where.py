"""Where a question looks: what it names and all that is below it, and everything on an axis that it does not name."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from recoverycore.consent import ClientFacts, Discloser
from recoverycore.consent.matter import Setting
from recoverycore.consent.plan.where import AXES, Where, where_of
from recoverycore.errors import DocumentError, InstantError
from tests.consent.papers import NOON

SETTING = Setting.of(ClientFacts(zone="Asia/Tokyo"))


def where(named: dict[str, Any], **more: Any) -> Where:
    return where_of(SETTING, named, **more)


ANYWHERE = where({})


def test_the_axes_are_those_of_a_cell_that_a_question_may_narrow() -> None:
    assert AXES == ("label", "category", "purpose", "action", "recipient", "person", "discloser")


@pytest.mark.parametrize("axis", ["label", "category", "purpose", "action", "recipient", "discloser"])
def test_a_star_leaves_an_axis_as_free_as_if_nobody_named_it(axis: str) -> None:
    assert where({axis: "*"}) == where({axis: ["one", "*"]}) == ANYWHERE


def test_what_nobody_narrowed_takes_everything() -> None:
    assert ANYWHERE.takes("category", None)
    assert ANYWHERE.takes("purpose", "any")
    assert ANYWHERE.takes_labels([])
    assert ANYWHERE.takes_recipient("anybody", None)
    assert ANYWHERE.takes_discloser("anybody")
    assert ANYWHERE.codes("label") == frozenset()


@pytest.mark.parametrize(
    ("axis", "written", "inside", "outside"),
    [
        ("category", "lab", ["lab"], ["plan", None]),
        ("purpose", "TREAT", ["treatment", "emergency_treatment"], ["payment", "TREAT"]),
        ("purpose", ["tpo"], ["treatment", "payment", "operations"], ["research"]),
        ("action", ("access", "use"), ["disclose", "use"], ["access", "redisclose"]),
    ],
)
def test_a_code_takes_itself_by_its_own_name_and_what_is_below_it(axis: Any, written: Any, inside: list[Any], outside: list[Any]) -> None:
    place = where({axis: written})
    assert [place.takes(axis, each) for each in inside + outside] == [True] * len(inside) + [False] * len(outside)
    assert place.codes(axis)
    assert place.takes("category" if axis != "category" else "purpose", "anything")


def test_a_label_takes_a_record_that_carries_it_or_one_below_it() -> None:
    place = where({"label": "BH"})
    assert place.takes_labels(["HIV", "OPIOIDUD"])
    assert not place.takes_labels(["HIV"])
    assert not place.takes_labels([])


def test_a_recipient_is_meant_by_id_or_by_organisation() -> None:
    place = where({"recipient": ["dana", "TREAT"]})
    assert place.recipients == {"dana", "TREAT"}
    assert place.takes_recipient("dana", None)
    assert place.takes_recipient("eli", "dana")
    assert place.takes_recipient("TREAT", None)
    assert not place.takes_recipient("eli", "home")
    assert not place.takes_recipient("eli", None)
    assert place.takes_discloser("eli")


def test_somebody_exactly_is_meant_by_id_alone_and_only_at_the_places_told() -> None:
    nowhere = evolve(ANYWHERE, exactly="dana")
    assert [nowhere.takes_recipient("dana", each) for each in (None, "home")] == [True, False]
    assert not nowhere.takes_recipient("eli", None)
    home = evolve(nowhere, places=frozenset({"home"}))
    assert [home.takes_recipient("dana", each) for each in (None, "home", "dana")] == [False, True, False]
    assert not home.takes_recipient("eli", "home")


def test_a_discloser_is_meant_by_id_whether_it_is_asked_or_released_by() -> None:
    asked = where({"discloser": "harbor"})
    assert (asked.takes_discloser("harbor"), asked.takes_discloser("other"), asked.disclosers) == (True, False, {"harbor"})
    assert asked.takes_recipient("other", None)
    releasing = where({}, discloser=Discloser(id="harbor"))
    assert (releasing.takes_discloser("harbor"), releasing.takes_discloser("other")) == (True, False)
    both = where({"discloser": "other"}, discloser=Discloser(id="harbor"))
    assert not both.takes_discloser("harbor")
    assert not both.takes_discloser("other")


def test_the_rest_of_a_question_is_kept_as_it_was_asked() -> None:
    clinic = Discloser(id="harbor", kind="part2_program")
    place = where({}, since=NOON, discloser=clinic, source="harbor")
    assert (place.since, place.releasing, place.source, place.zone, place.words) == (NOON, clinic, "harbor", "Asia/Tokyo", SETTING.words)
    assert (ANYWHERE.since, ANYWHERE.releasing, ANYWHERE.source) == (None, None, None)


@pytest.mark.parametrize(
    ("named", "name", "path", "likely"),
    [
        ({"label": "HIV", "recipients": "dana"}, "unknown_axis", "/where/recipients", "recipient"),
        ({"label": []}, "empty_axis", "/where/label", None),
        ({"discloser": ()}, "empty_axis", "/where/discloser", None),
    ],
)
def test_an_axis_that_is_unknown_or_empty_is_refused_where_it_stands(named: Any, name: str, path: str, likely: str | None) -> None:
    with pytest.raises(DocumentError) as caught:
        where(named)
    [problem] = caught.value.problems
    assert (problem.name, problem.path, problem.did_you_mean) == (name, path, likely)


def test_a_first_instant_has_an_offset() -> None:
    with pytest.raises(InstantError, match="naive_time"):
        where({}, since=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("but", "role", "org", "meant"),
    [
        ({("as", "peer", "org:a")}, "peer", "org:a", False),
        ({("as", "peer", "org:a")}, "peer", "org:b", True),
        ({("as", "peer", "org:a")}, "nurse", "org:a", True),
        ({("as", "peer", "org:a")}, "peer", None, False),  # it may be held there
        ({("as", "peer", None)}, "peer", "org:b", False),
        ({("as", None, None)}, "peer", None, False),
        ({("as", None, None)}, "peer", "org:b", True),
        ({("at", "peer", None)}, "peer", None, True),
        (set(), "peer", None, True),
    ],
)
def test_whoever_holds_a_role_that_is_told_already_is_not_meant(
    but: set[tuple[str, str | None, str | None]], role: str, org: str | None, *, meant: bool
) -> None:
    assert evolve(ANYWHERE, but=frozenset(but)).takes_role(role, org) is meant
