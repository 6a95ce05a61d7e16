"""Fixtures of the command line: small sets of real digits, a reader made from them, and ways to run the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from sklearn.datasets import load_digits

from inkmeans import Project, Reader
from inkmeans.cli import main

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Invoke = Callable[..., Result]

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("INKMEANS_", "NO_COLOR"))}


@pytest.fixture(scope="session")
def scans() -> list[np.ndarray]:
    """Return scikit-learn's digits as pictures: dark ink on white paper."""
    return [(255 - 15.9 * image).astype(np.uint8) for image in load_digits().images]


@pytest.fixture(scope="session")
def shown() -> list[str]:
    """Return what each of them shows."""
    return [str(digit) for digit in load_digits().target]


@pytest.fixture(scope="session")
def image_set(tmp_path_factory: pytest.TempPathFactory, scans: list[np.ndarray], shown: list[str]) -> Path:
    """Return a folder of 240 pictures, with a folder for each truth; only to be read."""
    folder = tmp_path_factory.mktemp("image_set") / "image_set"
    write_image_set(folder, scans[:240], shown[:240])
    return folder


@pytest.fixture(scope="session")
def held_out(tmp_path_factory: pytest.TempPathFactory, scans: list[np.ndarray], shown: list[str]) -> Path:
    """Return a folder of 60 other pictures, with a folder for each truth; only to be read."""
    folder = tmp_path_factory.mktemp("held") / "held-out"
    write_image_set(folder, scans[700:760], shown[700:760])
    return folder


def write_image_set(folder: Path, scans: Sequence[np.ndarray], shown: Sequence[str]) -> None:
    for number, (scan, truth) in enumerate(zip(scans, shown, strict=True)):
        (folder / truth).mkdir(parents=True, exist_ok=True)
        Image.fromarray(scan).save(folder / truth / f"{number}.png")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the model file of a small reader; only to be read."""
    digits = load_digits()
    path = tmp_path_factory.mktemp("model") / "small.safetensors"
    Reader().fit(digits.images[:700], digits.target[:700]).save(path)
    return path


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory, scans: list[np.ndarray]) -> Path:
    """Return a picture with two lines of digits, which reads 2017 and 345; only to be read."""
    path = tmp_path_factory.mktemp("page") / "page.png"
    write_page(path, [[scans[i] for i in (2, 0, 1, 7)], [scans[i] for i in (3, 4, 5)]])
    return path


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory, scans: list[np.ndarray]) -> Path:
    """Return a picture with one line of digits, which reads 0955; only to be read."""
    path = tmp_path_factory.mktemp("line") / "line.png"
    write_page(path, [[scans[i] for i in (30, 31, 32, 33)]])
    return path


def write_page(path: Path, rows: list[list[np.ndarray]]) -> None:
    sheet = Image.new("L", (70 * max(map(len, rows)) + 40, 90 * len(rows) + 40), 255)
    for y, row in enumerate(rows):
        for x, scan in enumerate(row):
            large = Image.fromarray(scan).resize((48, 48), Image.Resampling.BICUBIC)
            sheet.paste(large, (20 + 70 * x, 20 + 90 * y))
    sheet.save(path)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """Return a picture of nothing."""
    path = tmp_path / "blank.png"
    Image.new("L", (200, 100), 255).save(path)
    return path


@pytest.fixture(scope="session")
def clustered(tmp_path_factory: pytest.TempPathFactory, scans: list[np.ndarray], shown: list[str]) -> Path:
    """Return a project of 240 digits in 24 clusters without names; only to be copied."""
    path = tmp_path_factory.mktemp("clustered") / "logs.ink"
    with Project.create(path, scans[:240], truths=shown[:240]) as project:
        project.cluster(24)
    return path


@pytest.fixture
def project(tmp_path: Path, clustered: Path) -> Path:
    """Return a project of one's own, with 24 clusters without names."""
    return Path(shutil.copy(clustered, tmp_path / "logs.ink"))


@pytest.fixture
def named(project: Path) -> Path:
    """Return a project whose clusters bear the truth of their middle image."""
    with Project.open(project) as opened:
        truths = opened.truths
        assert truths is not None
        opened.name_many({each.number: truths[each.members[0]] for each in opened.clusters})
    return project


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Return a call of the command within this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("INKMEANS_DEBUG", "INKMEANS_CACHE"):
        monkeypatch.delenv(name, raising=False)

    def call(*args: object, input: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(arg) for arg in args], input=input)

    return call


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a call of the command as a process of its own, in an empty folder."""

    def call(*args: object, env: dict[str, str] | None = None, **settings: object) -> subprocess.CompletedProcess[str]:
        settings = {"capture_output": True, "text": True, "timeout": 120, "cwd": tmp_path, "check": False, **settings}
        command = [sys.executable, "-m", "inkmeans", *(str(arg) for arg in args)]
        return subprocess.run(command, env=ENVIRONMENT | (env or {}), **settings)  # type: ignore[call-overload]

    return call
