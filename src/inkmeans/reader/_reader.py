"""Reader: one glyph to names with probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.normalize import normalize
from inkmeans.progress import Progress
from inkmeans.reader._calibration import Calibration
from inkmeans.reader._centers import ClassCenters
from inkmeans.reader._classes import as_classes, as_text
from inkmeans.reader._gallery import with_gallery
from inkmeans.reader._learn_mixture import learn_mixture, mixture_of_clusters, recalibrated, renamed
from inkmeans.reader._learn_rbf import learn_rbf
from inkmeans.reader._model import Model
from inkmeans.reader._model_file import load_model, save_model
from inkmeans.reader._points import FeatureKind
from inkmeans.reader._readings import Explanation, boxes_of, class_probabilities, explanation, readings
from inkmeans.reader._settings import Quality, Settings, check_settings
from inkmeans.reader._training_set import Images, check_as_many, named_glyphs, training_set
from inkmeans.records import GlyphReading

if TYPE_CHECKING:
    from inkmeans.naming import Project

_PARAMETERS = ("quality", "features", "centers_per_name", "max_error", "random_state", "n_jobs")


class Reader:
    """Reads single glyphs by centers that k-means found.

    1. `PatchEncoder` learns a dictionary of patches; discriminant axes bring a glyph's responses to 96 dimensions, in
       which the variance within classes is equal.
    2. k-means runs on the glyphs of each class apart. Each center's response falls with a glyph's distance (a radial
       basis function), and least squares gives the responses' weights for each class.
    3. Cross-validation tells how sure the reader may be, and when to say "?".

    With features="pixels" it is a mixture of Gaussians round centers that are mean pictures, each of its own class.
    Either way it is a scikit-learn classifier of arrays of images: `clone`, `cross_val_score`, `GridSearchCV` take it.

    Parameters
    ----------
    quality : {"fast", "best"}
        "best" sees each glyph in five views in place of two, learns from an augmented copy of each, turned and
        stretched a little, and has up to 800 centers for each class in place of 400. From 1,000 to 20,000 glyphs it
        makes 4 to 16 % fewer errors; from MNIST's 60,000 no fewer, and takes 5 times as long.
    features : {"patches", "pixels"}
        What centers are compared with.
    centers_per_name : int or None
        How many centers each class gets in `fit`. None: one for each 3 glyphs (15 on pixels), up to what the
        quality allows.
    max_error : float
        The share of errors that is wanted among the readings not rejected, as measured on held-out training glyphs:
        above 0; with 1, none is rejected for want of confidence.
    random_state : int
        The seed of dictionary and clustering.
    n_jobs : int or None
        Threads; None for all processors.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        The classes, sorted, in the dtype of the truths.
    names_ : array of str of shape (n_classes,)
        What a reading says of each class: "7" for 7 and for 7.0.
    centers_ : ClassCenters
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

    _model: Model

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
        self.quality = quality
        self.features = features
        self.centers_per_name = centers_per_name
        self.max_error = max_error
        self.random_state = random_state
        self.n_jobs = n_jobs

    def __repr__(self) -> str:
        return f"Reader(quality={self.quality!r}, features={self.features!r}, max_error={self.max_error!r})"

    # --- a classifier as scikit-learn knows them ------------------------------------------------------------------

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters of `__init__` by name."""
        return {name: getattr(self, name) for name in _PARAMETERS}

    def set_params(self, **params: Any) -> Self:
        """Set parameters of `__init__` by name; they count from the next `fit` on."""
        for name, value in params.items():
            if name not in _PARAMETERS:
                raise InputError(f"Reader has no parameter '{name}'; it has {', '.join(_PARAMETERS)}.")
            setattr(self, name, value)
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_model")

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(two_d_array=False, three_d_array=True),
        )

    # --- where a reader comes from --------------------------------------------------------------------------------

    def fit(
        self,
        images: Images,
        truths: ArrayLike,
        *,
        ink: str = "auto",
        ink_max: float | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Learn from images with truths; those that show no character (blank, noise) are left out.

        Parameters
        ----------
        images : array of shape (n_images, height, width), or a sequence of 2-D arrays
        truths : sequence or array of shape (n_images,)
            The true class of each image: whole numbers or booleans, whose dtype `predict` gives back, or text.
        ink, ink_max
            As in `inkmeans.normalize.normalize`.
        progress : Progress or None
            Called with what is being done and the share that is done.

        Raises
        ------
        InputError
            If no image shows a character, the numbers of images and truths differ, or a parameter is invalid.
        """
        self._settings()
        found = normalize(images, ink=ink, ink_max=ink_max, n_jobs=self.n_jobs)
        classes = as_classes(truths)
        check_as_many(images, len(found.glyphs), len(classes))
        return self.fit_glyphs(found.glyphs[found.readable], classes[found.readable], progress=progress)

    def fit_glyphs(
        self,
        glyphs: NDArray[np.uint8],
        truths: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Learn from normalized glyphs (uint8 of shape (n, 28, 28)) with truths; see `fit`.

        `sample_weight` (float of shape (n,), above 0) says for how many glyphs each counts in the least squares.
        Glyphs with the same number in `groups` (int of shape (n,)), such as one with several pens, are in one fold of
        the cross-validation.
        """
        settings = self._settings()
        training = training_set(glyphs, truths, sample_weight, groups)
        learn = learn_mixture if settings.features == "pixels" else learn_rbf
        self._model = learn(training, settings, self.n_jobs, progress)
        return self

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
        return reader._with(mixture_of_clusters(glyphs, labels, names, reader._settings(), reader.n_jobs))

    @classmethod
    def from_project(cls, project: Project, **settings: Any) -> Reader:
        """Return a reader that learned from the named glyphs of a project; settings as for `Reader`."""
        glyphs, truths = named_glyphs(project)
        reader = cls(**settings).fit_glyphs(glyphs, truths)
        reader.trained_on_ = {"project": {"n_glyphs": len(glyphs), "n_clusters": len(project.clusters)}}
        return reader

    def renamed(self, names: Sequence[str]) -> Self:
        """Return a reader with the same centers under other names, one for each center, and the same calibration.

        Only of a mixture (features="pixels"), whose centers bear their own names.
        """
        return self._with(renamed(self._fitted(), names))

    def recalibrated(self, glyphs: NDArray[np.uint8], truths: ArrayLike, *, max_error: float) -> Self:
        """Return a reader with the same centers whose confidence is learned from these glyphs and their truths.

        Only of a mixture (features="pixels"), whose centers bear their own names.

        Parameters
        ----------
        glyphs : uint8 of shape (n, 28, 28)
            Normalized glyphs, best ones that the centers were not made from.
        truths : sequence of str
            Their true names; a name that no center bears is one that the reader gets wrong.
        max_error : float
            As of `Reader`, but measured on these glyphs.
        """
        reader = self._with(recalibrated(self._fitted(), glyphs, truths, max_error, self.n_jobs))
        return reader.set_params(max_error=reader._model.settings.max_error)

    def with_gallery(self, glyphs: NDArray[np.uint8], truths: ArrayLike, *, n_per_name: int = 30) -> Self:
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
        return self._with(with_gallery(self._fitted(), glyphs, truths, n_per_name, self.n_jobs))

    def save(self, path: str | Path) -> None:
        """Write the model file; it is written beside and then replaces, so a failure leaves the old file whole."""
        save_model(self._fitted(), path)

    @classmethod
    def load(cls, name: str | Path) -> Self:
        """Return the reader in a model file, or one that ships; see `inkmeans.load`."""
        model = load_model(name)
        return cls(**asdict(model.settings))._with(model)

    # --- reading --------------------------------------------------------------------------------------------------

    def predict(
        self,
        images: Images,
        ink: str = "auto",
        ink_max: float | None = None,
        *,
        reject: bool | float = False,
    ) -> NDArray[Any]:
        """Return the likeliest class of each image; where asked to, "?" in place of those that are not sure enough.

        Parameters
        ----------
        images : array of shape (n_images, height, width), or a sequence of 2-D arrays
            Any size, either polarity, any ink scale; see `inkmeans.normalize.normalize`, also for ink and ink_max.
        reject : bool or float
            False: the result has the dtype of `classes_`, and an image that shows no character gets the class of most
            training glyphs. True: the result is text, and "?" where an image shows no character, is far from every
            center, or where the confidence is below the model's own least confidence. A number: the least confidence,
            in place of the model's.
        """
        if isinstance(reject, bool | np.bool_) and not reject:
            return self.classes_[self.predict_proba(images, ink, ink_max).argmax(axis=1)]
        readings = self.read_glyphs(images, ink, ink_max, reject=reject)
        return np.array([reading.text for reading in readings], dtype=np.str_)

    def predict_proba(self, images: Images, ink: str = "auto", ink_max: float | None = None) -> NDArray[np.float64]:
        """Return the probability of each class of `classes_`: float64 of shape (n_images, n_classes).

        Where an image shows no character, the classes' shares of the training glyphs.
        """
        model = self._fitted()
        return class_probabilities(normalize(images, ink=ink, ink_max=ink_max, n_jobs=self.n_jobs), model, self.n_jobs)

    def score(self, images: Images, truths: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the accuracy: the (weighted) share of images whose likeliest class is the true one.

        The numbers 7 and 7.0 are the text "7".
        """
        found, classes = self.predict(images), as_classes(truths)
        check_as_many(images, len(found), len(classes))
        weights = None if sample_weight is None else np.asarray(sample_weight, np.float64)
        return float(np.average(as_text(found) == as_text(classes), weights=weights))

    def read_glyphs(
        self,
        images: Images,
        ink: str = "auto",
        ink_max: float | None = None,
        *,
        reject: bool | float = True,
    ) -> list[GlyphReading]:
        """Return a `GlyphReading` for each image, its box that of the whole image.

        Arguments are as for `predict`, but those not sure enough are rejected where nothing else is asked for, and an
        image that shows no character is rejected always.
        """
        model = self._fitted()
        found = normalize(images, ink=ink, ink_max=ink_max, n_jobs=self.n_jobs)
        return readings(found, boxes_of(images), model, reject, self.n_jobs)

    def explain(self, image: ArrayLike, n: int = 5, ink: str = "auto", ink_max: float | None = None) -> Explanation:
        """Return why one image is read as it is: its normalized glyph, the reading, the n nearest centers.

        Where the reader has a gallery, its n glyphs most alike are told as well.
        """
        return explanation(self._fitted(), image, n, ink, ink_max, self.n_jobs)

    # --- what was learned -----------------------------------------------------------------------------------------

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes, sorted, in the dtype of the truths."""
        return self._fitted().classes

    @property
    def names_(self) -> NDArray[np.str_]:
        """What a reading says of each class of `classes_`."""
        return self._fitted().names

    @property
    def centers_(self) -> ClassCenters:
        """What glyphs are compared with."""
        return self._fitted().classifier.centers

    @property
    def calibration_(self) -> Calibration:
        """How sure the reader may be."""
        return self._fitted().calibration

    @calibration_.setter
    def calibration_(self, calibration: Calibration) -> None:
        self._model = replace(self._fitted(), calibration=calibration)

    @property
    def trained_on_(self) -> dict[str, Any]:
        """What the model file's header says of where the reader comes from."""
        return self._fitted().trained_on

    @trained_on_.setter
    def trained_on_(self, trained_on: dict[str, Any]) -> None:
        self._model = replace(self._fitted(), trained_on=trained_on)

    def _settings(self) -> Settings:
        return check_settings(
            Settings(self.quality, self.features, self.centers_per_name, self.max_error, self.random_state)
        )

    def _fitted(self) -> Model:
        if not hasattr(self, "_model"):
            from inkmeans.reader._not_fitted import NotFittedError

            raise NotFittedError("this Reader has learned nothing yet; call fit, or load a model file.")
        return self._model

    def _with(self, model: Model) -> Self:
        """Return a copy of this reader with another model."""
        reader = copy(self)
        reader._model = model
        return reader
