"""Values that are made once and kept while there is room: the least recently used are dropped."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by key, of at most `most` bytes in all, but the last one always; safe from several threads.

    Parameters
    ----------
    size_of : callable
        Returns the bytes of a value.
    most : int
    """

    def __init__(self, size_of: Callable[[T], int], most: int) -> None:
        self._size_of = size_of
        self._most = most
        self._lock = Lock()
        self._made: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of `key`, made now if it is not there; who asks meanwhile waits for the same one."""
        with self._lock:
            future = self._made.get(key)
            is_new = future is None
            if future is None:
                future = self._made[key] = Future()
            self._made.move_to_end(key)
        if is_new:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    self._made.pop(key, None)
                future.set_exception(error)
            self._drop()
        return future.result()

    def find(self, key: Hashable) -> T | None:
        """Return the value of `key`, or None where it was never made or is dropped."""
        with self._lock:
            future = self._made.get(key)
            if future is None:
                return None
            self._made.move_to_end(key)
        return future.result()

    def values(self) -> list[T]:
        """Return the values that are there, the least recently used first."""
        with self._lock:
            return [future.result() for future in self._made.values() if future.done()]

    def drop(self, is_meant: Callable[[Any], bool]) -> None:
        """Drop the values whose keys are meant."""
        with self._lock:
            for key in [key for key in self._made if is_meant(key)]:
                del self._made[key]

    def _drop(self) -> None:
        with self._lock:
            done = [(key, self._size_of(future.result())) for key, future in self._made.items() if future.done()]
            total = sum(size for _, size in done)
            for key, size in done[:-1]:
                if total <= self._most:
                    break
                del self._made[key]
                total -= size
