"""Static types: mypy, strict, over the library, the tools, the typing tests and each plugin that is there.

mypy takes no pattern for folders whose packages it has to name, so the plugins' folders are counted up here.
"""

import os
import sys

from tools.process import ROOT, run_module


def main() -> int:
    """Run mypy over everything at once, so that a plugin is checked against the library as it stands."""
    plugins = [folder.relative_to(ROOT).as_posix() for folder in sorted(ROOT.glob("plugins/*/src"))]
    os.environ["MYPYPATH"] = os.pathsep.join(["src", *plugins])
    return run_module("mypy", "src", "tools", "tests/typing", *plugins)


if __name__ == "__main__":
    sys.exit(main())
