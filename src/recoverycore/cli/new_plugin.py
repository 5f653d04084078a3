"""A new distribution for a plugin, of which the tests pass at once: what is in it is replaced piece by piece, and they say what broke."""

from __future__ import annotations

import keyword
import re
import sys
from importlib import resources
from pathlib import Path
from string import Template
from typing import Final, Literal, TypeAlias, get_args

import click

from recoverycore.cli.endings import cannot_run
from recoverycore.errors import DocumentError, RecoveryError, problem

__all__ = ["Kind", "new_plugin_command", "project_files", "write_project"]

Kind: TypeAlias = Literal["lines", "documents", "notifier", "store", "jurisdiction"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NEEDED: Final = frozenset(
    {
        "attr",
        "attrs",
        "click",
        "dateutil",
        "hatchling",
        "hypothesis",
        "jsonschema",
        "pluggy",
        "pydantic",
        "pytest",
        "recoverycore",
        "rich",
        "yaml",
    }
)
"""What a project of this name would hide, or take the place of when it is installed."""
_SAID: Final[dict[Kind, tuple[str, str, str]]] = {
    "lines": ("Crisis lines", " --region GB", "Replace the example, and call every line before you show it."),
    "documents": ("Protocols and rules of a place", " --region GB", "Replace the examples by what the place has agreed on."),
    "notifier": (
        "A way to carry messages",
        " --channel sms --claim works_offline",
        "Replace `call_provider`, and test it against a stand-in of your provider.",
    ),
    "store": (
        "A store",
        ' --claim lasting --store-settings \'{"path": "{new}/clinic.db"}\'',
        "Replace what the store is made of, and let the contract tell what is missing.",
    ),
    "jurisdiction": (
        "The law of a place",
        " --claim permits_without_consent",
        "Replace each rule by one of your law, with its citation, and write a test for each.",
    ),
}


def project_files(name: str, kind: Kind) -> dict[str, str]:
    """Every file of the project, by its path in it. Errors: ``bad_value`` for a name that no distribution can have.

    >>> [path for path in project_files("night-line", "lines") if path.startswith("src")]
    ['src/night_line/py.typed', 'src/night_line/__init__.py', 'src/night_line/lines.json']
    """
    package = name.replace("-", "_")
    if not _NAME.fullmatch(name) or keyword.iskeyword(package) or package in sys.stdlib_module_names or package in _NEEDED:
        detail = "small letters, digits and single hyphens, and no name of Python's own or of what a plugin needs"
        raise DocumentError(problem("bad_value", "/name", detail=detail))
    what, words, following = _SAID[kind]
    told = {"name": name, "package": package, "what": what, "words": words, "next": following}
    made = {
        "pyproject.toml": _filled("pyproject.toml", told),
        "README.md": _filled("README.md", told),
        f"src/{package}/py.typed": "",
        f"src/{package}/__init__.py": _filled(f"{kind}.py", told),
        f"tests/test_{package}.py": _filled(f"{kind}_test.py", told),
    }
    if kind in ("lines", "documents"):
        made[f"src/{package}/lines.json"] = _filled(f"{kind}.json", told)
    return made


def _filled(template: str, told: dict[str, str]) -> str:
    text = resources.files("recoverycore.cli").joinpath("templates", f"{template}.txt").read_text("utf-8")
    return Template(text).substitute(told)


def write_project(name: str, kind: Kind, out: Path) -> list[Path]:
    """Write the project into `out`. Nothing that is there is written over. Errors: ``bad_value``, ``project_not_written``."""
    files = project_files(name, kind)
    try:
        if out.exists() and any(out.iterdir()):
            raise FileExistsError
        for path, text in files.items():
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            (out / path).write_text(text, "utf-8")
    except (OSError, ValueError):  # no path can hold a NUL
        pass
    else:
        return [out / path for path in files]
    raise DocumentError(problem("project_not_written", "/out"))


@click.command("new-plugin")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the plugin brings.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write into: an empty one, or none yet.")
def new_plugin_command(name: str, kind: Kind, out: Path) -> None:
    """Write a project for a plugin called NAME, whose tests pass at once. What is in it is an example: replace it.

    Ends with 2 when it cannot be written; nothing that is there is ever written over.
    """
    try:
        written = write_project(name, kind, out)
    except RecoveryError as error:
        cannot_run(error.problems, as_json=False)
    for each in written:
        click.echo(str(each))
    click.echo(f"Next: cd {out} && python -m pip install -e '.[test]' && python -m pytest")
