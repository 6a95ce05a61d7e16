"""Clusterings without a label: clusters matched to truths, clusters named by one look each, the time and the memory."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognition.sets import image_set
from recognition.work import Work

MATCHED, NAMED, SECONDS = "10 clusters, matched, %", "50 clusters, one look each, %", "10 clusters of 70,000, seconds"
LONGER, LARGER = "250,000 glyphs, times 62,500: seconds", "250,000 glyphs, times 62,500: peak memory"
WAYS = ((0.0, 1.0), (8.0, 1.0), (-8.0, 1.0), (0.0, 1.15))  # degrees and stretch that 70,000 glyphs become 250,000 by


def drawn(n: int, run: int) -> NDArray[np.intp]:
    """Return the rows of a run, in its order: all as they lie, and from the second run on 90 % in another order."""
    return np.arange(n) if run == 0 else np.random.default_rng(run).permutation(n)[: int(0.9 * n)]


def clusters(name: str) -> Callable[[Path, int], dict[str, float]]:
    """Return the measurement of one set: clusters matched to truths, and clusters named by one look each."""

    def measure(data: Path, run: int) -> dict[str, float]:
        from inkmeans import GlyphClustering
        from inkmeans.evaluate import clustering_accuracy, named_accuracy

        images, truths = image_set(data, name)
        rows = drawn(len(images), run)
        images, truths = images[rows], truths[rows]
        found = GlyphClustering(10, random_state=run).fit(images)
        finer = found.cut(50)
        return {
            MATCHED: 100 * clustering_accuracy(truths, found.labels_),
            NAMED: 100 * named_accuracy(truths, finer.labels_, finer.middles_),
        }

    return measure


def end_to_end(data: Path, run: int) -> dict[str, float]:
    """Time the clustering of MNIST's 70,000 images, from bytes to labels; nothing else should run beside it."""
    from inkmeans import GlyphClustering

    images, _ = image_set(data, "mnist")
    began = time.perf_counter()
    GlyphClustering(10, random_state=run).fit(images)
    return {SECONDS: time.perf_counter() - began}


def growth(data: Path, run: int) -> dict[str, float]:
    """Compare the time and the peak memory of four times as many glyphs, each in a process of its own."""
    few, many = (_alone(data, n, run) for n in (62_500, 250_000))
    return {
        "62,500 glyphs, seconds": few[0],
        "250,000 glyphs, seconds": many[0],
        "250,000 glyphs, peak memory, GB": many[1],
        LONGER: many[0] / few[0],
        LARGER: many[1] / few[1],
    }


def _alone(data: Path, n: int, run: int) -> tuple[float, float]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(_seconds_and_gigabytes, data, n, run).result()


def _seconds_and_gigabytes(data: Path, n: int, run: int) -> tuple[float, float]:
    """Cluster n glyphs of MNIST, turned and stretched a little where there are too few of them."""
    from inkmeans import GlyphClustering
    from inkmeans.features import warped
    from inkmeans.normalize import normalize

    plain = normalize(image_set(data, "mnist")[0]).glyphs
    glyphs = np.concatenate([warped(plain, *way) for way in WAYS[: -(-n // len(plain))]])[:n]
    began = time.perf_counter()
    GlyphClustering(10, random_state=run).fit_glyphs(glyphs)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


WORKS = [
    Work("mnist", 5, clusters("mnist"), {MATCHED: ">= 98.7 (98.3)", NAMED: ">= 98.9"}),
    Work("mnist-unused", 5, clusters("mnist-unused"), {MATCHED: ">= 98.7 (98.3)"}),
    Work("optdigits", 20, clusters("optdigits"), {MATCHED: ">= 98 (95)"}),
    Work("digits", 20, clusters("digits"), {MATCHED: ">= 96 (93)", NAMED: ">= 98.8"}),
    Work("semeion", 20, clusters("semeion"), {MATCHED: ">= 94.5 (91.5)", NAMED: ">= 97.3"}),
    Work("kannada", 20, clusters("kannada"), {MATCHED: ">= 95 (92)", NAMED: ">= 96"}),
    Work("seconds", 3, end_to_end, {SECONDS: "<= 75"}),
    Work("growth", 1, growth, {LONGER: "<= 5", LARGER: "<= 5"}),
]
