"""Reader: one glyph to names with probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.normalize import Normalized, Verdict, normalize
from inkmeans.reader._calibration import Calibration, HeldOut, calibrate, probabilities
from inkmeans.reader._centers import (
    N_FEATURES,
    FeatureKind,
    cluster_each_name,
    cluster_means,
    glyph_features,
    learn_projection,
)
from inkmeans.records import GlyphReading

if TYPE_CHECKING:
    from inkmeans.naming import Project

REJECTED = "?"
"""The answer for a glyph that the reader is not sure enough of."""

_N_ALTERNATIVES = 3
_MAX_FOLD = 10_000  # held-out glyphs that are enough for a calibration
_CHUNK = 4096  # glyphs compared at once
_N_DIMENSIONS = 120  # of the projection
_GLYPHS_PER_FEATURE = 20  # fewer are too few to learn a projection from
_COARSE = 40  # centers per name from which the projection is learned


@dataclass(frozen=True, eq=False)
class Nearest:
    """One of the centers nearest to a glyph; `distance` is on the scale of the reader's features."""

    center: int
    name: str
    distance: float
    picture: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a glyph is read as it is: what the model saw of it, and the centers nearest to that."""

    glyph: NDArray[np.uint8]
    verdict: Verdict
    reading: GlyphReading
    nearest: tuple[Nearest, ...]


class Reader:
    """Reads single glyphs by their nearest named centers.

    Parameters
    ----------
    features : {"directions", "pixels"}
        What the centers are means of: directions of strokes (more accurate), or pixels (the lesson's way).
    centers_per_name : int or None
        How many centers each name gets in `fit`. None: one for each 15 glyphs, 150 at most.
    max_error : float
        The share of errors that is wanted among the readings not rejected, as measured on held-out training glyphs.
    random_state : int
        The seed of the clustering.
    n_jobs : int or None
        Threads; None for all processors.

    Attributes
    ----------
    classes_ : str array of shape (n_names,)
        The names, sorted.
    centers_ : NamedCenters
    calibration_ : Calibration
    trained_on_ : dict
        What the model file's header says of where the reader comes from.

    Examples
    --------
    >>> from inkmeans import Reader
    >>> from inkmeans.datasets import load_digits
    >>> digits = load_digits()
    >>> reader = Reader().fit(digits.images[:900], digits.truths[:900])
    >>> reader.predict(digits.images[900:905]).tolist() == list(digits.truths[900:905])
    True
    """

    def __init__(
        self,
        *,
        features: FeatureKind = "directions",
        centers_per_name: int | None = None,
        max_error: float = 0.005,
        random_state: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        if features not in N_FEATURES:
            raise InputError(f"features '{features}' is unknown; choose 'directions' or 'pixels'.")
        if centers_per_name is not None and centers_per_name < 1:
            raise InputError(f"centers_per_name must be at least 1; got {centers_per_name}.")
        if not 0.0 < max_error < 1.0:
            raise InputError(f"max_error must lie between 0 and 1; got {max_error}.")
        self.features = features
        self.centers_per_name = centers_per_name
        self.max_error = max_error
        self.random_state = random_state
        self.n_jobs = n_jobs

    # --- where a reader comes from --------------------------------------------------------------------------------

    def fit(
        self,
        images: ArrayLike | Sequence[ArrayLike],
        truths: Sequence[str] | NDArray[Any],
        *,
        ink: str = "auto",
        ink_max: float | None = None,
        progress: Callable[[str], object] | None = None,
    ) -> Self:
        """Learn from images with truths: k-means on the glyphs of each name apart.

        Images that show no character (blank, noise) are left out. How sure the reader may be is learned on glyphs kept
        apart from the clustering; then all of them are clustered.

        Parameters
        ----------
        images : array of shape (n_images, height, width), or a sequence of 2-D arrays
        truths : sequence of str
            The true name of each image.
        ink, ink_max
            As in `inkmeans.normalize.normalize`.
        progress : callable or None
            Called with a short text after each step.

        Raises
        ------
        InputError
            If there is nothing to learn from, or as many truths as images are not given.
        """
        found = normalize(images, ink=ink, ink_max=ink_max, n_jobs=self.n_jobs)
        names = np.asarray([str(truth) for truth in truths])
        if len(names) != len(found.glyphs):
            raise InputError(
                f"truths must name each image: there are {len(found.glyphs)} images and {len(names)} truths."
            )
        return self.fit_glyphs(found.glyphs[found.readable], names[found.readable], progress=progress)

    def fit_glyphs(
        self, glyphs: NDArray[np.uint8], truths: NDArray[np.str_], *, progress: Callable[[str], object] | None = None
    ) -> Self:
        """Learn from normalized glyphs (uint8 of shape (n, 28, 28)) with truths; see `fit`."""
        if not len(truths):
            raise InputError("a reader needs at least one image that shows a character; got none.")
        truths = _cleaned(truths)
        names, counts = np.unique(truths, return_counts=True)
        wanted = {
            str(name): min(self.centers_per_name or min(150, max(1, int(count) // 15)), int(count))
            for name, count in zip(names, counts, strict=True)
        }
        points = glyph_features(glyphs, self.features, self.n_jobs)
        projection = None
        if len(points) >= _GLYPHS_PER_FEATURE * points.shape[1]:
            coarse, _ = self._cluster(points, truths, {name: min(n, _COARSE) for name, n in wanted.items()})
            projection = learn_projection(points, coarse, _N_DIMENSIONS)
            points = points @ projection
        self._calibrate(glyphs, points, truths, wanted, progress)
        labels, center_names = self._cluster(points, truths, wanted, progress)
        self.centers_ = cluster_means(glyphs, points, labels, center_names, self.features, projection)
        return self._named()

    @classmethod
    def from_clusters(
        cls, glyphs: NDArray[np.uint8], labels: NDArray[np.integer], names: Sequence[str | None], **settings: Any
    ) -> Reader:
        """Return a reader whose centers are clusters with names; center j is the j-th cluster that has one.

        Parameters
        ----------
        glyphs : uint8 of shape (n, 28, 28)
            Normalized glyphs.
        labels : int of shape (n,)
            The cluster of each glyph; -1 for none.
        names : sequence of str or None
            The name of each cluster; clusters without one are left out.
        **settings
            As for `Reader`.

        Raises
        ------
        InputError
            If no cluster with glyphs has a name.
        """
        reader = cls(**settings)
        labels = np.asarray(labels)
        if len(labels) != len(glyphs):
            raise InputError(
                f"labels must give each glyph's cluster: there are {len(glyphs)} glyphs and {len(labels)} labels."
            )
        named = [j for j, name in enumerate(names) if name is not None and np.any(labels == j)]
        chosen = _cleaned([names[j] for j in named]).tolist()
        if not chosen:
            raise InputError("a reader needs at least one cluster with a name; got none.")
        kept = np.isin(labels, named)
        glyphs, own = glyphs[kept], np.searchsorted(named, labels[kept])
        features = glyph_features(glyphs, reader.features, reader.n_jobs)
        wanted = {name: chosen.count(name) for name in sorted(set(chosen))}
        reader._calibrate(glyphs, features, np.asarray(chosen)[own], wanted)
        reader.centers_ = cluster_means(glyphs, features, own, chosen, reader.features)
        return reader._named()

    @classmethod
    def from_project(cls, project: Project, **settings: Any) -> Reader:
        """Return a reader whose centers are the named clusters of a project; settings as for `Reader`."""
        names: list[str | None] = [cluster.name for cluster in project.clusters]
        if not names:
            raise InputError("the project has no clusters yet; cluster it and name the clusters first.")
        if all(name is None for name in names):
            raise InputError(
                "no cluster of the project has a name yet; name them first, for example: inkmeans name FILE."
            )
        labels = np.full(len(project.glyphs), -1)
        for j, cluster in enumerate(project.clusters):
            labels[np.asarray(cluster.members, dtype=np.intp)] = j
        clustered = labels >= 0
        reader = cls.from_clusters(project.glyphs[clustered], labels[clustered], names, **settings)
        reader.trained_on_ = {"project": {"n_glyphs": int(clustered.sum()), "n_clusters": len(names)}}
        return reader

    def renamed(self, names: Sequence[str]) -> Reader:
        """Return a reader with the same centers under other names, one for each center, and the same calibration."""
        self._check_fitted()
        if len(names) != len(self.centers_.names) or not all(names):
            raise InputError(f"names must hold a name for each of the {len(self.centers_.names)} centers.")
        reader = copy(self)
        reader.centers_ = replace(self.centers_, names=tuple(_cleaned(names).tolist()))
        return reader._named()

    def recalibrated(
        self, glyphs: NDArray[np.uint8], truths: Sequence[str] | NDArray[np.str_], *, max_error: float
    ) -> Reader:
        """Return a reader with the same centers whose confidence is learned from these glyphs and their truths.

        Parameters
        ----------
        glyphs : uint8 of shape (n, 28, 28)
            Normalized glyphs, best ones that the centers were not made from.
        truths : sequence of str
            Their true names; a name that no center bears is one that the reader gets wrong.
        max_error : float
            The share of errors that is wanted among the readings not rejected; 1 rejects none for want of confidence.
        """
        self._check_fitted()
        known = np.union1d(self.classes_, np.asarray(truths, dtype=np.str_))
        distances = self.centers_.squared_distances(glyph_features(glyphs, self.features, self.n_jobs), self.n_jobs)
        columns = np.searchsorted(known, np.asarray(self.centers_.names))
        seen = HeldOut(distances, columns, np.searchsorted(known, np.asarray(truths, dtype=np.str_)))
        reader = copy(self)
        reader.calibration_ = calibrate([seen], len(known), max_error)
        return reader

    def save(self, path: str | Path) -> None:
        """Write the model file; it is written beside and then replaces, so a failure leaves the old file whole."""
        from inkmeans.reader._model_file import save

        self._check_fitted()
        save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Reader:
        """Return the reader in a model file; see `inkmeans.load`."""
        from inkmeans.reader._model_file import load

        return load(path)

    # --- reading --------------------------------------------------------------------------------------------------

    def predict(
        self,
        images: ArrayLike | Sequence[ArrayLike],
        ink: str = "auto",
        ink_max: float | None = None,
        *,
        reject: bool | float = True,
    ) -> NDArray[np.str_]:
        """Return the name of each image, "?" where the reader rejects.

        Parameters
        ----------
        images : array of shape (n_images, height, width), or a sequence of 2-D arrays
            Any size, either polarity, any ink scale; see `inkmeans.normalize.normalize`, also for ink and ink_max.
        reject : bool or float
            True: reject what is less sure than the model's own least confidence, or far from every center. False: give
            the likeliest name always; only images that show no character are rejected. A number: the least confidence.

        Returns
        -------
        str array of shape (n_images,)
        """
        readings = self.read_glyphs(images, ink, ink_max, reject=reject)
        return np.array([reading.text for reading in readings], dtype=np.str_)

    def predict_proba(
        self, images: ArrayLike | Sequence[ArrayLike], ink: str = "auto", ink_max: float | None = None
    ) -> NDArray[np.float64]:
        """Return the probability of each name of `classes_`: float64 of shape (n_images, n_names).

        Where an image shows no character every name is as likely.
        """
        self._check_fitted()
        found = normalize(images, ink=ink, ink_max=ink_max, n_jobs=self.n_jobs)
        result = np.full((len(found.glyphs), len(self.classes_)), 1.0 / len(self.classes_))
        result[found.readable] = self._compare(found.glyphs[found.readable])[0]
        return result

    def read_glyphs(
        self,
        images: ArrayLike | Sequence[ArrayLike],
        ink: str = "auto",
        ink_max: float | None = None,
        *,
        reject: bool | float = True,
    ) -> list[GlyphReading]:
        """Return a `GlyphReading` for each image, its box that of the whole image; arguments as for `predict`."""
        self._check_fitted()
        found = normalize(images, ink=ink, ink_max=ink_max, n_jobs=self.n_jobs)
        boxes = [(0, 0, int(np.shape(image)[1]), int(np.shape(image)[0])) for image in _each(images)]
        return self._readings(found, boxes, reject)

    def explain(self, image: ArrayLike, n: int = 5, ink: str = "auto", ink_max: float | None = None) -> Explanation:
        """Return why one image is read as it is: its normalized glyph, the reading, the n nearest centers."""
        self._check_fitted()
        pixels = np.asarray(image)
        if pixels.ndim != 2:
            raise InputError(f"image must be one 2-D array of pixels; it has the shape {pixels.shape}.")
        found = normalize(pixels, ink=ink, ink_max=ink_max, n_jobs=1)
        height, width = pixels.shape
        reading = self._readings(found, [(0, 0, width, height)], True)[0]
        nearest: tuple[Nearest, ...] = ()
        if found.verdicts[0] == "glyph":
            features = glyph_features(found.glyphs, self.features, 1)
            distances = np.sqrt(self.centers_.squared_distances(features, 1)[0])
            nearest = tuple(
                Nearest(int(j), self.centers_.names[j], float(distances[j]), self.centers_.pictures[j])
                for j in np.argsort(distances, kind="stable")[:n]
            )
        return Explanation(found.glyphs[0], found.verdicts[0], reading, nearest)

    def _readings(
        self, found: Normalized, boxes: Sequence[tuple[int, int, int, int]], reject: bool | float
    ) -> list[GlyphReading]:
        readable = found.readable
        likely, nearest = self._compare(found.glyphs[readable])
        order = np.argsort(-likely, axis=1, kind="stable")[:, :_N_ALTERNATIVES]
        far = nearest > self.calibration_.max_distance
        least = self._least_confidence(reject)
        rows = iter(range(len(likely)))
        readings = []
        for box, is_readable in zip(boxes, readable, strict=True):
            if not is_readable:
                readings.append(GlyphReading(REJECTED, 0.0, box))
                continue
            i = next(rows)
            best = [(str(self.classes_[j]), float(likely[i, j])) for j in order[i]]
            # Far from every center is no character at all, however clear the choice between the names.
            confidence = 0.0 if far[i] else best[0][1]
            rejected = least is not None and (confidence < least or bool(far[i]))
            readings.append(GlyphReading(REJECTED if rejected else best[0][0], confidence, box, tuple(best)))
        return readings

    def _least_confidence(self, reject: bool | float) -> float | None:
        """Return the confidence below which a reading is rejected; None: no reading is."""
        if isinstance(reject, bool | np.bool_):
            return self.calibration_.min_confidence if reject else None
        if not isinstance(reject, Real) or not 0.0 <= reject <= 1.0:
            raise InputError(f"reject must be True, False, or the least confidence from 0 to 1; got {reject!r}.")
        return float(reject)

    def _compare(self, glyphs: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return the probability of each name, and the squared distance to the nearest center."""
        likely = np.empty((len(glyphs), len(self.classes_)))
        nearest = np.empty(len(glyphs), dtype=np.float32)
        columns = np.searchsorted(self.classes_, np.asarray(self.centers_.names))
        for start in range(0, len(glyphs), _CHUNK):
            part = slice(start, start + _CHUNK)
            features = glyph_features(glyphs[part], self.features, self.n_jobs)
            distances = self.centers_.squared_distances(features, self.n_jobs)
            likely[part] = probabilities(distances, columns, len(self.classes_), self.calibration_.temperature)
            nearest[part] = distances.min(axis=1)
        return likely, nearest

    def _check_fitted(self) -> None:
        if not hasattr(self, "centers_"):
            raise InputError("this Reader has learned nothing yet; call fit, or load a model file.")

    def _named(self) -> Self:
        self.classes_ = np.unique(np.asarray(self.centers_.names))
        self.trained_on_: dict[str, Any] = {}
        return self

    def _cluster(
        self,
        points: NDArray[np.float32],
        truths: NDArray[np.str_],
        wanted: dict[str, int],
        progress: Callable[[str], object] | None = None,
    ) -> tuple[NDArray[np.int64], list[str]]:
        return cluster_each_name(
            points, truths, wanted, random_state=self.random_state, n_jobs=self.n_jobs, progress=progress
        )

    def _calibrate(
        self,
        glyphs: NDArray[np.uint8],
        points: NDArray[np.float32],
        truths: NDArray[np.str_],
        wanted: dict[str, int],
        progress: Callable[[str], object] | None = None,
    ) -> None:
        """Set `calibration_` from glyphs held out of clusterings like the one to come."""
        names = np.array(list(wanted))
        columns = np.searchsorted(names, truths)
        n_parts = max(5, -(-len(points) // _MAX_FOLD))
        part = np.random.default_rng(self.random_state).integers(n_parts, size=len(points))
        folds = []
        for held in range(5 if n_parts == 5 else 1):
            kept = part != held
            present = set(truths[kept].tolist())
            fewer = {name: n for name, n in wanted.items() if name in present}
            # A name whose every glyph is held out cannot be judged in this fold.
            out = ~kept & np.isin(truths, list(present))
            if not out.any():
                continue
            labels, center_names = self._cluster(points[kept], truths[kept], fewer)
            centers = cluster_means(glyphs[kept], points[kept], labels, center_names, self.features)
            distances = centers.squared_distances(points[out])
            folds.append(HeldOut(distances, np.searchsorted(names, center_names), columns[out]))
            if progress is not None:
                progress(f"calibration {held + 1}")
        self.calibration_: Calibration = calibrate(folds, len(names), self.max_error)


def _cleaned(names: Any) -> NDArray[np.str_]:
    """Return the names as text that may be one; InputError where it may not ("", "?", control characters)."""
    from inkmeans.naming import clean_name

    found, places = np.unique(np.asarray(names, dtype=np.str_), return_inverse=True)
    return np.array([clean_name(str(name)) for name in found], dtype=np.str_)[places]


def _each(images: Any) -> Any:
    return [images] if isinstance(images, np.ndarray) and images.ndim == 2 else images
