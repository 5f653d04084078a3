"""`dev.py test`: the tests of the root and of every plugin, on two cores; without arguments also the branch coverage."""

from tools.process import run_module


def main(arguments: list[str]) -> int:
    """Run pytest. Part of the tests cannot cover the whole, so coverage is asked only of a run without arguments."""
    if arguments:
        return run_module("pytest", *arguments)
    return run_module("pytest", "-n", "2", "--cov", "--cov-report=term")
