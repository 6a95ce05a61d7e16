"""How many threads the native core may use."""

from __future__ import annotations

import os

from inkmeans.checks import is_whole
from inkmeans.errors import InputError


def n_threads(n_jobs: int | None = None) -> int:
    """Return the number of threads that `n_jobs` asks for.

    Parameters
    ----------
    n_jobs : int or None
        None: as many as OMP_NUM_THREADS says, or as many as this process may use. -1: as many as it may use, -2: all
        but one, and so on, as in joblib.

    Raises
    ------
    InputError
        If `n_jobs` is 0 or no whole number.
    """
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if n_jobs is None:
        wanted = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
        return min(int(wanted), 4 * available) if wanted.isdigit() and int(wanted) > 0 else available
    if not is_whole(n_jobs) or n_jobs == 0:
        raise InputError(f"n_jobs must be a whole number other than 0, or None for all processors; got {n_jobs!r}.")
    return int(n_jobs) if n_jobs > 0 else max(1, available + 1 + int(n_jobs))
