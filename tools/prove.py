"""`dev.py prove [--quick]`: the tests marked ``prove``, the branch coverage of all others, the mutants of consent; and the seed."""

import secrets

from tools.process import run_module


def main(arguments: list[str]) -> int:
    """Run the proofs. ``--quick`` takes the shorter profile and a sample of the mutants; ``--seed N`` repeats an earlier run."""
    quick = ["--quick"] if "--quick" in arguments else []
    seed = arguments[arguments.index("--seed") + 1] if "--seed" in arguments else str(secrets.randbelow(2**32))
    print(f"seed {seed}; the same run again: python3 dev.py prove{' --quick' if quick else ''} --seed {seed}", flush=True)
    profile = "prove-quick" if quick else "prove"
    failed = run_module("pytest", "-m", "prove", "-n", "2", f"--hypothesis-profile={profile}", f"--hypothesis-seed={seed}")
    if failed == NOTHING_COLLECTED:
        print("No test is marked as a proof.")
    uncovered = run_module("pytest", "-n", "2", "--cov", "--cov-report=term")
    return run_module("tools.mutate", *quick, "--seed", seed) or uncovered or failed


NOTHING_COLLECTED = 5
"""pytest's exit code where no test was run."""
