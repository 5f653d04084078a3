"""Each error code, hook and document has its heading in the reference."""

import re

import pytest

from recoverycore.hooks.specs import RecoveryHooks
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


def test_each_published_document_has_a_heading() -> None:
    assert set(published_documents()) <= headings("documents.md")
