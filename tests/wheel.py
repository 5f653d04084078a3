"""What users get: the built wheel of the library in an environment of its own, with nothing of this checkout beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from attrs import frozen

__all__ = ["ROOT", "Installed"]

ROOT = Path(__file__).parents[1]


@frozen
class Installed:
    """An environment with the wheels that were built, and the folder that it is in."""

    home: Path
    python: Path

    @classmethod
    def into(cls, home: Path, extra: str = "", plugins: tuple[str, ...] = ()) -> Installed:
        """Build the library and some `plugins` of ours, and install them in `home`, with an `extra` of the library and with pytest."""
        made = cls(home, home / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        made.did(sys.executable, "-m", "venv", home / "venv")
        sources = [ROOT, *(ROOT / "plugins" / f"recoverycore-{each}" for each in plugins)]
        made.did(made.python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", home / "wheels", *sources)
        (wheel,) = (home / "wheels").glob("recoverycore-*.whl")
        others = [each for each in (home / "wheels").glob("*.whl") if each != wheel]
        made.did(made.python, "-m", "pip", "install", "--quiet", f"{wheel}{extra}", *others, "pytest")
        return made

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        """What became of a program in this environment."""
        return subprocess.run([str(each) for each in words], cwd=self.home, check=False, capture_output=True, text=True)

    def did(self, *words: object) -> str:
        """What a program said that has to end well."""
        ended = self.run(*words)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout
