"""What one row of the benchmark of recognition is."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CLUSTERING = (
    "native",
    *(f"src/inkmeans/{part}" for part in ("products.py", "normalize", "features", "kmeans", "graph", "cluster")),
)
"""The code that the clusters of glyphs depend on."""

READING = (*CLUSTERING, "src/inkmeans/reader", "src/inkmeans/records.py")
"""The code that the answers of a reader depend on; the reader that ships lies in it."""

AVERAGES = {"median": statistics.median, "mean": statistics.fmean}


@dataclass(frozen=True)
class Work:
    """What is measured.

    Attributes
    ----------
    name : str
    runs : int
    measure : callable (folder of the data, number of the run) -> number by measure
    asked : str by measure
        What is asked of the average (and of the worst), beginning with ">=" or "<=".
    code : tuple of str
        The folders and files that the result depends on. While they stay as they are, finished runs count.
    average : {"median", "mean"}
        What is printed of several runs: the mean where each is a part of one whole.
    """

    name: str
    runs: int
    measure: Callable[[Path, int], dict[str, float]]
    asked: dict[str, str]
    code: tuple[str, ...] = CLUSTERING
    average: Literal["median", "mean"] = "median"


def averaged(work: Work, measure: str, reached: list[dict[str, float]]) -> str:
    """Return the average and the worst of a measure over the runs, or its only value; a count of glyphs is whole."""
    values = [run[measure] for run in reached]
    if len(values) == 1:
        return f"{values[0]:.0f}" if measure.endswith(", glyphs") else f"{values[0]:.2f}"
    worst = max(values) if work.asked.get(measure, "").startswith("<=") else min(values)
    return f"{work.average} (worst) {AVERAGES[work.average](values):.2f} ({worst:.2f})"
