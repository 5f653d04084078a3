"""What happened and why, as parts of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation.causes import with_causes
from recoverycore.views.parts import bullets, row, shown, table, time_of
from recoverycore.views.svg import timeline_svg
from recoverycore.views.texts import escaped

if TYPE_CHECKING:
    from recoverycore.consent.plan import Matrix
    from recoverycore.escalation import Explanation
    from recoverycore.ground.timeline import Happening, Timeline

__all__ = ["explanation_html", "matrix_html", "timeline_html"]


def timeline_html(happened: Timeline) -> str:
    """The picture of a timeline, and every line of it in a table, each effect with its reasons."""
    rows = []
    for each, cause in with_causes(happened):
        what = cause.effect if cause is not None else _plain(each)
        why = cause.reasons(happened.zone) if cause is not None else []
        rows.append(row(time_of(each.at, happened.zone), escaped(what), bullets(why), kind="" if cause is not None else ' class="aside"'))
    picture = f'<div class="picture" role="region" aria-label="The timeline as a picture" tabindex="0">\n{timeline_svg(happened)}</div>\n'
    return shown(picture + table(f"What happened, times in {happened.zone}", ("When", "What happened", "Why"), rows))


def explanation_html(found: Explanation) -> str:
    """Why, as a table: every effect with its reasons, then what kept a person from being told."""
    rows = [row(time_of(each.at, found.zone), escaped(each.effect), bullets(each.reasons(found.zone))) for each in found.causes]
    for each in found.barriers:
        who = f"{each.to} by {each.step}" if each.step else each.to
        rows.append(row("not told", escaped(who), bullets([each.text_in(found.zone)])))
    about = f" {found.to} was told or not" if found.to is not None else ""
    return shown(table(f"Why{about}, times in {found.zone}", ("When", "What", "Why"), rows))


def matrix_html(found: Matrix) -> str:
    """Who can see what, as a table: a row for each recipient, a column for each kind."""
    rows = [row(escaped(who), *map(escaped, seen.values())) for who, seen in found.seen.items()]
    limits = f"<p>{escaped(found.limits)}</p>\n" if found.limits else ""
    return shown(table(found.caption, ("Who", *(each.name for each in found.kinds)), rows) + limits)


def _plain(each: Happening) -> str:
    """A line that is no effect of a run: its own word, and the ids and codes beside it."""
    told = "; ".join(
        f"{key.replace('_', ' ')} {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in each.shown().items()
    )
    return each.what.replace("_", " ") + (f": {told}" if told else "")
