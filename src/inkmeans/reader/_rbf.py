"""The RBF classifier: radial basis functions on k-means centers, whose weights least squares gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inkmeans.products import products
from inkmeans.reader._calibration import smoothed
from inkmeans.reader._centers import ClassCenters


@dataclass(frozen=True, eq=False)
class RBFClassifier:
    """A linear classifier of the responses exp(-d / bandwidth) to centers at squared distances d.

    Attributes
    ----------
    centers : ClassCenters
    bandwidth : float
        The squared distance at which a center's response is 1/e.
    weights : float32 of shape (n_centers, n_classes)

    Notes
    -----
    Source: Moody and Darken (1989), "Fast learning in networks of locally-tuned processing units": k-means places the
    centers, linear least squares gives the weights. There is no gradient descent.
    """

    centers: ClassCenters
    bandwidth: float
    weights: NDArray[np.float32]

    def scores(self, distances: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return about 1 for a glyph's class and -1 for the others, all near 0 far from every center."""
        return products(np.exp(distances / np.float32(-self.bandwidth)), self._weight_rows, n_jobs)

    def probabilities(
        self, scores: NDArray[np.float32], temperature: float, smoothing: float = 0.0, n_jobs: int | None = None
    ) -> NDArray[np.float64]:
        """Return the softmax of score / temperature, smoothed: float64 of shape (n_glyphs, n_classes)."""
        best = scores.max(axis=1, keepdims=True, initial=-np.inf)
        return smoothed(np.exp((scores - best).astype(np.float64) / temperature), smoothing)

    @cached_property
    def _weight_rows(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.weights.T)
