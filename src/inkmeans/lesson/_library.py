"""All sets that k-means can be watched on: found by name, loaded once, kept while there is room."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InkmeansError, InputError
from inkmeans.images import Drawing
from inkmeans.lesson._kept import Kept
from inkmeans.lesson._runs import Run, RunStart, check_runs, run_of, runs_of
from inkmeans.lesson._runs import n_bytes as n_bytes_of_run
from inkmeans.lesson._sets import (
    Images,
    LearnGlyphs,
    LearnSet,
    Originals,
    Pixels,
    as_text,
    digits_set,
    drawings_set,
    drawn_set,
    fetched_sets,
    load_glyphs,
    marks_of,
    n_bytes,
    project_name,
    project_set,
)
from inkmeans.lesson._starts import Start
from inkmeans.lesson._traces import Trace, trace

T = TypeVar("T")

_MOST_BYTES = 500_000_000  # of images; MNIST has 55 million, raw or normalized
_MOST_RUN_BYTES = 100_000_000  # of ends of runs: 700 of MNIST with k = 10
_MOST_DRAWN_BYTES = 20_000_000  # of drawings that were sent: 23,000
_MOST_OF_A_NAME = 60  # characters of a project's file, which in UTF-8 may have 255 bytes


class LearnSets:
    """The sets: scikit-learn's digits, what was fetched, projects, and drawings that were added.

    Parameters
    ----------
    projects : sequence of Path
        Project files, and folders of them.
    """

    def __init__(self, projects: Sequence[Path] = ()) -> None:
        self._places = tuple(projects)
        self._glyphs: Kept[LearnGlyphs] = Kept(n_bytes, _MOST_BYTES)
        self._drawings: Kept[LearnSet] = Kept(lambda drawn: 848 * drawn.n_glyphs, _MOST_DRAWN_BYTES)
        self._runs: Kept[Run] = Kept(n_bytes_of_run, _MOST_RUN_BYTES)
        self._forgotten: set[str] = set()
        self._opened: dict[Path, tuple[str, LearnSet | str]] = {}

    def known(self) -> list[LearnSet]:
        """Return all sets, without projects that cannot be used."""
        projects = [found for found in self._projects() if isinstance(found, LearnSet)]
        return [digits_set(), *fetched_sets(), *projects, *self._drawings.values()]

    def problems(self) -> list[str]:
        """Return why projects cannot be used, a sentence for each."""
        return [found for found in self._projects() if isinstance(found, str)]

    def find(self, name: str) -> LearnSet | None:
        """Return the set of that name, or None.

        Raises
        ------
        InputError
            The project of that name cannot be used.
        """
        if name.startswith("project-"):
            path = next((path for path in self._files() if project_name(path) == name), None)
            found = None if path is None else self._project(path)
            if isinstance(found, str):
                raise InputError(found)
            return found
        return self._drawings.find(name) or next(
            (each for each in (digits_set(), *fetched_sets()) if each.set == name), None
        )

    def add(self, title: str, drawings: Sequence[Drawing]) -> LearnSet:
        """Add a person's own drawings, and return their set; the same drawings again are the same set.

        They are in memory only, and forgotten when many others are added. InputError where none shows a glyph.
        """
        return self._keep(drawings_set(title, drawings))

    def add_glyphs(
        self, title: str, glyphs: Images, raw: Images, truths: Sequence[str], originals: Callable[[], Originals]
    ) -> LearnSet:
        """Add a class's drawings, prepared already, as `inkmeans.lesson._sets.drawn_set` takes them."""
        return self._keep(drawn_set(title, glyphs, raw, truths, originals, "class"))

    def forget(self, names: Sequence[str]) -> None:
        """Forget sets of drawings, and all that was made of them, until the same drawings are added again.

        Work that is under way on one of them ends at its next step.
        """
        meant = set(names)
        self._forgotten |= meant  # first: what is made from here on is not kept
        self._drawings.drop(lambda key: key in meant)
        self._glyphs.drop(lambda key: key[0] in meant)
        self._runs.drop(lambda key: key[0] in meant)

    def refuse_forgotten(self, learn_set: LearnSet) -> None:
        """Raise an InputError where a set was forgotten; who keeps what is made of one asks before and afterwards."""
        if learn_set.set in self._forgotten:
            raise InputError(f"The drawings of '{learn_set.title}' were deleted; they are in this server no longer.")

    def free_path(self, title: str) -> Path:
        """Return a path for a new project, in the folder of projects; "anns-class.ink" for "Ann's class!".

        Where there is a file of that name already, a number follows: "anns-class-2.ink".
        """
        folder = next((place for place in self._places if place.is_dir()), None)
        if folder is None:
            folder = self._places[0].parent if self._places else Path()
        words = re.findall(r"\w+", re.sub("['\u2019]", "", title.lower()))
        stem = "-".join(words)[:_MOST_OF_A_NAME].strip("-") or "project"
        names = chain([stem], (f"{stem}-{number}" for number in count(2)))
        return next(path for name in names if not (path := folder / f"{name}.ink").exists())

    def offer(self, path: Path) -> None:
        """Offer a project that was written just now."""
        if path.resolve() not in {file.resolve() for file in self._files()}:
            self._places += (path,)

    def glyphs(self, learn_set: LearnSet, pixels: Pixels) -> LearnGlyphs:
        """Return a set's images; InputError where it has no such pixels, or was forgotten."""
        key = learn_set.set, pixels, learn_set.version
        return self._kept_of(learn_set, self._glyphs, key, lambda: load_glyphs(learn_set, pixels))

    def truths(self, learn_set: LearnSet) -> NDArray[np.str_]:
        """Return what each mark shows, "" where that is not known."""
        return learn_set.truths()[marks_of(learn_set.n_glyphs)]

    def trace(
        self,
        learn_set: LearnSet,
        pixels: Pixels,
        n_clusters: int,
        *,
        start: Start = "k-means++",
        seed: int = 0,
        rows: Sequence[int] = (),
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Trace:
        """Return a trace of k-means on a set; see `inkmeans.lesson.trace`."""
        glyphs = self.glyphs(learn_set, pixels)
        return trace(glyphs, n_clusters, start=start, seed=seed, rows=rows, is_wanted=is_wanted)

    def runs(
        self,
        learn_set: LearnSet,
        pixels: Pixels,
        n_clusters: int,
        *,
        n_runs: int = 20,
        seed: int = 0,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Iterator[Run]:
        """Yield the ends of runs of both kinds of start in turn, each for the seeds `seed` to `seed + n_runs - 1`.

        What was run before is not run again, while there is room to keep it. Each is the run that `trace` shows.

        Parameters
        ----------
        learn_set, pixels
        n_clusters : int
            2 to 100, and no more than glyphs.
        n_runs : int
            1 to 100, of each kind.
        seed : int
        is_wanted : callable
            Asked before each run whether to go on; if not, there are no more.

        Raises
        ------
        InputError
            If an argument cannot be used.
        """
        check_runs(learn_set.n_glyphs, n_clusters, n_runs, seed)
        glyphs = self.glyphs(learn_set, pixels)
        of = learn_set.set, pixels, learn_set.version, n_clusters

        def make(start: RunStart, seed: int) -> Run:
            key = *of, start, seed
            return self._kept_of(learn_set, self._runs, key, lambda: run_of(glyphs, n_clusters, start, seed))

        return runs_of(make, n_runs, seed, is_wanted)

    def _kept_of(self, learn_set: LearnSet, kept: Kept[T], key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what is made of a set, which is kept unless the set is forgotten, also meanwhile."""
        self.refuse_forgotten(learn_set)
        made = kept.get(key, make)
        if learn_set.set in self._forgotten:
            kept.drop(lambda other: other == key)
            self.refuse_forgotten(learn_set)
        return made

    def _keep(self, drawn: LearnSet) -> LearnSet:
        self._forgotten.discard(drawn.set)
        return self._drawings.get(drawn.set, lambda: drawn)

    def _projects(self) -> list[LearnSet | str]:
        return [self._project(path) for path in self._files()]

    def _project(self, path: Path) -> LearnSet | str:
        """Return the set of a project file, or the sentence that says why there is none; it is read once."""
        version, known = _version(path), self._opened.get(path)
        if known is None or known[0] != version:
            known = self._opened[path] = version, _open(path)
        return known[1]

    def _files(self) -> list[Path]:
        files: list[Path] = []
        for place in self._places:
            files += sorted(place.glob("*.ink")) if place.is_dir() else [place]
        return list({path.resolve(): path for path in reversed(files)}.values())[::-1]  # each once, the first place


def _version(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        return str(error.strerror)
    return f"{status.st_mtime_ns} {status.st_size}"


def _open(path: Path) -> LearnSet | str:
    try:
        return project_set(path)
    except InkmeansError as error:
        return as_text(str(error))
    except OSError as error:  # as of a file in a folder that may be listed and not entered
        return f"{as_text(str(path))} cannot be used: {error.strerror}."
