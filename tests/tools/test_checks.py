"""Each checker finds what it is for: a checker that cannot fail checks nothing."""

from pathlib import Path
from typing import ClassVar, Literal

import pytest

import conftest
from recoverycore import escalation
from recoverycore.escalation import Protocol
from recoverycore.ground import Count, Document, Id
from tools import browser, documentation, fragments, own_words, process, published, reference, schemas


def test_a_fragment_of_whole_sentences_is_well(tmp_path: Path) -> None:
    (tmp_path / "plans.added.md").write_text("Goals can be paused.\nA pause has an end.\n", "utf-8")
    assert fragments.findings(tmp_path) == []


def test_a_fragment_of_an_unknown_kind_is_found(tmp_path: Path) -> None:
    (tmp_path / "plans.news.md").write_text("Goals can be paused.\n", "utf-8")
    assert fragments.findings(tmp_path) == [
        "plans.news.md: not named topic.kind.md, with kind one of added, changed, fixed, removed, security"
    ]


def test_half_a_sentence_in_a_fragment_is_found(tmp_path: Path) -> None:
    (tmp_path / "plans.added.md").write_text("- pausing goals\n", "utf-8")
    assert fragments.findings(tmp_path) == ["plans.added.md:1: not one whole sentence"]


def test_an_empty_fragment_is_found(tmp_path: Path) -> None:
    (tmp_path / "plans.added.md").write_text("", "utf-8")
    assert fragments.findings(tmp_path) == ["plans.added.md: empty"]


def test_a_path_of_one_machine_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("Look into /" + "home/someone/notes.\n", "utf-8")
    assert own_words.findings([Path("page.md")], tmp_path) == ["page.md:1: speaks of '/" + "home/s'"]


def test_words_of_the_tree_itself_are_no_finding(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("The engine works; see docs/explanation/the_tree.md.\n", "utf-8")
    assert own_words.findings([Path("page.md")], tmp_path) == []


def test_a_picture_has_no_words(tmp_path: Path) -> None:
    (tmp_path / "page.png").write_bytes(b"\x89PNG\xff")
    assert own_words.findings([Path("page.png")], tmp_path) == []


def test_a_schema_that_changed_is_found(tmp_path: Path) -> None:
    schemas.write({"plan.json": "1"}, tmp_path)
    assert schemas.findings({"plan.json": "2"}, tmp_path) == ["plan.json: differs from its golden file"]


def test_a_schema_that_came_or_went_is_found(tmp_path: Path) -> None:
    schemas.write({"old.json": "1"}, tmp_path)
    found = schemas.findings({"new.json": "1"}, tmp_path)
    assert found == ["new.json: published, but has no golden file", "old.json: has a golden file, but is no longer published"]


def test_writing_leaves_exactly_the_present_schemas(tmp_path: Path) -> None:
    schemas.write({"old.json": "1"}, tmp_path)
    schemas.write({"new.json": "1"}, tmp_path)
    assert schemas.findings({"new.json": "1"}, tmp_path) == []


def test_a_reference_page_that_fell_behind_is_found(tmp_path: Path) -> None:
    (tmp_path / "errors.md").write_text("before", "utf-8")
    assert reference.findings({"errors.md": "after", "hooks.md": "new"}, tmp_path) == ["errors.md: out of date", "hooks.md: out of date"]


def test_a_page_that_loads_a_script_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<script src="https://cdn.example/x.js"></script>', "utf-8")
    assert documentation.findings(tmp_path) == ["index.html: fetches '<script src=\"https://'"]


def test_a_link_that_a_person_may_follow_is_no_fetch(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="https://example.org/">x</a><script src="own.js"></script>', "utf-8")
    assert documentation.findings(tmp_path) == []


def test_a_document_that_stands_alone_is_published() -> None:
    assert published.published_documents()["recoverycore/protocol"] is Protocol


def test_a_part_of_a_document_is_not_published() -> None:
    assert "" not in published.published_documents()


def test_two_documents_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(Document):
        schema_name: ClassVar[str] = Protocol.schema_name

    monkeypatch.setattr(published, "public_values", lambda _: ({"Protocol": Protocol, "Other": Other}, []))
    with pytest.raises(ValueError, match="two documents are published as recoverycore/protocol"):
        published.published_documents()


def test_a_public_name_that_cannot_be_fetched_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escalation, "__all__", ["Protocol", "Nothing"])
    values, found = published.public_values("recoverycore.escalation")
    assert list(values) == ["Protocol"]
    assert len(found) == 1
    assert found[0].startswith("recoverycore.escalation.Nothing cannot be fetched: ")


def test_every_published_schema_has_the_librarys_name_first() -> None:
    assert {name.split("/")[0] for name in published.published_documents()} == {"recoverycore"}


@pytest.mark.parametrize(
    "place", ["README.md", "docs/index.md", "docs/how_to/plans.md", "src/recoverycore/a/b/c.py", "plugins/x/src/x/y/z.py"]
)
def test_samples_are_looked_for_at_every_depth(place: str) -> None:
    assert any(where.should_parse(process.ROOT / place) for where in conftest.SAMPLES)


def test_a_test_is_no_place_for_samples() -> None:
    assert not any(where.should_parse(process.ROOT / "plugins/x/tests/test_x.py") for where in conftest.SAMPLES)


class Chair(Document):
    """A chair."""

    id: Id
    legs: Count = 4
    """How many it stands on."""
    colour: Literal["red", "blue"] | None = None
    parts: tuple[Id, ...] = ()


def test_the_row_of_a_field_says_what_it_holds_and_what_stands_when_it_is_left_out() -> None:
    assert reference.field_rows(Chair)[2:] == [
        "| `id` | string | refused |  |",
        "| `legs` | integer | `4` | How many it stands on. |",
        '| `colour` | `"red"`, `"blue"` | not known |  |',
        "| `parts` | list of string | `[]` |  |",
    ]


def console_sample(folder: Path, saved: str) -> str | None:
    """What a console sample that lists a folder finds, on a page that says to save `saved`; None when all is as it says."""
    said = "Installed...\nIn the folder:\n  line (line.yaml): recovery_contribute_directories\n    a: warm_line, for GB"
    page = folder / "page.md"
    page.write_text(f"```yaml\n{saved}\n```\n\n```console\n$ recoverycore plugins mine\n{said}\n```\n", "utf-8")
    (sample,) = conftest.pages(str(folder), "*.md").parse(page).examples()
    return conftest.run_console(sample)


def test_a_console_sample_has_the_files_that_its_page_says_to_save(tmp_path: Path) -> None:
    assert console_sample(tmp_path, "# Save as mine/line.yaml\nregion: GB\nentries: [{id: a, region: GB}]") is not None
    good = "{id: a, name: a, service_kinds: [warm_line], region: GB, channels: [{id: b}]}"
    assert console_sample(tmp_path, f"# Save as mine/line.yaml\nregion: GB\nentries: [{good}]") is None


def test_a_console_sample_has_no_file_that_its_page_does_not_say_to_save(tmp_path: Path) -> None:
    assert "RC9030" in (console_sample(tmp_path, "region: GB") or "")


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("0", 0), ("1", 1), ("true", 1)])
def test_without_chromium_the_browser_stage_is_skipped_but_never_in_ci(monkeypatch: pytest.MonkeyPatch, ci: str, code: int) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda _: None)
    monkeypatch.setenv("CI", ci)
    assert browser.main([]) == code
