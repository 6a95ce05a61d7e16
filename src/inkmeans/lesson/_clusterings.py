"""Clusters of sets that are named on the page: made once, found by their address, turned into projects and readers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import RLock
from typing import cast, get_args

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster import EMBED_SHARE
from inkmeans.errors import InputError
from inkmeans.lesson._groupings import (
    By,
    Embedded,
    Grouping,
    TriedGrouping,
    embed_glyphs,
    group_glyphs,
    group_pixels,
    numbers_for,
)
from inkmeans.lesson._kept import Kept
from inkmeans.lesson._library import LearnSets
from inkmeans.lesson._sets import LearnGlyphs, LearnSet, Pixels
from inkmeans.lesson._starts import check_k
from inkmeans.lesson._traces import Abandoned
from inkmeans.names import REJECTED, clean_name
from inkmeans.naming import Project
from inkmeans.progress import Progress, share_of
from inkmeans.reader import Reader

Names = Sequence[str | None]
_MOST_EMBEDDED = 400_000_000  # bytes: MNIST has 140 million
_MOST_GROUPED = 100_000_000  # bytes: 13 numbers of MNIST have 8 million
_MOST_READERS = 8


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters of a set that can be named.

    Attributes
    ----------
    id : str
        Made of set, by and k, and of the set's version: the same clusters can be made again from it.
    learn_set : LearnSet
    by : {"inkmeans", "raw", "normalized"}
        What was clustered: pixels, or as inkmeans clusters.
    grouping : Grouping
    glyphs : LearnGlyphs
        What is shown of it: the raw images where these were clustered, else the normalized.
    """

    id: str
    learn_set: LearnSet
    by: By
    grouping: Grouping
    glyphs: LearnGlyphs

    @property
    def k(self) -> int:
        """The number of clusters."""
        return self.grouping.n_clusters

    @property
    def centers(self) -> NDArray[np.uint8]:
        """The mean image of each cluster, full ink 255: uint8 of shape (k, height, width); blank for an empty one."""
        images = self.glyphs.images
        means = np.zeros((self.k, *images.shape[1:]))
        for cluster in range(self.k):
            members = self.grouping.labels == cluster
            if members.any():
                means[cluster] = images[members].mean(axis=0)
        return self._in_full_ink(means)

    @property
    def middles(self) -> NDArray[np.uint8]:
        """The middle image of each cluster, full ink 255: uint8 of shape (k, height, width)."""
        found = self.grouping.middles
        images = self.glyphs.images[found].astype(np.float64)
        images[found < 0] = 0.0
        return self._in_full_ink(images)

    def _in_full_ink(self, images: NDArray[np.float64]) -> NDArray[np.uint8]:
        return np.rint(images * (255.0 / self.glyphs.ink_max)).clip(0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Named:
    """What names of clusters amount to.

    Attributes
    ----------
    n_named : int
        Clusters with a name.
    n_glyphs : int
        The images in them.
    n_right : int or None
        Of these, the images whose truth is the name; None where truths were not asked for or are not known.
    """

    n_named: int
    n_glyphs: int
    n_right: int | None


class Clusterings:
    """Clusters of sets, each made once and kept while there is room; safe from several threads.

    Parameters
    ----------
    sets : LearnSets
    looker : callable
        Returns the reader that proposes names, or None while there is none.
    """

    def __init__(self, sets: LearnSets, looker: Callable[[], Reader | None] = lambda: None) -> None:
        self._sets = sets
        self._looker = looker
        # One is made at a time: each uses every processor, and who asks for the same one shall not make it twice.
        self._making = RLock()
        self._embedded: Kept[Embedded] = Kept(lambda embedded: embedded.n_bytes, _MOST_EMBEDDED)
        self._groupings: Kept[Grouping] = Kept(lambda grouping: 8 * len(grouping.labels), _MOST_GROUPED)
        self._tried: Kept[TriedGrouping] = Kept(lambda tried: 8 * len(tried.grouping.labels), _MOST_GROUPED)
        self._saved: list[Callable[[str, Path], None]] = []
        self._readers: Kept[Reader] = Kept(lambda _: 1, _MOST_READERS)

    def numbers(
        self,
        learn_set: LearnSet,
        by: By,
        *,
        progress: Progress | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Iterator[TriedGrouping]:
        """Yield the set in 2, 3, 5 ... 100 clusters, one number after the other, up to half its glyphs.

        Parameters
        ----------
        learn_set : LearnSet
        by : {"inkmeans", "raw", "normalized"}
        progress : Progress or None
        is_wanted : callable
            Asked again and again whether to go on.

        Raises
        ------
        InputError
            The set has no such pixels, or a single glyph.
        Abandoned
            It is not wanted any more.
        """
        tell = _while_wanted(progress, is_wanted)
        wanted = numbers_for(learn_set.n_glyphs)
        first = 0.0 if self._embedded.find(_place(learn_set)) else EMBED_SHARE
        for i, k in enumerate(wanted):
            key = *_place(learn_set), by, k
            tried = self._tried.find(key)
            if tried is None:
                self._sets.glyphs(learn_set, _pixels_of(by))  # a set without such pixels is refused at once
                embedded = self._embedding(learn_set, tell)
                grouping = self._grouping(learn_set, by, k, tell, first + (1.0 - first) * i / len(wanted))
                expected = embedded.expected(grouping)
                tried = self._tried.get(key, partial(TriedGrouping, grouping, expected))
            self._check(learn_set)
            yield tried

    def make(self, learn_set: LearnSet, by: By, k: int, *, is_wanted: Callable[[], bool] = lambda: True) -> Clustering:
        """Return the set in k clusters; arguments and errors as of `numbers`."""
        grouping = self._grouping(learn_set, by, k, _while_wanted(None, is_wanted), EMBED_SHARE)
        glyphs = self._sets.glyphs(learn_set, _pixels_of(by))
        self._check(learn_set)
        return Clustering(_id_of(learn_set, by, k), learn_set, by, grouping, glyphs)

    def find(self, id: str, *, is_wanted: Callable[[], bool] = lambda: True) -> Clustering | None:
        """Return a clustering by its id, made again where it was forgotten; None where there is none of that id.

        `is_wanted` and Abandoned are as of `numbers`.

        Raises
        ------
        InputError
            Its set cannot be used.
        """
        name, _, rest = id.partition(".")
        by, _, rest = rest.partition(".")
        number = rest.partition(".")[0]
        learn_set = self._sets.find(name)
        if learn_set is None or by not in get_args(By) or not (number.isascii() and number.isdigit()):
            return None
        k = int(number[:4])
        if id != _id_of(learn_set, cast(By, by), k):
            return None
        return self.make(learn_set, cast(By, by), k, is_wanted=is_wanted)

    def likely_names(self, clustering: Clustering) -> list[str | None]:
        """Return the name that a reader sees in each middle image, None where it is not sure or there is no reader."""
        reader = self._looker()
        if reader is None:
            return [None] * clustering.k
        readings = reader.read_glyphs(clustering.middles, "bright", 255.0)
        return [None if reading.text == REJECTED else reading.text for reading in readings]

    def count(self, clustering: Clustering, names: Names, *, truths: bool = False) -> Named:
        """Return how many clusters and images the names reach, and, where truths are asked for, how many are right."""
        clean = checked_names(clustering, names)
        counts = clustering.grouping.counts
        named = [cluster for cluster, name in enumerate(clean) if name is not None]
        n_right = None
        if truths and clustering.learn_set.has_truths:
            of_clusters = np.array([name or "" for name in clean], dtype=np.str_)
            given, true = of_clusters[clustering.grouping.labels], clustering.learn_set.truths()
            n_right = int(((given == true) & (given != "")).sum())
        return Named(len(named), int(counts[named].sum()), n_right)

    def reader(self, clustering: Clustering, names: Names) -> Reader:
        """Return a reader that learned from the images of the named clusters, as `inkmeans train` makes one.

        Raises
        ------
        InputError
            No cluster has a name, or a name cannot be one.
        """
        clean = checked_names(clustering, names)
        named = np.array([name is not None for name in clean])
        if not (named & (clustering.grouping.counts > 0)).any():
            raise InputError("A reader needs at least one cluster with a name; name one first.")

        def learn() -> Reader:
            kept = named[clustering.grouping.labels]
            glyphs = self._sets.glyphs(clustering.learn_set, "normalized").images[kept]
            truths = np.array([name or "" for name in clean], dtype=np.str_)[clustering.grouping.labels[kept]]
            return Reader().fit_glyphs(glyphs, truths)

        reader = self._readers.get((clustering.learn_set.set, clustering.id, tuple(clean)), learn)
        self._check(clustering.learn_set)
        return reader

    def save(self, clustering: Clustering, title: str, names: Names) -> Path:
        """Write the set with these clusters and their names into a new project file, and return where.

        The file is called as the title is, with a number where there is one of that name, and is offered as a set from
        then on.

        Raises
        ------
        InputError
            A name cannot be one.
        FileError
            There is no folder for it, or it cannot be written.
        """
        clean = checked_names(clustering, names)
        learn_set, grouping = clustering.learn_set, clustering.grouping
        counts = grouping.counts  # an empty cluster is none of the project's, if it is the last
        named = {cluster: name for cluster, name in enumerate(clean) if name is not None and counts[cluster]}
        self._check(learn_set)
        given, truths = learn_set.originals(), learn_set.truths()
        path = self._sets.free_path(title)
        project = Project.create(
            path,
            given.images,
            sources=given.sources,
            truths=truths.tolist() if (truths != "").all() else None,
            ink=given.ink,
            ink_max=given.ink_max,
        )
        try:
            with project:
                project.set_clusters(grouping.labels, grouping.distances)
                project.name_many(named)
        except BaseException:
            path.unlink(missing_ok=True)  # without its names it would be no more than a name taken
            raise
        self._sets.offer(path)
        for listener in self._saved:
            listener(learn_set.set, path)
        return path

    def on_saved(self, listener: Callable[[str, Path], None]) -> None:
        """Call `listener` with the name of the set and the file after each project that is saved."""
        self._saved.append(listener)

    def forget(self, names: Sequence[str]) -> None:
        """Forget all that was made of the sets of these names."""
        meant = set(names)
        self._embedded.drop(lambda key: key[0] in meant)
        self._groupings.drop(lambda key: key[0] in meant)
        self._tried.drop(lambda key: key[0] in meant)
        self._readers.drop(lambda key: key[0] in meant)

    def _check(self, learn_set: LearnSet) -> None:
        """Raise an InputError where a set was forgotten, also while something was made of it; that is dropped."""
        try:
            self._sets.refuse_forgotten(learn_set)
        except InputError:
            self.forget([learn_set.set])
            raise

    def _grouping(self, learn_set: LearnSet, by: By, k: int, tell: Progress, share: float) -> Grouping:
        check_k(k, learn_set.n_glyphs)
        key = *_place(learn_set), by, k
        found = self._groupings.find(key)
        if found is not None:
            return found
        glyphs = self._sets.glyphs(learn_set, _pixels_of(by))
        with self._making:
            if by == "inkmeans":
                embedded = self._embedding(learn_set, tell)
                tell(f"trying {k} clusters", share)
                return self._groupings.get(key, lambda: group_glyphs(embedded, k))
            tell(f"trying {k} clusters", share)
            return self._groupings.get(key, lambda: group_pixels(glyphs.rows, k))

    def _embedding(self, learn_set: LearnSet, tell: Progress) -> Embedded:
        with self._making:
            glyphs = self._sets.glyphs(learn_set, "normalized").images
            return self._embedded.get(_place(learn_set), lambda: embed_glyphs(glyphs, share_of(tell, 0.0, EMBED_SHARE)))


def checked_names(clustering: Clustering, names: Names) -> list[str | None]:
    """Return one name, or None, for each cluster, as a project has them.

    Raises
    ------
    InputError
        They are not as many as the clusters, or one cannot be a name.
    """
    if len(names) != clustering.k:
        raise InputError(f"names must be as many as the clusters, {clustering.k}; got {len(names)}.")
    return [None if name is None else clean_name(name, f"names[{i}]") for i, name in enumerate(names)]


def _pixels_of(by: By) -> Pixels:
    """Return the pixels that are clustered, or shown where it is not pixels that are."""
    return "normalized" if by == "inkmeans" else by


def _place(learn_set: LearnSet) -> tuple[str, str]:
    return learn_set.set, learn_set.version


def _id_of(learn_set: LearnSet, by: By, k: int) -> str:
    """Return the id of a clustering; a set's version is in it, so that clusters of other images have another id."""
    parts = [learn_set.set, by, str(k)]
    if learn_set.version:
        parts.append(hashlib.sha256(learn_set.version.encode()).hexdigest()[:8])
    return ".".join(parts)


def _while_wanted(progress: Progress | None, is_wanted: Callable[[], bool]) -> Progress:
    """Return a progress that ends the work once nobody wants it any more."""

    def tell(what: str, share: float) -> None:
        if not is_wanted():
            raise Abandoned
        if progress is not None:
            progress(what, share)

    return tell
