"""Where the words of a reading stand on its picture: a name above each box, how sure it is below, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw, ImageFont

from inkmeans.names import REJECTED
from inkmeans.pictures._text import fit_text, font
from inkmeans.pictures._tiles import DOUBT, DOUBT_INK, INK, MUTED, PAPER, Color
from inkmeans.records import GlyphReading, whole_percent

SURE = 0.95  # a name that is less sure than this is in doubt
SMALLEST = 12  # pixels of the smallest letters
_PAD = 3  # from a slip's edge to its letters


def is_rejected(glyph: GlyphReading) -> bool:
    """Return whether a glyph is answered "?"."""
    return glyph.text in ("", REJECTED)


def is_doubtful(glyph: GlyphReading) -> bool:
    """Return whether a glyph is rejected or its name less than 95 % sure."""
    return is_rejected(glyph) or glyph.confidence < SURE


def percent(confidence: float) -> str:
    """Return a confidence in whole percent, rounded down.

    Examples
    --------
    >>> percent(0.5299)
    '52 %'
    """
    return f"{whole_percent(confidence)} %"


def second_name(glyph: GlyphReading) -> str:
    """Return the name that a doubtful glyph would bear otherwise; of a rejected one the likeliest. "" if none is known.

    Examples
    --------
    >>> alternatives = (("7", 0.8), ("9", 0.1))
    >>> second_name(GlyphReading("7", 0.8, (0, 0, 9, 9), alternatives))
    '9'
    """
    others = [name for name, _ in glyph.alternatives if name and name != glyph.text]
    return others[0] if is_doubtful(glyph) and others else ""


class _Run(NamedTuple):
    text: str
    letters: ImageFont.FreeTypeFont
    color: Color


@dataclass(frozen=True)
class Slip:
    """Words on a slip of paper, `ground` its color: its edges (left, top, right, bottom) and the baseline."""

    edges: tuple[int, int, int, int]
    baseline: int
    runs: tuple[_Run, ...]
    ground: Color

    def moved(self, down: int) -> Slip:
        """Return the slip `down` pixels lower."""
        left, top, right, bottom = self.edges
        return replace(self, edges=(left, top + down, right, bottom + down), baseline=self.baseline + down)

    def draw(self, draw: ImageDraw.ImageDraw) -> None:
        """Draw the slip and its words."""
        draw.rectangle(self.edges, fill=self.ground)
        x = float(self.edges[0] + _PAD)
        for run in self.runs:
            draw.text((x, self.baseline), run.text, font=run.letters, fill=run.color, anchor="ls")
            x += run.letters.getlength(run.text)


def place_labels(
    glyphs: Sequence[GlyphReading], boxes: NDArray[np.int64], size: int, line: int, width: int
) -> list[Slip]:
    """Return the slips of all glyphs, the letters at most `size` high, so that none covers another or a foreign box.

    Where all have no room, letters are smaller; then the confidences are left out; then single names (all of them can
    still be read above the picture). `boxes` has left, top, right, bottom of each, whose line is `line` pixels wide;
    no slip leaves the `width` of the picture.
    """
    if not glyphs:
        return []
    room = _room(boxes)
    sizes = sorted({max(SMALLEST, round(size * share)) for share in (1, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3)}, reverse=True)
    names: list[list[Slip]] = []
    for height in sizes:
        each = list(zip(glyphs, boxes, room, strict=True))
        names.append([_name(*one, height, line, width) for one in each])
        slips = names[-1] + [slip for slip in (_sure(*one, height, line, width) for one in each) if slip]
        if not _covered(slips, boxes, line).any():
            return slips
    for slips in names:
        if not _covered(slips, boxes, line).any():
            return slips
    edges = _edges(names[-1])
    framed = _framed(boxes, line)
    kept: list[int] = []
    for i in np.flatnonzero(~_meet(edges, framed).any(axis=1)):
        if not _meet(edges[i : i + 1], edges[kept]).any():
            kept.append(int(i))
    return [names[-1][i] for i in kept]


def _room(boxes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how wide each label may be: up to the middle of the nearest box of the same line."""
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    room = np.empty(len(boxes))
    for i, (_, top, _, bottom) in enumerate(boxes):
        beside = (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
        beside[i] = False
        room[i] = np.abs(middle[beside] - middle[i]).min() if beside.any() else 240
    return np.clip(room - 4, 12, 240)


def _name(glyph: GlyphReading, box: NDArray[np.int64], room: float, size: int, line: int, width: int) -> Slip:
    """Return the slip above a box: its name, and beside it, smaller, the second name of one in doubt."""
    doubtful = is_doubtful(glyph)
    text, letters = fit_text(glyph.text or REJECTED, room - 2 * _PAD, size, min(size, SMALLEST), "bold")
    runs = [_Run(text, letters, DOUBT_INK if doubtful else INK)]
    second = second_name(glyph)
    small = max(SMALLEST, size // 2)
    if second and letters.getlength(text) + font(small).getlength(" " + second) <= room - 2 * _PAD:
        runs.append(_Run(f" {fit_text(second, room, small, small)[0]}", font(small), DOUBT_INK))
    bottom = int(box[1]) - line - 3
    return _slip(runs, box, width, bottom=bottom, ground=DOUBT if doubtful else PAPER)


def _sure(glyph: GlyphReading, box: NDArray[np.int64], room: float, size: int, line: int, width: int) -> Slip | None:
    """Return the slip below a box: how sure its name is; None where that has no room."""
    small = max(SMALLEST, size // 2)
    for words in (percent(glyph.confidence), percent(glyph.confidence).removesuffix(" %")):
        if font(small).getlength(words) <= room - 2 * _PAD:
            run = _Run(words, font(small), MUTED)
            return _slip([run], box, width, top=int(box[3]) + line + 3, ground=PAPER)
    return None


def _slip(
    runs: list[_Run],
    box: NDArray[np.int64],
    width: int,
    *,
    ground: Color,
    top: int | None = None,
    bottom: int | None = None,
) -> Slip:
    """Return a slip whose top or bottom is given, in the middle of its box as far as the picture's edges let it."""
    bounds = [run.letters.getbbox(run.text, anchor="ls") for run in runs]
    up = max(-round(bound[1]) for bound in (*bounds, runs[0].letters.getbbox("0", anchor="ls")))
    down = max(0, *(round(bound[3]) for bound in bounds))
    long = round(sum(run.letters.getlength(run.text) for run in runs)) + 2 * _PAD
    left = int(np.clip(round((int(box[0]) + int(box[2]) - long) / 2), 1, max(1, width - long - 1)))
    if top is None:
        assert bottom is not None
        top = bottom - up - down - 2 * _PAD
    else:
        bottom = top + up + down + 2 * _PAD
    return Slip((left, top, left + long, bottom), bottom - _PAD - down, tuple(runs), ground)


def _covered(slips: list[Slip], boxes: NDArray[np.int64], line: int) -> NDArray[np.bool_]:
    """Return which slips cover another slip, or any box with its line."""
    edges = _edges(slips)
    among = _meet(edges, edges)
    np.fill_diagonal(among, False)
    return np.asarray(among.any(axis=1) | _meet(edges, _framed(boxes, line)).any(axis=1), dtype=np.bool_)


def _edges(slips: list[Slip]) -> NDArray[np.int64]:
    return np.array([slip.edges for slip in slips], dtype=np.int64)


def _framed(boxes: NDArray[np.int64], line: int) -> NDArray[np.int64]:
    return boxes + np.array([-line, -line, line, line])


def _meet(these: NDArray[np.int64], those: NDArray[np.int64]) -> NDArray[np.bool_]:
    a, b = these[:, None], those[None]
    meet: NDArray[np.bool_] = (
        (a[..., 0] <= b[..., 2]) & (b[..., 0] <= a[..., 2]) & (a[..., 1] <= b[..., 3]) & (b[..., 1] <= a[..., 3])
    )
    return meet


def words_in_doubt(text: str, glyphs: Sequence[GlyphReading]) -> list[tuple[str, bool]]:
    """Return the text of a reading in pieces, each with whether it is in doubt; lines are joined by " / ".

    Examples
    --------
    >>> words_in_doubt("1?", [GlyphReading("1", 0.99, (0, 0, 1, 1)), GlyphReading("?", 0.5, (2, 0, 1, 1))])
    [('1', False), ('?', True)]
    """
    pieces: list[tuple[str, bool]] = []
    place, left = 0, list(glyphs)
    while place < len(text):
        name = (left[0].text or REJECTED) if left else ""
        if left and text.startswith(name, place):
            pieces.append((name, is_doubtful(left.pop(0))))
            place += len(name)
        else:
            pieces.append((" / " if text[place] == "\n" else text[place], False))
            place += 1
    return pieces
