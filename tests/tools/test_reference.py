"""Each error code, hook and document has its heading in the reference."""

import re
from typing import get_args

import pytest

from recoverycore.hooks import values
from recoverycore.hooks.specs import RecoveryHooks
from recoverycore.hooks.values import ReceiptStatus
from tools.published import published_documents
from tools.reference import FOLDER, error_catalogues

CODES = [(package, name, entry["code"]) for package, entries in error_catalogues().items() for name, entry in entries.items()]


def headings(page: str) -> set[str]:
    return set(re.findall(r"^#{2,3} (.+)$", (FOLDER / page).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize(("package", "name", "code"), CODES)
def test_each_error_code_has_a_heading(package: str, name: str, code: str) -> None:
    assert f"{code} {name}" in headings("errors.md"), package


def test_each_hook_has_a_heading() -> None:
    assert {name for name in dir(RecoveryHooks) if name.startswith("recovery_")} <= headings("hooks.md")


def test_each_value_that_goes_through_a_hook_has_a_heading() -> None:
    said = " ".join(str(each) for hook in vars(RecoveryHooks).values() for each in getattr(hook, "__annotations__", {}).values())
    named = {name for name in values.__all__ if isinstance(getattr(values, name), type) and name in said}
    assert {"OutgoingMessage", "Receipt", *named, "Restriction"} <= headings("hooks.md")


def test_what_a_look_at_the_lines_gives_has_a_heading_with_each_of_its_parts() -> None:
    assert {"Lines", "Answer", "Listed"} <= headings("engine.md")
    page = (FOLDER / "engine.md").read_text("utf-8")
    parts = {"answer", "left_out", "region", "entries", "primary", "also", "lines_open_now", "entry", "warnings"}
    assert parts <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


def test_whoever_writes_a_deliverer_is_told_what_each_status_that_they_may_say_comes_to() -> None:
    page = (FOLDER.parent / "how_to" / "write_a_plugin.md").read_text("utf-8")
    table = page.partition("| you say | when | then |")[2].partition("\n\n")[0]
    assert {*get_args(ReceiptStatus)} - set(re.findall(r"`(\w+)`", table)) == {"queued", "leased", "superseded"}, (
        "those are the engine's own"
    )


def test_each_published_document_has_a_heading() -> None:
    assert set(published_documents()) <= headings("documents.md")
