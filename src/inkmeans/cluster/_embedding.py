"""embed: the part of the clustering of glyphs that does not depend on the number of clusters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from inkmeans.features import (
    N_FITTED,
    Components,
    PatchEncoder,
    Views,
    in_components,
    warped,
    within_whitening,
)
from inkmeans.graph import MOST_EXACT, Eigenvectors, diffusion_map, leading_eigenvectors, neighbor_graph
from inkmeans.kmeans import k_means
from inkmeans.progress import Progress, Stages

_N_COMPONENTS = 96  # whitened by their covariance within small clusters
_N_PLAIN = 64  # of these, the ones that the first graph is made from
_N_SMALL, _LEAST_SMALL = 100, 8  # small clusters, and how many glyphs there must be for each
_SMALL_TIME = 5.0  # diffusion time of the small clusters
_N_EIGENVECTORS = 40
_AUGMENTED: Views = ((8.0, 1.0), (-8.0, 1.0), (0.0, 1.15), (0.0, 0.87))  # about as much as one writer varies
_N_AUGMENTED = 1000  # glyphs that are augmented
_BATCH = 512
_GRAPH_SHARE = 0.2  # of the time of a graph and its eigenvectors
_N_PRODUCTS, _REPORTED = 400, 10  # of graph and vectors: about so many are needed, and each tenth is reported
_LEARN = "learning the strokes"
_ENCODE = "encoding the glyphs"
_COMPARE = "finding the neighbors"
_AUGMENT = "augmenting the glyphs"
_COMPARE_AGAIN = "finding the neighbors again"


@dataclass(frozen=True, eq=False)
class Embedding:
    """What is known of glyphs before they are divided into a number of clusters.

    Attributes
    ----------
    encoder : PatchEncoder
        Fitted on the glyphs.
    components : Components
        Of the glyphs' features.
    whitening : float32 of shape (n_components, n_components)
        See `inkmeans.features.within_whitening`.
    whitened : float32 of shape (n_glyphs, n_components)
        The glyphs' features, in these components, whitened.
    graph : sparse matrix of shape (n_glyphs, n_glyphs)
        Of the nearest neighbors among the whitened rows.
    eigenvectors : pair of (eigenvalues, eigenvectors)
        Of the graph of the plain components, and of `graph`.
    seed : int
        Of the k-means runs that divide this embedding.
    """

    encoder: PatchEncoder
    components: Components
    whitening: NDArray[np.float32]
    whitened: NDArray[np.float32]
    graph: sparse.csr_matrix
    eigenvectors: tuple[Eigenvectors, Eigenvectors]
    seed: int

    def __len__(self) -> int:
        """Return the number of glyphs."""
        return len(self.whitened)


def embed(
    glyphs: NDArray[np.uint8],
    *,
    random_state: Any = None,
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Embedding:
    """Return the embedding of normalized glyphs, uint8 of shape (n_glyphs, 28, 28), at least one.

    1. `PatchEncoder` encodes the glyphs; their principal components, each divided by the square root of its standard
       deviation, give a first graph of nearest neighbors.
    2. k-means on the diffusion map of that graph gives 100 small clusters. The components are whitened by the
       covariance within them, and by that of deviations between a glyph and its copies, rotated or stretched a little:
       both show the writer and not the character. They give the second graph: a third fewer of its edges join
       different characters.

    Parameters
    ----------
    glyphs : uint8 of shape (n_glyphs, 28, 28)
    random_state, n_jobs, progress
        As `GlyphClustering` takes them.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.cluster import cut, embed
    >>> from inkmeans.normalize import normalize
    >>> images = np.zeros((60, 20, 20), dtype=np.uint8)
    >>> for i in range(60):  # vertical and horizontal strokes of several lengths
    ...     box = (slice(3, 12 + i % 7), slice(8, 10 + i % 2))
    ...     images[i][box if i < 30 else box[::-1]] = 255
    >>> embedding = embed(normalize(images).glyphs, random_state=0)
    >>> np.bincount(cut(embedding, 2).labels).tolist()
    [30, 30]
    """
    from sklearn.utils import check_random_state

    random = check_random_state(random_state)
    n = len(glyphs)
    stages = Stages(progress, _seconds(n))
    stages.reach(_LEARN)
    encoder = PatchEncoder(random_state=random.randint(2**31 - 1), n_jobs=n_jobs).fit(glyphs)
    components, rows = in_components(_encoding(encoder, glyphs, stages), n, _N_COMPONENTS, random)
    stages.reach(_COMPARE)
    deviations = rows[:, :_N_PLAIN].std(axis=0)
    plain = rows[:, :_N_PLAIN] / np.sqrt(np.maximum(deviations, 1e-6))
    first = _eigenvectors(neighbor_graph(plain, n_jobs=n_jobs), stages, _COMPARE)
    stages.reach(_AUGMENT)
    n_small = max(1, min(_N_SMALL, n // _LEAST_SMALL))
    seed = random.randint(2**31 - 1)
    drawn = np.sort(random.permutation(n)[:_N_AUGMENTED])
    augmented = [components(encoder.transform(warped(glyphs[drawn], *view))) - rows[drawn] for view in _AUGMENTED]
    small = k_means(diffusion_map(*first, _SMALL_TIME), n_small, random_state=seed, n_jobs=n_jobs)
    whitening = within_whitening(rows, small.labels, np.concatenate(augmented))
    stages.reach(_COMPARE_AGAIN)
    whitened = rows @ whitening
    graph = neighbor_graph(whitened, n_jobs=n_jobs)
    second = _eigenvectors(graph, stages, _COMPARE_AGAIN)
    return Embedding(encoder, components, whitening, whitened, graph, (first, second), random.randint(2**31 - 1))


def embedding_seconds(n: int) -> float:
    """Return about how long the embedding of n glyphs takes, as measured on one thread."""
    return sum(_seconds(n).values())


def _seconds(n: int) -> dict[str, float]:
    compare = 5e-5 * n + 4e-9 * n * min(n, MOST_EXACT)
    return {
        _LEARN: 0.5,
        _ENCODE: 2.5e-4 * _n_encoded(n),
        _COMPARE: compare,
        _AUGMENT: 2.5e-4 * len(_AUGMENTED) * min(n, _N_AUGMENTED),
        _COMPARE_AGAIN: compare,
    }


def _eigenvectors(graph: sparse.csr_matrix, stages: Stages, stage: str) -> Eigenvectors:
    """Return the leading eigenvectors of a graph, and report how many products with it are done."""
    n_done = 0

    def report() -> None:
        nonlocal n_done
        if n_done % _REPORTED == 0:
            stages.reach(stage, _GRAPH_SHARE + (1.0 - _GRAPH_SHARE) * min(n_done / _N_PRODUCTS, 1.0))
        n_done += 1

    return leading_eigenvectors(graph, _N_EIGENVECTORS, on_product=report)


def _n_encoded(n: int) -> int:
    """Return how many glyphs are encoded for n: those that the components are taken from twice."""
    return n if n <= N_FITTED else n + N_FITTED


def _encoding(
    encoder: PatchEncoder, glyphs: NDArray[np.uint8], stages: Stages
) -> Callable[[NDArray[np.intp]], NDArray[np.float32]]:
    """Return a function that encodes the glyphs of given indices, and reports how many are done."""
    done = 0

    def encoded(indices: NDArray[np.intp]) -> NDArray[np.float32]:
        nonlocal done
        parts = []
        for start in range(0, len(indices), _BATCH):
            stages.reach(_ENCODE, done / _n_encoded(len(glyphs)))
            parts.append(encoder.transform(glyphs[indices[start : start + _BATCH]]))
            done += len(parts[-1])
        return np.concatenate(parts)

    return encoded
