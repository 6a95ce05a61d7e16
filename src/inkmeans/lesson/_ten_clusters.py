"""The lesson's ten centers: k-means with k = 10 on scikit-learn's digits, and the names that people give them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from inkmeans.names import clean_name
from inkmeans.reader import Reader

N_CLUSTERS = 10
SEED = 0
"""Any seed shows that ten centers are too few; one that is fixed gives the clusters the same numbers at each start."""


@dataclass(frozen=True, eq=False)
class TenClusters:
    """What the lesson's k-means found.

    Attributes
    ----------
    glyphs : uint8 of shape (n, 28, 28)
        The data set, normalized.
    labels : int of shape (n,)
        The cluster of each glyph.
    truths : str of shape (n,)
        The digit that each glyph shows. Only how sure and how often right the names are is judged by them.
    proposed : tuple of str
        A first name for each cluster.
    """

    glyphs: NDArray[np.uint8]
    labels: NDArray[np.int32]
    truths: NDArray[np.str_]
    proposed: tuple[str, ...]


def cluster_digits(reader: Reader) -> TenClusters:
    """Return ten clusters of scikit-learn's digits, each named by the `reader`'s one look at its middle image."""
    from inkmeans.datasets import load_digits
    from inkmeans.kmeans import KMeans
    from inkmeans.normalize import normalize

    digits = load_digits()
    glyphs = normalize(digits.images).glyphs
    pixels = glyphs.reshape(len(glyphs), -1)
    kmeans = KMeans(N_CLUSTERS, random_state=SEED).fit(pixels)
    middle = kmeans.transform(pixels).argmin(axis=0)
    looks = reader.read_glyphs(digits.images[middle], reject=False)
    return TenClusters(glyphs, kmeans.labels_, digits.truths, tuple(look.text for look in looks))


@dataclass(frozen=True, eq=False)
class NamedClusters:
    """The ten clusters under one set of names; a new one takes its place at each renaming.

    Attributes
    ----------
    names : tuple of str
    reader : Reader
        Gives a drawing the name of its nearest center.
    right : float
        The share, 0 to 1, of the data set whose cluster has the right name.
    """

    names: tuple[str, ...]
    reader: Reader
    right: float


class Lesson:
    """The ten clusters and their names of the moment; renaming is safe from several threads."""

    def __init__(self, found: TenClusters) -> None:
        self.found = found
        self._reader = Reader.from_clusters(found.glyphs, found.labels, found.proposed)
        self._lock = Lock()
        self.named = self._name(found.proposed)

    def rename(self, cluster: int, name: str) -> None:
        """Give one cluster a name; InputError where it cannot be one."""
        clean = clean_name(name)
        with self._lock:
            names = list(self.named.names)
            names[cluster] = clean
            self.named = self._name(names)

    def reset(self) -> None:
        """Give every cluster its proposed name back."""
        with self._lock:
            self.named = self._name(self.found.proposed)

    def _name(self, names: Sequence[str]) -> NamedClusters:
        # How sure it is, is learned from the truths, not from the clusters: a digit that no cluster is named after has
        # no center, and the names that it gets instead are the less sure.
        reader = self._reader.renamed(names).recalibrated(self.found.glyphs, self.found.truths, max_error=1.0)
        # Every drawing that is a character gets a name: the lesson's mistakes are there to be seen.
        reader.calibration_ = replace(reader.calibration_, max_distance=float("inf"))
        right = np.mean(np.asarray(names)[self.found.labels] == self.found.truths)
        return NamedClusters(tuple(names), reader, float(right))
