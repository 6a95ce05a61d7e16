"""What the page reads with, each loaded once, when it is first asked for."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import Generic, TypeVar

from inkmeans.lesson import Ways
from inkmeans.reader import Reader, load

SHIPPED_TITLE = "digits"
"""What the reader that ships is called."""

T = TypeVar("T")


class Once(Generic[T]):
    """A value that is made at the first call and kept; after a failure the next call tries again.

    Attributes
    ----------
    is_made : bool
    failure : Exception or None
        Of the last try.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: list[T] = []
        self.failure: Exception | None = None

    @property
    def is_made(self) -> bool:
        """Whether the value is there already."""
        return bool(self._made)

    def __call__(self) -> T:
        with self._lock:
            if not self._made:
                try:
                    self._made.append(self._make())
                    self.failure = None
                except Exception as error:
                    self.failure = error
                    raise
            return self._made[0]


class Models:
    """The reader with its title, and the ways that the lesson reads in."""

    def __init__(self, reader: Reader | None = None, ways: Ways | None = None, title: str = SHIPPED_TITLE) -> None:
        self.reader: Once[Reader] = Once(lambda: reader or load("digits"))
        self.ways: Once[Ways] = Once(lambda: ways or Ways(self.reader(), self._names_digits()))
        self.title = title

    def _names_digits(self) -> Reader:
        """Return what names the lesson's clusters: the reader, or the one that ships where it knows no digits."""
        reader = self.reader()
        return reader if set("0123456789") <= set(reader.names_.tolist()) else load("digits")

    @property
    def are_ready(self) -> bool:
        """Whether both are loaded, so that a drawing is answered at once."""
        return self.reader.is_made and self.ways.is_made

    @property
    def failure(self) -> Exception | None:
        """Why there is no model, where loading one failed."""
        return self.reader.failure or self.ways.failure

    def warm_up(self) -> None:
        """Start loading both in a thread of its own."""
        # No daemon: one that computes in native code while the interpreter ends brings the process down (SIGABRT).
        Thread(target=self._load, daemon=False, name="inkmeans-warm-up").start()

    def _load(self) -> None:
        with suppress(Exception):  # kept as the failure, which each request then gets
            self.reader()
            self.ways()
