"""Worlds in words: every time by how far it is from the question; and code that shows it by itself."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import ENGINES, BrokenLaw, check_law, consent_laws, from_profile
from recoverycore.testing.consent.asking import changed, copied
from recoverycore.testing.consent.stories import TREE, permit, permitted, record, story
from recoverycore.testing.consent.wording import in_words, moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json = dict[str, Any]
CASE = story(permit())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-06-15T15:00:00Z", "at the very instant of the question"),
        ("2026-06-15T10:00:01-05:00", "1 second after the question"),
        ("2026-06-15T09:30:00-05:00", "30 minutes before the question"),
        ("2026-06-14T10:00:00-05:00", "1 day before the question"),
        ("2026-06-15", "on the day of the question"),
        ("2026-06-17", "2 days after the question"),
        ("org:lakeside", "org:lakeside"),
    ],
)
def test_a_time_is_told_by_how_far_it_is_from_the_question(text: str, words: str) -> None:
    assert moment(text, CASE) == words


def test_a_day_is_the_clients_day() -> None:
    night = story(permit(), at="2026-06-15T03:00:00Z")
    assert moment("2026-06-14", night) == "on the day of the question"


def test_a_paper_says_what_it_permits_to_whom() -> None:
    assert "g1 permits any kind of record labelled SUD for treatment to org:lakeside (action disclose), form specific" in in_words(CASE)


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ({"person": "per:lee", "org": "org:x"}, "to per:lee at org:x"),
        ({"role": "care-team"}, "to whoever has the role care-team"),
        ({"class": "tpo"}, "to the class tpo"),
        ({"designation": "treating", "via": "org:hie"}, "to whoever treats, through org:hie"),
    ],
)
def test_whom_a_paper_reaches_is_told(selector: Json, words: str) -> None:
    assert words in in_words(story(permit(boxes=[{"labels": "*", "recipients": [selector]}])))


def test_what_is_no_is_told_apart_from_what_is_unknown() -> None:
    told = in_words(story(facts={"open_run_level": 1, "need_to_know": None, "request_in_writing": False}))
    assert "open run level 1, need to know not so, request in writing no" in told


def test_what_was_asked_last_is_told_where_it_differs() -> None:
    later = story(permit(revocations=[{"at": "2026-06-15T10:00:00-05:00", "written": True}]))
    last = in_words(CASE, later).splitlines()[-1]
    assert last.startswith("  and then: g1 permits")
    assert "revocations at the very instant of the question, written" in last


@pytest.mark.parametrize("profiles", [(), None])
def test_whatever_a_law_asks_about_has_words_also_what_nobody_can_read(profiles: Any) -> None:
    asked: list[Json] = []

    def decide(case: Json) -> Json:
        asked.append(case)
        return reference_decide(case)

    consent_laws(decide, count=65, profiles=profiles)
    assert any(each["when"]["request"]["at"] == "2026-06-15T10:00:00" for each in asked)  # no offset
    for case in asked:
        assert "{'" not in in_words(CASE, case)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for name, each in inside:
        yield (*at, name)
        yield from places(each, (*at, name))


@pytest.mark.parametrize("name", ["specific consent", "a tree", "an emergency in data", "accounting"])
@pytest.mark.parametrize("odd", [None, 3, "x", [], {}, [None], {"id": 3}])
def test_a_case_has_words_whatever_stands_in_any_place_of_it(name: str, odd: Any) -> None:
    for *way, last in places(permitted()[name]):
        case = copied(permitted()[name])
        inner: Any = case
        for step in way:
            inner = inner[step]
        inner[last] = odd
        assert in_words(case, permitted()[name])


def test_what_breaks_over_a_time_without_offset_is_told_in_words() -> None:
    def compares(case: Json) -> Json:
        at = datetime.fromisoformat(case["when"]["request"]["at"])
        ends = [each["expires"]["value"] for each in case["given"]["directives"] if "value" in each.get("expires", ())]
        over = {end: datetime.fromisoformat(end).astimezone(UTC) <= at for end in ends if end[:4].isdigit()}
        return {"records": reference_decide(case)["records"], "over": over}

    with pytest.raises(BrokenLaw, match="TypeError was raised") as broken:
        consent_laws(compares, profiles=())
    assert "at 2026-06-15T10:00:00, for" in str(broken.value)


def test_of_a_tree_its_period_is_told() -> None:
    told = in_words(story(TREE, profiles=()))
    assert "for actor org:lakeside, period start 106 days before the question, end 199 days after the question" in told
    assert "with the provisions (purpose marketing) and (labels HIV)" in told


def test_every_story_has_words() -> None:
    for case in permitted().values():
        assert "asks" in in_words(case)
        assert "{" not in in_words(case)


def test_a_tree_and_a_record_with_more_to_it_have_words() -> None:
    told = in_words(story(TREE, records=[record(**{"class": "Claim", "separated": True})]))
    assert "t1 is a tree (fhir-r5) that says permit" in told
    assert "separated, class Claim" in told or "class Claim, separated" in told


POLICY = """
from recoverycore.consent.reference import reference_decide

def decide(case):
    \"\"\"Revocations are forgotten.\"\"\"
    given = case["given"]
    papers = [{**each, "revocations": []} for each in given["directives"]]
    return reference_decide({**case, "given": {**given, "directives": papers}})
