"""Pen strokes as JSON: every value is checked, and a message names the place of a wrong one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkmeans.checks import is_whole
from inkmeans.errors import ImageError
from inkmeans.images._files import open_file, read_at_most

MAX_SIDE = 4096
MAX_POINTS = 100_000
MAX_COORDINATE = 1_000_000
_MAX_JSON_BYTES = 100_000_000
_KEYS = ("strokes", "width", "height", "pen", "truth")


@dataclass(frozen=True)
class Drawing:
    """Strokes of a round pen on a canvas.

    Attributes
    ----------
    strokes : tuple of strokes, a stroke being a tuple of (x, y)
        In pixels; (0, 0) is the top left corner of the canvas, and (0.5, 0.5) the middle of its first pixel.
    width, height : int
        The canvas, 1 to 4096 pixels.
    pen : float
        The pen's diameter in pixels.
    truth : str or None
        What is drawn, where known.
    """

    strokes: tuple[tuple[tuple[float, float], ...], ...]
    width: int
    height: int
    pen: float
    truth: str | None = None


def read_strokes(source: str | Path | dict[str, Any] | list[Any]) -> list[Drawing]:
    """Return the drawings in a JSON file, or in JSON that is loaded already.

    One drawing is ``{"strokes": [[[x, y], ...], ...], "width": w, "height": h, "pen": diameter}``, where ``"truth"``
    may be added; several are a list of these, or ``{"drawings": [...]}``. No stroke at all is a blank drawing. Points
    outside the canvas are allowed: the canvas cuts off what cannot be seen.

    Raises
    ------
    FileError
        The file cannot be opened.
    ImageError
        The file is not JSON, or a value is not what it must be; the message names the place, such as
        ``drawings[3].strokes[0][5]``.
    """
    return read_drawings(source)[0]


def read_drawings(source: str | Path | dict[str, Any] | list[Any]) -> tuple[list[Drawing], bool]:
    """Return the drawings as `read_strokes` does, and whether the JSON was one drawing, not a list."""
    where = ""
    data: Any = source
    if isinstance(source, str | Path):
        where = f"{source}: "
        data = _load_json(Path(source))
    if isinstance(data, dict) and "drawings" in data:
        data = data["drawings"]
        if not isinstance(data, list):
            raise ImageError(f"{where}drawings must be a list; got {_shown(data)}.")
    if isinstance(data, list):
        return [_drawing(item, where, f"drawings[{index}]") for index, item in enumerate(data)], False
    return [_drawing(data, where, "")], True


def _load_json(path: Path) -> Any:
    with open_file(path) as file:
        data = read_at_most(file, _MAX_JSON_BYTES, str(path))
    if not data:
        raise ImageError(f"{path} is empty (0 bytes); pen strokes must be JSON.")
    try:
        return json.loads(data)
    except json.JSONDecodeError as error:
        raise ImageError(
            f"{path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}; "
            "it may be cut short or edited wrongly."
        ) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, a number of thousands of digits, nested too deep
        raise ImageError(f"{path} is not JSON that holds pen strokes; save it again.") from error


def _drawing(data: Any, where: str, place: str) -> Drawing:
    dot = f"{place}." if place else ""
    if not isinstance(data, dict):
        raise ImageError(f"{where}{place or 'a drawing'} must be an object with {_keys()}; got {_shown(data)}.")
    for key in data:
        if key not in _KEYS:
            raise ImageError(f"{where}{dot}{key} is unknown; a drawing has {_keys()}.")
    for key in _KEYS[:4]:
        if key not in data:
            raise ImageError(f"{where}{dot}{key} is missing; a drawing has {_keys()}.")
    width, height = (_side(data[key], f"{where}{dot}{key}") for key in ("width", "height"))
    pen = data["pen"]
    if not _is_number(pen) or not 0 < pen <= MAX_SIDE:
        raise ImageError(f"{where}{dot}pen must be a number above 0 and at most {MAX_SIDE}; got {_shown(pen)}.")
    truth = data.get("truth")
    if truth is not None and (not isinstance(truth, str) or not truth):
        raise ImageError(f'{where}{dot}truth must be text, such as "7"; got {_shown(truth)}.')
    strokes = _strokes(data["strokes"], f"{where}{dot}strokes")
    return Drawing(strokes, width, height, float(pen), truth)


def _strokes(data: Any, place: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    if not isinstance(data, list):
        raise ImageError(f"{place} must be a list of strokes; got {_shown(data)}.")
    n_points = sum(len(stroke) for stroke in data if isinstance(stroke, list))
    if n_points > MAX_POINTS:
        raise ImageError(f"{place} may hold {MAX_POINTS:,} points; got {n_points:,}.")
    strokes = []
    for number, stroke in enumerate(data):
        if not isinstance(stroke, list) or not stroke:
            raise ImageError(f"{place}[{number}] must be a list of one point or more; got {_shown(stroke)}.")
        strokes.append(tuple(_point(point, f"{place}[{number}][{index}]") for index, point in enumerate(stroke)))
    return tuple(strokes)


def _point(data: Any, place: str) -> tuple[float, float]:
    if not isinstance(data, list | tuple) or len(data) != 2 or not all(_is_number(value) for value in data):
        raise ImageError(f"{place} must be two numbers [x, y]; got {_shown(data)}.")
    for value in data:
        if not -MAX_COORDINATE <= value <= MAX_COORDINATE:  # NaN and infinity too
            raise ImageError(
                f"{place} must lie between -{MAX_COORDINATE:,} and {MAX_COORDINATE:,}; got {_shown(data)}."
            )
    return float(data[0]), float(data[1])


def _side(data: Any, place: str) -> int:
    if not is_whole(data) or not 1 <= data <= MAX_SIDE:
        raise ImageError(f"{place} must be a whole number of pixels, 1 to {MAX_SIDE}; got {_shown(data)}.")
    return data


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _keys() -> str:
    return "strokes, width, height, pen and, if known, truth"


def _shown(value: Any) -> str:
    """Return a value as JSON, short enough for a sentence."""
    try:
        text = json.dumps(value, default=repr, skipkeys=True)
    except ValueError:  # a number of thousands of digits, or a list that holds itself
        text = f"a {type(value).__name__}"
    return text if len(text) <= 40 else text[:37] + "..."
