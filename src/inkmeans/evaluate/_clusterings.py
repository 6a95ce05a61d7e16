"""How well clusters agree with truths.

Truths are text or whole numbers (7 is the same as "7"). Labels are whole numbers; a negative one means that the glyph
is in no cluster, as blanks are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.evaluate._checks import Texts, truths_and_labels

Labels = Sequence[int] | NDArray[Any]


def clustering_accuracy(truths: Texts, labels: Labels) -> float:
    """Return the share of glyphs that are right if each cluster is given one truth, each truth to one cluster at most.

    The best such giving is found (the Hungarian method). With more clusters than truths, some clusters get none and all
    their glyphs count as wrong; so does a glyph in no cluster. Costs the cube of the number of clusters or truths.

    Source: H. W. Kuhn, The Hungarian method for the assignment problem, 1955; as used for clusterings since Xu, Liu and
    Gong, 2003.

    Examples
    --------
    >>> clustering_accuracy(["3", "3", "8", "8"], [1, 1, 0, 1])
    0.75
    """
    from scipy.optimize import linear_sum_assignment

    table, n = _contingency(truths, labels)
    return float(table[linear_sum_assignment(table, maximize=True)].sum()) / n


def named_accuracy(truths: Texts, labels: Labels, middles: Sequence[int] | NDArray[Any]) -> float:
    """Return the share of glyphs that are right if each cluster bears the truth of its middle glyph.

    That is what a person gets who names each cluster after one look. Several clusters may bear one name.

    Parameters
    ----------
    truths, labels
        One for each glyph.
    middles : whole numbers
        The index of the middle glyph of each cluster; negative where the cluster is empty.

    Examples
    --------
    >>> named_accuracy(["3", "3", "8", "8"], [1, 1, 0, 1], middles=[2, 0])
    0.75
    """
    texts, clean = truths_and_labels(truths, labels)
    looked_at = np.asarray(middles)
    if looked_at.ndim != 1 or (looked_at.size and looked_at.dtype.kind not in "iu"):
        raise InputError(f"middles must be whole numbers in one row; got {looked_at.dtype} of shape {looked_at.shape}.")
    if clean.max() >= len(looked_at):
        raise InputError(
            f"middles must hold an index for each cluster, 0 to {clean.max()}; got {len(looked_at)} of them."
        )
    for cluster, index in enumerate(looked_at):
        if index >= len(texts) or (index >= 0 and clean[index] != cluster):
            raise InputError(f"middles[{cluster}] must be the index of a glyph of cluster {cluster}; got {index}.")
        if index < 0 and (clean == cluster).any():
            raise InputError(f"middles[{cluster}] must be the index of a glyph, since that cluster is not empty.")
    right = sum(label >= 0 and texts[looked_at[label]] == truth for truth, label in zip(texts, clean, strict=True))
    return int(right) / len(texts)


def purity(truths: Texts, labels: Labels) -> float:
    """Return the share of glyphs that bear the commonest truth of their cluster; one in no cluster counts as wrong.

    It rises with the number of clusters and is 1 when each glyph is its own: compare it at equal numbers only.

    Examples
    --------
    >>> purity(["3", "3", "8", "8"], [1, 1, 0, 1])
    0.75
    """
    table, n = _contingency(truths, labels)
    return float(table.max(axis=0, initial=0).sum()) / n


def normalized_mutual_info(truths: Texts, labels: Labels) -> float:
    """Return scikit-learn's normalized mutual information (arithmetic mean), 0 to 1; those in no cluster are one."""
    from sklearn.metrics import normalized_mutual_info_score

    texts, clean = truths_and_labels(truths, labels)
    return float(normalized_mutual_info_score(texts, np.maximum(clean, -1)))


def adjusted_rand(truths: Texts, labels: Labels) -> float:
    """Return scikit-learn's adjusted Rand index: 1 for equal partitions, 0 by chance; those in no cluster are one."""
    from sklearn.metrics import adjusted_rand_score

    texts, clean = truths_and_labels(truths, labels)
    return float(adjusted_rand_score(texts, np.maximum(clean, -1)))


def _contingency(truths: Texts, labels: Labels) -> tuple[NDArray[np.int64], int]:
    """Return how many glyphs have each truth (rows) and cluster (columns, none for no cluster), and how many in all."""
    texts, clean = truths_and_labels(truths, labels)
    _, rows = np.unique(np.array(texts, dtype=object), return_inverse=True)
    clustered = clean >= 0
    clusters, columns = np.unique(clean[clustered], return_inverse=True)
    table = np.zeros((rows.max() + 1, len(clusters)), dtype=np.int64)
    np.add.at(table, (rows[clustered], columns), 1)
    return table, len(texts)
