"""`dev.py prove [--quick]`: the tests marked ``prove``, with many more examples, and with the seed that repeats the run."""

import secrets

from tools.process import run_module


def main(arguments: list[str]) -> int:
    """Run the proofs. ``--quick`` takes the shorter profile; ``--seed N`` repeats an earlier run."""
    quick = "--quick" in arguments
    seed = arguments[arguments.index("--seed") + 1] if "--seed" in arguments else str(secrets.randbelow(2**32))
    print(f"seed {seed}; the same run again: python3 dev.py prove{' --quick' if quick else ''} --seed {seed}", flush=True)
    profile = "prove-quick" if quick else "prove"
    failed = run_module("pytest", "-m", "prove", "-n", "2", f"--hypothesis-profile={profile}", f"--hypothesis-seed={seed}")
    if failed == NOTHING_COLLECTED:
        print("No test is marked as a proof.")
    return failed


NOTHING_COLLECTED = 5
"""pytest's exit code where no test was run."""
