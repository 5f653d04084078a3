"""Lets the tests of this plugin share `fhir_samples`: tests are found by path and are no package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
