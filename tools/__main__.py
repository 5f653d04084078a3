"""`python -m tools COMMAND`: hands over to the module of that command."""

import sys
from importlib import import_module

MODULES = {
    "test": "tools.run_tests",
    "check": "tools.check",
    "browser": "tools.browser",
    "suite": "tools.suite",
    "bench": "tools.bench",
    "prove": "tools.prove",
}

if __name__ == "__main__":
    sys.exit(import_module(MODULES[sys.argv[1]]).main(sys.argv[2:]))
