"""Finished runs, kept with what names the code that they measured, so that what was interrupted goes on."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import time
from datetime import date
from pathlib import Path

from run import ROOT, add_rows, processor

RESULTS = ROOT / "benchmarks" / "results" / "recognition.csv"
COLUMNS = ["date", "code", "processor", "work", "run", "measure", "reached"]


def code_version(parts: tuple[str, ...], root: Path = ROOT) -> str:
    """Return what names the code in these folders and files of a repository: the same for the same committed content.

    What is not committed has a name that no other run has.
    """

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=True).stdout

    if git("status", "--porcelain", "--", *parts):
        return f"changed-{time.time_ns()}"
    trees = git("rev-parse", *(f"HEAD:{part}" for part in parts))
    return hashlib.sha256(trees.encode()).hexdigest()[:12]


def finished(code: str, work: str, results: Path = RESULTS) -> dict[int, dict[str, float]]:
    """Return the runs of a work that this code has finished: number by measure, by run."""
    runs: dict[int, dict[str, float]] = {}
    if results.exists():
        with results.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if (row["code"], row["work"]) == (code, work):
                    runs.setdefault(int(row["run"]), {})[row["measure"]] = float(row["reached"])
    return runs


def keep(code: str, work: str, run: int, reached: dict[str, float], results: Path = RESULTS) -> None:
    """Add one finished run."""
    began = [date.today().isoformat(), code, processor(), work, run]
    add_rows(results, COLUMNS, [[*began, measure, f"{value:.3f}"] for measure, value in reached.items()])


def carry(old: str, new_names: dict[str, str], results: Path = RESULTS) -> int:
    """Name the runs of the code `old` by what their work's code is named now; return how many rows that are.

    Only for a change that leaves outputs the same to the byte: see benchmarks/outputs.py.
    """
    with results.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    carried = [row for row in rows if row["code"] == old and row["work"] in new_names]
    for row in carried:
        row["code"] = new_names[row["work"]]
    with results.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return len(carried)
