"""How each value is shown in each medium. Importing this registers it with `recoverycore.ground.render`."""

from __future__ import annotations

from recoverycore.consent import Decision
from recoverycore.consent.plan import Matrix
from recoverycore.escalation import Explanation, Verification
from recoverycore.ground.rendering import render
from recoverycore.ground.timeline import Timeline
from recoverycore.views.decisions import decision_html, decision_text, requester_page
from recoverycore.views.html import explanation_html, matrix_html, timeline_html
from recoverycore.views.parts import page
from recoverycore.views.svg import timeline_svg
from recoverycore.views.verifications import verification_html
from recoverycore.views.week import week_svg


@render.register(Timeline)
def show_timeline(happened: Timeline, medium: str) -> str | None:
    """A timeline: text, a picture, a table with the picture."""
    match medium:
        case "text/plain":
            return str(happened)
        case "image/svg+xml":
            return timeline_svg(happened)
        case "text/html":
            return timeline_html(happened)
        case "text/html;page":
            return page("What happened", timeline_html(happened))
        case _:
            return None


@render.register(Explanation)
def show_explanation(found: Explanation, medium: str) -> str | None:
    """An explanation: text, and a table."""
    match medium:
        case "text/plain":
            return found.explain()
        case "text/html":
            return explanation_html(found)
        case "text/html;page":
            return page("Why", explanation_html(found))
        case _:
            return None


@render.register(Decision)
def show_decision(decision: Decision, medium: str) -> str | None:
    """A decision, for staff: text, and tables. ``text/html;requester`` is the page for whoever asked."""
    match medium:
        case "text/plain":
            return decision_text(decision)
        case "text/html":
            return decision_html(decision)
        case "text/html;page":
            return page("A decision on consent", decision_html(decision))
        case "text/html;requester":
            return requester_page(decision.requester_view)
        case _:
            return None


@render.register(Matrix)
def show_matrix(found: Matrix, medium: str) -> str | None:
    """Who can see what: text, and a table."""
    match medium:
        case "text/plain":
            return str(found)
        case "text/html":
            return matrix_html(found)
        case "text/html;page":
            return page("Who can see what", matrix_html(found))
        case _:
            return None


@render.register(Verification)
def show_verification(found: Verification, medium: str) -> str | None:
    """A verification: text, the week as a picture, and a page with the picture, every finding and who covers what."""
    match medium:
        case "text/plain":
            return found.explain()
        case "image/svg+xml":
            return week_svg(found)
        case "text/html":
            return verification_html(found)
        case "text/html;page":
            return page("Whether a protocol can be relied on", verification_html(found))
        case _:
            return None
