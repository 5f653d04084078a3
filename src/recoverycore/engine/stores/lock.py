"""Two locks: one that the operating system takes back when its holder dies, and one that lets threads in by turns."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING

from recoverycore.errors import StoreError, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FileLock", "Turns"]


class FileLock:
    """An exclusive lock on the file at `path`: one process at a time. Errors: ``store_locked``, ``store_unreadable``."""

    def __init__(self, path: Path) -> None:
        self._file: int | None = None
        found = None
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _take(self._file):
                found = problem("store_locked")
        except OSError as error:
            found = problem("store_unreadable", detail=type(error).__name__)
        if found is not None:
            self.release()
            raise StoreError(found)

    def release(self) -> None:
        """Let go. A second time does nothing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class Turns:
    """One unit at a time: another thread waits for its turn, a unit inside a unit is refused (``unit_nested``).

    `lock` is for closing, which a unit's own thread may do in the middle of it.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._inside = False

    @contextlib.contextmanager
    def unit(self) -> Iterator[None]:
        """A turn for a unit."""
        with self.lock:
            if self._inside:
                raise StoreError(problem("unit_nested"))
            self._inside = True
            try:
                yield
            finally:
                self._inside = False
