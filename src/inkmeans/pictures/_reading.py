"""A reading drawn on its picture: each glyph's box, what was read in it, and how sure the reader is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.names import REJECTED
from inkmeans.pictures._text import fit_text, font, write
from inkmeans.pictures._tiles import ACCENT, EDGE, INK, MUTED, PAGE, PAPER, READ, Color, as_numbers, dashed_rectangle
from inkmeans.records import GlyphReading, Reading, whole_percent

_MARGIN = 32
_SMALLEST_BOX = 80  # pixels that a usual box is enlarged to, so that its label can be read


def reading_picture(image: ArrayLike, reading: Reading, *, longest: int = 2000) -> Image.Image:
    """Return the picture with each glyph's box, its text above and its confidence below.

    A glyph that was read has a solid blue box; a rejected one ("?") a dashed red box, so that color is not needed to
    tell them apart. Small pictures are enlarged until their labels can be read, large ones reduced to `longest`.

    Parameters
    ----------
    image : array of shape (height, width), or uint8 of shape (height, width, 3)
        Shown as it is: uint8 as gray levels, other dtypes from their lowest to their highest value.
    reading : Reading
        Its boxes are in the pixels of `image`.
    longest : int
        The most pixels that the shown image may be wide or high.

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
    longest = check_whole("longest", longest, least=64, note=", in pixels")
    photo = _as_photo(image)
    scale = _scale_for(photo.size, reading, longest)
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    how = Image.Resampling.NEAREST if scale >= 1 and float(scale).is_integer() else Image.Resampling.LANCZOS
    photo = photo.resize(size, how, reducing_gap=3.0) if size != photo.size else photo

    boxes = _scaled_boxes(reading, scale, size)
    label = _label_size(boxes)
    header = 88
    above = max(0, int(label * 1.2) - int(boxes[:, 1].min())) if len(boxes) else 0
    below = max(0, int(label * 0.9) - (size[1] - 1 - int(boxes[:, 3].max()))) if len(boxes) else 0
    width = 2 * _MARGIN + max(size[0], 420)
    rejected = sum(_is_rejected(glyph) for glyph in reading.glyphs)
    height = header + above + size[1] + below + (44 if rejected else 0) + _MARGIN
    canvas = Image.new("RGB", (width, height), PAGE)
    draw = ImageDraw.Draw(canvas)
    _draw_header(draw, reading, width)
    left, top = (width - size[0]) // 2, header + above
    draw.rectangle((left - 1, top - 1, left + size[0], top + size[1]), outline=EDGE)
    canvas.paste(photo.convert("RGB"), (left, top))

    room = _room(boxes)
    for glyph, box, free in zip(reading.glyphs, boxes, room, strict=True):
        x, y, right, bottom = (int(edge) for edge in box + np.array([left, top, left, top]))
        _draw_box(draw, (x, y, right, bottom), _is_rejected(glyph), max(2, label // 12))
        _draw_label(draw, glyph, ((x + right) / 2, y, bottom), float(free), label)
    if rejected:
        _draw_legend(draw, height - _MARGIN + 4, rejected)
    return canvas


def two_digits(confidence: float) -> str:
    """Return a confidence with two digits, rounded down.

    Examples
    --------
    >>> two_digits(0.5299)
    '0.52'
    """
    return f"{whole_percent(confidence) / 100:.2f}"


def _is_rejected(glyph: GlyphReading) -> bool:
    return glyph.text in ("", REJECTED)


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


def _room(boxes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how wide each label may be: up to the middle of the nearest box of the same line."""
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    room = np.empty(len(boxes))
    for i, (_, top, _, bottom) in enumerate(boxes):
        beside = (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
        beside[i] = False
        room[i] = np.abs(middle[beside] - middle[i]).min() if beside.any() else 240
    return np.clip(room - 4, 12, 240)


def _draw_header(draw: ImageDraw.ImageDraw, reading: Reading, width: int) -> None:
    lines = reading.text.splitlines()
    words = " / ".join(lines) if reading.glyphs or lines else "nothing to read"
    sure = two_digits(reading.confidence)
    note = font(20).getlength(sure) + 24
    taken = write(draw, (_MARGIN, 58), words, width=width - 2 * _MARGIN - note, size=44, smallest=20, color=INK)
    if reading.glyphs:
        write(draw, (_MARGIN + taken + 16, 58), sure, width=note, size=20, color=MUTED)


def _draw_box(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], rejected: bool, line: int) -> None:
    """Draw the box's line round the ink, outside of it, with a thread of paper so that it shows on dark ground."""
    x, y, right, bottom = box
    out = line + 2
    frame = (x - out, y - out, right + out, bottom + out)
    halo = (frame[0] - 1, frame[1] - 1, frame[2] + 1, frame[3] + 1)
    draw.rectangle(halo, outline=PAPER, width=line + 2)
    if rejected:
        dashed_rectangle(draw, frame, ACCENT, line, 4 + 3 * line)
    else:
        draw.rectangle(frame, outline=READ, width=line)


def _draw_label(
    draw: ImageDraw.ImageDraw, glyph: GlyphReading, at: tuple[float, int, int], free: float, label: int
) -> None:
    middle, top, bottom = at
    color: Color = ACCENT if _is_rejected(glyph) else READ
    gap = max(2, label // 12) + 5
    _write_on_paper(draw, (middle, top - gap), glyph.text or REJECTED, free, label, color, "mb")
    small = max(11, int(label * 0.5))
    sure = two_digits(glyph.confidence)
    if font(11).getlength(sure) > free:
        sure = sure.removeprefix("0")  # ".93": two thirds of the width
    if font(11).getlength(sure) <= free:
        _write_on_paper(draw, (middle, bottom + gap), sure, free, small, MUTED, "mt")


def _write_on_paper(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    width: float,
    size: int,
    color: Color,
    side: str,
) -> None:
    """Write on a slip of paper that lies above ("mb") or below ("mt") the point `at`."""
    fitted, chosen = fit_text(text, width, size, min(size, 11))
    x, y = at
    half = chosen.getlength(fitted) / 2 + 2
    ascent = chosen.getbbox("0", anchor="ls")[1]  # negative
    height = -ascent + 4
    baseline = y - 2 if side == "mb" else y - ascent + 2
    slip = (x - half, baseline + ascent - 2, x + half, baseline + height + ascent - 2)
    draw.rectangle(tuple(round(edge) for edge in slip), fill=PAPER)
    draw.text((x, baseline), fitted, font=chosen, fill=color, anchor="ms")


def _draw_legend(draw: ImageDraw.ImageDraw, baseline: int, rejected: int) -> None:
    dashed_rectangle(draw, (_MARGIN, baseline - 15, _MARGIN + 21, baseline + 1), ACCENT, 2, 5)
    words = f"{rejected:,} rejected: too unsure to be read"
    write(draw, (_MARGIN + 32, baseline), words, width=380, size=18, color=MUTED)
