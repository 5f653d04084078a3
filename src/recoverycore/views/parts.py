"""The parts that pages are made of: tables that read aloud well, without a script, without anything from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.ground.instants import zone_info
from recoverycore.views.texts import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["bullets", "page", "row", "shown", "table", "time_of"]

_STYLE = """\
.rc-shown{font:14px/1.45 system-ui,sans-serif;color:CanvasText;background:Canvas}
.rc-shown .picture{margin:0 0 1em;overflow-x:auto}
.rc-shown table{border-collapse:collapse}
.rc-shown caption{text-align:start;font-weight:600;padding:.4em 0}
.rc-shown th,.rc-shown td{text-align:start;vertical-align:top;padding:.35em .8em .35em 0}
.rc-shown tr{border-top:1px solid color-mix(in srgb,CanvasText 25%,Canvas)}
.rc-shown th[scope=row]{font-weight:400;white-space:nowrap;font-variant-numeric:tabular-nums}
.rc-shown .aside{opacity:.75}
.rc-shown ul{margin:0;padding-inline-start:1.1em}
.rc-shown h2{font-size:1.1em;margin:1.2em 0 .3em}
.rc-shown .verdict{font-size:1.15em;border-inline-start:.3em solid;padding-inline-start:.6em}
.rc-shown .ids{overflow-wrap:anywhere}
.rc-shown .ids th{min-width:6em}
.rc-shown .ids th[scope=row]{white-space:normal}
.rc-shown dl{display:grid;grid-template-columns:fit-content(45%) 1fr;gap:.2em 1em;margin:0}
.rc-shown dt{font-weight:600}
.rc-shown dd{margin:0}
.rc-shown code{font-family:ui-monospace,monospace}"""


def page(title: str, body: str) -> str:
    """`body` as a page of its own, which asks for nothing and can run nothing."""
    return (
        '<!doctype html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escaped(title)}</title>\n<style>body{{margin:1.5em;font-family:system-ui,sans-serif}}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escaped(title)}</h1>\n{body}</main>\n</body>\n</html>\n"
    )


def shown(body: str) -> str:
    """`body` as a part of somebody's page, with its style."""
    return f'<div class="rc-shown" lang="en" dir="ltr">\n<style>\n{_STYLE}\n</style>\n{body}</div>\n'


def table(caption: str, heads: tuple[str, ...], rows: Iterable[str]) -> str:
    """A table with a caption and a head for each column; `rows` are made by `row`."""
    head = "".join(f'<th scope="col">{escaped(each)}</th>' for each in heads)
    return f"<table>\n<caption>{escaped(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>\n"


def row(head: str, *cells: str, kind: str = "") -> str:
    """A row of a table: its head, then its other cells, all of them as they stand in the page already."""
    return f'<tr{kind}><th scope="row">{head}</th>{"".join(f"<td>{each}</td>" for each in cells)}</tr>\n'


def bullets(lines: Iterable[str]) -> str:
    """Texts as a list; nothing where there are none."""
    items = "".join(f"<li>{escaped(each)}</li>" for each in lines)
    return f"<ul>{items}</ul>" if items else ""


def time_of(at: datetime, zone: str) -> str:
    """An instant as wall time in `zone`, and for programs in UTC."""
    return (
        f'<time datetime="{at.astimezone(zone_info("UTC")):%Y-%m-%dT%H:%M:%SZ}">{at.astimezone(zone_info(zone)):%Y-%m-%d %H:%M:%S}</time>'
    )
