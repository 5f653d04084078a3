"""The key that code words are digested with."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.engine.keys import CodeWordKeys, key_file
from recoverycore.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = key_file(tmp_path / "clinic.db")
    assert len(first) == 32
    assert key_file(tmp_path / "clinic.db") == first


def test_the_key_lies_beside_the_database_for_its_owner_only(tmp_path: Path) -> None:
    key_file(tmp_path / "clinic.db")
    assert (tmp_path / "clinic.db.key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["clinic.db.key"]


def test_two_databases_have_two_keys(tmp_path: Path) -> None:
    assert key_file(tmp_path / "a.db") != key_file(tmp_path / "b.db")


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    key_file(tmp_path / "clinic.db")
    (tmp_path / "clinic.db.key").chmod(0o644)
    with pytest.raises(StoreError, match="key_file_open_to_others"):
        key_file(tmp_path / "clinic.db")


def test_a_damaged_key_is_refused_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "clinic.db.key"
    path.write_bytes(b"short")
    path.chmod(0o600)
    with pytest.raises(StoreError, match="key_file_damaged"):
        key_file(tmp_path / "clinic.db")
    assert path.read_bytes() == b"short"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_gives_one_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="key_file_unreadable"):
        key_file(tmp_path / "clinic.db")


def test_a_folder_that_is_not_there_gives_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="key_file_unreadable"):
        key_file(tmp_path / "missing" / "clinic.db")


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_clients_have_two_keys_and_one_client_has_one(first: str, second: str) -> None:
    keys = CodeWordKeys(b"m" * 32)
    assert (keys.of(first) == keys.of(second)) == (first == second)


def test_a_key_that_the_host_names_goes_before_the_master() -> None:
    keys = CodeWordKeys(b"m" * 32, {"monique": b"k" * 16})
    assert keys.of("monique") == b"k" * 16
    assert keys.of("jamal") != b"k" * 16


def test_no_key_shows_itself() -> None:
    assert "kkkk" not in repr(CodeWordKeys(b"kkkk", {"a": b"kkkk"}))
