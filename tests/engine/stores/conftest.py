"""Each store in turn: whatever asks for `store` is asked of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recoverycore.engine.stores import MemoryStore, SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recoverycore.engine.stores import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.db"


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(path)
    yield made
    made.close()
