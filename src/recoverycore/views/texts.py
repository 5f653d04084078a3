"""Text on its way into a page or a picture: escaped, on one line, and without what XML forbids."""

from __future__ import annotations

import html
import re

__all__ = ["escaped", "one_line", "shortened"]

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STEERING = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of the text around it, or steers a terminal: an id may not change the line that it stands in."""


def one_line(text: object) -> str:
    """`text` on one line, with a mark for each character that XML forbids, or that would turn the line around or steer a terminal."""
    return " ".join(_STEERING.sub("\ufffd", _FORBIDDEN.sub("\ufffd", str(text))).split())


def escaped(text: object) -> str:
    """`text` as it may stand in an element or between the quotes of an attribute."""
    return html.escape(one_line(text), quote=True)


def shortened(text: str, most: int) -> str:
    """`text`, or its beginning where it has more than `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "\u2026"
