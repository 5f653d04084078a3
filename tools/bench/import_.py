"""What it costs to begin: importing recoverycore against importing pydantic, and the first client against the first bare model.

Every measurement is a fresh process, and the programs take turns, so that a busy machine slows all of them alike.
"""

import os
import statistics
import sys
from importlib.metadata import version

ROUNDS = 21
PROGRAMS = {
    "bare": "pass",
    "recoverycore": "import recoverycore",
    "pydantic": "import pydantic",
    "first client": "import recoverycore as rc\nassert rc.Client(id='c1', zone='Europe/London').id == 'c1'",
    "first model": "from pydantic import BaseModel\nclass M(BaseModel): id: str\nassert M(id='c1').id == 'c1'",
}
GOALS = {"import_net_vs_pydantic": 0.3, "first_client_vs_first_model": 1.5}


def cpu_seconds(program: str) -> float:
    """User and system time of one fresh Python that runs `program`."""
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", program], os.environ)
    _, status, usage = os.wait4(child, 0)
    if status:
        message = f"the program ended with status {status}: {program}"
        raise RuntimeError(message)
    return usage.ru_utime + usage.ru_stime


def run() -> tuple[dict[str, float], dict[str, str]]:
    """Measure every program in turn; the first round only warms the caches of files and bytecode."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for turn in range(ROUNDS + 1):
        for name, program in PROGRAMS.items():
            seconds = cpu_seconds(program)
            if turn:
                times[name].append(seconds)
    median = {name: statistics.median(seconds) for name, seconds in times.items()}
    ratios = {
        "import_net_vs_pydantic": (median["recoverycore"] - median["bare"]) / (median["pydantic"] - median["bare"]),
        "first_client_vs_first_model": median["first client"] / median["first model"],
    }
    return {name: round(ratio, 4) for name, ratio in ratios.items()}, {"pydantic": version("pydantic")}
