"""A reading drawn on its picture: each glyph's box, what was read in it, and how sure the reader is."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.pictures._labels import is_doubtful, is_rejected, percent, place_labels, words_in_doubt
from inkmeans.pictures._plate import MARGIN, NARROWEST, draw_highlight, lay_plate
from inkmeans.pictures._text import ELLIPSIS, Face, count_of, drawable, face_for, font, wrap_text, write
from inkmeans.pictures._tiles import (
    ACCENT,
    DOUBT,
    DOUBT_EDGE,
    DOUBT_INK,
    INK,
    LINE,
    MUTED,
    PAPER,
    as_numbers,
    dashed_rectangle,
)
from inkmeans.records import GlyphReading, Reading

_SMALLEST_BOX = 80  # pixels that a usual box is enlarged to, so that its label can be read
_LARGEST_HIGHLIGHT = 0.3  # of the picture; of a larger box the edge and the label alone are colored
_TITLE, _SMALLEST_TITLE, _NOTE = 54, 26, 23
_NOTHING = "Nothing to read"


def reading_picture(image: ArrayLike, reading: Reading, *, longest: int = 2000, source: str = "") -> Image.Image:
    """Return the picture with each glyph's box, its text above and its confidence below, under the text as a whole.

    What is in doubt is under the highlighter: a name less than 95 % sure, with a second name beside it, in a solid
    box; a rejected glyph ("?"), with its likeliest name, in a dashed one. Small pictures are enlarged until their
    labels can be read, large ones reduced to `longest`.

    Parameters
    ----------
    image : array of shape (height, width), or uint8 of shape (height, width, 3)
        Shown as it is: uint8 as gray levels, other dtypes from their lowest to their highest value.
    reading : Reading
        Its boxes are in the pixels of `image`.
    longest : int
        The most pixels that the shown image may be wide or high.
    source : str
        Where the picture comes from; written at the foot.

    Raises
    ------
    InputError
        If the image is empty, not finite or of another shape.

    Examples
    --------
    >>> import numpy as np
    >>> glyph = GlyphReading("7", 0.93, (10, 5, 20, 30))
    >>> seven = Reading("7", 0.93, False, (10, 5, 20, 30), (glyph,))
    >>> reading_picture(np.full((40, 50), 255, dtype=np.uint8), seven).mode
    'RGB'
    """
    photo = marked_photo(image, reading, longest=longest)
    inner = max(photo.width, NARROWEST)
    notes = wrap_text(_note(reading), inner, _NOTE, "sans", 2)
    header = 64 + 32 * len(notes) + 18
    legend = _legend(reading)
    height = header + photo.height + (50 if legend else 0)
    canvas, draw, top = lay_plate(photo.width, height, source=source)
    _draw_text(draw, reading, top + 48, inner)
    for number, line in enumerate(notes):
        baseline = top + 64 + 32 * number + 24
        write(draw, (MARGIN, baseline), line, width=inner, size=_NOTE, color=MUTED)
    canvas.paste(photo, (MARGIN, top + header))
    _draw_legend(draw, top + height - 6, inner, legend)
    return canvas


def marked_photo(image: ArrayLike, reading: Reading, *, longest: int) -> Image.Image:
    """Return the picture with boxes and labels alone, for a page that says the rest."""
    longest = check_whole("longest", longest, least=64, note=", in pixels")
    photo = _as_photo(image)
    scale = _scale_for(photo.size, reading, longest)
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    how = Image.Resampling.NEAREST if scale >= 1 and float(scale).is_integer() else Image.Resampling.LANCZOS
    photo = photo.resize(size, how, reducing_gap=3.0) if size != photo.size else photo
    photo = photo.convert("RGB")

    boxes = _scaled_boxes(reading, scale, size)
    label = _label_size(boxes)
    line = max(2, label // 20)
    for glyph, box in zip(reading.glyphs, boxes, strict=True):
        if is_doubtful(glyph) and (box[2] - box[0]) * (box[3] - box[1]) < _LARGEST_HIGHLIGHT * size[0] * size[1]:
            _highlight(photo, box)
    slips = place_labels(reading.glyphs, boxes, label, line, size[0])
    above = max(0, *(-slip.edges[1] for slip in slips), 0)
    below = max(0, *(slip.edges[3] + 1 - size[1] for slip in slips), 0)
    canvas = Image.new("RGB", (size[0], above + size[1] + below), PAPER)
    canvas.paste(photo, (0, above))
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((0, above, size[0] - 1, above + size[1] - 1), outline=LINE)
    shift = np.array([0, above, 0, above])
    for glyph, box in zip(reading.glyphs, boxes + shift, strict=True):
        _draw_box(draw, (int(box[0]), int(box[1]), int(box[2]), int(box[3])), _edge(glyph), line)
    for slip in slips:
        slip.moved(above).draw(draw)
    return canvas


def _as_photo(image: ArrayLike) -> Image.Image:
    array = as_numbers(image, "image")
    if array.ndim == 3 and array.shape[2] == 3 and array.dtype == np.uint8:
        return Image.fromarray(np.ascontiguousarray(array))
    if array.ndim != 2:
        raise InputError(
            f"image must be (height, width), or uint8 (height, width, 3); got {array.dtype} of shape {array.shape}."
        )
    return Image.fromarray(_as_gray(array))  # gray until it is resized: a third of the memory


def _as_gray(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype == np.uint8 and array.max() != 1:
        return np.ascontiguousarray(array)
    numbers = array.astype(np.float64)
    numbers /= max(float(np.abs(numbers).max()), np.finfo(np.float64).tiny)
    low, high = float(numbers.min()), float(numbers.max())
    if high == low:
        return np.full(array.shape, 255, dtype=np.uint8)
    return np.rint((numbers - low) * (255.0 / (high - low))).astype(np.uint8)


def _scale_for(size: tuple[int, int], reading: Reading, longest: int) -> float:
    """Return how much to enlarge: by whole numbers, until a usual box is 80 pixels high, within `longest`."""
    most = longest / max(size)
    if most < 1:
        return most
    usual = float(np.median([glyph.box[3] for glyph in reading.glyphs])) if reading.glyphs else min(size)
    return float(max(1, min(int(most), int(np.ceil(_SMALLEST_BOX / max(usual, 1.0))))))


def _scaled_boxes(reading: Reading, scale: float, size: tuple[int, int]) -> NDArray[np.int64]:
    """Return left, top, right, bottom of each glyph in shown pixels, cut to the picture; int64 of shape (n, 4)."""
    boxes = np.array([glyph.box for glyph in reading.glyphs], dtype=np.float64).reshape(-1, 4)
    corners = np.hstack([boxes[:, :2], boxes[:, :2] + np.maximum(boxes[:, 2:], 1)]) * scale
    corners[:, 2:] -= 1
    limits = np.array([size[0] - 1, size[1] - 1] * 2)
    return np.rint(np.clip(corners, 0, limits)).astype(np.int64)


def _label_size(boxes: NDArray[np.int64]) -> int:
    usual = float(np.median(boxes[:, 3] - boxes[:, 1])) if len(boxes) else 48.0
    return int(np.clip(usual * 0.5, 16, 44))


def _highlight(photo: Image.Image, box: NDArray[np.int64]) -> None:
    """Color a box as a highlighter does: ink stays ink, and its paper, however gray, turns yellow."""
    left, top, right, bottom = (int(edge) for edge in box)
    part = np.asarray(photo.crop((left, top, right + 1, bottom + 1)), dtype=np.float64)
    paper = max(1.0, float(np.percentile(part.max(axis=2), 90)))
    photo.paste(Image.fromarray(np.rint(np.minimum(part / paper, 1) * np.array(DOUBT)).astype(np.uint8)), (left, top))


def _edge(glyph: GlyphReading) -> str:
    return "dashed" if is_rejected(glyph) else "doubtful" if is_doubtful(glyph) else "solid"


def _draw_box(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], edge: str, line: int) -> None:
    """Draw the box's line round the ink, outside of it, with a thread of paper so that it shows on dark ground."""
    x, y, right, bottom = box
    frame = (x - line, y - line, right + line, bottom + line)
    halo = (frame[0] - 1, frame[1] - 1, frame[2] + 1, frame[3] + 1)
    draw.rectangle(halo, outline=PAPER, width=line + 1)
    if edge == "dashed":
        dashed_rectangle(draw, frame, DOUBT_EDGE, line, 4 + 3 * line)
    else:
        draw.rectangle(frame, outline=DOUBT_EDGE if edge == "doubtful" else ACCENT, width=line)


