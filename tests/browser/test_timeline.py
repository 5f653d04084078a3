"""What only a real browser shows: that a page and a picture of a run are drawn, in light and in dark, and that nothing was held back."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.views.samples import RECORDS, hostile
from tools.browser import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), None)
pytestmark = pytest.mark.browser

QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr", "--window-size=900,420",
)  # fmt: skip
DARK = "--blink-settings=preferredColorScheme=0"
NIGHT = RECORDS["a_silent_hour"]


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


def test_a_page_is_drawn_whole_and_nothing_in_it_was_blocked(tmp_path: Path) -> None:
    seen = look(tmp_path, saved(tmp_path, "night.html", NIGHT.to_html()), "--dump-dom")
    assert "Refused" not in seen.stderr
    assert "CONSOLE" not in seen.stderr
    assert seen.stdout.count("<tr") == len(NIGHT.happenings) + 1
    assert "peer_ade was asked over voice" in seen.stdout
    assert len(re.findall(r"<svg\b", seen.stdout)) == 1
    assert "</svg>" in seen.stdout[: seen.stdout.index("<table")]  # the picture ended where it should


def test_what_the_page_forbids_would_be_told(tmp_path: Path) -> None:
    """The control of the test above: a script in such a page is refused, and it is seen that it was."""
    page = NIGHT.to_html().replace("</main>", "<script>document.title = 'ran'</script></main>")
    seen = look(tmp_path, saved(tmp_path, "script.html", page), "--dump-dom")
    assert "CONSOLE" in seen.stderr
    assert "<title>ran" not in seen.stdout


def test_a_picture_is_a_document_of_its_own_whose_words_can_be_selected(tmp_path: Path) -> None:
    seen = look(tmp_path, saved(tmp_path, "night.svg", NIGHT.to_svg()), "--dump-dom")
    assert "parsererror" not in seen.stdout
    assert "This page contains the following errors" not in seen.stdout
    assert re.search(r"<text[^>]*>asked by voice</text>", seen.stdout)
    assert "user-select" not in seen.stdout


def test_a_broken_picture_would_be_told(tmp_path: Path) -> None:
    seen = look(tmp_path, saved(tmp_path, "broken.svg", NIGHT.to_svg().replace("</title>", "", 1)), "--dump-dom")
    assert "parsererror" in seen.stdout


@pytest.mark.parametrize("name", ["night.svg", "night.html"])
def test_a_picture_and_a_page_are_not_blank_in_light_or_in_dark(tmp_path: Path, name: str) -> None:
    file = saved(tmp_path, name, NIGHT.to_svg() if name.endswith("svg") else NIGHT.to_html())
    light, dark = photographed(tmp_path, file), photographed(tmp_path, file, DARK)
    assert min(len(colours(light)), len(colours(dark))) > 50
    assert background(light) == 255
    if name.endswith("html"):  # a picture by itself is shown as its reader's program shows pictures
        assert background(dark) < 40


def test_a_hostile_id_runs_nothing_in_a_browser(tmp_path: Path) -> None:
    page = hostile("</title></style></svg><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">").to_html()
    seen = look(tmp_path, saved(tmp_path, "hostile.html", page), "--dump-dom")
    assert "<title>What happened</title>" in seen.stdout
    assert "<img" not in seen.stdout
    assert "CONSOLE" not in seen.stderr
