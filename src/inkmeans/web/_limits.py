"""How much a request may carry and cost: its bytes are counted as they come, its drawings before any is painted."""

from collections.abc import Iterable, Sequence
from itertools import chain

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkmeans.images import Drawing, fine_rows_crossed
from inkmeans.web._problems import ProblemResponse

MAX_BODY = 50_000_000
"""Bytes; a phone's photo has about 5 million."""
MAX_JSON_BODY = 4_000_000
"""Bytes of any other body than an upload: a drawing of the page has about 5 thousand."""
MAX_DRAWINGS = 16
MAX_STROKES = 256
MAX_POINTS = 10_000
"""Points of one stroke: three minutes without lifting a pen that reports 60 times a second."""
MAX_SIDE = 4096
"""Pixels of the box that was drawn in, each way."""
MAX_PIXELS = 16_777_216
"""Of all boxes of a request: one of 4096 x 4096."""
MAX_TOTAL_POINTS = 100_000
"""Of all strokes of a request."""
MAX_ROWS = 2_000_000
"""Rows of fine pixels that the segments of a request may cross in all, painted in about a second (0.5 to 1.3 s for 16
boxes of 256 x 256 to 1024 x 1024 or one of 4096 x 4096); the four boxes of the page, full of ink, have 200,000."""


def check_work(drawings: Sequence[Drawing], *, also: Iterable[Drawing] = (), times: int = 1) -> None:
    """Answer 413 where painting the drawings of one request would take too long.

    Parameters
    ----------
    drawings : sequence of Drawing
    also : iterable of Drawing
        The same on other canvases, where those are painted too: a small box is crossed by few rows, what it is enlarged
        to by many.
    times : int
        How many times the usual work is still little enough.

    Raises
    ------
    HTTPException
    """
    pixels = sum(drawing.width * drawing.height for drawing in drawings)
    points = sum(len(stroke) for drawing in drawings for stroke in drawing.strokes)
    _check_total(pixels, times * MAX_PIXELS, "pixels", "send fewer drawings, or smaller boxes")
    _check_total(points, times * MAX_TOTAL_POINTS, "points", "send fewer drawings, or fewer points of each stroke")
    rows = sum(map(fine_rows_crossed, chain(drawings, also)))
    remedy = "send fewer drawings, or fewer points of each stroke"
    _check_total(rows, times * MAX_ROWS, "rows of fine pixels crossed by strokes", remedy)


def body_type(headers: Headers) -> str:
    """Return the media type of the body, in lower case and without parameters, "" where none is given.

    Of several Content-Type headers the first counts, for the limits and for the routes.
    """
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _check_total(found: int, most: int, what: str, remedy: str) -> None:
    if found > most:
        raise HTTPException(
            413, f"A request may have at most {most:,} {what} in all, and this one has {found:,}; {remedy}."
        )


class BodyLimit:
    """ASGI middleware that answers 413 to a body of more than `limit` bytes, or `json_limit` where it is no upload."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY, json_limit: int = MAX_JSON_BODY) -> None:
        self.app = app
        self.limit = limit
        self.json_limit = min(json_limit, limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = body_type(headers) == "multipart/form-data"
        limit, what = (self.limit, "picture") if is_upload else (self.json_limit, "document")
        sentence = f"The request body must have at most {limit:,} bytes; send a smaller {what}."
        promised = headers.get("content-length", "0")
        if promised.isdecimal() and int(promised) > limit:
            await ProblemResponse(413, sentence, instance=scope["path"])(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413, sentence)
            return message

        await self.app(scope, receive_counted, send)
