"""What a reader makes of images, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from inkmeans import Reader


@dataclass(frozen=True, eq=False)
class Answers:
    """What was read for images whose truths are known; arrays of shape (n_images,).

    Attributes
    ----------
    right : bool
        Whether the likeliest name is the true one, whether or not it was rejected; an image that shows no character
        has none.
    confidences : float64
        The probability of the likeliest name; 0 for an image that shows no character.
    accepted : bool
        What the reader answers when it may reject.
    """

    right: NDArray[np.bool_]
    confidences: NDArray[np.float64]
    accepted: NDArray[np.bool_]

    @property
    def right_percent(self) -> float:
        """How many in a hundred are right when nothing may be rejected."""
        return float(100 * self.right.mean())

    @property
    def accepted_percent(self) -> float:
        """How many in a hundred are answered."""
        return float(100 * self.accepted.mean())

    @property
    def wrong_among_accepted(self) -> float:
        """How many in a hundred of those answered are wrong."""
        return 100 * self.n_wrong / max(int(self.accepted.sum()), 1)

    @property
    def n_wrong(self) -> int:
        """How many are answered, and wrong."""
        return int((self.accepted & ~self.right).sum())

    @property
    def calibration_error(self) -> float:
        """Points between confidence and share right, in 15 bins."""
        from inkmeans.evaluate import expected_calibration_error

        return 100 * expected_calibration_error(self.confidences, self.right)

    def calibration_interval(self) -> tuple[float, float]:
        """Return what 95 % of 1,000 drawings with replacement have as calibration error.

        It lies a little high: on drawings with repeats, chance alone parts confidence from share more.
        """
        from inkmeans.evaluate import expected_calibration_error

        random = np.random.default_rng(0)
        drawings = random.integers(len(self.right), size=(1000, len(self.right)))
        errors = [expected_calibration_error(self.confidences[rows], self.right[rows]) for rows in drawings]
        low, high = 100 * np.percentile(errors, (2.5, 97.5))
        return float(low), float(high)


def answers(reader: Reader, images: NDArray[Any], truths: NDArray[Any]) -> Answers:
    """Return what a reader makes of images, each read once."""
    from inkmeans.names import REJECTED

    readings = reader.read_glyphs(images)
    likeliest = [reading.alternatives[0] if reading.alternatives else (REJECTED, 0.0) for reading in readings]
    return Answers(
        np.array([name for name, _ in likeliest]) == truths.astype(str),
        np.array([probability for _, probability in likeliest]),
        np.array([reading.text != REJECTED for reading in readings]),
    )
