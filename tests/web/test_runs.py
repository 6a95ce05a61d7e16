"""Runs from many starts as a stream: a line each, last the best and the worst."""

import base64
import json
import time
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from inkmeans import KMeans
from inkmeans.datasets import load_digits
from inkmeans.evaluate import named_accuracy
from inkmeans.lesson import LearnSets
from inkmeans.normalize import normalize
from inkmeans.web import create_app


def runs(client: TestClient, **request: Any) -> list[dict[str, Any]]:
    answer = client.post("/api/v1/learn/runs", json={"set": "digits", "pixels": "normalized", "k": 10, **request})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("truths", [False, True])
@pytest.mark.parametrize("pixels", ["raw", "normalized"])
def test_each_line_is_a_run_of_kmeans_and_the_last_has_the_best_and_the_worst(
    client: TestClient, pixels: str, truths: bool
) -> None:
    digits = load_digits()
    images, ink_max = digits.images.astype(np.uint8), 16
    if pixels == "normalized":
        images, ink_max = normalize(images).glyphs, 255
    X = images.reshape(1797, -1)
    *lines, end = runs(client, pixels=pixels, n_runs=5, seed=2, truths=truths)
    models = [
        (start, seed, KMeans(10, init=start, n_init=1, random_state=seed).fit(X))
        for seed in range(2, 7)
        for start in ("k-means++", "random")
    ]
    assert len(lines) == 10
    for line, (start, seed, model) in zip(lines, models, strict=True):
        own = np.where(np.arange(10) == model.labels_[:, None], model.transform(X), np.inf)
        accuracy = named_accuracy(digits.truths, model.labels_, own.argmin(axis=0)) if truths else None
        assert line == {
            "run": {
                "start": start,
                "seed": seed,
                "n_iter": model.n_iter_,
                "inertia": model.inertia_,
                "accuracy": accuracy,
            }
        }
    inertias = [model.inertia_ for _, _, model in models]
    for which, at in (("best", np.argmin(inertias)), ("worst", np.argmax(inertias))):
        start, seed, model = models[at]
        told = end[which]
        assert (told["start"], told["seed"], told["inertia"]) == (start, seed, model.inertia_)
        assert told["counts"] == np.bincount(model.labels_).tolist()
        shape = 10, told["height"], told["width"]
        centers = np.frombuffer(base64.b64decode(told["centers"]), dtype=np.uint8).reshape(shape)
        assert shape[1:] == images.shape[1:]
        np.testing.assert_allclose(centers.reshape(10, -1), model.cluster_centers_ * (255 / ink_max), atol=0.5001)
        middles = np.where(np.arange(10) == model.labels_[:, None], model.transform(X), np.inf).argmin(axis=0)
        assert told["names"] == (digits.truths[middles].tolist() if truths else None)


def test_twenty_of_each_are_run_if_nothing_else_is_asked(client: TestClient) -> None:
    *lines, _ = runs(client, pixels="raw", k=3)
    assert sorted((line["run"]["start"], line["run"]["seed"]) for line in lines) == [
        (start, seed) for start in ("k-means++", "random") for seed in range(20)
    ]
    assert all(line["run"]["accuracy"] is None for line in lines)


@pytest.mark.parametrize(
    ("wanted", "status", "sentence"),
    [
        ({"set": "numbers"}, 404, "There is no set 'numbers'; GET /api/v1/learn/sets lists those that there are."),
        ({"k": 101}, 422, "The request does not fit: #/k: Input should be less than or equal to 100."),
        ({"n_runs": 101}, 422, "The request does not fit: #/n_runs: Input should be less than or equal to 100."),
        ({"seed": 2**32 - 1}, 422, "The last seed must be no more than 4294967295; got seed=4294967295 and n_runs=20."),
    ],
)
def test_runs_that_cannot_be_made_are_refused(
    client: TestClient, wanted: dict[str, Any], status: int, sentence: str
) -> None:
    answer = client.post("/api/v1/learn/runs", json={"set": "digits", "pixels": "raw", "k": 10, **wanted})
    assert (answer.status_code, answer.json()["detail"]) == (status, sentence)
    assert answer.headers["content-type"] == "application/problem+json"


def test_truths_that_there_are_none_of_are_refused(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    drawings = [{"strokes": strokes["7"], "width": 280, "height": 280, "pen": pen} for pen in (16, 18, 20)]
    made = client.post("/api/v1/learn/sets", json={"title": "sevens", "drawings": drawings}).json()
    wanted = {"set": made["set"], "pixels": "normalized", "k": 2}
    answer = client.post("/api/v1/learn/runs", json={**wanted, "truths": True})
    assert (answer.status_code, answer.json()["detail"]) == (404, "The set 'sevens' has no truths.")
    assert client.post("/api/v1/learn/runs", json=wanted).status_code == 200


def test_runs_come_one_by_one_and_end_when_who_asked_is_gone(
    reader: Any, ways: Any, static: Path, monkeypatch: pytest.MonkeyPatch, serve: Any
) -> None:
    sets, ended = LearnSets(), Event()
    real = sets.runs

    def endless(*args: Any, is_wanted: Any, **options: Any) -> Any:
        run = next(real(*args, **{**options, "n_runs": 1}))
        for _ in count():
            if not is_wanted():
                ended.set()
                return
            yield run
            time.sleep(0.01)

    monkeypatch.setattr(sets, "runs", endless)
    app = create_app(reader=reader, ways=ways, static=static, sets=sets)
    with serve(app) as client:
        wanted = {"set": "digits", "pixels": "raw", "k": 3}
        with client.stream("POST", "/api/v1/learn/runs", json=wanted) as answer:
            assert "run" in json.loads(next(answer.iter_lines()))
            assert not ended.is_set()
        assert ended.wait(10)
