"""`dev.py bench [NAME] [--json]`: ratios against peers, measured in one interleaved run, medians of CPU time.

Each module here is one bench: its first line says what is compared, ``run()`` gives the figures, and `GOALS` the ratios that have a goal.
"""

import json
import platform
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast


class Figures(Protocol):
    """A module that measures: the ratios by name, the peers with their versions, and the goal of each ratio that has one.

    A goal is not to be exceeded; one that is named in ``AT_LEAST``, where a module has that, is to be reached.
    """

    GOALS: dict[str, float]

    def run(self) -> tuple[dict[str, float], dict[str, str]]:
        """The ratios, and the peers with their versions."""
        ...


def names() -> list[str]:
    """The benches there are."""
    return sorted(file.stem.removesuffix("_") for file in Path(__file__).parent.glob("[!_]*.py"))


def main(arguments: list[str]) -> int:
    """Run one bench, or all. With ``--json`` the last line of each is one object. Figures inform; they fail nothing."""
    wanted = [word for word in arguments if not word.startswith("-")] or names()
    if unknown := sorted(set(wanted) - set(names())):
        print(f"no bench is called {', '.join(unknown)}; there are: {', '.join(names())}")
        return 2
    for name in wanted:
        # `import` is a keyword, so its module carries an underscore.
        module = name if (Path(__file__).parent / f"{name}.py").is_file() else f"{name}_"
        bench = cast("Figures", import_module(f"tools.bench.{module}"))
        ratios, peers = bench.run()
        print(f"{name}, against {', '.join(f'{peer} {version}' for peer, version in peers.items())}")
        for ratio, value in ratios.items():
            print(f"  {ratio:<36} {value:8.3f}{_goal(bench, ratio, value)}")
        if "--json" in arguments:
            print(json.dumps({"bench": name, "ratios": ratios, "peers": peers, "machine": machine()}))
    return 0


def _goal(bench: Figures, ratio: str, value: float) -> str:
    """The goal of a ratio, and whether it is missed."""
    if ratio not in bench.GOALS:
        return ""
    goal, least = bench.GOALS[ratio], ratio in getattr(bench, "AT_LEAST", ())
    missed = value < goal if least else value > goal
    return f"   goal: at {'least' if least else 'most'} {goal}{', missed' if missed else ''}"


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {"python": platform.python_version(), "system": platform.system(), "processor": platform.machine()}
