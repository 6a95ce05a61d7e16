"""Connected components of ink, and which of them make one character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

_SEED, _GROWTH = 100, 48  # the high and the low threshold of ink (hysteresis thresholding)

# All lengths below are in text heights.
_NOISE, _SPECK = 0.05, 0.18  # smaller both ways: noise; dirt or a dot
_TALL, _LONG, _RULE_LENGTH, _RULE_HEIGHT = 2.5, 6.0, 2.5, 0.5  # larger than text, or long and flat: frames and rules
_FRAGMENT = 0.7  # lower: may be a part of a character
_CLOSE, _TOUCHING = 0.25, 0.07  # gaps between parts one above the other, and between any
_JOINED = 1.4  # the tallest character that may be made of parts


@dataclass(frozen=True)
class Component:
    """The box (x0, y0, x1, y1; the last two are outside) of connected ink, its pixels and its labels."""

    x0: int
    y0: int
    x1: int
    y1: int
    area: int
    labels: tuple[int, ...]

    @property
    def width(self) -> int:
        """Columns of the box."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Rows of the box."""
        return self.y1 - self.y0

    def joined(self, other: Component) -> Component:
        """Return both as one component."""
        return Component(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
            self.area + other.area,
            self.labels + other.labels,
        )


def find_components(ink: NDArray[np.uint8]) -> tuple[NDArray[np.int32], list[Component]]:
    """Return the labels of all pixels (0: none) and the 8-connected components, by thresholds of 48 and 100.

    Hysteresis: a component is ink of at least 48 with at least one pixel of at least 100.
    """
    labels: NDArray[np.int32]
    labels, count = ndimage.label(ink >= _GROWTH, np.ones((3, 3)), output=np.int32)
    seeded = np.zeros(count + 1, bool)
    seeded[labels[ink >= _SEED]] = True
    seeded[0] = False
    numbers = np.concatenate(([0], np.cumsum(seeded)[1:] * seeded[1:])).astype(np.int32)
    labels = numbers[labels]
    areas = np.bincount(labels.ravel())
    components = [
        Component(columns.start, rows.start, columns.stop, rows.stop, int(areas[label]), (label,))
        for label, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1)
    ]
    return labels, components


def text_height(components: list[Component]) -> float:
    """Return the height that half of the ink reaches; frames and long components do not count if there are others."""
    chosen = [c for c in components if max(c.width, c.height) <= 12 * min(c.width, c.height)] or components
    for frame in _frames(chosen):
        chosen = [c for c in chosen if c is not frame]
    heights = np.array([max(c.height, c.width / 2) for c in chosen], np.float64)
    order = np.argsort(heights, kind="stable")
    reached = np.cumsum(np.array([c.area for c in chosen])[order])
    return float(heights[order][np.searchsorted(reached, reached[-1] / 2)])


def drop_rules(components: list[Component], height: float) -> list[Component]:
    """Return the components that are not far larger than text, nor long and flat: frames and ruled lines go."""
    return [
        c
        for c in components
        if c.height <= _TALL * height
        and c.width <= _LONG * height
        and not (c.width > _RULE_LENGTH * height and c.height < _RULE_HEIGHT * height)
    ]


def drop_specks(components: list[Component], height: float) -> list[Component]:
    """Return the components that are not small both ways."""
    return [c for c in components if max(c.width, c.height) >= _SPECK * height]


def join_parts(components: list[Component], height: float) -> list[Component]:
    """Return the components with the parts of one character joined, such as the loose top bar of a 5.

    Two components are one character if the lower one is at most 0.7 text heights high, both together are at most 1.4,
    and either they overlap by half the narrower one's width with at most 0.25 text heights between them, or their boxes
    come as near as 0.07. The nearest pair is joined first. Where all components that are not specks come as near as
    0.07 of their whole height, they are one broken character: then no text height could be estimated from them.
    """
    components = [c for c in components if max(c.width, c.height) >= _NOISE * height]
    marks = drop_specks(components, height)
    whole_height = max(c.y1 for c in marks) - min(c.y0 for c in marks)
    whole = _joined(marks, whole_height, _TOUCHING)
    return whole if len(whole) == 1 else _joined(components, height, _CLOSE)


def _joined(components: list[Component], height: float, close: float) -> list[Component]:
    components = sorted(components, key=lambda c: (c.x0, c.y0, c.x1, c.y1))
    x0, y0, x1, y1 = np.array([(c.x0, c.y0, c.x1, c.y1) for c in components]).T
    ends = np.searchsorted(x0, x1 + _TOUCHING * height, side="right")
    pairs: list[tuple[float, int, int]] = []
    for i, a in enumerate(components):
        later = slice(i + 1, int(ends[i]))
        apart = np.maximum(y0[later] - a.y1, a.y0 - y1[later])
        for j in (np.flatnonzero(apart <= max(close, _TOUCHING) * height) + i + 1).tolist():
            if _are_one(a, components[j], height, close):
                pairs.append((_gap(a, components[j]), i, j))
    # Each component's character: a list of the numbers of its components, shared by all of them.
    members = [[i] for i in range(len(components))]
    whole = list(components)
    for _, i, j in sorted(pairs):
        if members[i] is members[j] or not _are_one(whole[i], whole[j], height, close):
            continue
        both, union = members[i] + members[j], whole[i].joined(whole[j])
        for k in both:
            members[k], whole[k] = both, union
    return [whole[i] for i in range(len(components)) if members[i][0] == i]


def _gap(a: Component, b: Component) -> float:
    """Return the distance between two boxes; 0 if they overlap."""
    return float(np.hypot(max(0, a.x0 - b.x1, b.x0 - a.x1), max(0, a.y0 - b.y1, b.y0 - a.y1)))


def _are_one(a: Component, b: Component, height: float, close: float) -> bool:
    tallest = max(a.height, b.height)
    if min(a.height, b.height) > _FRAGMENT * height:
        return False
    if max(a.y1, b.y1) - min(a.y0, b.y0) > max(_JOINED * height, 1.15 * tallest):
        return False
    overlap = min(a.x1, b.x1) - max(a.x0, b.x0)
    stacked = overlap >= 0.5 * min(a.width, b.width)
    return _gap(a, b) <= (close if stacked else _TOUCHING) * height


def _frames(components: list[Component]) -> list[Component]:
    """Return those of the ten widest components whose boxes hold two others that are not just dirt inside a 0."""
    x0, y0, x1, y1 = np.array([(c.x0, c.y0, c.x1, c.y1) for c in components]).T
    return [
        c
        for c in sorted(components, key=lambda c: -c.width)[:10]
        if np.sum((x0 > c.x0) & (y0 > c.y0) & (x1 < c.x1) & (y1 < c.y1) & (y1 - y0 > 0.15 * c.height)) >= 2
    ]
