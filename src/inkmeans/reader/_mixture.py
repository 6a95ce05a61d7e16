"""The mixture of named centers: Gaussians of equal variance, one around each center and of the center's class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inkmeans.products import products
from inkmeans.reader._calibration import smoothed
from inkmeans.reader._centers import ClassCenters


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of isotropic Gaussians of equal variance and equal weight, one around each center.

    The responsibility of a center at squared distance d is proportional to exp(-d / temperature); the probability of a
    class is the sum of its centers' responsibilities.
    """

    centers: ClassCenters
    n_classes: int

    def scores(self, distances: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the log density of each Gaussian, up to temperature and a constant: minus the squared distances."""
        return -distances

    def probabilities(
        self, scores: NDArray[np.float32], temperature: float, smoothing: float = 0.0, n_jobs: int | None = None
    ) -> NDArray[np.float64]:
        """Return the probability of each class: float64 of shape (n_glyphs, n_classes)."""
        best = scores.max(axis=1, keepdims=True, initial=-np.inf)
        densities = np.exp((scores - best) / np.float32(temperature))
        return smoothed(products(densities, self._class_rows, n_jobs).astype(np.float64), smoothing)

    @cached_property
    def _class_rows(self) -> NDArray[np.float32]:
        """1 where a center has a class, else 0: float32 of shape (n_classes, n_centers)."""
        return np.asarray(np.arange(self.n_classes)[:, None] == self.centers.classes, dtype=np.float32)
