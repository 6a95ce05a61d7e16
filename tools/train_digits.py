"""Train the reader that ships in the package, from public data given by path, and nothing else.

    python tools/train_digits.py FOLDER              writes src/inkmeans/reader/digits.safetensors
    python tools/train_digits.py FOLDER --develop    trains without what constants are chosen on, and reads that

FOLDER holds mnist.npz (MNIST), optdigits.npz (UCI optical digits as 32 x 32 bitmaps) and numbers.npz (Swiss digits,
CC0). Used are MNIST's training images, optdigits' training images (not its test images: those are scikit-learn's
digits) and all of numbers.npz. Each image is used as it is; some are used again with another pen, as a coarse scan
would give them, and as the lesson's 8 x 8 drawing page would have.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simulate import change_pen, draw_on_pad, scan_coarsely

from inkmeans import Reader
from inkmeans.names import REJECTED
from inkmeans.normalize import normalize

MODEL = Path(__file__).parents[1] / "src" / "inkmeans" / "reader" / "digits.safetensors"
MAX_ERROR = 0.01  # among accepted held-out glyphs, three in five of them simulated, some hardly readable
AS_IT_IS = 3.0  # for how many simulated glyphs of MNIST a real one counts
SMALL_SOURCE = 2.0  # and for how many times that, one of another source
DEVELOPMENT_ROWS = slice(20_000, 30_000)  # of MNIST's training images, held out for choosing constants
DEVELOPMENT_WRITERS = 10  # numbers.npz's writers up to 0010 are, too
SIMULATIONS: tuple[Callable[..., NDArray[Any]], ...] = (change_pen, scan_coarsely, draw_on_pad)
_CHUNK = 500  # glyphs simulated from one seed
CANNOT = "letters, digits that touch each other, digits in ruled boxes, more than one digit in a glyph"
"""What the reader is not made for; the model card in docs/model_card.md says more."""


@dataclass(frozen=True)
class Source:
    """A public set: where its images stand, and how many are simulated from them in each way."""

    name: str
    file: str
    images: str
    labels: str
    origin: str
    licence: str
    n_simulated: int


_TRAIN = ("train_images", "train_labels")
SOURCES = (
    Source("MNIST train", "mnist", *_TRAIN, "LeCun, Cortes, Burges 1998", "CC BY-SA 3.0", 25_000),
    Source("optdigits train", "optdigits", *_TRAIN, "Alpaydin, Kaynak 1998, UCI", "CC BY 4.0", 6000),
    Source("numbers", "numbers", "images", "labels", "Swiss digits of 17 writers", "CC0", 8000),
)


@dataclass(frozen=True, eq=False)
class Part:
    """Normalized glyphs of one source, their truths, for how many each counts, and which image each is made from."""

    glyphs: NDArray[np.uint8]
    truths: NDArray[np.str_]
    weights: NDArray[np.float32]
    originals: NDArray[np.intp]


def train(folder: Path, *, without_writers: Sequence[str] = (), develop: bool = False) -> Reader:
    """Return the reader, trained without some writers of numbers.npz; `develop` holds out what constants see."""
    parts = []
    for seed, source in enumerate(SOURCES):
        images, truths, held_out = read(folder, source)
        kept = ~held_out if develop else np.ones(len(images), dtype=bool)
        if source.file == "numbers" and without_writers:
            with np.load(folder / "numbers.npz") as arrays:
                kept &= ~np.isin(arrays["writers"], without_writers)
        parts.append(with_simulated(images[kept], truths[kept], source, seed))
    glyphs, truths, weights = (
        np.concatenate([getattr(part, field) for part in parts]) for field in ("glyphs", "truths", "weights")
    )
    starts = np.cumsum([0] + [part.originals.max() + 1 for part in parts])
    groups = np.concatenate([part.originals + start for part, start in zip(parts, starts[:-1], strict=True)])
    order = np.random.default_rng(0).permutation(len(glyphs))
    reader = Reader(max_error=MAX_ERROR).fit_glyphs(
        glyphs[order], truths[order], sample_weight=weights[order], groups=groups[order]
    )
    shown = parts[-1].weights == AS_IT_IS * SMALL_SOURCE  # the CC0 set's own glyphs may be shown to anyone
    return reader.with_gallery(parts[-1].glyphs[shown], parts[-1].truths[shown])


def card(reader: Reader, folder: Path) -> dict[str, Any]:
    """Return what the model file says of the reader: its sources, how well it reads, and what it cannot."""
    return {
        "sources": [
            {
                "name": source.name,
                "arrays": f"{source.file}.npz {source.images}",
                "source": source.origin,
                "licence": source.licence,
                "n_images": len(images),
                "sha256": hashlib.sha256(np.ascontiguousarray(images).tobytes()).hexdigest(),
            }
            for source in SOURCES
            for images in [read(folder, source)[0]]
        ],
        "measured": measured(reader, folder),
        "cannot": CANNOT,
        "simulated": "other pens and aspects; coarse and stretched scans; an 8 x 8 drawing pad",
        "n_glyphs": int(reader.centers_.counts.sum()),
    }


def read(folder: Path, source: Source) -> tuple[NDArray[np.uint8], NDArray[np.str_], NDArray[np.bool_]]:
    """Return the images of a source, their truths, and which are held out for choosing constants."""
    with np.load(folder / f"{source.file}.npz") as arrays:
        images, truths = arrays[source.images], arrays[source.labels].astype(str)
        held_out = np.zeros(len(images), dtype=bool)
        if source.file == "mnist":
            held_out[DEVELOPMENT_ROWS] = True
        if source.file == "numbers":
            held_out = np.array([int(writer[:4]) <= DEVELOPMENT_WRITERS for writer in arrays["writers"]])
    return images, truths, held_out


def measured(reader: Reader, folder: Path) -> dict[str, dict[str, float]]:
    """Return how a reader does on the parts of the sources that nothing is trained on, in %."""
    found = {}
    for file in ("mnist", "optdigits"):
        with np.load(folder / f"{file}.npz") as arrays:
            images, truths = arrays["test_images"], arrays["test_labels"].astype(str)
        likeliest, texts = likeliest_and_read(reader, images, "auto")
        accepted = texts != REJECTED
        found[f"{file}.npz test_images"] = {
            "right": round(100 * float((likeliest == truths).mean()), 2),
            "answered": round(100 * float(accepted.mean()), 2),
            "wrong among answered": round(100 * float((texts != truths)[accepted].mean()), 2),
        }
    return found


def likeliest_and_read(reader: Reader, images: Any, ink: str) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Return the likeliest name of each image, and its reading, rejected or not; each is read once."""
    readings = reader.read_glyphs(images, ink)
    likeliest = [reading.alternatives[0][0] if reading.alternatives else REJECTED for reading in readings]
    return np.array(likeliest), np.array([reading.text for reading in readings])


