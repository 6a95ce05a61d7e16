"""The reader that ships, on what it was not made from: drawings, unseen sources and writers; and how fast it is."""

from __future__ import annotations

import json
import statistics
import time
from pathlib import Path

import numpy as np

from recognition.answers import answers
from recognition.work import READING, Work

RIGHT, ACCEPTED, WRONG = "right, %", "answered, %", "answered and wrong, glyphs"
SURE, ECE, ECE_LOW, ECE_HIGH = (
    "right of those given >= 0.95, %",
    "calibration error, points",
    "calibration error, 95 % from",
    "calibration error, 95 % to",
)
SMALL = "right at 8 x 8, %"
PER_SECOND, ONE = "glyphs per second, 2 threads", "one glyph, ms"


def drawings(data: Path, _: int) -> dict[str, float]:
    """Read the clear drawings of learners, as the raw 8 x 8 numbers."""
    import inkmeans

    every = json.loads((data / "drawings.json").read_text())["drawings"]
    clear = [one for one in every if one["confidence"] == "clear"]
    images = np.array([one["pixels"] for one in clear]).reshape(-1, 8, 8)
    found = answers(inkmeans.load("digits"), images, np.array([one["label"] for one in clear]))
    return {RIGHT: found.right_percent, ACCEPTED: found.accepted_percent, WRONG: found.n_wrong}


def semeion(data: Path, _: int) -> dict[str, float]:
    """Read a source that nothing was made from."""
    import inkmeans

    with np.load(data / "semeion.npz") as held:
        found = answers(inkmeans.load("digits"), held["images"], held["labels"])
    sure = found.confidences >= 0.95
    low, high = found.calibration_interval()
    return {
        RIGHT: found.right_percent,
        ACCEPTED: found.accepted_percent,
        WRONG: found.n_wrong,
        ECE: found.calibration_error,
        ECE_LOW: low,
        ECE_HIGH: high,
        SURE: float(100 * found.right[sure].mean()),
    }


def optdigits(data: Path, _: int) -> dict[str, float]:
    """Read 13 unseen writers of a known source: the bitmaps, and their 8 x 8 form, which is scikit-learn's digits."""
    from sklearn.datasets import load_digits

    import inkmeans

    reader = inkmeans.load("digits")
    with np.load(data / "optdigits.npz") as held:
        found = answers(reader, held["test_images"], held["test_labels"])
    small = load_digits()
    return {
        RIGHT: found.right_percent,
        SMALL: answers(reader, small.images, small.target).right_percent,
        ACCEPTED: found.accepted_percent,
        WRONG: found.n_wrong,
    }


def speed(data: Path, _: int) -> dict[str, float]:
    """Time `predict` of MNIST's 10,000 test images at once, and of one after another; nothing else should run."""
    import inkmeans

    with np.load(data / "mnist.npz") as held:
        images = held["test_images"]
    reader = inkmeans.load("digits")
    reader.n_jobs = 2
    reader.predict(images[:100])
    began = time.perf_counter()
    reader.predict(images)
    seconds = time.perf_counter() - began
    each = []
    for i in range(300):
        began = time.perf_counter()
        reader.predict(images[i : i + 1])
        each.append(time.perf_counter() - began)
    return {PER_SECOND: len(images) / seconds, ONE: 1000 * statistics.median(each)}


WORKS = [
    Work("drawings", 1, drawings, {RIGHT: ">= 96"}, READING),
    Work("semeion-unseen", 1, semeion, {RIGHT: ">= 95", ECE: "<= 3", SURE: ">= 97"}, READING),
    Work("optdigits-test", 1, optdigits, {RIGHT: ">= 98.9", SMALL: ">= 98"}, READING),
    Work("speed", 3, speed, {PER_SECOND: ">= 2000", ONE: "<= 5"}, READING),
]
