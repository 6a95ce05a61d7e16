"""What reading gives: the images, where each came from, the truths where known, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Problem:
    """One input that could not be read, or not wholly; `message` is a sentence for the user that names the source."""

    source: str
    message: str


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images that were read together.

    Attributes
    ----------
    images : array of shape (n, height, width), or list of 2-D arrays
        An array where the file holds one (IDX, npz, npy), otherwise a list, as sizes may differ. uint8 or float.
    sources : list of str
        Where each image came from: ``"scans/a.png"``, ``"mnist.idx[17]"``, ``"mnist.npz#test_images[17]"``.
    truths : list of str, or None
        The true text of each image, or None where it is not known for all of them.
    problems : list of Problem
        Inputs that could not be read; the rest was read all the same.
    no_truths : str
        Where `truths` is None: why, as a sentence for the user.
    """

    images: NDArray[Any] | list[NDArray[Any]]
    sources: list[str]
    truths: list[str] | None = None
    problems: list[Problem] = field(default_factory=list)
    no_truths: str = ""

    def __len__(self) -> int:
        return len(self.sources)