def _draw_text(draw: ImageDraw.ImageDraw, reading: Reading, baseline: int, width: int) -> None:
    """Write the text that was read, what is in doubt under the highlighter; a long one is smaller, then cut."""
    pieces = words_in_doubt(reading.text, reading.glyphs)
    if not pieces:
        pieces = [(_NOTHING, False)] if not reading.glyphs else [("?", True)]
    face: Face = face_for("".join(piece for piece, _ in pieces), "serif")
    pieces = [(piece if piece.isspace() or piece == " / " else drawable(piece, face), odd) for piece, odd in pieces]
    size = _TITLE
    while size > _SMALLEST_TITLE and _ends(pieces, size, face)[-1] > width:
        size -= 1
    ends = _ends(pieces, size, face)
    if ends[-1] > width:
        room = width - font(size, face).getlength(ELLIPSIS)
        pieces = [*pieces[: bisect_right(ends, room)], (ELLIPSIS, False)]
    x, letters = float(MARGIN), font(size, face)
    for piece, doubtful in pieces:
        long = letters.getlength(piece)
        if doubtful:
            ground = (round(x), baseline - round(0.78 * size), round(x + long), baseline + round(0.16 * size))
            draw.rectangle(ground, fill=DOUBT)
        draw.text((x, baseline), piece, font=letters, fill=DOUBT_INK if doubtful else INK, anchor="ls")
        x += long


