"""How far a long computation is: what is being done and the share of it that is done."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], object]
"""Called with what is being done, as "encoding 8,000 glyphs", and the share of the work done before, 0 to 1."""


def share_of(tell: Progress | None, first: float, last: float) -> Progress | None:
    """Return the progress of a part of a computation, which takes from the share `first` to the share `last` of it.

    Examples
    --------
    >>> share_of(lambda what, share: print(f"{what}: {share:.0%}"), 0.5, 1.0)("clustering", 0.5)
    clustering: 75%
    """
    if tell is None:
        return None
    whole = tell
    return lambda what, share: whole(what, first + (last - first) * share)


class Stages:
    """The stages of a computation in order, each with the seconds that it takes by experience; only their ratio counts.

    Parameters
    ----------
    tell : Progress or None
        Whom to tell; None for nobody.
    seconds : dict of str to float
        Each stage by what is being done in it.

    Examples
    --------
    >>> stages = Stages(lambda what, share: print(f"{what}: {share:.0%}"), {"encoding": 1.0, "clustering": 3.0})
    >>> stages.reach("encoding"); stages.reach("clustering"); stages.reach("clustering", 0.5)
    encoding: 0%
    clustering: 25%
    clustering: 62%
    """

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
