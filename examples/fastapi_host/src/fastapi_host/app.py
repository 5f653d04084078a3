"""The web application: what programs and people can ask, and what the engine is asked for it. `create_app` puts it together."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

import recoverycore as rc
from fastapi_host import pages
from fastapi_host.engine_thread import EngineThread
from fastapi_host.guard import acting, body_of, guarded, own_problem, wants_page
from recoverycore.consent import REFUSAL
from recoverycore.errors import problem
from recoverycore.ground import Id, Instant

_log = logging.getLogger("fastapi_host")
_CHECK_THE_ID = "Check the id. A client whose team you are not on is answered the same."
router = APIRouter()


def create_app(engine: EngineThread) -> FastAPI:
    """The application around an engine, which runs as long as it does."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.running():
            yield

    app = FastAPI(title="recoverycore in FastAPI", lifespan=lifespan, docs_url=None, redoc_url=None)  # those load scripts from elsewhere
    app.state.engine = engine
    app.include_router(router)
    return guarded(app)


def engine_of(request: Request) -> EngineThread:
    """The engine of this application."""
    found: EngineThread = request.app.state.engine
    return found


Engine = Annotated[EngineThread, Depends(engine_of)]
Who = Annotated[str, Depends(acting)]


# -- who may look -----------------------------------------------------------------------------------------------------------
def is_around(engine: rc.Engine, client: str, who: str, *, staff: bool = True) -> bool:
    """Whether `who` is on the team of a client; a supporter is, but not as staff."""
    member = (engine.get(rc.Team, client=client) or rc.Team()).member(who)
    return member is not None and not (staff and member.supporter)


def must_be_around(engine: rc.Engine, client: str, who: str, *, staff: bool = True) -> None:
    """To anybody else there is no such client: they are told the same as of one whom nobody knows."""
    if not is_around(engine, client, who, staff=staff):
        raise rc.NotFound(problem("unknown_client", hint=_CHECK_THE_ID))


def run_of(engine: rc.Engine, client: str, run: str, who: str) -> rc.RunState:
    """A run of a client, for the staff around them."""
    must_be_around(engine, client, who)
    for state in engine.runs(client=client):
        if state.run == run:
            return state
    raise rc.NotFound(problem("unknown_run"))


# -- signals and runs -------------------------------------------------------------------------------------------------------
class Noticed(rc.Document):
    """Something that somebody noticed. The id is made by whoever sends it, so that a request sent twice counts once."""

    command_id: Id
    kind: Id
    codes: tuple[Id, ...] = ()
    observed_at: Instant | None = None


@router.post("/clients/{client}/signals", status_code=202)
async def report(client: str, request: Request, who: Who, engine: Engine) -> dict[str, bool]:
    """Report a signal. The answer is the same whatever it sets going: a supporter may report, and not know of it."""
    said = Noticed.model_validate_json(await body_of(request))

    def act(its: rc.Engine) -> None:
        must_be_around(its, client, who, staff=False)
        command = f"web:{who}:{said.command_id}"
        its.report(client=client, kind=said.kind, by=who, observed_at=said.observed_at, codes=said.codes, command_id=command)

    await engine.do(act)
    return {"received": True}


@router.post("/clients/{client}/runs/{run}/acknowledge")
async def acknowledge(client: str, run: str, *, command_id: str, request: Request, who: Who, engine: Engine) -> Response:
    """Take a run. 409 where it did not become theirs: an answer may come too late, or from somebody who may not hold it."""

    def act(its: rc.Engine) -> rc.RunState:
        run_of(its, client, run, who)
        its.acknowledge(run, by=who, command_id=f"web:{who}:{command_id}")
        return its.run(run).state

    state = await engine.do(act)
    yours = who in state.holders
    if not wants_page(request):
        return JSONResponse({"yours": yours, "status": state.status, "holders": list(state.holders)}, 200 if yours else 409)
    if yours:
        return RedirectResponse(f"/clients/{quote(client, safe='')}/runs/{quote(run, safe='')}", 303)
    told = "It did not become yours: somebody else has it, or you may not hold it. The lines below say which."
    return HTMLResponse(await engine.do(lambda its: run_page(its, client, run, who, told)), 409)


@router.get("/clients/{client}/runs/{run}")
async def one_run(client: str, run: str, who: Who, engine: Engine) -> HTMLResponse:
    """One run: how it stands, and its timeline."""
    return HTMLResponse(await engine.do(lambda its: run_page(its, client, run, who)))


