"""One text for one meaning: canonical JSON and its hash, for digests, audit links and comparing by value."""

from __future__ import annotations

import hashlib
import json
from typing import Any

__all__ = ["canonical_json", "digest", "digest_of"]


def canonical_json(value: Any) -> str:
    """`value` as JSON with sorted keys and no spaces; NaN is refused. Texts that are equal mean the same.

    It says how a value is written, so ``1`` and ``1.0`` differ.
    """
    return _encode(value)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return digest_of(canonical_json(value))


def digest_of(text: str) -> str:
    """SHA-256 of canonical JSON that is a text already, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
