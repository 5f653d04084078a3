"""requirements-dev.txt installs the root and each first-party plugin, and nothing else."""

from tools.process import ROOT


def test_requirements_dev_names_the_root_and_every_plugin() -> None:
    plugins = sorted(file.parent.name for file in (ROOT / "plugins").glob("*/pyproject.toml"))
    wanted = ["-e .[dev]", *(f"-e ./plugins/{plugin}" for plugin in plugins)]
    assert (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines() == wanted
