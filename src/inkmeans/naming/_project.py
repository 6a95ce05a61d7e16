"""A project: glyphs from many hands, grouped by character, named by a person; every step is saved and can be undone."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import check_whole
from inkmeans.errors import InputError, ProjectError
from inkmeans.names import clean_name
from inkmeans.naming._arrays import pack
from inkmeans.naming._clusters import CLUSTERED, Cluster, middle_first
from inkmeans.naming._create import create_file, now
from inkmeans.naming._images import LazyImages
from inkmeans.naming._spread import NO_NAME, Spread, Spreading, checked_truths, decode_spread, spreading
from inkmeans.naming._state import LEFT_OUT, Clustering, State, decode_clustering, fold
from inkmeans.naming._steps import History, Record, Step
from inkmeans.naming._store import Store


class Project:
    """A project file (``.ink``), open: made by `Project.create` or `Project.open`, used with ``with``.

    Each step (`cluster`, `name`, `name_many`, `spread`, `undo`, `redo`) is on disk when its call returns. Threads may
    share a project; processes may have the same file open at once and see each other's steps.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._history = History(store.where)
        self._settings = store.settings()
        self._glyphs: tuple[NDArray[np.uint8], list[str], list[str | None], list[str | None]] | None = None
        self._clustering: Clustering | None = None  # the one loaded last
        self._spread: Spread | None = None  # likewise
        self._graph: tuple[int, Any] | None = None  # of the clustering with that step number
        self._members: tuple[int, list[NDArray[np.int64]]] | None = None  # of the clustering with that step number
        self._state = State(None, {})
        self._refresh()

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
    def open(cls, path: str | Path) -> Self:
        """Open a project file; one that is read-only can be looked at, and each step says that it is.

        Raises
        ------
        FileError
            There is no such file, or it cannot be used.
        ProjectError
            It is damaged, of another program, or of a newer version.
        """
        store = Store(path)
        try:
            return cls(store)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Let go of the file and fold its journal back into it; closing twice is fine."""
        with self._lock:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What the project holds, which never changes

    def __len__(self) -> int:
        return int(self._settings["n_glyphs"])

    @property
    def path(self) -> str:
        """The file, as it was given."""
        return self._store.where

    @property
    def settings(self) -> dict[str, Any]:
        """How the project was made: "normalizer" (its settings), "ink", "ink_max", "created_with", "created_at"."""
        return dict(self._settings)

    @property
    def glyphs(self) -> NDArray[np.uint8]:
        """The normalized glyphs, (n, 28, 28), ink 255; read-only."""
        return self._load_glyphs()[0]

    @property
    def verdicts(self) -> list[str]:
        """What the normalizer made of each image; only a "glyph" is in a cluster."""
        return list(self._load_glyphs()[1])

    @property
    def sources(self) -> list[str] | None:
        """Where each image comes from, if that was given."""
        return _given(self._load_glyphs()[2])

    @property
    def truths(self) -> list[str] | None:
        """The true text of each image, if that was given."""
        return _given(self._load_glyphs()[3])

    @property
    def images(self) -> LazyImages:
        """The images as they were given, each read from the file when it is asked for."""
        return LazyImages(len(self), self._load_image)

    # Where it stands

    @property
    def labels(self) -> NDArray[np.int32] | None:
        """The cluster of each glyph, -1 for one in none; None before any clustering."""
        with self._lock:
            clustering = self._refresh().clustering
            return None if clustering is None else clustering.labels.copy()

    @property
    def centers(self) -> NDArray[Any] | None:
        """The mean glyph of each cluster, (n_clusters, 28, 28), read-only; None before any clustering."""
        with self._lock:
            clustering = self._refresh().clustering
            return None if clustering is None else clustering.centers.reshape(-1, 28, 28)

    @property
    def clusters(self) -> list[Cluster]:
        """The clusters by number; none before any clustering."""
        with self._lock:
            state = self._refresh()
            members = self._ordered(state)
            return [Cluster(i, state.names.get(i), len(each), each) for i, each in enumerate(members)]

    @property
    def names(self) -> list[str | None]:
        """The name of each glyph: its own (see `spread`), or its cluster's, or what was spread to it; None for none."""
        with self._lock:
            return self._refresh().glyph_names(len(self))

    @property
    def confidences(self) -> NDArray[np.float32]:
        """How sure the name of each glyph is, 0 to 1: 1 where a person gave it to it or its cluster, 0 for no name."""
        with self._lock:
            return self._refresh().confidences(len(self))

    @property
    def history(self) -> list[Step]:
        """All steps ever made, in order, each "done", "undone" (redo brings it back) or "closed"."""
        with self._lock:
            self._refresh()
            return self._history.steps()

    def middle(self, cluster: int) -> int:
        """Return the index of the glyph nearest to the center of a cluster: the one to look at when naming it."""
        with self._lock:
            state = self._refresh()
            members = self._ordered(state)[self._checked_number(cluster, state)]
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
        progress: Callable[[str, float], object] | None = None,
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
            The seed, which the step records; None draws one.
        progress : callable, optional
            Called with what is being done and the share of the work done before. If it raises, nothing is saved.
        n_jobs : int or None
            Threads; None for all processors.
        """
        from inkmeans.cluster import GlyphClustering

        wanted = check_whole("n_clusters", n_clusters, least=1)
        seed = secrets.randbits(31) if random_state is None else check_whole("random_state", random_state, least=0)
        with self._lock:
            glyphs, verdicts, _, _ = self._load_glyphs()
        used = np.array([verdict == CLUSTERED for verdict in verdicts])
        if wanted > used.sum():
            raise InputError(
                f"n_clusters must be at most the number of glyphs, {used.sum()} ({len(used)} images, those"
                f" without a character left out); got {wanted}."
            )
        grouping = GlyphClustering(wanted, random_state=seed, n_jobs=n_jobs, progress=progress)
        grouping.fit_glyphs(glyphs[used])
        labels = np.full(len(used), LEFT_OUT, dtype=np.int32)
        labels[used] = grouping.labels_
        distances = np.zeros(len(used), dtype=np.float32)
        distances[used] = grouping.distances_
        pixels = glyphs.reshape(len(glyphs), -1)
        # An empty cluster (where glyphs are alike) has no mean: it shows as a blank.
        centers = np.zeros((wanted, pixels.shape[1]), dtype=np.float32)
        for number in np.unique(grouping.labels_):
            centers[number] = pixels[labels == number].mean(axis=0)
        layout, arrays = pack({"labels": labels, "centers": centers, "distances": distances})
        detail = {"n_clusters": wanted, "random_state": seed, "arrays": layout}
        with self._lock, self._store.writing():
            self._append("cluster", detail, arrays)
            step = self._history.last_number + 1
        self._refresh()
        self._graph = step, grouping.graph_

    def name(self, cluster: int, name: str | None) -> None:
        """Name a cluster; None takes its name away. Several clusters may bear one name.

        A name is 1 to 64 characters of any script, kept in Unicode's NFC form without spaces at its ends. "?" is none:
        it means that a reader rejects. Giving a cluster the name it has is no step.
        """
        self.name_many({cluster: name})

    def name_many(self, names: Mapping[int, str | None]) -> None:
        """Name many clusters in one step: all of them, or none if one cannot be."""
        wanted = {number: None if name is None else clean_name(name) for number, name in names.items()}
        with self._lock:
            seen = self._state.clustering
            with self._store.writing():
                state = self._refresh()
                if seen is not None and (state.clustering is None or state.clustering.step != seen.step):
                    raise ProjectError(
                        f"{self.path} was clustered anew by another process; look at its clusters again before you name"
                        " them."
                    )
                checked = {self._checked_number(number, state): name for number, name in wanted.items()}
                changed = {str(n): name for n, name in sorted(checked.items()) if state.names.get(n) != name}
                if changed:
                    self._append("name", {"names": changed})
            self._refresh()

    def spread(
        self,
        truths: Mapping[int, str] | None = None,
        *,
        least_confidence: float = 0.7,
        progress: Callable[[str, float], object] | None = None,
        n_jobs: int | None = None,
    ) -> None:
        """Spread the names of clusters, and of single glyphs, to the glyphs of unnamed clusters.

        Names go along the graph of neighbors: see `inkmeans.graph.propagate_labels`. A glyph of which it is not sure
        enough stays without a name. A spread replaces the one before, but for the truths that were given to it. A
        cluster that is named later bears that name; what was spread from other names stays until the next spread.

        Parameters
        ----------
        truths : mapping of int to str, optional
            Names of single glyphs, by index; such a glyph bears its own name whatever its cluster's is.
        least_confidence : float
            How sure a spread name must be, 0 to 1.
        progress, n_jobs
            As for `cluster`: the graph is made anew unless this object made the clusters.

        Raises
        ------
        InputError
            A truth or `least_confidence` cannot be used, or there is no name to spread.
        ProjectError
            There are no clusters yet.
        """
        is_number = isinstance(least_confidence, Real) and not isinstance(least_confidence, bool)
        if not is_number or not 0.0 <= least_confidence <= 1.0:
            raise InputError(f"least_confidence must be a number from 0 to 1; got {least_confidence!r}.")
        given = checked_truths(truths or {}, self._load_glyphs()[1])
        state = self._refresh()
        clustering = self._clustered(state)
        given = state.truths | given
        found = self._spread_now(state, given, progress, n_jobs)
        if not found.names:
            raise InputError(f"{self.path} has no names to spread; name a cluster, or give truths.")
        found.numbers[(found.confidences < least_confidence) | (found.confidences == 0.0)] = NO_NAME
        unnamed = ~np.isin(clustering.labels, list(state.names))
        unnamed[list(given)] = False
        layout, arrays = pack({"numbers": found.numbers, "confidences": found.confidences})
        detail = {
            "truths": {str(index): name for index, name in sorted(given.items())},
            "least_confidence": float(least_confidence),
            "names": found.names,
            "n_named": int((unnamed & (found.numbers != NO_NAME)).sum()),
            "arrays": layout,
        }
        with self._lock, self._store.writing():
            current = self._refresh().clustering
            if current is None or current.step != clustering.step:
                raise ProjectError(
                    f"{self.path} was clustered anew meanwhile, so its names are not spread; spread again."
                )
            self._append("spread", detail, arrays)
        self._refresh()

    def next_to_name(self) -> int | None:
        """Return the number of the unnamed cluster whose name would tell most; None if all have one.

        It is the one with the most glyphs that names, if they were spread now, would not reach or not surely: each
        counts by what its confidence lacks. Before anything is named it is the largest; ties go to the lower number.
        """
        state = self._refresh()
        labels = self._clustered(state).labels
        confidences = self._spread_now(state, state.truths).confidences
        with self._lock:
            members = self._ordered(state)
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
        with self._lock:
            with self._store.writing():
                self._refresh()
                source = self._history.done if kind == "undo" else self._history.undone
                if not source:
                    return None
                step = source[-1]
                self._append(kind, {"step": step.number})
            self._refresh()
            return step

    def _append(self, kind: str, detail: dict[str, Any], arrays: bytes | None = None) -> None:
        """Append a step to the file, within `writing`; it is replayed only once it is saved."""
        self._refresh()
        self._store.append(Record.of(self._history.last_number + 1, kind, detail, now()), arrays)

    def _refresh(self) -> State:
        """Replay the steps that came since, ours and other processes', and return where the project stands."""
        with self._lock:
            records = self._store.steps(self._history.last_number)
            if records:
                self._history.replay(records)
                self._state = fold(self._history.done, self._load_clustering, self._load_spread, self.path)
            return self._state

    def _load_clustering(self, step: Step) -> Clustering:
        if self._clustering is None or self._clustering.step != step.number:
            arrays = self._store.step_arrays(step.number)
            self._clustering = decode_clustering(step, arrays, len(self), self.path)
        return self._clustering

    def _load_spread(self, step: Step) -> Spread:
        if self._spread is None or self._spread.step != step.number:
            self._spread = decode_spread(step, self._store.step_arrays(step.number), len(self), self.path)
        return self._spread

    def _spread_now(
        self,
        state: State,
        truths: Mapping[int, str],
        progress: Callable[[str, float], object] | None = None,
        n_jobs: int | None = None,
    ) -> Spreading:
        clustering = self._clustered(state)
        given = state.given_names(len(self), truths)
        return spreading(given, clustering.labels, lambda: self._load_graph(clustering, progress, n_jobs))

    def _load_graph(
        self, clustering: Clustering, progress: Callable[[str, float], object] | None, n_jobs: int | None
    ) -> Any:
        """Return the graph of neighbors among the glyphs that are clustered, made anew where it is not at hand."""
        from inkmeans.cluster import embed

        if self._graph is None or self._graph[0] != clustering.step:
            seed = next(
                step.detail.get("random_state", 0) for step in self._history.done if step.number == clustering.step
            )
            glyphs = self._load_glyphs()[0][clustering.labels != LEFT_OUT]
            embedding = embed(glyphs, random_state=seed, n_jobs=n_jobs, progress=progress)
            self._graph = clustering.step, embedding.graph
        return self._graph[1]

    def _load_glyphs(self) -> tuple[NDArray[np.uint8], list[str], list[str | None], list[str | None]]:
        with self._lock:
            if self._glyphs is None:
                self._glyphs = self._store.glyphs(len(self))
            return self._glyphs

    def _load_image(self, number: int) -> NDArray[Any]:
        with self._lock:
            return self._store.image(number)

    def _ordered(self, state: State) -> list[NDArray[np.int64]]:
        clustering = state.clustering
        if clustering is None:
            return []
        if self._members is None or self._members[0] != clustering.step:
            ordered = middle_first(clustering.labels, clustering.distances, len(clustering.centers))
            self._members = clustering.step, ordered
        return self._members[1]

    def _clustered(self, state: State) -> Clustering:
        if state.clustering is None:
            raise ProjectError(
                f"{self.path} has no clusters yet; group its glyphs first: inkmeans cluster {self.path}, or cluster(k)."
            )
        return state.clustering

    def _checked_number(self, cluster: int, state: State) -> int:
        last = len(self._clustered(state).centers) - 1
        number = check_whole("cluster", cluster, least=0)
        if number > last:
            raise ProjectError(f"cluster must be one of the {last + 1} of {self.path}, 0 to {last}; got {number}.")
        return number


def _given(values: list[str | None]) -> list[str] | None:
    given = [value for value in values if value is not None]
    return given if len(given) == len(values) else None
