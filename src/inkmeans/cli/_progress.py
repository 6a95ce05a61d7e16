"""A progress bar with the time left."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE = 1.0  # seconds before the bar appears: most work is done by then, and rich takes time to load


class Bar:
    """A bar on stderr; it appears after a second, only on a terminal, and is gone when the work is done.

    Parameters
    ----------
    what : str
        What is going on, as "Reading".
    hidden : bool
        True hides it: lines of results on the same terminal show the progress already.
    """

    def __init__(self, what: str, *, hidden: bool = False) -> None:
        self._what = what
        self._due = time.monotonic() + _PATIENCE
        self._is_seen = not hidden and sys.stderr is not None and sys.stderr.isatty()
        self._progress: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, note: str, share: float) -> None:
        """Show what is being done and the share that is done, 0 to 1: the `Progress` that computations call."""
        if not self._is_seen or (self._progress is None and time.monotonic() < self._due):
            return
        if self._progress is None:
            self._progress = _start()
            self._task = self._progress.add_task(self._what, total=1.0, note=note)
        self._progress.update(self._task, completed=share, note=note)


def _start() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[note]}"))
    # What goes to stdout stays there: rich would send it to the bar's console.
    progress = Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True, redirect_stdout=False
    )
    progress.start()
    return progress
