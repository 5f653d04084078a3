"""requirements-dev.txt installs the root, each first-party plugin and each example, and nothing else."""

import dev
from tools.process import ROOT


def test_requirements_dev_names_the_root_and_every_plugin_and_example() -> None:
    places = [f"{place}/{name}" for place in ("plugins", "examples") for name in sorted(dev.projects(place))]
    wanted = ["-e .[dev]", *(f"-e ./{place}" for place in places)]
    assert (ROOT / "requirements-dev.txt").read_text("utf-8").splitlines() == wanted
