"""What the normalizer says of images that show no character."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from inkmeans.normalize import VERDICTS, normalize

Maker = Callable[[np.random.Generator, int], NDArray[np.generic]]

NOISE: dict[str, Maker] = {
    "uniform": lambda random, size: random.integers(0, 256, (size, size), dtype=np.uint8),
    "normal": lambda random, size: random.normal(128, 20, (size, size)).clip(0, 255).astype(np.uint8),
    "grainy paper": lambda random, size: random.normal(235, 8, (size, size)).clip(0, 255).astype(np.uint8),
    "dark noise": lambda random, size: random.normal(20, 8, (size, size)).clip(0, 255).astype(np.uint8),
    "faint floats": lambda random, size: random.random((size, size)) * 1e-6,
    "salt 1 %": lambda random, size: (random.random((size, size)) < 0.01) * np.uint8(255),
    "salt 5 %": lambda random, size: (random.random((size, size)) < 0.05) * np.uint8(255),
    "pepper 5 %": lambda random, size: (random.random((size, size)) > 0.05) * np.uint8(255),
}


def scribble(seed: int, n_points: int, pen: int, size: int = 200) -> NDArray[np.uint8]:
    """Return one long random zigzag over the whole sheet."""
    points = np.random.default_rng(seed).uniform(8, size - 8, (n_points, 2))
    image = Image.new("L", (size, size))
    ImageDraw.Draw(image).line([tuple(point) for point in points.tolist()], fill=255, width=pen)
    return np.asarray(image)


@pytest.mark.parametrize("size", [28, 40, 64, 200])
@pytest.mark.parametrize("kind", NOISE)
def test_noise_is_never_taken_for_a_character(kind: str, size: int) -> None:
    random = np.random.default_rng(size)
    found = normalize([NOISE[kind](random, size) for _ in range(40)])
    assert set(found.verdicts) <= {"noise", "blank"}
    assert not found.glyphs.any()
    assert not found.readable.any()


@pytest.mark.parametrize("level", [0.0, 3.0, 40.0, 128.0, 250.0])
def test_an_even_sheet_with_a_little_grain_is_blank(level: float) -> None:
    random = np.random.default_rng(1)
    sheet = level + random.integers(0, 4, (60, 60))
    assert normalize(sheet.astype(np.uint8), ink_max=255).verdicts == ["blank"]
    assert normalize(sheet, ink_max=255).verdicts == ["blank"]
    assert normalize(0.5 + random.normal(0, 1e-4, (60, 60))).verdicts == ["blank"]


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize(("size", "reach"), [(28, 1), (64, 4), (300, 10), (1000, 3), (1000, 60)])
def test_one_spot_on_a_sheet_is_a_dot(size: int, reach: int, invert: bool) -> None:
    y, x = np.indices((size, size))
    spot = ((y - size * 0.4) ** 2 + (x - size * 0.6) ** 2 <= (reach + 0.5) ** 2) * np.uint8(255)
    found = normalize(255 - spot if invert else spot)
    assert found.verdicts == ["dot"]
    assert found.glyphs.max() == 255  # it is shown, though it is not read


def test_a_period_is_a_dot_and_a_short_stroke_is_not() -> None:
    sheet = np.zeros((100, 100), dtype=np.uint8)
    sheet[50:58, 50:58] = 255
    assert normalize(sheet).verdicts == ["dot"]
    sheet[30:58, 50:58] = 255
    assert normalize(sheet).verdicts == ["glyph"]


@pytest.mark.parametrize("n_points", [40, 60, 100])
@pytest.mark.parametrize("pen", [1, 2, 3])
def test_a_sheet_full_of_scribble_is_scribble(n_points: int, pen: int) -> None:
    found = normalize(np.stack([scribble(seed, n_points, pen) for seed in range(10)]))
    assert found.verdicts == ["scribble"] * 10
    assert not found.readable.any()


def test_a_page_of_text_is_no_character() -> None:
    page = Image.new("L", (400, 500), 255)
    draw = ImageDraw.Draw(page)
    for y in range(10, 480, 14):
        draw.text((10, y), "The quick brown fox jumps over the lazy dog 0123456789 again", fill=0)
    assert normalize(np.asarray(page)).verdicts[0] in ("noise", "scribble")


def test_ruled_lines_and_grids_are_no_character() -> None:
    lines = np.zeros((120, 120), dtype=np.uint8)
    lines[4::8, 10:110] = 255
    grid = lines | lines.T
    assert not normalize([lines, grid, 255 - lines, 255 - grid]).readable.any()


def test_one_character_of_many_strokes_is_a_glyph() -> None:
    # E has 3 strokes on an upright line through it, a ruled square of 5 lines 5: the limit is 6.
    image = np.zeros((100, 100), dtype=np.uint8)
    image[20:81:15, 20:80] = 255
    image[20:81, 20] = 255
    assert normalize(image).verdicts == ["glyph"]


def test_each_verdict_can_be_had() -> None:
    random = np.random.default_rng(0)
    digit = np.zeros((40, 40), dtype=np.uint8)
    digit[8:32, 18:22] = 255
    dot = np.zeros((40, 40), dtype=np.uint8)
    dot[18:22, 18:22] = 255
    noise = random.integers(0, 256, (40, 40), dtype=np.uint8)
    found = normalize([digit, np.zeros((40, 40), np.uint8), noise, dot, scribble(0, 60, 1)])
    assert tuple(found.verdicts) == VERDICTS
    assert found.readable.tolist() == [True, False, False, False, False]
