"""A page in a real browser: what Chromium says of it, what it looks like, and what axe finds in it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image

from tools.browser import NAMES

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr", "--window-size=900,420",
)  # fmt: skip
DARK = "--blink-settings=preferredColorScheme=0"
_POLICY = re.compile('<meta http-equiv="Content-Security-Policy"[^>]*>')
_TELL = """
axe.run().then(found => {
  const told = document.createElement('pre');
  told.id = 'found';
  told.textContent = JSON.stringify(found.violations.map(each => ({rule: each.id, places: each.nodes.map(node => node.html)})));
  document.body.replaceChildren(told);
});
"""


def look(folder: Path, file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What Chromium says of `file`."""
    command = [CHROMIUM or "", *QUIET, f"--user-data-dir={folder / 'profile'}", *options, file.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)


def saved(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def photographed(folder: Path, file: Path, *options: str) -> Image.Image:
    """A screenshot of `file`."""
    picture = folder / f"{file.name}.png"
    look(folder, file, f"--screenshot={picture}", *options)
    return drawn(picture.read_bytes())


def drawn(png: bytes) -> Image.Image:
    """What a PNG shows, in red, green and blue."""
    return Image.open(BytesIO(png)).convert("RGB")


def colours(picture: Image.Image) -> list[tuple[int, Any]]:
    """Each colour, with how many pixels have it before it."""
    return picture.getcolors(picture.width * picture.height) or []


def background(picture: Image.Image) -> int:
    """How much red is in the most frequent pixel, from 0 to 255: how light it is, as our pages are drawn."""
    _, (red, _, _) = max(colours(picture))
    return int(red)


def accessibility(folder: Path, page: str, *options: str) -> list[dict[str, Any]]:
    """What axe finds in `page`, a rule with its places each. For that the page is let run a script, which it forbids itself."""
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    open_page, closed = _POLICY.subn("", page)
    assert closed == 1
    asked = open_page.replace("</body>", f"<script>{axe}</script><script>{_TELL}</script></body>")
    seen = look(folder, saved(folder, "asked.html", asked), "--virtual-time-budget=20000", "--dump-dom", *options)
    told = re.search('<pre id="found">(.*?)</pre>', seen.stdout, re.DOTALL)
    assert told, "axe did not answer"
    found: list[dict[str, Any]] = json.loads(html.unescape(told[1]))
    return found
