#!/usr/bin/env python3
"""Starts the example on a bare machine: makes the `.venv` of the repository as `dev.py` does, installs what is needed, runs it there."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

import dev  # which tells an old Python, in a plain line, that it is one

if __name__ == "__main__":
    try:
        dev.prepare("example", dev.EXAMPLE, dev.EXAMPLE_MODULES)
        sys.exit(dev.run([dev.PYTHON, "-m", "fastapi_host"] + sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
