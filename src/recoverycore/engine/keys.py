"""The secret that code words are keyed with: from the host's settings, else from a file beside the database.

It is never in the database, so a copy of the database alone tells no code word, not even to somebody who guesses.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

from recoverycore.errors import StoreError, problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from recoverycore.engine.stores import Unit

__all__ = ["KEY_MARK", "KEY_SUFFIX", "CodeWordKeys", "key_file", "key_mark", "with_another_key"]

KEY_SUFFIX = ".key"
KEY_MARK = "code_word_key"
"""The kind under which the mark of each client's key is kept beside their code words."""
_BYTES = 32


class CodeWordKeys:
    """One key for each client: the one the host names, else one derived from the master key (HMAC-SHA-256)."""

    __slots__ = ("_master", "_named")

    def __init__(self, master: bytes, named: Mapping[str, bytes] | None = None) -> None:
        self._master = master
        self._named = dict(named or {})

    def __repr__(self) -> str:
        return f"<CodeWordKeys, {len(self._named)} named>"

    def of(self, client: str) -> bytes:
        """The key of `client`."""
        return self._named.get(client) or hmac.new(self._master, client.encode(), hashlib.sha256).digest()


def key_mark(key: bytes) -> str:
    """What tells whether a key is the one that code words were kept under, and nothing about the key or any word."""
    return hmac.new(key, b"key\x00", hashlib.sha256).hexdigest()[:16]


def with_another_key(unit: Unit, keys: CodeWordKeys) -> tuple[str, ...]:
    """The clients whose code words were kept under another key than the present one: none of them can match."""
    return tuple(each.id for each in unit.all(KEY_MARK) if each.body["mark"] != key_mark(keys.of(each.id)))


def key_file(database: Path) -> bytes:
    """The master key in the file beside `database`, made with mode 0600 if there is none.

    Errors: ``key_file_open_to_others`` (anybody else could read it), ``key_file_unreadable``, ``key_file_damaged``.
    """
    path = database.with_name(database.name + KEY_SUFFIX)
    try:
        _make(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            found, key = problem("key_file_open_to_others", detail=path.name), b""
        else:
            key = path.read_bytes()
            found = problem("key_file_damaged", detail=path.name)
    except OSError:
        found, key = problem("key_file_unreadable", detail=path.name), b""
    if len(key) != _BYTES:
        raise StoreError(found)
    return key


def _make(path: Path) -> None:
    """Write a fresh key in one step, unless there is a file already: a crash leaves the whole key or none."""
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(secrets.token_bytes(_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        os.link(fresh, path)
    except FileExistsError:
        pass  # somebody else made it in between; theirs holds
    finally:
        fresh.unlink(missing_ok=True)
