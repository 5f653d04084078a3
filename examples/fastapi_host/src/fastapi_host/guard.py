"""Who acts, what is kept out, and how an error becomes an answer. Authentication is the host's job: `signed_in` only stands in for it."""

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

import recoverycore as rc
from fastapi_host import pages
from recoverycore.errors import problem
from recoverycore.ground import pointer

_ADDRESSES = ("127.0.0.1", "::1")
_NAMES = ["127.0.0.1", "localhost"]  # any other name that leads here belongs to a page that turns a browser against us
_MAX_BODY = 64_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",  # each page holds its own style; there is no script, and nothing comes from elsewhere
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_STATUS = ((rc.NotFound, 404), (rc.NotAllowed, 403), (rc.Conflict, 409), (rc.StoreError, 503), (ValueError, 422))


class NotSignedIn(rc.NotAllowed):
    """Nobody has said who they are."""


def signed_in(request: Request) -> str:
    """Who is signed in, or nothing. A STAND-IN that believes whatever the cookie says: your own authentication goes here."""
    return unquote(request.cookies.get("acting_as", ""))


def acting(request: Request) -> str:
    """Who acts. Error: `NotSignedIn`."""
    who = signed_in(request)
    if not who:
        raise NotSignedIn(own_problem("not_signed_in", "Nobody is signed in.", "Choose at /sign-in, or send the cookie acting_as."))
    return who


def own_problem(name: str, message: str, hint: str) -> rc.Problem:
    """A problem of this host, in the shape of the library's."""
    return rc.Problem(code=f"host.{name}", name=name, path="", message=message, hint=hint, did_you_mean=None, detail="")


def wants_page(request: Request) -> bool:
    """Whether a person is asking, who wants to read the answer."""
    return "text/html" in request.headers.get("accept", "")


async def body_of(request: Request) -> bytes:
    """What was sent, as long as it is not too much."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > _MAX_BODY:
            raise rc.DocumentError(problem("too_large", detail=f"limit {_MAX_BODY} bytes"))
    return bytes(found)


def kept_out(request: Request) -> bool:
    """Whether it comes from another machine or, where it would change something, from a page of somebody else."""
    if request.client is None or request.client.host not in _ADDRESSES:
        return True
    if request.method in ("GET", "HEAD"):
        return False
    # A browser always sends one of these. What sends neither is none, and carries no cookie that it was not given.
    origin = request.headers.get("origin", own := f"{request.url.scheme}://{request.headers.get('host')}")
    return origin != own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin"


async def _around(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    found = own_problem("kept_out", "This was not asked from here.", "Use the pages on the machine that this runs on.")
    answer = _told(request, 403, found) if kept_out(request) else await go_on(request)
    answer.headers.update(_HEADERS)
    return answer


def _told(request: Request, status: int, *problems: rc.Problem) -> Response:
    """Problems as a page for people, or as JSON. Nothing of what was sent is in it."""
    if wants_page(request):
        return HTMLResponse(pages.trouble(problems, signed_in(request)), status)
    return JSONResponse({"problems": [each.to_dict() for each in problems]}, status)


async def _on_error(request: Request, error: rc.RecoveryError) -> Response:
    if isinstance(error, NotSignedIn):
        is_a_page = request.method == "GET" and wants_page(request)
        return RedirectResponse("/sign-in", 303) if is_a_page else _told(request, 401, *error.problems)
    return _told(request, next((status for kind, status in _STATUS if isinstance(error, kind)), 500), *error.problems)


async def _on_bad_request(request: Request, error: RequestValidationError) -> Response:
    """What the framework could not read. Its own answer would repeat what was sent."""
    named = (("missing_field" if each["type"] == "missing" else "bad_value", each["loc"]) for each in error.errors())
    return _told(request, 422, *(problem(name, pointer(place)) for name, place in named))


def guarded(app: FastAPI) -> FastAPI:
    """`app` with all of this around it."""
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_NAMES)
    app.middleware("http")(_around)
    app.exception_handler(rc.RecoveryError)(_on_error)
    app.exception_handler(RequestValidationError)(_on_bad_request)
    return app
