"""Foreign text and pictures made safe for one HTML file: escaping, data: URIs, numbered footnotes."""

from __future__ import annotations

import base64
import html
import io
import struct
import unicodedata
import zlib
from functools import lru_cache
from importlib.resources import files

import numpy as np
from PIL import Image

from inkmeans.pictures._text import font_file
from inkmeans.pictures._tiles import ACCENT, DOUBT_EDGE, INK, PAPER, draw_ink

_LEVELS, _DOUBT_LEVELS = 29, 12  # shades of ink in the palette: with the rest 5 bits would do, PNG takes 8


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

    Pictures of ink are PNGs of one fixed palette: gray ink becomes ink on a clear ground, so that it lies on any
    ground and can be turned for a dark one. Other pictures are JPEGs with every pixel's own color: a palette bands
    their shadows and loses the few pixels of the boxes' colors, and a PNG without one is three times as large.
    """
    buffer = io.BytesIO()
    if ink:
        reduced = picture.quantize(palette=_palette(), dither=Image.Dither.NONE)
        colors = reduced.getpalette() or []
        reduced.putpalette(list(INK) * _LEVELS + colors[3 * _LEVELS :])
        clear = bytes(round(255 * level / (_LEVELS - 1)) for level in range(_LEVELS))
        reduced.save(buffer, "PNG", optimize=True, transparency=clear)
    else:
        picture.save(buffer, "JPEG", quality=90, subsampling=0, optimize=True)
    return _uri("image/png" if ink else "image/jpeg", buffer.getvalue())


def _uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """Return the palette: ink from none to full, ink under the highlighter, and what else a sheet draws."""
    ramp, doubtful = (
        draw_ink(np.linspace(0, 255, n).round().astype(np.uint8)[None], doubtful=doubtful).tobytes()
        for n, doubtful in ((_LEVELS, False), (_DOUBT_LEVELS, True))
    )
    colors = [*ramp, *doubtful, *ACCENT, *DOUBT_EDGE]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colors + list(PAPER) * (256 - len(colors) // 3))
    return palette


def mark_svg() -> str:
    """Return the mark as SVG."""
    return (files("inkmeans.pictures") / "mark.svg").read_text(encoding="utf-8").strip()


def mark_uri() -> str:
    """Return the mark as a data: URI, for the tab."""
    return _uri("image/svg+xml", mark_svg().encode())


@lru_cache(maxsize=1)
def font_rules() -> str:
    """Return the style rules that bring the fonts along, with whose they are."""
    rules = [
        "/* Subsets of IBM Plex Sans (Copyright 2019 IBM Corp.) and Newsreader (Copyright 2020 The Newsreader Project"
    ]
    rules += ["Authors), under the SIL Open Font License 1.1. */"]
    for face, family, weight in (("sans", "Sans", 400), ("bold", "Sans", 600), ("serif", "Serif", 500)):
        source = f'url("{_uri("font/woff", _as_woff(font_file(face)))}") format("woff")'
        rules.append(f'@font-face {{ font-family: "Inkmeans {family}"; font-weight: {weight}; src: {source}; }}')
    return "\n".join(rules)


def _as_woff(font: bytes) -> bytes:
    """Return a TrueType file as WOFF 1.0: each of its tables deflated, in the order in which they lie.

    Source: World Wide Web Consortium, "WOFF File Format 1.0", 2012, sections 3 to 5.
    """
    n = int.from_bytes(font[4:6])
    tables = sorted((struct.unpack(">4sIII", font[12 + 16 * i : 28 + 16 * i]) for i in range(n)), key=lambda t: t[2])
    offset, whole, records, body = 44 + 20 * n, 12 + 16 * n, {}, b""
    for tag, checksum, start, length in tables:
        plain = font[start : start + length]
        packed = min(zlib.compress(plain, 9), plain, key=len)
        records[tag] = struct.pack(">4sIIII", tag, offset + len(body), len(packed), length, checksum)
        body += packed + b"\0" * (-len(packed) % 4)
        whole += length + -length % 4
    head = struct.pack(">4s4sIHHIHHIIIII", b"wOFF", font[:4], offset + len(body), n, 0, whole, 1, 0, 0, 0, 0, 0, 0)
    return head + b"".join(records[tag] for tag in sorted(records)) + body


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
