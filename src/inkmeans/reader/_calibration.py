"""How sure a reader may be: learned on glyphs that the centers were not made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkmeans.reader._products import products

FAR = 1.3
"""A glyph whose nearest center is FAR times as far as nearly all held-out glyphs' shows no known character."""

_N_SEARCHED = 4000  # held-out glyphs that the search for the temperature looks at


@dataclass(frozen=True)
class Calibration:
    """What turns distances into probabilities and a rejection.

    Attributes
    ----------
    temperature : float
        Squared distance over which a center's say falls by e.
    min_confidence : float
        Readings below are rejected.
    max_distance : float
        Glyphs whose squared distance to every center is larger are rejected: they show no known character.
    """

    temperature: float
    min_confidence: float
    max_distance: float


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Glyphs that some centers were not made from: their squared distances to those centers, and their true names.

    Attributes
    ----------
    distances : float32 of shape (n_glyphs, n_centers)
    center_names : int of shape (n_centers,)
        The column of each center's name.
    truths : int of shape (n_glyphs,)
        The column of each glyph's true name.
    """

    distances: NDArray[np.float32]
    center_names: NDArray[np.intp]
    truths: NDArray[np.intp]


def probabilities(
    distances: NDArray[np.float32], center_names: NDArray[np.intp], n_names: int, temperature: float
) -> NDArray[np.float64]:
    """Return the probability of each name: float64 of shape (n_glyphs, n_names).

    A center at squared distance d has the say exp(-d / temperature), a name the sum over its centers: the law of a
    mixture of equally wide, equally likely normal densities, one round each center.
    """
    say = np.exp((distances.min(axis=1, keepdims=True, initial=np.inf) - distances) / np.float32(temperature))
    by_name = np.zeros((len(center_names), n_names), dtype=np.float32)
    by_name[np.arange(len(center_names)), center_names] = 1.0
    total = products(say, by_name.T).astype(np.float64)
    return total / total.sum(axis=1, keepdims=True)


def calibrate(folds: Sequence[HeldOut], n_names: int, max_error: float) -> Calibration:
    """Return the calibration that held-out glyphs ask for.

    Parameters
    ----------
    folds : sequence of HeldOut
    n_names : int
    max_error : float
        The share of errors among the readings that are not rejected.

    Notes
    -----
    The temperature maximizes the likelihood of the truths (golden section on its logarithm). The least confidence is
    the smallest that keeps the errors of the accepted held-out readings within max_error.
    """
    if not folds:  # too few glyphs to hold any out
        return Calibration(1.0, 0.0, np.finfo(np.float32).max.item())
    nearest = np.concatenate([fold.distances.min(axis=1) for fold in folds])
    scale = max(float(np.median(nearest)), 1e-9)
    each = -(-_N_SEARCHED // len(folds))

    def loss(log_temperature: float) -> float:
        total = 0.0
        for fold in folds:
            truths = fold.truths[:each]
            likely = probabilities(fold.distances[:each], fold.center_names, n_names, scale * np.exp(log_temperature))
            # One glyph in a thousand may bear a wrong name: no reading is surer than that.
            total -= float(np.log(0.999 * likely[np.arange(len(truths)), truths] + 0.001 / n_names).sum())
        return total

    low, high = np.log(1e-3), np.log(1e1)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(25):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    temperature = scale * float(np.exp(0.5 * (low + high)))

    likely = np.concatenate([probabilities(fold.distances, fold.center_names, n_names, temperature) for fold in folds])
    truths = np.concatenate([fold.truths for fold in folds])
    confidence = likely.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    errors = np.cumsum(likely.argmax(axis=1)[order] != truths[order])
    within = np.flatnonzero(errors <= max_error * np.arange(1, len(order) + 1))
    if len(within) == 0:
        min_confidence = 1.0
    else:
        min_confidence = 0.0 if len(within) == len(order) else float(confidence[order[within[-1]]])
    max_distance = FAR * max(float(np.quantile(nearest, 0.999)), 1e-9)
    return Calibration(temperature, min_confidence, max_distance)
