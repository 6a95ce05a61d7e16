"""The model: what a reader has learned, and what a model file holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.reader._calibration import Calibration, Fold
from inkmeans.reader._classes import as_text
from inkmeans.reader._mixture import Mixture
from inkmeans.reader._points import Points
from inkmeans.reader._rbf import RBFClassifier
from inkmeans.reader._settings import Settings

Classifier = Mixture | RBFClassifier
"""What gives the scores of points, and from scores the probability of each class."""


@dataclass(frozen=True, eq=False)
class Gallery:
    """Real glyphs to show beside a reading: uint8 of shape (n, 28, 28), in 16 levels, and their classes' indices."""

    glyphs: NDArray[np.uint8]
    classes: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Model:
    """From normalized glyphs to probabilities of classes.

    Attributes
    ----------
    points : Points
        From glyphs to what the classifier compares.
    classifier : Mixture or RBFClassifier
    calibration : Calibration
    classes : array of shape (n_classes,)
        Sorted; the classifier, the centers and the gallery speak of them by index.
    settings : Settings
        How it was learned.
    gallery : Gallery or None
    trained_on : dict
        What the model file's header says of where the model comes from.
    """

    points: Points
    classifier: Classifier
    calibration: Calibration
    classes: NDArray[Any]
    settings: Settings
    gallery: Gallery | None = None
    trained_on: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def names(self) -> NDArray[np.str_]:
        """What a reading says of each class: text of shape (n_classes,)."""
        return as_text(self.classes)

    @cached_property
    def class_priors(self) -> NDArray[np.float64]:
        """The share of the training glyphs that each class has: float64 of shape (n_classes,)."""
        centers = self.classifier.centers
        counts = np.bincount(centers.classes, centers.counts, minlength=len(self.classes))
        return np.asarray(counts / counts.sum())

    @cached_property
    def gallery_points(self) -> NDArray[np.float32]:
        """The points of the gallery's glyphs: float32 of shape (n_glyphs, n_dimensions)."""
        assert self.gallery is not None
        return self.points(self.gallery.glyphs)


def fold_of(classifier: Classifier, points: NDArray[np.float32], targets: NDArray[np.intp], n_jobs: int | None) -> Fold:
    """Return the held-out points of a fold with their scores, given by a classifier that was fitted without them."""
    distances = classifier.centers.squared_distances(points, n_jobs)
    probabilities = partial(classifier.probabilities, n_jobs=n_jobs)
    return Fold(classifier.scores(distances, n_jobs), distances.min(axis=1), targets, probabilities)
