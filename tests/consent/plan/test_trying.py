"""Functions of a profile tried: on every combination of what they look at and of one value more, with what then matters of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import ClientFacts, Facts
from recoverycore.consent.matter import Setting
from recoverycore.consent.plan import trying
from recoverycore.consent.plan.trying import Trying
from recoverycore.consent.reading import Reads
from recoverycore.consent.times import EVER
from tests.consent.papers import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.consent import Matter

FACTS = Facts(lawful_basis="9(2)(h)")
TRYING = Trying(Setting.of(ClientFacts(zone="UTC")), FACTS, ())
NOTHING = Reads()


def looks(**axes: Any) -> Reads:
    return Reads(**{axis: value if isinstance(value, bool) else frozenset(value) for axis, value in axes.items()})


def seen(look: Callable[[Matter], Any], **axes: Any) -> list[Any]:
    """What `look` finds in each matter that is tried for what a function looks at."""
    found: list[Any] = []
    TRYING.tried(lambda matter: found.append(look(matter)), looks(**axes))
    return found


def raising(matter: Matter) -> bool:
    raise ValueError(matter.purpose)


def test_a_function_that_tells_things_apart_matters_by_all_that_it_looks_at() -> None:
    hiv = looks(labels=["HIV"])
    assert TRYING.tried(lambda matter: matter.labelled("HIV"), hiv) == ({True, False}, hiv)


@pytest.mark.parametrize("answer", [True, False])
def test_a_function_that_always_says_the_same_matters_by_nothing(answer: bool) -> None:  # noqa: FBT001 - what it says
    assert TRYING.tried(lambda _: answer, looks(labels=["HIV"], treating=True)) == ({answer}, NOTHING)


def test_raising_is_an_answer_too() -> None:
    assert TRYING.tried(raising, looks(purposes=["payment"])) == ({"raised"}, NOTHING)
    answers, _ = TRYING.tried(lambda matter: matter.purpose == "payment" or raising(matter), looks(purposes=["payment"]))
    assert answers == {True, "raised"}


@pytest.mark.parametrize("axes", [{"own": True}, {"parties": True}, {"roles": ["nurse"]}])
def test_of_a_function_that_looks_at_who_is_who_no_answer_is_told(axes: Any) -> None:
    everything = {"labels": ["HIV"], "finely": True, **axes}
    assert TRYING.tried(lambda _: True, looks(labels=["HIV"], **axes)) == (set(), looks(**everything))


def test_of_a_function_with_more_to_look_at_than_is_tried_no_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    eight = looks(labels=["HIV", "SEX"])
    monkeypatch.setattr(trying, "_AT_MOST", 7)
    assert TRYING.tried(lambda _: True, eight) == ({True}, NOTHING)
    monkeypatch.setattr(trying, "_AT_MOST", 6)
    assert TRYING.tried(lambda _: True, eight) == (set(), looks(labels=["HIV", "SEX"], finely=True))


@pytest.mark.parametrize(
    ("function", "exactly"),
    [
        (lambda matter: matter.labelled("MH"), False),
        (lambda matter: matter.labelled("MH") or matter.at > NOON, False),
        (lambda matter: "MH" in matter.labels, True),
        (lambda matter: not matter.labels, True),
        (lambda matter: matter.labels <= {"MH", "PSY", "PSYTHPN"}, True),
    ],
)
def test_which_labels_exactly_matters_where_some_answer_turns_on_it(function: Any, exactly: bool) -> None:  # noqa: FBT001
    trying = Trying(TRYING.setting, FACTS, (NOON, NOON + timedelta(days=1)))
    for told in (True, False):
        _, matters = trying.tried(function, looks(labels=["MH"], finely=told))
        assert matters == looks(labels=["MH"], finely=exactly)


@pytest.mark.parametrize(
    ("function", "axes"),
    [
        (lambda matter: matter.filed_as("lab"), {"categories": ["lab"]}),
        (lambda matter: matter.recipient.relationship == "parent", {"relationships": ["parent"]}),
    ],
)
def test_what_is_not_known_is_like_any_other_where_no_answer_turns_on_it(function: Any, axes: Any) -> None:
    assert TRYING.tried(function, looks(**axes)) == ({True, False}, looks(**axes))


def test_answers_that_have_no_hash_are_told_apart() -> None:
    courts = looks(kinds=["court"])
    answers, matters = TRYING.tried(lambda matter: ["flaw"] if matter.recipient.kind == "court" else [], courts)
    assert (answers, matters) == ({"['flaw']", "[]"}, courts)


@pytest.mark.parametrize(
    ("look", "axes", "values"),
    [
        (lambda matter: matter.labels, {"labels": ["HIV"]}, [set(), {"HIV"}, {"(any other)"}, {"HIV", "(any other)"}]),
        (lambda matter: set(matter.record.labels), {"labels": ["HIV"]}, [set(), {"HIV"}, {"(any other)"}, {"HIV", "(any other)"}]),
        (
            lambda matter: matter.labels if len(matter.labels) == 1 else 0,
            {"labels": ["PSY"]},
            [0, {"PSY"}, {"PSYTHPN"}, {"(any other)"}, *[0] * 4],
        ),
        (lambda matter: matter.category, {"categories": ["lab"]}, [None, "(any other)", "lab"]),
        (lambda matter: matter.record.category, {"categories": ["lab"]}, [None, "(any other)", "lab"]),
        (lambda matter: (matter.category, matter.recipient.relationship), {}, [("(any other)", None)]),
        (lambda matter: matter.purpose, {"purposes": ["TREAT", "payment"]}, ["(any other)", "payment", "treatment", "emergency_treatment"]),
        (lambda matter: matter.request.purposes, {"purposes": ["TREAT"]}, [("(any other)",), ("treatment",), ("emergency_treatment",)]),
        (lambda matter: matter.action, {"actions": ["use"]}, ["(any other)", "use"]),
        (lambda matter: matter.request.action, {"actions": ["use"]}, ["(any other)", "use"]),
        (lambda matter: matter.recipient.relationship, {"relationships": ["parent"]}, [None, "(any other)", "parent"]),
        (lambda matter: matter.recipient.kind, {"kinds": ["client", "payer"]}, [None, "(any other)", "client", "payer"]),
        (lambda matter: matter.discloser_kind, {"discloser_kinds": ["auditor"]}, [None, "(any other)", "auditor"]),
        (lambda matter: matter.recipient.treating_relationship, {"treating": True}, [None, True, False]),
        (lambda matter: (matter.recipient.kind, matter.discloser_kind), {}, [(None, None)]),
        (lambda matter: (matter.recipient.treating_relationship, matter.labels), {}, [(None, set())]),
        (lambda matter: matter.request.recipient is matter.recipient, {}, [True]),
        (lambda matter: matter.request.records == (matter.record,), {}, [True]),
        (lambda matter: (matter.facts, matter.setting) == (FACTS, TRYING.setting), {}, [True]),
        (lambda matter: matter.discloser == matter.recipient.id, {}, [False]),
    ],
)
def test_each_value_that_is_looked_at_is_tried_and_one_more(look: Any, axes: Any, values: list[Any]) -> None:
    assert seen(look, **axes) == values


def test_every_value_is_tried_with_every_other() -> None:
    def values(matter: Matter) -> Any:
        return matter.labels, matter.category, matter.recipient.kind, matter.recipient.treating_relationship

    tried = seen(values, labels=["HIV"], categories=["lab"], kinds=["client"], treating=True)
    assert len(tried) == len(set(tried)) == 4 * 3 * 3 * 3


def test_it_is_tried_in_each_stretch_of_time_in_which_the_facts_say_the_same() -> None:
    friday, monday = NOON - timedelta(days=3), NOON
    trying = Trying(TRYING.setting, FACTS, (friday, monday))
    purposes = looks(purposes=["payment"])
    assert trying.tried(lambda matter: matter.at >= monday, NOTHING) == ({True, False}, NOTHING)
    assert trying.tried(lambda matter: friday <= matter.at < monday and matter.purpose == "payment", purposes) == ({True, False}, purposes)
    found: list[datetime] = []
    trying.tried(lambda matter: found.append(matter.at), NOTHING)
    assert found == [datetime(2000, 1, 1, tzinfo=UTC), friday, monday]


@pytest.mark.parametrize(
    ("first", "before"),
    [
        (datetime(2000, 1, 1, tzinfo=UTC), datetime(1999, 12, 31, tzinfo=UTC)),
        (datetime(1990, 5, 2, tzinfo=UTC), datetime(1990, 5, 1, tzinfo=UTC)),
        (EVER + timedelta(hours=3), EVER),
        (EVER, EVER),
    ],
)
def test_the_first_stretch_is_before_the_first_time_that_the_facts_tell(first: datetime, before: datetime) -> None:
    found: list[datetime] = []
    Trying(TRYING.setting, FACTS, (first, NOON)).tried(lambda matter: found.append(matter.at), NOTHING)
    assert found == [before, first, NOON]
