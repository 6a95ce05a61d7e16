"""Make the example pictures from real digits: ``python make_pictures.py --numbers path/to/numbers.npz``.

The digits are real, one writer a line; paper, illumination and camera are simulated here. Seeds choose writers and
digits; nobody chose those that read well. Every run gives the same pixels.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

WRITERS = ("0011", "0021")  # from, to; those before were used to choose constants
YEAR = "2036"
LINES = ("60481", "7952", "301846")  # every digit at least once

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Writer:
    """All digits of one writer."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def write(self, text: str, scale: float, rng: np.random.Generator) -> Plane:
        """Return one line of text as coverage by ink, 0 to 1, at natural spacing on a base line that wavers."""
        digits = [self._digit(int(name), scale, rng) for name in text]
        size = float(np.median([digit.shape[0] for digit in digits]))
        gaps = rng.normal(0.36, 0.06, len(digits)).clip(0.22) * size
        lift = rng.normal(0, 0.05, len(digits)) * size
        width = int(sum(d.shape[1] for d in digits) + gaps[1:].sum()) + 2
        height = int(max(d.shape[0] for d in digits) + 2 * np.abs(lift).max()) + 2
        line = np.zeros((height, width), np.float32)
        x = 0.0
        for number, digit in enumerate(digits):
            x += gaps[number] if number else 0.0
            top = int(height - 1 - np.abs(lift).max() + lift[number] - digit.shape[0])
            place = line[top : top + digit.shape[0], int(x) : int(x) + digit.shape[1]]
            np.maximum(place, digit, out=place)
            x += digit.shape[1]
        return line

    def _digit(self, name: int, scale: float, rng: np.random.Generator) -> Plane:
        image = self.images[rng.choice(np.flatnonzero(self.labels == name))]
        inked = ndimage.binary_dilation(image > 90, iterations=3)
        rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        image = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        large = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS), np.float32)
        large = ndimage.gaussian_filter(large, 0.4 * scale)
        cover = np.clip((large / np.percentile(image[image > 90], 80) - 0.22) / 0.6, 0, 1)
        return (cover * cover * (3 - 2 * cover)).astype(np.float32)


def main() -> None:
    """Write year.png, numbers.jpg and truth.csv beside this file or into the folder given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--numbers", type=Path, required=True, help="numbers.npz: images, labels, writers")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="the folder to write to")
    args = parser.parse_args()
    writers = read_writers(args.numbers)
    slip(writers, np.random.default_rng(2036)).save(args.into / "year.png", optimize=True)
    photo(writers, np.random.default_rng(1)).save(args.into / "numbers.jpg", quality=86, optimize=True)
    with (args.into / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerows([("file", "text"), ("year.png", YEAR), ("numbers.jpg", "|".join(LINES))])


def read_writers(path: Path) -> list[Writer]:
    """Return the writers without the digits that their crops cut off."""
    with np.load(path, allow_pickle=False) as data:
        images, labels, writers = data["images"], data["labels"], data["writers"]
    whole = np.maximum(images[:, [0, -1], :].max(axis=(1, 2)), images[:, :, [0, -1]].max(axis=(1, 2))) < 60
    names = sorted({str(name) for name in writers if WRITERS[0] <= str(name)[:4] <= WRITERS[1]})
    return [Writer(images[whole & (writers == name)], labels[whole & (writers == name)]) for name in names]


def slip(writers: list[Writer], rng: np.random.Generator) -> Image.Image:
    """Return a scanned slip of paper with a year in blue ink."""
    height, width = 270, 620
    line = writers[rng.integers(len(writers))].write(YEAR, 2.4, rng)
    cover = np.zeros((height, width), np.float32)
    top, left = (height - line.shape[0]) // 2 + 6, (width - line.shape[1]) // 2 - 14
    cover[top : top + line.shape[0], left : left + line.shape[1]] = line
    cover = ndimage.rotate(cover, 1.2, reshape=False, order=1)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    illumination = 1 - 0.03 * x - 0.02 * y * y
    picture = ink_on_paper(cover, illumination, np.array([246, 243, 234]), np.array([38, 52, 120]), 1.6, rng)
    # 64 colors hold a slip with one ink, at a third of the bytes.
    return Image.fromarray(picture).quantize(64, dither=Image.Dither.NONE)


def photo(writers: list[Writer], rng: np.random.Generator) -> Image.Image:
    """Return a phone's photo of three lines by three writers: rotated, shaded by a hand, a little soft and noisy."""
    height, width = 780, 1040
    chosen = rng.choice(len(writers), len(LINES), replace=False)
    cover = np.zeros((height, width), np.float32)
    for number, (text, writer) in enumerate(zip(LINES, chosen, strict=True)):
        line = writers[writer].write(text, 2.7, rng)
        top, left = 110 + 205 * number + int(rng.integers(-8, 8)), 130 + int(rng.integers(0, 70))
        cover[top : top + line.shape[0], left : left + line.shape[1]] = line
    cover = ndimage.rotate(cover, 2.3, reshape=False, order=1)
    cover = ndimage.gaussian_filter(cover, 0.8)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    lamp = 1.02 - 0.16 * ((x + 0.5) ** 2 + (y + 0.6) ** 2) / 2
    shadow = 1 - 0.38 / (1 + np.exp(-(x * 0.9 + y * 0.7 - 0.62 + 0.12 * np.sin(3 * y)) / 0.11))
    picture = ink_on_paper(cover, lamp * shadow, np.array([214, 207, 194]), np.array([44, 44, 52]), 3.0, rng)
    return Image.fromarray(picture)


def ink_on_paper(
    cover: Plane,
    illumination: Plane,
    paper: NDArray[np.int64],
    ink: NDArray[np.int64],
    noise_std: float,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Return the picture (height, width, 3): paper with fibers and some noise, ink that covers it unevenly."""
    fibers = np.zeros(cover.shape)
    for sigma in ((0.6, 2.4), (2.2, 0.7), (6.0, 6.0)):  # along, across, and clouds
        blurred = ndimage.gaussian_filter(rng.standard_normal(cover.shape), sigma)
        fibers += blurred / blurred.std() / np.sqrt(3)
    density = cover * (0.9 + 0.1 * np.tanh(ndimage.gaussian_filter(rng.standard_normal(cover.shape), 3) * 8))
    color = paper + density[..., None] * (ink - paper)
    noise = 0.8 * fibers + 0.5 * rng.standard_normal(cover.shape)
    color = color * illumination[..., None] + noise_std * noise[..., None]
    return np.rint(np.clip(color, 0, 255)).astype(np.uint8)


if __name__ == "__main__":
    main()
