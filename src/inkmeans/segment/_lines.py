"""Characters to lines, and lines to reading order."""

from __future__ import annotations

from inkmeans.segment._components import Piece

_OVERLAP = 0.4  # of the lower one's height: a character stands on the line of the one before it


def group_lines(pieces: list[Piece], height: float) -> list[list[Piece]]:
    """Return the lines from the top down, each from left to right.

    Characters are taken from left to right; each goes to the line whose last characters overlap it most by height, or
    starts a new line. So only neighbors have to stand side by side, and a base line may climb or wave. Lines that
    lie side by side at one height, far apart, are one line.
    """
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.x0 + p.x1, p.y0, p.x0)):
        best = max(lines, key=lambda line: _shared(line, piece), default=None)
        if best is None or _shared(best, piece) < _OVERLAP:
            lines.append([piece])
        else:
            best.append(piece)
    return sorted(lines, key=_middle)


def _shared(line: list[Piece], piece: Piece) -> float:
    """Return the share of the lower one's height in which a piece overlaps the last two characters of a line."""
    top = min(p.y0 for p in line[-2:])
    bottom = max(p.y1 for p in line[-2:])
    return (min(bottom, piece.y1) - max(top, piece.y0)) / min(bottom - top, piece.height)


def _middle(line: list[Piece]) -> tuple[float, int]:
    return sum(p.y0 + p.y1 for p in line) / len(line), line[0].x0
