"""How much input is read: bounds that no honest document comes near, shared by every format."""

from __future__ import annotations

__all__ = ["MAX_BYTES", "MAX_DEPTH"]

MAX_BYTES = 10_000_000
"""The largest input that is read, in bytes."""
MAX_DEPTH = 64
"""How deep input may be nested."""
