"""Measure what the project promises and print it, asked beside reached.

    python benchmarks/run.py                     everything
    python benchmarks/run.py halves read         the rows named
    python benchmarks/run.py --list              what there is

INKMEANS_DATA (or --data) names the folder with the public data sets; rows that need it are left out without it. Each
run appends its rows to benchmarks/results/figures.csv.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import figures

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "figures.csv"
COLUMNS = ["date", "commit", "processor", "row", "measure", "reached", "asked", "detail"]


@dataclass(frozen=True)
class Row:
    """One row of the table: its name, whether it needs the data folder, and the function that measures it."""

    name: str
    needs_data: bool
    measure: Callable[[Path | None], list[figures.Measured]]


ROWS = [
    Row("drawings", True, figures.drawings),
    Row("halves", False, figures.halves),
    Row("demo", False, figures.demo),
    Row("read", False, figures.read_one),
    Row("size", False, figures.installed_size),
]


def commit_name() -> str:
    """Return what names the commit that is measured, with "-dirty" where files differ from it."""
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--data", type=Path, default=os.environ.get("INKMEANS_DATA") or None)
    arguments = parser.parse_args()
    names = [row.name for row in ROWS]
    if arguments.list:
        print("\n".join(names))
        return 0
    unknown = [name for name in arguments.rows if name not in names]
    if unknown:
        print(f"There is no row '{unknown[0]}'; choose from {', '.join(names)}.", file=sys.stderr)
        return 2
    commit = commit_name()
    for row in ROWS:
        if arguments.rows and row.name not in arguments.rows:
            continue
        if row.needs_data and arguments.data is None:
            print(f"{row.name}: left out, INKMEANS_DATA is not set")
            continue
        started = time.perf_counter()
        for measured in row.measure(arguments.data):
            print(
                f"{row.name:9} {measured.measure:58} {measured.reached:>12}  asked {measured.asked or '-':8}",
                measured.detail,
            )
            append(row.name, commit, measured)
        print(f"{'':9} ({time.perf_counter() - started:.0f} s)", flush=True)
    return 0


def append(row: str, commit: str, measured: figures.Measured) -> None:
    """Add one measured row to the results file."""
    what = [row, measured.measure, measured.reached, measured.asked, measured.detail]
    add_rows(RESULTS, COLUMNS, [[date.today().isoformat(), commit, processor(), *what]])


def add_rows(results: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Add rows to a results file, which begins with the names of its columns."""
    is_new = not results.exists()
    results.parent.mkdir(exist_ok=True)
    with results.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(columns)
        writer.writerows(rows)


def processor() -> str:
    """Return the processor's name and the number of processors this process may use."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )
    return f"{model} x {len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()}"


if __name__ == "__main__":
    sys.exit(main())
