"""How far a long fit is: its stages, what each takes of the time, and whom to tell."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], object]
"""Called with what is being done, as "encoding 8,000 glyphs", and the share of the work done before, 0 to 1."""


def scaled(tell: Progress | None, first: float, last: float) -> Progress | None:
    """Return what tells of a part of the work, which lies between these shares of the whole."""
    if tell is None:
        return None
    whole = tell
    return lambda stage, share: whole(stage, first + (last - first) * share)


class Stages:
    """The stages of a fit in order, each with the seconds that it takes by experience; only their ratio counts."""

    def __init__(self, tell: Progress | None, seconds: dict[str, float]) -> None:
        self._tell = tell
        self._seconds = seconds
        self._total = sum(seconds.values())

    def reach(self, stage: str, part: float = 0.0) -> None:
        """Tell that a stage has begun, or that so much of it is done."""
        if self._tell is None:
            return
        before = 0.0
        for each, seconds in self._seconds.items():
            if each == stage:
                self._tell(stage, (before + min(part, 1.0) * seconds) / self._total)
                return
            before += seconds
