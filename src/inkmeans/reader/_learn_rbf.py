"""Learning an RBF classifier: patches, discriminant axes, k-means centers, and their weights by least squares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkmeans.progress import Progress, Stages
from inkmeans.reader._calibration import calibrate
from inkmeans.reader._centers import cluster_each_class, cluster_means
from inkmeans.reader._model import Model, fold_of
from inkmeans.reader._points import PatchPoints, Projection
from inkmeans.reader._rbf import RBFClassifier
from inkmeans.reader._settings import Settings, n_centers_for
from inkmeans.reader._training_set import TrainingSet, cross_validation_folds

_MIN_COMPONENTS, _MAX_COMPONENTS, _GLYPHS_PER_COMPONENT = 64, 512, 20  # principal, of which few dimensions are made
N_DIMENSIONS = 96
"""Dimensions in which glyphs are compared."""
_SHRINKAGE = 0.1  # of the mean variance within classes, added to each: no axis of hardly any variance is blown up
_BANDWIDTH = 0.5  # of the responses, in median squared distances between glyphs
_LEAST_SMOOTHING = 0.001
_NEAR = 0.05  # of the bandwidth: squared distances below are no reason to call a glyph unknown
_RIDGE = 2e-7  # of the glyphs' whole weight, added to the diagonal, and 0.01 for few glyphs
_TURN, _STRETCH, _N_WARPS = 15.0, 0.25, 64  # degrees, log of the stretch, and how many warps are drawn
_AUGMENTED_COUNTS = 0.5  # for how many glyphs an augmented one counts
_DICTIONARY, _ENCODING, _AUGMENTING = "learning a dictionary", "encoding glyphs", "encoding augmented glyphs"
_CALIBRATING, _WEIGHTING = "calibrating", "weighting centers"
_ROWS = 5000  # whose products with all centers are in memory at a time


def learn_rbf(training: TrainingSet, settings: Settings, n_jobs: int | None, progress: Progress | None) -> Model:
    """Return a calibrated RBF classifier on the responses of glyphs to a dictionary of patches; see `Reader`."""
    from inkmeans.features import FIVE_VIEWS, TWO_VIEWS, PatchEncoder, in_components

    glyphs, targets, n_classes = training.glyphs, training.targets, len(training.classes)
    random = np.random.RandomState(settings.random_state)
    splits = list(cross_validation_folds(targets, training.groups, settings.random_state))
    stages = Stages(progress, _seconds(len(glyphs), len(splits), settings))
    stages.reach(_DICTIONARY)
    views = FIVE_VIEWS if settings.quality == "best" else TWO_VIEWS
    encoder = PatchEncoder(views=views, random_state=random.randint(2**31 - 1), n_jobs=n_jobs).fit(glyphs)
    stages.reach(_ENCODING)
    n_components = int(np.clip(len(glyphs) // _GLYPHS_PER_COMPONENT, _MIN_COMPONENTS, _MAX_COMPONENTS))
    components, rows = in_components(lambda i: encoder.transform(glyphs[i]), len(glyphs), n_components, random)

    whole = _Rows(glyphs, rows, targets, training.weights)
    if settings.quality == "best":
        stages.reach(_AUGMENTING)
        augmented = _augmented(glyphs, random)
        more = np.concatenate(
            [components(encoder.transform(augmented[i : i + _ROWS])) for i in range(0, len(augmented), _ROWS)]
        )
        whole = replace(whole, augmented=more)

    # By the rule of succession, and one glyph in a thousand may have a wrong truth.
    smoothing = max(_LEAST_SMOOTHING, 1.0 / (sum(len(out) for _, out in splits) + 2.0))
    folds = []
    for i, (kept, out) in enumerate(splits):
        stages.reach(_CALIBRATING, i / len(splits))
        fitted = _fit(whole.only(kept), n_classes, settings, n_jobs)
        folds.append(fold_of(fitted.classifier, rows[out] @ fitted.axes - fitted.offset, targets[out], n_jobs))
    stages.reach(_WEIGHTING)
    calibration = calibrate(folds, n_classes, 1.0, settings.max_error, smoothing)
    final = _fit(whole, n_classes, settings, n_jobs)
    # Where all glyphs of a class are equal, what is held out lies nowhere but on its center.
    least = _NEAR * final.classifier.bandwidth
    calibration = replace(calibration, max_distance=max(calibration.max_distance, least))
    matrix = (components.axes @ final.axes).astype(np.float16)
    offset = components.mean @ matrix.astype(np.float32) + final.offset
    points = PatchPoints(encoder.dictionary_, Projection(matrix, offset.astype(np.float32)))
    return Model(points, final.classifier, calibration, training.classes, settings)


def _seconds(n: int, n_folds: int, settings: Settings) -> dict[str, float]:
    """Return the seconds of each stage for n glyphs, as timed from 6,000 of MNIST on two processors."""
    best = settings.quality == "best"
    augmenting = {_AUGMENTING: 4e-4 * n} if best else {}
    fit = (5e-4 if best else 3e-4) * n
    return {_DICTIONARY: 1.0, _ENCODING: 6e-4 * n, **augmenting, _CALIBRATING: fit * n_folds, _WEIGHTING: fit}


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A classifier of (rows @ axes) - offset."""

    axes: NDArray[np.float32]
    offset: NDArray[np.float32]
    classifier: RBFClassifier


