"""A drawing that a phone sent: painted once, small whatever was sent, and why one is not taken."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.images import Drawing, fine_rows_crossed, rasterize
from inkmeans.lesson._pad import PAD_INK, pad_numbers, scale_drawing
from inkmeans.lesson._sets import Originals
from inkmeans.normalize import normalize
from inkmeans.records import GlyphReading

PICTURE_SIDE = 128
"""Pixels of the picture that a drawing is painted in."""
_MAX_ROWS = 60_000  # fine rows of pixels that its strokes may cross: 20 ms; a digit has 8,000
_FORMLESS = "That shows no digit; draw one, large, with a few strokes."

DrawingState = Literal["waiting", "shown", "out"]
"""A drawing waits for the teacher's nod, is shown to all, or was taken out."""
Why = Literal["closed", "ended", "stopped", "full", "unreadable", "too much"]


class NotTakenError(InputError):
    """A drawing that the room does not take; `why` says what kind of reason it is.

    Attributes
    ----------
    why : {"closed", "ended", "stopped", "full", "unreadable", "too much"}
        "closed", "full": it may be taken later. "stopped": while the phone is. The others: it never will be.
    """

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, eq=False)
class Painted:
    """A drawing's pictures, ink bright on 0.

    Attributes
    ----------
    picture : bytes
        Of 128 x 128 pixels, compressed: about a kilobyte.
    glyph : uint8 of shape (28, 28)
        Normalized.
    pad : uint8 of shape (8, 8)
        As the lesson's pad gives it, 255 for its full ink.
    """

    picture: bytes = field(repr=False)
    glyph: NDArray[np.uint8] = field(repr=False)
    pad: NDArray[np.uint8] = field(repr=False)

    def unpacked(self) -> NDArray[np.uint8]:
        """Return the picture: uint8 of shape (128, 128)."""
        return np.frombuffer(zlib.decompress(self.picture), np.uint8).reshape(PICTURE_SIDE, PICTURE_SIDE)


@dataclass(frozen=True, eq=False)
class ClassDrawing:
    """A drawing of the class.

    Attributes
    ----------
    id : int
    phone : int
        The number of the phone, in order of arrival.
    state : {"waiting", "shown", "out"}
    asked : str or None
        The digit that the phone had been asked for: the drawing's truth.
    painted : Painted
    reading : GlyphReading or None
        By the clusters that the class named, where there were some when it came.
    revision : int
        Of the room when the drawing came or changed its state last.
    """

    id: int
    phone: int
    state: DrawingState
    asked: str | None
    painted: Painted
    reading: GlyphReading | None
    revision: int


def paint(drawing: Drawing) -> Painted:
    """Return a drawing's pictures; about 6 ms, at most 30.

    Raises
    ------
    NotTakenError
        It has too many long strokes, or shows no character.
    """
    scaled = scale_drawing(drawing, PICTURE_SIDE)
    if fine_rows_crossed(scaled) > _MAX_ROWS:
        raise NotTakenError("too much", "The drawing has too many long strokes; draw one digit, with a few.")
    picture = rasterize(scaled)
    found = normalize(picture[np.newaxis], ink="bright", ink_max=255.0, n_jobs=1)
    if not found.readable[0]:
        blank = "The drawing is empty; draw one digit, large."
        raise NotTakenError("unreadable", blank if found.verdicts[0] == "blank" else _FORMLESS)
    pad = np.rint(pad_numbers(drawing) * (255 / PAD_INK)).astype(np.uint8)
    return Painted(zlib.compress(picture.tobytes(), 6), found.glyphs[0].copy(), pad)


def originals(drawings: Sequence[ClassDrawing]) -> Originals:
    """Return drawings as a project keeps them."""
    sources = [f"class {one.id}, " + (f"asked for {one.asked}" if one.asked else "drawn freely") for one in drawings]
    return Originals(np.stack([one.painted.unpacked() for one in drawings]), "bright", 255.0, sources)
