"""How near the expected accuracy comes to the true one, on sets that the estimate was not fitted to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.work import Work

NUMBERS = (10, 20, 50, 100, 200)
N_LETTERS = 10_000


def measure(data: Path, run: int) -> dict[str, float]:
    """Return the accuracy expected without truths, and the true one of one look each, in %, by set and number.

    `run` is the seed; it also draws the letters.
    """
    from inkmeans.cluster import AccuracyEstimate, cut, embed
    from inkmeans.evaluate import named_accuracy
    from inkmeans.normalize import normalize

    found = {}
    for name, images, truths in sets(data, run):
        normalized = normalize(images)
        readable = normalized.readable
        embedding = embed(normalized.glyphs[readable], random_state=run)
        estimate = AccuracyEstimate(embedding)
        for number in NUMBERS:
            partition = cut(embedding, number)
            expected = estimate(partition)
            # Blank images are in no cluster, and no name is expected for them.
            true = named_accuracy(truths[readable], partition.labels, partition.middles)
            found[f"{name}, {number} clusters, expected, %"] = 100 * expected.accuracy
            found[f"{name}, {number} clusters, low, %"] = 100 * expected.low
            found[f"{name}, {number} clusters, high, %"] = 100 * expected.high
            found[f"{name}, {number} clusters, true, %"] = 100 * true
    return found


def sets(data: Path, run: int) -> Iterator[tuple[str, NDArray[Any], NDArray[Any]]]:
    """Yield the name, images and truths of each set."""
    from sklearn.datasets import load_digits

    with np.load(data / "mnist.npz") as held:
        yield "mnist-test", held["test_images"], held["test_labels"]
    with np.load(data / "optdigits.npz") as held:
        images, truths = (
            np.concatenate([held[f"{part}_{what}"] for part in ("train", "test")]) for what in ("images", "labels")
        )
        yield "optdigits", images, truths
    digits = load_digits()
    yield "digits", digits.images, digits.target
    with np.load(data / "semeion.npz") as held:
        yield "semeion", held["images"], held["labels"]
    with np.load(data / "kannada.npz") as held:
        yield "kannada", held["kannada_test_images"], held["kannada_test_labels"]
    with np.load(data / "letters.npz") as held:
        drawn = np.sort(np.random.default_rng(run).permutation(len(held["images"]))[:N_LETTERS])
        yield "letters", held["images"][drawn], held["labels"][drawn]


WORK = Work("choose-k", 1, measure, {})
