"""The nouns that travel between the stages: plain frozen records that know nothing of files, screens or networks."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

GLYPH_SIZE = 28
"""Pixels on a side of a normalized glyph."""

Box = tuple[int, int, int, int]
"""x, y, width, height in pixels; the origin is the top left corner."""


def whole_percent(probability: float) -> int:
    """Return a probability in percent, rounded down as wherever people read one, so that 100 is said of 1 alone.

    Examples
    --------
    >>> whole_percent(0.29), whole_percent(0.5299), whole_percent(0.9999), whole_percent(1.0)
    (29, 52, 99, 100)
    """
    return floor(100 * probability + 1e-9)  # 100 * 0.29 is 28.999999999999996


@dataclass(frozen=True, eq=False)
class Glyph:
    """One character's image.

    Attributes
    ----------
    pixels : uint8 of shape (height, width)
        Ink bright on 0.
    box : Box
        Where on its page the glyph stands.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    box: Box


@dataclass(frozen=True, eq=False)
class Line:
    """A run of glyphs in reading order."""

    glyphs: tuple[Glyph, ...]
    box: Box


@dataclass(frozen=True, eq=False)
class Page:
    """The lines found on one picture, from the top down; `width` and `height` are the picture's, in pixels."""

    lines: tuple[Line, ...]
    width: int
    height: int


@dataclass(frozen=True)
class GlyphReading:
    """What a reader makes of one glyph.

    Attributes
    ----------
    text : str
        The name that was read, or "?" where the reader rejects.
    confidence : float
        The probability, 0 to 1, that the likeliest name is right; 0 for a picture that shows no character.
    box : Box
    alternatives : tuple of (name, probability)
        The likeliest names, the best first. For a rejected glyph too, unless it shows no character.
    """

    text: str
    confidence: float
    box: Box
    alternatives: tuple[tuple[str, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the record as the JSON object that the command line and the web interface give out."""
        return {
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "box": list(self.box),
            "alternatives": [[name, round(probability, 4)] for name, probability in self.alternatives],
        }


@dataclass(frozen=True)
class Reading:
    """The text read from one picture, and the probability that all of it is right.

    Attributes
    ----------
    text : str
        Lines are separated by a line feed; "?" stands for each rejected glyph.
    confidence : float
        The probability, 0 to 1, that the likeliest text is right: `text` with the likeliest name of its glyph in place
        of each "?". It is the product of the glyphs' confidences; 0 where one of them shows no character.
    rejected : bool
        True if any glyph was rejected, or if there was nothing to read.
    box : Box
        The box that holds all the ink that was read.
    glyphs : tuple of GlyphReading
        In reading order.
    alternatives : tuple of (text, confidence)
    """

    text: str
    confidence: float
    rejected: bool
    box: Box
    glyphs: tuple[GlyphReading, ...]
    alternatives: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of_glyph(cls, glyph: GlyphReading, *, rejected: bool) -> Self:
        """Return the reading of a picture that shows one glyph."""
        alternatives = glyph.alternatives if rejected else ()
        return cls(glyph.text, glyph.confidence, rejected, glyph.box, (glyph,), alternatives)

    def to_json(self) -> dict[str, Any]:
        """Return the record as the JSON object that the command line and the web interface give out."""
        return {
            "text": self.text,
            "confidence": round(self.confidence, 4),
            "rejected": self.rejected,
            "box": list(self.box),
            "glyphs": [glyph.to_json() for glyph in self.glyphs],
            "alternatives": [[text, round(confidence, 4)] for text, confidence in self.alternatives],
        }
