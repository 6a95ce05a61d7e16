"""A small reader and ten centers of their own, so that the interface is tested apart from the reader that ships."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from inkmeans.images import rasterize, read_strokes
from inkmeans.lesson import Lesson, TenClusters
from inkmeans.normalize import normalize
from inkmeans.reader import Reader
from inkmeans.web import create_app

ADDRESS = "http://127.0.0.1:8017"
PENS = range(12, 27, 2)
"""Each shape below is drawn with eight pens: enough to cluster and to learn from."""

SHAPES: dict[str, list[list[list[int]]]] = {
    "0": [[[140, 50], [90, 90], [80, 150], [100, 210], [140, 230], [185, 205], [200, 145], [185, 85], [140, 50]]],
    "1": [[[140, 50], [140, 230]]],
    "7": [[[80, 60], [200, 60], [130, 230]]],
    "+": [[[140, 60], [140, 220]], [[60, 140], [220, 140]]],
    "L": [[[90, 50], [90, 230], [200, 230]]],
    "X": [[[80, 60], [200, 220]], [[200, 60], [80, 220]]],
    "V": [[[70, 60], [140, 230], [210, 60]]],
    "T": [[[70, 60], [210, 60]], [[140, 60], [140, 230]]],
    "E": [[[200, 50], [90, 50], [90, 230], [200, 230]], [[90, 140], [180, 140]]],
    "O": [[[80, 80], [200, 80], [200, 200], [80, 200], [80, 80]], [[80, 80], [200, 200]]],
}


def glyphs(names: str) -> np.ndarray:
    drawings = [
        rasterize(read_strokes({"strokes": SHAPES[name], "width": 280, "height": 280, "pen": pen})[0])
        for name in names
        for pen in PENS
    ]
    return normalize(drawings).glyphs


@pytest.fixture(scope="session")
def reader() -> Reader:
    labels = np.repeat(np.arange(3), len(PENS))
    return Reader.from_clusters(glyphs("017"), labels, ["0", "1", "7"])


@pytest.fixture(scope="session")
def found() -> TenClusters:
    """Ten clusters of eight glyphs each; the last four are all named 3, which is right for one of them."""
    truths = np.repeat(np.array(list("0174562389")), len(PENS))
    return TenClusters(
        glyphs("".join(SHAPES)), np.repeat(np.arange(10, dtype=np.int32), len(PENS)), truths, tuple("0174563333")
    )


@pytest.fixture(scope="session")
def shared_lesson(found: TenClusters) -> Lesson:
    return Lesson(found)


@pytest.fixture
def lesson(shared_lesson: Lesson) -> Lesson:
    shared_lesson.reset()
    return shared_lesson


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>the page</title>")
    (folder / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "assets" / "index-abc123.js").write_text("export {};")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def client(reader: Reader, lesson: Lesson, static: Path) -> Iterator[TestClient]:
    app = create_app(reader=reader, lesson=lesson, static=static)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        client.get("/api/v1/models")  # both models are loaded from here on
        yield client


@pytest.fixture
def strokes() -> dict[str, list[Any]]:
    return {"": [], **SHAPES}
