"""Tables as plain text, for people; programs ask for --json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inkmeans.names import REJECTED

if TYPE_CHECKING:
    from inkmeans.evaluate import Confusion

_WIDEST = 30  # names: more columns do not fit a terminal
_MOST_MIXED = 20


def columns(rows: Sequence[Sequence[str]], *, right: bool = False) -> str:
    """Return rows of cells in columns two spaces apart; numbers may be set to the right, all but the first column."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.rjust(width) if right and i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join(lines)


def confusion_table(confusion: Confusion) -> str:
    """Return what was read (columns) for each truth (rows); of many names, the pairs that were mixed up most."""
    names = confusion.names
    if len(names) > _WIDEST:
        return _most_mixed(confusion)
    head = ["truth \\ read", *names, REJECTED]
    counts = zip(names, confusion.counts.tolist(), confusion.rejected.tolist(), strict=True)
    rows = [[name, *(f"{n:,}" if n else "." for n in (*read, rejected))] for name, read, rejected in counts]
    return columns([head, *rows], right=True)


def _most_mixed(confusion: Confusion) -> str:
    pairs = [
        (int(count), truth, confusion.names[j])
        for i, truth in enumerate(confusion.names)
        for j, count in enumerate(confusion.counts[i].tolist())
        if count and i != j
    ]
    pairs.sort(key=lambda pair: -pair[0])
    rows = [["truth", "read", "times"], *([truth, name, f"{count:,}"] for count, truth, name in pairs[:_MOST_MIXED])]
    return columns(rows)
