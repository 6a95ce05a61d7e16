"""The two models of the page, each loaded once, when it is first asked for."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import Generic, TypeVar

from inkmeans.lesson import Lesson, cluster_digits
from inkmeans.reader import Reader, load
from inkmeans.web._types import ModelName

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
    """The full reader (``reader``) and the ten centers of the lesson (``lesson``), with their titles."""

    def __init__(self, reader: Reader | None = None, lesson: Lesson | None = None, title: str = SHIPPED_TITLE) -> None:
        self.reader: Once[Reader] = Once(lambda: reader or load("digits"))
        self.lesson: Once[Lesson] = Once(lambda: lesson or Lesson(cluster_digits(self._names_digits())))
        self.titles: dict[ModelName, str] = {"reader": title, "lesson": "ten centers of scikit-learn's digits"}

    def readers(self) -> dict[ModelName, Reader]:
        """Return the reader behind each model."""
        return {"reader": self.reader(), "lesson": self.lesson().named.reader}

    def _names_digits(self) -> Reader:
        """Return what proposes the lesson's names: the full reader, or the one that ships where it knows no digits."""
        reader = self.reader()
        return reader if set("0123456789") <= set(reader.names_.tolist()) else load("digits")

    @property
    def are_ready(self) -> bool:
        """Whether both are loaded, so that a drawing is answered at once."""
        return self.reader.is_made and self.lesson.is_made

    @property
    def failure(self) -> Exception | None:
        """Why there is no model, where loading one failed."""
        return self.reader.failure or self.lesson.failure

    def warm_up(self) -> None:
        """Start loading both in a thread of its own."""
        # No daemon: one that computes in native code while the interpreter ends brings the process down (SIGABRT).
        Thread(target=self._load, daemon=False, name="inkmeans-warm-up").start()

    def _load(self) -> None:
        with suppress(Exception):  # kept as the failure, which each request then gets
            self.reader()
            self.lesson()
