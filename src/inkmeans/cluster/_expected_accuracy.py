"""How many glyphs would be right after one look at each cluster's middle, estimated without a truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from inkmeans.cluster._cut import Partition, diffusion_maps
from inkmeans.cluster._embedding import Embedding
from inkmeans.kmeans import KMeans

_TIME = 20.0  # steps of the walk, for every number of clusters
_N_GROUPS = (150, 200, 300)  # small groups, nearly all of one character; fewer where there are few glyphs
_LEAST_GROUP = 8  # glyphs that there must be for each
_LEAST_TIES = tuple(np.exp([-3.4, -3.6]))  # between groups that are taken for one character
# Glyphs that lie astray: _ASTRAY * (how much nearer its middle a glyph is than its neighbors are)^_ASTRAY_POWER.
_ASTRAY, _ASTRAY_POWER, _MOST_ASTRAY = 66_000.0, 4.12, 0.15
# The largest parts that make up _MAIN of the glyphs are characters. A smaller part in another's cluster is oftener a
# style of that one: (its size / that of the least main one)^_STYLE_POWER is the chance that it is not, once there are
# nearly as many clusters as main parts.
_MAIN, _STYLE_POWER, _ENOUGH_CLUSTERS = 0.9, 0.4, 0.8
_FEW, _MOST_BY_FEW = 12.0, 0.5  # what few glyphs hide: _FEW / n_glyphs of those that are no middle are wrong besides
# 9 of 10 true accuracies of the piles that it was fitted to lie so far below and above, by the share expected wrong.
_BELOW, _ABOVE, _LEAST_HALF = 1.0, 0.7, 0.003


@dataclass(frozen=True)
class Expected:
    """The share of glyphs expected to be right, and an interval about it."""

    accuracy: float
    low: float
    high: float


class AccuracyEstimate:
    """Expected accuracies of the partitions of one embedding.

    Two things go wrong when a cluster is named by its middle. It may hold two characters: small groups of glyphs are
    joined as long as the ties between them are many for their size, what comes of it is taken for a character, and a
    glyph counts as right if it is of the same as its middle, or in part if it is of one so small that it may be a style
    of the middle's. And glyphs lie astray, near those of another character: their number is told by how badly glyphs
    agree with their neighbors. Few glyphs hide much of both, so a share that falls with their number is wrong besides.

    Six partitions into supposed characters (three sizes of groups, two limits for ties) say how steady that is. What
    was fitted was so to digits of numbers.npz, writers 1 to 10, and the first 30,000 of MNIST's training images, in
    parts of 40 to 10,000, plain and uneven, turned, blurred, coarse, and mirrored to make more characters. Characters
    that look the same, as a handwritten l and an undotted i do once their size is normalized, no estimate without
    truths can tell apart; where there are such, it is too hopeful by as much as they are mistaken for each other.

    Attributes
    ----------
    rows : float32 of shape (n_glyphs, n_dimensions)
        The diffusion maps that all partitions are compared in, after one diffusion time for every number of clusters.
    """

    def __init__(self, embedding: Embedding, *, n_jobs: int | None = None) -> None:
        n = len(embedding)
        self._graph = embedding.graph
        rows = self.rows = diffusion_maps(embedding, 1, _TIME)
        self._second = rows[:, rows.shape[1] // 2 :]  # of the graph that the ties are taken from
        degrees = np.maximum(np.asarray(self._graph.sum(axis=1)).ravel(), 1e-12)
        self._around = (self._graph @ self._second) / degrees[:, None]
        self._characters: list[NDArray[np.int64]] = []
        for seed, wanted in enumerate(_N_GROUPS):
            n_groups = max(1, min(wanted, n // _LEAST_GROUP))
            groups = KMeans(n_groups, n_init=1, random_state=seed, n_jobs=n_jobs).fit(rows).labels_
            self._characters += [joined[groups] for joined in joined_groups(_ties(self._graph, groups, n_groups))]

    def __call__(self, partition: Partition) -> Expected:
        """Return what is expected of a partition of the embedding."""
        middles = partition.middles[partition.labels]
        shares = [_share_right(each, each[middles], partition.n_clusters) for each in self._characters]
        nearer = ((self._second - self._around) * self._second[middles]).sum(axis=1).mean()
        astray = min(_ASTRAY * max(float(nearer), 0.0) ** _ASTRAY_POWER, _MOST_ASTRAY)
        n = len(middles)
        by_few = (1.0 - partition.n_clusters / n) * min(_FEW / n, _MOST_BY_FEW)
        seen = float(np.mean(shares)) * (1.0 - astray)
        accuracy = seen * (1.0 - by_few)
        low = accuracy - _LEAST_HALF - _BELOW * (1.0 - accuracy)
        high = seen + _LEAST_HALF + _ABOVE * (1.0 - seen)  # few glyphs need hide nothing
        return Expected(accuracy, max(low, 0.0), min(high, 1.0))


def _share_right(characters: NDArray[np.int64], named: NDArray[np.int64], n_clusters: int) -> float:
    """Return the share of glyphs expected to be of the character whose name they get, both as supposed."""
    sizes = np.bincount(characters) / len(characters)
    largest = np.sort(sizes)[::-1]
    n_main = min(int(np.searchsorted(largest.cumsum(), _MAIN)) + 1, len(largest))
    wrong = np.ones(len(sizes))
    if n_clusters >= _ENOUGH_CLUSTERS * n_main:
        wrong = np.minimum(1.0, sizes / largest[n_main - 1]) ** _STYLE_POWER
    return 1.0 - float((wrong[characters] * (characters != named)).mean())


def _ties(graph: sparse.csr_matrix, groups: NDArray[np.int32], n_groups: int) -> NDArray[np.float64]:
    members = sparse.csr_matrix((np.ones(len(groups)), (np.arange(len(groups)), groups)), shape=(len(groups), n_groups))
    return np.asarray((members.T @ graph @ members).todense(), dtype=np.float64)


def joined_groups(ties: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return, for each limit, the number of what each group is part of once all pairs with as many ties are joined.

    Always the pair is joined whose ties, divided by the root of the product of all ties of either, are the most.
    """
    ties = ties.copy()
    sizes = np.maximum(ties.sum(axis=1), 1e-12)
    np.fill_diagonal(ties, 0.0)
    parts = np.arange(len(ties))
    found = []
    for least in _LEAST_TIES:
        while True:
            density = ties / np.sqrt(sizes[:, None] * sizes)
            kept, gone = np.unravel_index(int(density.argmax()), density.shape)
            if density[kept, gone] < least:
                break
            parts[parts == gone] = kept
            ties[kept] += ties[gone]
            ties[:, kept] += ties[:, gone]
            ties[gone] = ties[:, gone] = ties[kept, kept] = 0.0
            sizes[kept] += sizes[gone]
        found.append(parts.copy())
    return found
