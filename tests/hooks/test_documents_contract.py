"""The library's own plugin of local documents, the one that a file is, keeps the contract of its hook in each form of a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recoverycore.directory import built_in_local
from recoverycore.hooks.files import file_candidate
from recoverycore.testing import DocumentsContract

CALM = """
region: US-MN
name: hennepin
documents:
  - id: hennepin.calm
    kind: protocol
    region: US-MN-053
    source: agreed by the county's crisis group
    data:
      {id: calm, level: 1, zone: America/Chicago, triggers: [code_word], channels: [sms], owner_role: peer,
       steps: [{id: ask, targets: [{role: peer}], ack_within: PT5M}, {id: end, terminal: true, mode: show}]}
  - id: mn.word
    kind: rule
    region: US-MN
    source: agreed by the county's crisis group
    data: {id: word, when: {event: code_word}, level: 1, protocol: calm}
"""
TOML = """
region = "US-MN"
[[documents]]
id = "mn.word"
kind = "rule"
region = "US-MN"
verified_on = 2026-10-20
source = "agreed by the county's crisis group"
data = {id = "word", when = {event = "code_word"}, tell = [{role = "peer"}]}
"""


def _crisis() -> str:
    """The floor's own protocol and rule, under ids of a county: a crisis protocol that is sound."""
    own = [{**each.to_data(), "id": f"mn.{each.kind}", "region": "US-MN", "source": "agreed by the state"} for each in built_in_local()]
    documents = [{name: value for name, value in each.items() if name != "floor"} for each in own]
    return json.dumps({"region": "US-MN", "documents": documents})


@pytest.mark.parametrize(("name", "text"), [("county.yaml", CALM), ("county.toml", TOML), ("county.json", _crisis())])
def test_a_file_of_documents_keeps_the_contract(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, "utf-8")

    class TestCounty(DocumentsContract):
        regions = ("US-MN", "US-MN-053")

        @classmethod
        def make(cls) -> Any:
            return file_candidate(file, "/file").plugin

    assert TestCounty.check_all() == []


def test_the_page_about_local_protocols_shows_one_that_keeps_it(tmp_path: Path) -> None:
    """Whoever copies it from there begins with something that is well."""
    page = (Path(__file__).parents[2] / "docs/how_to/bring_a_local_protocol.md").read_text("utf-8")
    file = tmp_path / "county_crisis.yaml"
    file.write_text(page.split("```yaml\n")[1].split("```")[0], "utf-8")

    class TestKent(DocumentsContract):
        regions = ("GB-KEN",)

        @classmethod
        def make(cls) -> Any:
            return file_candidate(file, "/file").plugin

    assert TestKent.check_all() == []
