"""The models, their centers, and renaming the lesson's clusters."""

import base64
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from inkmeans.datasets import load_digits
from inkmeans.lesson import Lesson
from inkmeans.normalize import normalize
from inkmeans.reader import Reader
from inkmeans.web import create_app


def read(client: TestClient, strokes: list[Any]) -> dict[str, Any]:
    document = {"drawings": [{"strokes": strokes, "width": 280, "height": 280, "pen": 18}]}
    readings: dict[str, Any] = client.post("/api/v1/drawings", json=document).json()["drawings"][0]["readings"]
    return readings


def test_both_models_are_listed(client: TestClient) -> None:
    assert client.get("/api/v1/models").json() == {
        "models": [
            {"model": "reader", "title": "digits", "centers": 3, "names": ["0", "1", "7"]},
            {
                "model": "lesson",
                "title": "ten centers of scikit-learn's digits",
                "centers": 10,
                "names": ["0", "1", "3", "4", "5", "6", "7"],
            },
        ]
    }


def test_a_reader_of_another_script_is_told_by_its_title_and_names(lesson: Lesson) -> None:
    labels = np.repeat(np.arange(2), 8)
    reader = Reader.from_clusters(normalize(load_digits().images[:16]).glyphs, labels, ["\u0c95", "\u0c96"])
    app = create_app(reader=reader, lesson=lesson, title="kannada.safetensors")
    with TestClient(app, base_url="http://127.0.0.1:8017") as client:
        told = client.get("/api/v1/models").json()["models"][0]
    assert (told["model"], told["title"], told["names"]) == ("reader", "kannada.safetensors", ["\u0c95", "\u0c96"])


def test_the_lessons_centers_come_with_pictures_names_and_counts(client: TestClient) -> None:
    document = client.get("/api/v1/models/lesson/centers").json()
    assert (document["model"], document["total"], document["offset"]) == ("lesson", 10, 0)
    centers = document["centers"]
    assert [center["cluster"] for center in centers] == list(range(10))
    assert [center["name"] for center in centers] == list("0174563333")
    assert [center["count"] for center in centers] == [8] * 10
    assert all(len(base64.b64decode(center["picture"])) == 784 for center in centers)


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


def test_the_names_start_as_proposed(client: TestClient) -> None:
    document = client.get("/api/v1/models/lesson/names").json()
    assert document["names"] == document["proposed"] == list("0174563333")
    assert document["right"] == pytest.approx(7 / 10)


def test_a_new_name_changes_the_readings_at_once(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    assert read(client, strokes["7"])["lesson"]["text"] == "7"
    answer = client.put("/api/v1/models/lesson/names/2", json={"name": "seven"})
    assert answer.status_code == 200
    assert answer.json()["names"][2] == "seven"
    assert answer.json()["proposed"][2] == "7"
    readings = read(client, strokes["7"])
    assert readings["lesson"]["text"] == "seven"
    assert readings["lesson"]["nearest"][0]["name"] == "seven"
    assert readings["reader"]["text"] == "7"


def test_the_share_that_is_read_right_follows_the_names(client: TestClient) -> None:
    right = client.put("/api/v1/models/lesson/names/0", json={"name": "9"}).json()["right"]
    assert right == pytest.approx(6 / 10)


def test_giving_a_name_twice_changes_nothing(client: TestClient) -> None:
    first = client.put("/api/v1/models/lesson/names/0", json={"name": "9"}).json()
    assert client.put("/api/v1/models/lesson/names/0", json={"name": "9"}).json() == first


def test_several_clusters_may_bear_one_name(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    client.put("/api/v1/models/lesson/names/2", json={"name": "1"})
    reading = read(client, strokes["7"])["lesson"]
    assert reading["text"] == "1"
    assert [name for name, _ in reading["alternatives"]].count("1") == 1


def test_names_go_back_to_the_proposed_ones(client: TestClient) -> None:
    client.put("/api/v1/models/lesson/names/0", json={"name": "9"})
    document = client.delete("/api/v1/models/lesson/names").json()
    assert document["names"] == document["proposed"]
    assert client.get("/api/v1/models/lesson/names").json() == document


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A name must not be empty."),
        ("   ", "A name must not be empty."),
        ("?", "A name must not be '?', which means that the reader rejects; leave the cluster unnamed instead."),
        ("x" * 65, "A name must have at most 64 characters; got 65."),
        ("a\nb", "A name must not hold control characters; got U+000A."),
    ],
)
def test_what_cannot_be_a_name_is_told_and_changes_nothing(client: TestClient, name: str, sentence: str) -> None:
    answer = client.put("/api/v1/models/lesson/names/0", json={"name": name})
    assert answer.status_code == 422
    assert answer.json()["detail"] == sentence
    assert client.get("/api/v1/models/lesson/names").json()["names"][0] == "0"


@pytest.mark.parametrize("cluster", ["-1", "10", "x"])
def test_only_the_ten_clusters_have_names(client: TestClient, cluster: str) -> None:
    answer = client.put(f"/api/v1/models/lesson/names/{cluster}", json={"name": "1"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "path/cluster"


def test_ready_once_both_models_are_loaded(client: TestClient) -> None:
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
