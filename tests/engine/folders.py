"""Where tests that sync thousands of times have their files."""

import os
from pathlib import Path

_SHARED = Path("/dev/shm")  # noqa: S108 - folders of their own are made in it

MEMORY = _SHARED if os.access(_SHARED, os.W_OK) else None
"""A folder in memory where the system has one: a killed process loses no more there, and a sync costs nothing."""
