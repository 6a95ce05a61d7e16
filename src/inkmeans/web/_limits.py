"""How much a request may carry: its bytes are counted as they come, whatever its headers promise."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkmeans.web._problems import ProblemResponse

MAX_BODY = 50_000_000
"""Bytes; a phone's photo has about 5 million."""
MAX_DRAWINGS = 16
MAX_STROKES = 256
MAX_POINTS = 10_000
"""Points of one stroke: three minutes without lifting a pen that reports 60 times a second."""
MAX_SIDE = 4096
"""Pixels of the box that was drawn in, each way."""


class BodyLimit:
    """ASGI middleware that answers 413 to a body of more than `limit` bytes."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sentence = f"The request body must have at most {self.limit:,} bytes; send a smaller picture."
        promised = dict(scope["headers"]).get(b"content-length", b"0")
        if promised.isdigit() and int(promised) > self.limit:
            await ProblemResponse(413, sentence, instance=scope["path"])(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.limit:
                raise HTTPException(413, sentence)
            return message

        await self.app(scope, receive_counted, send)