def with_simulated(images: NDArray[np.uint8], truths: NDArray[np.str_], source: Source, seed: int) -> Part:
    """Return a source's glyphs as they are, and simulated in each way."""
    real = normalize(images, ink="bright")
    readable = np.flatnonzero(real.readable)
    glyphs, rows = [real.glyphs[readable]], [readable]
    for i, simulation in enumerate(SIMULATIONS):
        random = np.random.default_rng([seed, i])
        rounds = -(-source.n_simulated // len(readable))
        drawn = np.concatenate([random.permutation(readable) for _ in range(rounds)])[: source.n_simulated]
        found = normalize(simulated(simulation, real.glyphs[drawn], [seed, i]), ink="bright")
        glyphs.append(found.glyphs[found.readable])
        rows.append(drawn[found.readable])
    weights = np.ones(sum(map(len, rows)), dtype=np.float32)
    weights[: len(readable)] = AS_IT_IS
    if source.file != "mnist":
        weights *= SMALL_SOURCE
    originals = np.concatenate(rows)
    return Part(np.concatenate(glyphs), truths[originals], weights, originals)


def simulated(
    simulation: Callable[..., NDArray[Any]], glyphs: NDArray[np.uint8], seed: list[int]
) -> list[NDArray[Any]]:
    """Return each glyph changed by a simulation, on all processors; the result depends on the seed alone."""
    chunks = [(glyphs[i : i + _CHUNK], [*seed, i]) for i in range(0, len(glyphs), _CHUNK)]
    with ProcessPoolExecutor() as pool:
        done = pool.map(partial(_simulated_chunk, simulation), chunks)
        return [image for chunk in done for image in chunk]


def _simulated_chunk(
    simulation: Callable[..., NDArray[Any]], chunk: tuple[NDArray[np.uint8], list[int]]
) -> list[NDArray[Any]]:
    glyphs, seed = chunk
    random = np.random.default_rng(seed)
    return [simulation(glyph, random) for glyph in glyphs]


def report_development(reader: Reader, folder: Path) -> None:
    """Print how a reader does on what was held out, as it is and simulated."""
    for seed, source in enumerate(SOURCES):
        images, truths, held_out = read(folder, source)
        if not held_out.any():
            continue
        images, truths = images[held_out], truths[held_out]
        found = normalize(images, ink="bright")
        glyphs, truths = found.glyphs[found.readable][:5000], truths[found.readable][:5000]
        for simulation in (None, *SIMULATIONS):
            pictures = glyphs if simulation is None else simulated(simulation, glyphs, [100, seed])
            likeliest, texts = likeliest_and_read(reader, pictures, "bright")
            right = likeliest == truths
            accepted = texts != REJECTED
            print(
                f"{source.name}, {simulation.__name__ if simulation else 'as it is'}: {100 * right.mean():.2f} % of "
                f"{len(truths)} right; accepted {100 * accepted.mean():.1f} %, of them wrong "
                f"{100 * (texts != truths)[accepted].mean():.2f} %"
            )


def main() -> None:
    """Train and save the reader, or train and judge one for development."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--develop", action="store_true")
    parser.add_argument("--output", type=Path, default=MODEL)
    arguments = parser.parse_args()
    started = time.perf_counter()
    reader = train(arguments.folder, develop=arguments.develop)
    print(f"trained on {reader.centers_.counts.sum():,} glyphs in {time.perf_counter() - started:.0f} s: "
          f"{reader.calibration_}")  # fmt: skip
    if arguments.develop:
        report_development(reader, arguments.folder)
        return
    reader.trained_on_ = card(reader, arguments.folder)
    reader.save(arguments.output)
    print(f"{arguments.output}: {arguments.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
