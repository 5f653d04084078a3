"""`dev.py test`: the tests of the root and of every plugin, on two cores."""

from tools.process import run_module


def main(arguments: list[str]) -> int:
    """Run pytest. What of the code is reached is measured by `prove`: that takes more than twice the time."""
    return run_module("pytest", *(arguments or ("-n", "2", "--dist", "worksteal")))
