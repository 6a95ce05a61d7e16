"""Words on pictures, in the one font that is inside Pillow.

That font (Aileron) draws ASCII and a few signs. Whatever it cannot draw is written as its code point, such as
U+0CEC, so that no name turns silently into an empty box. The report is HTML and shows every name as it is.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from PIL import ImageDraw, ImageFont

from inkmeans.pictures._tiles import Color

_LONGEST = 200  # characters of a name that are looked at; no picture has room for more
_ABSENT = "\U0010ffff"  # a noncharacter: every font draws its box for missing signs
ELLIPSIS = "…"


@lru_cache(maxsize=128)
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return Pillow's built-in font at `size` pixels."""
    loaded = ImageFont.load_default(size=size)
    assert isinstance(loaded, ImageFont.FreeTypeFont)  # load_default(size=...) gives no other kind
    return loaded


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    mask, absent = font(40).getmask(character), font(40).getmask(_ABSENT)
    return mask.size != absent.size or bytes(mask) != bytes(absent)


def drawable(text: str) -> str:
    """Return `text` with every character that the font lacks written as its code point.

    Examples
    --------
    >>> drawable("7")
    '7'
    >>> drawable("ka ೬")
    'ka U+0CEC'
    """
    written: list[str] = []
    for character in unicodedata.normalize("NFC", text[:_LONGEST]):
        if character.isspace():
            written.append(" ")
        elif _has_glyph(character):
            written.append(character)
        else:
            written.append(f" U+{ord(character):04X} ")
    shown = " ".join("".join(written).split())
    return shown + ELLIPSIS if len(text) > _LONGEST else shown


def fit_text(text: str, width: float, size: int, smallest: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """Return drawable text and a font, at most `size` high, that together take at most `width` pixels.

    The font shrinks to `smallest` first; then the text is cut and ends in an ellipsis.
    """
    text = drawable(text)
    while size > smallest and font(size).getlength(text) > width:
        size -= 1
    chosen = font(size)
    if chosen.getlength(text) <= width:
        return text, chosen
    short = text
    while short and chosen.getlength(short + ELLIPSIS) > width:
        short = short[:-1]
    return short.rstrip() + ELLIPSIS, chosen


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    *,
    width: float,
    size: int,
    smallest: int = 11,
    color: Color,
    anchor: str = "ls",
) -> float:
    """Write `text` within `width` pixels, on the baseline `at`; return the width it took."""
    fitted, chosen = fit_text(text, width, size, min(size, smallest))
    draw.text(at, fitted, font=chosen, fill=color, anchor=anchor)
    return chosen.getlength(fitted)


def count_of(n: int, noun: str) -> str:
    """Return "1 image", "1,234 images"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
