"""Products of many rows with the same few columns, in which no row depends on the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans import _core
from inkmeans.threads import n_threads


def products(rows: NDArray[np.float32], columns: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
    """Return rows @ columns.T, float32 of shape (n_rows, n_columns), each sum taken in order.

    NumPy's own product rounds a row otherwise when other rows stand beside it: the reading of an image would depend,
    in its last digits, on the images that are read with it. And a BLAS whose threads wait for each other takes seconds
    where another program is at work.
    """
    out = np.empty((len(rows), len(columns)), dtype=np.float32)
    rows, columns = (np.ascontiguousarray(array, dtype=np.float32) for array in (rows, columns))
    _core.products(rows, columns, out, n_threads(n_jobs))
    return out
