"""For the whole repository: the profiles of property tests, and the samples in README, docs and docstrings, which run as tests."""

import re
import shlex
import subprocess
import sys
import tempfile
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from sybil import Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

# A slow machine is no finding, so there is no deadline for one example; the long profiles belong to `dev.py prove`.
settings.register_profile("default", max_examples=50, deadline=None)
settings.register_profile("prove-quick", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("prove", max_examples=50_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For tests that are run against one mutant after the other: always the same examples, and no time spent on a smaller one.
settings.register_profile(
    "mutants",
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("default")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what each proof has gone through: its numbers come as the property ``proved``, which workers of xdist hand on too."""
    reports = terminalreporter.getreports("passed")
    told = [f"{report.nodeid}: {value}" for report in reports for name, value in report.user_properties if name == "proved"]
    if told:
        terminalreporter.section("proved")
        terminalreporter.write("\n".join(told) + "\n")


AS_READ = ELLIPSIS | NORMALIZE_WHITESPACE

SAVED = re.compile(r"^```\w+\n(# Save as (\S+)\n.*?)^```", re.DOTALL | re.MULTILINE)


def run_console(example: Example) -> str | None:
    """A ``console`` fence: each ``$ recoverycore ...`` or ``$ python -m recoverycore...`` runs in a folder of its own.

    What follows it is its output, ``...`` any of it.

    In the folder is what the page says to save: each fence that begins with ``# Save as``.
    """
    told = []
    with tempfile.TemporaryDirectory() as folder:
        for text, name in SAVED.findall(example.document.text):
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        for block in example.parsed.removeprefix("$ ").split("\n$ "):
            line, _, wanted = block.partition("\n")
            words = shlex.split(line.removeprefix("python -m "))
            if words[0].partition(".")[0] != "recoverycore":
                return f"a console sample runs only recoverycore, not {words[0]}"
            command = [sys.executable, "-m", *words]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
            if not OutputChecker().check_output(wanted.strip() + "\n", (done.stdout + done.stderr).strip() + "\n", AS_READ):
                told.append(f"$ {line}\n{done.stdout}{done.stderr}")
    return "\n".join(told) or None


def pages(folder: str, *patterns: str) -> Sybil:
    """The samples in Markdown under `folder`. A pattern matches from the right: ``**`` would be one folder only."""
    parsers = [
        SkipParser(),
        PythonCodeBlockParser(doctest_optionflags=AS_READ),
        CodeBlockParser(language="console", evaluator=run_console),
    ]
    return Sybil(parsers=parsers, path=folder, patterns=patterns)


def docstrings(folder: str, *patterns: str) -> Sybil:
    """The samples in the docstrings of the modules under `folder`."""
    return Sybil(
        parsers=[DocTestParser(optionflags=AS_READ)], path=folder, patterns=patterns, document_types={".py": PythonDocStringDocument}
    )


SAMPLES = (
    pages(".", "README.md", "CONTRIBUTING.md"),
    pages("docs", "*.md"),
    docstrings("src", "*.py"),
    docstrings("plugins", "*/src/*/*.py", "*/src/*/*/*.py"),
)
pytest_collect_file = SybilCollection(SAMPLES).pytest()
