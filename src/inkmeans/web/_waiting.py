"""Long work for one answer: in a thread of its own, and given up when who asked is gone."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from threading import Event
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from inkmeans.lesson import Abandoned

_ASKED_EVERY = 0.25  # seconds, whether who asked is still there
T = TypeVar("T")


async def wait_for(request: Request, executor: Executor, work: Callable[[Callable[[], bool]], T]) -> T:
    """Return what `work` returns; it runs in `executor`, and may have to wait for its turn there.

    Parameters
    ----------
    request : Request
    executor : Executor
    work : callable
        Gets what returns whether the answer is still wanted, and raises `Abandoned` once it is not.

    Raises
    ------
    HTTPException
        503 where who asked is gone, or the server ends.
    """
    is_gone = Event()

    def in_turn() -> T:
        if is_gone.is_set():
            raise Abandoned
        return work(lambda: not is_gone.is_set())

    running = asyncio.get_running_loop().run_in_executor(executor, in_turn)
    try:
        while not running.done():
            await asyncio.wait({running}, timeout=_ASKED_EVERY)
            if not running.done() and await request.is_disconnected():
                is_gone.set()
    except asyncio.CancelledError:  # by a server that does not wait any longer; else it prints where the wait was
        raise HTTPException(503, "This was not finished, because the server ends.") from None
    finally:
        is_gone.set()
    try:
        return running.result()
    except Abandoned:
        raise HTTPException(503, "This was not finished, because who asked for it is gone.") from None
