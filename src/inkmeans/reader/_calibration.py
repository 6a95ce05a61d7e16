"""How sure a reader may be: learned on glyphs that the centers were not made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAR = 1.3
"""A glyph whose nearest center is FAR times as far as nearly all held-out glyphs' shows no known character."""

_N_SEARCHED = 4000  # held-out glyphs that the search for the temperature looks at

Law = Callable[[NDArray[np.float32], float], NDArray[np.float64]]
"""From what a glyph gives (distances, or scores) and a temperature to the probability of each name."""


@dataclass(frozen=True)
class Calibration:
    """What turns distances or scores into probabilities and a rejection.

    Attributes
    ----------
    temperature : float
        By how much a squared distance must rise, or a score fall, for e times less probability.
    min_confidence : float
        Readings below are rejected.
    max_distance : float
        Glyphs whose squared distance to every center is larger are rejected: they show no known character.
    doubt : float
        The share of probability that all names have alike, so that no reading is surer than held-out glyphs can tell.
    """

    temperature: float
    min_confidence: float
    max_distance: float
    doubt: float = 0.0


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Glyphs that a reader was not made from, as it sees them, and their true names.

    Attributes
    ----------
    values : float32 of shape (n_glyphs, n_values)
        What `law` turns into probabilities.
    nearest : float32 of shape (n_glyphs,)
        The squared distance to the nearest center.
    truths : int of shape (n_glyphs,)
        The column of each glyph's true name.
    law : Law
    """

    values: NDArray[np.float32]
    nearest: NDArray[np.float32]
    truths: NDArray[np.intp]
    law: Law


def calibrate(folds: Sequence[HeldOut], n_names: int, scale: float, max_error: float) -> Calibration:
    """Return the calibration that held-out glyphs ask for.

    Parameters
    ----------
    folds : sequence of HeldOut
    n_names : int
    scale : float
        By how much a squared distance rises, or a score falls, where it means much: the temperature is sought from a
        thousandth of this to ten times as much.
    max_error : float
        The share of errors among the readings that are not rejected.

    Notes
    -----
    The temperature maximizes the likelihood of the truths (golden section on its logarithm), but is at least
    scale / log(n + 1): n held-out glyphs cannot tell that `scale` makes a name more than n + 1 times less likely, and
    where nearly all of them are read right, ever lower temperatures would be likelier. The least confidence is the
    smallest that keeps the errors of the accepted held-out readings within max_error.
    """
    if not folds:  # too few glyphs to hold any out
        return Calibration(scale, 0.0, np.finfo(np.float32).max.item())
    each = -(-_N_SEARCHED // len(folds))

    def loss(log_temperature: float) -> float:
        total = 0.0
        for fold in folds:
            truths = fold.truths[:each]
            likely = fold.law(fold.values[:each], scale * np.exp(log_temperature))
            # One glyph in a thousand may bear a wrong name: no reading is surer than that.
            total -= float(np.log(0.999 * likely[np.arange(len(truths)), truths] + 0.001 / n_names).sum())
        return total

    low, high = np.log(1e-3), np.log(1e1)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(25):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    n_held_out = sum(len(fold.truths) for fold in folds)
    temperature = scale * max(float(np.exp(0.5 * (low + high))), 1.0 / float(np.log(n_held_out + 1.0)))

    likely = np.concatenate([fold.law(fold.values, temperature) for fold in folds])
    truths = np.concatenate([fold.truths for fold in folds])
    nearest = np.concatenate([fold.nearest for fold in folds])
    confidence = likely.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    errors = np.cumsum(likely.argmax(axis=1)[order] != truths[order])
    ends = np.append(np.diff(confidence[order]) < 0.0, True)  # equal confidences are accepted together
    within = np.flatnonzero(ends & (errors <= max_error * np.arange(1, len(order) + 1)))
    if len(within) == 0:
        min_confidence = 1.0
    else:
        min_confidence = 0.0 if within[-1] == len(order) - 1 else float(confidence[order[within[-1]]])
    max_distance = FAR * max(float(np.quantile(nearest, 0.999)), 1e-9)
    return Calibration(temperature, min_confidence, max_distance)
