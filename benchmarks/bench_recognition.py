"""Measure how well handwriting is recognized, on real sets that nothing was chosen by.

    make bench-recognition                          everything
    make bench-recognition ARGS="semeion --runs 5"  the works of these names, so many runs each
    make bench-recognition ARGS=--list              what there is

Each run of a clustering has a seed of its own and takes another 90 % of the set in another order; the first takes
all, as it lies. Medians and worst of all runs are printed beside what is asked. Finished runs are kept in
benchmarks/results/recognition.csv: what was interrupted goes on where it was, as long as the code is the same.
INKMEANS_DATA (or --data) names the folder with the public data sets.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from run import ROOT, processor

RESULTS = ROOT / "benchmarks" / "results" / "recognition.csv"
COLUMNS = ["date", "code", "processor", "work", "run", "measure", "reached"]
CODE = ("src", "native")  # what a result depends on


@dataclass(frozen=True)
class Work:
    """What is measured: its name, how many runs, what one run gives by measure, what is asked of median (worst)."""

    name: str
    runs: int
    measure: Callable[[Path, int], dict[str, float]]
    asked: dict[str, str]


# --- clusterings without a label --------------------------------------------------------------------------------


def pile(data: Path, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the images and truths of a set."""
    if name == "digits":
        from sklearn.datasets import load_digits

        bunch = load_digits()
        return bunch.images, bunch.target
    if name == "mnist-unused":
        images, truths = pile(data, "mnist")
        return images[30_000:], truths[30_000:]
    with np.load(data / f"{name}.npz") as held:
        if name in ("mnist", "optdigits"):
            return tuple(np.concatenate([held[f"{part}_{what}"] for part in ("train", "test")])
                         for what in ("images", "labels"))  # fmt: skip
        prefix = "kannada_test_" if name == "kannada" else ""
        return held[prefix + "images"], held[prefix + "labels"]


def drawn(n: int, run: int) -> NDArray[np.intp]:
    """Return the rows of a run, in its order."""
    return np.arange(n) if run == 0 else np.random.default_rng(run).permutation(n)[: int(0.9 * n)]


def clusters(name: str) -> Callable[[Path, int], dict[str, float]]:
    """Return the measurement of one set: clusters matched to truths, and clusters named by one look each."""

    def measure(data: Path, run: int) -> dict[str, float]:
        from inkmeans import GlyphClustering
        from inkmeans.evaluate import clustering_accuracy, named_accuracy

        images, truths = pile(data, name)
        rows = drawn(len(images), run)
        images, truths = images[rows], truths[rows]
        began = time.perf_counter()
        found = GlyphClustering(10, random_state=run).fit(images)
        seconds = time.perf_counter() - began
        finer = found.cut(50)
        return {
            "10 clusters, matched, %": 100 * clustering_accuracy(truths, found.labels_),
            "50 clusters, one look each, %": 100 * named_accuracy(truths, finer.labels_, finer.middles_),
            "seconds": seconds,
        }

    return measure


MATCHED, NAMED = "10 clusters, matched, %", "50 clusters, one look each, %"
WORKS = [
    Work("mnist", 5, clusters("mnist"), {MATCHED: ">= 98.7 (98.3)", NAMED: ">= 98.9", "seconds": "<= 75"}),
    Work("mnist-unused", 5, clusters("mnist-unused"), {MATCHED: ">= 98.7 (98.3)"}),
    Work("optdigits", 20, clusters("optdigits"), {MATCHED: ">= 98 (95)"}),
    Work("digits", 20, clusters("digits"), {MATCHED: ">= 96 (93)", NAMED: ">= 98.8"}),
    Work("semeion", 20, clusters("semeion"), {MATCHED: ">= 94.5 (91.5)", NAMED: ">= 97.3"}),
    Work("kannada", 20, clusters("kannada"), {MATCHED: ">= 95 (92)", NAMED: ">= 96"}),
]


# --- running, and going on --------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--data", type=Path, default=os.environ.get("INKMEANS_DATA") or None)
    arguments = parser.parse_args()
    names = [work.name for work in WORKS]
    if arguments.list:
        print("\n".join(names))
        return 0
    unknown = [name for name in arguments.works if name not in names]
    if unknown:
        print(f"There is no work '{unknown[0]}'; choose from {', '.join(names)}.", file=sys.stderr)
        return 2
    if arguments.data is None:
        print("bench-recognition needs the public data sets; name their folder by INKMEANS_DATA.", file=sys.stderr)
        return 2
    code = code_version()
    for work in WORKS:
        if arguments.works and work.name not in arguments.works:
            continue
        runs = arguments.runs or work.runs
        print(f"\n{work.name}, {runs} runs", flush=True)
        reached: dict[str, list[float]] = {}
        known = finished(code, work.name)
        for run in range(runs):
            if run not in known:
                known[run] = work.measure(arguments.data, run)
                append(code, work.name, run, known[run])
            for measure, value in known[run].items():
                reached.setdefault(measure, []).append(value)
        for measure, values in reached.items():
            worst = max(values) if measure == "seconds" else min(values)
            summary = f"{statistics.median(values):.2f} ({worst:.2f})"
            print(f"  {measure:32} median (worst) {summary:16} asked {work.asked.get(measure, '-')}", flush=True)
    return 0


def code_version() -> str:
    """Return what names the code that is measured; of code that is not committed, a name that no other run has."""

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=True).stdout

    trees = "-".join(git("rev-parse", "--short", f"HEAD:{part}").strip() for part in CODE)
    return f"{trees}-changed-{time.time():.0f}" if git("status", "--porcelain", "--", *CODE) else trees


def finished(code: str, work: str) -> dict[int, dict[str, float]]:
    """Return the runs of a work that this code has finished, by number."""
    runs: dict[int, dict[str, float]] = {}
    if RESULTS.exists():
        with RESULTS.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if (row["code"], row["work"]) == (code, work):
                    runs.setdefault(int(row["run"]), {})[row["measure"]] = float(row["reached"])
    return runs


def append(code: str, work: str, run: int, reached: dict[str, float]) -> None:
    """Keep one run."""
    is_new = not RESULTS.exists()
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(COLUMNS)
        for measure, value in reached.items():
            writer.writerow([date.today().isoformat(), code, processor(), work, run, measure, f"{value:.3f}"])


if __name__ == "__main__":
    sys.exit(main())
