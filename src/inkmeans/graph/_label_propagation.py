"""Names that spread along the graph of neighbors: from where they are known to where they are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_GOES_ON = 0.98  # the chance that a walk does not give up at a step
_ENOUGH = 1e-3  # the change of a chance by another step that no longer counts


def propagate_labels(
    graph: sparse.csr_matrix, known: NDArray[np.int32], n_names: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the likeliest name of each glyph, and how sure it is, 0 to 1; known names stay, with 1.

    A walk from a glyph steps to neighbors by the weight of their ties, stops at the first glyph whose name is known,
    and gives up with a chance of 1 in 50 at each step. The name that it meets most often is the likeliest. It is as
    sure as its share of all that are met; less sure where walks meet a name less than half as often as they would if
    the known names lay about by chance: a character that nobody has named is far from all names.

    Parameters
    ----------
    graph : sparse matrix of shape (n_glyphs, n_glyphs)
        As `GlyphClustering.graph_`.
    known : int32 of shape (n_glyphs,)
        The number of each glyph's name, 0 to n_names - 1; -1 where it is not known.
    n_names : int

    Returns
    -------
    names : int32 of shape (n_glyphs,)
        Ties go to the lower number.
    confidences : float32 of shape (n_glyphs,)

    Notes
    -----
    On piles of 1,000 and 3,000 handwritten digits, what was 0.7 sure or more was right in 93 of 100 cases at least. On
    piles of 200 it was 98 with 30 truths, but 79 with half of 20 clusters named: a character that nobody has named then
    lies too near to the others. The time grows with the number of glyphs and of names. Source: Zhu, Ghahramani and
    Lafferty (2003), "Semi-supervised learning using Gaussian fields and harmonic functions"; that walks give up is as
    in Zhou et al. (2004), "Learning with local and global consistency"; the measure of confidence is ours.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy import sparse
    >>> from inkmeans.graph import propagate_labels
    >>> chain = sparse.csr_matrix(np.eye(6, k=1) + np.eye(6, k=-1))
    >>> names, confidences = propagate_labels(chain, np.array([0, -1, -1, -1, -1, 1], dtype=np.int32), 2)
    >>> names.tolist(), [f"{each:.1f}" for each in confidences]
    ([0, 0, 0, 1, 1, 1], ['1.0', '0.8', '0.6', '0.6', '0.8', '1.0'])
    """
    fixed = known >= 0
    chances = np.zeros((len(known), n_names))
    chances[fixed, known[fixed]] = 1.0
    degrees = np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1e-12)
    steps = (sparse.diags(_GOES_ON / degrees) @ graph).tocsr()[~fixed]
    change = 1.0
    while change > _ENOUGH * (1.0 - _GOES_ON):
        further = steps @ chances
        change = float(np.abs(further - chances[~fixed]).max(initial=0.0))
        chances[~fixed] = further
    met = chances.sum(axis=1)
    share_known = fixed.mean()
    by_chance = _GOES_ON * share_known / (1.0 - _GOES_ON * (1.0 - share_known))
    reached = np.minimum(1.0, 2.0 * met / max(by_chance, 1e-12))
    confidences = chances.max(axis=1) / np.maximum(met, 1e-12) * reached
    return chances.argmax(axis=1).astype(np.int32), confidences.astype(np.float32)
