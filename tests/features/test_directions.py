"""Direction features: a twin in NumPy, strokes worked by hand, and what is refused."""

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from inkmeans.errors import InputError
from inkmeans.features import N_DIRECTION_FEATURES, direction_features


def weights(sigma: float) -> NDArray[np.float64]:
    reach = int(4 * sigma)
    away = np.arange(-reach, reach + 1) / sigma
    kernel = np.exp(-0.5 * away**2)
    return kernel / kernel.sum()


def blurred(picture: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    for axis in (-1, -2):
        picture = convolve1d(picture, weights(sigma), axis=axis, mode="constant")
    return picture


def twin(glyph: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the features of one glyph in float64, as the docstring says it."""
    smooth = blurred(glyph / 255.0, 0.7)
    gradient_x, gradient_y = np.zeros((2, 28, 28))
    gradient_x[1:-1, 1:-1] = 0.5 * (smooth[1:-1, 2:] - smooth[1:-1, :-2])
    gradient_y[1:-1, 1:-1] = 0.5 * (smooth[2:, 1:-1] - smooth[:-2, 1:-1])
    strength = np.hypot(gradient_x, gradient_y)
    turn = np.arctan2(gradient_y, gradient_x) / (np.pi / 4) % 8
    pictures = np.zeros((8, 28, 28))
    for direction in range(8):
        away = np.abs(turn - direction)
        pictures[direction] = strength * np.maximum(0.0, 1.0 - np.minimum(away, 8 - away))
    places = 2 + 4 * np.arange(7)
    return np.sqrt(blurred(pictures, 2.0)[:, places][:, :, places]).reshape(-1)


def by_direction(glyph: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return how much edge there is in each of the 8 directions."""
    return (direction_features(glyph[np.newaxis])[0].reshape(8, -1).astype(np.float64) ** 2).sum(axis=1)


def sheet() -> NDArray[np.uint8]:
    return np.zeros((28, 28), dtype=np.uint8)


def test_a_blank_glyph_has_no_edges() -> None:
    features = direction_features(np.zeros((3, 28, 28), dtype=np.uint8))
    assert features.shape == (3, N_DIRECTION_FEATURES) == (3, 392)
    assert features.dtype == np.float32
    assert not features.any()
    assert direction_features(np.zeros((0, 28, 28), dtype=np.uint8)).shape == (0, 392)


def test_a_glyph_of_full_ink_has_edges_at_its_rim_alone() -> None:
    middle = direction_features(np.full((1, 28, 28), 255, dtype=np.uint8))[0].reshape(8, 7, 7)[:, 3, 3]
    assert middle.max() < 0.02


@pytest.mark.parametrize("kind", ["random", "sparse", "rims", "strokes"])
def test_the_features_are_those_of_the_numpy_twin(kind: str) -> None:
    random = np.random.default_rng(len(kind))
    glyphs = random.integers(0, 256, (20, 28, 28), dtype=np.uint8)
    if kind == "sparse":
        glyphs[random.random(glyphs.shape) < 0.9] = 0
    elif kind == "rims":
        glyphs[:, 3:-3, 3:-3] = 0
    elif kind == "strokes":
        glyphs[:] = 0
        for glyph in glyphs:
            top, left, tall, wide = random.integers(0, 14, 4)
            glyph[top : top + tall + 1, left : left + wide + 1] = 255
    found = direction_features(glyphs)
    for glyph, features in zip(glyphs, found, strict=True):
        # Compared before the square root, which at 0 makes any rounding large.
        np.testing.assert_allclose(features**2, twin(glyph) ** 2, atol=1e-5)
        np.testing.assert_allclose(features, twin(glyph), atol=1e-3)


@pytest.mark.parametrize(
    ("box", "directions"),
    [
        ((slice(4, 24), slice(12, 16)), (0, 4)),  # an upright bar: bright to the right of its left rim, to the left ...
        ((slice(12, 16), slice(4, 24)), (2, 6)),  # a lying bar: bright below its upper rim, above its lower one
    ],
)
def test_a_bar_has_edges_in_the_two_directions_across_it(box: Any, directions: tuple[int, int]) -> None:
    glyph = sheet()
    glyph[box] = 255
    edges = by_direction(glyph)
    one_rim, other_rim = edges[list(directions)]
    assert one_rim + other_rim > 0.75 * edges.sum()  # the rest is its short ends
    assert one_rim == pytest.approx(other_rim, rel=2e-3)  # the places lie half a pixel off the bar's middle


@pytest.mark.parametrize(("down_right", "directions"), [(True, {3, 7}), (False, {1, 5})])
def test_a_diagonal_has_edges_in_the_two_directions_across_it(down_right: bool, directions: set[int]) -> None:
    y, x = np.indices((28, 28))
    along = np.abs(y - x) if down_right else np.abs(y + x - 27)
    glyph = (along <= 2).astype(np.uint8) * np.uint8(255)
    edges = by_direction(glyph)
    assert edges[list(directions)].sum() > 0.75 * edges.sum()


def test_a_step_from_dark_to_bright_is_told_from_one_from_bright_to_dark() -> None:
    left, right = sheet(), sheet()
    left[:, :14] = right[:, 14:] = 255
    assert by_direction(right).argmax() == 0  # brighter to the right
    assert by_direction(left).argmax() == 4


def test_a_stroke_is_found_at_its_place() -> None:
    for row in range(7):
        for column in range(7):
            glyph = sheet()
            glyph[2 + 4 * row, 2 + 4 * column] = 255
            places = direction_features(glyph[np.newaxis])[0].reshape(8, 7, 7).sum(axis=0)
            assert np.unravel_index(places.argmax(), places.shape) == (row, column)


def test_a_glyph_turned_by_a_quarter_has_its_directions_and_places_turned() -> None:
    # Transposing swaps x and y: direction d becomes 2 - d.  4 * 6 + 2 = 26 of 27: only the middle is symmetric.
    glyph = sheet()
    glyph[8:20, 9:13] = 255
    glyph[17:20, 9:22] = 180
    features, turned = (direction_features(g[np.newaxis])[0].reshape(8, 7, 7) for g in (glyph, glyph.T.copy()))
    np.testing.assert_allclose(turned, features[(2 - np.arange(8)) % 8].transpose(0, 2, 1), atol=2e-3)


def test_half_the_ink_gives_the_features_times_the_root_of_a_half() -> None:
    glyph = sheet()
    glyph[5:22, 9:14] = 254
    np.testing.assert_allclose(
        direction_features((glyph // 2)[np.newaxis]), direction_features(glyph[np.newaxis]) * np.sqrt(0.5), atol=1e-4
    )


def test_no_glyph_changes_anothers_features_whatever_the_number_of_threads() -> None:
    glyphs = np.random.default_rng(3).integers(0, 256, (70, 28, 28), dtype=np.uint8)
    one = direction_features(glyphs, n_jobs=1)
    for n_jobs in (2, 3, 8):
        assert direction_features(glyphs, n_jobs=n_jobs).tobytes() == one.tobytes()
    for i in (0, 33, 69):
        assert direction_features(glyphs[i : i + 1]).tobytes() == one[i].tobytes()


def test_layout_does_not_matter() -> None:
    glyphs = np.random.default_rng(4).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    expected = direction_features(glyphs)
    wide = np.repeat(glyphs, 2, axis=2)
    read_only = glyphs.copy()
    read_only.setflags(write=False)
    for given in (np.asfortranarray(glyphs), wide[:, :, ::2], glyphs[::-1][::-1], read_only, list(glyphs)):
        np.testing.assert_array_equal(direction_features(given), expected)


@pytest.mark.parametrize(
    "glyphs",
    [
        np.zeros((2, 28, 28)),
        np.zeros((28, 28), np.uint8),
        np.zeros((2, 784), np.uint8),
        np.zeros((2, 28, 27), np.uint8),
        np.zeros((1, 2, 28, 28), np.uint8),
    ],
)
def test_what_is_no_stack_of_glyphs_gets_one_sentence(glyphs: NDArray[np.generic]) -> None:
    message = (
        "glyphs must be uint8 of shape (n_glyphs, 28, 28), as normalize gives them; "
        f"got {glyphs.dtype} of shape {glyphs.shape}."
    )
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        direction_features(glyphs)
