"""Learning a mixture: k-means on the pixels of each class apart, or clusters that people named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.progress import Progress, Stages
from inkmeans.reader._calibration import Calibration, Fold, calibrate
from inkmeans.reader._centers import cluster_each_class, cluster_means
from inkmeans.reader._classes import as_classes, as_text, clean_names
from inkmeans.reader._mixture import Mixture
from inkmeans.reader._model import Model, fold_of
from inkmeans.reader._points import PixelPoints
from inkmeans.reader._settings import Settings, check_max_error, n_centers_for
from inkmeans.reader._training_set import TrainingSet, cross_validation_folds

_CALIBRATING, _CLUSTERING = "calibrating", "clustering each class"


def learn_mixture(training: TrainingSet, settings: Settings, n_jobs: int | None, progress: Progress | None) -> Model:
    """Return a mixture of the centers that k-means finds among the glyphs of each class apart."""
    stages = Stages(progress, {_CALIBRATING: 4.0, _CLUSTERING: 1.0})
    stages.reach(_CALIBRATING)
    points = PixelPoints()
    rows = points(training.glyphs)
    n_centers = n_centers_for(training.counts, settings)
    n_classes = len(training.classes)
    calibration = _calibration(training.glyphs, rows, training.targets, n_centers, settings, n_jobs)
    stages.reach(_CLUSTERING)
    seed = settings.random_state
    labels, classes = cluster_each_class(rows, training.targets, n_centers, random_state=seed, n_jobs=n_jobs)
    centers = cluster_means(training.glyphs, rows, labels, classes)
    return Model(points, Mixture(centers, n_classes), calibration, training.classes, settings)


def mixture_of_clusters(
    glyphs: NDArray[np.uint8],
    labels: ArrayLike,
    names: Sequence[str | None],
    settings: Settings,
    n_jobs: int | None,
) -> Model:
    """Return a mixture whose centers are the clusters with names; see `Reader.from_clusters`."""
    labels = np.asarray(labels)
    if len(labels) != len(glyphs):
        raise InputError(
            f"labels must give each glyph's cluster: there are {len(glyphs)} glyphs and {len(labels)} labels."
        )
    named = {j: name for j, name in enumerate(names) if name is not None and np.any(labels == j)}
    if not named:
        raise InputError("a reader needs at least one cluster with a name; got none.")
    classes, of_clusters = np.unique(clean_names(list(named.values())), return_inverse=True)
    kept = np.isin(labels, list(named))
    glyphs, own = glyphs[kept], np.searchsorted(list(named), labels[kept])
    points = PixelPoints()
    rows = points(glyphs)
    calibration = _calibration(glyphs, rows, of_clusters[own], np.bincount(of_clusters), settings, n_jobs)
    mixture = Mixture(cluster_means(glyphs, rows, own, of_clusters), len(classes))
    return Model(points, mixture, calibration, classes, settings)


def renamed(model: Model, names: Sequence[str]) -> Model:
    """Return the model of a mixture with the same centers under other names, one for each; without a gallery."""
    mixture = _mixture_of(model, "renamed")
    if len(names) != len(mixture.centers.classes) or not all(names):
        raise InputError(f"names must hold a name for each of the {len(mixture.centers.classes)} centers.")
    classes, of_centers = np.unique(clean_names(names), return_inverse=True)
    changed = Mixture(replace(mixture.centers, classes=of_centers), len(classes))
    return replace(model, classifier=changed, classes=classes, gallery=None)


def recalibrated(
    model: Model, glyphs: NDArray[np.uint8], truths: ArrayLike, max_error: float, n_jobs: int | None
) -> Model:
    """Return the model of a mixture with another calibration; see `Reader.recalibrated`."""
    mixture = _mixture_of(model, "recalibrated")
    settings = replace(model.settings, max_error=check_max_error(max_error))
    names, known = as_text(as_classes(truths)), model.names
    if len(names) != len(glyphs) or not len(glyphs):
        raise InputError(f"truths must name each glyph: there are {len(glyphs)} glyphs and {len(names)} truths.")
    # A truth that no center bears is one more class, without a center.
    classes = np.union1d(known, names)
    of_centers = np.searchsorted(classes, known)[mixture.centers.classes]
    wider = Mixture(replace(mixture.centers, classes=of_centers), len(classes))
    fold = fold_of(wider, model.points(glyphs, n_jobs), np.searchsorted(classes, names), n_jobs)
    calibration = calibrate([fold], len(classes), _scale([fold]), settings.max_error)
    return replace(model, calibration=calibration, settings=settings)


def _mixture_of(model: Model, what: str) -> Mixture:
    if not isinstance(model.classifier, Mixture):
        raise InputError(f"only a reader whose centers bear their own names (features='pixels') can be {what}.")
    return model.classifier


def _calibration(
    glyphs: NDArray[np.uint8],
    rows: NDArray[np.float32],
    targets: NDArray[np.intp],
    n_centers: NDArray[np.integer],
    settings: Settings,
    n_jobs: int | None,
) -> Calibration:
    """Return the calibration by cross-validation: in each fold k-means runs anew with as many centers."""
    n_classes, seed = len(n_centers), settings.random_state
    folds = []
    for kept, out in cross_validation_folds(targets, np.arange(len(targets)), seed):
        labels, classes = cluster_each_class(rows[kept], targets[kept], n_centers, random_state=seed, n_jobs=n_jobs)
        mixture = Mixture(cluster_means(glyphs[kept], rows[kept], labels, classes), n_classes)
        folds.append(fold_of(mixture, rows[out], targets[out], n_jobs))
    return calibrate(folds, n_classes, _scale(folds), settings.max_error)


def _scale(folds: Sequence[Fold]) -> float:
    """Return the median squared distance to the nearest center: the scale of a mixture's temperature."""
    nearest = np.concatenate([fold.nearest for fold in folds]) if folds else np.ones(1)
    return max(float(np.median(nearest)), 1e-9)