def run_page(engine: rc.Engine, client: str, run: str, who: str, told: str = "") -> str:
    """The page of a run. Whatever the library draws is drawn by the engine's thread, too."""
    state, clocks = run_of(engine, client, run, who), engine.clocks(client=client)
    happened = engine.timeline(run).in_zone(zone_of(engine))
    return pages.run(client, state, clocks, happened, who=who, command_id=str(uuid4()), told=told)


@router.get("/")
async def overview(who: Who, engine: Engine) -> HTMLResponse:
    """What is going on around the clients of whoever looks."""

    def look(its: rc.Engine) -> str:
        mine = [each.id for each in its.kept(rc.Client) if is_around(its, each.id, who)]
        runs = [(client, state, its.clocks(client=client)) for client in mine for state in its.runs(client=client)]
        return pages.overview(runs, zone_of(its), who)

    return HTMLResponse(await engine.do(look))


def zone_of(engine: rc.Engine) -> str:
    """Where the programme is."""
    programme = engine.get(rc.Programme)
    return programme.zone if programme else "UTC"


# -- consent ----------------------------------------------------------------------------------------------------------------
class Asked(rc.Document):
    """What somebody wants to see, and for what."""

    command_id: Id
    sees: tuple[Id, ...]
    why: Id


@router.post("/clients/{client}/consent")
async def ask(client: str, request: Request, who: Who, engine: Engine) -> Response:
    """May I see it? What is released is written down as a disclosure. Every refusal is the same bytes, also for an unknown client."""
    asked = Asked.model_validate_json(await body_of(request))

    def act(its: rc.Engine) -> str:
        question: dict[str, Any] = {"client": client, "who": who, "sees": asked.sees, "why": asked.why}
        try:
            found = its.decision(**question)
            written_down = its.ask(**question, command_id=f"web:{who}:{asked.command_id}").facts["released"]
        except rc.StoreError:  # says nothing about anybody
            raise
        except rc.RecoveryError as error:
            _log.info("a question about consent had no answer: %s", error.code)
            return REFUSAL
        return found.requester_view if list(found.released) == written_down else REFUSAL

    return Response(await engine.do(act), media_type="application/json")


@router.get("/clients/{client}/consent")
async def explain(client: str, request: Request, me: Who, engine: Engine, sees: Annotated[tuple[str, ...], Query()] = ()) -> HTMLResponse:
    """Why somebody may or may not see something, for staff. Looking releases nothing."""
    who, why = request.query_params.get("who", ""), request.query_params.get("why", "")

    def look(its: rc.Engine) -> str:
        must_be_around(its, client, me)
        team = its.get(rc.Team, client=client) or rc.Team()
        people = [*(each.id for each in team.members), *(each.id for each in its.kept(rc.Service))]
        found = its.decision(client=client, who=who, sees=sees, why=why) if who else None
        return pages.consent(client, people, {who, why, *sees}, found, me)

    return HTMLResponse(await engine.do(look))


# -- health, and the stand-in for a sign-in ---------------------------------------------------------------------------------
@router.get("/health")
async def health(engine: Engine) -> JSONResponse:
    """For a watch outside of this process: 200 while somebody would be told, else 503. Counts only, so nobody has to sign in."""
    found = await engine.health()
    return JSONResponse(found, 200 if found["well"] else 503)


def everybody(engine: rc.Engine) -> dict[str, rc.Member]:
    """Whoever is on a team, by id."""
    teams = (engine.get(rc.Team, client=client.id) or rc.Team() for client in engine.kept(rc.Client))
    return {member.id: member for team in teams for member in team.members}


@router.get("/sign-in")
async def who_are_you(engine: Engine) -> HTMLResponse:
    """Choose who you are."""
    return HTMLResponse(pages.sign_in((await engine.do(everybody)).values()))


@router.post("/sign-in/{who}")
async def sign_in(who: str, engine: Engine) -> RedirectResponse:
    """Be somebody of a team."""
    if who not in await engine.do(everybody):
        raise rc.NotAllowed(own_problem("not_on_a_team", "Nobody by this id is on a team.", "Choose one of those at /sign-in."))
    answer = RedirectResponse("/", 303)
    answer.set_cookie("acting_as", quote(who, safe=""), httponly=True, samesite="strict")
    return answer
