"""A whole picture to text: paper to ink, ink to glyphs in reading order, each glyph read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputTypeError
from inkmeans.names import REJECTED
from inkmeans.reader._reader import Reader
from inkmeans.records import Box, GlyphReading, Line, Reading

_N_ALTERNATIVES = 3


def load(name: str | Path = "digits") -> Reader:
    """Return a reader: one that ships in the package, by name, or the one in a model file, by path.

    Parameters
    ----------
    name : "digits" or path
        The text "digits" is the reader that ships; for a file of that name give "./digits" or a Path.

    Raises
    ------
    FileError
        If there is no such file, or it cannot be read.
    ModelFileError
        If it is no model file, is damaged, or is made for another version; the sentence says where.

    Examples
    --------
    >>> import inkmeans
    >>> inkmeans.load("digits").classes_.tolist()
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
    """
    return Reader.load(name)


def read(
    image: str | Path | bytes | NDArray[Any],
    *,
    reader: Reader | str | Path = "digits",
    reject: bool | float = True,
) -> Reading:
    """Return the text on a picture with one or more glyphs on a plain background.

    Parameters
    ----------
    image : path, bytes of an image file, or array of shape (height, width)
        Dark ink on bright paper or the other way round; an array of any dtype and ink scale.
    reader : Reader, "digits", or path of a model file
        "digits" is the reader that ships in the package.
    reject : bool or float
        As for `Reader.predict`, but True where nothing else is asked for. What shows no character is always rejected.

    Returns
    -------
    Reading
        Lines are separated by a line feed. A picture without ink has the empty text and is rejected.

    Raises
    ------
    FileError, ImageError, ModelFileError, InputError
        If the picture or the reader cannot be used; the sentence says which and why.
    """
    from inkmeans.images import as_gray, read_image
    from inkmeans.segment import find_glyphs

    model = reader if isinstance(reader, Reader) else load(reader)
    if not isinstance(image, str | Path | bytes | bytearray | memoryview | np.ndarray) and not hasattr(image, "read"):
        raise InputTypeError(
            "image must be a path, the bytes of an image file, or an array of shape (height, width); "
            f"got {type(image).__name__}."
        )
    gray = as_gray(image) if isinstance(image, np.ndarray) else read_image(image)
    return read_lines(find_glyphs(gray).lines, model, reject=reject)


def read_lines(lines: tuple[Line, ...], reader: Reader, *, reject: bool | float = True) -> Reading:
    """Return the text of lines that are already found."""
    glyphs = [glyph for line in lines for glyph in line.glyphs]
    if not glyphs:
        return Reading("", 0.0, True, (0, 0, 0, 0), ())
    found = reader.read_glyphs([glyph.pixels for glyph in glyphs], ink="bright", ink_max=255.0, reject=reject)
    readings = tuple(
        GlyphReading(reading.text, reading.confidence, glyph.box, reading.alternatives)
        for reading, glyph in zip(found, glyphs, strict=True)
    )
    lengths = [len(line.glyphs) for line in lines]
    text = _text([reading.text for reading in readings], lengths)
    confidence = float(np.prod([reading.confidence for reading in readings]))
    return Reading(
        text=text,
        confidence=confidence,
        rejected=any(reading.text == REJECTED for reading in readings),
        box=_hull([glyph.box for glyph in glyphs]),
        glyphs=readings,
        alternatives=_alternatives(readings, lengths),
    )


def _text(texts: list[str], lengths: list[int]) -> str:
    rest = iter(texts)
    return "\n".join("".join(next(rest) for _ in range(length)) for length in lengths)


def _hull(boxes: list[Box]) -> Box:
    left = min(x for x, _, _, _ in boxes)
    top = min(y for _, y, _, _ in boxes)
    right = max(x + width for x, _, width, _ in boxes)
    bottom = max(y + height for _, y, _, height in boxes)
    return left, top, right - left, bottom - top


def _alternatives(readings: tuple[GlyphReading, ...], lengths: list[int]) -> tuple[tuple[str, float], ...]:
    """Return the likeliest other texts: the best one with a single glyph read otherwise."""
    if not all(reading.alternatives for reading in readings):
        return ()
    best = [reading.alternatives[0][0] for reading in readings]
    sure = float(np.prod([reading.alternatives[0][1] for reading in readings]))
    others = []
    for i, reading in enumerate(readings):
        for name, probability in reading.alternatives[1:]:
            text = _text([*best[:i], name, *best[i + 1 :]], lengths)
            others.append((text, sure * probability / reading.alternatives[0][1]))
    return tuple(sorted(others, key=lambda other: -other[1])[:_N_ALTERNATIVES])
