"""Measure the reader that ships on distorted test images of MNIST: rotated, shifted, other pens, noise and more.

    make bench-robustness                        everything; writes the table, the page and its figure
    make bench-robustness ARGS="--images 500"    a try on the first 500 images; prints, and writes nothing
    make bench-robustness ARGS=--redraw          the page and its figure again, from the table

The table is benchmarks/results/robustness.csv, the page docs/robustness.md. INKMEANS_DATA (or --data) names the folder
with the public data sets.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from recognition.changes import AS_IT_IS, KINDS
from recognition.robustness import Row, page, read_rows, row, write_rows
from recognition.robustness_figure import draw
from run import ROOT, processor

RESULTS = ROOT / "benchmarks" / "results" / "robustness.csv"
PAGE, PICTURE = ROOT / "docs" / "robustness.md", "pictures/robustness.png"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, metavar="N")
    parser.add_argument("--redraw", action="store_true")
    parser.add_argument("--data", type=Path, default=os.environ.get("INKMEANS_DATA") or None)
    arguments = parser.parse_args()
    if arguments.data is None:
        print("bench-robustness needs the public data sets; name their folder by INKMEANS_DATA.", file=sys.stderr)
        return 2
    writes_new_rows = arguments.images is None and not arguments.redraw
    if writes_new_rows and commit().endswith("-dirty"):
        print(
            "bench-robustness writes down the commit that it measures; commit first, or try --images N.",
            file=sys.stderr,
        )
        return 2
    with np.load(arguments.data / "mnist.npz") as held:
        images, truths = held["test_images"][: arguments.images], held["test_labels"][: arguments.images]
    if arguments.redraw:
        rows, about = read_rows(RESULTS)
    else:
        rows = list(measured(images, truths))
        about = {"date": date.today().isoformat(), "commit": commit(), "processor": processor()}
        if arguments.images is not None:
            return 0
        write_rows(RESULTS, rows, about)
    PAGE.write_text(page(rows, about, PICTURE), encoding="utf-8")
    draw(rows, images[1], PAGE.parent / PICTURE)
    return 0


def measured(images: NDArray[np.uint8], truths: NDArray[Any]) -> Iterator[Row]:
    """Yield the row of each change, and print it."""
    import inkmeans

    reader = inkmeans.load("digits")
    for kind in (AS_IT_IS, *KINDS):
        for amount in kind.amounts:
            one = row(reader, images, truths, kind, amount)
            print(
                f"{kind.name:12} {kind.label(amount):12}  right {one.right:6.2f} %  answered {one.answered:6.2f} %  "
                f"answered, wrong {one.wrong:5.2f} %  asked {kind.asked.get(amount, '-')}",
                flush=True,
            )
            yield one


def commit() -> str:
    """Return the commit that is measured."""
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
