"""Matrix products in which the rounding of a row does not depend on the other rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans import _core
from inkmeans.threads import n_threads


def products(rows: NDArray[np.float32], columns: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
    """Return rows @ columns.T, float32 of shape (n_rows, n_columns), with a fixed order of summation.

    NumPy's matrix product may round a row differently when there are other rows beside it: the last digits of an
    image's reading would depend on the other images. And a BLAS with spinning threads takes seconds where another
    program is running.
    """
    out = np.empty((len(rows), len(columns)), dtype=np.float32)
    rows, columns = (np.ascontiguousarray(array, dtype=np.float32) for array in (rows, columns))
    _core.products(rows, columns, out, n_threads(n_jobs))
    return out
