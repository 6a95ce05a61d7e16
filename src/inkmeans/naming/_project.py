"""A project: glyphs of many writers, grouped by character, named by a person; every step is saved and can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.checks import MAX_SEED, check_whole
from inkmeans.errors import InputError, ProjectError
from inkmeans.names import clean_name
from inkmeans.naming._clustering import cluster_glyphs, given_clusters
from inkmeans.naming._clusters import Cluster, n_doubtful
from inkmeans.naming._create import create_file
from inkmeans.naming._images import LazyImages
from inkmeans.naming._propagation import (
    LikelyNames,
    checked_confidence,
    checked_truths,
    encode_propagation,
    likely_names,
)
from inkmeans.naming._replay import Replay
from inkmeans.naming._state import State
from inkmeans.naming._steps import Step
from inkmeans.naming._store import Store
from inkmeans.progress import Progress
from inkmeans.records import GLYPH_SIZE


class Project:
    """A project file (``.ink``), open: made by `Project.create` or `Project.open`, used with ``with``.

    Each step (`cluster`, `set_clusters`, `name`, `name_many`, `propagate`, `undo`, `redo`) is on disk when its call
    returns. Threads may share a project; processes may have the same file open at once and see each other's steps.
    """

    def __init__(self, store: Store) -> None:
        self._replay = Replay(store)

    @classmethod
    def create(
        cls,
        path: str | Path,
        images: NDArray[Any] | Sequence[NDArray[Any]],
        *,
        sources: Sequence[str] | None = None,
        truths: Sequence[object] | None = None,
        ink: str = "auto",
        ink_max: float | None = None,
        overwrite: bool = False,
    ) -> Self:
        """Make a project file and return it open.

        Parameters
        ----------
        path : str or Path
            Usually ``something.ink``.
        images : array of shape (n, height, width), or a list of 2-D arrays
            Kept as they are, byte for byte, beside their normalized glyphs.
        sources, truths : sequence of str, optional
            Where each image comes from, and its true text (whole numbers will do), one for each image.
        ink, ink_max
            How to see ink in the images: see `inkmeans.normalize.normalize`.
        overwrite : bool
            Replace the project at `path`, but never a file that is none. A crash leaves the old one.

        Raises
        ------
        InputError
            The images, sources or truths cannot be used.
        FileError, ProjectError
            The file cannot be written or replaced.
        """
        create_file(path, images, sources=sources, truths=truths, ink=ink, ink_max=ink_max, overwrite=overwrite)
        return cls.open(path)

    @classmethod
    def open(cls, path: str | Path, *, read_only: bool = False) -> Self:
        """Open a project file; one that is read-only, or opened `read_only`, is not written to, and each step says so.

        Raises
        ------
        FileError
            There is no such file, or it cannot be used.
        ProjectError
            It is damaged, of another program, or of a newer version.
        """
        store = Store(path, read_only=read_only)
        try:
            return cls(store)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Close the file, its write-ahead log written into it; closing twice is fine."""
        with self._replay.lock:
            self._replay.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What the project holds, which never changes
    def __len__(self) -> int:
        return len(self._replay)

    @property
    def path(self) -> str:
        """The file, as it was given."""
        return self._replay.store.where

    @property
    def settings(self) -> dict[str, Any]:
        """How the project was made: "normalizer" (its settings), "ink", "ink_max", "created_with", "created_at"."""
        return dict(self._replay.settings)

    @property
    def glyphs(self) -> NDArray[np.uint8]:
        """The normalized glyphs, (n, 28, 28), ink 255; read-only."""
        return self._replay.glyphs()[0]

    @property
    def verdicts(self) -> list[str]:
        """What the normalizer took each image for: "glyph", "blank", "noise", "dot" or "scribble".

        See `inkmeans.normalize.Normalized.verdicts`. Only a "glyph" is in a cluster.
        """
        return list(self._replay.glyphs()[1])

    @property
    def sources(self) -> list[str] | None:
        """Where each image comes from, if that was given."""
        return _given(self._replay.glyphs()[2])

    @property
    def truths(self) -> list[str] | None:
        """The true text of each image, if that was given."""
        return _given(self._replay.glyphs()[3])

    @property
    def images(self) -> LazyImages:
        """The images as they were given, each read from the file when it is asked for."""
        return LazyImages(len(self), self._replay.image)

    # Where it stands

    @property
    def labels(self) -> NDArray[np.int32] | None:
        """The cluster of each glyph, -1 for one in none; None before any clustering."""
        with self._replay.lock:
            clustering = self._replay.refresh().clustering
            return None if clustering is None else clustering.labels.copy()

    @property
    def centers(self) -> NDArray[Any] | None:
        """The mean glyph of each cluster, (n_clusters, 28, 28), read-only; None before any clustering."""
        with self._replay.lock:
            clustering = self._replay.refresh().clustering
            return None if clustering is None else clustering.centers.reshape(-1, GLYPH_SIZE, GLYPH_SIZE)

    @property
    def clusters(self) -> list[Cluster]:
        """The clusters by number; none before any clustering."""
        with self._replay.lock:
            state = self._replay.refresh()
            clustering = state.clustering
            if clustering is None:
                return []
            return [
                Cluster(i, state.names.get(i), len(each), each, n_doubtful(clustering.distances[each]))
                for i, each in enumerate(self._replay.members(state))
            ]

    @property
    def names(self) -> list[str | None]:
        """The name of each glyph: its own (see `propagate`), its cluster's, or one propagated to it; None for none."""
        with self._replay.lock:
            return self._replay.refresh().glyph_names(len(self))

    @property
    def confidences(self) -> NDArray[np.float32]:
        """How sure the name of each glyph is, 0 to 1: 1 where a person gave it to it or its cluster, 0 for no name."""
        with self._replay.lock:
            return self._replay.refresh().confidences(len(self))

    @property
    def history(self) -> list[Step]:
        """All steps ever made, in order, each "done", "undone" or "closed"; see `Step.status`."""
        with self._replay.lock:
            self._replay.refresh()
            return self._replay.history.steps()

    def middle(self, cluster: int) -> int:
        """Return the index of the glyph nearest to the center of a cluster: the one to look at when naming it."""
        with self._replay.lock:
            state = self._replay.refresh()
            members = self._replay.members(state)[state.checked_number(cluster, self.path)]
            if not len(members):
                raise ProjectError(f"Cluster {cluster} of {self.path} is empty, so it has no middle.")
            return int(members[0])

    def named_glyphs(self) -> tuple[NDArray[np.uint8], list[str]]:
        """Return the glyphs that have a name, (m, 28, 28), and those names: what a reader learns from."""
        names = self.names
        named = [i for i, name in enumerate(names) if name is not None]
        return self.glyphs[named], [name for name in names if name is not None]

    # Steps

    def cluster(
        self,
        n_clusters: int,
        *,
        random_state: int | None = 0,
        progress: Progress | None = None,
        n_jobs: int | None = None,
    ) -> None:
        """Group the glyphs by character with `inkmeans.cluster.GlyphClustering`; what shows no character stays out.

        The new clusters start unnamed, since their numbers have nothing to do with the old ones'; undo brings the old
        clusters back with their names.

        Parameters
        ----------
        n_clusters : int
            At least 1, at most the number of glyphs to be clustered.
        random_state : int or None
            The seed, from 0 to 2**32 - 1, which the step records; None draws one.
        progress : callable, optional
            Called with what is being done and the share of the work done before. If it raises, nothing is saved.
        n_jobs : int or None
            Threads; None for all processors.
        """
        wanted = check_whole("n_clusters", n_clusters, least=1)
        seed = secrets.randbits(31)
        if random_state is not None:
            seed = check_whole("random_state", random_state, least=0, most=MAX_SEED, note=", or None")
        glyphs, verdicts, _, _ = self._replay.glyphs()
        detail, arrays, graph = cluster_glyphs(glyphs, verdicts, wanted, seed, progress=progress, n_jobs=n_jobs)
        with self._replay.lock, self._replay.store.writing():
            step = self._replay.append("cluster", detail, arrays)
        self._replay.refresh()
        self._replay.keep_graph(step, graph)

    def set_clusters(self, labels: ArrayLike, distances: ArrayLike) -> None:
        """Take over clusters that were found elsewhere, one step as `cluster` is: they start unnamed.

        Parameters
        ----------
        labels : int of shape (n_glyphs,)
            The cluster of each glyph, from 0; -1 for one in none, as what shows no character must have.
        distances : float of shape (n_glyphs,)
            From each glyph to the center of its cluster, whose middle is the nearest.
        """
        glyphs, verdicts, _, _ = self._replay.glyphs()
        detail, arrays = given_clusters(glyphs, verdicts, labels, distances)
        with self._replay.lock, self._replay.store.writing():
            self._replay.append("cluster", detail, arrays)
        self._replay.refresh()

    def name(self, cluster: int, name: str | None) -> None:
        """Name a cluster; None takes its name away. Several clusters may bear one name.

        A name is 1 to 64 characters of any script, kept in Unicode's NFC form without spaces at its ends. "?" is none:
        it means that a reader rejects. Giving a cluster the name it has is no step.
        """
        self.name_many({cluster: name})

    def name_many(self, names: Mapping[int, str | None]) -> None:
        """Name many clusters in one step: all of them, or none if one cannot be."""
        wanted = {number: None if name is None else clean_name(name) for number, name in names.items()}
        with self._replay.lock:
            seen = self._replay.state.clustering
            with self._replay.store.writing():
                state = self._replay.refresh()
                if seen is not None and (state.clustering is None or state.clustering.step != seen.step):
                    raise ProjectError(
                        f"{self.path} was clustered anew by another process; look at its clusters again before you name"
                        " them."
                    )
                checked = {state.checked_number(number, self.path): name for number, name in wanted.items()}
                changed = {str(n): name for n, name in sorted(checked.items()) if state.names.get(n) != name}
                if changed:
                    self._replay.append("name", {"names": changed})
            self._replay.refresh()

    def propagate(
        self,
        truths: Mapping[int, str] | None = None,
        *,
        least_confidence: float = 0.7,
        progress: Progress | None = None,
        n_jobs: int | None = None,
    ) -> None:
        """Propagate the names of clusters, and of single glyphs, to the glyphs of unnamed clusters.

        Label propagation on the graph of neighbors: see `inkmeans.graph.propagate_labels`. A glyph whose likeliest name
        is not sure enough stays without one. A propagation replaces the one before, but for the truths that were given
        to it. A cluster that is named later bears that name; what was propagated from other names stays until the next
        propagation.

        Parameters
        ----------
        truths : mapping of int to str, optional
            Names of single glyphs, by index; such a glyph bears its own name whatever its cluster's is.
        least_confidence : float
            How sure a propagated name must be, 0 to 1.
        progress, n_jobs
            As for `cluster`: the graph is made anew unless this object made the clusters.

        Raises
        ------
        InputError
            A truth or `least_confidence` cannot be used, or there is no name to propagate.
        ProjectError
            There are no clusters yet.
        """
        least = checked_confidence(least_confidence)
        given = checked_truths(truths or {}, self._replay.glyphs()[1])
        state = self._replay.refresh()
        clustering = state.clustered(self.path)
        given = state.truths | given
        found = self._likely_names(state, given, progress, n_jobs)
        if not found.names:
            raise InputError(f"{self.path} has no names to propagate; name a cluster, or give truths.")
        unnamed = ~np.isin(clustering.labels, list(state.names))
        detail, arrays = encode_propagation(found, given, unnamed, least)
        with self._replay.lock, self._replay.store.writing():
            current = self._replay.refresh().clustering
            if current is None or current.step != clustering.step:
                raise ProjectError(
                    f"{self.path} was clustered anew meanwhile, so its names are not propagated; propagate them again."
                )
            self._replay.append("propagate", detail, arrays)
        self._replay.refresh()

    def next_to_name(self) -> int | None:
        """Return the number of the unnamed cluster whose name would tell most; None if all have one.

        It is the one with the most glyphs that names, if they were propagated now, would not reach or not surely: each
        counts by what its confidence lacks. Before anything is named it is the largest; ties go to the lower number.

        Raises
        ------
        ProjectError
            The project has no clusters yet.
        """
        state = self._replay.refresh()
        labels = state.clustered(self.path).labels
        confidences = self._likely_names(state, state.truths).confidences
        with self._replay.lock:
            members = self._replay.members(state)
        unnamed = [number for number, each in enumerate(members) if len(each) and number not in state.names]
        lacks = np.bincount(labels[labels >= 0], 1.0 - confidences[labels >= 0], minlength=len(members))
        return max(unnamed, key=lambda number: float(lacks[number]), default=None)

    def undo(self) -> Step | None:
        """Take back the last step that is done, whoever made it, and return it; None if there is none."""
        return self._mark("undo")

    def redo(self) -> Step | None:
        """Do again the step that was undone last, and return it; None if there is none, or another was made since."""
        return self._mark("redo")

    # Below: how

    def _mark(self, kind: str) -> Step | None:
        with self._replay.lock:
            with self._replay.store.writing():
                self._replay.refresh()
                source = self._replay.history.done if kind == "undo" else self._replay.history.undone
                if not source:
                    return None
                step = source[-1]
                self._replay.append(kind, {"step": step.number})
            self._replay.refresh()
            return step

    def _likely_names(
        self, state: State, truths: Mapping[int, str], progress: Progress | None = None, n_jobs: int | None = None
    ) -> LikelyNames:
        clustering = state.clustered(self.path)
        given = state.given_names(len(self), truths)
        return likely_names(given, clustering.labels, lambda: self._replay.graph(clustering, progress, n_jobs))


def _given(values: list[str | None]) -> list[str] | None:
    given = [value for value in values if value is not None]
    return given if len(given) == len(values) else None
