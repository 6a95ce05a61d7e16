"""Calibration: from scores to probabilities, learned on held-out glyphs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAR = 1.3
"""A glyph whose nearest center is FAR times as far as nearly all held-out glyphs' shows no known character."""

_N_SEARCHED = 4000  # held-out glyphs that the search for the temperature looks at

ProbabilityModel = Callable[[NDArray[np.float32], float, float], NDArray[np.float64]]
"""From scores, a temperature and a smoothing to the probability of each class."""


@dataclass(frozen=True)
class Calibration:
    """What turns scores into probabilities and a rejection.

    Attributes
    ----------
    temperature : float
        By how much a score must fall for 1/e of the probability.
    min_confidence : float
        Readings below are rejected.
    max_distance : float
        Glyphs whose squared distance to every center is larger are rejected: they show no known character.
    smoothing : float
        The share of probability that is spread evenly over the classes, so that no reading is surer than held-out
        glyphs can tell.
    """

    temperature: float
    min_confidence: float
    max_distance: float
    smoothing: float = 0.0


@dataclass(frozen=True, eq=False)
class Fold:
    """The held-out glyphs of one cross-validation fold, scored by a classifier that was fitted without them.

    Attributes
    ----------
    scores : float32 of shape (n_glyphs, n_scores)
    nearest : float32 of shape (n_glyphs,)
        The squared distance to the nearest center.
    targets : int of shape (n_glyphs,)
        The index of each glyph's true class.
    probabilities : ProbabilityModel
        The classifier's.
    """

    scores: NDArray[np.float32]
    nearest: NDArray[np.float32]
    targets: NDArray[np.intp]
    probabilities: ProbabilityModel


def smoothed(likelihoods: NDArray[np.float64], smoothing: float) -> NDArray[np.float64]:
    """Return likelihoods (n_glyphs, n_classes) normalized to 1 and mixed with the uniform distribution.

    `smoothing` is the share of the latter.
    """
    total = likelihoods.sum(axis=1, keepdims=True)
    return np.asarray((1.0 - smoothing) * likelihoods / total + smoothing / max(likelihoods.shape[1], 1))


def calibrate(
    folds: Sequence[Fold], n_classes: int, scale: float, max_error: float, smoothing: float = 0.0
) -> Calibration:
    """Return the calibration that fits the held-out glyphs of cross-validation.

    Parameters
    ----------
    folds : sequence of Fold
    n_classes : int
    scale : float
        By how much a score falls where it means much: the temperature is sought from a thousandth of this to ten times
        as much.
    max_error : float
        The share of errors among the readings that are not rejected.
    smoothing : float
        As of `Calibration`.

    Notes
    -----
    The temperature maximizes the likelihood of the truths (golden-section search on its logarithm), but is at least
    scale / log(n + 1): n held-out glyphs cannot tell that `scale` makes a class more than n + 1 times less likely, and
    where nearly all of them are read right, ever lower temperatures would be likelier. The least confidence is the
    smallest that keeps the errors of the accepted held-out readings within max_error.

    Source: temperature scaling, Guo, Pleiss, Sun and Weinberger (2017), "On calibration of modern neural networks",
    section 4.2; the bound is ours.
    """
    if not folds:  # too few glyphs to hold any out
        return Calibration(scale, 0.0, np.finfo(np.float32).max.item(), smoothing)
    each = -(-_N_SEARCHED // len(folds))

    def loss(log_temperature: float) -> float:
        total = 0.0
        for fold in folds:
            targets = fold.targets[:each]
            likely = fold.probabilities(fold.scores[:each], scale * np.exp(log_temperature), smoothing)
            # One glyph in a thousand may have a wrong truth: no reading is surer than that.
            total -= float(np.log(0.999 * likely[np.arange(len(targets)), targets] + 0.001 / n_classes).sum())
        return total

    low, high = np.log(1e-3), np.log(1e1)
    golden = (np.sqrt(5.0) - 1.0) / 2.0
    for _ in range(25):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    n_held_out = sum(len(fold.targets) for fold in folds)
    temperature = scale * max(float(np.exp(0.5 * (low + high))), 1.0 / float(np.log(n_held_out + 1.0)))

    likely = np.concatenate([fold.probabilities(fold.scores, temperature, smoothing) for fold in folds])
    targets = np.concatenate([fold.targets for fold in folds])
    nearest = np.concatenate([fold.nearest for fold in folds])
    max_distance = FAR * max(float(np.quantile(nearest, 0.999)), 1e-9)
    return Calibration(temperature, _least_confidence(likely, targets, max_error), max_distance, smoothing)


def _least_confidence(likely: NDArray[np.float64], targets: NDArray[np.intp], max_error: float) -> float:
    """Return the least confidence at which no more than max_error of the accepted readings are wrong; 1 if none is."""
    confidence = likely.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    errors = np.cumsum(likely.argmax(axis=1)[order] != targets[order])
    ends = np.append(np.diff(confidence[order]) < 0.0, True)  # equal confidences are accepted together
    within = np.flatnonzero(ends & (errors <= max_error * np.arange(1, len(order) + 1)))
    if not len(within):
        return 1.0
    return 0.0 if within[-1] == len(order) - 1 else float(confidence[order[within[-1]]])
