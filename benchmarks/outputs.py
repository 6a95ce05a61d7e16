"""Print what names the outputs on fixed inputs, a line each: equal before and after a change that only moves code.

    .venv/bin/python benchmarks/outputs.py > before.txt      at the commit before
    .venv/bin/python benchmarks/outputs.py | diff before.txt -

Runs that are kept for the code before may then be carried over: make bench-recognition ARGS="--carry OLD". Compare on
one machine: another processor may round the last digits of NumPy's products otherwise.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import inkmeans
from inkmeans.datasets import load_digits
from inkmeans.features import PatchEncoder
from inkmeans.graph import nearest_neighbors
from inkmeans.normalize import normalize

EXAMPLES = Path(__file__).parents[1] / "examples"


def main() -> None:
    for name, values in outputs():
        print(f"{digest(values)}  {name}", flush=True)


def digest(values: tuple[Any, ...]) -> str:
    """Return the first half of the SHA-256 of arrays and of what JSON can say."""
    total = hashlib.sha256()
    for value in values:
        if isinstance(value, np.ndarray):
            total.update(f"{value.dtype.str}{value.shape}".encode())
            total.update(np.ascontiguousarray(value).tobytes())
        else:
            total.update(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
    return total.hexdigest()[:32]


def outputs() -> Iterator[tuple[str, tuple[Any, ...]]]:
    digits = load_digits()
    yield from _kmeans(digits.images.reshape(len(digits), -1))
    yield from _clusterings(digits.images)
    yield from _readers(digits.images, digits.truths)


def _kmeans(rows: np.ndarray) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for dtype in (np.uint8, np.float32, np.float64):
        for k in (3, 10, 60):
            for init in ("k-means++", "random", "k-means||"):
                model = inkmeans.KMeans(k, init=init, n_init=1, random_state=1).fit(rows.astype(dtype))
                found = (model.labels_, model.cluster_centers_, float(model.inertia_), model.n_iter_)
                yield f"KMeans, {np.dtype(dtype)}, k = {k}, {init}", found
    yield "nearest_neighbors", nearest_neighbors(rows.astype(np.float32), 10)


def _clusterings(images: np.ndarray) -> Iterator[tuple[str, tuple[Any, ...]]]:
    found = normalize(images)
    yield "normalize", (found.glyphs, list(found.verdicts))
    yield "PatchEncoder", (PatchEncoder(50, random_state=0).fit_transform(found.glyphs[:500]),)
    clustering = inkmeans.GlyphClustering(10, random_state=0).fit(images)
    for k in (10, 50):
        cut = clustering.cut(k)
        yield f"GlyphClustering, k = {k}", (cut.labels_, cut.middles_, cut.embedding_, cut.distances_, cut.inertia_)
    yield "GlyphClustering.predict", (clustering.predict(images[:300]),)
    numbers = inkmeans.choose_k(images[:600], [5, 10, 20, 50])
    yield "choose_k", (numbers.accuracy, numbers.low, numbers.high, numbers.inertia, numbers.silhouette)


def _readers(images: np.ndarray, truths: np.ndarray) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for settings in ({"quality": "fast"}, {"quality": "best"}, {"features": "pixels"}):
        name = f"Reader, {next(iter(settings.values()))}"
        reader = inkmeans.Reader(**settings).fit(images[:900], truths[:900])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.safetensors"
            reader.save(path)
            loaded = inkmeans.load(path)
        yield (
            name,
            (loaded.predict_proba(images[900:]), [reading.to_json() for reading in loaded.read_glyphs(images[900:])]),
        )
    shipped = inkmeans.load()
    yield "the reader that ships", (shipped.predict_proba(images),)
    for name in ("year.png", "numbers.jpg"):
        yield f"read, {name}", (inkmeans.read(EXAMPLES / name).to_json(),)


if __name__ == "__main__":
    main()
