"""What was read for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.evaluate._checks import Texts, checked_texts
from inkmeans.evaluate._interval import wilson_interval
from inkmeans.names import REJECTED


@dataclass(frozen=True, eq=False)
class Confusion:
    """Counts of what was read for each truth.

    Attributes
    ----------
    names : tuple of str
        All that occur as truth or were read, sorted as text.
    counts : int64 of shape (n_names, n_names)
        Rows are the truths, columns what was read.
    rejected : int64 of shape (n_names,)
        How many of each truth were rejected.
    """

    names: tuple[str, ...]
    counts: NDArray[np.int64]
    rejected: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many glyphs there were, rejected ones too."""
        return int(self.counts.sum() + self.rejected.sum())

    @property
    def accuracy(self) -> float:
        """The share of all glyphs that were read right."""
        return int(np.trace(self.counts)) / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The interval that holds the true accuracy with 95 % confidence (`wilson_interval`)."""
        return wilson_interval(int(np.trace(self.counts)), self.total)

    @property
    def error_rate(self) -> float:
        """The share of all glyphs that were read, and wrong."""
        return int(self.counts.sum() - np.trace(self.counts)) / self.total

    @property
    def rejected_rate(self) -> float:
        """The share of all glyphs that were rejected; with accuracy and error rate it makes 1."""
        return int(self.rejected.sum()) / self.total

    def to_json(self) -> dict[str, Any]:
        """Return the record as a JSON object."""
        return {
            "names": list(self.names),
            "counts": self.counts.tolist(),
            "rejected": self.rejected.tolist(),
            "total": self.total,
            "accuracy": self.accuracy,
            "error_rate": self.error_rate,
            "rejected_rate": self.rejected_rate,
        }


def confusion_matrix(truths: Texts, names: Texts) -> Confusion:
    """Count what was read (`names`, "?" where rejected) for each truth.

    Examples
    --------
    >>> confusion_matrix(["1", "1", "7", "7"], ["1", "7", "7", "?"]).counts
    array([[1, 1],
           [0, 1]])
    """
    expected, read = checked_texts(truths, "truths"), checked_texts(names, "names")
    if len(expected) != len(read):
        raise InputError(f"names must be as many as the truths, {len(expected)}; got {len(read)}.")
    if REJECTED in expected:
        raise InputError(
            f"truths[{expected.index(REJECTED)}] must not be '?', which means that a reader rejects; leave it out."
        )
    every = tuple(sorted({*expected, *read} - {REJECTED}))
    position = {name: i for i, name in enumerate(every)}
    counts = np.zeros((len(every), len(every) + 1), dtype=np.int64)
    np.add.at(counts, ([position[truth] for truth in expected], [position.get(name, -1) for name in read]), 1)
    return Confusion(every, counts[:, :-1].copy(), counts[:, -1].copy())
