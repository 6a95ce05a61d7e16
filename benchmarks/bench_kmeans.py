"""Time the engine beside its peers, all in one run from the same start, and check their answers.

    make bench-kmeans                        everything, on 2 threads
    make bench-kmeans ARGS="mnist-10 hard"   the works of these names, or of these kinds
    make bench-kmeans ARGS="--threads 1"     on one thread

Each contender has a process of its own that stays and waits; they are timed in turn, so that what else the machine does
meets all alike. A peer that took over three times as long as the fastest one is timed once. INKMEANS_DATA (or --data)
names the folder with the public data sets. Each run appends its rows to benchmarks/results/kmeans.csv.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from contender import rows_of
from numpy.typing import NDArray
from run import ROOT, add_rows, commit_name, processor

RESULTS = ROOT / "benchmarks" / "results" / "kmeans.csv"
COLUMNS = ["date", "commit", "processor", "threads", "work", "contender", "dtype", "seconds", "runs", "ratio", "asked",
           "answer"]  # fmt: skip
ITERATES = ("sklearn", "sklearn float64", "elkan", "intelex", "faiss", "superkmeans")
SKLEARN = ("sklearn float32", "sklearn float64")


@dataclass(frozen=True)
class Work:
    """What is timed: its name, its contenders beside inkmeans, and the ratio that is asked of each, or of the best."""

    name: str
    peers: tuple[str, ...]
    asked: str
    what: str


WORKS = [
    Work("mnist-10", ITERATES, ">= 6", "20 iterations, MNIST 60,000 x 784 bytes, k = 10"),
    Work("mnist-100", ITERATES, ">= 4", "the same, k = 100"),
    Work("mnist-1000", ITERATES, ">= 2.5", "the same, k = 1,000"),
    Work("components-10", ITERATES, ">= 2", "20 iterations, 70,000 x 64 float32, k = 10"),
    Work("components-100", ITERATES, ">= 2", "the same, k = 100"),
    Work("components-1000", ITERATES, ">= 2", "the same, k = 1,000"),
    Work("hard-256", ITERATES, ">= 1.0", "20 iterations, 200,000 x 128 float32 without structure, k = 256"),
    Work("seeding-100", SKLEARN, ">= 30 / >= 8", "k-means++, MNIST bytes, k = 100"),
    Work("fit-10", SKLEARN, ">= 8", "a whole fit with default settings, MNIST bytes, k = 10"),
    Work("predict-64", ("sklearn",), ">= 5", "predict of one row of 784, k = 64, 1,000 times"),
    Work("memory-100", ("sklearn",), "<= 30 MB", "peak memory of a fit beyond MNIST's bytes, k = 100"),
    Work("encode-800", ("torch, batches of 8", "torch, batches of 32", "torch, batches of 128"), ">= 3",
         "patches of 7,000 x 28 x 28 through 800 filters of 7 x 7"),
    Work("neighbors-10", ("faiss", "sklearn"), ">= 3 / >= 3", "10 nearest neighbors of each of 70,000 x 64"),
    Work("growth-15000", (), "", "10 iterations without bounds, k = 100, 15,000 rows"),
    Work("growth-60000", (), "4 +- 20 %", "the same, 60,000 rows: times as long"),
    Work("growth-240000", (), "16 +- 20 %", "the same, 240,000 rows: times as long"),
]  # fmt: skip


@dataclass
class Contender:
    """A process that waits to be told to go, and the seconds that it took each time."""

    name: str
    process: subprocess.Popen[str]
    about: dict[str, Any]
    seconds: list[float] = field(default_factory=list)

    def go(self) -> None:
        """Let it work once."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        self.seconds.append(_answer(self.process)["seconds"])

    @property
    def median(self) -> float:
        """Return the median of its seconds."""
        return statistics.median(self.seconds)


