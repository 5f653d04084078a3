#!/usr/bin/env python3
"""Starts the example on a bare machine: makes the `.venv` of the repository as `dev.py` does, installs what is needed, runs it there."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

import dev  # which tells an old Python, in a plain line, that it is one

if __name__ == "__main__":
    try:
        dev.prepare("example", dev.EXAMPLE, dev.EXAMPLE_MODULES)
        command = [dev.PYTHON, "-m", "fastapi_host"] + sys.argv[1:]
        if os.name == "nt":
            sys.exit(dev.run(command))
        # The server takes the place of this process: whoever ends one has ended the other.
        print("$ " + dev.shlex.join(command), flush=True)
        os.chdir(dev.ROOT)
        os.execve(command[0], command, dev.ENVIRONMENT)  # noqa: S606 - the words are our own
    except KeyboardInterrupt:
        sys.exit(130)
