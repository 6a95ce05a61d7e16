"""The lesson's readings through the JSON interface."""

import base64
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from inkmeans.images import Drawing
from inkmeans.lesson import STAGES, pad_numbers


def draw(strokes: list[Any], **more: float) -> dict[str, Any]:
    return {"strokes": strokes, "width": 280, "height": 280, "pen": 18} | more


def read(client: TestClient, *drawings: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/api/v1/lesson/readings", json={"drawings": list(drawings)})
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def test_the_lesson_tells_its_clusters(client: TestClient) -> None:
    document = client.get("/api/v1/lesson").json()
    assert document["stages"] == list(STAGES)
    assert document["copied_names"] == list("0921684573")
    assert (document["full_ink"], document["seed"], document["n_digits"]) == (7.63, 42, 1797)
    models = {model["model"]: model for model in document["models"]}
    assert len(models) == 8
    for model in models.values():
        assert len(model["clusters"]) == model["k"]
        assert model["side"] == (28 if model["place"] else 8)
        assert 0 < model["typical_distance"] < (1_000 if model["place"] else 40)
        assert [cluster["cluster"] for cluster in model["clusters"]] == list(range(model["k"]))
        assert sum(cluster["count"] for cluster in model["clusters"]) == 1797
        for cluster in model["clusters"]:
            if model["k"] == 10:
                assert len(base64.b64decode(cluster["picture"])) == model["side"] ** 2
            else:
                assert cluster["picture"] is None
            assert cluster["look"] in set("0123456789")


def test_the_centers_of_many_clusters_are_told_apart(client: TestClient) -> None:
    document = client.get("/api/v1/lesson").json()
    for model in document["models"]:
        pictures = client.get(f"/api/v1/lesson/pictures/{model['model']}").json()["pictures"]
        assert [len(base64.b64decode(picture)) for picture in pictures] == [model["side"] ** 2] * model["k"]
        assert model["k"] > 10 or pictures == [cluster["picture"] for cluster in model["clusters"]]
    answer = client.get("/api/v1/lesson/pictures/raw-11")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is no model 'raw-11'; GET /api/v1/lesson lists")


def test_the_lesson_comes_compressed_and_the_runs_of_learn_do_not(client: TestClient) -> None:
    packed = client.get("/api/v1/lesson", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 20_000
    plain = client.get("/api/v1/lesson", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == packed.json()
    shown = client.get("/api/v1/learn/sets/digits?pixels=raw", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in shown.headers


def test_a_drawing_is_read_after_each_preparation(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    document = read(client, draw(strokes["7"]), draw(strokes["0"]))
    for drawing, text in zip(document["drawings"], ["7", "0"], strict=True):
        assert drawing["verdict"] == "glyph"
        assert len({(one["ink"], one["place"], one["slant"]) for one in drawing["inputs"]}) == 8
        for one in drawing["inputs"]:
            assert (one["numbers"] is None) == (one["glyph"] is not None) == one["place"]
            assert {k: len(near) for k, near in one["nearest"].items()} == {"10": 5, "64": 5}
            for near in one["reader"]["nearest"]:
                assert len(base64.b64decode(document["pictures"][str(near["cluster"])])) == 784
        last = drawing["inputs"][-1]
        assert (last["ink"], last["place"], last["slant"]) == (True, True, True)
        assert last["reader"]["text"] == text


def test_the_last_way_is_the_readers_own(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    last = read(client, draw(strokes["7"]))["drawings"][0]["inputs"][-1]["reader"]
    [alone] = client.post("/api/v1/drawings", json={"drawings": [draw(strokes["7"])]}).json()["drawings"]
    assert last["glyph"] == alone["glyph"]
    assert last["confidence"] == pytest.approx(alone["reading"]["confidence"])
    assert last["alternatives"][0][0] == alone["reading"]["text"]


def test_the_pads_pen_is_the_drawings_or_the_one_that_is_told(
    client: TestClient, strokes: dict[str, list[Any]]
) -> None:
    document = read(client, draw(strokes["1"]), draw(strokes["1"], pad_pen=49))
    drawing = Drawing(tuple(tuple((x, y) for x, y in stroke) for stroke in strokes["1"]), 280, 280, 18)
    for found, pen in zip(document["drawings"], [18, 49], strict=True):
        assert np.reshape(found["inputs"][0]["numbers"], (8, 8)) == pytest.approx(pad_numbers(drawing, pen))
    thin, thick = (found["inputs"][-1]["reader"] for found in document["drawings"])
    assert thin == thick  # the reader sees what is drawn


def test_a_blank_drawing_has_no_reading_of_the_reader(client: TestClient) -> None:
    [found] = read(client, draw([]))["drawings"]
    assert found["verdict"] == "blank"
    for one in found["inputs"]:
        assert (one["reader"]["text"], one["reader"]["rejected"], one["reader"]["nearest"]) == ("?", True, [])


def test_drawings_that_are_much_enlarged_count_as_large(client: TestClient) -> None:
    zigzag = draw([[[0.5, 0], [0.5, 1]] * 2000], width=1, height=1, pen=0.5)
    answer = client.post("/api/v1/lesson/readings", json={"drawings": [zigzag]})
    assert answer.status_code == 413
    assert "rows of fine pixels" in answer.json()["detail"]


@pytest.mark.parametrize("pen", [0, -1, 5000])
def test_a_pen_that_cannot_be_is_refused(client: TestClient, strokes: dict[str, list[Any]], pen: float) -> None:
    answer = client.post("/api/v1/lesson/readings", json={"drawings": [draw(strokes["1"], pad_pen=pen)]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/drawings/0/pad_pen"
