"""The audit chain: whatever was changed, moved, left out or put in is found, and the first such link is named."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.engine.stores import AuditLink, SqliteStore, verify_audit
from recoverycore.engine.stores.protocol import made_link, packed
from recoverycore.errors import StoreError
from tests.engine.stores.samples import AT, MINUTE

if TYPE_CHECKING:
    from pathlib import Path


def chain(length: int = 6) -> list[AuditLink]:
    links: list[AuditLink] = []
    for number in range(length):
        links.append(made_link(links[-1] if links else None, AT + number * MINUTE, {"n": number}))
    return links


def test_a_whole_chain_holds() -> None:
    verify_audit(chain())
    verify_audit([])


def test_the_end_of_a_chain_holds_after_the_link_before_it() -> None:
    links = chain()
    verify_audit(links[3:], after=links[2])
    with pytest.raises(StoreError, match=r"link 3\b"):
        verify_audit(links[3:], after=links[1])


@given(st.integers(0, 5), st.data())
def test_the_first_link_that_was_changed_is_named(place: int, data: st.DataObject) -> None:
    links = chain()
    link = links[place]
    links[place] = data.draw(
        st.sampled_from([
            evolve(link, text=packed({**link.body, "n": -1})), evolve(link, text="{}"), evolve(link, at=link.at + timedelta(seconds=1)),
            evolve(link, at=link.at + timedelta(microseconds=1)), evolve(link, prev="0" * 64), evolve(link, hash="0" * 64),
            evolve(link, seq=link.seq + 1),
        ])
    )  # fmt: skip
    with pytest.raises(StoreError, match="audit_broken") as caught:
        verify_audit(links)
    assert caught.value.problems[0].detail == f"link {place + 1}"


@given(st.permutations(range(6)))
def test_links_in_another_order_are_no_chain(order: list[int]) -> None:
    links = chain()
    moved = [links[number] for number in order]
    if moved == links:
        verify_audit(moved)
        return
    first = next(number for number, each in enumerate(order) if each != number) + 1
    with pytest.raises(StoreError, match=rf"link {first}\b"):
        verify_audit(moved)


@given(st.integers(0, 4))
def test_a_link_that_was_left_out_is_missed(place: int) -> None:
    links = chain()
    del links[place]
    with pytest.raises(StoreError, match=rf"link {place + 1}\b"):
        verify_audit(links)


@given(st.integers(0, 5))
def test_a_link_that_was_put_in_is_found(place: int) -> None:
    links = chain()
    links.insert(place, made_link(links[place - 1] if place else None, AT, {"n": "more"}))
    with pytest.raises(StoreError, match=rf"link {place + 2}\b"):
        verify_audit(links)


def test_a_changed_row_in_the_file_breaks_the_chain_there(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "clinic.db")) as store:
        with store.unit() as unit:
            for number in range(3):
                unit.append_audit(AT, {"n": number})
            verify_audit(unit.audit())
        store._run('UPDATE audit SET body=\'{"n":"never"}\' WHERE seq=2')
        with store.unit() as unit, pytest.raises(StoreError, match=r"link 2\b"):
            verify_audit(unit.audit())
