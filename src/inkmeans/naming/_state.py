"""Where a project stands: what the steps that are done add up to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import check_whole
from inkmeans.errors import ProjectError
from inkmeans.naming._clustering import Clustering
from inkmeans.naming._propagation import NO_NAME, Propagation
from inkmeans.naming._steps import Step


@dataclass(frozen=True, eq=False)
class State:
    """A clustering, or none yet, the names that its clusters bear, and the propagation of names, if there was one."""

    clustering: Clustering | None
    names: dict[int, str]
    propagation: Propagation | None = None

    @property
    def truths(self) -> dict[int, str]:
        """The names that a person gave single glyphs, by index."""
        return {} if self.propagation is None else self.propagation.truths

    def clustered(self, where: str) -> Clustering:
        """Return the clustering of the project at `where`.

        Raises
        ------
        ProjectError
            There is none yet.
        """
        if self.clustering is None:
            raise ProjectError(
                f"{where} has no clusters yet; group its glyphs first: inkmeans cluster {where}, or cluster(k)."
            )
        return self.clustering

    def checked_number(self, cluster: int, where: str) -> int:
        """Return the number of a cluster, checked."""
        last = len(self.clustered(where).centers) - 1
        number = check_whole("cluster", cluster, least=0)
        if number > last:
            raise ProjectError(f"cluster must be one of the {last + 1} of {where}, 0 to {last}; got {number}.")
        return number

    def given_names(self, n_glyphs: int, truths: Mapping[int, str]) -> list[str | None]:
        """Return the name that a person gave each glyph: its own, or else its cluster's; None for none."""
        if self.clustering is None:
            return [None] * n_glyphs
        names = [self.names.get(int(label)) for label in self.clustering.labels]
        for index, name in truths.items():
            names[index] = name
        return names

    def glyph_names(self, n_glyphs: int) -> list[str | None]:
        """Return the name of each glyph: one that it was given, or else one propagated to it; None for none."""
        names = self.given_names(n_glyphs, self.truths)
        if self.propagation is not None:
            for index in np.flatnonzero(self.propagation.numbers != NO_NAME).tolist():
                names[index] = names[index] or self.propagation.names[self.propagation.numbers[index]]
        return names

    def confidences(self, n_glyphs: int) -> NDArray[np.float32]:
        """Return how sure each glyph's name is: 1 where a person gave it, 0 where there is none."""
        sure = np.zeros(n_glyphs, dtype=np.float32)
        if self.clustering is None:
            return sure
        if self.propagation is not None:
            sure[:] = np.where(self.propagation.numbers == NO_NAME, 0.0, self.propagation.confidences)
            sure[list(self.truths)] = 1.0
        sure[np.isin(self.clustering.labels, list(self.names))] = 1.0
        return sure


def fold(
    steps: Sequence[Step],
    load: Callable[[Step], Clustering],
    load_propagation: Callable[[Step], Propagation],
    where: str,
) -> State:
    """Return what `steps` add up to.

    A clustering starts unnamed: cluster 3 of the new one has nothing to do with cluster 3 of the old one. So only the
    last clustering counts, and the steps after it; undoing it brings back the one before with its names. Of the
    propagations after it the last counts: it knows the truths of those before.
    """
    start = max((i for i, step in enumerate(steps) if step.kind == "cluster"), default=None)
    if start is None:
        if steps:
            raise ProjectError(f"{where} is damaged: step {steps[0].number} names clusters before there were any.")
        return State(None, {})
    clustering = load(steps[start])
    names: dict[int, str] = {}
    propagations = [step for step in steps[start + 1 :] if step.kind == "propagate"]
    for step in steps[start + 1 :]:
        if step.kind == "propagate":
            continue
        for number, name in _names_of(step, len(clustering.centers), where).items():
            if name is None:
                names.pop(number, None)
            else:
                names[number] = name
    return State(clustering, names, load_propagation(propagations[-1]) if propagations else None)


def _names_of(step: Step, n_clusters: int, where: str) -> dict[int, str | None]:
    """Return the names that a "name" step gives (None: takes away)."""
    names = {int(number): name for number, name in step.detail["names"].items()}
    if any(number >= n_clusters for number in names):
        raise ProjectError(
            f"{where} is damaged: step {step.number} names a cluster that is not in 0..{n_clusters - 1}."
        )
    return names
