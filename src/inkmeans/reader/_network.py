"""Learning a network: a dictionary of patches, few dimensions, k-means centers, and their weights by least squares."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkmeans.reader._calibration import calibrate
from inkmeans.reader._centers import NamedCenters, cluster_each_name, cluster_means
from inkmeans.reader._features import PatchPoints, Projection
from inkmeans.reader._laws import Network
from inkmeans.reader._learning import (
    Learned,
    Progress,
    Quality,
    Settings,
    centers_for,
    held_out_parts,
    network_held_out,
)

_MIN_COMPONENTS, _MAX_COMPONENTS, _GLYPHS_PER_COMPONENT = 64, 512, 20  # principal, of which few dimensions are made
N_DIMENSIONS: dict[Quality, int] = {"fast": 96, "best": 96}
"""Dimensions in which glyphs are compared."""
_SPREAD = 0.1  # of the mean variance within names, added to each: no direction in which glyphs hardly stray is blown up
_WIDTH = 0.5  # of the network's units, in median squared distances between glyphs
_LEAST_DOUBT = 0.001
_NEAR = 0.05  # of the width: squared distances below are no reason to call a glyph unknown
_RIDGE = 2e-7  # of the glyphs' whole weight, added to the diagonal, and 0.01 for few glyphs
_TURN, _STRETCH, _N_WARPS = 15.0, 0.25, 64  # degrees, log of the stretch, and how many warps are drawn
_WARPED_COUNTS = 0.5  # for how many glyphs a warped one counts
_ROWS = 5000  # whose products with all centers are in memory at a time


def learn_network(
    glyphs: NDArray[np.uint8],
    truths: NDArray[np.str_],
    weights: NDArray[np.float32],
    groups: NDArray[np.intp],
    settings: Settings,
    tell: Progress,
) -> Learned:
    """Return a reader's parts: see the module, and `Reader` for the steps."""
    from inkmeans.features import FIVE_VIEWS, TWO_VIEWS, PatchEncoder, in_components

    random = np.random.RandomState(settings.random_state)
    views = FIVE_VIEWS if settings.quality == "best" else TWO_VIEWS
    encoder = PatchEncoder(views=views, random_state=random.randint(2**31 - 1), n_jobs=settings.n_jobs).fit(glyphs)
    tell("dictionary learned")
    n_components = int(np.clip(len(glyphs) // _GLYPHS_PER_COMPONENT, _MIN_COMPONENTS, _MAX_COMPONENTS))
    components, rows = in_components(lambda i: encoder.transform(glyphs[i]), len(glyphs), n_components, random)
    tell("glyphs encoded")

    pile = _Pile(glyphs, rows, truths, weights)
    if settings.quality == "best":
        varied = _varied(glyphs, random)
        more = np.concatenate(
            [components(encoder.transform(varied[i : i + _ROWS])) for i in range(0, len(varied), _ROWS)]
        )
        pile = _Pile(glyphs, rows, truths, weights, more)
        tell("warped glyphs encoded")

    classes, columns = np.unique(truths, return_inverse=True)
    parts = list(held_out_parts(truths, groups, settings.random_state))
    # By the rule of succession, and one glyph in a thousand may bear a wrong name.
    doubt = max(_LEAST_DOUBT, 1.0 / (sum(len(out) for _, out in parts) + 2.0))
    folds = []
    for kept, out in parts:
        part = _fit(pile.only(kept), classes, settings)
        seen = rows[out] @ part.axes - part.offset
        folds.append(network_held_out(part.centers, part.network, seen, columns[out], doubt))
        tell("calibrated")
    calibration = calibrate(folds, len(classes), 1.0, settings.max_error)
    final = _fit(pile, classes, settings)
    tell("centers weighted")
    # Where all glyphs of a name are alike, what is held out lies nowhere but on its center.
    least = _NEAR * final.network.width
    calibration = replace(calibration, max_distance=max(calibration.max_distance, least), doubt=doubt)
    matrix = (components.axes @ final.axes).astype(np.float16)
    offset = components.mean @ matrix.astype(np.float32) + final.offset
    points = PatchPoints(encoder.dictionary_, Projection(matrix, offset.astype(np.float32)))
    return Learned(points, final.centers, final.network, calibration)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A network on (rows @ axes) - offset."""

    axes: NDArray[np.float32]
    offset: NDArray[np.float32]
    centers: NamedCenters
    network: Network


@dataclass(frozen=True, eq=False)
class _Pile:
    """Glyphs, their components (and those of the glyphs warped), their names, and for how many each counts."""

    glyphs: NDArray[np.uint8]
    rows: NDArray[np.float32]
    truths: NDArray[np.str_]
    weights: NDArray[np.float32]
    warped_rows: NDArray[np.float32] | None = None

    def only(self, which: NDArray[np.intp]) -> _Pile:
        """Return the part of these glyphs."""
        more = None if self.warped_rows is None else self.warped_rows[which]
        return _Pile(self.glyphs[which], self.rows[which], self.truths[which], self.weights[which], more)


def _fit(pile: _Pile, classes: NDArray[np.str_], settings: Settings) -> _Fitted:
    columns = np.searchsorted(classes, pile.truths)
    axes = discriminant_axes(pile.rows, columns, N_DIMENSIONS[settings.quality])
    points = pile.rows @ axes
    offset = points.mean(axis=0)
    points -= offset
    labels, names = cluster_each_name(
        points,
        pile.truths,
        centers_for(pile.truths, settings),
        random_state=settings.random_state,
        n_jobs=settings.n_jobs,
    )
    centers = cluster_means(pile.glyphs, points, labels, names)
    width = _WIDTH * _median_squared_distance(points, settings.random_state)
    targets = np.full((len(points), len(classes)), -1.0, dtype=np.float32)
    targets[np.arange(len(points)), columns] = 1.0
    weights = pile.weights
    if pile.warped_rows is not None:
        points = np.concatenate([points, pile.warped_rows @ axes - offset])
        targets = np.concatenate([targets, targets])
        weights = np.concatenate([weights, _WARPED_COUNTS * weights])
    return _Fitted(
        axes, offset, centers, Network(width, _least_squares(points, centers.points, width, targets, weights))
    )


def _varied(glyphs: NDArray[np.uint8], random: np.random.RandomState) -> NDArray[np.uint8]:
    """Return each glyph turned and stretched a little, as another hand might have written it."""
    from inkmeans.features import warped

    which = random.randint(_N_WARPS, size=len(glyphs))
    varied = np.empty_like(glyphs)
    for i in range(_N_WARPS):
        degrees, stretch = random.uniform(-_TURN, _TURN), float(np.exp(random.uniform(-_STRETCH, _STRETCH)))
        varied[which == i] = warped(glyphs[which == i], degrees, stretch)
    return varied


def discriminant_axes(rows: NDArray[np.float32], columns: NDArray[np.intp], n: int) -> NDArray[np.float32]:
    """Return axes along which glyphs of one name stray alike, those first along which names part most.

    float32 of shape (n_components, at most n), the largest number 1. Source: Fisher's discriminant in the form of
    Fukunaga (1990), "Introduction to statistical pattern recognition", section 10.2, with more axes than names less
    one.
    """
    sums = np.zeros((int(columns.max()) + 1, rows.shape[1]))
    np.add.at(sums, columns, rows)
    means = sums / np.maximum(np.bincount(columns), 1)[:, None]
    within = (rows - means[columns]).astype(np.float32)
    variances, axes = np.linalg.eigh((within.T @ within).astype(np.float64) / len(rows))
    total = (rows - rows.mean(axis=0)).astype(np.float64)
    total = total.T @ total / len(rows)
    spread = variances.mean() or np.trace(total) / len(total) or 1.0  # one glyph of each name strays nowhere
    white = axes / np.sqrt(np.maximum(variances, 0.0) + _SPREAD * spread)
    _, turned = np.linalg.eigh(white.T @ total @ white)
    found = white @ turned[:, ::-1][:, :n]
    return np.asarray(found / max(np.abs(found).max(), 1e-12), dtype=np.float32)  # float16 has room for them


def _median_squared_distance(points: NDArray[np.float32], seed: int) -> float:
    """Return the median over 500 x 500 pairs of different points; 1 where all are alike."""
    random = np.random.default_rng(seed)
    one, other = (points[random.integers(len(points), size=500)].astype(np.float64) for _ in range(2))
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)
    squared = (squares - 2.0 * one @ other.T).ravel()
    apart = squared[squared > max(1e-9 * squares.max(), 1e-12)]  # more than rounding
    return float(np.median(apart)) if len(apart) else 1.0


def _least_squares(
    points: NDArray[np.float32],
    centers: NDArray[np.float32],
    width: float,
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return each center's weight for each name: float32 of shape (n_centers, n_names)."""
    from scipy.linalg import cho_factor, cho_solve

    gram = np.zeros((len(centers), len(centers)))
    right = np.zeros((len(centers), targets.shape[1]))
    squares = (centers**2).sum(axis=1)
    for start in range(0, len(points), _ROWS):
        part = points[start : start + _ROWS]
        root = np.sqrt(weights[start : start + _ROWS, None])
        distances = (part**2).sum(axis=1)[:, None] + squares - 2.0 * (part @ centers.T)
        say = root * np.exp(np.maximum(distances, 0.0) / np.float32(-width))
        gram += say.T @ say
        right += say.T @ (root * targets[start : start + _ROWS])
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
