"""Values as parts of a page: tables that read aloud well, without a script, without anything from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation.causes import with_causes
from recoverycore.ground.instants import zone_info
from recoverycore.views.svg import timeline_svg
from recoverycore.views.texts import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.escalation import Explanation
    from recoverycore.ground.timeline import Happening, Timeline

__all__ = ["explanation_html", "page", "timeline_html"]

_STYLE = """\
.rc-shown{font:14px/1.45 system-ui,sans-serif;color:CanvasText;background:Canvas}
.rc-shown .picture{margin:0 0 1em;overflow-x:auto}
.rc-shown table{border-collapse:collapse}
.rc-shown caption{text-align:start;font-weight:600;padding:.4em 0}
.rc-shown th,.rc-shown td{text-align:start;vertical-align:top;padding:.35em .8em .35em 0}
.rc-shown tr{border-top:1px solid color-mix(in srgb,CanvasText 25%,Canvas)}
.rc-shown th[scope=row]{font-weight:400;white-space:nowrap;font-variant-numeric:tabular-nums}
.rc-shown .aside{opacity:.75}
.rc-shown ul{margin:0;padding-inline-start:1.1em}"""


def page(title: str, body: str) -> str:
    """`body` as a page of its own, which asks for nothing and can run nothing."""
    return (
        '<!doctype html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{escaped(title)}</title>\n<style>body{{margin:1.5em;font-family:system-ui,sans-serif}}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escaped(title)}</h1>\n{body}</main>\n</body>\n</html>\n"
    )


def timeline_html(happened: Timeline) -> str:
    """The picture of a timeline, and every line of it in a table, each effect with its reasons."""
    rows = []
    for each, cause in with_causes(happened):
        what = cause.effect if cause is not None else _plain(each)
        why = cause.reasons(happened.zone) if cause is not None else []
        rows.append(_row(_when(each.at, happened.zone), what, why, "" if cause is not None else ' class="aside"'))
    picture = f'<div class="picture" role="region" aria-label="The timeline as a picture" tabindex="0">\n{timeline_svg(happened)}</div>\n'
    return _shown(picture + _table(f"What happened, times in {happened.zone}", ("When", "What happened", "Why"), rows))


def explanation_html(found: Explanation) -> str:
    """Why, as a table: every effect with its reasons, then what kept a person from being told."""
    rows = [_row(_when(each.at, found.zone), each.effect, each.reasons(found.zone)) for each in found.causes]
    rows += [_row("not told", f"{each.to} by {each.step}" if each.step else each.to, [each.text_in(found.zone)]) for each in found.barriers]
    about = f" {found.to} was told or not" if found.to is not None else ""
    return _shown(_table(f"Why{about}, times in {found.zone}", ("When", "What", "Why"), rows))


def _shown(body: str) -> str:
    return f'<div class="rc-shown" lang="en" dir="ltr">\n<style>\n{_STYLE}\n</style>\n{body}</div>\n'


def _table(caption: str, heads: tuple[str, ...], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{escaped(each)}</th>' for each in heads)
    return f"<table>\n<caption>{escaped(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>\n"


def _row(when: str, what: str, why: list[str], kind: str = "") -> str:
    reasons = f"<ul>{''.join(f'<li>{escaped(each)}</li>' for each in why)}</ul>" if why else ""
    return f'<tr{kind}><th scope="row">{when}</th><td>{escaped(what)}</td><td>{reasons}</td></tr>\n'


def _when(at: datetime, zone: str) -> str:
    return (
        f'<time datetime="{at.astimezone(zone_info("UTC")):%Y-%m-%dT%H:%M:%SZ}">{at.astimezone(zone_info(zone)):%Y-%m-%d %H:%M:%S}</time>'
    )


def _plain(each: Happening) -> str:
    """A line that is no effect of a run: its own word, and the ids and codes beside it."""
    told = "; ".join(
        f"{key.replace('_', ' ')} {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in each.shown().items()
    )
    return each.what.replace("_", " ") + (f": {told}" if told else "")
