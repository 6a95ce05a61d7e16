"""A small pile of bars, and projects made of it."""

from pathlib import Path

import numpy as np
import pytest

from inkmeans.naming import Project


def bar(row: int, column: int, height: int, width: int, side: int = 28) -> np.ndarray:
    image = np.zeros((side, side), dtype=np.uint8)
    image[row : row + height, column : column + width] = 255
    return image


@pytest.fixture
def bars() -> np.ndarray:
    """Return 8 images: 4 tall bars, a blank, 3 wide bars."""
    tall = [bar(4, 12, 20, width) for width in (3, 4, 5, 6)]
    wide = [bar(12, 4, height, 20) for height in (3, 4, 5)]
    return np.stack([*tall, np.zeros((28, 28), dtype=np.uint8), *wide])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bars.ink"


@pytest.fixture
def project(path: Path, bars: np.ndarray):
    """Return an open project of the bars in two clusters, unnamed."""
    with Project.create(path, bars) as project:
        project.cluster(2)
        yield project
