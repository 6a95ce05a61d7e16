"""How one drawing is read on the road from the lesson to a reader, each stage of the road taken or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from inkmeans.images import Drawing
from inkmeans.lesson._models import DigitClusters, cluster_digits
from inkmeans.lesson._pad import PAD_INK, pad_numbers
from inkmeans.lesson._prepare import DIGITS_INK, PREPARATIONS, Preparation, prepare_for_reader, prepare_pad
from inkmeans.normalize import Normalized, Verdict
from inkmeans.reader import Explanation, Reader, explain_glyphs

STAGES = ("names", "ink", "place", "slant", "clusters", "reader")
"""The road, in its order. names: from the copied list to a look at each center; ink: full ink from 7.63 to 16; place:
one size, in the middle; slant: removed; clusters: k from 10 to 64; reader: patches of strokes and its own centers, in
place of pixels and those of the digits. The first and the last two are what is done with an input, not to it."""
N_NEAREST = 5


@dataclass(frozen=True, eq=False)
class Input:
    """A drawing after one preparation, and what is nearest to it.

    Attributes
    ----------
    ink : bool
        Whether full ink is as in the digits.
    preparation : Preparation
    image : float64 of shape (8, 8) or (28, 28)
        What k-means compares, made from the pad's numbers.
    nearest : dict
        For each k the nearest clusters and their distances, the nearest first.
    explanation : Explanation
        What the reader makes of the drawing in its full sharpness.
    """

    ink: bool
    preparation: Preparation
    image: NDArray[np.float64]
    nearest: dict[int, list[tuple[int, float]]]
    explanation: Explanation


@dataclass(frozen=True, eq=False)
class DrawingWays:
    """A drawing read in all ways.

    Attributes
    ----------
    verdict : str
        What the normalizer finds it to be.
    numbers : float64 of shape (8, 8)
        What the lesson's pad gives.
    inputs : tuple of Input
        One for each way to prepare it, `PREPARATIONS` without and with ink.
    """

    verdict: Verdict
    numbers: NDArray[np.float64]
    inputs: tuple[Input, ...]


class Ways:
    """Reads drawings in all ways.

    Parameters
    ----------
    reader : Reader
        The last stage.
    looker : Reader or None
        Proposes the clusters' names; None for `reader`, which must know digits then.

    Attributes
    ----------
    models : tuple of DigitClusters
    """

    def __init__(self, reader: Reader, looker: Reader | None = None) -> None:
        self._reader = reader
        self.models: tuple[DigitClusters, ...] = cluster_digits(looker or reader)

    def read(self, drawing: Drawing, pad_pen: float | None = None) -> DrawingWays:
        """Return how a drawing is read in each way.

        Parameters
        ----------
        drawing : Drawing
        pad_pen : float or None
            The diameter of the pen with which the lesson's pad draws the same strokes, in the drawing's pixels; None
            for the drawing's own.
        """
        numbers = pad_numbers(drawing, pad_pen)
        combinations = list(product((False, True), PREPARATIONS))
        images = [prepare_pad(numbers, preparation, ink=ink) for ink, preparation in combinations]
        nearest: list[dict[int, list[tuple[int, float]]]] = [{} for _ in combinations]
        for model in self.models:
            places = [i for i, (_, preparation) in enumerate(combinations) if preparation == model.preparation]
            found = model.nearest(np.stack([images[i] for i in places]), N_NEAREST)
            for i, clusters in zip(places, found, strict=True):
                nearest[i][model.k] = clusters
        seen = prepare_for_reader(drawing, PREPARATIONS)
        verdict = seen[0].verdicts[0]
        explanations = self._explain(seen)
        inputs = tuple(
            Input(ink, preparation, image, near, explanation)
            for (ink, preparation), image, near, explanation in zip(
                combinations, images, nearest, explanations, strict=True
            )
        )
        return DrawingWays(verdict, numbers, inputs)

    def _explain(self, seen: Sequence[Normalized]) -> list[Explanation]:
        full = np.concatenate([one.glyphs for one in seen])
        faint = np.rint(full * (PAD_INK / DIGITS_INK)).astype(np.uint8)
        verdicts = [verdict for one in seen for verdict in one.verdicts]
        return explain_glyphs(self._reader, Normalized(np.concatenate([faint, full]), 2 * verdicts), N_NEAREST)
