"""An open project file and the steps replayed from it: what of them is in memory, and how a new step gets there."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.naming._clustering import LEFT_OUT, Clustering, decode_clustering
from inkmeans.naming._clusters import middle_first
from inkmeans.naming._propagation import Propagation, decode_propagation
from inkmeans.naming._state import State, fold
from inkmeans.naming._steps import History, Record, Step, now
from inkmeans.naming._store import Store
from inkmeans.progress import Progress


class Replay:
    """The steps of one open file; hold `lock` from looking at the state to acting on it.

    What was read of the file stays in memory: the glyphs, and of the steps the clustering and the propagation that
    count, with the graph of neighbors once it is made.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.lock = threading.RLock()
        self.history = History(store.where)
        self.settings = store.settings()
        self.state = State(None, {})
        """Where the project stood when it was last looked at."""
        self._glyphs: tuple[NDArray[np.uint8], list[str], list[str | None], list[str | None]] | None = None
        self._clustering: Clustering | None = None  # the one loaded last
        self._propagation: Propagation | None = None  # likewise
        self._graph: tuple[int, Any] | None = None  # of the clustering with that step number
        self._members: tuple[int, list[NDArray[np.int64]]] | None = None  # likewise
        self.refresh()

    def __len__(self) -> int:
        """Return the number of glyphs."""
        return int(self.settings["n_glyphs"])

    def refresh(self) -> State:
        """Replay the steps that came since, ours and other processes', and return where the project stands."""
        with self.lock:
            records = self.store.steps(self.history.last_number)
            if records:
                self.history.replay(records)
                self.state = fold(self.history.done, self._load_clustering, self._load_propagation, self.store.where)
            return self.state

    def append(self, kind: str, detail: dict[str, Any], arrays: bytes | None = None) -> int:
        """Append a step to the file, within `Store.writing`, and return its number; a refresh replays it once saved."""
        self.refresh()
        number = self.history.last_number + 1
        self.store.append(Record.of(number, kind, detail, now()), arrays)
        return number

    def glyphs(self) -> tuple[NDArray[np.uint8], list[str], list[str | None], list[str | None]]:
        """Return all glyphs, their verdicts, sources and truths."""
        with self.lock:
            if self._glyphs is None:
                self._glyphs = self.store.glyphs(len(self))
            return self._glyphs

    def image(self, number: int) -> NDArray[Any]:
        """Return one image as it was given."""
        with self.lock:
            return self.store.image(number)

    def members(self, state: State) -> list[NDArray[np.int64]]:
        """Return the indices of each cluster's glyphs, the middle first; none before any clustering."""
        clustering = state.clustering
        if clustering is None:
            return []
        if self._members is None or self._members[0] != clustering.step:
            ordered = middle_first(clustering.labels, clustering.distances, len(clustering.centers))
            self._members = clustering.step, ordered
        return self._members[1]

    def graph(self, clustering: Clustering, progress: Progress | None, n_jobs: int | None) -> Any:
        """Return the graph of neighbors among the glyphs that are clustered, made anew where it is not at hand."""
        from inkmeans.cluster import embed

        if self._graph is None or self._graph[0] != clustering.step:
            seed = next(
                step.detail.get("random_state", 0) for step in self.history.done if step.number == clustering.step
            )
            glyphs = self.glyphs()[0][clustering.labels != LEFT_OUT]
            embedding = embed(glyphs, random_state=seed, n_jobs=n_jobs, progress=progress)
            self._graph = clustering.step, embedding.graph
        return self._graph[1]

    def keep_graph(self, step: int, graph: Any) -> None:
        """Keep the graph that the clustering with this step number was made from."""
        self._graph = step, graph

    def _load_clustering(self, step: Step) -> Clustering:
        if self._clustering is None or self._clustering.step != step.number:
            arrays = self.store.step_arrays(step.number)
            self._clustering = decode_clustering(step, arrays, len(self), self.store.where)
        return self._clustering

    def _load_propagation(self, step: Step) -> Propagation:
        if self._propagation is None or self._propagation.step != step.number:
            arrays = self.store.step_arrays(step.number)
            self._propagation = decode_propagation(step, arrays, len(self), self.store.where)
        return self._propagation
