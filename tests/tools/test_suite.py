"""The caller of the language-neutral suites: it counts what the judge says and never passes an empty suite."""

from pathlib import Path

import pytest

from tools import suite

JUDGE = "def run(path):\n    return {passed}, {failures}\n"


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "suite"
    folder.mkdir()
    monkeypatch.setattr(suite, "FOLDER", folder)
    return folder


def judge(folder: Path, passed: int, failures: list[str]) -> None:
    (folder / "judge_sample.py").write_text(JUDGE.format(passed=passed, failures=failures), "utf-8")


def test_a_suite_that_passes_says_so_in_its_last_line(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judge(judged, 3, [])
    assert suite.main(["sample"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 0 failed"


def test_a_case_that_fails_is_named_and_fails_the_suite(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judge(judged, 2, ["case 7: denied, not permitted"])
    assert suite.main(["sample"]) == 1
    assert capsys.readouterr().out.splitlines() == ["case 7: denied, not permitted", "2 passed, 1 failed"]


def test_a_suite_that_judged_nothing_does_not_pass(judged: Path) -> None:
    judge(judged, 0, [])
    assert suite.main(["sample"]) == 1


def test_an_unknown_suite_is_refused_with_the_names_there_are(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judge(judged, 1, [])
    assert suite.main(["smaple"]) == 2
    assert "sample" in capsys.readouterr().out


def test_a_file_in_another_form_is_told_with_its_problems(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("version: 1\n", encoding="utf-8")
    assert suite.main(["stories", str(other)]) == 2
    assert "/zone: RC1001 missing_field" in capsys.readouterr().out
