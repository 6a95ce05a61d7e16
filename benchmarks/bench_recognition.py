"""Measure how well handwriting is recognized, on real sets that nothing was chosen by.

    make bench-recognition                          everything
    make bench-recognition ARGS="semeion --runs 5"  the works of these names, so many runs each
    make bench-recognition ARGS=--list              what there is
    make bench-recognition ARGS=--page              write the table in docs/accuracy.md from the runs that are kept
    make bench-recognition ARGS="--carry OLD"       keep the runs of the code OLD (second column) for the code as it is:
                                                    only if benchmarks/outputs.py prints the same before and after

Each run of a clustering has a seed of its own and takes another 90 % of the set in another order; the first takes
all, as it lies. Median (or mean) and worst of all runs are printed beside what is asked. Finished runs are kept in
benchmarks/results/recognition.csv: what was interrupted goes on where it was, as long as the code that a work depends
on is the same. INKMEANS_DATA (or --data) names the folder with the public data sets.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from recognition import choose_k, clusterings, learned, page, readings
from recognition.kept import carry, code_version, finished, keep
from recognition.work import Work, averaged

WORKS = [*clusterings.WORKS, choose_k.WORK, *learned.WORKS, *readings.WORKS]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--carry", metavar="OLD")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--data", type=Path, default=os.environ.get("INKMEANS_DATA") or None)
    arguments = parser.parse_args()
    names = [work.name for work in WORKS]
    if arguments.list:
        print("\n".join(names))
        return 0
    if arguments.page:
        page.write([work for work in WORKS if work is not choose_k.WORK])  # too many numbers for a table
        return 0
    if arguments.carry:
        rows = carry(arguments.carry, {work.name: code_version(work.code) for work in WORKS})
        print(f"{rows} rows carried over.")
        return 0
    unknown = [name for name in arguments.works if name not in names]
    if unknown:
        print(f"There is no work '{unknown[0]}'; choose from {', '.join(names)}.", file=sys.stderr)
        return 2
    if arguments.data is None:
        print("bench-recognition needs the public data sets; name their folder by INKMEANS_DATA.", file=sys.stderr)
        return 2
    for work in WORKS:
        if not arguments.works or work.name in arguments.works:
            runs = arguments.runs or work.runs
            print(f"\n{work.name}, {runs} run{'s' * (runs > 1)}", flush=True)
            print("\n".join(summary(work, measured(work, arguments.data, runs))), flush=True)
    return 0


def measured(work: Work, data: Path, runs: int) -> list[dict[str, float]]:
    """Return what the runs of a work reached; those that the same code has finished before are not done again."""
    code = code_version(work.code)
    known = finished(code, work.name)
    for run in range(runs):
        if run not in known:
            known[run] = work.measure(data, run)
            keep(code, work.name, run, known[run])
    return [known[run] for run in range(runs)]


def summary(work: Work, reached: list[dict[str, float]]) -> list[str]:
    """Return a line for each measure: its average and worst (or its only value) beside what is asked."""
    return [
        f"  {measure:42} {averaged(work, measure, reached):32} asked {work.asked.get(measure, '-')}"
        for measure in reached[0]
    ]


if __name__ == "__main__":
    sys.exit(main())
