"""The measurements behind `run.py`; each returns what it reached beside what is asked."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Measured:
    """One number: what it is, what was reached, what is asked ("" where nothing is), and how it came about."""

    measure: str
    reached: str
    asked: str = ""
    detail: str = ""


def drawings(data: Path | None) -> list[Measured]:
    """Read the clear drawings of learners, as the raw 8 x 8 numbers, with the reader that ships and with the lesson."""
    import inkmeans
    from inkmeans.names import REJECTED

    assert data is not None
    clear = [
        one for one in json.loads((data / "drawings.json").read_text())["drawings"] if one["confidence"] == "clear"
    ]
    images = np.array([one["pixels"] for one in clear]).reshape(-1, 8, 8)
    truths = np.array([str(one["label"]) for one in clear])
    reader = inkmeans.load("digits")
    right = reader.predict(images) == truths
    read = reader.predict(images, reject=True)
    accepted = read != REJECTED
    detail = f"{int(accepted.sum())} accepted, {int((read != truths)[accepted].sum())} of them wrong"
    lesson = np.mean([_lesson_recipe(images, truths, seed) for seed in range(10)])
    return [
        Measured(f"{len(truths)} clear drawings, reader that ships", f"{100 * right.mean():.1f} %", ">= 87 %", detail),
        Measured(
            "the lesson's recipe on the same (mean of 10 seeds)",
            f"{100 * lesson:.1f} %",
            "",
            "k = 10, named by majority",
        ),
    ]


def _lesson_recipe(images: np.ndarray, truths: np.ndarray, seed: int) -> float:
    """Return the share read right by k-means with k = 10 on the raw digits, clusters named by their commonest truth."""
    from sklearn.cluster import KMeans

    from inkmeans.datasets import load_digits

    digits = load_digits()
    model = KMeans(n_clusters=10, random_state=seed).fit(digits.images.reshape(len(digits), -1))
    names = np.array([_commonest(digits.truths[model.labels_ == j]) for j in range(10)])
    return float((names[model.predict(images.reshape(len(images), -1))] == truths).mean())


def _commonest(values: np.ndarray) -> str:
    found, counts = np.unique(values, return_counts=True)
    return str(found[counts.argmax()])


def halves(_: Path | None) -> list[Measured]:
    """Cluster one half of scikit-learn's digits into 64, name each by one look, read the other half; 10 halves."""
    from inkmeans import KMeans
    from inkmeans.datasets import load_digits
    from inkmeans.naming import Project
    from inkmeans.reader import Reader

    digits = load_digits()
    with_normalizer, raw = [], []
    for seed in range(10):
        order = np.random.default_rng(seed).permutation(len(digits))
        piled, other = order[: len(digits) // 2], order[len(digits) // 2 :]
        with (
            tempfile.TemporaryDirectory() as folder,
            Project.create(Path(folder) / "half.ink", digits.images[piled]) as project,
        ):
            project.cluster(64, random_state=seed)
            project.name_many({c.number: str(digits.truths[piled[c.members[0]]]) for c in project.clusters})
            reader = Reader.from_project(project)
        read = reader.predict(digits.images[other])
        with_normalizer.append(float((read == digits.truths[other]).mean()))

        pixels = digits.images.reshape(len(digits), -1)
        model = KMeans(n_clusters=64, random_state=seed).fit(pixels[piled])
        middle = model.transform(pixels[piled]).argmin(axis=0)
        names = digits.truths[piled][middle]
        raw.append(float((names[model.predict(pixels[other])] == digits.truths[other]).mean()))
    return [
        Measured(
            "scikit-learn's digits, half named by 64 looks, half read",
            f"{100 * np.mean(with_normalizer):.2f} %",
            ">= 95.5 %",
            f"worst {100 * min(with_normalizer):.2f} %, best {100 * max(with_normalizer):.2f} %",
        ),
        Measured(
            "the same on raw pixels, without the normalizer",
            f"{100 * np.mean(raw):.2f} %",
            "",
            f"worst {100 * min(raw):.2f} %",
        ),
    ]


def demo(_: Path | None) -> list[Measured]:
    """Time `make demo` on a fresh clone, everything it installs and builds included."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "inkmeans"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        started = time.perf_counter()
        done = subprocess.run(["make", "demo"], cwd=clone, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - started
        if done.returncode:
            return [Measured("make demo on a fresh clone", "failed", "<= 3 min", done.stderr.strip().splitlines()[-1])]
    return [Measured("make demo on a fresh clone, all in", f"{seconds:.0f} s", "<= 3 min")]


def read_one(_: Path | None) -> list[Measured]:
    """Time `inkmeans read` of one digit from process start to end: median of 15 after 2 warm runs."""
    from PIL import Image

    from inkmeans.datasets import load_digits

    digit = load_digits().images[3]
    command = shutil.which("inkmeans", path=str(Path(sys.executable).parent)) or "inkmeans"
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "digit.png"
        Image.fromarray((255 - digit / 16 * 255).astype(np.uint8)).resize((160, 160), Image.Resampling.BICUBIC).save(
            picture
        )
        seconds = []
        for _run in range(17):
            started = time.perf_counter()
            done = subprocess.run([command, "read", str(picture)], capture_output=True, text=True, check=True)
            seconds.append(time.perf_counter() - started)
    median = statistics.median(seconds[2:])
    spread = f"{min(seconds[2:]):.2f} to {max(seconds[2:]):.2f} s, read '{done.stdout.strip()}'"
    return [Measured("one digit by `inkmeans read`, process start to end", f"{median:.2f} s", "<= 1.0 s", spread)]


def installed_size(_: Path | None) -> list[Measured]:
    """Install the package without extras into a fresh environment, use it once, and weigh it."""
    rows = []
    for what, option in (("as pip installs", []), ("with pip's --no-compile", ["--no-compile"])):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
            python = Path(folder) / "bin" / "python"
            install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", *option, str(ROOT)]
            subprocess.run(install, check=True, capture_output=True)
            # A first use leaves the byte code of what it imports.
            demo = [Path(folder) / "bin" / "inkmeans", "demo", "-o", Path(folder) / "demo"]
            writes = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
            subprocess.run(demo, check=True, capture_output=True, env=writes)
            rows.append(
                Measured(
                    f"installed environment without extras, {what}",
                    f"{_megabytes(Path(folder) / 'lib'):.0f} MB",
                    "<= 300 MB",
                    "after a first use",
                )
            )
    return rows


def _megabytes(folder: Path) -> float:
    seen = set()
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            status = (Path(root) / name).lstat()
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_blocks * 512
    return total / 1e6
