"""A data set in memory: images, their truths, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images with truths.

    Attributes
    ----------
    images : array of shape (n, height, width)
        Ink bright on 0; the ink scale is the set's own.
    truths : array of str, of shape (n,)
    name, description, source, licence : str
        For people; `description` is the set's own text where it has one.
    """

    images: NDArray[Any]
    truths: NDArray[np.str_]
    name: str
    description: str
    source: str
    licence: str

    def __len__(self) -> int:
        return len(self.images)
