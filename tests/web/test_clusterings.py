"""Numbers of clusters as a stream, and clusters that are named: as documents."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import httpx2
import numpy as np
import pytest
from fastapi.testclient import TestClient

from inkmeans import Project, choose_k
from inkmeans.datasets import load_digits
from inkmeans.lesson import Abandoned, Clusterings, LearnSets
from inkmeans.web import create_app

ADDRESS = "http://127.0.0.1:8017"
DIGITS = load_digits()
N = 120

pytestmark = pytest.mark.usefixtures("few_patches")


@pytest.fixture
def sets(tmp_path: Path) -> LearnSets:
    folder = tmp_path / "projects"
    folder.mkdir()
    Project.create(folder / "logs.ink", DIGITS.images[:N].astype(np.uint8), truths=DIGITS.truths[:N]).close()
    return LearnSets([folder])


@pytest.fixture
def client(reader: Any, ways: Any, static: Path, sets: LearnSets) -> Iterator[TestClient]:
    app = create_app(reader=reader, ways=ways, static=static, sets=sets)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def logs(sets: LearnSets) -> str:
    return sets.known()[1].set


def numbers(client: TestClient, **request: Any) -> list[dict[str, Any]]:
    answer = client.post("/api/v1/learn/numbers", json={"by": "inkmeans", **request})
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def clusters(client: TestClient, set: str, by: str = "inkmeans", k: int = 10) -> dict[str, Any]:
    answer = client.post("/api/v1/learn/clusterings", json={"set": set, "by": by, "k": k})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def pixels(text: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(shape)


def test_numbers_are_those_of_choose_k_each_told_when_it_is_done(client: TestClient, logs: str) -> None:
    *lines, last = numbers(client, set=logs)
    tried = [line["number"] for line in lines if "number" in line]
    found = choose_k(DIGITS.images[:N].astype(np.uint8), [number["k"] for number in tried])
    assert last == {"suggested": found.suggested}
    for i, number in enumerate(tried):
        assert number == {
            "k": found.n_clusters[i],
            "inertia": found.inertia[i],
            "silhouette": found.silhouette[i],
            "accuracy": found.accuracy[i],
            "low": found.low[i],
            "high": found.high[i],
            "true_accuracy": None,
        }
    shares = [line["progress"]["share"] for line in lines if "progress" in line]
    assert shares[0] == 0 and shares == sorted(shares) and len(shares) > len(tried)
    assert "progress" in lines[0] and "progress" in lines[-2] and "number" in lines[-1]


def test_the_truth_is_told_when_it_is_asked_for_without_clustering_again(client: TestClient, logs: str) -> None:
    numbers(client, set=logs)
    *tried, _ = numbers(client, set=logs, truths=True)
    assert all("number" in line for line in tried)
    shares = [line["number"]["true_accuracy"] for line in tried]
    assert min(shares) < 0.5 < 0.95 < max(shares)
    for line in tried[-4:]:
        assert line["number"]["low"] <= line["number"]["true_accuracy"] <= line["number"]["high"]


def test_numbers_end_when_who_asked_is_gone(
    reader: Any, ways: Any, static: Path, sets: LearnSets, logs: str, monkeypatch: pytest.MonkeyPatch, serve: Any
) -> None:
    began, ended = Event(), Event()

    def endless(self: Clusterings, *args: Any, progress: Any, is_wanted: Any) -> Iterator[Any]:
        progress("working", 0.0)
        began.set()
        while is_wanted():
            ended.wait(0.01)
        ended.set()
        raise Abandoned
        yield

    monkeypatch.setattr(Clusterings, "numbers", endless)
    with serve(create_app(reader=reader, ways=ways, static=static, sets=sets)) as client:
        with client.stream("POST", "/api/v1/learn/numbers", json={"set": logs, "by": "raw"}) as answer:
            assert json.loads(next(answer.iter_lines())) == {"progress": {"doing": "working", "share": 0.0}}
            assert began.is_set() and not ended.is_set()
        assert ended.wait(10)


def test_clusters_come_with_their_centers_and_middle_images(client: TestClient, logs: str) -> None:
    made = clusters(client, logs, "normalized", 10)
    assert (made["set"], made["by"], made["k"], made["height"], made["width"]) == (logs, "normalized", 10, 28, 28)
    assert sum(each["count"] for each in made["clusters"]) == N
    assert [each["cluster"] for each in made["clusters"]] == list(range(10))
    for each in made["clusters"]:
        assert pixels(each["picture"], 28, 28).max() > 100 and pixels(each["middle"], 28, 28).max() == 255
    raw = clusters(client, "digits", "raw", 3)
    assert (raw["height"], raw["width"]) == (8, 8)
    rows = np.array([pixels(each["middle"], 64) for each in raw["clusters"]])
    assert rows.max() == 255  # full ink is 16 in that set


def test_names_are_counted_and_held_against_the_truth_where_asked(client: TestClient, logs: str) -> None:
    made = clusters(client, logs, k=10)
    names = ["x", *[None] * 9]
    address = f"/api/v1/learn/clusterings/{made['clustering']}/accuracy"
    count = made["clusters"][0]["count"]
    assert client.post(address, json={"names": names}).json() == {"n_named": 1, "n_glyphs": count, "n_right": None}
    assert client.post(address, json={"names": names, "truths": True}).json()["n_right"] == 0


def test_a_project_is_saved_and_offered(client: TestClient, logs: str, sets: LearnSets) -> None:
    made = clusters(client, logs, k=4)
    address = f"/api/v1/learn/clusterings/{made['clustering']}/project"
    saved = client.post(address, json={"title": "../Our logs", "names": ["0", None, "7", "0"]}).json()
    assert (saved["n_glyphs"], saved["n_named"]) == (N, 3)
    path = Path(saved["file"])
    assert path.name == "our-logs.ink" and path.parent.name == "projects"
    with Project.open(path) as project:
        assert [cluster.name for cluster in project.clusters] == ["0", None, "7", "0"]
    titles = [each["title"] for each in client.get("/api/v1/learn/sets").json()["sets"]]
    assert "our-logs" in titles


def test_drawings_are_read_by_the_names(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    drawings = [
        {"strokes": strokes[name], "width": 280, "height": 280, "pen": pen, "truth": name}
        for name in "017"
        for pen in range(12, 27, 2)
    ]
    own = client.post("/api/v1/learn/sets", json={"title": "ours", "drawings": drawings}).json()
    made = clusters(client, own["set"], "normalized", 6)
    assert {each["likely"] for each in made["clusters"]} <= {"0", "1", "7", None}
    names = [f"a {each['likely']}" if each["likely"] else None for each in made["clusters"]]
    address = f"/api/v1/learn/clusterings/{made['clustering']}/readings"
    asked = [{key: drawing[key] for key in ("strokes", "width", "height", "pen")} for drawing in drawings[3::8]]
    answer = client.post(address, json={"names": names, "drawings": asked})
    assert answer.status_code == 200, answer.text
    read = answer.json()["drawings"]
    assert [each["reading"]["alternatives"][0][0] for each in read] == ["a 0", "a 1", "a 7"]
    assert read[0]["reading"]["nearest"] and pixels(read[0]["glyph"], 28, 28).max() == 255


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("numbers", {"set": "no", "by": "raw"}, 404, "There is no set 'no'; GET /api/v1/learn/sets lists those "),
        ("clusterings", {"set": "digits", "by": "raw", "k": 101}, 422, "The request does not fit: #/k: Input should"),
        ("clusterings/digits.raw/accuracy", {"names": []}, 404, "There are no clusters 'digits.raw' (any more); "),
        ("clusterings/digits.raw.3/accuracy", {"names": []}, 422, "names must be as many as the clusters, 3; got 0."),
        ("clusterings/digits.raw.3/accuracy", {"names": ["?", "", "a"]}, 422, "names[0] must not be '?', which means"),
        ("clusterings/digits.raw.3/project", {"title": "a", "names": ["a\u0007", "", "a"]}, 422, "names[0] must not "),
        (
            "clusterings/digits.raw.3/readings",
            {"names": [None] * 3, "drawings": [{"strokes": [], "width": 9, "height": 9, "pen": 1}]},
            422,
            "A reader needs at least one cluster with a name; name one first.",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    client: TestClient, path: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    answer = client.post(f"/api/v1/learn/{path}", json=body)
    assert (answer.status_code, answer.json()["detail"][: len(sentence)]) == (status, sentence)


def test_pixels_that_a_set_has_not_are_refused(client: TestClient, logs: str) -> None:
    answer = client.post("/api/v1/learn/numbers", json={"set": logs, "by": "raw"})
    sentence = "pixels must be 'normalized' for the set 'logs'; got 'raw'."
    assert (answer.status_code, answer.json()["detail"]) == (422, sentence)


def test_clusters_are_given_up_when_who_asked_is_gone(
    reader: Any, ways: Any, static: Path, sets: LearnSets, logs: str, monkeypatch: pytest.MonkeyPatch, serve: Any
) -> None:
    began, ended = Event(), Event()

    def endless(self: Clusterings, *args: Any, is_wanted: Any) -> None:
        began.set()
        while is_wanted():
            ended.wait(0.01)
        ended.set()
        raise Abandoned

    monkeypatch.setattr(Clusterings, "make", endless)
    with serve(create_app(reader=reader, ways=ways, static=static, sets=sets)) as client:
        with pytest.raises(httpx2.ReadTimeout):
            client.post("/api/v1/learn/clusterings", json={"set": logs, "by": "raw", "k": 2}, timeout=1)
        assert began.is_set() and ended.wait(10)
