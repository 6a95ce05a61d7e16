"""What one row of the benchmark of recognition is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CLUSTERING = ("native", "src/inkmeans/normalize", "src/inkmeans/features", "src/inkmeans/cluster")
"""The code that the clusters of glyphs depend on."""


@dataclass(frozen=True)
class Work:
    """What is measured.

    Attributes
    ----------
    name : str
    runs : int
    measure : callable (folder of the data, number of the run) -> number by measure
    asked : str by measure
        What is asked of the median (and of the worst), beginning with ">=" or "<=".
    code : tuple of str
        The folders and files that the result depends on. While they stay as they are, finished runs count.
    """

    name: str
    runs: int
    measure: Callable[[Path, int], dict[str, float]]
    asked: dict[str, str]
    code: tuple[str, ...] = CLUSTERING