def start(work: str, name: str, threads: int, folder: Path) -> Contender:
    """Return a contender that has loaded its data."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    command = [sys.executable, ROOT / "benchmarks" / "contender.py", work, name, str(threads), folder]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **dict.fromkeys(names, str(threads))},
    )
    return Contender(name, process, _answer(process))


def _answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{"):  # libraries print lines of their own
            answer: dict[str, Any] = json.loads(line)
            return answer
    raise SystemExit(f"A contender ended without an answer (exit code {process.wait()}).")


def measure(work: Work, threads: int, folder: Path, runs: int) -> list[Contender]:
    """Return the contenders of a work, each timed."""
    contenders = [start(work.name, name, threads, folder) for name in ("inkmeans", *work.peers)]
    ours, peers = contenders[0], contenders[1:]
    ours.go()  # the first time pays for threads and pages that are never asked for again; so does each peer's
    ours.seconds.clear()
    for peer in peers:
        peer.go()
    best = min((peer.seconds[0] for peer in peers), default=0.0)
    again = [peer for peer in peers if peer.seconds[0] <= 3.0 * best]
    for peer in again:
        peer.seconds.clear()
    for _ in range(runs):
        for contender in (ours, *again):
            contender.go()
    for contender in contenders:
        assert contender.process.stdin is not None
        contender.process.stdin.close()
        contender.process.wait()
    return contenders


def check(work: Work, contenders: list[Contender], folder: Path) -> dict[str, str]:
    """Return what each contender's answer is worth, in words; raise where ours is wrong."""
    given = {one.name: np.load(folder / f"{work.name}.{one.name}.npy") for one in contenders}
    kind = work.name.partition("-")[0]
    if kind in ("mnist", "components", "hard", "fit", "seeding"):
        X = rows_of(folder, kind if kind in ("mnist", "components", "hard") else "mnist")
        reached = {name: inertia(X, centers) for name, centers in given.items()}
        if kind in ("mnist", "components", "hard"):
            # In float32 scikit-learn leaves its own path in float64 by as much after 20 iterations with many centers.
            assert abs(reached["inkmeans"] / reached["sklearn float64"] - 1) < 1e-5
        return {name: f"inertia {value:.6g}" for name, value in reached.items()}
    if kind == "memory":
        return {name: f"{value[0]:.1f} MB" for name, value in given.items()}
    if kind in ("neighbors", "encode"):
        words = {}
        for name, values in given.items():
            difference = np.abs(values - given["inkmeans"]).max() / np.abs(values).max()
            assert difference < 1e-3
            words[name] = f"differs by {difference:.1e}"
        return words
    return dict.fromkeys(given, "")


def inertia(X: NDArray[Any], centers: NDArray[Any]) -> float:
    """Return the sum of squared distances to the nearest of the centers, in float64."""
    wide = centers.astype(np.float64)
    norms = (wide**2).sum(axis=1)
    total = 0.0
    for first in range(0, len(X), 5000):
        rows = X[first : first + 5000].astype(np.float64)
        nearest = (norms - 2.0 * rows @ wide.T).argmin(axis=1)
        total += float(((rows - wide[nearest]) ** 2).sum())
    return total


def prepare(data: Path, folder: Path) -> None:
    """Write the data that the contenders load."""
    from inkmeans.features import patch_features

    archive = np.load(data / "mnist.npz")
    np.save(folder / "mnist.npy", archive["train_images"].reshape(-1, 784))
    images = np.concatenate([archive["train_images"], archive["test_images"]]).reshape(-1, 28, 28)
    # Principal components of patch features; the filters are patches of the images themselves.
    random = np.random.default_rng(0)
    filters = []
    while len(filters) < 96:
        y, x, i = random.integers(0, 22), random.integers(0, 22), random.integers(len(images))
        patch = images[i, y : y + 7, x : x + 7].astype(np.float64)
        if patch.std() > 30:
            filters.append((patch - patch.mean()) / np.linalg.norm(patch - patch.mean()))
    features = patch_features(images, np.stack(filters), np.full(96, 0.5), n_cells=3)
    features -= features.mean(axis=0)
    _, vectors = np.linalg.eigh((features.T @ features).astype(np.float64))
    components = features @ vectors[:, :-65:-1].astype(np.float32)
    components /= np.sqrt(components.std(axis=0))
    np.save(folder / "components.npy", np.ascontiguousarray(components, dtype=np.float32))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", type=Path, default=os.environ.get("INKMEANS_DATA") or None)
    arguments = parser.parse_args()
    if arguments.data is None:
        print("Name the folder with the public data sets: INKMEANS_DATA=FOLDER make bench-kmeans", file=sys.stderr)
        return 2
    commit = commit_name()
    smallest: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="inkmeans-bench-") as name:
        folder = Path(name)
        prepare(arguments.data, folder)
        for work in WORKS:
            if arguments.works and not {work.name, work.name.partition("-")[0]} & set(arguments.works):
                continue
            contenders = measure(work, arguments.threads, folder, arguments.runs)
            answers = check(work, contenders, folder)
            print(f"\n{work.what}  ({work.name}, {arguments.threads} threads; asked {work.asked or '-'})")
            for one in contenders:
                ratio = one.median / contenders[0].median
                if work.name.startswith("growth"):
                    ratio = one.median / smallest.setdefault("growth", one.median)
                shown = "" if one is contenders[0] and contenders[1:] else f"{ratio:7.2f} x"
                conversion = one.about.get("conversion", 0.0)
                apart = f"  (conversion, apart: {conversion:.2f} s)" if conversion else ""
                print(f"  {one.name:24}{one.median:10.4f} s {shown:10} {answers[one.name]}{apart}", flush=True)
                append(work, one, arguments.threads, ratio, answers[one.name], commit)
    return 0


def append(work: Work, one: Contender, threads: int, ratio: float, answer: str, commit: str) -> None:
    """Add one contender's row to the results file."""
    row = [date.today().isoformat(), commit, processor(), threads, work.name, one.name, one.about.get("dtype", "")]
    add_rows(RESULTS, COLUMNS, [[*row, f"{one.median:.4f}", len(one.seconds), f"{ratio:.2f}", work.asked, answer]])


if __name__ == "__main__":
    sys.exit(main())
