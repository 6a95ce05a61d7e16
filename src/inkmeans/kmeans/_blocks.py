"""Rows that come in blocks: written once to a temporary file, and memory-mapped as one array."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import FileError, InputError
from inkmeans.kmeans._checks import refuse_sparse


@contextmanager
def gathered(blocks: Callable[[], Iterable[ArrayLike]], dtypes: list[Any]) -> Iterator[NDArray[Any]]:
    """Yield the rows of all blocks, in order, as one memory-mapped array; its file is deleted afterwards.

    Parameters
    ----------
    blocks : callable
        Returns an iterable of arrays of shape (any number, n_features).
    dtypes : list
        The dtypes that are kept; blocks of other dtypes are converted to the first.

    Raises
    ------
    InputError, ValueError
        If a block is invalid or does not match the earlier ones, or there is no block.
    FileError
        If the file cannot be written.
    """
    from sklearn.utils import check_array

    n_rows, first = 0, None
    with tempfile.TemporaryFile(prefix="inkmeans-") as file:
        for number, given in enumerate(blocks()):
            refuse_sparse(given)
            block = check_array(given, dtype=dtypes, order="C")
            kind = f"{block.shape[1]} features of {block.dtype}"
            if first is not None and (block.shape[1], block.dtype) != first:
                raise InputError(f"Block {number} has {kind}; the blocks before it had {first[0]} of {first[1]}.")
            first = block.shape[1], block.dtype
            _write(file, block)
            n_rows += len(block)
        if first is None:
            raise InputError("The callable yields no blocks; it must return an iterable of arrays of rows.")
        yield np.memmap(file, dtype=first[1], mode="r", shape=(n_rows, first[0]))


def _write(file: IO[bytes], block: NDArray[Any]) -> None:
    try:
        file.write(block.data)
        file.flush()
    except OSError as error:
        raise FileError(
            f"The rows cannot be written to the folder {tempfile.gettempdir()}: {error.strerror or error}; make room "
            "there, or set TMPDIR to another folder."
        ) from error
