"""Answers that come line by line while they are worked out: JSON documents, each a line (NDJSON).

The work runs in a thread of its own. It ends when who asked for it is gone, also where its turn has not come yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from threading import Event, Semaphore

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from inkmeans.lesson import Abandoned
from inkmeans.web._problems import describe_failure, is_foreseen
from inkmeans.web._types import ProblemDetail, ProblemLine

_ASKED_EVERY = 0.25  # seconds, whether who waits for the first line is still there
_MOST_WAITING = 256  # lines that were told and not sent yet
_PATIENCE = 10.0  # seconds; who takes nothing for so long holds up those whose turn is next
_THE_SERVER_ENDS = "This was not finished, because the server ends."
_NOBODY_IS_THERE = "This was not finished, because who asked for it is gone."


class Listener:
    """Who asked for a stream, as the work sees it; safe from the thread that the work runs in."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._pieces: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()
        self._room = Semaphore(_MOST_WAITING)
        self._is_gone = Event()

    def is_wanted(self) -> bool:
        """Return True while who asked is there; asked before and during long work whether to go on."""
        return not self._is_gone.is_set()

    def tell(self, line: BaseModel) -> None:
        """Send a line; wait while too many that were told before are still to be sent.

        Raises
        ------
        Abandoned
            Who asked is gone, or takes nothing.
        """
        piece = _line(line)  # in this thread: a long one would hold up all other answers
        has_room = self._room.acquire(timeout=_PATIENCE)
        if not has_room or not self.is_wanted():
            raise Abandoned
        self._put(piece)

    def work(self, work: Callable[[Listener], None]) -> None:
        """Do the work, and tell how it ended; called in the thread that it runs in."""
        failure: Exception | None = None
        try:
            if self.is_wanted():
                work(self)
        except Abandoned:
            failure = HTTPException(503, _NOBODY_IS_THERE)
        except Exception as error:
            failure = error
        self._put(failure)

    async def next_piece(self) -> bytes | Exception | None:
        """Return the next line, or the failure that ended the work, or None at its end."""
        return await self._pieces.get()

    def sent(self) -> None:
        """Make room for one more line."""
        self._room.release()

    def leave(self) -> None:
        """Be gone: the work ends, and so does what waits for a piece of it."""
        self._is_gone.set()
        self._room.release()  # to work that waits for it
        self._pieces.put_nowait(HTTPException(503, _NOBODY_IS_THERE))

    def _put(self, piece: bytes | Exception | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._pieces.put_nowait, piece)
        except RuntimeError:  # the loop is closed: the server has ended
            raise Abandoned from None


class LineStream(JSONResponse):
    """The lines of a stream as they come; a failure after the first line is the last line."""

    media_type = "application/x-ndjson"

    def __init__(self, listener: Listener, first: bytes | None) -> None:
        super().__init__(None)
        del self.headers["content-length"]
        self._listener = listener
        self._first = first

    def render(self, content: object) -> bytes:
        """Return nothing: the lines come later."""
        return b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the lines until the work ends or who asked is gone."""
        watching = asyncio.create_task(self._watch(receive))
        piece: bytes | Exception | None = self._first
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while isinstance(piece, bytes):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                self._listener.sent()
                piece = await self._listener.next_piece()
        except asyncio.CancelledError:  # by a server that does not wait any longer
            piece = HTTPException(503, _THE_SERVER_ENDS)
        finally:
            watching.cancel()
            self._listener.leave()
        last = b""
        if isinstance(piece, Exception):
            problem = ProblemDetail.model_validate(describe_failure(piece, scope["path"]))
            last = _line(ProblemLine(problem=problem))
        await send({"type": "http.response.body", "body": last, "more_body": False})
        if isinstance(piece, Exception) and not is_foreseen(piece):
            raise piece  # the server's terminal shows where

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._listener.leave()


async def stream_lines(request: Request, executor: Executor, work: Callable[[Listener], None]) -> LineStream:
    """Return the answer whose lines `work` tells; it runs in `executor`, and may have to wait for its turn there.

    A failure before the first line is raised, so that it becomes an answer of its own with its status.

    Parameters
    ----------
    request : Request
    executor : Executor
    work : callable
        Gets a `Listener` to tell lines to.

    Raises
    ------
    HTTPException
        503 where who asked is gone, or the server ends, before the first line.
    """
    listener = Listener(asyncio.get_running_loop())
    executor.submit(listener.work, work)
    getting = asyncio.create_task(listener.next_piece())
    try:
        while not getting.done():
            await asyncio.wait({getting}, timeout=_ASKED_EVERY)
            if not getting.done() and await request.is_disconnected():
                listener.leave()
    except asyncio.CancelledError:  # else it prints where the wait was
        listener.leave()
        raise HTTPException(503, _THE_SERVER_ENDS) from None
    first = getting.result()
    if isinstance(first, Exception):
        listener.leave()
        raise first
    return LineStream(listener, first)


def _line(document: BaseModel) -> bytes:
    return document.model_dump_json().encode() + b"\n"
