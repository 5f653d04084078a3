"""A browser that is driven: Chromium over its debugging pipe, with what it asked for and what it complained of.

The protocol is JSON with a zero byte after each message, on descriptors 3 and 4: nothing to install, and no port that anybody could reach.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import time
from collections import deque
from importlib import resources
from typing import TYPE_CHECKING, Any, Self

from tests.browser.looking import CHROMIUM, QUIET, drawn

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

_PATIENCE = 60
_ABOVE = 10  # where our ends are put, so that they are not in the place of 3 and 4

_PLACE_OF = """words => {
  const found = [...document.querySelectorAll('a, button')].filter(each => each.textContent.trim() === words);
  if (found.length !== 1) return found.length;
  found[0].scrollIntoView({block: 'center'});
  const box = found[0].getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
_FOUND = """axe.run().then(all =>
  JSON.stringify(all.violations.map(each => ({rule: each.id, places: each.nodes.map(node => node.html)}))))"""


class Browser:
    """One page in a headless Chromium, whose profile is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._heard: deque[dict[str, Any]] = deque()
        self._rest = b""
        self._count = 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        their_in, self._out = _pipe()
        self._in, their_out = _pipe()
        command = [CHROMIUM or "", *QUIET, "--remote-debugging-pipe", f"--user-data-dir={folder / 'driven'}", "about:blank"]
        there = [(os.POSIX_SPAWN_DUP2, their_in, 3), (os.POSIX_SPAWN_DUP2, their_out, 4)]
        silent = [(os.POSIX_SPAWN_OPEN, each, os.devnull, os.O_RDWR, 0) for each in (1, 2)]
        self._process = os.posix_spawn(command[0], command, os.environ, file_actions=[*there, *silent], setpgroup=0)
        os.close(their_in)
        os.close(their_out)
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._out)  # with its pipe closed it ends by itself
        os.close(self._in)
        os.killpg(self._process, signal.SIGTERM)
        os.waitpid(self._process, 0)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command, and what came of it."""
        self._count += 1
        number = self._count
        message = {"id": number, "method": method, "params": parameters} | ({"sessionId": self._session} if self._session else {})
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]  # type: ignore[no-any-return]  # it is JSON
            self._heard.append(told)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._in, 1 << 20)
            assert part, "the browser has gone"
            self._rest += part
        text, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(text)
        match told.get("method"), told.get("params", {}):
            case "Network.requestWillBeSent", {"request": {"url": url}}:
                self.requests.append(url)
            case "Log.entryAdded", {"entry": entry}:
                self.complaints.append(entry["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown", said:
                self.complaints.append(json.dumps(said))
        return told

    def _loaded(self) -> None:
        """Wait until the page that is on its way is there."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            told = self._heard.popleft() if self._heard else self._next()
            if told.get("method") == "Page.loadEventFired":
                return
        raise TimeoutError

    def go(self, address: str) -> None:
        """Open a page."""
        self._heard.clear()
        self.ask("Page.navigate", url=address)
        self._loaded()

    def run(self, script: str) -> Any:
        """What a script comes to in the page."""
        return self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)["result"].get("value")

    def click(self, words: str) -> None:
        """Press the link or button with these words, where a finger would, and wait for the page that it leads to."""
        place = self.run(f"({_PLACE_OF})({json.dumps(words)})")
        assert isinstance(place, list), f"{place} links or buttons say {words!r}"
        self._heard.clear()
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
        self._loaded()

    @property
    def text(self) -> str:
        """What can be read in the page."""
        return str(self.run("document.body.innerText"))

    def look(self, *, dark: bool = False, width: int = 900, height: int = 800) -> None:
        """How the page is looked at from now on."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < height)

    def picture(self) -> Image.Image:
        """What can be seen of the page."""
        return drawn(base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"]))

    def accessibility(self) -> list[dict[str, Any]]:
        """What axe finds in the page as it stands, a rule with its places each. A driver may run a script where the page may not."""
        axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
        self.run(axe + ";true")
        return json.loads(self.run(_FOUND))  # type: ignore[no-any-return]  # it is JSON


def _pipe() -> tuple[int, int]:
    """Both ends of a new pipe, out of the way and not handed down."""
    import fcntl  # not everywhere, and this file is read wherever tests are

    ends = os.pipe()
    moved = tuple(fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for each in ends)
    for each in ends:
        os.close(each)
    return moved[0], moved[1]
