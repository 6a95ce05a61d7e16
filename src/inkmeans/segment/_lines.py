"""Characters to lines, and lines to reading order."""

from __future__ import annotations

from inkmeans.segment._components import Component

_OVERLAP = 0.4  # of the lower one's height: a character stands on the line of the one before it


def group_lines(components: list[Component], height: float) -> list[list[Component]]:
    """Return the lines from the top down, each from left to right.

    Characters are taken from left to right; each goes to the line whose last characters overlap it most by height, or
    starts a new line. So only neighbors have to stand side by side, and a base line may climb or wave. Lines that
    lie side by side at one height, far apart, are one line.
    """
    lines: list[list[Component]] = []
    for component in sorted(components, key=lambda c: (c.x0 + c.x1, c.y0, c.x0)):
        best = max(lines, key=lambda line: _shared(line, component), default=None)
        if best is None or _shared(best, component) < _OVERLAP:
            lines.append([component])
        else:
            best.append(component)
    return sorted(lines, key=_middle)


def _shared(line: list[Component], component: Component) -> float:
    """Return the share of the lower one's height in which a component overlaps the last two characters of a line."""
    top = min(c.y0 for c in line[-2:])
    bottom = max(c.y1 for c in line[-2:])
    return (min(bottom, component.y1) - max(top, component.y0)) / min(bottom - top, component.height)


def _middle(line: list[Component]) -> tuple[float, int]:
    return sum(c.y0 + c.y1 for c in line) / len(line), line[0].x0
