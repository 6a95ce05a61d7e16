"""The accuracy to be expected once each cluster is named by its middle image, estimated without labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster._agglomeration import edge_weights, merge_groups
from inkmeans.cluster._cut import Partition, diffusion_maps
from inkmeans.cluster._embedding import Embedding
from inkmeans.kmeans import k_means

_TIME = 20.0  # diffusion time, for every number of clusters
_N_GROUPS = (150, 200, 300)  # small groups, nearly all of one character; fewer of few glyphs
_LEAST_GROUP = 8  # glyphs that there must be for each
# Share of misassigned glyphs: _FACTOR * (mean cosine of glyphs with their middle, less that of neighbors)^_EXPONENT.
_FACTOR, _EXPONENT, _MOST_MISASSIGNED = 66_000.0, 4.12, 0.15
# The largest merged groups that make up _MAIN of the glyphs are characters. A smaller one in the cluster of another
# is more often a style of that one: (its size / that of the smallest main one)^_STYLE_EXPONENT is the probability that
# it is not, once there are nearly as many clusters as main groups.
_MAIN, _STYLE_EXPONENT, _ENOUGH_CLUSTERS = 0.9, 0.4, 0.8
_FEW, _MOST_BY_FEW = 12.0, 0.5  # few glyphs hide errors: another _FEW / n_glyphs of those that are no middle are wrong
# The interval that held 9 of 10 true accuracies of the sets that it was fitted to, relative to the expected errors.
_BELOW, _ABOVE, _LEAST_HALF = 1.0, 0.7, 0.003


@dataclass(frozen=True)
class Expected:
    """The expected share of glyphs that get the right name, and an interval around it."""

    accuracy: float
    low: float
    high: float


class AccuracyEstimate:
    """Expected accuracies of partitions of one embedding, each cluster being named by its middle image.

    Two kinds of errors are estimated. A cluster may hold several characters: small groups of glyphs are merged as long
    as the edges between them have enough weight for their size, each merged group is taken for a character, and a glyph
    counts as right if it is in the same one as the middle of its cluster (in part, if its group is so small that it may
    be a style of the middle's character). And single glyphs are misassigned, among those of another character: their
    number is estimated from how much nearer glyphs are to their cluster's middle than their neighbors are. Few glyphs
    hide errors of both kinds, so a share that falls with their number is added.

    The first estimate is the mean over six partitions into merged groups (three numbers of small groups, two
    thresholds). The constants were fitted on digits of numbers.npz, writers 1 to 10, and on the first 30,000 training
    images of MNIST, in sets of 40 to 10,000: plain, of uneven classes, rotated, blurred, coarse, and mirrored to make
    more characters. No estimate without labels can tell apart characters that look the same, as a handwritten l and an
    undotted i do once their size is normalized: where there are such, it is too high by as much as they are confused.

    Parameters
    ----------
    embedding : Embedding
    n_jobs : int or None
        Threads; None for all processors.

    Attributes
    ----------
    rows : float32 of shape (n_glyphs, n_dimensions)
        The diffusion maps in which all partitions are compared, with one diffusion time for every number of clusters.
    """

    def __init__(self, embedding: Embedding, *, n_jobs: int | None = None) -> None:
        n = len(embedding)
        graph = embedding.graph
        rows = self.rows = diffusion_maps(embedding, 1, _TIME)
        self._second = rows[:, rows.shape[1] // 2 :]  # of the graph whose edges are summed
        degrees = np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1e-12)
        self._neighbor_means = (graph @ self._second) / degrees[:, None]
        self._characters: list[NDArray[np.int64]] = []
        for seed, wanted in enumerate(_N_GROUPS):
            n_groups = max(1, min(wanted, n // _LEAST_GROUP))
            groups = k_means(rows, n_groups, random_state=seed, n_jobs=n_jobs).labels
            self._characters += [merged[groups] for merged in merge_groups(edge_weights(graph, groups, n_groups))]

    def __call__(self, partition: Partition) -> Expected:
        """Return what is expected of a partition of the embedding."""
        return self.of_clusters(partition.labels, partition.middles)

    def of_clusters(self, labels: NDArray[np.integer], middles: NDArray[np.integer]) -> Expected:
        """Return what is expected of any clusters of the embedded glyphs, each named by one glyph.

        Parameters
        ----------
        labels : int of shape (n_glyphs,)
        middles : int of shape (n_clusters,)
            The glyph that each cluster is named by; any number for an empty one.
        """
        n_clusters, middles = len(middles), middles[labels]
        shares = [_share_right(each, each[middles], n_clusters) for each in self._characters]
        nearer = ((self._second - self._neighbor_means) * self._second[middles]).sum(axis=1).mean()
        misassigned = min(_FACTOR * max(float(nearer), 0.0) ** _EXPONENT, _MOST_MISASSIGNED)
        n = len(middles)
        by_few = (1.0 - n_clusters / n) * min(_FEW / n, _MOST_BY_FEW)
        seen = float(np.mean(shares)) * (1.0 - misassigned)
        accuracy = seen * (1.0 - by_few)
        low = accuracy - _LEAST_HALF - _BELOW * (1.0 - accuracy)
        high = seen + _LEAST_HALF + _ABOVE * (1.0 - seen)  # few glyphs need not hide errors
        return Expected(accuracy, max(low, 0.0), min(high, 1.0))


def _share_right(characters: NDArray[np.int64], named: NDArray[np.int64], n_clusters: int) -> float:
    """Return the expected share of glyphs that are of the character whose name they get; both are merged groups."""
    sizes = np.bincount(characters) / len(characters)
    largest = np.sort(sizes)[::-1]
    n_main = min(int(np.searchsorted(largest.cumsum(), _MAIN)) + 1, len(largest))
    wrong = np.ones(len(sizes))
    if n_clusters >= _ENOUGH_CLUSTERS * n_main:
        wrong = np.minimum(1.0, sizes / largest[n_main - 1]) ** _STYLE_EXPONENT
    return 1.0 - float((wrong[characters] * (characters != named)).mean())
