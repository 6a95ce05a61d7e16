"""GlyphClustering: images of characters to clusters of one character each, without a label."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from inkmeans.cluster._stages import Progress, Stages
from inkmeans.cluster._starts import N_STARTED, best_start
from inkmeans.errors import InputError
from inkmeans.features import (
    N_FITTED,
    Components,
    PatchEncoder,
    Views,
    in_components,
    products,
    warped,
    within_whitening,
)
from inkmeans.graph import (
    MOST_EXACT,
    Eigenvectors,
    diffusion_map,
    leading_eigenvectors,
    neighbor_graph,
    select_diffusion_time,
)
from inkmeans.kmeans import KMeans
from inkmeans.normalize import GLYPH_SIZE, normalize

_N_COMPONENTS = 96  # whitened by what varies within small clusters
_N_PLAIN = 64  # that the first graph is made from
_N_SMALL, _LEAST_SMALL = 100, 8  # small clusters, and how many glyphs there must be for each
_SMALL_TIME = 5.0  # steps of the walk for small clusters
_N_EIGENVECTORS = 40
_KEPT = (0.8, 1.6)  # dimensions that a long walk and a short one leave for each cluster,
_MOST_COUNTED = 13  # up to so many: styles of one character need none each
_VARIED: Views = ((8.0, 1.0), (-8.0, 1.0), (0.0, 1.15), (0.0, 0.87))  # as one hand varies
_N_VARIED = 1000  # glyphs that are varied
_N_VOTERS, _GLYPHS_PER_VOTER = 10, 20  # fitted glyphs that say where a new one belongs; fewer of a small pile
_BATCH = 512
_LEARN = "learning the strokes"
_ENCODE = "encoding the glyphs"
_COMPARE = "finding the neighbors"
_VARY = "varying the glyphs"
_COMPARE_AGAIN = "finding the neighbors again"
_GROUP = "grouping"


class GlyphClustering(ClusterMixin, BaseEstimator):
    """Clusters of glyphs by character: k-means on where walks along the graph of nearest neighbors lead.

    1. Images are normalized and encoded by `PatchEncoder`; their principal components, each divided by the root of its
       standard deviation, give a first graph of nearest neighbors.
    2. That graph is cut into 100 small clusters. The components are whitened by what varies within them, and within a
       glyph that is turned or stretched a little, which is the hand and not the character. They give a second graph: a
       third fewer of its ties join different characters.
    3. The diffusion embeddings of both graphs, after a long and a short walk, side by side, are clustered by k-means,
       from many starts. Up to 30 clusters, among partitions whose inertia is within 1 % of the least, it counts, too,
       how well the clusters of a group of glyphs are foretold from all the other glyphs.

    Parameters
    ----------
    n_clusters : int
    diffusion_time : float or None
        Steps of the walk. Longer walks blur the border between small groups, and at last between characters too. None
        for two walks side by side, which leave 0.8 and 1.6 dimensions for each cluster, up to 13 clusters.
    random_state : int, RandomState or None
        The seed.
    n_jobs : int or None
        Threads; None for all processors. They do not change the result, but those of NumPy's linear algebra may change
        its last digits.
    progress : callable or None
        Called as a fit goes on, with what is being done and the share of the work that was done before, 0 to 1. What it
        raises ends the fit.

    Attributes
    ----------
    labels_ : int32 of shape (n_images,)
        The cluster of each image; -1 for what the normalizer calls blank or noise.
    embedding_ : float32 of shape (n_images, n_dimensions)
        The diffusion embeddings of both graphs, for this number of clusters; 0 for what is in no cluster.
    distances_ : float32 of shape (n_images,)
        From each image to the center of its cluster, in the embedding; 0 for what is in no cluster.
    middles_ : int64 of shape (n_clusters,)
        The index of the image nearest the center of each cluster: the one to look at when naming it; -1 for an empty
        cluster, which there may be where images are alike. On a tie the lower index.
    inertia_ : float
        The sum of the squared distances.
    graph_ : sparse matrix of shape (n_readable, n_readable)
        The ties of neighbors among what is in a cluster, in order; see `embedding_`.
    encoder_ : PatchEncoder

    Notes
    -----
    Up to 100,000 images their neighbors are found exactly, in time that grows with the square of n_images (2 s for
    30,000 on one thread); of more, about 1 in 100 is missed, and time grows as n_images does. A few hundred numbers for
    each image are held in memory. Another order of the images is another sample of
    them for the dictionary, so a few labels at the borders change.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.cluster import GlyphClustering
    >>> images = np.zeros((60, 20, 20), dtype=np.uint8)
    >>> for i in range(60):  # upright and lying strokes, of several lengths
    ...     box = (slice(3, 12 + i % 7), slice(8, 10 + i % 2))
    ...     images[i][box if i < 30 else box[::-1]] = 255
    >>> labels = GlyphClustering(2, random_state=0).fit_predict(images)
    >>> len(set(labels[:30])), len(set(labels[30:])), labels[0] == labels[30]
    (1, 1, np.False_)
    """

    labels_: NDArray[np.int32]
    embedding_: NDArray[np.float32]
    distances_: NDArray[np.float32]
    inertia_: float
    middles_: NDArray[np.int64]
    graph_: sparse.csr_matrix
    encoder_: PatchEncoder
    _components: Components
    _whitening: NDArray[np.float32]
    _whitened: NDArray[np.float32]  # of the readable images
    _eigenvectors: tuple[Eigenvectors, Eigenvectors]  # of both graphs
    _places: NDArray[np.float32]  # the embedding of the readable images
    _kmeans: KMeans
    _seed: int

    def __init__(
        self,
        n_clusters: int = 10,
        *,
        diffusion_time: float | None = None,
        random_state: Any = None,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.diffusion_time = diffusion_time
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.progress = progress

    def fit(self, images: ArrayLike, y: Any = None) -> Self:
        """Find the clusters of images of any size, polarity and ink scale: (n_images, height, width), or a list.

        Raises
        ------
        InputError
            If a parameter or an image cannot be used (also one 2-D array, which may be rows of pixels), or fewer images
            than n_clusters are readable.
        """
        if isinstance(images, np.ndarray) and images.ndim == 2:  # rows of pixels would pass for one image
            raise InputError(
                f"images must be of shape (n_images, height, width), or a list of 2-D arrays; got one array of shape "
                f"{images.shape}."
            )
        found = normalize(images, n_jobs=self.n_jobs)
        return self._fit(found.glyphs[found.readable], found.readable)

    def fit_glyphs(self, glyphs: NDArray[np.uint8], y: Any = None) -> Self:
        """Find the clusters of normalized glyphs, uint8 of shape (n_glyphs, 28, 28), as `normalize` gives them.

        Raises
        ------
        InputError
            If a parameter or the glyphs cannot be used, or they are fewer than n_clusters.
        """
        glyphs = np.asarray(glyphs)
        if glyphs.dtype != np.uint8 or glyphs.ndim != 3 or glyphs.shape[1:] != (GLYPH_SIZE, GLYPH_SIZE):
            raise InputError(
                f"glyphs must be uint8 of shape (n_glyphs, 28, 28), as normalize gives them; got {glyphs.dtype} of "
                f"shape {glyphs.shape}."
            )
        return self._fit(glyphs, np.ones(len(glyphs), dtype=bool))

    def cut(self, n_clusters: int) -> GlyphClustering:
        """Return the same fitted images in another number of clusters, without embedding them anew.

        It is what a fit with that n_clusters and the same random_state gives.

        Raises
        ------
        InputError
            If n_clusters is no whole number from 1 to the number of readable images.
        """
        check_is_fitted(self)
        n = len(self._places)
        if not isinstance(n_clusters, Integral) or isinstance(n_clusters, bool) or not 1 <= n_clusters <= n:
            raise InputError(
                f"n_clusters must be a whole number from 1 to {n}, the readable images; got {n_clusters!r}."
            )
        other = copy(self)
        other.n_clusters = int(n_clusters)
        other._cut(self.labels_ >= 0)
        return other

    def embedding_after(self, diffusion_time: float | None) -> NDArray[np.float32]:
        """Return the diffusion embeddings of the readable images after so many steps: (n_readable, n_dimensions).

        Those of the first graph come first. None for a long walk and a short one along each, as they suit n_clusters.
        """
        check_is_fitted(self)
        counted = min(max(self.n_clusters, 2), _MOST_COUNTED)  # one dimension is shared by all glyphs
        parts = []
        for values, vectors in self._eigenvectors:
            times = (
                [select_diffusion_time(values, kept * counted) for kept in _KEPT]
                if diffusion_time is None
                else [diffusion_time]
            )
            parts += [diffusion_map(values, vectors, time) for time in times]
        return np.concatenate(parts, axis=1)

    def predict(self, images: ArrayLike) -> NDArray[np.int32]:
        """Return the cluster of each image: int32 of shape (n_images,), -1 for what is blank or noise.

        A glyph is put where the 10 fitted ones nearest to it (fewer of a pile below 200) are, in the mean. An image's
        cluster does not depend on the others.
        """
        check_is_fitted(self)
        found = normalize(images, n_jobs=self.n_jobs)
        readable = np.flatnonzero(found.readable)
        labels = np.full(len(found.glyphs), -1, dtype=np.int32)
        to_whitened = np.ascontiguousarray((self._components.axes @ self._whitening).T)
        lengths = (self._whitened**2).sum(axis=1)
        n_voters = int(np.clip(len(lengths) // _GLYPHS_PER_VOTER, 1, _N_VOTERS))
        for start in range(0, len(readable), _BATCH):
            which = readable[start : start + _BATCH]
            features = self.encoder_.transform(found.glyphs[which]) - self._components.mean
            rows = products(features, to_whitened, self.n_jobs)
            # ‖row‖² is left out: the same for every voter.
            distances = lengths - 2.0 * products(rows, self._whitened, self.n_jobs)
            voters = np.argpartition(distances, n_voters - 1, axis=1)[:, :n_voters]
            labels[which] = self._kmeans.predict(self._places[voters].mean(axis=1))
        return labels

    def _fit(self, glyphs: NDArray[np.uint8], readable: NDArray[np.bool_]) -> Self:
        if not isinstance(self.n_clusters, Integral) or isinstance(self.n_clusters, bool) or self.n_clusters < 1:
            raise InputError(f"n_clusters must be a whole number of at least 1; got {self.n_clusters!r}.")
        time = self.diffusion_time
        if time is not None and (not isinstance(time, Real) or not 0.0 < time < np.inf):
            raise InputError(f"diffusion_time must be a number above 0, or None; got {time!r}.")
        n = len(glyphs)
        if n < self.n_clusters:
            raise InputError(
                f"n_clusters={self.n_clusters} needs at least {self.n_clusters} readable images; got {n} among "
                f"{len(readable)}."
            )
        random = check_random_state(self.random_state)
        stages = _stages(n, self.progress)
        stages.reach(_LEARN)
        self.encoder_ = PatchEncoder(random_state=random.randint(2**31 - 1), n_jobs=self.n_jobs).fit(glyphs)
        self._components, rows = in_components(self._encoded(glyphs, stages), n, _N_COMPONENTS, random)
        stages.reach(_COMPARE)
        spread = rows[:, :_N_PLAIN].std(axis=0)
        plain = rows[:, :_N_PLAIN] / np.sqrt(np.maximum(spread, 1e-6))
        first = leading_eigenvectors(neighbor_graph(plain, n_jobs=self.n_jobs), _N_EIGENVECTORS)
        stages.reach(_VARY)
        n_small = max(1, min(_N_SMALL, n // _LEAST_SMALL))
        small = KMeans(n_small, random_state=random.randint(2**31 - 1), n_jobs=self.n_jobs)
        varied = np.sort(random.permutation(n)[:_N_VARIED])
        strays = self._strays(glyphs[varied], rows[varied])
        self._whitening = within_whitening(rows, small.fit_predict(diffusion_map(*first, _SMALL_TIME)), strays)
        stages.reach(_COMPARE_AGAIN)
        self._whitened = rows @ self._whitening
        self.graph_ = neighbor_graph(self._whitened, n_jobs=self.n_jobs)
        second = leading_eigenvectors(self.graph_, _N_EIGENVECTORS)
        stages.reach(_GROUP)
        self._eigenvectors = (first, second)
        self._seed = random.randint(2**31 - 1)
        self._cut(readable)
        return self

    def _encoded(self, glyphs: NDArray[np.uint8], stages: Stages) -> Callable[[NDArray[np.intp]], NDArray[np.float32]]:
        """Return what encodes the glyphs of given places, and tells how many are done."""
        done = 0

        def encoded(places: NDArray[np.intp]) -> NDArray[np.float32]:
            nonlocal done
            parts = []
            for start in range(0, len(places), _BATCH):
                stages.reach(_ENCODE, done / _n_encoded(len(glyphs)))
                parts.append(self.encoder_.transform(glyphs[places[start : start + _BATCH]]))
                done += len(parts[-1])
            return np.concatenate(parts)

        return encoded

    def _strays(self, glyphs: NDArray[np.uint8], rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far glyphs, varied as one hand varies, lie from their rows."""
        return np.concatenate(
            [self._components(self.encoder_.transform(warped(glyphs, *way))) - rows for way in _VARIED]
        )

    def _cut(self, readable: NDArray[np.bool_]) -> None:
        self._places = self.embedding_after(self.diffusion_time)
        k = int(self.n_clusters)
        start = best_start(self._places, self._whitened, k, self._seed, self.n_jobs)
        self._kmeans = KMeans(k, init=start, n_init=1, n_jobs=self.n_jobs).fit(self._places)
        labels = self._kmeans.labels_
        apart = np.linalg.norm(self._places - self._kmeans.cluster_centers_[labels], axis=1)
        self.inertia_ = float(self._kmeans.inertia_)
        self.labels_ = np.full(len(readable), -1, dtype=np.int32)
        self.labels_[readable] = labels
        self.embedding_ = np.zeros((len(readable), self._places.shape[1]), dtype=np.float32)
        self.embedding_[readable] = self._places
        self.distances_ = np.zeros(len(readable), dtype=np.float32)
        self.distances_[readable] = apart
        places = np.flatnonzero(readable)
        self.middles_ = np.full(self.n_clusters, -1, dtype=np.int64)
        for cluster in range(self.n_clusters):
            members = np.flatnonzero(labels == cluster)
            if len(members):
                self.middles_[cluster] = places[members[apart[members].argmin()]]


def _n_encoded(n: int) -> int:
    """Return how many glyphs are encoded for n: those that the components are taken from twice."""
    return n if n <= N_FITTED else n + N_FITTED


def _stages(n: int, progress: Progress | None) -> Stages:
    """Return the stages of a fit of n glyphs, with their seconds as measured on one thread."""
    graph = 3e-5 * n + 2.2e-9 * n * min(n, MOST_EXACT)
    seconds = {
        _LEARN: 0.35,
        _ENCODE: 1e-3 * _n_encoded(n),
        _COMPARE: graph,
        _VARY: 1e-3 * len(_VARIED) * min(n, _N_VARIED),
        _COMPARE_AGAIN: graph,
        _GROUP: 4e-4 * min(n, N_STARTED) + 4e-5 * n,
    }
    return Stages(progress, seconds)
