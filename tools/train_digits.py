"""Train the reader that ships in the package, from public data given by path, and nothing else.

    python tools/train_digits.py FOLDER              writes src/inkmeans/reader/digits.safetensors
    python tools/train_digits.py FOLDER --develop    trains without some writers, and reads those

FOLDER holds mnist.npz (MNIST), optdigits.npz (UCI optical digits as 32 x 32 bitmaps) and numbers.npz (Swiss digits,
CC0). Used are MNIST's training images, optdigits' training images (not its test images: those are scikit-learn's
digits) and all of numbers.npz. Each image is used as it is; some are used once more with another pen, and some as the
lesson's 8 x 8 drawing page would have given them.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simulate import change_pen, draw_on_pad

from inkmeans import Reader
from inkmeans.normalize import normalize

MODEL = Path(__file__).parents[1] / "src" / "inkmeans" / "reader" / "digits.safetensors"
CENTERS_PER_NAME = 200
MAX_ERROR = 0.02  # among accepted held-out glyphs, of which two in five are simulated, many hardly readable
DEVELOPMENT_WRITERS = 10  # numbers.npz's writers up to 0010 are kept for choosing constants
SOURCES: dict[str, dict[str, str]] = {
    "MNIST train": {
        "arrays": "mnist.npz train_images",
        "source": "LeCun, Cortes, Burges 1998",
        "licence": "CC BY-SA 3.0",
    },
    "optdigits train": {
        "arrays": "optdigits.npz train_images",
        "source": "Alpaydin, Kaynak 1998, UCI",
        "licence": "CC BY 4.0",
    },
    "numbers": {"arrays": "numbers.npz images", "source": "Swiss digits of 17 writers", "licence": "CC0"},
}


def read_sources(folder: Path) -> dict[str, tuple[NDArray[np.uint8], NDArray[Any], NDArray[np.bool_]]]:
    """Return images, truths and "kept for development" of each source."""
    mnist, optdigits, numbers = (np.load(folder / f"{name}.npz") for name in ("mnist", "optdigits", "numbers"))
    n_mnist, n_optdigits = len(mnist["train_labels"]), len(optdigits["train_labels"])
    writer = np.array([int(name[:4]) for name in numbers["writers"]])
    return {
        "MNIST train": (mnist["train_images"], mnist["train_labels"], np.arange(n_mnist) >= 55_000),
        "optdigits train": (optdigits["train_images"], optdigits["train_labels"], np.zeros(n_optdigits, dtype=bool)),
        "numbers": (numbers["images"], numbers["labels"], writer <= DEVELOPMENT_WRITERS),
    }


def smooth_at_64(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return images as ink 0..1 on 56 to 64 pixels a side, steps smoothed, so that pens can be simulated."""
    from scipy.ndimage import gaussian_filter

    factor = 64 // images.shape[1]
    large = images.repeat(factor, axis=1).repeat(factor, axis=2).astype(np.float32) / 255.0
    return gaussian_filter(large, (0.0, factor / 2.0, factor / 2.0)) if factor > 1 else large


def training_glyphs(
    sources: dict[str, tuple[NDArray[np.uint8], NDArray[Any], NDArray[np.bool_]]], develop: bool
) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """Return normalized glyphs and truths: each source as it is, with other pens, and through the simulated pad."""
    glyphs, truths = [], []
    for order, (images, labels, kept_apart) in enumerate(sources.values()):
        if develop:
            images, labels = images[~kept_apart], labels[~kept_apart]
        names = labels.astype(str)
        random = np.random.default_rng(order)
        glyphs.append(normalize(images, ink="bright").glyphs)
        truths.append(names)
        large = smooth_at_64(images)
        chosen = random.permutation(len(images))[:20_000]
        glyphs.append(normalize([change_pen(large[i], random) for i in chosen], ink="bright").glyphs)
        truths.append(names[chosen])
        chosen = random.permutation(len(images))[:12_000]
        glyphs.append(normalize(np.stack([draw_on_pad(large[i], random) for i in chosen]), ink="bright").glyphs)
        truths.append(names[chosen])
    return np.concatenate(glyphs), np.concatenate(truths)


def report_development(reader: Reader, sources: dict[str, Any]) -> None:
    """Print how the reader does on what was kept apart, as it is and on the simulated pad."""
    for name, (images, labels, kept_apart) in sources.items():
        if not kept_apart.any():
            continue
        images, names = images[kept_apart], labels[kept_apart].astype(str)
        large = smooth_at_64(images)
        random = np.random.default_rng(100)
        pad = np.stack([draw_on_pad(image, random) for image in large])
        for what, pictures in (("as it is", images), ("on the pad", pad)):
            right = reader.predict(pictures, reject=False) == names
            read = reader.predict(pictures)
            accepted = read != "?"
            print(
                f"{name}, {what}: {100 * right.mean():.2f} % of {len(names)} right; accepted "
                f"{100 * accepted.mean():.1f} %, of them wrong {100 * (read != names)[accepted].mean():.2f} %"
            )


def main() -> None:
    """Train and save the reader, or train and judge one for development."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--develop", action="store_true")
    parser.add_argument("--output", type=Path, default=MODEL)
    arguments = parser.parse_args()
    started = time.perf_counter()
    sources = read_sources(arguments.folder)
    glyphs, truths = training_glyphs(sources, arguments.develop)
    print(f"{len(glyphs)} glyphs after {time.perf_counter() - started:.0f} s")
    reader = Reader(centers_per_name=CENTERS_PER_NAME, max_error=MAX_ERROR).fit_glyphs(glyphs, truths)
    print(f"trained after {time.perf_counter() - started:.0f} s: {reader.calibration_}")
    if arguments.develop:
        report_development(reader, sources)
        return
    reader.trained_on_ = {
        "sources": [
            {
                "name": name,
                **SOURCES[name],
                "n_images": len(images),
                "sha256": hashlib.sha256(np.ascontiguousarray(images).tobytes()).hexdigest(),
            }
            for name, (images, _, _) in sources.items()
        ],
        "simulated": "other pens and aspects; an 8 x 8 drawing pad",
        "n_glyphs": len(glyphs),
    }
    reader.save(arguments.output)
    print(f"{arguments.output}: {arguments.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
