"""A small collection of bars, and projects made of it."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from inkmeans.naming import Project


def bar(row: int, column: int, height: int, width: int, side: int = 28) -> np.ndarray:
    image = np.zeros((side, side), dtype=np.uint8)
    image[row : row + height, column : column + width] = 255
    return image


def eight_bars() -> np.ndarray:
    tall = [bar(4, 12, 20, width) for width in (3, 4, 5, 6)]
    wide = [bar(12, 4, height, 20) for height in (3, 4, 5)]
    return np.stack([*tall, np.zeros((28, 28), dtype=np.uint8), *wide])


@pytest.fixture
def bars() -> np.ndarray:
    """Return 8 images: 4 tall bars, a blank, 3 wide bars."""
    return eight_bars()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bars.ink"


@pytest.fixture(scope="session")
def clustered_bars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of the bars in two clusters, unnamed; only to be copied."""
    path = tmp_path_factory.mktemp("bars") / "bars.ink"
    with Project.create(path, eight_bars()) as project:
        project.cluster(2)
    return path


@pytest.fixture
def project(path: Path, clustered_bars: Path, few_patches: None):
    """Return an open project of the bars in two clusters, unnamed."""
    shutil.copy(clustered_bars, path)
    with Project.open(path) as project:
        yield project
