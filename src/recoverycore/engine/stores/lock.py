"""A lock that the operating system takes back when its holder dies: one process at a time keeps a store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from recoverycore.errors import StoreError, problem

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FileLock"]


class FileLock:
    """An exclusive lock on the file at `path`. Errors: ``store_locked``, ``store_unreadable``."""

    def __init__(self, path: Path) -> None:
        found = None
        self._file: int | None = None
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            found = problem("store_unreadable", detail=type(error).__name__)
        if self._file is not None:
            try:
                _take(self._file)
            except OSError:
                found = problem("store_locked")
                self.release()
        if found is not None:
            raise StoreError(found)

    def release(self) -> None:
        """Let go. A second time does nothing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if os.name == "nt":
    import msvcrt

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
