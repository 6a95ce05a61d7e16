"""From distances to centers to the probability of each name: by a mixture, or by a network that was learned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inkmeans.features import products


def mixture(
    distances: NDArray[np.float32], temperature: float, names: NDArray[np.float32], n_jobs: int | None = None
) -> NDArray[np.float64]:
    """Return the probability of each name: float64 of shape (n_glyphs, n_names).

    A center at squared distance d has the say exp(-d / temperature), a name the sum over its centers: the law of a
    mixture of equally wide, equally likely normal densities, one round each center.

    Parameters
    ----------
    distances : float32 of shape (n_glyphs, n_centers)
        Squared.
    names : float32 of shape (n_centers, n_names)
        1 where a center bears a name, else 0.
    """
    say = np.exp((distances.min(axis=1, keepdims=True, initial=np.inf) - distances) / np.float32(temperature))
    total = products(say, names.T, n_jobs).astype(np.float64)
    return total / total.sum(axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Network:
    """What each center says of each name, learned: a radial basis function network on k-means centers.

    Attributes
    ----------
    width : float
        Squared distance over which a center's say falls by e.
    weights : float32 of shape (n_centers, n_names)

    Notes
    -----
    Source: Moody and Darken (1989), "Fast learning in networks of locally-tuned processing units": k-means places the
    units, least squares gives their weights. It is no neural network of many layers: nothing is trained by gradients.
    """

    width: float
    weights: NDArray[np.float32]

    def scores(self, distances: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return about 1 for a glyph's name and -1 for the others, all near 0 far from every center."""
        return products(np.exp(distances / np.float32(-self.width)), self._columns, n_jobs)

    @cached_property
    def _columns(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.weights.T)


def softmax(scores: NDArray[np.float32], temperature: float, doubt: float) -> NDArray[np.float64]:
    """Return probabilities that grow as exp(score / temperature): float64 of shape (n_glyphs, n_names).

    The share `doubt` is all names' alike.
    """
    likely = np.exp((scores - scores.max(axis=1, keepdims=True, initial=-np.inf)).astype(np.float64) / temperature)
    return np.asarray((1.0 - doubt) * likely / likely.sum(axis=1, keepdims=True) + doubt / max(scores.shape[1], 1))
