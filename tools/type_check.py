"""Static types: mypy, strict, over the library, the tools, the typing tests and each plugin and example that is there.

mypy takes no pattern for folders whose packages it has to name, so the folders of plugins and examples are counted up here.
"""

import os
import sys

from tools.process import ROOT, run_module


def main() -> int:
    """Run mypy over everything at once, so that a plugin or an example is checked against the library as it stands."""
    found = sorted([*ROOT.glob("plugins/*/src"), *ROOT.glob("examples/*/src")])
    around = [folder.relative_to(ROOT).as_posix() for folder in found]
    os.environ["MYPYPATH"] = os.pathsep.join(["src", *around])
    return run_module("mypy", "src", "tools", "tests/typing", *around)


if __name__ == "__main__":
    sys.exit(main())
