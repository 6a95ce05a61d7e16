"""How a reader does on distorted images: the rows of the table, its file, and the page made of the rows."""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recognition.answers import answers
from recognition.changes import AS_IT_IS, KINDS, Amount, Kind

if TYPE_CHECKING:
    from inkmeans import Reader


@dataclass(frozen=True)
class Row:
    """What a reader reaches under one distortion, in percent of all images.

    Attributes
    ----------
    kind, amount : str
    right : float
        Read right, when nothing may be rejected.
    answered, wrong : float
        Answered, and answered wrong, when the reader may reject.
    n_images : int
    """

    kind: str
    amount: str
    right: float
    answered: float
    wrong: float
    n_images: int


def row(reader: Reader, images: NDArray[np.uint8], truths: NDArray[Any], kind: Kind, amount: Amount) -> Row:
    """Return what a reader reaches under one distortion."""
    found = [answers(reader, changed, truths) for changed in kind.change(images, amount)]
    right, answered, wrong = np.mean(
        [(one.right_percent, one.accepted_percent, 100 * one.n_wrong / len(truths)) for one in found], axis=0
    )
    return Row(kind.name, str(amount), round(right, 2), round(answered, 2), round(wrong, 2), len(truths))


def write_rows(path: Path, rows: Sequence[Row], about: dict[str, str]) -> None:
    """Write the rows, each with what is said about all (date, commit, processor)."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*about, *(field.name for field in fields(Row))])
        writer.writeheader()
        writer.writerows({**about, **asdict(one)} for one in rows)


def read_rows(path: Path) -> tuple[list[Row], dict[str, str]]:
    """Return the rows of a file, and what it says about all."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    names = {field.name for field in fields(Row)}
    rows = [
        Row(
            line["kind"],
            line["amount"],
            float(line["right"]),
            float(line["answered"]),
            float(line["wrong"]),
            int(line["n_images"]),
        )
        for line in lines
    ]
    return rows, {name: value for name, value in lines[0].items() if name not in names}


def by_amount(rows: Sequence[Row], kind: Kind) -> dict[Amount, Row]:
    """Return the row of each amount of a kind in order, with that of unchanged images where it belongs."""
    held = {(one.kind, one.amount): one for one in rows}
    found: dict[Amount, Row] = {amount: held[kind.name, str(amount)] for amount in kind.amounts}
    unchanged = held[AS_IT_IS.name, str(AS_IT_IS.amounts[0])]
    if kind.neutral is None:
        return {AS_IT_IS.name: unchanged, **found}
    return dict(sorted({kind.neutral: unchanged, **found}.items(), key=lambda item: float(item[0])))


def page(rows: Sequence[Row], about: dict[str, str], picture: str) -> str:
    """Return the page of the documents, in Markdown."""
    parts = [
        "# Robustness to distortions",
        _wrapped(
            f"The reader that ships, on {rows[0].n_images:,} of MNIST's test images, each distorted in one way. "
            "*Right* is the accuracy without reject. With reject (“?”), *answered* is the share of images that are not "
            "rejected, and *answered, wrong* the share of all images that are answered with a wrong name. All in "
            "percent."
        ),
        f"Made by `make bench-robustness` on {about['date']} ({about['commit']}).",
        f"![Shares right, answered, and answered wrong, against the amount of each distortion]({picture})",
    ]
    for kind in KINDS:
        parts += [f"## {kind.name.capitalize()}", _wrapped(kind.how), _table(kind, by_amount(rows, kind))]
    return "\n\n".join(parts) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120)


def _table(kind: Kind, found: dict[Amount, Row]) -> str:
    """Return a table with a column for each amount."""
    lines = [
        ["", *(kind.label(amount) for amount in found)],
        ["---", *("--:" for _ in found)],
        ["right", *(f"{one.right:.2f}" for one in found.values())],
        ["answered", *(f"{one.answered:.2f}" for one in found.values())],
        ["answered, wrong", *(f"{one.wrong:.2f}" for one in found.values())],
    ]
    if kind.asked:
        lines.append(["asked of right", *(kind.asked.get(amount, "").replace(">=", "≥") for amount in found)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
