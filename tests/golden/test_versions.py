"""Old versions of a document are read for ever: each has a file from its own time, and each file can still be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from recoverycore.errors import DocumentError
from recoverycore.ground import Count, Document, Id, open_envelope
from tools.process import ROOT
from tools.published import published_documents

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "tests" / "golden" / "versions"


def unread(documents: dict[str, type[Document]], folder: Path) -> list[str]:
    """The old versions of `documents` that have no file in `folder`, one line each; a file that cannot be read raises its own error."""
    found = []
    for name, document in documents.items():
        for version in range(1, document.schema_version):
            file = folder / f"{name.removeprefix('recoverycore/')}.v{version}.json"
            if not file.is_file():
                found.append(f"{file.name}: missing")
                continue
            envelope = json.loads(file.read_text("utf-8"))
            if (envelope["schema"], envelope["version"]) != (name, version):
                found.append(f"{file.name}: holds another version")
            open_envelope(envelope, document)
    return found


def test_every_old_version_of_every_published_document_can_be_read() -> None:
    assert unread(published_documents(), FOLDER) == []


class Chair(Document):
    """A chair, which once told its height in another word."""

    schema_name: ClassVar[str] = "recoverycore/chair"
    schema_version: ClassVar[int] = 2
    id: Id
    height: Count

    @classmethod
    def upcast(cls, data: Any, version: int) -> Any:
        """Version 1 said `tall`."""
        return {"id": data["id"], "height": data["tall"]} if version == 1 else data


OLD = {"schema": "recoverycore/chair", "version": 1, "data": {"id": "c", "tall": 40}}


def test_an_old_version_without_its_file_is_noticed(tmp_path: Path) -> None:
    assert unread({"recoverycore/chair": Chair}, tmp_path) == ["chair.v1.json: missing"]


def test_an_old_version_that_is_read_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "chair.v1.json").write_text(json.dumps(OLD), "utf-8")
    assert unread({"recoverycore/chair": Chair}, tmp_path) == []


def test_a_file_of_another_version_is_noticed(tmp_path: Path) -> None:
    newer = {"schema": "recoverycore/chair", "version": 2, "data": {"id": "c", "height": 40}}
    (tmp_path / "chair.v1.json").write_text(json.dumps(newer), "utf-8")
    assert unread({"recoverycore/chair": Chair}, tmp_path) == ["chair.v1.json: holds another version"]


def test_an_old_version_that_can_no_longer_be_read_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "chair.v1.json").write_text(json.dumps({**OLD, "data": {"id": "c"}}), "utf-8")
    with pytest.raises(DocumentError, match="bad_value"):
        unread({"recoverycore/chair": Chair}, tmp_path)
