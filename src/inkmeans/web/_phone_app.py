"""The phones' server: an application of its own at a port of its own, in which there is nothing but the drawing.

A phone with the code can open the page, ask what to draw, and send drawings. The teacher's own phone, let in by a code
that is good once, can see what waits, show it and take it out.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response

from inkmeans.images import Drawing
from inkmeans.lesson import ClassRoom, NotTakenError, Told
from inkmeans.web._class import SchoolClass, reading_document
from inkmeans.web._limits import BodyLimit
from inkmeans.web._page import add_assets, sentence_page
from inkmeans.web._phone_gate import PhoneCode, PhoneRates, Phones, answer, cookie_name, too_many
from inkmeans.web._problems import install_problem_handlers
from inkmeans.web._routes_class import WAITED
from inkmeans.web._routes_read import parse_body, require_json
from inkmeans.web._security import SECURITY_HEADERS, Guard
from inkmeans.web._static import PAGE_MISSING, find_static
from inkmeans.web._types_class import ClassSettings, MoveDrawings, PhoneDrawing, PhoneTold

MAX_PHONE_BODY = 64_000
"""Bytes; a digit has about two thousand."""
_STATUS = {"closed": 409, "ended": 410, "stopped": 403, "full": 409, "unreadable": 422, "too much": 413}
_NO_DESK = "This address was used or is too old; ask for a new one at the teacher's computer."
_NOTHING = "There is nothing here; open the whole address that your class was shown."
_DESK_GATHERED = 0.2  # seconds: over the air, a few answers a second are enough
_COOKIE_SECONDS = 12 * 60 * 60


def create_phone_app(school_class: SchoolClass, *, hosts: frozenset[str], static: Path | None = None) -> FastAPI:
    """Return the application for the phones of a class.

    Parameters
    ----------
    school_class : SchoolClass
    hosts : frozenset of str
        As `create_app` takes them.
    static : Path or None
        The folder with the phones' built page; None takes the package's own, where it has one.
    """
    room, phones = school_class.room, Phones(school_class.room)
    # Two are enough for what the rates let in, and leave a processor to those who are answered meanwhile.
    painting = ThreadPoolExecutor(2, thread_name_prefix="inkmeans-class")
    if static is None and (whole := find_static()) is not None:
        static = whole / "phone"
    if static is not None and not (static / "phone.html").is_file():
        static = None  # a page that was built before there were phones
    app = FastAPI(title="Draw together", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)

    def page() -> Response:
        if static is None:
            return sentence_page(503, "Draw together", PAGE_MISSING)
        return FileResponse(static / "phone.html", headers={"Cache-Control": "no-cache"})

    code = school_class.code
    app.add_api_route(f"/{code}", page, methods=["GET", "HEAD"], response_model=None)

    @app.get(f"/{code}/ask")
    async def ask(request: Request) -> Response:
        """Tell a phone what to draw; a new phone is given its cookie."""
        cookie, wait = _cookie(request, phones)
        if not cookie:
            return too_many(request.scope, wait)
        return _told(request, room.ask(phones.find(cookie) or 0), cookie)

    @app.post(f"/{code}/drawings")
    async def add_drawing(request: Request) -> Response:
        """Take a drawing; who has no cookie yet is given one, and is to send it again."""
        await require_json(request)
        cookie, wait = _cookie(request, phones)
        if cookie and cookie != request.state.cookie:  # a page asks before it draws; a flood does not
            response = too_many(request.scope, 1.0)
            _set_cookie(response, cookie_name(request.scope, "phone"), cookie)
            return response
        wait = wait or phones.draws(request.state.network, cookie)
        if wait > 0:
            return too_many(request.scope, wait)
        body = await _body(request)
        number = phones.find(cookie) or 0
        told = await asyncio.get_running_loop().run_in_executor(painting, _add, room, number, body)
        return _told(request, told, cookie, status=201)

    @app.get("/desk")
    async def open_desk(request: Request) -> Response:
        """Give the teacher's phone its cookie for the code in the address, and the page."""
        offered = request.query_params.get("code")
        key = None if offered is None else school_class.desk.redeem(offered, request.state.address)
        if key is None and not request.state.desk:
            return answer(request.scope, 401, _NO_DESK)
        response = page()
        if key is not None:
            _set_cookie(response, cookie_name(request.scope, "desk"), key)
        return response

    @app.get("/desk/state")
    async def show_state(request: Request, since: int = 0) -> Response:
        """Tell the desk what changed since a revision, as the teacher's page is told."""
        _check_desk(request)
        since = min(max(since, 0), 2**53)
        await school_class.changes.after(since, WAITED, _DESK_GATHERED)
        _check_desk_still(request, school_class)
        body = await run_in_threadpool(lambda: school_class.state(since, is_phone=True))
        return Response(body, media_type="application/json")

    @app.post("/desk/drawings")
    async def move_drawings(request: Request) -> Response:
        """Show drawings, take them out, or let them wait."""
        _check_desk(request)
        await require_json(request)
        wanted = parse_body(MoveDrawings, await _body(request))
        await run_in_threadpool(room.move, wanted.ids, wanted.state)
        return Response(status_code=204)

    @app.post("/desk/settings")
    async def change_settings(request: Request) -> Response:
        """Open or close the room, show drawings as they come, ask phones for digits."""
        _check_desk(request)
        await require_json(request)
        wanted = parse_body(ClassSettings, await _body(request))
        await run_in_threadpool(lambda: room.change(**wanted.model_dump()))
        return Response(status_code=204)

    if static is not None:
        add_assets(app, static)
    install_problem_handlers(app, SECURITY_HEADERS, nothing=_NOTHING)
    app.add_middleware(BodyLimit, limit=MAX_PHONE_BODY, json_limit=MAX_PHONE_BODY)
    app.add_middleware(PhoneCode, school_class=school_class)
    app.add_middleware(Guard, token=None, hosts=hosts)  # before the code: a rebound page learns nothing of it
    app.add_middleware(PhoneRates, school_class=school_class, phones=phones)  # added last, asked first
    return app


