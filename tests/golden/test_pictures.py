"""The golden pictures and pages are what is drawn today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.pictures import FOLDER, drawn, findings

if TYPE_CHECKING:
    from pathlib import Path


def test_the_golden_pictures_are_drawn_today() -> None:
    assert findings(drawn(FOLDER), FOLDER) == []


def test_a_picture_that_changed_or_is_not_there_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg/>", "utf-8")
    found = findings({"a.svg": "<svg></svg>", "b.svg": "<svg/>"}, tmp_path)
    assert found == ["a.svg: differs from its golden file", "b.svg: differs from its golden file"]
