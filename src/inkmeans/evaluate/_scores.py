"""All figures of one clustering, or of one set of readings, at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from inkmeans.evaluate._checks import Texts
from inkmeans.evaluate._clusterings import (
    adjusted_rand,
    clustering_accuracy,
    named_accuracy,
    normalized_mutual_info,
    purity,
)
from inkmeans.evaluate._confusion import Confusion, confusion_matrix
from inkmeans.names import REJECTED
from inkmeans.records import GlyphReading


@dataclass(frozen=True)
class ClusteringScores:
    """How well clusters agree with the truths, each 0 (or for `adjusted_rand` a little less) to 1.

    Attributes
    ----------
    clustering_accuracy, purity, normalized_mutual_info, adjusted_rand : float
        See the functions of these names.
    named_by_middle : float
        The share of images whose truth is that of their cluster's middle image.
    """

    clustering_accuracy: float
    purity: float
    normalized_mutual_info: float
    adjusted_rand: float
    named_by_middle: float


def clustering_scores(
    truths: Texts, labels: Sequence[int] | NDArray[Any], middles: Sequence[int] | NDArray[Any]
) -> ClusteringScores:
    """Return every figure of a clustering; `middles` is as for `named_accuracy`.

    Examples
    --------
    >>> clustering_scores(["1", "1", "7"], [0, 0, 1], [0, 2]).named_by_middle
    1.0
    """
    return ClusteringScores(
        clustering_accuracy=clustering_accuracy(truths, labels),
        purity=purity(truths, labels),
        normalized_mutual_info=normalized_mutual_info(truths, labels),
        adjusted_rand=adjusted_rand(truths, labels),
        named_by_middle=named_accuracy(truths, labels, middles),
    )


@dataclass(frozen=True, eq=False)
class ReadingScores:
    """How well glyphs were read.

    Attributes
    ----------
    read : Confusion
        As the reader answered, rejecting what it was not sure enough of.
    likeliest : Confusion
        As if it had answered with the likeliest name each time; only what shows no character is rejected.
    """

    read: Confusion
    likeliest: Confusion


def reading_scores(truths: Texts, readings: Sequence[GlyphReading]) -> ReadingScores:
    """Return what was read for each truth, with and without reject.

    Examples
    --------
    >>> unsure = GlyphReading("?", 0.5, (0, 0, 28, 28), (("7", 0.5), ("1", 0.4)))
    >>> scores = reading_scores(["7"], [unsure])
    >>> scores.read.rejected_rate, scores.likeliest.accuracy
    (1.0, 1.0)
    """
    likeliest = [reading.alternatives[0][0] if reading.alternatives else REJECTED for reading in readings]
    return ReadingScores(
        confusion_matrix(truths, [reading.text for reading in readings]), confusion_matrix(truths, likeliest)
    )