def _cookie(request: Request, phones: Phones) -> tuple[str, float]:
    """Return the cookie of who asks, a new one for a new phone; "" and how long to wait where many came."""
    known: str = request.state.cookie
    return (known, 0.0) if known else phones.enter(request.state.network)


async def _body(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect:  # a phone that lost the network in the middle: nobody reads the answer
        raise HTTPException(400, "The body did not come whole.") from None


def _add(room: ClassRoom, phone: int, body: bytes) -> Told:
    sent = parse_body(PhoneDrawing, body)
    drawing = Drawing(tuple(map(tuple, sent.strokes)), sent.width, sent.height, sent.pen)
    try:
        return room.add(phone, drawing, asked=sent.asked, key=sent.key, round=sent.round or "")
    except NotTakenError as error:
        raise HTTPException(_STATUS[error.why], str(error)) from error


def _told(request: Request, told: Told, cookie: str, status: int = 200) -> Response:
    document = PhoneTold(
        is_open=told.is_open,
        is_ended=told.is_ended,
        as_they_come=told.as_they_come,
        ask=told.ask,
        n_sent=told.n_sent,
        n_left=told.n_left,
        says=told.says,
        round=told.round,
        reading=reading_document(told.reading),
    )
    response = Response(document.model_dump_json(), status, media_type="application/json")
    if cookie != request.state.cookie:
        _set_cookie(response, cookie_name(request.scope, "phone"), cookie)
    return response


def _set_cookie(response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_COOKIE_SECONDS, httponly=True, samesite="strict")


def _check_desk(request: Request) -> None:
    if not request.state.desk:
        raise HTTPException(401, _NO_DESK)


def _check_desk_still(request: Request, school_class: SchoolClass) -> None:
    """Refuse a desk that was closed while it waited."""
    if not school_class.desk.is_open(request.state.desk, request.state.address):
        raise HTTPException(401, _NO_DESK)
