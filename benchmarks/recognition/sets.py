"""The sets of glyphs that are clustered and read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def image_set(data: Path, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the images and truths of a whole set, or of the part of MNIST that no constant was chosen on."""
    if name == "digits":
        from sklearn.datasets import load_digits

        bunch = load_digits()
        return bunch.images, bunch.target
    if name == "mnist-unused":
        images, truths = image_set(data, "mnist")
        return images[30_000:], truths[30_000:]
    with np.load(data / f"{name}.npz") as held:
        if name in ("mnist", "optdigits"):
            return tuple(np.concatenate([held[f"{part}_{what}"] for part in ("train", "test")])
                         for what in ("images", "labels"))  # fmt: skip
        prefix = "kannada_test_" if name == "kannada" else ""
        return held[prefix + "images"], held[prefix + "labels"]