@dataclass(frozen=True, eq=False)
class _Rows:
    """Glyphs, their components (and those of augmented copies), their classes, and for how many each counts."""

    glyphs: NDArray[np.uint8]
    rows: NDArray[np.float32]
    targets: NDArray[np.intp]
    weights: NDArray[np.float32]
    augmented: NDArray[np.float32] | None = None

    def only(self, which: NDArray[np.intp]) -> _Rows:
        """Return these of the rows."""
        more = None if self.augmented is None else self.augmented[which]
        return _Rows(self.glyphs[which], self.rows[which], self.targets[which], self.weights[which], more)


def _fit(data: _Rows, n_classes: int, settings: Settings, n_jobs: int | None) -> _Fitted:
    seed = settings.random_state
    axes = discriminant_axes(data.rows, data.targets, N_DIMENSIONS)
    points = data.rows @ axes
    offset = points.mean(axis=0)
    points -= offset
    n_centers = n_centers_for(np.bincount(data.targets, minlength=n_classes), settings)
    labels, classes = cluster_each_class(points, data.targets, n_centers, random_state=seed, n_jobs=n_jobs)
    centers = cluster_means(data.glyphs, points, labels, classes)
    bandwidth = _BANDWIDTH * _median_squared_distance(points, seed)
    wanted = np.full((len(points), n_classes), -1.0, dtype=np.float32)
    wanted[np.arange(len(points)), data.targets] = 1.0
    weights = data.weights
    if data.augmented is not None:
        points = np.concatenate([points, data.augmented @ axes - offset])
        wanted = np.concatenate([wanted, wanted])
        weights = np.concatenate([weights, _AUGMENTED_COUNTS * weights])
    solved = least_squares(points, centers.points, bandwidth, wanted, weights)
    return _Fitted(axes, offset, RBFClassifier(centers, bandwidth, solved))


def _augmented(glyphs: NDArray[np.uint8], random: np.random.RandomState) -> NDArray[np.uint8]:
    """Return each glyph turned and stretched a little, as another writer might have written it."""
    from inkmeans.features import warped

    which = random.randint(_N_WARPS, size=len(glyphs))
    augmented = np.empty_like(glyphs)
    for i in range(_N_WARPS):
        degrees, stretch = random.uniform(-_TURN, _TURN), float(np.exp(random.uniform(-_STRETCH, _STRETCH)))
        augmented[which == i] = warped(glyphs[which == i], degrees, stretch)
    return augmented


def discriminant_axes(rows: NDArray[np.float32], targets: NDArray[np.intp], n: int) -> NDArray[np.float32]:
    """Return axes along which the variance within classes is equal, those of the largest variance between them first.

    float32 of shape (n_components, at most n), the largest number 1. Source: Fisher's linear discriminant in the form
    of Fukunaga (1990), "Introduction to statistical pattern recognition", section 10.2, with more axes than classes
    less one.
    """
    sums = np.zeros((int(targets.max()) + 1, rows.shape[1]))
    np.add.at(sums, targets, rows)
    means = sums / np.maximum(np.bincount(targets), 1)[:, None]
    within = (rows - means[targets]).astype(np.float32)
    variances, axes = np.linalg.eigh((within.T @ within).astype(np.float64) / len(rows))
    total = (rows - rows.mean(axis=0)).astype(np.float64)
    total = total.T @ total / len(rows)
    mean = variances.mean() or np.trace(total) / len(total) or 1.0  # one glyph of each class has no variance
    white = axes / np.sqrt(np.maximum(variances, 0.0) + _SHRINKAGE * mean)
    _, turned = np.linalg.eigh(white.T @ total @ white)
    found = white @ turned[:, ::-1][:, :n]
    return np.asarray(found / max(np.abs(found).max(), 1e-12), dtype=np.float32)  # float16 has room for them


def _median_squared_distance(points: NDArray[np.float32], seed: int) -> float:
    """Return the median over 500 x 500 pairs of different points; 1 where all are equal."""
    random = np.random.default_rng(seed)
    one, other = (points[random.integers(len(points), size=500)].astype(np.float64) for _ in range(2))
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)
    squared = (squares - 2.0 * one @ other.T).ravel()
    apart = squared[squared > max(1e-9 * squares.max(), 1e-12)]  # more than rounding
    return float(np.median(apart)) if len(apart) else 1.0


def least_squares(
    points: NDArray[np.float32],
    centers: NDArray[np.float32],
    bandwidth: float,
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the responses' weights by weighted ridge regression: float32 of shape (n_centers, n_classes).

    Solves (R'WR + ridge I) B = R'WT by Cholesky, R the responses, W the weights of the points and T the targets. R is
    never in memory whole. Source: Broomhead and Lowe (1988), "Multivariable functional interpolation and adaptive
    networks".
    """
    from scipy.linalg import cho_factor, cho_solve

    gram = np.zeros((len(centers), len(centers)))
    right = np.zeros((len(centers), targets.shape[1]))
    squares = (centers**2).sum(axis=1)
    for start in range(0, len(points), _ROWS):
        part = points[start : start + _ROWS]
        root = np.sqrt(weights[start : start + _ROWS, None])
        distances = (part**2).sum(axis=1)[:, None] + squares - 2.0 * (part @ centers.T)
        responses = root * np.exp(np.maximum(distances, 0.0) / np.float32(-bandwidth))
        gram += responses.T @ responses
        right += responses.T @ (root * targets[start : start + _ROWS])
    ridge = _RIDGE * float(weights.sum()) + 0.01
    while True:
        sloped = gram.copy()
        sloped[np.diag_indices(len(gram))] += ridge
        try:
            factor = cho_factor(sloped, overwrite_a=True)
        except np.linalg.LinAlgError:  # the products' float32 rounding outweighs the ridge
            ridge *= 10.0
        else:
            return np.asarray(cho_solve(factor, right), dtype=np.float32)
