"""Single key presses from a terminal: each is read as it comes, and none that comes early is lost."""

from __future__ import annotations

import codecs
import os
import select
import sys
from types import TracebackType
from typing import Any, Self

try:
    import termios
    import tty
except ImportError:  # Windows: whole lines are read there
    HAS_KEYS = False
else:
    HAS_KEYS = True

END = ""
"""What `Keyboard.key` gives at the end of input (Ctrl-D)."""

_CTRL_D = "\x04"
_ESCAPE = "\x1b"
_BYTES_OF_ONE_KEY = 0.05  # seconds: an arrow key sends several characters at once


class Keyboard:
    """The terminal of standard input, reading keys without Return while in use; its settings come back at the end."""

    def __init__(self) -> None:
        self._terminal = sys.stdin.fileno()
        self._decoder = codecs.getincrementaldecoder(sys.stdin.encoding or "utf-8")("replace")
        self._usual: list[Any] = termios.tcgetattr(self._terminal)

    def __enter__(self) -> Self:
        tty.setcbreak(self._terminal, termios.TCSADRAIN)  # draining, not flushing: early keys stay
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._set_usual()

    def key(self) -> str:
        """Return the next character typed; keys that send several (arrows, F1) are passed over."""
        while True:
            character = self._character()
            if character == _CTRL_D:
                return END
            if character != _ESCAPE:
                return character
            while select.select([self._terminal], [], [], _BYTES_OF_ONE_KEY)[0] and self._character() != END:
                pass

    def line(self) -> str:
        """Return a whole line, edited and ended as the terminal usually does; "" at the end of input."""
        self._set_usual()
        try:
            return sys.stdin.readline()
        finally:
            tty.setcbreak(self._terminal, termios.TCSADRAIN)

    def _character(self) -> str:
        character = ""
        while not character:
            byte = os.read(self._terminal, 1)
            if not byte:
                return END
            character = self._decoder.decode(byte)
        return character

    def _set_usual(self) -> None:
        termios.tcsetattr(self._terminal, termios.TCSADRAIN, self._usual)
