"""Of a copy that came through several hands the decision and the reference say the same, however its hops are told."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent.agreement import differences
from recoverycore.testing.consent.stories import box, permit
from tests.consent.fast import fast
from tests.consent.test_reference_profiles import case_of

Json = dict[str, Any]

STORIES = ("passed on by HIPAA", "passed on by a program", "passed on to a contractor")
REVOKED = [{"at": "2026-02-01T09:00:00Z", "written": True}]

limits = st.sampled_from(
    [{"categories": ["diagnosis"]}, {"categories": ["lab"]}, {"purposes": ["treatment", "payment"]}, {"recipients": []}]
)
names = st.sampled_from(["a", "b", "c", "g1", "nobody"])
hops = names | st.fixed_dictionaries(
    {"received_under": names}, optional={"holder": st.sampled_from(["org:first", "org:second"]), "limits": limits}
)
boxes = st.fixed_dictionaries(
    {
        "purposes": st.sampled_from(["*", ["treatment"], ["payment", "operations"]]),
        "recipients": st.sampled_from(["*", [{"org": "org:first"}], [{"class": "tpo"}], [{"role": "nurse"}]]),
        "categories": st.sampled_from(["*", ["diagnosis"], ["lab"]]),
        "actions": st.sampled_from([["disclose"], ["redisclose"], ["use"], ["use", "disclose"]]),
    }
).map(lambda told: box(labels="*", **told))
papers = st.fixed_dictionaries(
    {"polarity": st.sampled_from(["permit", "permit", "permit", "deny"]), "boxes": st.lists(boxes, min_size=1, max_size=2)},
    optional={
        "discloser": st.sampled_from(["prog:harbor", "org:first", "*", None]),
        "except": st.lists(boxes, max_size=1),
        "revocations": st.just(REVOKED),
        "form": st.sampled_from(["tpo", "specific"]),
        "missing_elements": st.just(["signature"]),
        "status": st.sampled_from(["active", "draft", "unprocessable"]),
    },
)


@given(st.sampled_from(STORIES), st.lists(hops, max_size=3), st.lists(papers, min_size=3, max_size=3), limits | st.none())
def test_of_a_copy_with_a_past_the_reference_says_what_the_decision_says(
    story: str, chain: list[Any], told: list[Json], whole: Json | None
) -> None:
    case = case_of(story, facts__held_copy__chain=chain, **({} if whole is None else {"facts__held_copy__limits": whole}))
    case["given"]["directives"] += [permit(name, **paper) for name, paper in zip("abc", told, strict=True)]
    expected = reference_decide(case)
    assert differences(fast(case), expected) == ()
