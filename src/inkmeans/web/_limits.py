"""How much a request may carry and cost: its bytes are counted as they come, its drawings before any is painted."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkmeans.images import Drawing, rows_crossed
from inkmeans.web._problems import ProblemResponse

MAX_BODY = 50_000_000
"""Bytes; a phone's photo has about 5 million."""
MAX_JSON_BODY = 4_000_000
"""Bytes of a JSON document: a drawing of the page has about 5 thousand."""
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
MAX_ROWS = 1_000_000
"""Rows of pixels that the segments of a request may cross in all, painted in about a second; the four
boxes of the page, full of ink, have 50,000."""


def check_work(drawings: Sequence[Drawing]) -> None:
    """Answer 413 where painting the drawings of one request would take too long.

    Raises
    ------
    HTTPException
    """
    pixels = sum(drawing.width * drawing.height for drawing in drawings)
    points = sum(len(stroke) for drawing in drawings for stroke in drawing.strokes)
    _check_total(pixels, MAX_PIXELS, "pixels", "send fewer drawings, or smaller boxes")
    _check_total(points, MAX_TOTAL_POINTS, "points", "send fewer drawings, or fewer points of each stroke")
    rows = sum(map(rows_crossed, drawings))
    _check_total(
        rows, MAX_ROWS, "rows of pixels crossed by strokes", "send fewer drawings, smaller boxes or fewer points"
    )


def _check_total(found: int, most: int, what: str, remedy: str) -> None:
    if found > most:
        raise HTTPException(
            413, f"A request may have at most {most:,} {what} in all, and this one has {found:,}; {remedy}."
        )


class BodyLimit:
    """ASGI middleware that answers 413 to a body of more than `limit` bytes, or `json_limit` where it is JSON."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY, json_limit: int = MAX_JSON_BODY) -> None:
        self.app = app
        self.limit = limit
        self.json_limit = min(json_limit, limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        is_json = b"json" in headers.get(b"content-type", b"").lower()
        limit, what = (self.json_limit, "document") if is_json else (self.limit, "picture")
        sentence = f"The request body must have at most {limit:,} bytes; send a smaller {what}."
        promised = headers.get(b"content-length", b"0")
        if promised.isdigit() and int(promised) > limit:
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
