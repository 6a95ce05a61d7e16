"""One clustering of a project's glyphs: made, kept as the arrays of a "cluster" step, and read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError, ProjectError
from inkmeans.naming._arrays import pack, unpack
from inkmeans.naming._clusters import CLUSTERED
from inkmeans.naming._steps import Step
from inkmeans.progress import Progress
from inkmeans.records import GLYPH_SIZE

LEFT_OUT = -1
"""The label of a glyph that is in no cluster: it shows no character."""


@dataclass(frozen=True, eq=False)
class Clustering:
    """The outcome of one "cluster" step.

    Attributes
    ----------
    step : int
        The step's number.
    labels : int32 of shape (n_glyphs,)
        -1 for a glyph in no cluster.
    centers : float of shape (n_clusters, 784)
        The mean of each cluster's normalized glyphs, to look at.
    distances : float of shape (n_glyphs,)
        From each glyph to the center of its cluster, in the space that was clustered.
    """

    step: int
    labels: NDArray[np.int32]
    centers: NDArray[Any]
    distances: NDArray[Any]


def cluster_glyphs(
    glyphs: NDArray[np.uint8],
    verdicts: Sequence[str],
    n_clusters: int,
    seed: int,
    *,
    progress: Progress | None,
    n_jobs: int | None,
) -> tuple[dict[str, Any], bytes, Any]:
    """Return the detail and the packed arrays of a new "cluster" step, and the graph of neighbors that it is made from.

    Raises
    ------
    InputError
        There are fewer glyphs that show a character than clusters.
    """
    from inkmeans.cluster import GlyphClustering

    used = np.array([verdict == CLUSTERED for verdict in verdicts])
    if n_clusters > used.sum():
        raise InputError(
            f"n_clusters must be at most the number of glyphs, {used.sum()} ({len(used)} images, those"
            f" without a character left out); got {n_clusters}."
        )
    grouping = GlyphClustering(n_clusters, random_state=seed, n_jobs=n_jobs, progress=progress)
    grouping.fit_glyphs(glyphs[used])
    labels = np.full(len(used), LEFT_OUT, dtype=np.int32)
    labels[used] = grouping.labels_
    distances = np.zeros(len(used), dtype=np.float32)
    distances[used] = grouping.distances_
    layout, arrays = _packed(glyphs, labels, distances, n_clusters)
    return {"n_clusters": n_clusters, "random_state": seed, "arrays": layout}, arrays, grouping.graph_


def given_clusters(
    glyphs: NDArray[np.uint8], verdicts: Sequence[str], labels: ArrayLike, distances: ArrayLike
) -> tuple[dict[str, Any], bytes]:
    """Return the detail and the packed arrays of a "cluster" step whose clusters were found elsewhere.

    Raises
    ------
    InputError
        There is not one label and one distance for each glyph, or a label cannot be one.
    """
    clean, given = np.asarray(labels), np.asarray(distances)
    for what, array, kinds in (("labels", clean, "iu"), ("distances", given, "iuf")):
        if array.shape != (len(glyphs),) or array.dtype.kind not in kinds:
            raise InputError(
                f"{what} must have one number for each of {len(glyphs)} images; got {array.dtype} of shape "
                f"{array.shape}."
            )
    with np.errstate(over="ignore"):
        away = given.astype(np.float32)  # as they are kept: what leaves float32 is infinite there
    if not (np.isfinite(away) & (away >= 0)).all():
        raise InputError("distances must be finite, in float32 too, and not below 0.")
    if not LEFT_OUT <= clean.min() <= clean.max() < len(glyphs) or clean.max() < 0:
        raise InputError(
            f"labels must be from -1, for an image in no cluster, to {len(glyphs) - 1}, and not all -1; got "
            f"{clean.min()} to {clean.max()}."
        )
    wrong = np.flatnonzero((clean != LEFT_OUT) & np.array([verdict != CLUSTERED for verdict in verdicts]))
    if len(wrong):
        raise InputError(
            f"labels[{wrong[0]}] must be -1, because that image shows no character; got {clean[wrong[0]]}."
        )
    n_clusters = int(clean.max()) + 1
    layout, arrays = _packed(glyphs, clean.astype(np.int32), away, n_clusters)
    return {"n_clusters": n_clusters, "arrays": layout}, arrays


def _packed(
    glyphs: NDArray[np.uint8], labels: NDArray[np.int32], distances: NDArray[np.float32], n_clusters: int
) -> tuple[list[dict[str, Any]], bytes]:
    pixels = glyphs.reshape(len(glyphs), -1)
    # An empty cluster (where glyphs are alike) has no mean: it shows as a blank.
    centers = np.zeros((n_clusters, pixels.shape[1]), dtype=np.float32)
    for number in np.unique(labels[labels != LEFT_OUT]):
        centers[number] = pixels[labels == number].mean(axis=0)
    return pack({"labels": labels, "centers": centers, "distances": distances})


def decode_clustering(step: Step, data: bytes, n_glyphs: int, where: str) -> Clustering:
    """Return the clustering whose arrays are `data`.

    Raises
    ------
    ProjectError
        The arrays are damaged or do not fit the glyphs.
    """
    n_pixels = GLYPH_SIZE**2
    try:
        arrays = unpack(step.detail.get("arrays"), data)
        labels, centers = arrays.get("labels"), arrays.get("centers")
        if labels is None or labels.shape != (n_glyphs,) or labels.dtype.kind != "i":
            raise ValueError(f"there is not one label for each of the {n_glyphs} glyphs")
        if centers is None or centers.ndim != 2 or centers.shape[1] != n_pixels or centers.dtype.kind != "f":
            raise ValueError(f"its centers are not rows of {n_pixels} numbers")
        distances = arrays.get("distances")
        if distances is None or distances.shape != (n_glyphs,) or distances.dtype.kind != "f":
            raise ValueError(f"there is not one distance for each of the {n_glyphs} glyphs")
        if not np.isfinite(distances).all():
            raise ValueError("its distances are not finite")
        if len(centers) != step.detail.get("n_clusters") or not np.isfinite(centers).all():
            raise ValueError("its centers are not finite, or not as many as its clusters")
        if n_glyphs and (labels.min() < LEFT_OUT or labels.max() >= len(centers)):
            raise ValueError(f"its labels are not all in -1..{len(centers) - 1}")
    except ValueError as error:
        raise ProjectError(
            f"{where} is damaged: in step {step.number} {error}; restore the file from a copy."
        ) from error
    return Clustering(step.number, labels.astype(np.int32), centers, distances)
