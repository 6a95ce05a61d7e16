"""GlyphClustering: images of characters to clusters of one character each, without labels."""

from __future__ import annotations

from numbers import Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted

from inkmeans.checks import check_whole
from inkmeans.cluster._cut import Partition, cut, cut_seconds
from inkmeans.cluster._embedding import Embedding, embed, embedding_seconds
from inkmeans.cluster._images import normalized
from inkmeans.cluster._out_of_sample import predict_clusters
from inkmeans.errors import InputError
from inkmeans.features import PatchEncoder
from inkmeans.normalize import normalize
from inkmeans.progress import Progress, share_of
from inkmeans.records import GLYPH_SIZE

_GROUP = "grouping"


class GlyphClustering(ClusterMixin, BaseEstimator):
    """Clustering of glyphs by character: k-means on diffusion maps of the graph of nearest neighbors.

    1. Images are normalized and encoded by `PatchEncoder`; their principal components, each divided by the square root
       of its standard deviation, give a first graph of nearest neighbors.
    2. k-means on its diffusion map gives 100 small clusters. The components are whitened by the covariance within them
       and of augmented glyphs, which are rotated or stretched a little: both show the writer and not the character.
       They give a second graph: a third fewer of its edges join different characters.
    3. The diffusion maps of both graphs, each with a long and a short diffusion time, are concatenated and clustered by
       k-means from many initializations. Up to 30 clusters, partitions with an inertia within 1 % of the least are also
       compared by cross-validation: how well a ridge regression on the other glyphs predicts a group's clusters.

    Parameters
    ----------
    n_clusters : int
    diffusion_time : float or None
        The number of steps of the random walk. A longer one blurs the borders between small groups, and finally between
        characters. None for two diffusion times, which leave 0.8 and 1.6 dimensions for each cluster, up to 13
        clusters.
    random_state : int, RandomState or None
        The seed.
    n_jobs : int or None
        Threads; None for all processors. They do not change the result, but those of NumPy's linear algebra may change
        its last digits.
    progress : callable or None
        Called during a fit with what is being done and the share of the work done before, 0 to 1. An exception that it
        raises ends the fit.

    Attributes
    ----------
    labels_ : int32 of shape (n_images,)
        The cluster of each image; -1 for what the normalizer calls blank or noise.
    embedding_ : float32 of shape (n_images, n_dimensions)
        The diffusion maps of both graphs, for this number of clusters; 0 for images in no cluster.
    distances_ : float32 of shape (n_images,)
        From each image to the center of its cluster, in the embedding; 0 for images in no cluster.
    middles_ : int64 of shape (n_clusters,)
        The index of the image nearest the center of each cluster, the one to look at when naming it; the lower one on a
        tie, -1 for an empty cluster, which there may be where images are equal.
    inertia_ : float
        The sum of the squared distances.
    graph_ : sparse matrix of shape (n_readable, n_readable)
        Edge weights between nearest neighbors among the images that are in a cluster, in order.
    encoder_ : PatchEncoder

    Notes
    -----
    Neighbors are exact for up to 100,000 images, in time that grows with the square of n_images (2 s for 30,000 on one
    thread); of more, about 1 in 100 is missed, and the time grows linearly. A few hundred numbers for each image are
    held in memory. Another order of the images gives another sample for the dictionary, so that a few labels at the
    borders change. The functions behind it, for normalized glyphs, are `embed` and `cut`.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.cluster import GlyphClustering
    >>> images = np.zeros((60, 20, 20), dtype=np.uint8)
    >>> for i in range(60):  # vertical and horizontal strokes of several lengths
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
    _embedded: Embedding  # the readable images
    _partition: Partition

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
        found = normalized(images, self.n_jobs)
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
        """Return a clustering of the same fitted images into another number of clusters, without embedding them again.

        It equals a fit with that n_clusters and the same random_state.

        Raises
        ------
        InputError
            If n_clusters is not a whole number from 1 to the number of readable images.
        """
        check_is_fitted(self)
        k = check_whole(
            "n_clusters", n_clusters, least=1, most=len(self._embedded), note=", the number of readable images"
        )
        other = type(self)(**{**self.get_params(deep=False), "n_clusters": k})
        return other._keep(self._embedded, self.labels_ >= 0)

    def predict(self, images: ArrayLike) -> NDArray[np.int32]:
        """Return the cluster of each image: int32 of shape (n_images,), -1 for blank images and noise.

        A glyph is placed at the mean of its 10 nearest fitted glyphs (fewer if fewer than 200 were fitted). An image's
        cluster does not depend on the other images.
        """
        check_is_fitted(self)
        found = normalize(images, n_jobs=self.n_jobs)
        labels = np.full(len(found.glyphs), -1, dtype=np.int32)
        labels[found.readable] = predict_clusters(
            self._embedded, self._partition, found.glyphs[found.readable], self.n_jobs
        )
        return labels

    def _fit(self, glyphs: NDArray[np.uint8], readable: NDArray[np.bool_]) -> Self:
        check_whole("n_clusters", self.n_clusters, least=1)
        time = self.diffusion_time
        if time is not None and (not isinstance(time, Real) or not 0.0 < time < np.inf):
            raise InputError(f"diffusion_time must be a number above 0, or None; got {time!r}.")
        n = len(glyphs)
        if n < self.n_clusters:
            raise InputError(
                f"n_clusters={self.n_clusters} needs at least {self.n_clusters} readable images; got {n} among "
                f"{len(readable)}."
            )
        share = embedding_seconds(n) / (embedding_seconds(n) + cut_seconds(n))
        progress = share_of(self.progress, 0.0, share)
        embedding = embed(glyphs, random_state=self.random_state, n_jobs=self.n_jobs, progress=progress)
        if self.progress is not None:
            self.progress(_GROUP, share)
        return self._keep(embedding, readable)

    def _keep(self, embedding: Embedding, readable: NDArray[np.bool_]) -> Self:
        """Cut the embedding and set the attributes, with values for all images."""
        found = cut(embedding, int(self.n_clusters), diffusion_time=self.diffusion_time, n_jobs=self.n_jobs)
        self._embedded = embedding
        self._partition = found
        self.encoder_ = embedding.encoder
        self.graph_ = embedding.graph
        self.inertia_ = found.inertia
        self.labels_ = np.full(len(readable), -1, dtype=np.int32)
        self.labels_[readable] = found.labels
        self.embedding_ = np.zeros((len(readable), found.rows.shape[1]), dtype=np.float32)
        self.embedding_[readable] = found.rows
        self.distances_ = np.zeros(len(readable), dtype=np.float32)
        self.distances_[readable] = found.distances
        self.middles_ = np.where(found.middles < 0, -1, np.flatnonzero(readable)[found.middles])
        return self
