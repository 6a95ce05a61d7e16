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
from inkmeans.reader._answers import (
    Alike,
    Comparison,
    Explanation,
    Nearest,
    answers,
    compare,
    most_alike,
    nearest_centers,
)
from inkmeans.reader._calibration import Calibration, calibrate
from inkmeans.reader._centers import NamedCenters
from inkmeans.reader._features import KINDS, FeatureKind
from inkmeans.reader._gallery import chosen
from inkmeans.reader._learning import (
    MAX_CENTERS,
    Learned,
    Quality,
    Settings,
    clean_names,
    learn,
    learn_from_clusters,
    mixture_held_out,
    typical,
)
from inkmeans.records import Box, GlyphReading

if TYPE_CHECKING:
    from inkmeans.naming import Project


class Reader:
    """Reads single glyphs by centers that k-means found.

    1. `PatchEncoder` learns a dictionary of patches; a glyph's features are brought to 96 dimensions in which glyphs
       of one name stray alike.
    2. k-means runs on the glyphs of each name apart. Each center has a say that falls with a glyph's distance, and
       least squares gives each center's weight for each name.
    3. What this gives for glyphs kept apart tells how sure the reader may be, and when to say "?".

    With features="pixels" it is the lesson's way: centers are mean pictures, and each speaks for its own name.

    Parameters
    ----------
    quality : {"fast", "best"}
        "best" looks at each glyph in five ways in place of two, learns from each once more, turned and stretched a
        little, and has up to 800 centers for each name in place of 400. From 1,000 to 20,000 glyphs it makes 4 to
        16 % fewer errors; from MNIST's 60,000 no fewer, and there it learns nine times as long.
    features : {"patches", "pixels"}
        What centers are compared with.
    centers_per_name : int or None
        How many centers each name gets in `fit`. None: one for each 3 glyphs (15 on pixels), up to what the
        quality allows.
    max_error : float
        The share of errors that is wanted among the readings not rejected, as measured on held-out training glyphs.
    random_state : int
        The seed of dictionary and clustering.
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

    _learned: Learned

    def __init__(
        self,
        *,
        quality: Quality = "fast",
        features: FeatureKind = "patches",
        centers_per_name: int | None = None,
        max_error: float = 0.005,
        random_state: int = 0,
        n_jobs: int | None = None,
    ) -> None:
        if quality not in MAX_CENTERS:
            raise InputError(f"quality '{quality}' is unknown; choose 'fast' or 'best'.")
        if features not in KINDS:
            raise InputError(f"features '{features}' is unknown; choose 'patches' or 'pixels'.")
        if centers_per_name is not None and centers_per_name < 1:
            raise InputError(f"centers_per_name must be at least 1; got {centers_per_name}.")
        if not 0.0 < max_error < 1.0:
            raise InputError(f"max_error must lie between 0 and 1; got {max_error}.")
        self.quality = quality
        self.features = features
        self.centers_per_name = centers_per_name
        self.max_error = max_error
        self.random_state = random_state
        self.n_jobs = n_jobs

    def __repr__(self) -> str:
        return f"Reader(quality={self.quality!r}, features={self.features!r}, max_error={self.max_error!r})"

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
        """Learn from images with truths; those that show no character (blank, noise) are left out.

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
            one = isinstance(images, np.ndarray) and images.ndim == 2
            raise InputError(
                f"truths must name each image: there are {len(found.glyphs)} images and {len(names)} truths."
                + (" A 2-D array is one image; many are of shape (n_images, height, width)." if one else "")
            )
        return self.fit_glyphs(found.glyphs[found.readable], names[found.readable], progress=progress)

    def fit_glyphs(
        self,
        glyphs: NDArray[np.uint8],
        truths: NDArray[np.str_],
        *,
        sample_weight: NDArray[np.float32] | None = None,
        groups: NDArray[np.integer] | None = None,
        progress: Callable[[str], object] | None = None,
    ) -> Self:
        """Learn from normalized glyphs (uint8 of shape (n, 28, 28)) with truths; see `fit`.

        `sample_weight` (float of shape (n,), above 0) says for how many glyphs each counts in the least squares.
        Glyphs with the same number in `groups` (int of shape (n,)), such as one with several pens, are held out
        together.
        """
        weights = np.ones(len(glyphs), np.float32) if sample_weight is None else np.asarray(sample_weight, np.float32)
        if weights.shape != (len(glyphs),) or not ((weights > 0.0) & np.isfinite(weights)).all():
            raise InputError(
                f"sample_weight must have one number above 0 for each of {len(glyphs)} glyphs; got the shape "
                f"{weights.shape}, from {weights.min(initial=np.inf):g} to {weights.max(initial=-np.inf):g}."
            )
        if len(truths) != len(glyphs):
            raise InputError(f"truths must name each glyph: there are {len(glyphs)} glyphs and {len(truths)} truths.")
        of_groups = np.arange(len(glyphs)) if groups is None else np.asarray(groups)
        if of_groups.shape != (len(glyphs),):
            raise InputError(
                f"groups must have a number for each of {len(glyphs)} glyphs; got the shape {of_groups.shape}."
            )
        self._learned = learn(glyphs, truths, weights, of_groups, self._settings, progress)
        return self._named()

    @classmethod
    def from_clusters(
        cls, glyphs: NDArray[np.uint8], labels: NDArray[np.integer], names: Sequence[str | None], **settings: Any
    ) -> Reader:
        """Return a reader whose centers are clusters with names, mean pictures compared by their pixels: the lesson's.

        Center j is the j-th cluster that has a name.

        Parameters
        ----------
        glyphs : uint8 of shape (n, 28, 28)
            Normalized glyphs.
        labels : int of shape (n,)
            The cluster of each glyph; -1 for none.
        names : sequence of str or None
            The name of each cluster; clusters without one are left out.
        **settings
            As for `Reader`, without features.

        Raises
        ------
        InputError
            If no cluster with glyphs has a name.
        """
        reader = cls(features="pixels", **settings)
        reader._learned = learn_from_clusters(glyphs, labels, names, reader._settings)
        return reader._named()

    @classmethod
    def from_project(cls, project: Project, **settings: Any) -> Reader:
        """Return a reader that learned from the named glyphs of a project; settings as for `Reader`."""
        clusters = project.clusters
        if not clusters:
            raise InputError(
                f"{project.path} has no clusters yet; group its images and name the clusters first: "
                f"inkmeans cluster {project.path}"
            )
        glyphs, truths = project.named_glyphs()
        if not truths:
            raise InputError(
                f"No cluster of {project.path} has a name yet; name them first: inkmeans name {project.path}"
            )
        reader = cls(**settings).fit_glyphs(glyphs, np.asarray(truths, dtype=np.str_))
        reader.trained_on_ = {"project": {"n_glyphs": len(glyphs), "n_clusters": len(clusters)}}
        return reader

    def renamed(self, names: Sequence[str]) -> Reader:
        """Return a reader with the same centers under other names, one for each center, and the same calibration.

        Only where centers speak for their own names (features="pixels").
        """
        self._check_mixture("renamed")
        if len(names) != len(self.centers_.names) or not all(names):
            raise InputError(f"names must hold a name for each of the {len(self.centers_.names)} centers.")
        reader = copy(self)
        centers = replace(self.centers_, names=tuple(clean_names(names).tolist()))
        reader._learned = replace(self._learned, centers=centers, gallery=None)
        return reader._named()

    def recalibrated(
        self, glyphs: NDArray[np.uint8], truths: Sequence[str] | NDArray[np.str_], *, max_error: float
    ) -> Reader:
        """Return a reader with the same centers whose confidence is learned from these glyphs and their truths.

        Only where centers speak for their own names (features="pixels").

        Parameters
        ----------
        glyphs : uint8 of shape (n, 28, 28)
            Normalized glyphs, best ones that the centers were not made from.
        truths : sequence of str
            Their true names; a name that no center bears is one that the reader gets wrong.
        max_error : float
            The share of errors that is wanted among the readings not rejected; 1 rejects none for want of confidence.
        """
        self._check_mixture("recalibrated")
        if len(truths) != len(glyphs) or not len(glyphs):
            raise InputError(f"truths must name each glyph: there are {len(glyphs)} glyphs and {len(truths)} truths.")
        names = clean_names(truths)
        known = np.union1d(self.classes_, names)
        columns = np.searchsorted(known, names)
        seen = mixture_held_out(self.centers_, self._learned.points(glyphs, self.n_jobs), columns, known)
        reader = copy(self)
        reader.calibration_ = calibrate([seen], len(known), typical([seen]), max_error)
        return reader

    def with_gallery(
        self, glyphs: NDArray[np.uint8], truths: Sequence[str] | NDArray[np.str_], *, n_per_name: int = 30
    ) -> Reader:
        """Return the same reader with a gallery: real glyphs that `explain` can show, kept in the model file.

        Parameters
        ----------
        glyphs : uint8 of shape (n, 28, 28)
            Normalized glyphs, whose writers agree to be shown; those in the middle of n_per_name clusters of each name
            are taken.
        truths : sequence of str
            Their names, each one that the reader knows.

        Raises
        ------
        InputError
            If a truth is no name of the reader's, or glyphs and truths are not as many.
        """
        self._check_fitted()
        names = clean_names(truths)
        unknown = np.setdiff1d(names, self.classes_)
        if len(names) != len(glyphs) or not len(names) or len(unknown):
            what = f"'{unknown[0]}' is none" if len(unknown) else f"there are {len(glyphs)} glyphs and {len(names)}"
            raise InputError(f"truths must give each glyph one of the reader's names; {what}.")
        points = self._learned.points(glyphs, self.n_jobs)
        gallery = chosen(glyphs, points, names, n_per_name, random_state=self.random_state, n_jobs=self.n_jobs)
        reader = copy(self)
        reader._learned = replace(self._learned, gallery=gallery)
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
        """Return why one image is read as it is: its normalized glyph, the reading, the n nearest centers.

        Where the reader has a gallery, its n glyphs most alike are told as well.
        """
        self._check_fitted()
        pixels = np.asarray(image)
        if pixels.ndim != 2:
            raise InputError(f"image must be one 2-D array of pixels; it has the shape {pixels.shape}.")
        found = normalize(pixels, ink=ink, ink_max=ink_max, n_jobs=1)
        height, width = pixels.shape
        reading = self._readings(found, [(0, 0, width, height)], True)[0]
        nearest: tuple[Nearest, ...] = ()
        alike: tuple[Alike, ...] = ()
        if found.verdicts[0] == "glyph":
            point = self._learned.points(found.glyphs, 1)
            nearest = nearest_centers(point, self.centers_, n)
            alike = most_alike(point, self._learned, n)
        return Explanation(found.glyphs[0], found.verdicts[0], reading, nearest, alike)

    def _readings(self, found: Normalized, boxes: Sequence[Box], reject: bool | float) -> list[GlyphReading]:
        return answers(self._compare(found), found.readable, boxes, self.classes_, self.calibration_, reject)

    def _compare(self, found: Normalized) -> Comparison:
        """Return how the glyphs of the images that show a character compare with the centers."""
        return compare(found.glyphs[found.readable], self._learned, self.classes_, self.n_jobs)

    @property
    def centers_(self) -> NamedCenters:
        """What glyphs are compared with."""
        return self._learned.centers

    @property
    def calibration_(self) -> Calibration:
        """How sure the reader may be."""
        return self._learned.calibration

    @calibration_.setter
    def calibration_(self, calibration: Calibration) -> None:
        self._learned = replace(self._learned, calibration=calibration)

    @property
    def _settings(self) -> Settings:
        return Settings(
            self.quality, self.features, self.centers_per_name, self.max_error, self.random_state, self.n_jobs
        )

    def _check_fitted(self) -> None:
        if not hasattr(self, "_learned"):
            raise InputError("this Reader has learned nothing yet; call fit, or load a model file.")

    def _check_mixture(self, what: str) -> None:
        self._check_fitted()
        if self._learned.network is not None:
            raise InputError(
                f"only a reader whose centers speak for their own names (features='pixels') can be {what}."
            )

    def _named(self) -> Self:
        self.classes_ = np.unique(np.asarray(self.centers_.names))
        self.trained_on_: dict[str, Any] = {}
        return self


def _each(images: Any) -> Any:
    return [images] if isinstance(images, np.ndarray) and images.ndim == 2 else images
