"""How sure a reader may be: learned on glyphs that the centers were not made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAR = 1.3
"""A glyph whose nearest center is FAR times as far as nearly all held-out glyphs' shows no known character."""


@dataclass(frozen=True)
class Calibration:
    """What turns distances into probabilities and a rejection.

    Attributes
    ----------
    temperature : float
        Squared distance over which the odds of a name fall by e.
    min_confidence : float
        Readings below are rejected.
    max_distance : float
        Glyphs whose squared distance to every center is larger are rejected: they show no known character.
    """

    temperature: float
    min_confidence: float
    max_distance: float


def name_distances(
    distances: NDArray[np.float32], center_names: NDArray[np.str_], names: NDArray[np.str_]
) -> NDArray[np.float32]:
    """Return the squared distance to the nearest center of each name: float32 of shape (n_glyphs, n_names)."""
    return np.stack([distances[:, center_names == name].min(axis=1) for name in names], axis=1)


def probabilities(nearest: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Return softmax(-distance / temperature) over the names: float64 of shape (n_glyphs, n_names)."""
    scores = -(nearest - nearest.min(axis=1, keepdims=True)).astype(np.float64) / temperature
    weights = np.exp(scores)
    return weights / weights.sum(axis=1, keepdims=True)


def calibrate(nearest: NDArray[np.float32], truths: NDArray[np.intp], max_error: float) -> Calibration:
    """Return the calibration for held-out glyphs.

    Parameters
    ----------
    nearest : float32 of shape (n_glyphs, n_names)
        From `name_distances`, on glyphs that the centers were not made from.
    truths : int of shape (n_glyphs,)
        The column of each glyph's true name.
    max_error : float
        The share of errors among the readings that are not rejected.

    Notes
    -----
    The temperature maximizes the likelihood of the truths (golden section on its logarithm). The least confidence is
    the smallest that keeps the errors of the accepted held-out readings within max_error.
    """
    rows = np.arange(len(truths))
    scale = max(float(np.median(nearest.min(axis=1))), 1e-9)

    def loss(log_temperature: float) -> float:
        right = probabilities(nearest, scale * np.exp(log_temperature))[rows, truths]
        # One glyph in a thousand may bear a wrong name: no reading is surer than that.
        return -float(np.log(0.999 * right + 0.001 / nearest.shape[1]).sum())

    low, high = np.log(1e-3), np.log(1e2)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    temperature = scale * float(np.exp(0.5 * (low + high)))

    confidence = probabilities(nearest, temperature).max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    errors = np.cumsum(nearest.argmin(axis=1)[order] != truths[order])
    within = np.flatnonzero(errors <= max_error * np.arange(1, len(order) + 1))
    # All accepted: no threshold is needed. None accepted: only the certain ones are.
    if len(within) == len(order) or not len(order):
        min_confidence = 0.0
    else:
        min_confidence = float(confidence[order[within[-1]]]) if len(within) else 1.0
    max_distance = FAR * float(np.quantile(nearest.min(axis=1), 0.999))
    return Calibration(temperature, min_confidence, max_distance)
