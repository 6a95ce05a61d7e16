"""A small reader of its own, so that the interface is tested apart from the reader that ships."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Client

from inkmeans.images import rasterize, read_strokes
from inkmeans.lesson import ClassRoom, LearnSets, Ways
from inkmeans.normalize import normalize
from inkmeans.reader import Reader, load
from inkmeans.web import create_app
from inkmeans.web._class import SchoolClass
from inkmeans.web._phone_app import create_phone_app

ADDRESS = "http://127.0.0.1:8017"
PENS = range(12, 27, 2)
"""Each shape below is drawn with eight pens: enough to cluster and to learn from."""

SHAPES: dict[str, list[list[list[int]]]] = {
    "0": [[[140, 50], [90, 90], [80, 150], [100, 210], [140, 230], [185, 205], [200, 145], [185, 85], [140, 50]]],
    "1": [[[140, 50], [140, 230]]],
    "7": [[[80, 60], [200, 60], [130, 230]]],
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
def ways(reader: Reader) -> Ways:
    """The lesson's own clusters, named by the reader that ships: the small one knows three digits only."""
    return Ways(reader, load("digits"))


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
def client(reader: Reader, ways: Ways, static: Path) -> Iterator[TestClient]:
    app = create_app(reader=reader, ways=ways, static=static)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        client.get("/api/v1/models")  # the reader is loaded from here on
        yield client


@pytest.fixture
def strokes() -> dict[str, list[Any]]:
    return {"": [], **SHAPES}


@pytest.fixture
def serve() -> Callable[[FastAPI], AbstractContextManager[Client]]:
    """Return what serves an application over a real socket, through which an answer comes piece by piece."""

    @contextmanager
    def serve(app: FastAPI) -> Iterator[Client]:
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            client.server = server  # type: ignore[attr-defined]
            try:
                yield client
            finally:
                server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()

    return serve


@pytest.fixture
def sets(tmp_path: Path) -> LearnSets:
    """Those of a folder without projects, to which a class's are kept."""
    folder = tmp_path / "projects"
    folder.mkdir()
    return LearnSets([folder])


@pytest.fixture
def school_class(sets: LearnSets) -> SchoolClass:
    return SchoolClass(ClassRoom(sets), "http://192.168.1.20:8018", "k7m4q2", "Who can reach what.")


@pytest.fixture
def phone_static(tmp_path: Path) -> Path:
    folder = tmp_path / "phone"
    (folder / "assets").mkdir(parents=True)
    (folder / "phone.html").write_text("<!doctype html><title>the phone's page</title>")
    (folder / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "assets" / "phone-abc123.js").write_text("export {};")
    return folder


@pytest.fixture
def phone_app(school_class: SchoolClass, phone_static: Path) -> FastAPI:
    return create_phone_app(school_class, hosts=frozenset({"*", "desk"}), static=phone_static)


@pytest.fixture
def open_phone(phone_app: FastAPI) -> Iterator[Callable[..., TestClient]]:
    """Return what opens one phone more, with cookies of its own."""
    with ExitStack() as stack:

        def open_one(address: str = "192.168.1.77") -> TestClient:
            client = TestClient(
                phone_app,
                base_url="http://192.168.1.20:8018",
                client=(address, 50000),
                raise_server_exceptions=False,
                follow_redirects=False,
            )
            return stack.enter_context(client)

        yield open_one


@pytest.fixture
def teacher(
    reader: Reader, ways: Ways, static: Path, sets: LearnSets, school_class: SchoolClass
) -> Iterator[TestClient]:
    app = create_app(reader=reader, ways=ways, static=static, sets=sets, school_class=school_class)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client
