"""A page in a real browser: what Chromium says of it, what it looks like, and what axe finds in it."""

from __future__ import annotations

import html
import json
import re
import shutil
import struct
import subprocess
import zlib
from importlib import resources
from typing import TYPE_CHECKING, Any

from tools.browser import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
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


def photographed(folder: Path, file: Path, *options: str) -> list[bytes]:
    """The rows of a screenshot of `file`, three bytes a pixel."""
    picture = folder / f"{file.name}.png"
    look(folder, file, f"--screenshot={picture}", *options)
    return list(rows_of(picture.read_bytes()))


def rows_of(png: bytes) -> Iterator[bytes]:
    """The rows of a PNG of eight bits a channel without interlacing, as RGB."""
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place < len(png):
        (length,), kind = struct.unpack(">I", png[place : place + 4]), png[place + 4 : place + 8]
        chunks[kind] = chunks.get(kind, b"") + png[place + 8 : place + 8 + length]
        place += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    size = {2: 3, 6: 4}[colour]
    assert depth == 8
    data, before = zlib.decompress(chunks[b"IDAT"]), bytes(width * size)
    for number in range(height):
        row = bytearray(data[number * (width * size + 1) + 1 : (number + 1) * (width * size + 1)])
        filtered = data[number * (width * size + 1)]
        for at, value in enumerate(row):
            left, up = (row[at - size] if at >= size else 0), before[at]
            corner = before[at - size] if at >= size else 0
            row[at] = (value + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[filtered]) & 255
        before = bytes(row)
        yield bytes(before[at + part] for at in range(0, len(before), size) for part in range(3))


def _paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((abs(near - each), order, each) for order, each in enumerate((left, up, corner)))[2]


def colours(rows: list[bytes]) -> set[tuple[int, int, int]]:
    return {(row[at], row[at + 1], row[at + 2]) for row in rows for at in range(0, len(row), 3)}


def background(rows: list[bytes]) -> int:
    """How light the most frequent pixel is, from 0 to 255."""
    counted = max(set(rows), key=rows.count)
    return counted[0]


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