"""


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)


def test_the_code_that_is_told_shows_it_by_itself(tmp_path: Path) -> None:
    (tmp_path / "forgetful.py").write_text(POLICY)
    laws = "from recoverycore.testing.consent import BrokenLaw, consent_laws; import forgetful\n"
    told = run(laws + "try: consent_laws(forgetful.decide)\nexcept BrokenLaw as broken: print(broken.snippet)", tmp_path).stdout
    assert "from forgetful import decide" in told
    pasted = run(told, tmp_path)
    assert pasted.returncode == 1
    assert "BROKEN: L10." in pasted.stderr


def test_the_same_code_passes_once_the_fault_is_mended(tmp_path: Path) -> None:
    (tmp_path / "forgetful.py").write_text("from recoverycore.consent.reference import reference_decide as decide")
    with pytest.raises(BrokenLaw) as broken:
        check_law("a_revoked_paper_is_no_basis", forgetful, CASE)
    program = broken.value.snippet.replace("# Paste it below forgetful.", "from forgetful import decide as forgetful")
    program = program.replace(f"from {__name__} import forgetful", "from forgetful import decide as forgetful")
    assert run(program, tmp_path).returncode == 0


def forgetful(case: Json) -> Json:
    given = case["given"]
    return reference_decide({**case, "given": {**given, "directives": [{**each, "revocations": []} for each in given["directives"]]}})


CACHE = """
from recoverycore.consent.reference import reference_decide

known = {}

def decide(case):
    \"\"\"Answers are kept by who asks, for what, and about which records.\"\"\"
    asked = case["when"]["request"]
    key = (asked["recipient"]["id"], str(asked["purposes"]), str([each["id"] for each in asked["records"]]))
    if key not in known:
        known[key] = {"records": reference_decide(case)["records"]}
    return known[key]
"""
TRUST = """
from collections import Counter
from recoverycore.consent.reference import reference_decide

asked = Counter()

def decide(case):
    \"\"\"Whoever asks often enough is given everything.\"\"\"
    who = case["when"]["request"]["recipient"]["id"]
    asked[who] += 1
    records = reference_decide(case)["records"]
    return {"records": dict.fromkeys(records, "permit") if asked[who] > 400 else records}
"""
ASKS = """
import sys
from recoverycore.testing.consent import BrokenLaw, consent_laws
from remembers import decide

try:
    consent_laws(decide, profiles=(), seed=SEED)
except BrokenLaw as broken:
    print(broken)
    print("CODE")
    print(broken.snippet)
"""


@pytest.mark.parametrize(
    ("program", "seed", "told", "last"),
    [
        (CACHE, 1, "Asked by itself, the last question has another answer: the policy remembers", "check_law("),
        (CACHE, 3, "Only after other questions", "consent_laws(decide, seed=3, count=1, profiles=())"),
        (TRUST, 3, "Only after other questions: with new names for everybody", "consent_laws(decide, seed=3, count="),
    ],
)
def test_of_a_policy_that_remembers_it_is_said_so_and_the_code_shows_it_in_a_new_process(
    program: str, seed: int, told: str, last: str, tmp_path: Path
) -> None:
    (tmp_path / "remembers.py").write_text(program)
    story, _, code = run(ASKS.replace("SEED", str(seed)), tmp_path).stdout.partition("CODE\n")
    assert told in story
    assert code.splitlines()[-1].startswith(last)
    pasted = run(code, tmp_path)
    assert pasted.returncode == 1
    assert "BROKEN: " in pasted.stderr


def test_of_a_policy_that_remembers_nothing_it_is_not_said() -> None:
    for engine in ("the end is inside", "nothing is ever revoked", "for any purpose", "days of UTC"):
        with pytest.raises(BrokenLaw) as broken:
            consent_laws(ENGINES[engine].decider())
        assert (broken.value.alone, broken.value.recalls) == (True, False)


def test_what_the_law_asked_last_is_in_the_code_where_it_differs_from_the_case() -> None:
    with pytest.raises(BrokenLaw) as broken:
        check_law("a_permit_covers_just_what_it_says", ENGINES["for any purpose"].decider(), CASE)
    assert "asked = {" in broken.value.snippet
    with pytest.raises(BrokenLaw) as broken:
        check_law("every_question_has_an_answer", lambda _: None, CASE)
    assert "asked = {" not in broken.value.snippet


def test_the_question_that_was_asked_last_is_told_with_nothing_in_it_that_does_not_matter() -> None:
    def by_day(case: Json) -> Json:
        """A tree holds on the day after its last, too."""
        papers = [
            {**each, "root": {name: value for name, value in each["root"].items() if name != "period"}} if "format" in each else each
            for each in case["given"]["directives"]
        ]
        return {"records": reference_decide(changed(case, directives=papers))["records"]}

    with pytest.raises(BrokenLaw) as broken:
        consent_laws(by_day, laws=["a_box_holds_what_it_lists"])
    last = [line for line in broken.value.story.splitlines() if line.startswith("  and then")]
    assert len(last) == 2
    assert "is a tree (fhir-r5) that says permit, for period end 1 day before the question" in last[0]
    assert "and then: Known" not in broken.value.story
    assert len(broken.value.asked["given"]["directives"]) == 1


def test_a_policy_made_on_the_spot_leaves_a_place_for_it() -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(lambda case: {**forgetful(case), "also": []})
    assert "# Paste it below" in broken.value.snippet


def test_a_profile_is_named_where_it_lives() -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(HASTY)
    assert f"from {__name__} import HASTY" in broken.value.snippet


def _hasty() -> Any:
    from recoverycore.consent import Profile, Rule, Source

    hasty = Rule(name="anyone", source=Source("Invented Act"), holds=lambda matter: matter.purpose == "break_glass")
    return Profile(id="xx.hasty", version="1", rules=(hasty,))


HASTY = _hasty()


OPENING = from_profile(HASTY)


def test_what_was_made_by_an_adapter_is_named_where_it_lives() -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(OPENING)
    assert f"from {__name__} import OPENING" in broken.value.snippet
    check = broken.value.snippet.splitlines()[-1]
    assert check == f'check_law("{broken.value.law}", OPENING, case)'
