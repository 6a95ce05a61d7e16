"""choose_k: the accuracy to be expected of several numbers of clusters, before any is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.checks import is_whole
from inkmeans.cluster._cut import Partition, cut
from inkmeans.cluster._embedding import Embedding, embed
from inkmeans.cluster._expected_accuracy import AccuracyEstimate, Expected
from inkmeans.cluster._images import normalized
from inkmeans.errors import InputError
from inkmeans.features import deviations_from_means
from inkmeans.progress import Progress, share_of

_NUMBERS = (5, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200)
_SMALL_GAIN = 0.005  # of accuracy, for 10 more names
EMBED_SHARE = 0.7
"""About the share of the time that the embedding takes."""
_N_SAMPLE = 2000  # glyphs that the silhouette is computed on

FEW_GLYPHS = 400
"""With fewer readable images the expected accuracy is a guess."""


@dataclass(frozen=True, eq=False)
class ClusterNumbers:
    """What is expected of several numbers of clusters; each array has one value for each number.

    Attributes
    ----------
    n_clusters : int64 of shape (n,)
        In ascending order.
    accuracy : float64 of shape (n,)
        The expected share of readable images with the right name once each cluster is named by its middle image.
    low, high : float64 of shape (n,)
        An interval that holds the true share in about 9 of 10 cases like those that the estimate was fitted to.
    inertia : float64 of shape (n,)
        Of the clusters, in the same diffusion maps for all numbers, for the "elbow" criterion.
    silhouette : float64 of shape (n,)
        In these, of a sample of 2,000; NaN for a single cluster and for as many clusters as glyphs.
    n_readable : int
        The number of images that are not blank or noise: all figures are of these.
    suggested : int
        The smallest of the numbers beyond which 10 more names bring less than half a point of accuracy.
    """

    n_clusters: NDArray[np.int64]
    accuracy: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    inertia: NDArray[np.float64]
    silhouette: NDArray[np.float64]
    n_readable: int
    suggested: int


@dataclass(frozen=True, eq=False)
class TriedNumber:
    """One number of clusters, tried: a row of `ClusterNumbers`, which says what each figure is, and the clusters.

    Attributes
    ----------
    partition : Partition
    expected : Expected
    inertia, silhouette : float
    """

    partition: Partition
    expected: Expected
    inertia: float
    silhouette: float


def choose_k(
    images: ArrayLike,
    n_clusters: Sequence[int] | None = None,
    *,
    random_state: Any = 0,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> ClusterNumbers:
    """Return the accuracy to be expected of several numbers of clusters, each named by its middle image.

    Parameters
    ----------
    images : array of shape (n_images, height, width), or a list of 2-D arrays
        Of any size, polarity and ink scale.
    n_clusters : sequence of int or None
        Numbers of clusters to try; None for 5 to 200, up to half the number of readable images.
    random_state, n_jobs, progress
        As `GlyphClustering` takes them.

    Raises
    ------
    InputError
        If a number of clusters or an image cannot be used.

    Notes
    -----
    Images are embedded once; each number of clusters takes one more `cut`. `inkmeans.cluster.AccuracyEstimate`
    tells how the accuracy is estimated, without labels. It is rough where there are about as many clusters as
    characters or fewer, too high for an alphabet, and a guess for fewer than `FEW_GLYPHS` images.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans import choose_k
    >>> images = np.zeros((60, 20, 20), dtype=np.uint8)
    >>> for i in range(60):  # upright and lying strokes, of several lengths
    ...     box = (slice(3, 12 + i % 7), slice(8, 10 + i % 2))
    ...     images[i][box if i < 30 else box[::-1]] = 255
    >>> found = choose_k(images, [1, 2, 4])
    >>> found.n_clusters.tolist(), bool(found.accuracy[0] < found.accuracy[2])
    ([1, 2, 4], True)
    """
    wanted = None if n_clusters is None else _checked(n_clusters)
    found = normalized(images, n_jobs)
    glyphs = found.glyphs[found.readable]
    n = len(glyphs)
    if n == 0:
        raise InputError(f"images must hold at least 1 readable image; got 0 among {len(found.glyphs)}.")
    if wanted is None:
        wanted = [k for k in _NUMBERS if 2 * k <= n] or [1]
    if wanted[-1] > n:
        raise InputError(f"n_clusters must be at most the number of readable images, {n}; got {wanted[-1]}.")
    embedding = embed(glyphs, random_state=random_state, n_jobs=n_jobs, progress=share_of(progress, 0.0, EMBED_SHARE))
    estimate = AccuracyEstimate(embedding, n_jobs=n_jobs)
    tried = []
    for i, number in enumerate(wanted):
        if progress is not None:
            progress(f"trying {number} clusters", EMBED_SHARE + (1.0 - EMBED_SHARE) * i / len(wanted))
        tried.append(try_number(embedding, estimate, number, n_jobs=n_jobs))
    accuracy = np.array([each.expected.accuracy for each in tried])
    return ClusterNumbers(
        np.array(wanted),
        accuracy,
        np.array([each.expected.low for each in tried]),
        np.array([each.expected.high for each in tried]),
        np.array([each.inertia for each in tried]),
        np.array([each.silhouette for each in tried]),
        n,
        suggested_number(wanted, accuracy),
    )


def try_number(
    embedding: Embedding, estimate: AccuracyEstimate, n_clusters: int, *, n_jobs: int | None = None
) -> TriedNumber:
    """Return what `choose_k` finds for one number of clusters, with the clusters themselves.

    Parameters
    ----------
    embedding : Embedding
    estimate : AccuracyEstimate
        Of this embedding.
    n_clusters : int
        1 to the number of glyphs.
    n_jobs : int or None
    """
    partition = cut(embedding, n_clusters, n_jobs=n_jobs)
    return TriedNumber(
        partition,
        estimate(partition),
        float((deviations_from_means(estimate.rows, partition.labels) ** 2).sum()),
        sampled_silhouette(estimate.rows, partition.labels),
    )


def suggested_number(n_clusters: Sequence[int], accuracy: NDArray[np.float64]) -> int:
    """Return the smallest number beyond which no larger one brings half a point of accuracy for each 10 more names.

    Examples
    --------
    >>> suggested_number([10, 20, 50], np.array([0.90, 0.95, 0.96]))
    20
    """
    for i, number in enumerate(n_clusters):
        more = (np.array(n_clusters[i + 1 :]) - number) / 10
        if (accuracy[i + 1 :] - accuracy[i] < _SMALL_GAIN * more).all():
            break
    return int(number)


def _checked(n_clusters: Sequence[int]) -> list[int]:
    numbers = list(n_clusters)
    for number in numbers:
        if not is_whole(number) or number < 1:
            raise InputError(f"n_clusters must be whole numbers of at least 1; got {number!r}.")
    if not numbers:
        raise InputError("n_clusters is empty; give at least one number of clusters to try.")
    return sorted({int(number) for number in numbers})


def sampled_silhouette(rows: NDArray[Any], labels: NDArray[np.integer]) -> float:
    """Return scikit-learn's silhouette score of 2,000 rows, always the same; NaN where it is not defined."""
    from sklearn.metrics import silhouette_score

    sample = np.random.RandomState(0).permutation(len(labels))[:_N_SAMPLE]
    if not 2 <= len(np.unique(labels[sample])) < len(sample):
        return float("nan")
    return float(silhouette_score(rows[sample], labels[sample]))
