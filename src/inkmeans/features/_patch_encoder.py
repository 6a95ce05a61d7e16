"""PatchEncoder: filters learned by spherical k-means, and their pooled responses as features of glyphs."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.features._dictionary import FIVE_VIEWS, FLOOR, Dictionary, Views
from inkmeans.records import GLYPH_SIZE

_N_PATCHES = 40_000  # that the dictionary is learned from
_N_ITER = 10  # of spherical k-means; more change no measured accuracy
_INK_VARIANCE = 100.0  # patches of less are left out: they hold little but noise
_WHITENING = 0.1  # added to each variance before whitening


class PatchEncoder(TransformerMixin, BaseEstimator):
    """Features of glyphs in which the same character by different writers is near: float32, each row of length 1.

    Patches of the fitted glyphs are normalized in contrast and whitened, and spherical k-means learns the filters. A
    feature is the sum of the responses to one filter within one of n_cells x n_cells cells, over several views of the
    glyph. Each row is divided by its sum and square roots are taken, so that Euclidean distances are Hellinger
    distances, which a few large responses do not dominate.

    Parameters
    ----------
    n_filters : int
        Size of the dictionary.
    patch_size : int
        Side of a patch in pixels, 2 to 16.
    n_cells : int
        Pooling cells in each direction.
    threshold : float
        What a response must exceed; a whitened patch has a variance of about 1 along each filter.
    views : sequence of (degrees, stretch)
        Each view is the glyph rotated by so many degrees and stretched horizontally by a factor. By default five: the
        glyph itself, rotated by 12 and -12 degrees, stretched by 1.2 and by 0.83.
    random_state : int, RandomState or None
        Decides which patches are drawn and the initial centers; None for another dictionary each time.
    n_jobs : int or None
        Threads; None for all processors. They do not change the result.

    Attributes
    ----------
    filters_ : float32 of shape (n_filters, patch_size, patch_size)
        The centers of k-means multiplied by the whitening, as `patch_features` takes them.
    offsets_ : float32 of shape (n_filters,)

    Notes
    -----
    The time, and the memory for the features, grow with the number of glyphs. All features of a blank glyph are equal.
    Source: Coates and Ng (2012), "Learning feature representations with k-means"; the views and the square root are
    ours.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.features import PatchEncoder
    >>> glyphs = np.zeros((20, 28, 28), dtype=np.uint8)
    >>> glyphs[:, 5:23, 12:16] = 255
    >>> PatchEncoder(n_filters=8, random_state=0).fit_transform(glyphs).shape
    (20, 72)
    """

    filters_: NDArray[np.float32]
    offsets_: NDArray[np.float32]

    def __init__(
        self,
        n_filters: int = 200,
        *,
        patch_size: int = 7,
        n_cells: int = 3,
        threshold: float = 1.0,
        views: Views = FIVE_VIEWS,
        random_state: Any = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_filters = n_filters
        self.patch_size = patch_size
        self.n_cells = n_cells
        self.threshold = threshold
        self.views = views
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, images: NDArray[np.uint8], y: Any = None) -> Self:
        """Learn the dictionary from normalized glyphs, uint8 of shape (n_glyphs, 28, 28).

        Raises
        ------
        InputError
            If the glyphs or a parameter cannot be used, or the glyphs hold no ink.
        """
        glyphs = _checked(images)
        check_whole("n_filters", self.n_filters, least=1)
        size = check_whole("patch_size", self.patch_size, least=2, most=16)
        note = f", for patches of {size} pixels"
        check_whole("n_cells", self.n_cells, least=1, most=GLYPH_SIZE + 1 - size, note=note)
        if not len(self.views) or not all(
            len(view) == 2 and np.isfinite(view).all() and 0.1 <= view[1] <= 10.0 for view in self.views
        ):
            raise InputError(
                f"views must list pairs of degrees and stretch, the stretch from 0.1 to 10; got {self.views!r}."
            )
        random = check_random_state(self.random_state)
        patches = _patches(glyphs, int(self.patch_size), random)
        if not len(patches):
            raise InputError("The glyphs hold no ink to learn filters from; give some that are not blank.")
        mean = patches.mean(axis=0)
        variances, axes = np.linalg.eigh(np.cov(patches.T))
        whitening = (axes / np.sqrt(np.maximum(variances, 0.0) + _WHITENING)) @ axes.T
        white = ((patches - mean) @ whitening).astype(np.float32)
        white /= np.linalg.norm(white, axis=1, keepdims=True) + 1e-9
        filters = spherical_kmeans(white, int(self.n_filters), random) @ whitening.T
        self.filters_ = filters.reshape(-1, self.patch_size, self.patch_size).astype(np.float32)
        self.offsets_ = (self.threshold + filters @ mean).astype(np.float32)
        return self

    def transform(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the features of normalized glyphs: float32 of shape (n_glyphs, n_cells * n_cells * n_filters).

        A glyph's features do not depend on the other glyphs.
        """
        return self.dictionary_.encode(_checked(images), self.n_jobs)

    @property
    def dictionary_(self) -> Dictionary:
        """The filters, and how glyphs are encoded with them."""
        check_is_fitted(self)
        return Dictionary(self.filters_, self.offsets_, int(self.n_cells), tuple(self.views))


def spherical_kmeans(rows: NDArray[np.float32], k: int, random: np.random.RandomState) -> NDArray[np.float32]:
    """Return k unit vectors: the mean directions of clusters of unit rows, by cosine.

    An empty cluster is relocated to a random row. Source: Dhillon and Modha (2001); here each row is weighted by its
    cosine with the center.
    """
    centers = rows[random.choice(len(rows), k, replace=len(rows) < k)]
    each = np.arange(len(rows))
    for _ in range(_N_ITER):
        cosines = rows @ centers.T
        nearest = cosines.argmax(axis=1)
        members = sparse.csr_matrix((cosines[each, nearest], (nearest, each)), shape=(k, len(rows)))
        sums = members @ rows
        lengths = np.linalg.norm(sums, axis=1)
        empty = lengths < 1e-6
        sums[empty] = rows[random.choice(len(rows), int(empty.sum()))]
        lengths[empty] = 1.0
        centers = (sums / lengths[:, None]).astype(np.float32)
    return centers


def _patches(glyphs: NDArray[np.uint8], size: int, random: np.random.RandomState) -> NDArray[np.float32]:
    """Return random patches with ink, each normalized to mean 0 and a standard deviation of nearly 1."""
    n, last = 4 * _N_PATCHES, GLYPH_SIZE - size + 1
    windows = np.lib.stride_tricks.sliding_window_view(glyphs, (size, size), axis=(1, 2))
    drawn = windows[random.randint(len(glyphs), size=n), random.randint(last, size=n), random.randint(last, size=n)]
    patches = drawn.reshape(n, -1).astype(np.float32)
    variances = patches.var(axis=1)
    inked = np.flatnonzero(variances > _INK_VARIANCE)[:_N_PATCHES]
    patches = patches[inked]
    patches -= patches.mean(axis=1, keepdims=True)
    patches /= np.sqrt(variances[inked] + FLOOR)[:, None]
    return patches


def _checked(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    glyphs = np.asarray(images)
    if glyphs.dtype != np.uint8 or glyphs.ndim != 3 or glyphs.shape[1:] != (GLYPH_SIZE, GLYPH_SIZE) or not len(glyphs):
        raise InputError(
            f"images must be uint8 of shape (n_glyphs, 28, 28), as normalize gives them, at least one; got "
            f"{glyphs.dtype} of shape {glyphs.shape}."
        )
    return np.ascontiguousarray(glyphs)
