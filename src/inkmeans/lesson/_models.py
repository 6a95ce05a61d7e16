"""k-means on scikit-learn's digits, prepared in each way: the lesson's ten centers, and those in between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkmeans.datasets import load_digits
from inkmeans.kmeans import KMeans
from inkmeans.lesson._prepare import DIGITS_INK, PREPARATIONS, Preparation, prepare
from inkmeans.reader import Reader

COPIED_NAMES = ("0", "9", "2", "1", "6", "8", "4", "5", "7", "3")
"""The names of clusters 0 to 9 in the list that is copied most; they are of another run, whose numbers were others."""
FEW_CLUSTERS = 10
"""The lesson's k: as many as there are digits."""
MANY_CLUSTERS = 64
"""The demo's k: each digit has a few ways of being written."""
SEED = 42
"""The lesson's random_state."""


@dataclass(frozen=True, eq=False)
class DigitClusters:
    """Clusters of the digits after one preparation.

    Attributes
    ----------
    preparation : Preparation
    kmeans : KMeans
        Fitted with ``random_state=42``.
    counts : int of shape (k,)
        How many digits each cluster holds.
    looks : tuple of str
        A name for each cluster: what a reader sees in its middle image.
    typical_distance : float
        Of a digit to its own center, the median: what a drawing's distance is held against.
    """

    preparation: Preparation
    kmeans: KMeans
    counts: NDArray[np.intp]
    looks: tuple[str, ...]
    typical_distance: float

    @property
    def k(self) -> int:
        """How many clusters there are."""
        return len(self.counts)

    @property
    def name(self) -> str:
        """Its name in the JSON interface, such as "raw-10"."""
        return f"{self.preparation.name}-{self.k}"

    @property
    def pictures(self) -> NDArray[np.uint8]:
        """The centers, full ink 255: uint8 of shape (k, 8, 8) or (k, 28, 28)."""
        centers = self.kmeans.cluster_centers_
        side = round(centers.shape[1] ** 0.5)
        full = 255.0 if self.preparation.place else DIGITS_INK
        return np.rint(centers.reshape(-1, side, side) * (255.0 / full)).clip(0, 255).astype(np.uint8)

    def nearest(self, images: NDArray[np.float64], n: int) -> list[list[tuple[int, float]]]:
        """Return the n nearest clusters of each image with their distances, the nearest first.

        Of equal distances the cluster with the lower number comes first.
        """
        distances = self.kmeans.transform(images.reshape(len(images), -1))
        order = np.argsort(distances, axis=1, kind="stable")[:, :n]
        return [[(int(j), float(row[j])) for j in best] for row, best in zip(distances, order, strict=True)]


def cluster_digits(reader: Reader) -> tuple[DigitClusters, ...]:
    """Return the clusters of the digits after each preparation, with k = 10 and k = 64.

    Takes about half a second.

    Parameters
    ----------
    reader : Reader
        Looks at the middle image of each cluster; no truth of the data set is used.
    """
    images = load_digits().images
    found = []
    for preparation in PREPARATIONS:
        prepared = prepare(images, preparation)
        rows = prepared.reshape(len(prepared), -1)
        for k in (FEW_CLUSTERS, MANY_CLUSTERS):
            kmeans = KMeans(k, random_state=SEED).fit(rows)
            distances = kmeans.transform(rows)
            middles = distances.argmin(axis=0)
            looks = tuple(look.text for look in reader.read_glyphs(images[middles], reject=False))
            counts = np.bincount(kmeans.labels_, minlength=k)
            typical = float(np.median(distances.min(axis=1)))
            found.append(DigitClusters(preparation, kmeans, counts, looks, typical))
    return tuple(found)
