"""`python -m recoverycore.testing PACKAGE:PLUGIN` holds a plugin to the contracts of its hooks, without a file of tests.

The path of a file in place of PACKAGE:PLUGIN holds the plugin that it is: of lines, of documents, or in code.

Exit codes: 0 every rule is kept, 1 some are broken, 2 it cannot be held to anything.
"""

from __future__ import annotations

import sys

from recoverycore.testing.plugins.holding import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
