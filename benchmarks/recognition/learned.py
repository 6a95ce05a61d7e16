"""Readers learned here: from all of MNIST's labels, without some writers, and from letters named by one look each."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from run import ROOT

from recognition.answers import answers
from recognition.work import READING, Work

RIGHT, SECONDS, ACCEPTED, WRONG = "right, %", "seconds to learn", "accepted, %", "wrong among accepted, %"
ECE = "calibration error, points"
WORST_WRITER, UNUSED_WRITERS = "worst writer, %", "writers that no constant saw, %"
CLUSTERED_HALF, OTHER_HALF = "200 named clusters, the half itself, %", "the other half, %"

MAX_ERROR = 0.001  # wanted among the accepted, as the reader sees it on training images held out
N_FOLDS = 4
LAST_USED_WRITER = "0010"  # constants were chosen on the writers up to this one
N_LOOKS = 200


def mnist(quality: str) -> Callable[[Path, int], dict[str, float]]:
    """Return the measurement of a reader that learned MNIST's 60,000 training images with all labels."""

    def measure(data: Path, run: int) -> dict[str, float]:
        from inkmeans import Reader

        with np.load(data / "mnist.npz") as held:
            images, truths = held["train_images"], held["train_labels"]
            began = time.perf_counter()
            reader = Reader(quality=quality, max_error=MAX_ERROR, random_state=run).fit(images, truths)
            seconds = time.perf_counter() - began
            found = answers(reader, held["test_images"], held["test_labels"])
        return {
            RIGHT: found.right_percent,
            SECONDS: seconds,
            WRONG: found.wrong_among_accepted,
            ACCEPTED: found.accepted_percent,
            ECE: found.calibration_error,
        }

    return measure


def unseen_writers(data: Path, run: int) -> dict[str, float]:
    """Read a fourth of the writers of numbers.npz with the reader that ships, made without them; a run is a fourth."""
    if str(ROOT / "tools") not in sys.path:
        sys.path.append(str(ROOT / "tools"))
    from train_digits import train

    with np.load(data / "numbers.npz") as held:
        images, truths, writers = held["images"], held["labels"], held["writers"]
    fold = np.unique(writers)[run::N_FOLDS]
    inside = np.isin(writers, fold)
    reader = train(data, without_writers=fold.tolist())
    right = answers(reader, images[inside], truths[inside]).right
    by_writer = {str(writer): right[writers[inside] == writer] for writer in fold}
    unused = np.concatenate([hits for writer, hits in by_writer.items() if writer[:4] > LAST_USED_WRITER])
    return {
        RIGHT: float(100 * right.mean()),
        WORST_WRITER: float(100 * min(hits.mean() for hits in by_writer.values())),
        UNUSED_WRITERS: float(100 * unused.mean()),
    }


def letters(data: Path, run: int) -> dict[str, float]:
    """Cluster the letters of one half of the words, name each cluster by its middle, and read the other half."""
    from inkmeans import GlyphClustering, Reader
    from inkmeans.evaluate import named_accuracy
    from inkmeans.normalize import normalize

    with np.load(data / "letters.npz") as held:
        # A margin, as the letters fill their boxes: what is ink is told by the border.
        images = np.pad(held["images"], ((0, 0), (2, 2), (2, 2)))
        truths, words = held["class_names"][held["labels"]], held["word_index"]
    n_words = int(words.max()) + 1
    half = np.isin(words, np.random.default_rng(run).permutation(n_words)[: n_words // 2])
    found = GlyphClustering(N_LOOKS, random_state=run).fit(images[half])
    names = [str(truths[half][middle]) if middle >= 0 else None for middle in found.middles_]
    readable = found.labels_ >= 0
    glyphs = normalize(images[half][readable]).glyphs
    reader = Reader(random_state=run).fit_glyphs(glyphs, np.array([names[label] for label in found.labels_[readable]]))
    return {
        CLUSTERED_HALF: 100 * named_accuracy(truths[half], found.labels_, found.middles_),
        OTHER_HALF: answers(reader, images[~half], truths[~half]).right_percent,
    }


ASKED = {WRONG: "<= 0.15", ACCEPTED: ">= 96", ECE: "<= 0.5"}
WORKS = [
    Work("mnist-all-best", 1, mnist("best"), {RIGHT: ">= 99.5", SECONDS: "<= 900", **ASKED}, READING),
    Work("mnist-all-fast", 1, mnist("fast"), {SECONDS: "<= 300", **ASKED}, READING),
    Work("numbers-by-writer", N_FOLDS, unseen_writers, {RIGHT: ">= 98.3"},
         (*READING, "tools/train_digits.py", "tools/simulate.py"), "mean"),
    Work("letters", 3, letters, {}, READING),
]  # fmt: skip
