"""What a class's room tells: each phone, and the teacher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inkmeans.lesson._class_drawings import ClassDrawing, Painted
from inkmeans.records import GlyphReading


class GlyphReader(Protocol):
    """What reads a drawing: a `Reader` does."""

    def read_glyphs(self, images: NDArray[np.uint8], ink: str, ink_max: float) -> list[GlyphReading]:
        """Return a reading for each image."""
        ...


@dataclass(frozen=True)
class ReadBy:
    """By what the drawings are read: k named clusters."""

    k: int
    names: tuple[str | None, ...]
    reader: GlyphReader


@dataclass(frozen=True)
class Told:
    """What a phone is told.

    Attributes
    ----------
    is_open : bool
        Whether drawings are taken.
    is_ended : bool
        Whether the class has ended, and its drawings are deleted.
    as_they_come : bool
        Whether drawings are shown without a nod.
    ask : str or None
        The digit to draw, where one is asked for.
    n_sent, n_left : int
        How many drawings were taken from it, and how many more will be.
    says : str or None
        A sentence to show.
    reading : GlyphReading or None
        What the class's clusters made of its drawing.
    round : str
        Another one once the class has ended: what a phone kept for the one before is not for this one.
    """

    is_open: bool
    is_ended: bool
    as_they_come: bool
    ask: str | None
    n_sent: int
    n_left: int
    says: str | None = None
    reading: GlyphReading | None = None
    round: str = ""


@dataclass(frozen=True)
class News:
    """What changed in a room since a revision, the oldest change first; `revision` is how far it tells.

    Attributes
    ----------
    round : str
        Another one once the class has ended: no drawing of before is there any more.
    drawings : tuple of ClassDrawing
        Those that came or changed their state, at most 500.
    """

    round: str
    revision: int
    is_open: bool
    as_they_come: bool
    prompts: bool
    n_phones: int
    n_waiting: int
    n_shown: int
    drawings: tuple[ClassDrawing, ...]
    read_by: ReadBy | None
    kept: str | None
    stopped: tuple[int, ...]
    is_ended: bool


def read_painted(reader: GlyphReader, painted: Painted) -> GlyphReading:
    """Return what a reader makes of a drawing."""
    return reader.read_glyphs(painted.glyph[np.newaxis], ink="bright", ink_max=255.0)[0]


def summary(n_deleted: int, kept: Sequence[str]) -> str:
    """Return a sentence on what was deleted and kept of a class."""
    deleted = f"{n_deleted:,} drawing{'' if n_deleted == 1 else 's'}"
    rest = f"; kept: {', '.join(kept)}" if kept else "; none were kept"
    return f"{deleted} of the class {'was' if n_deleted == 1 else 'were'} deleted{rest}."
