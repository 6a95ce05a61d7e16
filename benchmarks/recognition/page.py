"""The table in docs/accuracy.md, made from the runs that are kept."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from run import ROOT

from recognition.kept import RESULTS
from recognition.work import Work, averaged

PAGE = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- The table is written by make bench-recognition ARGS=--page. -->", "<!-- Its end. -->"


def write(works: Sequence[Work], page: Path = PAGE, results: Path = RESULTS) -> None:
    """Write the table of all works that have runs into the page, between its two marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [row for work in works for row in _rows(work, newest(work.name, results))]
    table = ["| work | what | runs | reached | asked |", "|---|---|---|---|---|", *rows]
    page.write_text("\n".join([before + BEGIN, *table, END + after]), encoding="utf-8")


def newest(work: str, results: Path = RESULTS) -> list[dict[str, float]]:
    """Return the runs of a work by the code that was measured last, by number."""
    with results.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["work"] == work]
    runs: dict[int, dict[str, float]] = {}
    for row in rows:
        if row["code"] == rows[-1]["code"]:
            runs.setdefault(int(row["run"]), {})[row["measure"]] = float(row["reached"])
    return [runs[run] for run in sorted(runs)]


def _rows(work: Work, reached: list[dict[str, float]]) -> list[str]:
    measures = reached[0] if reached else {}
    return [
        f"| {work.name} | {measure} | {len(reached)} | {averaged(work, measure, reached)} | "
        f"{work.asked.get(measure, '')} |"
        for measure in measures
    ]
