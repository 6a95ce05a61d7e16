"""Words on pictures, in the fonts that ship: IBM Plex Sans to read, Newsreader for titles.

The layout is Pillow's own, so that the same text gives the same pixels with and without HarfBuzz. The fonts have Latin
letters. Whatever they lack is written as its code point, such as U+0CEC, so that no name turns silently into an empty
box. The report is HTML and shows every name as it is.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Literal

from PIL import ImageDraw, ImageFont

from inkmeans.pictures._tiles import Color

Face = Literal["sans", "bold", "serif"]
FACES: dict[Face, str] = {"sans": "sans-400.ttf", "bold": "sans-600.ttf", "serif": "serif-500.ttf"}
FONTS = files("inkmeans.pictures") / "fonts"

_LONGEST = 200  # characters of a name that are looked at; no picture has room for more
_ABSENT = "\U0010ffff"  # a noncharacter: every font draws its box for missing signs
ELLIPSIS = "…"


@lru_cache(maxsize=3)
def font_file(face: Face) -> bytes:
    """Return a font that ships, as a TrueType file."""
    return (FONTS / FACES[face]).read_bytes()


@lru_cache(maxsize=256)
def font(size: int, face: Face = "sans") -> ImageFont.FreeTypeFont:
    """Return a font that ships at `size` pixels."""
    return ImageFont.truetype(BytesIO(font_file(face)), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def _has_glyph(character: str, face: Face) -> bool:
    mask, absent = font(40, face).getmask(character), font(40, face).getmask(_ABSENT)
    return mask.size != absent.size or bytes(mask) != bytes(absent)


def face_for(text: str, face: Face) -> Face:
    """Return `face`, or "bold" in place of "serif" where the text has letters that only the sans has."""
    if face == "serif" and not all(
        _has_glyph(each, "serif") or not _has_glyph(each, "bold") for each in _composed(text)
    ):
        return "bold"
    return face


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text[:_LONGEST])


def drawable(text: str, face: Face = "sans") -> str:
    """Return `text` with every character that the font lacks written as its code point.

    Examples
    --------
    >>> drawable("7")
    '7'
    >>> drawable("ka ೬")
    'ka U+0CEC'
    """
    written: list[str] = []
    for character in _composed(text):
        if character.isspace():
            written.append(" ")
        elif _has_glyph(character, face):
            written.append(character)
        else:
            written.append(f" U+{ord(character):04X} ")
    shown = " ".join("".join(written).split())
    return shown + ELLIPSIS if len(text) > _LONGEST else shown


def fit_text(
    text: str, width: float, size: int, smallest: int, face: Face = "sans"
) -> tuple[str, ImageFont.FreeTypeFont]:
    """Return drawable text and a font, at most `size` high, that together take at most `width` pixels.

    The font shrinks to `smallest` first; then the text is cut and ends in an ellipsis.
    """
    face = face_for(text, face)
    text = drawable(text, face)
    while size > smallest and font(size, face).getlength(text) > width:
        size -= 1
    chosen = font(size, face)
    if chosen.getlength(text) <= width:
        return text, chosen
    short = text
    while short and chosen.getlength(short + ELLIPSIS) > width:
        short = short[:-1]
    return short.rstrip() + ELLIPSIS, chosen


def wrap_text(text: str, width: float, size: int, face: Face, lines: int) -> list[str]:
    """Return drawable text in at most `lines` lines of at most `width` pixels; what does not fit ends in an ellipsis.

    Lines end between words; a word that is wider than a line is cut.
    """
    face = face_for(text, face)
    words, found = drawable(text, face).split(), [""]
    for place, word in enumerate(words):
        longer = f"{found[-1]} {word}".strip()
        if font(size, face).getlength(longer) <= width:
            found[-1] = longer
        elif found[-1] and len(found) < lines:
            found.append(word)
        else:
            found[-1] = " ".join([found[-1], *words[place:]]).strip()
            break
    return [fit_text(line, width, size, size, face)[0] for line in found if line]


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
    face: Face = "sans",
) -> float:
    """Write `text` within `width` pixels, on the baseline `at`; return the width it took."""
    fitted, chosen = fit_text(text, width, size, min(size, smallest), face)
    draw.text(at, fitted, font=chosen, fill=color, anchor=anchor)
    return chosen.getlength(fitted)


def count_of(n: int, noun: str) -> str:
    """Return "1 image", "1,234 images"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def short_count(n: int) -> str:
    """Return a number in at most four characters, rounded down, for where "1,234,567" has no room.

    Examples
    --------
    >>> [short_count(n) for n in (999, 1_234, 56_789, 1_234_567, 2 * 10**9)]
    ['999', '1.2k', '56k', '1.2M', '2.0G']
    """
    for power, letter in ((9, "G"), (6, "M"), (3, "k")):
        if n >= 10**power:
            tenths = n // 10 ** (power - 1)
            return f"{tenths // 10}{letter}" if tenths >= 100 else f"{tenths // 10}.{tenths % 10}{letter}"
    return str(n)
