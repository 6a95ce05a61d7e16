"""The images of a project as they were given, each read from the file when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, overload

from numpy.typing import NDArray


class LazyImages(Sequence[NDArray[Any]]):
    """A sequence of images, each of its own shape and dtype; a slice is a list. The arrays are read-only."""

    def __init__(self, n_images: int, load: Callable[[int], NDArray[Any]]) -> None:
        self._numbers = range(n_images)
        self._load = load

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[NDArray[Any]]: ...
    def __getitem__(self, index: int | slice) -> NDArray[Any] | list[NDArray[Any]]:
        if isinstance(index, slice):
            return [self._load(number) for number in self._numbers[index]]
        return self._load(self._numbers[index])
