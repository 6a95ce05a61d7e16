"""The reader and its centers."""

import subprocess
import sys

import numpy as np
import pytest
from fastapi.testclient import TestClient

from inkmeans.datasets import load_digits
from inkmeans.lesson import Ways
from inkmeans.normalize import normalize
from inkmeans.reader import Reader
from inkmeans.web import create_app


def test_the_reader_is_listed(client: TestClient) -> None:
    assert client.get("/api/v1/models").json() == {
        "models": [{"model": "reader", "title": "digits", "centers": 3, "names": ["0", "1", "7"]}]
    }


def test_a_reader_of_another_script_is_told_by_its_title_and_names(ways: Ways) -> None:
    labels = np.repeat(np.arange(2), 8)
    reader = Reader.from_clusters(normalize(load_digits().images[:16]).glyphs, labels, ["\u0c95", "\u0c96"])
    app = create_app(reader=reader, ways=ways, title="kannada.safetensors")
    with TestClient(app, base_url="http://127.0.0.1:8017") as client:
        told = client.get("/api/v1/models").json()["models"][0]
    assert (told["model"], told["title"], told["names"]) == ("reader", "kannada.safetensors", ["\u0c95", "\u0c96"])


def test_centers_come_in_pages(client: TestClient) -> None:
    document = client.get("/api/v1/models/reader/centers", params={"offset": 1, "limit": 1}).json()
    assert document["total"] == 3
    assert [(center["cluster"], center["name"], center["count"]) for center in document["centers"]] == [(1, "1", 8)]
    assert client.get("/api/v1/models/reader/centers?offset=99").json()["centers"] == []


@pytest.mark.parametrize("query", ["offset=-1", "limit=0", "limit=1001", "limit=x"])
def test_pages_that_cannot_be_are_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/models/reader/centers?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"query/{query.partition('=')[0]}"


def test_an_unknown_model_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/models/letters/centers").status_code == 422


def test_ready_once_reader_and_lesson_are_loaded(client: TestClient) -> None:
    assert client.get("/readyz").json()["status"] == "ready"
    assert client.get("/healthz").json()["status"] == "alive"


ENDED_EARLY = """
import time
import numpy as np
from inkmeans.kmeans import KMeans
from inkmeans.web._models import Models, Once

begun = []
rows = np.random.RandomState(0).randint(256, size=(20000, 784), dtype=np.uint8)
models = Models()
models.reader = Once(lambda: begun.append(1) or [KMeans(100, n_init=1, max_iter=20).fit(rows) for _ in range(3)])
models.warm_up()
while not begun:
    time.sleep(0.01)
time.sleep(0.3)
"""


@pytest.mark.slow  # the process loads scikit-learn
def test_a_process_that_ends_while_models_load_ends_well() -> None:
    done = subprocess.run([sys.executable, "-c", ENDED_EARLY], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
