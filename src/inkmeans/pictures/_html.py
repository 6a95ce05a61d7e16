"""Foreign text and pictures made safe for one HTML file: escaping, data: URIs, numbered footnotes."""

from __future__ import annotations

import base64
import html
import io
import unicodedata
from functools import lru_cache

import numpy as np
from PIL import Image

from inkmeans.pictures._tiles import ACCENT, EDGE, PAGE, PAPER, draw_ink


def escape(text: object) -> str:
    """Return `text` for use in HTML text and in quoted attributes.

    Control characters and lone surrogates (a file name may hold them; UTF-8 cannot) become code points as U+DCFF.

    Examples
    --------
    >>> escape('<b class="x">')
    '&lt;b class=&quot;x&quot;&gt;'
    """
    return html.escape("".join(_shown(character) for character in str(text)))


def _shown(character: str) -> str:
    if character in "\n\t\r":
        return " "
    return f"U+{ord(character):04X}" if unicodedata.category(character) in ("Cc", "Cs") else character


def foreign(text: object) -> str:
    """Return `text` escaped and kept apart, so that a name written from right to left turns nothing else round."""
    return f"<bdi>{escape(text)}</bdi>"


def data_uri(picture: Image.Image, *, ink: bool = True) -> str:
    """Return `picture` as a data: URI.

    Pictures of ink are PNGs of one fixed palette, where the color of the page is clear, so that tiles lie on any
    ground. Other pictures are JPEGs with every pixel's own color: a palette bands their shadows and loses the few
    pixels of the boxes' colors, and a PNG without one is three times as large.
    """
    buffer = io.BytesIO()
    if ink:
        reduced = picture.quantize(palette=_palette(), dither=Image.Dither.NONE)
        reduced.save(buffer, "PNG", optimize=True, transparency=0)
    else:
        picture.save(buffer, "JPEG", quality=90, subsampling=0, optimize=True)
    kind = "png" if ink else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    ramp = draw_ink(np.linspace(0, 255, 29).round().astype(np.uint8)[None]).tobytes()
    palette = Image.new("P", (1, 1))
    colors = [*PAGE, *EDGE, *ACCENT, *ramp]  # 32 colors: 5 bits would do, PNG takes 8
    palette.putpalette(colors + list(PAPER) * (256 - len(colors) // 3))
    return palette


def img(picture: Image.Image, alt: str, kind: str, *, ink: bool = True) -> str:
    """Return an <img> that stands alone; `alt` is escaped here, `kind` is its class."""
    size = f'width="{picture.width}" height="{picture.height}"'
    return f'<img class="{kind}" src="{data_uri(picture, ink=ink)}" alt="{escape(alt)}" {size}>'


class Footnotes:
    """The sentences that explain the numbers, numbered in the order in which they are first referred to."""

    def __init__(self) -> None:
        self._notes: dict[str, int] = {}

    def refer(self, note: str) -> str:
        """Return the mark that leads to `note`; "" for an empty note."""
        if not note:
            return ""
        number = self._notes.setdefault(note, len(self._notes) + 1)
        return f'<sup><a href="#note-{number}" aria-label="Note {number}">{number}</a></sup>'

    def section(self) -> str:
        """Return the section with all notes referred to so far; "" if there are none."""
        if not self._notes:
            return ""
        items = "\n".join(f'<li id="note-{number}">{escape(note)}</li>' for note, number in self._notes.items())
        heading = '<section class="notes" aria-labelledby="h-notes">\n<h2 id="h-notes">Notes</h2>'
        return f"{heading}\n<ol>\n{items}\n</ol>\n</section>"
