"""Real handwriting: every character is taken for one, whatever its source."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from inkmeans.normalize import normalize

SETS = {
    "MNIST test": ("mnist.npz", "test_images"),
    "optdigits train": ("optdigits.npz", "train_images"),
    "optdigits test": ("optdigits.npz", "test_images"),
    "numbers": ("numbers.npz", "images"),
    "semeion": ("semeion.npz", "images"),
    "Kannada": ("kannada.npz", "kannada_test_images"),
    "letters": ("letters.npz", "images"),
}
TIGHT = ("semeion", "letters")
"""Sets stretched to their box: ink runs along most of many borders, which is hard on the rule for "auto"."""


def images_of(folder: Path, name: str) -> NDArray[np.uint8]:
    file, array = SETS[name]
    with np.load(folder / file) as arrays:
        return arrays[array][:2000]


@pytest.mark.parametrize("name", SETS)
def test_every_real_character_is_a_glyph(data_folder: Path, name: str) -> None:
    images = images_of(data_folder, name)
    for ink in ("auto", "bright"):
        found = normalize(images, ink=ink)
        assert found.verdicts == ["glyph"] * len(images)
        assert (found.glyphs.max(axis=(1, 2)) == 255).all()


@pytest.mark.parametrize("name", SETS)
def test_auto_finds_the_polarity_of_real_characters(data_folder: Path, name: str) -> None:
    images = images_of(data_folder, name)
    bright = normalize(images, ink="bright").glyphs
    dark = normalize(255 - images, ink="dark").glyphs
    np.testing.assert_array_equal(bright, dark)
    # Where most of the border may be either, the rule leans to bright ink, which is what data sets hold.
    for twin, limit in ((images, 0.01), (255 - images, 0.05)):
        wrong = (normalize(twin).glyphs != bright).any(axis=(1, 2)).mean()
        assert wrong <= (limit if name in TIGHT else 0.0)


def test_every_8_by_8_digit_is_a_glyph_in_either_polarity_and_any_scale() -> None:
    images = load_digits().images
    expected = normalize(images, ink="bright")
    assert expected.verdicts == ["glyph"] * len(images)
    for twin in (images.astype(np.uint8), 16.0 - images, images / 16.0, (images * 15.9375).astype(np.float32)):
        found = normalize(twin)
        assert np.abs(found.glyphs.astype(int) - expected.glyphs).max() <= 1


def test_noise_on_the_paper_leaves_most_of_a_glyph_as_it_is(data_folder: Path) -> None:
    images = images_of(data_folder, "MNIST test")[:1000]
    clean = normalize(images).glyphs.astype(int)
    random = np.random.default_rng(0)
    for noise, limit in ((4, 2.0), (10, 6.0)):
        dirty = 40 + 0.7 * images + random.normal(0, noise, images.shape)
        found = normalize(dirty.clip(0, 255).astype(np.uint8))
        assert found.verdicts == ["glyph"] * 1000
        assert np.abs(found.glyphs - clean).mean() < limit
