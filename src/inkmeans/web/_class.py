"""A class that draws together, as both servers of it need it: the room, where phones find it, and who is told what."""

import asyncio
import base64
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

import numpy as np
import segno
from numpy.typing import NDArray

from inkmeans import lesson
from inkmeans.lesson import MOST_DRAWINGS, ClassRoom
from inkmeans.names import REJECTED
from inkmeans.records import GlyphReading
from inkmeans.web._security import OneTimeCode, same
from inkmeans.web._types_class import ClassDrawing, ClassReader, ClassReading, ClassState

CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Of the code on the wall: none that is taken for another (0 and o, 1 and i and l)."""
CODE_LENGTH = 6
GATHERED = 0.04
"""Seconds: what changes at nearly the same time is told in one answer."""


def new_code() -> str:
    """Return a random code; there are 887 million."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@lru_cache(8)  # each answer to who follows the class has that of the address
def qr_rows(text: str) -> list[str]:
    """Return a QR code as rows of "0" and "1" (dark), without its light border."""
    return ["".join("1" if module else "0" for module in row) for row in segno.make(text, micro=False).matrix]


class Changes:
    """Lets requests wait for a change of the room, in whatever event loop they run."""

    def __init__(self, room: ClassRoom) -> None:
        self._room = room
        self._lock = Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._is_over = False
        room.on_change(self._wake)

    async def after(self, since: int, seconds: float, gathered: float = GATHERED) -> None:
        """Return when the room's revision is above `since`, after some seconds, or when the server ends.

        Of a change, who waited is told `gathered` seconds later, with all that changed meanwhile.
        """
        one = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._waiting.add(one)
        try:
            if self._room.revision != since or self._is_over:  # a larger one is of a server before
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(one[1].wait(), seconds)
                await asyncio.sleep(gathered)
        finally:
            with self._lock:
                self._waiting.discard(one)

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._is_over = True
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiting = list(self._waiting)
        for loop, event in waiting:
            with suppress(RuntimeError):  # a loop that was closed meanwhile
                loop.call_soon_threadsafe(event.set)


class Desk:
    """The phone of the teacher that may show drawings and take them out, let in by a code that is good once.

    It is bound to the address that the code was used from, because whoever listens in sees its cookie.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._code: OneTimeCode | None = None
        self._key, self._address = "", ""

    def new_code(self) -> str:
        """Return a code; the one before is no longer good, nor is the cookie of who used it."""
        with self._lock:
            self._code, self._key = OneTimeCode(), ""
            return self._code.text

    def redeem(self, offered: str, address: str) -> str | None:
        """Return the key of the desk, now at this address, or None where the code is wrong, used or too old."""
        with self._lock:
            if self._code is None or not self._code.redeem(offered):
                return None
            self._code, self._key, self._address = None, secrets.token_urlsafe(24), address
            return self._key

    def is_open(self, key: str, address: str) -> bool:
        """Return whether `key` is that of the desk, at this address."""
        with self._lock:
            return self._key != "" and same(key, self._key) and address == self._address

    def close(self) -> None:
        """Let no desk in any more."""
        with self._lock:
            self._code, self._key = None, ""


@dataclass(frozen=True, eq=False)
class SchoolClass:
    """A room, and where it is found.

    Attributes
    ----------
    room : ClassRoom
    base : str
        The phones' server, as "http://192.168.1.20:8018".
    code : str
        What stands behind it in the address on the wall.
    reach : str
        Who can reach what, in a sentence.
    """

    room: ClassRoom
    base: str
    code: str
    reach: str
    changes: Changes = field(init=False)
    desk: Desk = field(init=False, default_factory=Desk)

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", Changes(self.room))

    @property
    def address(self) -> str:
        """What a phone opens."""
        return f"{self.base}/{self.code}"

    def desk_address(self) -> str:
        """Return what the teacher's own phone opens, once."""
        return f"{self.base}/desk?code={self.desk.new_code()}"

    def end(self) -> None:
        """Delete the drawings; the teacher's phone is let in no more."""
        self.desk.close()
        self.room.end()

    def state(self, since: int, *, is_wall: bool = False, is_phone: bool = False, is_brief: bool = False) -> bytes:
        """Return what changed since a revision, as JSON.

        Of drawings that are not shown, the wall is told no more than their numbers: who mirrors a screen to a projector
        shows it to all. A phone is not told where files are. `is_brief` leaves the drawings out.
        """
        news = self.room.news(since)
        document = ClassState(
            is_offered=True,
            round=news.round,
            revision=news.revision,
            is_open=news.is_open,
            is_ended=news.is_ended,
            as_they_come=news.as_they_come,
            prompts=news.prompts,
            address=self.address,
            code=self.code,
            qr=qr_rows(self.address),
            n_phones=news.n_phones,
            n_waiting=news.n_waiting,
            n_shown=news.n_shown,
            n_most=MOST_DRAWINGS,
            stopped=list(news.stopped),
            drawings=[] if is_brief else [_drawing(one, is_wall=is_wall) for one in news.drawings],
            reader=None if news.read_by is None else ClassReader(k=news.read_by.k, names=list(news.read_by.names)),
            kept=None if is_phone else news.kept,
            reach=self.reach,
        )
        return document.model_dump_json().encode()


def reading_document(reading: GlyphReading | None) -> ClassReading | None:
    """Return what a drawing was read as."""
    if reading is None:
        return None
    return ClassReading(text=reading.text, confidence=reading.confidence, rejected=reading.text == REJECTED)


def _drawing(one: lesson.ClassDrawing, *, is_wall: bool) -> ClassDrawing:
    is_told = one.state == "shown" or not is_wall
    return ClassDrawing(
        id=one.id,
        phone=one.phone,
        state=one.state,
        asked=one.asked if is_told else None,
        glyph=_text(one.painted.glyph) if is_told else None,
        reading=reading_document(one.reading) if is_told else None,
    )


def _text(glyph: NDArray[np.uint8]) -> str:
    return base64.b64encode(glyph.tobytes()).decode("ascii")
