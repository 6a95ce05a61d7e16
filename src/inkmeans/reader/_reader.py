"""Reader: one glyph to names with probabilities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.normalize import Normalized, normalize
from inkmeans.reader._answers import Comparison, Explanation, Nearest, answers, compare, nearest_centers
from inkmeans.reader._calibration import HeldOut, calibrate
from inkmeans.reader._centers import N_FEATURES, FeatureKind, glyph_features
from inkmeans.reader._learning import Settings, clean_names, learn, learn_from_clusters
from inkmeans.records import Box, GlyphReading

if TYPE_CHECKING:
    from inkmeans.naming import Project


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
        self.centers_, self.calibration_ = learn(glyphs, truths, self._settings, progress)
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
        reader.centers_, reader.calibration_ = learn_from_clusters(glyphs, labels, names, reader._settings)
        return reader._named()

    @classmethod
    def from_project(cls, project: Project, **settings: Any) -> Reader:
        """Return a reader whose centers are the named clusters of a project; settings as for `Reader`."""
        names: list[str | None] = [cluster.name for cluster in project.clusters]
        if not names:
            raise InputError(
                f"{project.path} has no clusters yet; group its images and name the clusters first: "
                f"inkmeans cluster {project.path}"
            )
        if all(name is None for name in names):
            raise InputError(
                f"No cluster of {project.path} has a name yet; name them first: inkmeans name {project.path}"
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
        reader.centers_ = replace(self.centers_, names=tuple(clean_names(names).tolist()))
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
        distances = self.centers_.squared_distances(
            glyph_features(glyphs, self.centers_.kind, self.n_jobs), self.n_jobs
        )
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
        result[found.readable] = self._compare(found).probabilities
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
            nearest = nearest_centers(found.glyphs[0], self.centers_, n)
        return Explanation(found.glyphs[0], found.verdicts[0], reading, nearest)

    def _readings(self, found: Normalized, boxes: Sequence[Box], reject: bool | float) -> list[GlyphReading]:
        return answers(self._compare(found), found.readable, boxes, self.classes_, self.calibration_, reject)

    def _compare(self, found: Normalized) -> Comparison:
        """Return how the glyphs of the images that show a character compare with the centers."""
        return compare(
            found.glyphs[found.readable], self.centers_, self.classes_, self.calibration_.temperature, self.n_jobs
        )

    @property
    def _settings(self) -> Settings:
        return Settings(self.features, self.centers_per_name, self.max_error, self.random_state, self.n_jobs)

    def _check_fitted(self) -> None:
        if not hasattr(self, "centers_"):
            raise InputError("this Reader has learned nothing yet; call fit, or load a model file.")

    def _named(self) -> Self:
        self.classes_ = np.unique(np.asarray(self.centers_.names))
        self.trained_on_: dict[str, Any] = {}
        return self


def _each(images: Any) -> Any:
    return [images] if isinstance(images, np.ndarray) and images.ndim == 2 else images