def _ends(pieces: list[tuple[str, bool]], size: int, face: Face) -> list[float]:
    """Return how far each piece reaches, the first from 0 on."""
    return list(accumulate(font(size, face).getlength(piece) for piece, _ in pieces))


def _note(reading: Reading) -> str:
    if not reading.glyphs:
        return "No glyph was found."
    lines = len(reading.text.splitlines())
    what = count_of(len(reading.glyphs), "glyph") + (f" on {lines:,} lines" if lines > 1 else "")
    guessed = any(is_rejected(glyph) and glyph.alternatives for glyph in reading.glyphs)
    likeliest = ', with the likeliest name for each "?"' if guessed else ""
    return f"{what}; {percent(reading.confidence)} sure that all of it is right{likeliest}."


def _legend(reading: Reading) -> list[tuple[str, bool]]:
    """Return what the highlighter stands for here, each with whether its box is dashed."""
    rejected = sum(is_rejected(glyph) for glyph in reading.glyphs)
    unsure = sum(is_doubtful(glyph) for glyph in reading.glyphs) - rejected
    told = [(f"{rejected:,} rejected: too unsure to be read", True)] if rejected else []
    return told + ([(f"{unsure:,} less than 95 % sure", False)] if unsure else [])


def _draw_legend(draw: ImageDraw.ImageDraw, baseline: int, width: int, legend: list[tuple[str, bool]]) -> None:
    x = MARGIN
    for words, dashed in legend:
        swatch = (x, baseline - 16, x + 20, baseline + 2)
        draw_highlight(draw, swatch, edge=not dashed)
        if dashed:
            dashed_rectangle(draw, swatch, DOUBT_EDGE, 2, 5)
        x += 30
        x += round(write(draw, (x, baseline), words, width=MARGIN + width - x, size=20, color=MUTED)) + 34
