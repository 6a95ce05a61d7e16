"""Where a project stands: what the steps that are done add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import ProjectError
from inkmeans.naming._arrays import unpack
from inkmeans.naming._spread import NO_NAME, Spread
from inkmeans.naming._steps import Step

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


@dataclass(frozen=True, eq=False)
class State:
    """A clustering, or none yet, the names that its clusters bear, and what names were spread to, if they were."""

    clustering: Clustering | None
    names: dict[int, str]
    spread: Spread | None = None

    @property
    def truths(self) -> dict[int, str]:
        """The names that a person gave single glyphs, by index."""
        return {} if self.spread is None else self.spread.truths

    def given_names(self, n_glyphs: int, truths: Mapping[int, str]) -> list[str | None]:
        """Return the name that a person gave each glyph: its own, or else its cluster's; None for none."""
        if self.clustering is None:
            return [None] * n_glyphs
        names = [self.names.get(int(label)) for label in self.clustering.labels]
        for index, name in truths.items():
            names[index] = name
        return names

    def glyph_names(self, n_glyphs: int) -> list[str | None]:
        """Return the name of each glyph: the one that it was given, or else what was spread to it; None for none."""
        names = self.given_names(n_glyphs, self.truths)
        if self.spread is not None:
            for index in np.flatnonzero(self.spread.numbers != NO_NAME).tolist():
                names[index] = names[index] or self.spread.names[self.spread.numbers[index]]
        return names

    def confidences(self, n_glyphs: int) -> NDArray[np.float32]:
        """Return how sure each glyph's name is: 1 where a person gave it, 0 where there is none."""
        sure = np.zeros(n_glyphs, dtype=np.float32)
        if self.clustering is None:
            return sure
        if self.spread is not None:
            sure[:] = np.where(self.spread.numbers == NO_NAME, 0.0, self.spread.confidences)
            sure[list(self.truths)] = 1.0
        sure[np.isin(self.clustering.labels, list(self.names))] = 1.0
        return sure


def fold(
    steps: Sequence[Step],
    load: Callable[[Step], Clustering],
    load_spread: Callable[[Step], Spread],
    where: str,
) -> State:
    """Return what `steps` add up to.

    A clustering starts unnamed: cluster 3 of the new one has nothing to do with cluster 3 of the old one. So only the
    last clustering counts, and the steps after it; undoing it brings back the one before with its names. Of the spreads
    of names after it the last counts: it knows the truths of those before.
    """
    start = max((i for i, step in enumerate(steps) if step.kind == "cluster"), default=None)
    if start is None:
        if steps:
            raise ProjectError(f"{where} is damaged: step {steps[0].number} names clusters before there were any.")
        return State(None, {})
    clustering = load(steps[start])
    names: dict[int, str] = {}
    spreads = [step for step in steps[start + 1 :] if step.kind == "spread"]
    for step in steps[start + 1 :]:
        if step.kind == "spread":
            continue
        for number, name in _names_of(step, len(clustering.centers), where).items():
            if name is None:
                names.pop(number, None)
            else:
                names[number] = name
    return State(clustering, names, load_spread(spreads[-1]) if spreads else None)


def decode_clustering(step: Step, data: bytes, n_glyphs: int, where: str) -> Clustering:
    """Return the clustering whose arrays are `data`.

    Raises
    ------
    ProjectError
        The arrays are damaged or do not fit the glyphs.
    """
    try:
        arrays = unpack(step.detail.get("arrays"), data)
        labels, centers = arrays.get("labels"), arrays.get("centers")
        if labels is None or labels.shape != (n_glyphs,) or labels.dtype.kind != "i":
            raise ValueError(f"there is not one label for each of the {n_glyphs} glyphs")
        if centers is None or centers.ndim != 2 or centers.shape[1] != 784 or centers.dtype.kind != "f":
            raise ValueError("its centers are not rows of 784 numbers")
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


def _names_of(step: Step, n_clusters: int, where: str) -> dict[int, str | None]:
    """Return the names that a "name" step gives (None: takes away)."""
    names = {int(number): name for number, name in step.detail["names"].items()}
    if any(number >= n_clusters for number in names):
        raise ProjectError(
            f"{where} is damaged: step {step.number} names a cluster that is not in 0..{n_clusters - 1}."
        )
    return names
